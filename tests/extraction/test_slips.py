from __future__ import annotations

import pytest

from review.extraction.sheet import parse_sheet
from review.extraction.slips import suggest_choice
from review.marked import parse_marked
from tests.builder import make_protocol

PROTOCOL = make_protocol().case_fields
HEAD = "format: 1\nstudy: s\nreports: [{record: pubmed:1, name: p}]\ncases:\n  - case: c\n    "


def read(line):
    study, findings = parse_sheet(parse_marked(f"{HEAD}{line}\n", "s.yaml"), make_protocol())
    return study.cases[0], [str(finding) for finding in findings if finding.code != "EXTRACT-017"]


@pytest.mark.parametrize(
    ("value", "mend"),
    [
        ("1,5", "write a decimal point: 1,5 is 1.5"),
        ("1·5", "write a decimal point"),
        ("1 000", "without spaces or marks between thousands"),
        ("1,000,000", "without commas"),
        ("1_000", "without underscores"),
        ("−5", "write the minus as a hyphen: -5"),
        ("≥5", "write the sign as <= or >="),
        ("about 50", 'write about as ~: "~5"'),
        ("more than 50", "write an inequality as its sign"),
        ("1:40", "a titre or ratio such as 1:40 is text"),
        ("12:30:00", "a time is given in the unit of the field"),
        ("40-50", "a patient has one value"),
        ("40 to 50", "a patient has one value"),
        ("53 ± 2.1", "a mean with its SD belongs into characteristics"),
        ("4/8", "events of total belong into counts"),
        ("50%", "without the percent sign"),
        ("54 years", "write the number alone; the unit stands in the protocol"),
        ("0x1F", "decimal digits"),
        ("1.2.3", "a date or a version"),
        ("NA", "missing is a word"),
        ("n.r.", "missing is a word"),
        ("'-'", "missing is a word"),
        ("unknown", "missing is a word"),
        ("not stated", "missing is a word"),
    ],
)
def test_slips_in_numbers_come_with_their_mend(value, mend):
    case, (told,) = read(f"age_years: {value}")
    assert "EXTRACT-016 error" in told
    assert mend in told
    assert "age_years" not in case.fields


@pytest.mark.parametrize("value", ["54", "1e1", "012", "5.10", '"<20"', '">= 20"', "~ 50", "Not Reported"])
def test_what_a_number_may_be_written_as(value):
    case, told = read(f"age_years: {value}")
    assert told == []
    assert "age_years" in case.fields


@pytest.mark.parametrize(
    ("value", "mend"),
    [
        ("2019/03/31", "with hyphens"),
        ("31.3.2019", "write the year first"),
        ("03-04-2019", "write the year first"),
        ("2019-3", "two digits"),
        ("2019-02-30", "must exist"),
        ("20190331", "with hyphens"),
        ("March 2019", "months as numbers"),
        ("unknown", "missing is a word"),
    ],
)
def test_slips_in_dates_come_with_their_mend(value, mend):
    assert mend in read(f"onset: {value}")[1][0]
    assert read("onset: 2019-03-31")[1] == []


@pytest.mark.parametrize(
    ("value", "mend"),
    [("Female", "write it as in the protocol: female"), ("f", "did you mean female?"), ("femal", "did you mean female?"), ("NR", "missing is a word")],
)  # fmt: skip
def test_slips_in_choices_come_with_their_mend(value, mend):
    assert mend in read(f"sex: {value}")[1][0]
    assert read("sex: female")[1] == []


@pytest.mark.parametrize(
    ("value", "mend"),
    [
        ("NO", "write it as in the protocol: no"),
        ("true", "write yes"),
        ("off", "write no"),
        ("0", "write no"),
        ("Y", "write yes"),
    ],
)
def test_what_other_programs_call_yes_and_no(value, mend):
    assert mend in read(f"outcomes: {{response: {value}}}")[1][0]
    assert read("outcomes: {response: no}")[1] == []


def test_no_mend_is_invented():
    assert suggest_choice("purple", ("female", "male")) == ""
    assert suggest_choice("", ("female", "male")) == ""
    assert read("age_years: purple")[1][0].endswith("or one of: not reported, not applicable, unclear")
