"""A workbook of cases as rows, cell by cell with a message where Excel or a person left something that is no plain value."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from review.errors import FormatError
from review.errors import LimitError
from review.extraction.table import guard_text
from review.extraction.workbook import CASES
from review.extraction.workbook import name_fields
from review.extraction.workbook_cells import Reading
from review.extraction.workbook_cells import read_cell
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.protocol import CaseField
from review.protocol import Protocol
from review.rows import Row
from review.rows import Rows

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: Endings of files that are read as workbooks, and those of spreadsheets that are not.
ENDINGS = (".xlsx", ".xlsm")
OTHER_ENDINGS = (".xls", ".xlsb", ".ods", ".numbers")

#: Bytes of the file, of what it unpacks to, and cells of a sheet: far above any table of cases.
LIMIT_BYTES = 64 * 1024 * 1024
LIMIT_UNPACKED = 512 * 1024 * 1024
LIMIT_CELLS = 2_000_000

#: A title may stand above the header.
_HEADER_WITHIN = 20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AGAIN = "open it in Excel and save it as .xlsx"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with its formulas, the same one with their results, and the row of its header."""

    formulas: Worksheet
    results: Worksheet
    header: int

    def name(self, row: int, column: int) -> str:
        """Name a cell as Excel does: `cases!C4`."""
        return f"{self.formulas.title}!{self.formulas.cell(row, column).coordinate}"


def read_workbook(path: Path, shown_as: str, protocol: Protocol, sheet: str = "") -> Rows:
    """Read a workbook from disk; see `parse_workbook`."""
    if path.suffix.lower() in OTHER_ENDINGS:
        raise FormatError(shown_as, f"a {path.suffix} file cannot be read", hint=_SAVE_AGAIN)
    try:
        if path.stat().st_size > LIMIT_BYTES:
            raise LimitError(shown_as, "is larger than a table of cases can be", hint="is it the right file?")
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(shown_as, f"cannot be read ({error.strerror})") from error
    return parse_workbook(data, shown_as, protocol, sheet)


def parse_workbook(data: bytes, shown_as: str, protocol: Protocol, sheet: str = "") -> Rows:
    """Read the sheet of a workbook that has the cases.

    Args:
        data: The file.
        shown_as: How findings name the file.
        protocol: Says what each column expects.
        sheet: The sheet's name; empty for the one that has a column `case`, `cases` before others.

    Returns:
        The rows by their number in the sheet, and a finding for every cell that was not read as it stands.

    Raises:
        FormatError: If the file is no workbook, is broken or protected by a password, or it is not clear which sheet is meant.
        LimitError: If it is larger than a table of cases can be.
    """
    _check_file(data, shown_as)
    chosen = _choose_sheet(_load(data, shown_as, results=False), _load(data, shown_as, results=True), shown_as, sheet)
    findings: list[Finding] = []
    columns = _read_header(chosen, shown_as, findings)
    fields = name_fields(protocol)
    rows = []
    for number in range(chosen.header + 1, chosen.formulas.max_row + 1):
        cells = {}
        for place, column in columns.items():
            reading, is_formula = _read_place(chosen, number, place, fields.get(column))
            cells[column] = guard_text(reading.text)
            findings += _tell(
                reading, chosen.name(number, place), Origin(shown_as, number, column), is_formula=is_formula
            )
        if any(cells.values()):
            rows.append(Row(number, cells))
    findings += _check_sheet(chosen, columns, [row.line for row in rows], shown_as)
    return Rows(shown_as, tuple(columns.values()), tuple(rows), tuple(findings))


def _check_file(data: bytes, shown_as: str) -> None:
    if data.startswith(_OLE):
        raise FormatError(
            shown_as, "is protected by a password, or an old .xls file", hint=f"{_SAVE_AGAIN}, without a password"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise FormatError(shown_as, "is not a whole Excel file (.xlsx)", hint=_SAVE_AGAIN) from error
    if unpacked > LIMIT_UNPACKED:
        raise LimitError(shown_as, "unpacks to more than a table of cases can be", hint="is it the right file?")


def _load(data: bytes, shown_as: str, *, results: bool) -> Workbook:
    import openpyxl

    try:
        with warnings.catch_warnings():
            # It warns of parts that it does not keep; nothing is written back.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(data), data_only=results, keep_links=False)
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        SyntaxError,
        EOFError,
        zlib.error,
        zipfile.BadZipFile,
    ) as error:
        raise FormatError(shown_as, f"is not a whole Excel file ({type(error).__name__})", hint=_SAVE_AGAIN) from error


