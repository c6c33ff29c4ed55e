from __future__ import annotations

import pytest

from review.extraction.sheet import parse_sheet
from review.extraction.values import find_missing
from review.marked import parse_marked
from tests.builder import ADAMS
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import show

PROTOCOL = make_protocol()
PLACE = "extraction/studies/x.yaml"


def read(line):
    """Read a sheet with one case that has one field; return the observation (None if it is not used) and the findings."""
    text = f"format: 1\nstudy: x\nreports:\n  - {{record: {ADAMS}, name: paper}}\ncases:\n  - case: x-1\n    {line}\n"
    study, findings = parse_sheet(parse_marked(text, PLACE), PROTOCOL)
    values = study.cases[0].fields
    return next(iter(values.values()), None), findings


def test_a_value_with_its_source():
    value, findings = read(
        "age_years: {value: 54, op: '>=', source: {record: paper, place: Table 1, words: over 54}, note: n}"
    )
    assert findings == []
    assert (value.value, value.op, value.missing, value.note) == ("54", ">=", None, "n")
    assert value.source == (ADAMS, "Table 1", "over 54")
    assert (value.origin.path, value.origin.line, value.origin.key) == (PLACE, 7, "cases[0].age_years")


@pytest.mark.parametrize(
    ("line", "op", "value"),
    [
        ("age_years: 54", "=", "54"),
        ("age_years: <54", "<", "54"),
        ("age_years: '>= 54'", ">=", "54"),
        ("age_years: ~54", "~", "54"),
        ("age_years: {value: 54, op: <=}", "<=", "54"),
        ("cycles: 2", "=", "2"),
        ("cycles: 2.0", "=", "2.0"),
        ("sex: female", "=", "female"),
        ("onset: 2019-03-31", "=", "2019-03-31"),
        ("onset: 2019-03", "=", "2019-03"),
        ("onset: 2019", "=", "2019"),
        ("site: both hands", "=", "both hands"),
        ("age_years: 110", "=", "110"),
    ],
)
def test_values_as_they_are_typed(line, op, value):
    read_value, findings = read(line)
    assert (read_value.op, read_value.value) == (op, value)
    assert set(list_codes(findings)) <= {"EXTRACT-017"}


@pytest.mark.parametrize("word", ["not reported", "not applicable", "unclear", "Not reported", "UNCLEAR"])
@pytest.mark.parametrize("line", ["site: {}", "age_years: {}", "site: {{value: {}, note: looked for in the text}}"])
def test_missing_is_a_word_in_any_case_and_needs_no_source(word, line):
    value, findings = read(line.format(word))
    assert (value.value, value.missing) == ("", word.lower())
    assert findings == []


def test_words_that_are_not_missing():
    assert find_missing("n/a") is None
    assert find_missing("not reported in the paper") is None


#: A line with a value that the protocol does not allow, words of the message, and a line with an allowed one.
SLIPS = [
    ("age_years: 5,5", "'5,5': not a number; expected a decimal point, not a comma", "age_years: 5.5"),
    ("age_years: fifty", "'fifty': not a number; expected a number, or one of: not reported", "age_years: 50"),
    ("age_years: 111", "'111': outside the range of the protocol; expected 0..110 years", "age_years: 110"),
    ("age_years: -1", "'-1': outside the range of the protocol", "age_years: 0"),
    ("age_years: 1e999999999", "not a number", "age_years: 1e2"),
    ("cycles: 2.5", "'2.5': not a whole number; expected a whole number", "cycles: 2"),
    ("cycles: 51", "outside the range of the protocol; expected 0..50", "cycles: 50"),
    ("sex: woman", "'woman': not one of the choices; expected female | male | not reported", "sex: female"),
    ("sex: <female", "a choice has no <; expected the value alone", "sex: female"),
    ("onset: 31.3.2019", "'31.3.2019': not a date; expected 2019-03-31, 2019-03 or 2019", "onset: 2019-03-31"),
    ("onset: 2019-02-30", "not a date", "onset: 2019-02-28"),
]


@pytest.mark.parametrize(("bad", "words", "good"), SLIPS)
def test_a_value_that_the_protocol_does_not_allow_is_told_and_not_used(bad, words, good):
    value, findings = read(bad)
    assert value is None
    assert list_codes(findings) == ["EXTRACT-016"]
    assert str(findings[0]).startswith(f"{PLACE}:7: EXTRACT-016 error: cases[0].")
    assert words in str(findings[0])
    assert "EXTRACT-016" not in list_codes(read(good)[1])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("age_years: [54]", "EXTRACT-003 error: cases[0].age_years is a list; expected a value, or value and source"),
        ("age_years: {value: 54, source: [paper]}", "EXTRACT-003 error: cases[0].age_years.source is a list; expected the name"),
        ("age_years: {source: paper}", "EXTRACT-002 error: value of cases[0].age_years is missing"),
        ("age_years: {value: 54, op: about, source: paper}", "EXTRACT-003 error: cases[0].age_years.op is about; expected = | <"),
        ("age_years: {value: 54, source: {place: Table 1}}", "EXTRACT-002 error: record of cases[0].age_years.source is missing"),
        ("age_years: {value: 54, source: {record: paper, page: 3}}", "EXTRACT-001 error: unknown key page in cases[0].age_years.source"),
        ("age: 54", "EXTRACT-001 error: unknown key age in cases[0]"),
    ],
)  # fmt: skip
def test_slips_in_how_a_value_is_written(line, message):
    assert any(f"{PLACE}:7: {message}" in text for text in show(read(line)[1]))


def test_a_value_without_a_source_is_told_but_used():
    value, findings = read("age_years: 54")
    assert value.value == "54"
    assert show(findings) == [
        f"{PLACE}:7: EXTRACT-017 warning: cases[0].age_years has no source; expected source: where the figure was read"
    ]
    assert read("age_years: {value: 54, source: paper}")[1] == []


def test_a_source_may_be_named_by_the_record_itself():
    value, findings = read("age_years: {value: 54, source: pubmed:7}")
    assert (value.source.record, findings) == ("pubmed:7", [])
