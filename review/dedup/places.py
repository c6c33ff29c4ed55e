"""Where a document stands: volume, issue and pages, as printed, cut, or damaged by a spreadsheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from review.dedup.text import is_blank

Agreement = Literal["same", "missing", "different"]
PageLevel = Literal["same", "near", "missing", "different"]

_MONTHS = {
    name: str(number)
    for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
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
_PAGE_COUNT = re.compile(r"\d+\s*(?:p|pp|pages|leaves|s)\.?", re.IGNORECASE)
_CUT = re.compile(r"(?:suppl?(?:ement)?|pt|t|quiz|discussion)\s*-\s*(\d+)", re.IGNORECASE)
_ARTICLE = re.compile(r"e\d+|[a-z]{1,4}\d{4,}|\d{5,}|r\d+|ar\d+")
_SPACE = re.compile(r"[\s.]")
_DIGITS = re.compile(r"\d+")
_SUPPLEMENT = re.compile(r"suppl|^s\d|\bs\d|meeting abs|sp\. iss|special", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pages:
    """First and last page in lower case, empty where not known.

    `starts` are the first pages of all ranges where there are several. `dates` holds the two numbers of a range that a
    spreadsheet turned into a date (`01-Aug` for 1-8 or 8-1). `tail`: the end of the last page, all that is left of a
    range such as `Suppl-29`. `article`: one number only, so that it may be an article's. `online`: 1 to n, as a
    publisher pages a paper that has no issue yet and a congress pages every paper.
    """

    first: str = ""
    last: str = ""
    starts: frozenset[str] = frozenset()
    dates: frozenset[str] = frozenset()
    tail: str = ""
    article: bool = False
    online: bool = False


NO_PAGES = Pages()


def normalise_pages(text: str) -> Pages:
    """Read a page range (`221-8`, `S12-S15`, `e123`, `376 -- 383`, `iii--v`, `01-Aug`, `Suppl-29`)."""
    if is_blank(text) or _UNPAGED.search(text):
        return NO_PAGES
    text = text.strip().strip("[]()#.\"' ")
    if _PAGE_COUNT.fullmatch(text):
        return NO_PAGES
    text = _LEADING.sub("", text)
    if cut := _CUT.fullmatch(text):
        return Pages(tail=cut.group(1))
    if dates := _read_date(text):
        return Pages(dates=dates)
    ranges = _RANGE.findall(text)
    if not ranges:
        roman = _ROMAN_RANGE.match(text)
        return NO_PAGES if roman is None else Pages(roman.group(1).lower(), (roman.group(2) or "").lower())
    first = _squeeze(ranges[0][0])
    last = _complete(first, _squeeze(ranges[0][1]))
    starts = frozenset(_squeeze(start) for start, end in ranges if end) if len(ranges) > 1 else frozenset()
    online = first == "1" and last.isdigit() and 1 < int(last) < 100
    return Pages(first, last, starts=starts, article=not last or last == first, online=online)


def _read_date(text: str) -> frozenset[str]:
    """Return the two numbers of a range that became a date, none where it did not."""
    for pattern, month, number in ((_DAY_MONTH, 2, 1), (_MONTH_YEAR, 1, 2)):
        match = pattern.fullmatch(text)
        if match and match.group(month).lower() in _MONTHS:
            return frozenset({match.group(number).lstrip("0"), _MONTHS[match.group(month).lower()]})
    return frozenset()


def _complete(first: str, last: str) -> str:
    """Write out a shortened last page: 8 after 221 is 228, 5 after s12 is s15."""
    head = first.rstrip("0123456789")
    digits = first[len(head) :]
    if last.isdigit() and (head or len(last) < len(digits)):
        return head + digits[: max(0, len(digits) - len(last))] + last
    return last


def _squeeze(page: str) -> str:
    page = _SPACE.sub("", page).lower()
    head = page.rstrip("0123456789")
    tail = page[len(head) :].lstrip("0")
    return head + tail if tail or not page[len(head) :] else head + "0"


def compare_pages(left: Pages, right: Pages) -> PageLevel:
    """Compare two page ranges.

    `near` stands for what is the same but for how it was noted: ranges that share a page, an article number beside page
    numbers, a range of which only the end is left.
    """
    if left is right:
        return "same" if left.first else "missing"
    if left.dates or right.dates:
        return _compare_dates(left, right)
    if left.tail or right.tail:
        return _compare_tails(left, right)
    if not left.first or not right.first:
        return "missing"
    if left.online or right.online:
        # Page 1 says nothing: congresses and publishers ahead of an issue page everything from 1.
        if left.online and right.online:
            return "same" if left.last == right.last else "missing"
        return "missing"
    if left.first == right.first:
        return "same"
    if _number(left.first) == _number(right.first) != "" and (left.first.isdigit() or right.first.isdigit()):
        return "same"
    return "near" if _noted_apart(left, right) else "different"


def _compare_dates(left: Pages, right: Pages) -> PageLevel:
    if left.dates and right.dates:
        return "same" if left.dates == right.dates else "different"
    dates, whole = (left.dates, right) if left.dates else (right.dates, left)
    return (
        "same"
        if whole.first in dates and {whole.last, whole.last[-2:].lstrip("0"), whole.last[-1:]} & dates
        else "missing"
    )


def _compare_tails(left: Pages, right: Pages) -> PageLevel:
    ends = [side.tail or side.last or side.first for side in (left, right)]
    if not all(ends):
        return "missing"
    short, long = sorted(ends, key=len)
    return "near" if long.endswith(short) else "different"


def _noted_apart(left: Pages, right: Pages) -> bool:
    if (_ARTICLE.fullmatch(left.first) is None) != (_ARTICLE.fullmatch(right.first) is None):
        return True
    if left.starts & (right.starts or {right.first}) or right.starts & {left.first}:
        return True
    a, b = _span(left), _span(right)
    if a is None or b is None:
        return False
    if max(a[0], b[0]) <= min(a[1], b[1]):
        return True
    # One range lost digits of its first page: 3-89 for 78-89, 2297-2108 for 2097-2108.
    return any(
        (one[0] < 10 < other[1] or one[0] > one[1]) and str(other[1]).endswith(str(one[1])) and one[0] != one[1]
        for one, other in ((a, b), (b, a))
    )


def _span(pages: Pages) -> tuple[int, int] | None:
    first = _number(pages.first)
    head = pages.first.rstrip("0123456789")
    last = _number(pages.last) if pages.last.rstrip("0123456789") in (head, "") else ""
    return (int(first), int(last or first)) if first and len(head) <= 2 else None


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


def compare_issues(left: str, right: str) -> Agreement:
    """Compare two issues; a number that no journal reaches in a year (a row number) contradicts nothing.

    A supplement beside a plain number (`21` and `21 Suppl. 1`) is how sources cut it.
    """
    if not left or not right:
        return "missing"
    if left == right:
        return "same"
    if left.startswith("s") != right.startswith("s"):
        return "missing"
    return (
        "missing"
        if any(len(part) > 2 for part in (*left.lstrip("s").split("-"), *right.lstrip("s").split("-")))
        else "different"
    )


def compare_exact(left: str, right: str) -> Agreement:
    """Compare two short values that are either the same or not."""
    if not left or not right:
        return "missing"
    return "same" if left == right else "different"
