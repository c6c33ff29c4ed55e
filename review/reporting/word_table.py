"""Tables in Word: real ones that can be edited, ruled as journals rule them, with columns as wide as their texts need."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

from review.reporting.column_width import list_texts
from review.reporting.column_width import share_width
from review.reporting.table import Cell
from review.reporting.table import Row
from review.reporting.table import Table
from review.reporting.table import letter_note
from review.reporting.word_markup import TWIPS_PER_CM
from review.reporting.word_markup import Alignment
from review.reporting.word_markup import Look
from review.reporting.word_markup import write_paragraph
from review.reporting.word_markup import write_run

#: Size of the letters in a table, in points.
_SIZE = 9.0

#: A table of so few rows is not broken over two pages.
_MOST_ROWS_TOGETHER = 20

_INDENT_CM = 0.35

_PLAIN = Look(size=_SIZE)
_BOLD = Look(size=_SIZE, bold=True)

#: Makes a link of the runs of a cell that prints a value, by the value's key.
Linker = Callable[[str, str, Look], str]


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a grid: its runs, and how they are set."""

    content: str
    align: Alignment = "left"
    indent_cm: float = 0.0


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a grid; one of a single cell runs over all columns."""

    cells: tuple[GridCell, ...]


def write_table(table: Table, room_cm: float, link: Linker) -> str:
    """Write a table's grid, without caption and footnotes, within a width."""
    header = GridRow(
        tuple(
            GridCell(write_run(column.title, _BOLD) + write_notes(column.notes), column.align)
            for column in table.columns
        )
    )
    texts = [list_texts(table, place) for place in range(len(table.columns))]
    rows = [_make_row(row, table, link) for row in table.rows]
    return write_grid(header, rows, share_width(texts, room_cm))


def write_notes(notes: Sequence[int], size: float = _SIZE) -> str:
    """Write the raised marks of footnotes."""
    return write_run(",".join(map(letter_note, notes)), Look(raised=True, size=size)) if notes else ""


def write_grid(header: GridRow, rows: Sequence[GridRow], widths_cm: Sequence[float]) -> str:
    """Write a grid of cells; the header comes back on every page, and no row is broken over two pages."""
    widths = [round(width * TWIPS_PER_CM) for width in widths_cm]
    together = len(rows) <= _MOST_ROWS_TOGETHER
    body = []
    for place, row in enumerate(rows):
        # A heading of rows, in a single cell, is never the last line of a page.
        keeps = together or len(row.cells) < len(widths)
        body.append(_write_row(row, widths, keep_next=keeps and place < len(rows) - 1))
    properties = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f"<w:tblBorders>{_write_line('top')}{_write_line('bottom')}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/></w:tblPr>'
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = _write_row(header, widths, keep_next=bool(rows), is_header=True)
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{head}{''.join(body)}</w:tbl>"


def _make_row(row: Row, table: Table, link: Linker) -> GridRow:
    if row.kind == "group":
        return GridRow((GridCell(write_run(row.cells[0].text, _BOLD) + write_notes(row.cells[0].notes)),))
    look = _BOLD if row.kind == "total" else _PLAIN
    cells = [
        GridCell(_write_cell(cell, look, link), column.align)
        for cell, column in zip(row.cells, table.columns, strict=True)
    ]
    if row.depth:
        cells[0] = dataclasses.replace(cells[0], indent_cm=_INDENT_CM * row.depth)
    return GridRow(tuple(cells))


def _write_cell(cell: Cell, look: Look, link: Linker) -> str:
    text = link(cell.text, cell.key, look) if cell.key else write_run(cell.text, look)
    return text + write_notes(cell.notes)


def _write_row(row: GridRow, widths: Sequence[int], *, keep_next: bool, is_header: bool = False) -> str:
    marks = "<w:cantSplit/>" + ("<w:tblHeader/>" if is_header else "")
    if len(row.cells) == 1 and len(widths) > 1:
        spans, sizes = [len(widths)], [sum(widths)]
    else:
        spans, sizes = [1] * len(widths), list(widths)
    cells = []
    for cell, span, width in zip(row.cells, spans, sizes, strict=True):
        properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
        properties += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        properties += f"<w:tcBorders>{_write_line('bottom')}</w:tcBorders>" if is_header else ""
        paragraph = write_paragraph(
            cell.content, align=cell.align, indent_cm=cell.indent_cm, before=1, after=1, keep_next=keep_next
        )
        cells.append(f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph}</w:tc>")
    return f"<w:tr><w:trPr>{marks}</w:trPr>{''.join(cells)}</w:tr>"


def _write_line(side: str) -> str:
    return f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
