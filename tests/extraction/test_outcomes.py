from __future__ import annotations

from fractions import Fraction

import pytest

from review.extraction.outcomes import make_field
from review.extraction.values import tell_range
from tests.builder import list_codes
from tests.builder import show
from tests.extraction.typed import SHEET
from tests.extraction.typed import change_sheet
from tests.extraction.typed import read_protocol
from tests.extraction.typed import read_sheet


def test_a_case_tells_outcomes_of_every_type():
    study, findings = read_sheet()
    assert show(findings) == []
    first, second, third = study.cases
    assert [case.arm for case in study.cases] == ["high", "high", "low"]
    assert (first.outcomes["flares"].value, first.outcomes["flares"].exposure) == ("1", "24")
    assert first.outcomes["flares"].note == "exposure read as 2 years"
    assert (first.outcomes["pain"].value, first.outcomes["healed"].value) == ("3.5", "yes")
    assert (first.outcomes["relapse"].value, first.outcomes["relapse"].event) == ("14", "yes")
    assert (second.outcomes["pain"].value, second.outcomes["pain"].note) == ("6", "read as 60 percent")
    assert (second.outcomes["relapse"].value, second.outcomes["relapse"].event) == ("18", "no")
    assert (third.outcomes["flares"].op, third.outcomes["flares"].exposure) == (">=", "")
    assert (third.outcomes["pain"].op, third.outcomes["pain"].note) == ("<", "bedside")
    relapse = third.outcomes["relapse"]
    assert (relapse.missing, relapse.event, relapse.note) == ("not reported", None, "moved away")


def test_rules_use_counts_and_numbers():
    study, _ = read_sheet()
    assert [case.derived["calm"].value for case in study.cases] == ["yes", "no", "no"]
    for text, answer in (("{value: 1, op: '<=', source: p}", "yes"), ("{value: 1, op: '>=', source: p}", None)):
        study, findings = change_sheet('{value: 2, op: ">=", source: p}', text)
        assert findings == []
        assert study.cases[2].derived["calm"].value == answer


def test_a_plain_count_has_no_exposure():
    study, findings = change_sheet("{value: 4, exposure: 12, source: p}", "4")
    assert list_codes(findings) == ["EXTRACT-017"]
    assert study.cases[1].outcomes["flares"].exposure == ""


