"""Cases as an Excel workbook: one row per case, every cell a text that Excel does not turn into something else.

The sheet `cases` has the columns of the wide table (`review.extraction.table`), `dictionary` says what they are, and a hidden one holds the choices that
cells offer. Whole columns are formatted as text, so that what people type later stays as typed: `3-4` no date, `0012` no 12.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from collections.abc import Sequence
from typing import TYPE_CHECKING

from review.extraction.outcomes import make_field
from review.extraction.table import HEAD
from review.extraction.table import list_dictionary
from review.extraction.table import list_wide
from review.extraction.values import ANSWERS
from review.extraction.values import MISSING
from review.extraction.wording import tell_field
from review.model import Study
from review.protocol import CaseField
from review.protocol import Protocol

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

#: The sheet with the cases; one of this name is read before others.
CASES = "cases"

_DICTIONARY, _CHOICES = "dictionary", "choices"
_TEXT = "@"

#: Rows below the last case that offer choices, too.
_ROOM = 500
_WIDEST = 40

#: Excel's limits of a prompt's title and text, and of a cell.
_LONGEST_TITLE, _LONGEST_PROMPT, _LONGEST_CELL = 32, 255, 32_767

#: A number whose digits Excel keeps: no leading zero, no zero at the end of decimals, at most 15 digits.
_KEPT = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?")
_MOST_DIGITS = 15

_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def render_workbook(studies: Iterable[Study], protocol: Protocol) -> bytes:
    """Write a workbook with one row per case.

    Numbers of number fields are numbers where Excel keeps them as typed; all else is text, also what begins with an equals sign.
    The bytes hold the time of writing; see `review.reporting.package.pack_again`.
    """
    import openpyxl

    rows = list_wide(studies, protocol)
    fields = name_fields(protocol)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = CASES
    _write_rows(sheet, rows, [fields.get(column) for column in rows[0]])
    sheet.freeze_panes = f"{_letter(HEAD.index('case') + 2)}2"
    sheet.auto_filter.ref = f"A1:{_letter(len(rows[0]))}{max(len(rows), 2)}"
    _write_rows(book.create_sheet(_DICTIONARY), list_dictionary(protocol), [])
    choices = book.create_sheet(_CHOICES)
    choices.sheet_state = "hidden"
    _offer_choices(sheet, choices, rows, fields)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def name_fields(protocol: Protocol) -> dict[str, CaseField]:
    """Return the fields behind the columns of the wide table: case fields, `arm`, and `outcome:NAME` for outcomes with their exposure or event."""
    fields = {field.name: field for field in protocol.case_fields}
    if protocol.arms:
        fields["arm"] = CaseField("arm", "Arm", "choice", choices=tuple(arm.name for arm in protocol.arms))
    for outcome in protocol.outcomes:
        column = f"outcome:{outcome.name}"
        fields[column] = make_field(outcome)
        if outcome.type == "count":
            fields[f"{column}:exposure"] = CaseField("exposure", "Exposure", "number", outcome.unit)
        elif outcome.type == "time-to-event":
            fields[f"{column}:event"] = CaseField("event", "Event", "choice", choices=ANSWERS)
    return fields


def list_choices(column: str, field: CaseField) -> tuple[str, ...]:
    """Return the words that may stand in a cell of a choice field; none for another field. An arm and an event are never missing by a word."""
    if field.type != "choice":
        return ()
    return field.choices if column in HEAD or column.endswith(":event") else (*field.choices, *MISSING)


def is_kept(text: str) -> bool:
    """Whether Excel shows and gives back a number as it is typed."""
    return bool(_KEPT.fullmatch(text)) and sum(map(str.isdigit, text)) <= _MOST_DIGITS


def _write_rows(sheet: Worksheet, rows: Sequence[Sequence[str]], fields: Sequence[CaseField | None]) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.styles import Font

    for number, row in enumerate(rows, 1):
        for place, text in enumerate(row, 1):
            cell = sheet.cell(number, place)
            cell.number_format = _TEXT
            if number == 1:
                cell.font = Font(bold=True)
            if not text:
                continue
            cell.alignment = Alignment(vertical="top", wrap_text=len(text) > _WIDEST)
            field = fields[place - 1] if number > 1 and place <= len(fields) else None
            if field is not None and field.type in ("number", "integer") and is_kept(text):
                cell.value = float(text) if "." in text else int(text)
            else:
                _write_text(cell, text)
    for place in range(len(rows[0])):
        dimension = sheet.column_dimensions[_letter(place + 1)]
        dimension.number_format = _TEXT
        dimension.width = float(min(max(len(row[place]) for row in rows) + 3, _WIDEST))
    sheet.freeze_panes = "A2"


def _write_text(cell: Cell | MergedCell, text: str) -> None:
    # Excel reads _x000A_ inside a text as a character; the first mark of what only looks so is written as its own.
    cell.value = _ESCAPE.sub("_x005F_", _FORBIDDEN.sub("", text))[:_LONGEST_CELL]
    cell.data_type = "s"


def _offer_choices(
    sheet: Worksheet, choices: Worksheet, rows: Sequence[Sequence[str]], fields: dict[str, CaseField]
) -> None:
    """Tell what belongs into a cell when it is chosen, and offer the words of choice fields; lists stand in a sheet, where commas are no separators."""
    from openpyxl.worksheet.datavalidation import DataValidation

    for place, column in enumerate(rows[0], 1):
        field = fields.get(column)
        if field is None:
            continue
        offered = list_choices(column, field)
        rule = DataValidation(allow_blank=True, showInputMessage=True)
        if offered:
            letter = _letter(choices.max_column + 1 if choices["A1"].value else 1)
            for number, text in enumerate((column, *offered), 1):
                cell = choices[f"{letter}{number}"]
                _write_text(cell, text)
                cell.number_format = _TEXT
            rule = DataValidation(
                type="list",
                formula1=f"{_CHOICES}!${letter}$2:${letter}${len(offered) + 1}",
                allow_blank=True,
                showInputMessage=True,
                showErrorMessage=True,
                errorTitle="Not one of the choices",
                error=f"Take one of: {', '.join(offered)}"[:_LONGEST_PROMPT],
            )
        rule.promptTitle = field.label[:_LONGEST_TITLE]
        rule.prompt = tell_field(field)[:_LONGEST_PROMPT]
        rule.add(f"{_letter(place)}2:{_letter(place)}{len(rows) + _ROOM}")
        sheet.add_data_validation(rule)


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(place)
