"""Figures as journals ask for them: widths, sizes of text, forms, resolutions."""

from __future__ import annotations

import pytest

from review.errors import UsageError
from review.reporting.figure import Drawing
from review.reporting.figure import Format
from review.reporting.figure import resize_drawing
from review.reporting.publication import JOURNALS
from review.reporting.publication import check_publication
from review.reporting.publication import choose_form
from review.reporting.publication import describe_figure
from review.reporting.publication import parse_width
from tests.builder import list_codes
from tests.reporting.test_figure import make_drawing

PLOS = JOURNALS["plos"]


def check(drawing: Drawing, form: Format = "tiff", dpi: int = 600, size: int = 1000) -> list[str]:
    return list_codes(check_publication(drawing, form, dpi, size, PLOS, "Fig1.tif"))


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", None),
        ("1-column", 13.2),
        ("2-columns", 19.05),
        ("2columns", 19.05),
        ("8.5", 8.5),
        ("8.5cm", 8.5),
        ("12 cm", 12.0),
    ],
)
def test_a_width_is_a_number_of_columns_or_of_centimetres(text: str, width: float | None) -> None:
    assert parse_width(text, PLOS) == width


@pytest.mark.parametrize("text", ["3-columns", "wide", "1", "99", "-5", "8.5in"])
def test_a_width_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected 1-column, 2-columns, or centimetres"):
        parse_width(text, PLOS)


@pytest.mark.parametrize(
    ("name", "form"), [("a.SVG", "svg"), ("a.b.tif", "tiff"), ("x.tiff", "tiff"), ("x.eps", "eps")]
)
def test_the_ending_names_the_form(name: str, form: str) -> None:
    assert choose_form(name) == form


@pytest.mark.parametrize("name", ["figure", "figure.docm", ""])
def test_another_ending_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=r"expected \.svg, \.pdf"):
        choose_form(name)


def test_a_figure_that_a_journal_takes_has_no_finding() -> None:
    fitting = resize_drawing(make_drawing(), 6.0)
    assert check(fitting) == []
    assert describe_figure(fitting, "tiff", 600, 1_234_567) == "6.0 x 3.0 cm, text 8.3 pt, 600 dpi, 1.2 MB"
    assert describe_figure(fitting, "eps", 600, 12_345) == "6.0 x 3.0 cm, text 8.3 pt, 12 kB"


@pytest.mark.parametrize("width", [3.0, 9.0])
def test_text_that_is_too_small_or_too_large_in_print_is_told(width: float) -> None:
    drawing = resize_drawing(make_drawing(), width, largest_text=99)
    assert check(drawing) == ["FIGURE-003"]


@pytest.mark.parametrize(
    ("form", "dpi", "size"), [("png", 600, 1000), ("tiff", 200, 1000), ("tiff", 1000, 1000), ("tiff", 600, 11_000_000)]
)
def test_a_file_that_the_journal_does_not_take_is_told(form: Format, dpi: int, size: int) -> None:
    assert check(resize_drawing(make_drawing(), 6.0), form, dpi, size) == ["FIGURE-004"]


def test_a_page_too_small_for_the_figure_is_told() -> None:
    assert "FIGURE-001" in check(resize_drawing(make_drawing(), 20.0, largest_text=99))
