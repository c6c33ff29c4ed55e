"""Source lines: a journal, year, volume, issue and pages that a database prints as one line of text."""

from __future__ import annotations

import re
from typing import NamedTuple

from review.formats.dates import find_year

_VOLUME = re.compile(
    r"(?:^|[\s.;,])(?:Vol(?:ume)?\.?\s*)?(?P<volume>[A-Z]?\d{1,4}[A-Z]?)\s*\((?P<issue>[^()]{1,25})\)|"
    r"\bVol(?:ume)?\.?\s*(?P<only>\d{1,4})\b|(?:^|[\s.;])(?P<plain>\d{1,4})(?=:\s?[A-Za-z]?\d)"
)
_PAGES = re.compile(
    r"\(?\bpp?\.?\s*(?P<named>[A-Za-z]?\d+(?:\s*[-–]\s*[A-Za-z]?\d+)?)\)?|"
    r"(?<=[\d)]):\s?(?P<colon>[A-Za-z]{0,2}\d+(?:\s*[-–]\s*[A-Za-z]{0,2}\d+)?)|,\s(?P<last>\d+\s*[-–]\s*\d+)\.?\s*$"
)
_DATE = re.compile(
    r"(?P<date>(?:(?:19|20)\d\d(?:[ ,]+(?:[A-Z][a-z]{2,8}\.?(?:[-/ ][A-Z][a-z]{2,8})?)(?:\s\d{1,2})?)?)|"
    r"(?:[A-Z][a-z]{2,8}\.?(?:[-/][A-Z][a-z]{2,8})?\s(?:\d{1,2},?\s)?(?:19|20)\d\d))"
)
_END_OF_JOURNAL = re.compile(
    r"\.(?:\s|$)|\s(?=(?:Vol\b|\d{1,4}\s*\(|\d{1,4}:))|\s(?=[A-Z][a-z]+(?:/[A-Z][a-z]+)?\s(?:19|20)\d\d;)"
)


class SourceLine(NamedTuple):
    """The parts of a source line; what it does not say is empty."""

    journal: str
    volume: str
    issue: str
    pages: str
    date: str


def parse_source_line(text: str) -> SourceLine:
    """Read `Forest Ecology & Management. 201(2-3):327-334, November 15, 2004.` and the other forms that Ovid prints."""
    joined = " ".join(text.split())
    end = _END_OF_JOURNAL.search(joined)
    journal = joined[: end.start()].strip() if end else joined
    rest = joined[end.end() - 1 :] if end else ""
    volume = _VOLUME.search(rest)
    pages = _PAGES.search(rest)
    dates = [match["date"] for match in _DATE.finditer(rest) if find_year(match["date"])]
    return SourceLine(
        journal,
        (volume["volume"] or volume["only"] or volume["plain"] or "") if volume else "",
        (volume["issue"] or "") if volume else "",
        (pages["named"] or pages["colon"] or pages["last"] or "") if pages else "",
        max(dates, key=len, default="").rstrip("."),
    )
