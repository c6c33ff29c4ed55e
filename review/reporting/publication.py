"""What journals ask of a figure's file, and whether a figure meets it.

Sources: PLOS ONE, Figures (https://journals.plos.org/plosone/s/figures); Elsevier, Artwork sizing and Artwork types
(https://www.elsevier.com/about/policies-and-standards/author/artwork-and-media-instructions). Journals change their pages; look before you submit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass

from review.errors import UsageError
from review.findings import Finding
from review.findings import find
from review.numerals import format_number
from review.reporting.figure import MAX_HEIGHT_CM
from review.reporting.figure import MAX_WIDTH_CM
from review.reporting.figure import Drawing
from review.reporting.figure import Format

#: Endings of files and the forms that they name.
FORMS: Mapping[str, Format] = {
    ".svg": "svg",
    ".pdf": "pdf",
    ".png": "png",
    ".tiff": "tiff",
    ".tif": "tiff",
    ".eps": "eps",
}

#: The forms that are pictures of dots, for which a resolution counts.
RASTER: frozenset[Format] = frozenset({"png", "tiff"})

_POINTS_TOLERANCE = 0.05
_MEGABYTE = 1_000_000
_WIDTH = re.compile(r"(?P<columns>[12])-?columns?|(?P<cm>[0-9]{1,2}(\.[0-9]{1,3})?) ?(cm)?")


@dataclass(frozen=True, slots=True)
class Journal:
    """What a journal asks: widths of one and two columns and the greatest height in cm, text in points, dots per inch, bytes, forms."""

    name: str
    columns: tuple[float, float]
    height_cm: float
    text: tuple[float, float]
    dpi: tuple[int, int]
    most_bytes: int
    forms: frozenset[Format]


JOURNALS: Mapping[str, Journal] = {
    "general": Journal(
        "most journals", (8.5, 17.5), MAX_HEIGHT_CM, (6.0, 12.0), (300, 1200), 10 * _MEGABYTE, frozenset(FORMS.values())
    ),
    "plos": Journal("PLOS", (13.2, 19.05), 22.23, (8.0, 12.0), (300, 600), 10 * _MEGABYTE, frozenset({"tiff", "eps"})),
    "elsevier": Journal(
        "Elsevier", (9.0, 19.0), 24.0, (7.0, 12.0), (500, 1200), 10 * _MEGABYTE, frozenset({"tiff", "eps", "pdf"})
    ),
}


def choose_form(name: str) -> Format:
    """Return the form that a file's ending names.

    Raises:
        UsageError: If it names none.
    """
    ending = re.sub(r"^.*(?=\.)", "", name.lower())
    if ending not in FORMS:
        raise UsageError(f"{name}: no figure can be written in this form; expected {', '.join(FORMS)}")
    return FORMS[ending]


def parse_width(text: str, journal: Journal) -> float | None:
    """Return a width in cm: `1-column`, `2-columns` of the journal, or a number of centimetres; None for an empty text.

    Raises:
        UsageError: If it is none of these, or not from 3 to 40 cm.
    """
    if not text:
        return None
    match = _WIDTH.fullmatch(text.strip().lower())
    if match and match["columns"]:
        return journal.columns[int(match["columns"]) - 1]
    width = float(match["cm"]) if match else 0.0
    if not 3 <= width <= 40:
        raise UsageError(f"the width is {text}; expected 1-column, 2-columns, or centimetres from 3 to 40")
    return width


def describe_figure(drawing: Drawing, form: Format, dpi: int, size: int) -> str:
    """Tell a file's measures: `13.2 x 9.1 cm, text 8.0 to 9.3 pt, 600 dpi, 1.2 MB`; `size` is in bytes."""
    low, high = (format_number(points, 1) for points in drawing.text_sizes)
    parts = [f"{format_number(drawing.width_cm, 1)} x {format_number(drawing.height_cm, 1)} cm"]
    parts.append(f"text {low} pt" if low == high else f"text {low} to {high} pt")
    if form in RASTER:
        parts.append(f"{dpi} dpi")
    parts.append(f"{format_number(size / _MEGABYTE, 1)} MB" if size >= _MEGABYTE / 2 else f"{max(1, size // 1000)} kB")
    return ", ".join(parts)


def check_publication(
    drawing: Drawing, form: Format, dpi: int, size: int, journal: Journal, path: str
) -> Iterator[Finding]:
    """Say where a figure's file is not what a journal asks for.

    Args:
        drawing: As printed.
        form: Of the file.
        dpi: Counts for pictures of dots.
        size: Of the file, in bytes.
        journal: Whose demands count.
        path: Names the file in the messages.
    """
    low, high = drawing.text_sizes
    least, most = journal.text
    if low and (low < least - _POINTS_TOLERANCE or high > most + _POINTS_TOLERANCE):
        yield find(
            "FIGURE-003",
            f"the text of {path} is not of the size that {journal.name} print",
            found=f"{format_number(low, 1)} to {format_number(high, 1)} points",
            expected=f"{format_number(least, 0)} to {format_number(most, 0)} points",
            hint="choose a larger width, or shorten the labels",
        )
    width = max(*journal.columns, MAX_WIDTH_CM)
    if drawing.width_cm > width + 0.005 or drawing.height_cm > journal.height_cm + 0.005:
        yield find(
            "FIGURE-001",
            f"{path} is larger than a page of {journal.name}",
            found=f"{drawing.width_cm:.1f} x {drawing.height_cm:.1f} cm",
            expected=f"at most {width} x {journal.height_cm} cm",
            hint="shorten the labels, split the figure by group, or print it as a supplement",
        )
    if form not in journal.forms:
        forms = ", ".join(sorted(journal.forms))
        yield find("FIGURE-004", f"{path} is not of a form that {journal.name} take", found=form, expected=forms)
    if form in RASTER and not journal.dpi[0] <= dpi <= journal.dpi[1]:
        expected = f"{journal.dpi[0]} to {journal.dpi[1]} dpi"
        yield find(
            "FIGURE-004", f"{path} is not of the resolution that {journal.name} take", found=dpi, expected=expected
        )
    if size > journal.most_bytes:
        found = f"{format_number(size / _MEGABYTE, 1)} MB"
        expected = f"at most {journal.most_bytes // _MEGABYTE} MB"
        yield find("FIGURE-004", f"{path} is a larger file than {journal.name} take", found=found, expected=expected)
