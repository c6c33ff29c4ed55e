"""One cell of a workbook as the text that the protocol expects: Excel keeps dates, percentages and truth values in forms of its own.

What cannot be told for sure is not guessed: `3-4` that Excel made a date of is a problem, with what it may have been.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from fractions import Fraction

from review.numerals import format_number
from review.protocol import CaseField

#: Numbers from here on have more digits than Excel keeps.
_TOO_MANY_DIGITS = 1e15

_PERCENT = ("%", "percent", "per cent")
#: A character that Excel writes by its number: `_x000A_` is a line feed, and `_x005F_` an underscore before what only looks so.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_YEARS = range(1000, 3000)


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a cell; `problem` says why it has none, `remark` why it is another one than the cell seems to hold."""

    text: str = ""
    problem: str = ""
    remark: str = ""


def read_cell(value: object, form: str, field: CaseField | None) -> Reading:
    """Read a cell.

    Args:
        value: What the cell holds: text, number, truth value, date, time; None if it is empty.
        form: The cell's number format in Excel's language, such as `d-mmm`.
        field: What the protocol expects there; None for ids, sources and notes.
    """
    if value is None:
        return Reading()
    if isinstance(value, bool):
        return _read_truth(value, field)
    if isinstance(value, int | float):
        return _read_number(value, form, field)
    if isinstance(value, dt.datetime | dt.date):
        return _read_date(value, form, field)
    if isinstance(value, dt.time | dt.timedelta):
        return Reading(problem=f"Excel made the time {value} of what was typed")
    return Reading(_ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), str(value)).strip())


def _read_truth(value: bool, field: CaseField | None) -> Reading:
    words = ("yes", "true", "1") if value else ("no", "false", "0")
    choices = {choice.casefold(): choice for choice in field.choices} if field else {}
    text = next((choices[word] for word in words if word in choices), words[1])
    return Reading(text, remark=f"it holds {str(value).upper()}, read as {text}")


def _read_number(value: float, form: str, field: CaseField | None) -> Reading:
    if abs(value) >= _TOO_MANY_DIGITS:
        return Reading(problem="the number has more digits than Excel keeps")
    text = show_number(value)
    if "%" in form:
        shown = _drop_zeros(Fraction(text) * 100)
        if field is not None and field.type in ("number", "integer"):
            text = shown if field.unit in _PERCENT else text
        else:
            text = f"{shown}%"
        return Reading(text, remark=f"it shows {shown}%, read as {text}")
    if field is not None and field.type == "date" and (not text.isdigit() or int(text) not in _YEARS):
        return Reading(problem=f"it holds the number {text} where a date is expected")
    if re.fullmatch("0{2,}", form) and text.isdigit():
        # A format of zeros shows a number with zeros in front, as in an id.
        text = text.zfill(len(form))
    return Reading(text)


def _read_date(value: dt.date, form: str, field: CaseField | None) -> Reading:
    parts = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", form.casefold())
    has_day, has_year = "d" in parts, "y" in parts
    day = value.date() if isinstance(value, dt.datetime) else value
    if field is not None and field.type == "date":
        if not has_day and parts != "general":
            text = f"{day:%Y-%m}"
            return Reading(text, remark=f"Excel made the date {day.isoformat()} of a month, read as {text}")
        is_midnight = not isinstance(value, dt.datetime) or value.time() == dt.time()
        return Reading(day.isoformat(), remark="" if is_midnight else f"the time {value:%H:%M} was left out")
    perhaps = ""
    if not has_day:
        perhaps = f", perhaps {day.month}-{day:%y}"
    elif not has_year:
        perhaps = f", perhaps {day.day}-{day.month} or {day.month}-{day.day}"
    return Reading(problem=f"Excel made the date {day.isoformat()} of what was typed{perhaps}")


def show_number(value: float) -> str:
    """Print a number with the 15 digits that Excel shows; whole ones without a point."""
    return _drop_zeros(Fraction(format(value, ".15g")))


def _drop_zeros(value: Fraction) -> str:
    text = format_number(value, 15)
    return text.rstrip("0").rstrip(".")
