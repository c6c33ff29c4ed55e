from __future__ import annotations

import datetime as dt

import pytest

from review.extraction.workbook_cells import Reading
from review.extraction.workbook_cells import read_cell
from review.extraction.workbook_cells import show_number
from review.protocol import CaseField

NUMBER = CaseField("age", "Age", "number", "years")
PERCENT = CaseField("change", "Change", "number", "percent")
CHOICE = CaseField("sex", "Sex", "choice", choices=("yes", "no"))
FLAG = CaseField("flag", "Flag", "choice", choices=("True", "False"))
DATE = CaseField("onset", "Onset", "date")
TEXT = CaseField("site", "Site", "text")


def day(*parts):
    return dt.datetime(*parts)  # noqa: DTZ001 - dates of a workbook have no zone


@pytest.mark.parametrize(
    ("value", "form", "field", "text"),
    [
        (None, "General", NUMBER, ""),
        (" 54 ", "@", NUMBER, "54"),
        ("=1+1", "@", TEXT, "=1+1"),
        ("a_x000A_b _x005F_x000A_", "@", TEXT, "a\nb _x000A_"),
        (54, "General", NUMBER, "54"),
        (54.0, "General", NUMBER, "54"),
        (0.1 + 0.2, "General", NUMBER, "0.3"),
        (1e-5, "General", NUMBER, "0.00001"),
        (12, "0000", None, "0012"),
        (12, "0", None, "12"),
        (2019, "General", DATE, "2019"),
        (day(2019, 3, 31), "yyyy-mm-dd", DATE, "2019-03-31"),
        (dt.date(2019, 3, 31), "d/m/yy", DATE, "2019-03-31"),
        (1, "General", CHOICE, "1"),
    ],
)
def test_what_needs_no_remark(value, form, field, text):
    assert read_cell(value, form, field) == Reading(text)


@pytest.mark.parametrize(
    ("value", "form", "field", "text", "remark"),
    [
        (True, "General", CHOICE, "yes", "it holds TRUE, read as yes"),
        (False, "General", FLAG, "False", "it holds FALSE, read as False"),
        (True, "General", TEXT, "true", "it holds TRUE, read as true"),
        (0.47, "0%", PERCENT, "47", "it shows 47%, read as 47"),
        (-0.285, "0.0%", PERCENT, "-28.5", "it shows -28.5%, read as -28.5"),
        (0.47, "0%", NUMBER, "0.47", "it shows 47%, read as 0.47"),
        (0.47, "0%", None, "47%", "it shows 47%, read as 47%"),
        (day(2019, 3, 1), "mmm-yy", DATE, "2019-03", "Excel made the date 2019-03-01 of a month, read as 2019-03"),
        (day(2019, 3, 1), "yyyy\\-mm", DATE, "2019-03", "Excel made the date 2019-03-01 of a month, read as 2019-03"),
        (day(2019, 3, 31, 8, 30), "d.m.yyyy", DATE, "2019-03-31", "the time 08:30 was left out"),
    ],
)
def test_what_is_read_as_something_else_is_told(value, form, field, text, remark):
    assert read_cell(value, form, field) == Reading(text, remark=remark)


@pytest.mark.parametrize(
    ("value", "form", "field", "told"),
    [
        (day(2026, 4, 3), "d-mmm", NUMBER, "Excel made the date 2026-04-03 of what was typed, perhaps 3-4 or 4-3"),
        (day(1954, 1, 1), "mmm-yy", TEXT, "Excel made the date 1954-01-01 of what was typed, perhaps 1-54"),
        (day(2019, 3, 31), "yyyy-mm-dd", CHOICE, "Excel made the date 2019-03-31 of what was typed"),
        (day(2019, 3, 31), '[$-409]d"d"/mm/yyyy', None, "Excel made the date 2019-03-31 of what was typed"),
        (dt.time(12, 30), "h:mm", NUMBER, "Excel made the time 12:30:00 of what was typed"),
        (dt.timedelta(hours=30), "[h]:mm", TEXT, "Excel made the time 1 day, 6:00:00 of what was typed"),
        (43555, "General", DATE, "it holds the number 43555 where a date is expected"),
        (1e15, "General", TEXT, "the number has more digits than Excel keeps"),
    ],
)
def test_what_cannot_be_told_for_sure_is_not_guessed(value, form, field, told):
    assert read_cell(value, form, field) == Reading(problem=told)


def test_numbers_have_the_digits_that_excel_shows():
    assert [show_number(value) for value in (0, -0.0, 100, 1.5, 1 / 3, 123456789012345)] == [
        "0", "0", "100", "1.5", "0.333333333333333", "123456789012345",
    ]  # fmt: skip
