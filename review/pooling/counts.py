"""A table of counts, one study per row: text to values, every row that cannot be right told with its line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from review.files import Snapshot
from review.files import read_snapshot
from review.findings import Finding
from review.findings import Origin
from review.findings import count_errors
from review.findings import find
from review.rows import Row
from review.rows import parse_rows

#: The columns that must be there; any other is a moderator.
COLUMNS: tuple[str, ...] = ("study", "events", "total")

#: A whole number of up to 15 digits, which a float holds exactly; `12.0` is one, as spreadsheets write it.
_WHOLE = re.compile(r"([+-]?[0-9]{1,15})(?:\.0*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class StudyCount:
    """One study: `events` of `total`, 0 <= events <= total and total >= 1; `moderators` by column, blank ones left out."""

    study: str
    events: int
    total: int
    moderators: Mapping[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class CountTable:
    """What a table of counts holds.

    Attributes:
        rows: The studies that can be pooled, in file order.
        moderators: Names of the other columns, in file order.
        seen: How many rows the file has.
        findings: What is wrong; a row with an error is not among `rows`.
    """

    rows: tuple[StudyCount, ...]
    moderators: tuple[str, ...]
    seen: int
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> int:
        """How many rows were left out."""
        return self.seen - len(self.rows)


def read_counts(path: Path) -> CountTable:
    """Read a table of counts from a CSV file; see `parse_counts`.

    Raises:
        FormatError: If the file cannot be read as text.
        LimitError: If it is far larger than any such table.
    """
    return _parse(read_snapshot(path), str(path))


def parse_counts(text: str, path: str) -> CountTable:
    """Parse a table of counts.

    Commas, semicolons and tabs part cells; a byte order mark and any line ends are accepted. Blanks, fractions, negative
    numbers, more events than patients and a study's second row are errors, and the row is left out; so is, with a
    warning, a study without patients.

    Args:
        text: The whole file.
        path: How findings name it.
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _parse(Snapshot(Path(path), plain, "", "\n", "utf-8"), path)


def _parse(snapshot: Snapshot, path: str) -> CountTable:
    table = parse_rows(snapshot, path, COLUMNS)
    findings = list(table.findings)
    moderators = tuple(name for name in dict.fromkeys(table.columns) if name and name not in COLUMNS)
    twice = [name for name, times in Counter(table.columns).items() if times > 1 and name]
    if twice:
        message = f"two columns are called {', '.join(twice)}; the last one would hide the others"
        findings.append(find("POOL-100", message, Origin(path, 1), expected="every name once"))
        return CountTable((), moderators, len(table.rows), tuple(findings))
    if not table.rows and not count_errors(findings):
        findings.append(find("POOL-101", "the table has no study", Origin(path, 1), expected="one row per study"))
    # Such a row has its values under the wrong columns, and they may look right there.
    shifted = {finding.origin.line for finding in findings if finding.code == "PROJECT-023" and finding.origin}
    kept: list[StudyCount] = []
    lines: dict[str, int] = {}
    for row in table.rows:
        if row.line in shifted:
            continue
        study, problems = _read_study(row, path, moderators, lines)
        findings += problems
        if study:
            kept.append(study)
    return CountTable(tuple(kept), moderators, len(table.rows), tuple(findings))


def _read_study(
    row: Row, path: str, moderators: tuple[str, ...], lines: dict[str, int]
) -> tuple[StudyCount | None, list[Finding]]:
    """Check one row; `lines` remembers where each study was seen first."""
    name = " ".join(row["study"].split())
    found: list[Finding] = []
    if not name:
        found.append(find("POOL-102", "the study is blank", Origin(path, row.line, "study"), expected="a name"))
    elif name.casefold() in lines:
        first = lines[name.casefold()]
        found.append(
            find("POOL-106", f"{name} is in line {first} already", Origin(path, row.line, "study"), found=name)
        )
    else:
        lines[name.casefold()] = row.line
    events = _read_count(row, "events", name, path, found)
    total = _read_count(row, "total", name, path, found)
    if events is not None and total is not None and events > total:
        message = f"{name}: events {events} > total {total}"
        origin = Origin(path, row.line, "events")
        found.append(find("POOL-105", message, origin, found=events, expected=f"0..{total}"))
    elif total == 0:
        message = f"{name}: no patient was looked at, so it is left out"
        found.append(find("POOL-107", message, Origin(path, row.line, "total"), found=0, expected="1 or more"))
    if found or events is None or total is None:
        return None, found
    values = {column: " ".join(row[column].split()) for column in moderators}
    found += [
        find("POOL-109", f"{name}: {column} is blank", Origin(path, row.line, column))
        for column, value in values.items()
        if not value
    ]
    given = {column: value for column, value in values.items() if value}
    return StudyCount(name, events, total, given, row.line), found


def _read_count(row: Row, column: str, name: str, path: str, found: list[Finding]) -> int | None:
    text, origin = row[column].strip(), Origin(path, row.line, column)
    label = f"{name}: " if name else ""
    if not text:
        found.append(find("POOL-102", f"{label}{column} is blank", origin, expected="a whole number"))
        return None
    match = _WHOLE.fullmatch(text)
    if not match:
        message = f"{label}{column} is {text[:40]!r}"
        found.append(find("POOL-103", message, origin, found=text[:200], expected="a whole number"))
        return None
    count = int(match[1])
    if count < 0:
        found.append(find("POOL-104", f"{label}{column} is {count}", origin, found=text, expected="0 or more"))
        return None
    return count
