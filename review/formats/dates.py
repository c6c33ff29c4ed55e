"""Dates as sources print them to a year and an ISO date cut to what is known."""

from __future__ import annotations

import re

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janvier enero januar", "feb february fevrier febrero februar", "mar march mars marzo marz",
            "apr april avril abril", "may mai mayo", "jun june juin junio juni", "jul july juillet julio juli",
            "aug august aout agosto", "sep sept september septembre septiembre", "oct october octobre octubre oktober okt",
            "nov november novembre noviembre", "dec december decembre diciembre dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_NUMERIC = re.compile(r"^(1[4-9]\d\d|20\d\d)\s*[/.-]\s*(\d{1,2})?(?:\s*[/.-]\s*(\d{1,2})?)?(?![\d])")
_AMERICAN = re.compile(r"^(\d{1,2})/(\d{1,2})/(1[4-9]\d\d|20\d\d)\b")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]{3,10}")
_DAY = re.compile(r"(?<![\d/])(\d{1,2})(?:st|nd|rd|th)?(?![\d/])")


def find_year(text: str) -> int | None:
    """Return the first year from 1400 to 2099 in the text, None if there is none."""
    compact = _COMPACT.search(text)
    match = compact or _YEAR.search(text)
    return int(match.group(1)) if match else None


def find_month(text: str) -> int | None:
    """Return the month, 1 to 12, of a name (English, French, Spanish, German) or number; None if there is none."""
    for word in _WORD.findall(text):
        month = _MONTHS.get(word.casefold().replace("é", "e").replace("û", "u").replace("ä", "a"))
        if month:
            return month
    bare = text.strip()
    return int(bare) if bare.isdigit() and 1 <= int(bare) <= 12 else None


def iso_date(year: int, month: int | None = None, day: int | None = None) -> str:
    """Return `2019`, `2019-03` or `2019-03-01`; a day needs a month, and what is out of range is left out."""
    if not month or not 1 <= month <= 12:
        return f"{year:04d}"
    if not day or not 1 <= day <= 31:
        return f"{year:04d}-{month:02d}"
    return f"{year:04d}-{month:02d}-{day:02d}"


def parse_date(text: str, *, year: int | None = None) -> str:
    """Return the ISO date in the text, cut to what is known; empty if it has no year.

    Reads `2018/03/01`, `2018//`, `2018 May-Jun` (its first month), `20160419`, `September 1, 2021`, `7/31/2024` (month first) and,
    with the year given, `JUN 13`.
    """
    text = text.strip()
    compact = _COMPACT.search(text)
    if compact:
        return iso_date(*(int(part) for part in compact.groups()))
    numeric = _NUMERIC.match(text)
    if numeric and (numeric.group(2) or not _WORD.search(text)):
        return iso_date(*(int(part) if part else None for part in numeric.groups()))  # type: ignore[arg-type]
    american = _AMERICAN.match(text)
    if american:
        first, second, found = (int(part) for part in american.groups())
        return iso_date(found, first, second) if first <= 12 else iso_date(found, second, first)
    known = find_year(text) or year
    if known is None:
        return ""
    month = find_month(_YEAR.sub(" ", text))
    if month is None:
        return iso_date(known)
    rest = _YEAR.sub(" ", text)
    days = [int(day) for day in _DAY.findall(rest)]
    return iso_date(known, month, days[0] if len(days) == 1 else None)