#: Code, text of the sheet, what stands there instead, line, words of the message; the sheet as it is raises none.
SLIPS = [
    ("EXTRACT-003", "{value: no, source: p}", "{value: 3, source: p}", 19, "cases[1].outcomes.healed is 3; expected yes | no"),
    ("EXTRACT-001", "{value: no, source: p}", "{value: no, exposure: 3, source: p}", 19, "unknown key exposure"),
    ("EXTRACT-016", "{value: 4, exp", "{value: 4.5, exp", 20, "flares is '4.5': not a whole number"),
    ("EXTRACT-016", "{value: 4, exp", "{value: -4, exp", 20, "outside the range of the protocol; expected 0..40"),
    ("EXTRACT-016", "{value: 4, exp", "{value: many, exp", 20, "flares is 'many': not a number"),
    ("EXTRACT-003", "exposure: 12", "exposure: 0", 20, "flares.exposure is 0; expected a time above 0, in months"),
    ("EXTRACT-003", "exposure: 12", "exposure: long", 20, "flares.exposure is long; expected a time above 0"),
    ("EXTRACT-043", "exposure: 12", "exposure: 12, unit: weeks", 20, "weeks, for which the protocol declares no factor; expected months | years"),
    ("EXTRACT-016", "{value: 60, unit: percent", "{value: 60", 21, "pain is '60': outside the range of the protocol; expected 0..10 points"),
    ("EXTRACT-043", "unit: percent", "unit: mm", 21, "expected points | percent"),
    ("EXTRACT-016", "{value: 3.5, source: p}", "{value: '3,5', source: p}", 12, "pain is '3,5': not a number"),
    ("EXTRACT-001", "{value: 3.5, source: p}", "{value: 3.5, exposure: 1, source: p}", 12, "unknown key exposure"),
    ("EXTRACT-003", "{time: 14, event: yes, source: p}", "14", 13, "relapse is 14; expected {time: 14, event: yes} in months"),
    ("EXTRACT-003", "{time: 14, event: yes, source: p}", "[14, yes]", 13, "relapse is a list; expected {time: 14"),
    ("EXTRACT-003", "{time: 14, event: yes", "{value: 14", 13, "relapse is 14"),
    ("EXTRACT-002", "{time: 14, event: yes", "{time: 14", 13, "event of cases[0].outcomes.relapse is missing"),
    ("EXTRACT-002", "{time: 14, event: yes", "{event: yes", 13, "time of cases[0].outcomes.relapse is missing"),
    ("EXTRACT-003", "{time: 14, event: yes", "{time: 14, event: true", 13, "event is true; expected yes, or no where"),
    ("EXTRACT-016", "{time: 14, event: yes", "{time: '>14', event: no", 13, "(a patient who was followed for 14 without the event is {time: 14, event: no})"),
    ("EXTRACT-016", "{time: 14, event: yes", "{time: -1, event: yes", 13, "expected 0 or more months"),
    ("EXTRACT-043", "event: no, unit: years", "event: no, unit: weeks", 22, "expected months | years"),
    ("EXTRACT-018", "    arm: low\n", "    arm: lo\n", 24, "the arm lo of cases[2] is not in the protocol; expected high | low"),
    ("EXTRACT-045", "    arm: low\n", "    arm: to be extracted\n", 24, "cases[2].arm is still to be extracted"),
    ("EXTRACT-045", "{value: 3.5, source: p}", "to be extracted", 12, "pain is still to be extracted"),
    ("EXTRACT-045", "{time: 14, event: yes, source: p}", "to be extracted", 13, "relapse is still to be extracted"),
    ("EXTRACT-017", "{time: 14, event: yes, source: p}", "{time: 14, event: yes}", 13, "relapse has no source"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new", "line", "words"), SLIPS)
def test_slips_are_told_with_their_line(code, old, new, line, words):
    _, findings = change_sheet(old, new)
    told = [finding for finding in findings if finding.code == code]
    assert any(words in str(finding) for finding in told), show(findings)
    assert {finding.origin.line for finding in told} == {line}
    assert code not in list_codes(read_sheet()[1])


def test_an_exposure_needs_a_unit_in_the_protocol():
    from tests.extraction.typed import PROTOCOL

    protocol = PROTOCOL.replace(
        "definition: new lesions, unit: months, units: {years: 12},", "definition: new lesions,"
    )
    assert protocol != PROTOCOL
    _, findings = read_sheet(SHEET, protocol)
    assert any("expected a unit: of flares in the protocol" in str(finding) for finding in findings)


def test_counts_and_times_have_a_field_that_begins_at_zero():
    healed, flares, pain, relapse = (read_protocol().outcome(name) for name in ("healed", "flares", "pain", "relapse"))
    assert (make_field(healed).type, make_field(healed).choices) == ("choice", ("yes", "no"))
    assert (make_field(flares).type, make_field(flares).unit, make_field(flares).high) == ("integer", "", 40)
    assert (make_field(pain).type, make_field(pain).unit, make_field(pain).low) == ("number", "points", 0)
    assert (make_field(relapse).low, make_field(relapse).high, make_field(relapse).units) == (0, None, (("years", 12),))


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(Fraction(0), Fraction(110), "0..110"), (Fraction(1, 2), None, "0.50 or more"), (None, Fraction(9), "9 or less"), (None, None, "")],
)  # fmt: skip
def test_limits_are_told(low, high, text):
    assert tell_range(low, high) == text
