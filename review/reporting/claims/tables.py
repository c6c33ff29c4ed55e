"""Denominators of tables: a header `Rituximab (n = 8)`, or a row of numbers of patients, holds for the cells below it.

Never the sum of a column: categories may overlap, and rows may be left out. Cells are told apart by a bar, as in Markdown; readers of Word and HTML set it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

#: Between the cells of a row, in every prepared text.
CELL = "|"

_LINE = re.compile(r"[^\n\x1e\f]+")
_N = re.compile(r"\b[nN]\s?=\s?(\d{1,6})\b(?![.,]\d)")
_PLAIN = re.compile(r"\s*(\d{1,6})\s*")
_PATIENTS = re.compile(
    r"\s*(?:n|(?:total\s+|all\s+)?(?:no\.?|number|n)?\s*(?:of\s+)?(?:patients|participants|subjects|cases)(?:,\s*n)?)\s*",
    re.IGNORECASE,
)


class Cell(NamedTuple):
    """A cell of a table, by its place in the prepared text, with the number of patients that its column or row states."""

    start: int
    end: int
    total: int


def find_cells(text: str) -> list[Cell]:
    """Return the cells that have a denominator, in the order of the text."""
    cells: list[Cell] = []
    totals: dict[int, int] = {}
    width = last = -1
    for match in _LINE.finditer(text):
        if CELL not in match.group():
            if match.group().strip():
                totals, width = {}, -1
            continue
        if not match.group().strip("|-: \t"):
            last = match.end()
            continue
        row = list(_split(match))
        # A blank line ends a table, and a row of words begins another part of it, whose numbers may be of others.
        if width not in (-1, len(row)) or text.count("\n", max(last, 0), match.start()) > 1 or _is_head(text, row):
            totals = {}
        width, last = len(row), match.end()
        found = _read_totals(text, row)
        if found:
            totals = found
            continue
        own = _N.search(text, *row[0])
        for place, (start, end) in enumerate(row[1:], 1):
            total = totals.get(place) or (int(own.group(1)) if own else 0)
            if total:
                cells.append(Cell(start, end, total))
    return cells


def _split(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of a row's cells, without the bars at its ends."""
    row = match.group()
    start = match.start()
    parts = row.split(CELL)
    if len(parts) > 2 and not parts[0].strip():
        start += len(parts[0]) + 1
        parts = parts[1:]
    if len(parts) > 2 and not parts[-1].strip():
        parts = parts[:-1]
    for part in parts:
        yield start, start + len(part)
        start += len(part) + 1


def _is_head(text: str, row: list[tuple[int, int]]) -> bool:
    """Whether the cells of a row hold words and no number."""
    words = "".join(text[start:end] for start, end in row[1:])
    return any(character.isalpha() for character in words) and not any(character.isdigit() for character in words)


def _read_totals(text: str, row: list[tuple[int, int]]) -> dict[int, int]:
    """Return the numbers of patients by column, if the row states them: in its cells, or as a row of them."""
    stated = {
        place: int(found.group(1)) for place, span in enumerate(row) if place and (found := _N.search(text, *span))
    }
    if stated and not any("%" in text[start:end] for start, end in row[1:]):
        return stated
    if not _PATIENTS.fullmatch(text, *row[0]):
        return {}
    plain = {place: found for place, span in enumerate(row) if place and (found := _PLAIN.fullmatch(text, *span))}
    return {place: int(found.group(1)) for place, found in plain.items()} if len(plain) == len(row) - 1 else {}
