"""Tables as an Excel workbook."""

from __future__ import annotations

import io
import time
import zipfile

import openpyxl
import pytest

from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_row
from review.reporting.workbook import read_figure
from review.reporting.workbook import render_workbook
from tests.reporting.test_table import TABLE


def read_book(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def make_table(key: str, *texts: str) -> Table:
    return Table(key, "", (Column("a", "A"),), tuple(make_row(text) for text in texts))


def test_a_table_is_a_sheet_with_its_caption_and_footnotes() -> None:
    (sheet,) = read_book(render_workbook([TABLE]))
    assert sheet.title == "improved"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Improved & better, by study.", None, None],
        [None, None, None],
        ["Study", "Events", "Result (95% CI) [b]"],
        ["Reported in full", None, None],
        ["Series_1 <2014> | x [a]", 4, "4/8 (50.0%)"],
        ["=SUM(A1) of 皮膚", 1234, "-0.3"],
        ["Together", 9, "9/19 (47.4%)"],
        [None, None, None],
        ["[a] By its own definition.", None, None],
        ["[b] Clopper-Pearson.", None, None],
    ]
    assert sheet["B6"].number_format == "#,##0"
    assert sheet["A7"].font.bold
    assert sheet["A6"].alignment.indent == 1
    assert sheet.freeze_panes == "B4"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_text_is_never_a_formula(text: str) -> None:
    data = render_workbook([make_table("a", text)])
    (sheet,) = read_book(data)
    assert sheet["A4"].data_type == "s"
    assert sheet["A4"].quotePrefix
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("text", "value", "figure"),
    [
        ("1,234", 1234, (1234, "#,##0")),
        ("47.4", 9 / 19, (100 * (9 / 19), "0.0")),
        ("47.4%", 9 / 19, (9 / 19, "0.0%")),
        ("0.47", 9 / 19, (9 / 19, "0.00")),
        ("100.0", 1.0, (100.0, "0.0")),
        ("0.0", 0.0, (0.0, "0.0")),
        ("-0.5", -0.5, (-0.5, "0.0")),
        ("12.5", 1 / 8, (12.5, "0.0")),
        ("9/19 (47.4%)", 9 / 19, None),
        ("48.0", 9 / 19, None),
        ("48.0%", 9 / 19, None),
        ("47.4", None, None),
        ("not estimable", None, None),
    ],
)
def test_a_number_prints_as_in_the_table(text: str, value: float | None, figure: tuple[float, str] | None) -> None:
    assert read_figure(Cell(text, value)) == figure


def test_a_number_with_a_footnote_stays_a_number() -> None:
    table = Table("a", "", (Column("a", "A"),), (make_row(Cell("47.4", 9 / 19, notes=(0,))),), ("Note.",))
    (sheet,) = read_book(render_workbook([table]))
    assert sheet["A4"].value == pytest.approx(100 * 9 / 19)
    assert sheet["A4"].number_format == '0.0" [a]"'


def test_names_of_sheets_are_within_the_rules_of_excel() -> None:
    keys = ["a/b:c*[d]?", "x" * 40, "X" * 45, "x" * 31]
    names = read_book(render_workbook([make_table(key, "") for key in keys])).sheetnames
    assert names[0] == "a-b-c--d--"
    assert all(len(name) <= 31 for name in names)
    assert len({name.casefold() for name in names}) == 4


def test_text_that_excel_cannot_hold_is_cut_where_it_can_be_seen() -> None:
    (sheet,) = read_book(render_workbook([make_table("a", "x" * 40_000, "bell \x07 end")]))
    assert len(sheet["A4"].value) == 32_767
    assert sheet["A4"].value.endswith("a cell of Excel holds 32,767 characters)")
    assert sheet["A5"].value == "bell   end"


def test_a_workbook_without_tables_opens() -> None:
    assert read_book(render_workbook([])).sheetnames == ["Tables"]


def test_the_same_tables_give_the_same_bytes() -> None:
    data = render_workbook([TABLE])
    # openpyxl writes the time of saving in seconds.
    time.sleep(1.1)
    assert data == render_workbook([TABLE])
