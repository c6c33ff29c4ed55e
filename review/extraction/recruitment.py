"""When patients were recruited, as abstracts say it: `between January 2001 and December 2010`, `from 1998 to 2008`.

A span of years in a sentence on a search of the literature is that of the search, not of patients, and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_MONTH = r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?"
_YEAR = r"(19[5-9]\d|20\d\d)"
_BETWEEN = re.compile(
    rf"\b(?:between|from|since|during|over|in)\s+(?:the\s+(?:years?|period)\s+)?(?:{_MONTH})?{_YEAR}\s*"
    rf"(?:\band\b|\bto\b|\bthrough\b|\buntil\b|\btill\b|[-–—])\s*(?:{_MONTH})?{_YEAR}\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[A-Z0-9])")
_SEARCH = re.compile(
    r"\b(?:search|medline|pubmed|embase|cochrane|literature|databases?|published|publications?)", re.IGNORECASE
)


class Period(NamedTuple):
    """Years in which patients were recruited, both included; `first` is None where only the end is known, by the year of publication."""

    first: int | None
    last: int

    def excludes(self, other: Period) -> bool:
        """Whether one ended before the other began."""
        return (other.first is not None and self.last < other.first) or (
            self.first is not None and other.last < self.first
        )

    def overlaps(self, other: Period) -> bool:
        """Whether both are known and have a year in common."""
        return self.first is not None and other.first is not None and not self.excludes(other)


def find_period(abstracts: Iterable[str], year: int | None) -> Period | None:
    """Return when the patients of a study were recruited.

    Args:
        abstracts: Those of its reports.
        year: When it was published: nobody was recruited later.

    Returns:
        The span over all that the abstracts say, with the year alone an end without a beginning; None if nothing is known.
    """
    spans = [
        (int(first), int(last))
        for abstract in abstracts
        for sentence in _SENTENCE.split(abstract)
        if not _SEARCH.search(sentence)
        for first, last in _BETWEEN.findall(sentence)
        if first <= last
    ]
    if spans:
        return Period(min(first for first, _ in spans), max(last for _, last in spans))
    return None if year is None else Period(None, year)
