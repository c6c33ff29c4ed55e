"""Dates of PubMed: Year with Month and Day, with Season, or the free text of MedlineDate."""

from __future__ import annotations

from typing import Any
from typing import NamedTuple

from review.formats.dates import find_month
from review.formats.dates import find_year
from review.formats.dates import iso_date
from review.formats.dates import parse_date

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
} | {f"{number:02d}": number for number in range(1, 13)}


class Printed(NamedTuple):
    """A date: the year, ISO 8601 cut to what is known, and the words that this leaves out (a season, a range of months)."""

    year: int | None = None
    iso: str = ""
    words: str = ""


def read_date(element: Any) -> Printed:
    """Read a PubDate, ArticleDate, DateRevised or PubMedPubDate."""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    words = ""
    for part in element:
        tag, text = part.tag, (part.text or "").strip()
        if tag == "Year":
            year = int(text) if len(text) == 4 and text.isdecimal() else find_year(text)
        elif tag == "Month":
            month = _MONTHS.get(text) or find_month(text)
        elif tag == "Day":
            day = int(text) if text.isdecimal() else None
        elif tag in {"MedlineDate", "Season"}:
            words = text
    if year is None:
        return Printed(find_year(words), parse_date(words), words) if words else Printed()
    return Printed(year, iso_date(year, month, day), f"{year} {words}" if words else "")
