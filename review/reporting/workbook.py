"""Tables as an Excel workbook: a sheet per table, numbers as numbers, texts never run as formulas, the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import NamedTuple

from review.numerals import round_half_up
from review.reporting.package import pack_again
from review.reporting.table import FORMULA_STARTS
from review.reporting.table import Cell
from review.reporting.table import Row
from review.reporting.table import Table
from review.reporting.table import letter_note
from review.reporting.xml_text import clean_text

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as ExcelCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

#: Excel's own limits.
_LONGEST_NAME, _LONGEST_TEXT = 31, 32_767
_CUT = " ... (cut: a cell of Excel holds 32,767 characters)"

_HEADER_ROW = 3
_NARROWEST, _WIDEST = 8, 60

_PRINTED = re.compile(r"-?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<decimals>\d+))?(?P<percent>%?)")


class Figure(NamedTuple):
    """A number as Excel holds it: in full, with the format that prints it as the table does."""

    number: float
    form: str


def render_workbook(tables: Iterable[Table]) -> bytes:
    """Write a workbook: caption, header, rows, footnotes of each table on a sheet of its own, in the order given.

    A cell with a number behind it holds the number in full and prints it as the table does; any other cell is text, also where it begins with
    an equals sign. Links are not written: they lead to other files.
    """
    import openpyxl

    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    names: list[str] = []
    for table in tables:
        names.append(_name_sheet(table.key, names))
        _write_sheet(book.create_sheet(names[-1]), table)
    if not names:
        book.create_sheet("Tables")
    book.properties.creator = ""
    buffer = io.BytesIO()
    book.save(buffer)
    return pack_again(buffer.getvalue())


def read_figure(cell: Cell) -> Figure | None:
    """Give the number of a cell with the format that prints it as the cell's text does; None where the text says more than the number.

    A percentage printed without its sign (under a heading that has it) is the number times 100.
    """
    match = _PRINTED.fullmatch(cell.text)
    if cell.value is None or match is None:
        return None
    digits = len(match["decimals"] or "")
    printed = round_half_up(float(cell.text.replace(",", "").removesuffix("%")), digits)
    form = ("#,##0" if "," in match["whole"] else "0") + (f".{'0' * digits}" if digits else "")
    if match["percent"]:
        return Figure(cell.value, f"{form}%") if round_half_up(100 * cell.value, digits) == printed else None
    for number in (cell.value, 100 * cell.value):
        if round_half_up(number, digits) == printed:
            return Figure(number, form)
    return None


def _name_sheet(key: str, taken: Sequence[str]) -> str:
    """Name a sheet within Excel's rules; names that differ in case alone are one name to it."""
    base = re.sub(r"[\[\]:*?/\\']", "-", key)
    lowered = {name.casefold() for name in taken}
    names = [base[:_LONGEST_NAME], *(f"{base[: _LONGEST_NAME - 4]}~{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name.casefold() not in lowered)


def _write_sheet(sheet: Worksheet, table: Table) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.styles import Border
    from openpyxl.styles import Font
    from openpyxl.styles import Side
    from openpyxl.utils import get_column_letter

    bold, small = Font(bold=True), Font(size=9)
    line = Side(style="thin")
    _write_text(sheet.cell(1, 1), table.caption)
    sheet.cell(1, 1).font = bold
    for place, column in enumerate(table.columns, 1):
        cell = sheet.cell(_HEADER_ROW, place)
        _write_text(cell, column.title + _write_marks(column.notes))
        cell.font = bold
        cell.border = Border(top=line, bottom=line)
        cell.alignment = Alignment(horizontal=column.align, vertical="bottom", wrap_text=True)
    for row_number, row in enumerate(table.rows, _HEADER_ROW + 1):
        for place, own in enumerate(row.cells, 1):
            cell = sheet.cell(row_number, place)
            _write_value(cell, own)
            if row.kind != "body":
                cell.font = bold
            indent = row.depth if place == 1 else 0
            wraps = row.kind != "group"
            cell.alignment = Alignment(
                horizontal=table.columns[place - 1].align, vertical="top", wrap_text=wraps, indent=indent
            )
    foot = _HEADER_ROW + len(table.rows) + 2
    for number, note in enumerate(table.footnotes):
        cell = sheet.cell(foot + number, 1)
        _write_text(cell, f"[{letter_note(number)}] {note}")
        cell.font = small
    for place in range(len(table.columns)):
        sheet.column_dimensions[get_column_letter(place + 1)].width = _measure(table, place)
    sheet.freeze_panes = f"B{_HEADER_ROW + 1}"


def _write_value(target: ExcelCell | MergedCell, cell: Cell) -> None:
    figure = read_figure(cell)
    if figure is None:
        _write_text(target, cell.text + _write_marks(cell.notes))
        return
    target.value = figure.number
    # The mark of a footnote is printed by the format, so that the number stays one.
    target.number_format = figure.form + (f'"{_write_marks(cell.notes)}"' if cell.notes else "")


def _write_text(target: ExcelCell | MergedCell, text: str) -> None:
    cleaned = clean_text(text)
    target.value = cleaned if len(cleaned) <= _LONGEST_TEXT else cleaned[: _LONGEST_TEXT - len(_CUT)] + _CUT
    target.data_type = "s"
    if cleaned.startswith(FORMULA_STARTS):
        # Kept as text when the cell is edited, too.
        target.quotePrefix = True


def _write_marks(notes: Sequence[int]) -> str:
    return f" [{','.join(map(letter_note, notes))}]" if notes else ""


def _measure(table: Table, place: int) -> float:
    texts = [table.columns[place].title, *(_read_text(row, place) for row in table.rows if row.kind != "group")]
    return float(min(max(_NARROWEST, *(len(text) + 2 for text in texts)), _WIDEST))


def _read_text(row: Row, place: int) -> str:
    cell = row.cells[place]
    return cell.text + _write_marks(cell.notes)
