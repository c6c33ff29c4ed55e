"""Figures are rendered to the same bytes everywhere, in the forms that journals ask for."""

from __future__ import annotations

import io

import matplotlib as mpl
import pytest
from lxml import etree
from PIL import Image

from review.reporting.figure import Drawing
from review.reporting.figure import Format
from review.reporting.figure import check_drawing
from review.reporting.figure import fixed_settings
from review.reporting.figure import outlined_texts
from review.reporting.figure import render_eps
from review.reporting.figure import render_figure
from review.reporting.figure import render_pdf
from review.reporting.figure import render_png
from review.reporting.figure import render_svg
from review.reporting.figure import render_tiff
from review.reporting.figure import resize_drawing
from review.reporting.page import Page


def make_drawing(label: str = "Records screened <b> & $x$", width: float = 144, height: float = 72) -> Drawing:
    with fixed_settings():
        page = Page(width, height)
        page.rectangle(5, 5, 120, 40, fill="#eeeeee", key="records_screened", link="#screened", radius=3)
        page.text(10, 25, label, size=7)
        page.arrow([(60, 45), (60, 65)])
    return Drawing(page.figure, caption="A caption.", alt="A box & an arrow.", title="Flow")


@pytest.mark.parametrize("form", ["svg", "pdf", "png", "tiff"])
def test_the_same_drawing_gives_the_same_bytes(form: Format) -> None:
    assert render_figure(make_drawing(), form, dpi=100) == render_figure(make_drawing(), form, dpi=100)


def test_svg_keeps_text_as_text_and_tells_it_to_screen_readers() -> None:
    root = etree.fromstring(render_svg(make_drawing()))
    name = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert [root.findtext(f"{name}title"), root.findtext(f"{name}desc")] == ["Flow", "A box & an arrow."]
    assert [text.text for text in root.iter(f"{name}text")] == ["Records screened <b> & $x$"]
    assert root.xpath("//*[@id='records_screened']")
    assert b"<dc:date>" not in render_svg(make_drawing())


def test_pdf_embeds_truetype_and_has_no_date() -> None:
    data = render_pdf(make_drawing())
    assert b"/CIDFontType2" in data
    assert b"/Type3" not in data
    assert b"Date" not in data
    assert b"Producer" not in data


def test_png_has_the_size_that_was_asked_for() -> None:
    image = Image.open(io.BytesIO(render_png(make_drawing(), dpi=150)))
    assert image.size == (300, 150)
    assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)


def test_tiff_is_flat_and_compressed_as_journals_ask() -> None:
    image = Image.open(io.BytesIO(render_tiff(make_drawing(width=145.3), dpi=600)))
    assert image.mode == "RGB"
    assert image.info["compression"] == "tiff_lzw"
    assert image.info["dpi"] == (600, 600)
    assert image.size == (int(145.3 / 72 * 600), 600)
    assert image.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(("dpi", "message"), [(20, "out of range"), (5000, "out of range")])
def test_a_senseless_resolution_is_refused(dpi: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        render_png(make_drawing(), dpi=dpi)


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        render_tiff(make_drawing(width=1000, height=1000), dpi=1200)


def test_a_persons_settings_do_not_reach_a_figure_and_are_given_back() -> None:
    expected = render_svg(make_drawing())
    with mpl.rc_context({"svg.fonttype": "path", "font.size": 30, "savefig.facecolor": "red", "text.color": "blue"}):
        assert render_svg(make_drawing()) == expected
        assert mpl.rcParams["font.size"] == 30


def test_a_figure_that_fits_a_page_has_no_finding() -> None:
    assert check_drawing(make_drawing()) == []


def test_a_figure_larger_than_a_page_is_told() -> None:
    (finding,) = check_drawing(make_drawing(width=600), "output/figures/forest.svg")
    assert finding.code == "FIGURE-001"
    assert finding.found == "21.2 x 2.5 cm"
    assert "output/figures/forest.svg" in finding.message


def test_letters_without_a_font_are_told() -> None:
    drawing = make_drawing(f"a{chr(0x10FFFD)}")
    (finding,) = check_drawing(drawing)
    assert finding.code == "FIGURE-002"
    assert "U+10FFFD" in finding.found
    render_png(drawing, dpi=72)


def test_control_characters_do_not_break_the_svg() -> None:
    root = etree.fromstring(render_svg(make_drawing("a\x00b\nc")))
    assert root.xpath("string(//*[local-name()='text'])") == "a b c"


@pytest.mark.parametrize("form", ["svg", "pdf", "png", "tiff", "eps"])
def test_a_resized_drawing_gives_the_same_bytes_and_leaves_the_first_as_it_was(form: Format) -> None:
    drawing = make_drawing()
    before = render_figure(drawing, form, dpi=100)
    larger = resize_drawing(drawing, 2 * drawing.width_cm)
    assert render_figure(larger, form, dpi=100) == render_figure(larger, form, dpi=100)
    assert render_figure(larger, form, dpi=100) != before
    assert render_figure(drawing, form, dpi=100) == before


def test_a_resized_drawing_is_larger_in_all_its_parts() -> None:
    drawing = make_drawing()
    larger = resize_drawing(drawing, 1.5 * drawing.width_cm)
    assert larger.width_cm == pytest.approx(1.5 * drawing.width_cm)
    assert larger.text_sizes == pytest.approx((10.5, 10.5))
    small, large = (Image.open(io.BytesIO(render_png(each, dpi=100))) for each in (drawing, larger))
    assert large.size == (int(1.5 * small.size[0]), int(1.5 * small.size[1]))
    assert b"font-size: 10.5px" in render_svg(larger) or b"10.5px" in render_svg(larger)


def test_text_does_not_grow_beyond_what_a_journal_prints() -> None:
    drawing = resize_drawing(make_drawing(), 40)
    assert drawing.text_sizes == pytest.approx((12, 12))
    assert drawing.width_cm == pytest.approx(144 / 72 * 2.54 * 12 / 7)
    with pytest.raises(ValueError, match="more than 0"):
        resize_drawing(drawing, 0)


def test_eps_needs_no_font_and_has_no_date() -> None:
    data = render_eps(make_drawing("Кальциноз (1 < 2)"))
    assert data.startswith(b"%!PS-Adobe-3.0 EPSF-3.0")
    assert b"%%Title: Flow\n" in data
    assert b"CreationDate" not in data
    for word in (b"FontName", b"selectfont", b"glyphshow", b"sfnts"):
        assert word not in data


def test_outlines_stand_where_the_text_stood() -> None:
    """Rows and columns of ink of text and of its outlines agree to a pixel, in all alignments and turned."""
    with fixed_settings():
        page = Page(200, 120)
        page.text(10, 20, "left", size=9)
        page.text(190, 40, "right, bold", size=9, align="right", bold=True)
        page.text(100, 60, "Ελληνικά 中文", size=9, align="center")
        page.text(100, 90, "turned", size=9, rotation=90)
    drawing = Drawing(page.figure, "", "")
    plain = Image.open(io.BytesIO(render_png(drawing, dpi=144))).convert("L")
    with fixed_settings(), outlined_texts(drawing.figure):
        outlined = Image.open(io.BytesIO(render_png(drawing, dpi=144))).convert("L")
    for box in ((0, 0, 200, 60), (200, 0, 400, 90), (0, 90, 400, 135), (0, 140, 400, 240)):
        ends = [each.crop(box).point(lambda value: 255 * (value < 128)).getbbox() for each in (plain, outlined)]
        assert ends[0] == pytest.approx(ends[1], abs=2)