def _choose_sheet(formulas: Workbook, results: Workbook, shown_as: str, wanted: str) -> _Sheet:
    names = [sheet.title for sheet in formulas.worksheets]
    if wanted and wanted not in names:
        raise FormatError(shown_as, f"there is no sheet {wanted}", hint=f"sheets: {', '.join(names)}")
    found = {}
    for name in [wanted] if wanted else names:
        if formulas[name].max_row * formulas[name].max_column > LIMIT_CELLS:
            raise LimitError(
                shown_as, f"the sheet {name} has more cells than a table of cases can have", hint="delete empty rows"
            )
        header = _find_header(formulas[name])
        if header:
            found[name] = header
    if not found:
        raise FormatError(
            shown_as,
            "no sheet has a column case" if not wanted else f"the sheet {wanted} has no column case",
            hint="name the columns in the first row",
        )
    if len(found) > 1 and CASES not in found:
        raise FormatError(
            shown_as, f"several sheets have a column case: {', '.join(found)}", hint="name one with --sheet"
        )
    name = CASES if CASES in found else next(iter(found))
    return _Sheet(formulas[name], results[name], found[name])


def _find_header(sheet: Worksheet) -> int:
    for number in range(1, min(sheet.max_row, _HEADER_WITHIN) + 1):
        if any(_read_name(sheet.cell(number, place).value) == "case" for place in range(1, sheet.max_column + 1)):
            return number
    return 0


def _read_name(value: object) -> str:
    return "" if value is None else str(value).strip()


def _read_header(sheet: _Sheet, shown_as: str, findings: list[Finding]) -> dict[int, str]:
    """Return the names of the columns by their number; those without a name, or with one that is taken, are told."""
    columns: dict[int, str] = {}
    for place in range(1, sheet.formulas.max_column + 1):
        name = _read_name(sheet.results.cell(sheet.header, place).value)
        where = Origin(shown_as, sheet.header, name)
        if not name and _has_values(sheet, place):
            message = f"{sheet.name(sheet.header, place)}: the column has no name; it was left out"
            findings.append(find("EXTRACT-065", message, where, expected="a name in the header"))
        elif name in columns.values():
            message = f"{sheet.name(sheet.header, place)}: there is another column {name}; this one was left out"
            findings.append(find("EXTRACT-065", message, where, found=name))
        elif name:
            columns[place] = name
    return columns


def _has_values(sheet: _Sheet, place: int) -> bool:
    return any(
        sheet.formulas.cell(number, place).value is not None
        for number in range(sheet.header + 1, sheet.formulas.max_row + 1)
    )


def _read_place(sheet: _Sheet, number: int, place: int, field: CaseField | None) -> tuple[Reading, bool]:
    """Read a cell, its result where it is a formula; say whether it is one."""
    formula, result = sheet.formulas.cell(number, place), sheet.results.cell(number, place)
    is_formula = formula.data_type == "f"
    if is_formula and result.value is None:
        return Reading(problem="it holds a formula without its result"), True
    if result.data_type == "e":
        return Reading(problem=f"it holds the error {result.value}"), is_formula
    return read_cell(result.value, str(formula.number_format or "General"), field), is_formula


def _tell(reading: Reading, name: str, where: Origin, *, is_formula: bool) -> Iterator[Finding]:
    if reading.problem:
        hint = "format the cell as text and type it again"
        yield find("EXTRACT-066", f"{name} ({where.key}): {reading.problem}", where, hint=hint)
        return
    remarks = [reading.remark] if reading.remark else []
    if is_formula and reading.text:
        remarks.append(f"it is a formula, read as its result {reading.text}")
    if remarks:
        yield find("EXTRACT-067", f"{name} ({where.key}): {'; '.join(remarks)}", where, found=reading.text)


def _check_sheet(sheet: _Sheet, columns: dict[int, str], rows: Sequence[int], shown_as: str) -> Iterator[Finding]:
    title = sheet.formulas.title
    for area in sheet.formulas.merged_cells.ranges:
        if area.max_row > sheet.header and any(area.min_col <= place <= area.max_col for place in columns):
            message = (
                f"{title}!{area.coord} is merged; only its first cell has the value, the others were read as empty"
            )
            yield find("EXTRACT-068", message, Origin(shown_as, area.min_row), hint="split it and fill every cell")
    hidden = [str(number) for number in rows if sheet.formulas.row_dimensions[number].hidden]
    if hidden:
        message = f"{title}: rows {', '.join(hidden)} are hidden and were read, too"
        yield find("EXTRACT-068", message, Origin(shown_as, int(hidden[0])))
