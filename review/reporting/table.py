"""A table as data: columns, rows, groups, footnotes, caption. How it looks is the matter of its renderers.

The same table is written as CSV (here), Markdown and HTML (`table_markup`), LaTeX (`table_latex`), as an editable Word table
(`word_table`) and as a sheet of Excel (`workbook`), so that a number cannot differ between them.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Literal
from typing import NamedTuple

Align = Literal["left", "right", "center"]

#: `body` is data; `group` is a heading of the rows below it, in its first cell; `total` sums up the rows above.
RowKind = Literal["body", "group", "total"]

#: A table of more columns than this needs a page on its side.
PORTRAIT_COLUMNS = 7

#: A spreadsheet runs a cell that begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Column(NamedTuple):
    """One column: `key` for machines, `title` for readers, `notes` are positions in the table's footnotes, from 0."""

    key: str
    title: str
    align: Align = "left"
    notes: tuple[int, ...] = ()


class Cell(NamedTuple):
    """One cell: the text to print, the number behind it (None: the text is all there is), an address, footnotes.

    `key` is that of the value in `values.json` that the cell prints, so that a report can lead from it to what it is made of.
    """

    text: str
    value: int | float | None = None
    link: str = ""
    notes: tuple[int, ...] = ()
    key: str = ""


class Row(NamedTuple):
    """One row; `depth` sets the first cell in, for parts of a row above."""

    cells: tuple[Cell, ...]
    kind: RowKind = "body"
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `key` names its files and anchors.

    Raises:
        ValueError: If a row does not fit the columns, a column's key comes twice or a footnote is missing: programming errors.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys) or not keys:
            raise ValueError(f"table {self.key}: columns need keys of their own, got {keys}")
        for row in self.rows:
            expected = 1 if row.kind == "group" else len(keys)
            if len(row.cells) != expected:
                raise ValueError(f"table {self.key}: {len(row.cells)} cells in a {row.kind} row, expected {expected}")
        notes = {note for column in self.columns for note in column.notes}
        notes |= {note for row in self.rows for cell in row.cells for note in cell.notes}
        if not notes <= set(range(len(self.footnotes))):
            raise ValueError(f"table {self.key}: footnotes {sorted(notes)} of {len(self.footnotes)}")

    @property
    def has_groups(self) -> bool:
        """Whether rows stand under headings."""
        return any(row.kind == "group" for row in self.rows)


def make_row(*values: Cell | str | int, kind: RowKind = "body", depth: int = 0) -> Row:
    """Make a row of cells, plain texts and counts; a count prints with a comma between thousands."""
    return Row(tuple(_make_cell(value) for value in values), kind, depth)


def make_group(title: str) -> Row:
    """Make the heading of the rows below it."""
    return Row((Cell(title),), "group")


def letter_note(position: int) -> str:
    """Give the mark of a footnote: a, b, ..., z, aa, ab for positions from 0."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def render_csv(table: Table, *, raw: bool = False) -> str:
    """Write the rows as CSV with lines that end in a line feed, with a first column `group` where rows stand under headings.

    `raw` writes the number behind a cell in full instead of its printed text, under the columns' keys instead of their titles. Text that a
    spreadsheet would run as a formula gets a leading apostrophe, as spreadsheets themselves do.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    header = [column.key if raw else column.title for column in table.columns]
    writer.writerow((["group"] if table.has_groups else []) + header)
    group = ""
    for row in table.rows:
        if row.kind == "group":
            group = row.cells[0].text
            continue
        start = [_defuse(group)] if table.has_groups else []
        writer.writerow(start + [_write_cell(cell, raw=raw) for cell in row.cells])
    return buffer.getvalue()


def _make_cell(value: Cell | str | int) -> Cell:
    if isinstance(value, Cell):
        return value
    return Cell(value) if isinstance(value, str) else Cell(f"{value:,}", value)


def _write_cell(cell: Cell, *, raw: bool) -> str:
    if raw and cell.value is not None:
        return repr(cell.value)
    return _defuse(cell.text)


def _defuse(text: str) -> str:
    if not text.startswith(FORMULA_STARTS):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
