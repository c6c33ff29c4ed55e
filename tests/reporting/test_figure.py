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
from review.reporting.figure import render_figure
from review.reporting.figure import render_pdf
from review.reporting.figure import render_png
from review.reporting.figure import render_svg
from review.reporting.figure import render_tiff
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
