"""Where a document stands: volume, issue and pages, as printed, cut, or damaged by a spreadsheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from review.dedup.text import is_blank

Agreement = Literal["same", "missing", "different"]

_MONTHS = {
    name: str(number)
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}  # fmt: skip
_DAY_MONTH = re.compile(r"(\d{1,2})[-\s]([a-z]{3})", re.IGNORECASE)
_MONTH_YEAR = re.compile(r"([a-z]{3})[-\s](\d{2})", re.IGNORECASE)
_UNPAGED = re.compile(
    r"no\W*pag|n\.?\s*pag|unpaginated|not specified|ahead of print|epub|in press|online", re.IGNORECASE
)
_RANGE = re.compile(r"([a-z]{0,5}\.?\s*\d+\s*[a-z]?)(?:\s*(?:-+|–|—|‐|‑|−|to)\s*([a-z]{0,5}\d+[a-z]?))?", re.IGNORECASE)
_ROMAN_RANGE = re.compile(r"([ivxlc]+)(?:\s*(?:-+|–|—)\s*([ivxlc]+))?", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:pp?\.?|pages?|pg\.?|article(?: id| no\.?| number)?|art\.?(?: no\.?)?|abstract\s*(?:no\.?|#)?|doi)\s*:?\s*(?=[a-z]?\d)",
    re.IGNORECASE,
)
_VOLUME = re.compile(r"(?<![a-z])([a-z]?\d+[a-z]?)(?![a-z])", re.IGNORECASE)
#: A supplement without its volume, words before a date, and the tail of `22(1)`.
_NO_VOLUME = re.compile(r"^\W*(?:suppl|ahead|epub|in press|online|[a-z]{3,} \d+ \[)|^\s*\d+\)|^\W*\[", re.IGNORECASE)
_INNER_ISSUE = re.compile(r"^\s*\d+\s*\(\s*([^()]+?)\s*\)")
_DIGITS = re.compile(r"\d+")
_SUPPLEMENT = re.compile(r"suppl|^s\d|\bs\d|meeting abs|sp\. iss|special", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pages:
    """First and last page in lower case, empty where not known.

    `dates` holds the two numbers of a range that a spreadsheet turned into a date (`01-Aug` for 1-8 or 8-1).
    `article`: one number only, so that it may be an article's. `online`: 1 to n, as a publisher pages a paper that has
    no issue yet.
    """

    first: str = ""
    last: str = ""
    dates: frozenset[str] = frozenset()
    article: bool = False
    online: bool = False


NO_PAGES = Pages()


def normalise_pages(text: str) -> Pages:
    """Read a page range (`221-8`, `S12-S15`, `e123`, `376 -- 383`, `iii--v`, `01-Aug`)."""
    if is_blank(text) or _UNPAGED.search(text):
        return NO_PAGES
    text = _LEADING.sub("", text.strip().strip("[]()#. "))
    if match := _DAY_MONTH.fullmatch(text):
        month = _MONTHS.get(match.group(2).lower())
        if month:
            return Pages(dates=frozenset({match.group(1).lstrip("0"), month}))
    if match := _MONTH_YEAR.fullmatch(text):
        month = _MONTHS.get(match.group(1).lower())
        if month:
            return Pages(dates=frozenset({month, match.group(2).lstrip("0")}))
    match = _RANGE.search(text)
    if match is None:
        roman = _ROMAN_RANGE.match(text)
        if roman is None:
            return NO_PAGES
        return Pages(roman.group(1).lower(), (roman.group(2) or "").lower(), article=False)
    first = _squeeze(match.group(1))
    last = _squeeze(match.group(2) or "")
    if last.isdigit() and first.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    elif last.isdigit() and not first.isdigit():
        head = first.rstrip("0123456789")
        tail = first[len(head) :]
        last = head + tail[: max(0, len(tail) - len(last))] + last
    online = first == "1" and last.isdigit() and 1 < int(last) < 100
    return Pages(first, last, article=not last or last == first, online=online)


def _squeeze(page: str) -> str:
    page = re.sub(r"[\s.]", "", page).lower()
    head = page.rstrip("0123456789")
    tail = page[len(head) :].lstrip("0")
    return head + tail if tail or not page[len(head) :] else head + "0"


def compare_pages(left: Pages, right: Pages) -> Agreement:
    """Compare first pages; a range may hold the other's first page, and letters before a number may be missing."""
    if left.dates or right.dates:
        return _compare_dates(left, right)
    if not left.first or not right.first:
        return "missing"
    if left.first == right.first:
        return "same"
    if _number(left.first) == _number(right.first) != "" and (left.first.isdigit() or right.first.isdigit()):
        return "same"
    return "different"


def _compare_dates(left: Pages, right: Pages) -> Agreement:
    if left.dates and right.dates:
        return "same" if left.dates == right.dates else "different"
    dates, whole = (left.dates, right) if left.dates else (right.dates, left)
    if not whole.first:
        return "missing"
    return (
        "same"
        if {whole.first, whole.last[-2:].lstrip("0"), whole.last[-1:]} & dates and whole.first in dates
        else "missing"
    )


def _number(page: str) -> str:
    match = _DIGITS.search(page)
    return match.group().lstrip("0") if match else ""


def normalise_volume(text: str) -> str:
    """Return the volume's own number, without supplement, issue and words; empty where there is none."""
    if is_blank(text) or _NO_VOLUME.search(text):
        return ""
    match = _VOLUME.search(text)
    if match is None:
        return ""
    return match.group(1).lower().lstrip("0")


def normalise_issue(issue: str, volume: str) -> str:
    """Return the issue as its numbers, with `s` for a supplement; it may stand in brackets in the volume."""
    if is_blank(issue):
        inner = _INNER_ISSUE.match(volume)
        issue = inner.group(1) if inner and not _UNPAGED.search(inner.group(1)) else ""
        if not issue and (supplement := _SUPPLEMENT.search(volume)):
            issue = volume[supplement.start() :]
    if not issue or is_blank(issue):
        return ""
    numbers = "-".join(number.lstrip("0") for number in _DIGITS.findall(issue))
    return f"s{numbers}" if _SUPPLEMENT.search(issue) else numbers


def compare_exact(left: str, right: str) -> Agreement:
    """Compare two short values that are either the same or not."""
    if not left or not right:
        return "missing"
    return "same" if left == right else "different"
