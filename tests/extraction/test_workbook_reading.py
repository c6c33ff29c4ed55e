from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from review.errors import FormatError
from review.errors import LimitError
from review.extraction.table import render_cases
from review.extraction.workbook_reading import parse_workbook
from review.extraction.workbook_reading import read_workbook
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import show

PROTOCOL = make_protocol()
HEADER = ["case", "age_years", "sex", "onset", "site", "outcome:response"]


def make(*rows, change=None, title="Sheet1", others=()):
    """A workbook as people make it: no formats, the header first."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for name, header in others:
        book.create_sheet(name).append(header)
    if change:
        change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parse(data, sheet=""):
    return parse_workbook(data, "t.xlsx", PROTOCOL, sheet)


def test_a_sheet_as_people_make_it():
    rows = parse(
        make(HEADER, ["c1", 54, "female", dt.date(2019, 3, 31), "hand", "yes"], [], ["c2", "< 20", "male", 2019])
    )
    assert rows.findings == ()
    assert [(row.line, row["case"], row["age_years"], row["onset"]) for row in rows.rows] == [
        (2, "c1", "54", "2019-03-31"),
        (4, "c2", "< 20", "2019"),
    ]
    yaml, count, findings = render_cases(rows, PROTOCOL, "s")
    assert (count, findings) == (2, [])
    assert '    age_years: {value: 20, op: "<"}\n' in yaml


def test_a_title_may_stand_above():
    rows = parse(make(["Table 2. Patients"], [], HEADER, ["c1", 54]))
    assert [(row.line, row["case"]) for row in rows.rows] == [(4, "c1")]


def test_cells_without_a_value_are_told_by_name():
    def change(sheet):
        sheet["B2"] = "=A1+1"
        sheet["B3"] = "#N/A"
        sheet["B3"].data_type = "e"
        sheet["B4"] = dt.datetime(2026, 4, 3)  # noqa: DTZ001 - dates of a workbook have no zone
        sheet["B4"].number_format = "d-mmm"
        sheet["B5"] = ArrayFormula("B5", "=SUM(A1:A2)")

    rows = parse(make(HEADER, *([f"c{number}", None, "female"] for number in range(1, 5)), change=change))
    assert show(rows.findings) == [
        f"t.xlsx:{line}: EXTRACT-066 error: Sheet1!B{line} (age_years): {problem} (format the cell as text and type it again)"
        for line, problem in (
            (2, "it holds a formula without its result"),
            (3, "it holds the error #N/A"),
            (4, "Excel made the date 2026-04-03 of what was typed, perhaps 3-4 or 4-3"),
            (5, "it holds a formula without its result"),
        )
    ]
    assert list_codes(rows.findings) == ["EXTRACT-066"] * 4
    assert {row["age_years"] for row in rows.rows} == {""}


def test_what_is_read_as_something_else_is_told():
    def change(sheet):
        sheet["D2"] = dt.date(2019, 3, 1)
        sheet["D2"].number_format = "mmm-yy"

    rows = parse(make(HEADER, ["c1", 54, True, None, None, True], change=change))
    assert list_codes(rows.findings) == ["EXTRACT-067"] * 3
    (row,) = rows.rows
    assert (row["sex"], row["onset"], row["outcome:response"]) == ("true", "2019-03", "yes")


def test_a_formula_is_read_as_its_result():
    data = make(HEADER, ["c1", "=50+4"])
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = (
        parts[name]
        .replace(b"<f>50+4</f><v></v>", b"<f>50+4</f><v>54</v>")
        .replace(b"<f>50+4</f><v/>", b"<f>50+4</f><v>54</v>")
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    rows = parse(stream.getvalue())
    assert rows.rows[0]["age_years"] == "54"
    assert show(rows.findings) == [
        "t.xlsx:2: EXTRACT-067 warning: Sheet1!B2 (age_years): it is a formula, read as its result 54"
    ]


def test_merged_and_hidden_cells_are_told():
    def change(sheet):
        sheet.merge_cells("C2:C3")
        sheet.merge_cells("J2:K3")
        sheet.row_dimensions[3].hidden = True

    rows = parse(make(HEADER, ["c1", 1, "female"], ["c2", 2], change=change))
    assert show(rows.findings) == [
        "t.xlsx:2: EXTRACT-068 warning: Sheet1!C2:C3 is merged; only its first cell has the value, the others were read as empty (split it and fill every cell)",
        "t.xlsx:3: EXTRACT-068 warning: Sheet1: rows 3 are hidden and were read, too",
    ]
    assert list_codes(rows.findings) == ["EXTRACT-068"] * 2
    assert len(rows.rows) == 2


def test_columns_without_a_name_or_with_one_that_is_taken_are_told():
    rows = parse(make([*HEADER, None, "sex", None], ["c1", 1, "female", None, None, None, "x", "male"]))
    assert show(rows.findings) == [
        "t.xlsx:1: EXTRACT-065 warning: Sheet1!G1: the column has no name; it was left out; expected a name in the header",
        "t.xlsx:1: EXTRACT-065 warning: Sheet1!H1: there is another column sex; this one was left out",
    ]
    assert rows.rows[0]["sex"] == "female"


def test_the_sheet_with_the_cases_is_found():
    other = [("Second", HEADER)]
    assert parse(make(["a"], title="Notes", others=other)).columns == tuple(HEADER)
    assert parse(make(["case"], title="x", others=other), "Second").columns == tuple(HEADER)
    assert parse(make(["case"], title="x", others=[("cases", HEADER)])).columns == tuple(HEADER)


@pytest.mark.parametrize(
    ("data", "sheet", "told"),
    [
        (make(["id", "age"]), "", "t.xlsx: no sheet has a column case; name the columns in the first row"),
        (make(["id"]), "Sheet1", "the sheet Sheet1 has no column case"),
        (make(["case"], others=[("Second", ["case"])]), "", "several sheets have a column case: Sheet1, Second; name one with --sheet"),
        (make(["case"]), "None", "there is no sheet None; sheets: Sheet1"),
        (b"", "", "is not a whole Excel file"),
        (b"case,age\nc1,5\n", "", "is not a whole Excel file"),
        (make(["case"])[:-50], "", "is not a whole Excel file"),
        (make(["case"]).replace(b"xl/workbook.xml", b"xl/workbxxk.xml"), "", "is not a whole Excel file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "", "is protected by a password, or an old .xls file"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_cases(data, sheet, told):
    with pytest.raises(FormatError, match=r"^t\.xlsx: ") as caught:
        parse(data, sheet)
    assert told in str(caught.value)


def test_files_that_are_too_large_are_refused(monkeypatch, tmp_path):
    data = make(HEADER, ["c1"])
    path = tmp_path / "t.xlsx"
    path.write_bytes(data)
    assert read_workbook(path, "t.xlsx", PROTOCOL).columns == tuple(HEADER)
    for limit in ("LIMIT_CELLS", "LIMIT_UNPACKED", "LIMIT_BYTES"):
        with monkeypatch.context() as patch:
            patch.setattr(f"review.extraction.workbook_reading.{limit}", 3)
            with pytest.raises(LimitError):
                read_workbook(path, "t.xlsx", PROTOCOL)
    for name in ("t.xls", "t.ods", "none.xlsx"):
        with pytest.raises(FormatError, match="cannot be read"):
            read_workbook(tmp_path / name, name, PROTOCOL)
