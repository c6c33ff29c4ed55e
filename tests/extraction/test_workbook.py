from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.extraction.sheet import parse_sheet
from review.extraction.table import render_cases
from review.extraction.template import quote_text
from review.extraction.workbook import is_kept
from review.extraction.workbook import list_choices
from review.extraction.workbook import name_fields
from review.extraction.workbook import render_workbook
from review.extraction.workbook_reading import parse_workbook
from review.marked import parse_marked
from tests.builder import make_protocol
from tests.extraction import typed
from tests.extraction.test_table import HEAD
from tests.extraction.test_table import PROTOCOL
from tests.extraction.test_table import SHEET
from tests.extraction.test_table import strip

#: What spreadsheets take for something else, and what people and hostile files write.
TEXTS = (
    "0012", "3-4", "1/2", "2019-03-31", "1E5", "<20", "=1+1", "'=1+1", "''+x", "+49", "-", "@a", "=", "'", "TRUE", "#N/A", "1,5", "54.0", "1234567890123456789",
    "a, b; c", '"quoted"', "a: b # c", "{x}", "ÀÉ 东京 🙂", "_x000a_", "_x005F_x000a_", "<b>&amp;</b>", "x" * 300,
)  # fmt: skip


def parse(text, protocol=PROTOCOL):
    study, findings = parse_sheet(parse_marked(text, "s.yaml"), protocol)
    assert [finding for finding in findings if finding.level == "error"] == []
    return study


def come_back(study, protocol=PROTOCOL):
    """The cases of a study after a way through a workbook, which must give no finding."""
    rows = parse_workbook(render_workbook([study], protocol), "t.xlsx", protocol)
    text, count, findings = render_cases(rows, protocol, study.id)
    assert (count, findings) == (len(study.cases), [])
    return parse(HEAD + text, protocol)


def load(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_cases_come_back_from_a_workbook():
    study = parse(SHEET)
    assert [strip(case) for case in come_back(study).cases] == [strip(case) for case in study.cases]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_that_spreadsheets_change_come_back(text):
    study = parse(f"{HEAD}cases:\n  - {{case: {quote_text(text)}, site: {quote_text(text)}}}\n")
    assert [strip(case) for case in come_back(study).cases] == [strip(case) for case in study.cases]


_texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            _texts,
            st.sampled_from(["54", "5.50", "0.1", "1e2", "< 20", "110", "not reported", ".5"]),
            st.sampled_from(["female", "male", "unclear"]),
            st.sampled_from(["2019", "2019-03", "2019-03-31", "not applicable"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_cases_come_back(values):
    cases = "".join(
        f"  - {{case: c{number}, site: {quote_text(site)}, age_years: {quote_text(age)}, sex: {sex}, onset: {onset}}}\n"
        for number, (site, age, sex, onset) in enumerate(values)
        if " ".join(site.split())
    )
    if cases:
        study = parse(f"{HEAD}cases:\n{cases}")
        assert [strip(case) for case in come_back(study).cases] == [strip(case) for case in study.cases]


def test_cells_are_texts_and_never_formulas():
    book = load(render_workbook([parse(SHEET)], PROTOCOL))
    sheet = book["cases"]
    columns = {cell.value: cell.column_letter for cell in sheet[1]}
    formats = {cell.number_format for row in sheet.iter_rows() for cell in row}
    assert formats == {"@"}
    site = sheet[f"{columns['site']}2"]
    assert (site.value, site.data_type) == ("=1+1 # hands: both", "s")
    study = parse(f"{HEAD}cases:\n  - {{case: c1, site: '=1+1', age_years: 54}}\n")
    cells = {cell.value: cell.data_type for cell in load(render_workbook([study], PROTOCOL))["cases"][2]}
    assert (cells["=1+1"], cells[54]) == ("s", "n")
    assert sheet.column_dimensions[columns["site"]].number_format == "@"


def test_the_header_stays_in_sight_and_choices_are_offered():
    book = load(render_workbook([parse(SHEET)], PROTOCOL))
    sheet = book["cases"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref[:2]) == ("C2", "A1")
    assert (book.sheetnames, book["choices"].sheet_state) == (["cases", "dictionary", "choices"], "hidden")
    columns = {cell.value: cell.column_letter for cell in sheet[1]}
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    offered = {}
    for name in ("sex", "outcome:response"):
        area = rules[f"{columns[name]}2"].formula1.removeprefix("choices!").replace("$", "")
        offered[name] = [row[0].value for row in book["choices"][area]]
    assert offered == {
        "sex": ["female", "male", "not reported", "not applicable", "unclear"],
        "outcome:response": ["yes", "no", "not reported", "not applicable", "unclear"],
    }
    age = rules[f"{columns['age_years']}2"]
    assert (age.type, age.promptTitle) == (None, "Age")
    assert age.prompt == "Age: number in years, 0 to 110"
    assert [cell.value for cell in book["dictionary"]["A"]][1:5] == ["age_years", "cycles", "sex", "onset"]


def test_long_labels_and_many_choices_fit_excel():
    choices = ", ".join(f'"choice, {number} {"x" * 20}"' for number in range(40))
    protocol = make_protocol(
        f"format: 1\ntitle: t\ncase_fields:\n  a: {{label: {'long ' * 20}, type: choice, choices: [{choices}]}}\n"
    )
    book = load(render_workbook([], protocol))
    (rule,) = book["cases"].data_validations.dataValidation
    assert (len(rule.promptTitle), len(rule.prompt) <= 255) == (32, True)
    assert book["choices"].max_row == 44
    assert book["cases"].max_row == 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [("54", True), ("0", True), ("5.5", True), ("-3", True), ("0.25", True), ("5.50", False), ("054", False), ("1e5", False), ("54.", False),
     (".5", False), ("< 20", False), ("1234567890123456", False), ("+5", False)],
)  # fmt: skip
def test_which_numbers_excel_keeps(text, kept):
    assert is_kept(text) is kept


def test_fields_are_named_as_columns():
    fields = name_fields(PROTOCOL)
    assert fields["outcome:response"].choices == ("yes", "no")
    assert list_choices("age_years", fields["age_years"]) == ()


def test_arms_and_outcomes_of_every_type_come_back():
    protocol = typed.read_protocol()
    study, _ = typed.read_sheet()
    rows = parse_workbook(render_workbook([study], protocol), "t.xlsx", protocol)
    text, count, findings = render_cases(rows, protocol, "s")
    assert (count, findings) == (3, [])
    again, _ = typed.read_sheet(HEAD + text)

    def tell(case):
        return strip(case), case.arm, [(item.exposure, item.event) for item in case.outcomes.values()]

    assert [tell(case) for case in again.cases] == [tell(case) for case in study.cases]
    fields = name_fields(protocol)
    assert list_choices("arm", fields["arm"]) == ("high", "low")
    assert list_choices("outcome:relapse:event", fields["outcome:relapse:event"]) == ("yes", "no")
    assert fields["outcome:flares:exposure"].unit == "months"
