from __future__ import annotations

import pytest

from review.extraction.checks import check_sheets
from review.extraction.derive import apply_rule
from review.extraction.derive import check_rules
from review.extraction.derive import count_by_rules
from review.extraction.rules import RuleProblem
from review.extraction.sheet import parse_sheet
from review.extraction.tally import count_cases
from review.extraction.tally import tally_outcome
from review.marked import parse_marked
from review.protocol import parse_protocol
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import make_review
from tests.builder import show

PROTOCOL = """\
format: 1
title: Made up
time_points:
  month_6: {label: Six months, after: first infusion}
case_fields:
  vas_change: {label: Change of pain, type: number, unit: percent, range: [-100, 1000], time_point: month_6, required: yes}
  followup: {label: Follow-up, type: number, unit: months, range: [0, 600], units: {years: 12, weeks: 12/52, days: 0.0329}}
  ulcer: {label: New ulcers, type: choice, choices: [yes, no]}
  onset: {type: date}
outcomes:
  response:
    label: Response
    response: Pain down by half without new ulcers
    rule: vas_change <= -50 and not ulcer
    alternative_rules: {strict: vas_change <= -70 and not ulcer, pain: vas_change <= -50}
  lasting:
    rule: response and followup >= 12
"""

SHEET = """\
format: 1
study: s
reports: [{record: pubmed:1, name: p}]
cases:
  - case: both-agree
    vas_change: {value: -60, source: p}
    ulcer: {value: no, source: p}
    followup: {value: 2, unit: years, source: p}
    outcomes: {response: {value: yes, source: p}}
  - case: derived-only
    vas_change: {value: -40, source: p}
  - case: left-open
    vas_change: {value: -80, source: p}
    ulcer: not reported
    outcomes: {response: {value: no, source: p}}
  - case: conflict
    vas_change: {value: 10, source: p}
    outcomes: {response: {value: yes, source: p}}
  - case: reported-only
    vas_change: not reported
    outcomes: {response: {value: yes, source: p}}
  - case: nothing
    vas_change: not reported
"""


def parse(text=SHEET, protocol=PROTOCOL):
    return parse_sheet(parse_marked(text, "extraction/studies/s.yaml"), make_protocol(protocol))


def change(old, new, text=PROTOCOL):
    assert text.count(old) == 1, old
    return text.replace(old, new)


def list_rule_findings(protocol):
    return list(check_rules(parse_protocol(parse_marked(protocol, "protocol.yaml"))[0]))


def test_responses_are_derived_beside_those_reported():
    study, findings = parse()
    assert findings == []
    derived = {case.id: case.derived["response"].value for case in study.cases if "response" in case.derived}
    assert derived == {"both-agree": "yes", "derived-only": "no", "left-open": None, "conflict": "no"}
    reported = {case.id: case.outcomes["response"].value for case in study.cases if "response" in case.outcomes}
    assert reported == {"both-agree": "yes", "left-open": "no", "conflict": "yes", "reported-only": "yes"}


def test_a_rule_comes_before_the_report_which_comes_before_nothing():
    study, _ = parse()
    tally = tally_outcome(study, "response")
    assert (tally.events, tally.total) == (2, 5)
    assert tally.derived == ("both-agree", "derived-only", "conflict")
    assert tally.unknown == ("nothing",)
    assert [origin.line for origin in tally.origins] == [6, 7, 11, 15, 17, 21]
    reported = count_cases(study.cases, "response", as_reported=True)
    assert (reported.events, reported.total, reported.derived) == (3, 5, ("derived-only",))


def test_a_rule_may_use_an_outcome_and_a_converted_value():
    study, _ = parse()
    case = study.cases[0]
    assert (case.fields["followup"].value, case.fields["followup"].note) == ("24", "read as 2 years")
    assert (case.derived["lasting"].value, [item.value for item in case.derived["lasting"].used]) == (
        "yes",
        ["-60", "no", "24"],
    )
    # The reported answer stands in where the rule leaves the outcome open.
    assert study.cases[2].derived["lasting"].value == "no"


def test_a_case_that_contradicts_the_rule_is_told():
    study, _ = parse()
    assert show(check_sheets([study], lambda _record: True)) == [
        (
            "extraction/studies/s.yaml:18: EXTRACT-042 warning: response of conflict is reported as yes, but follows as no from the rule; "
            "expected no (vas_change <= -50 and not ulcer)"
        )
    ]
    agreeing, _ = parse(change("{value: 10, source: p}", "{value: -90, source: p}", SHEET))
    assert check_sheets([agreeing], lambda _record: True) == []


def test_totals_are_held_against_the_answers_as_reported():
    count = "counts:\n  - {outcome: response, events: 3, total: 5, source: p}\n"
    study, _ = parse(SHEET + count)
    assert "EXTRACT-022" not in list_codes(check_sheets([study], lambda _record: True))
    study, _ = parse(SHEET + count.replace("3", "2"))
    assert "EXTRACT-022" in list_codes(check_sheets([study], lambda _record: True))


def test_alternative_rules_count_anew():
    study, _ = parse()
    protocol = make_protocol(PROTOCOL)
    counted = count_by_rules([study], protocol, protocol.outcomes[0])
    assert {name: (tallies["s"].events, tallies["s"].total) for name, tallies in counted.items()} == {
        "rule": (2, 5),
        "strict": (1, 5),
        "pain": (3, 5),
    }
    changed = apply_rule(study, protocol, "response", "vas_change < 0")
    assert [case.derived["response"].value for case in changed.cases[:4]] == ["yes", "yes", "yes", "no"]
    with pytest.raises(RuleProblem):
        apply_rule(study, protocol, "response", "vas_change <")


@pytest.mark.parametrize(
    ("old", "new", "code", "printed"),
    [
        (
            "rule: vas_change <= -50 and",
            "rule: vas_chang <= -50 and",
            "EXTRACT-040",
            (
                "error: the rule of response cannot be read at character 1: the protocol has no case field or outcome vas_chang "
                "(did you mean vas_change?)"
            ),
        ),
        (
            "strict: vas_change <= -70",
            "strict: vas_change <= half",
            "EXTRACT-040",
            (
                "error: the rule of response named strict cannot be read at character 15: the protocol has no case field or "
                "outcome half (define it under case_fields or outcomes)"
            ),
        ),
        (
            "rule: response and followup",
            "rule: lasting and followup",
            "EXTRACT-041",
            "error: the rule of lasting needs itself, by way of lasting",
        ),
    ],
)
def test_rules_that_cannot_be_used_are_told(old, new, code, printed):
    (finding,) = list_rule_findings(change(old, new))
    assert str(finding).endswith(f"{code} {printed}")
    assert finding.origin.path == "protocol.yaml"
    assert list_rule_findings(PROTOCOL) == []


def test_an_unusable_rule_leaves_what_is_reported():
    study, _ = parse(protocol=change("rule: vas_change <= -50 and not ulcer\n", "rule: vas_change <=\n"))
    assert tally_outcome(study, "response").derived == ()
    assert tally_outcome(study, "response").total == 4


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("unit: years", "unit: fortnights", "EXTRACT-043", "given in fortnights, for which the protocol declares no factor"),
        ("value: 2, unit", "value: two, unit", "EXTRACT-016", "'two': not a number"),
        ("value: 2, unit", "value: 200, unit", "EXTRACT-016", "'2400': outside the range"),
        ("    vas_change: {value: 10, source: p}\n", "", "EXTRACT-044", "vas_change of cases[3] is missing, which the protocol"),
        ("value: -60, source: p", "value: -60, unit: points, source: p", "EXTRACT-043", "given in points"),
        ("ulcer: {value: no, source", "ulcer: {value: no, unit: mg, source", "EXTRACT-001", "unknown key unit in cases[0].ulcer"),
    ],
)  # fmt: skip
def test_slips_of_units_and_required_fields(old, new, code, message):
    _, findings = parse(change(old, new, SHEET))
    assert any(finding.code == code and message in str(finding) for finding in findings), show(findings)
    assert parse()[1] == []


@pytest.mark.parametrize(
    ("value", "converted"),
    [("{value: 26, unit: weeks, source: p}", "6"), ("{value: 10, unit: days, source: p}", "0.329"),
     ("{value: 1, unit: weeks, source: p}", "0.230769"), ("{value: 7, unit: months, source: p}", "7")],
)  # fmt: skip
def test_units_are_converted_by_the_declared_factor(value, converted):
    study, findings = parse(change("{value: 2, unit: years, source: p}", value, SHEET))
    assert (study.cases[0].fields["followup"].value, findings) == (converted, [])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("years: 12", "years: -12", "case_fields.followup.units.years is -12; expected a number above 0"),
        ("years: 12", "years: 1/0", "case_fields.followup.units.years is 1/0"),
        ("years: 12", "years: twelve", "case_fields.followup.units.years is twelve"),
        ("unit: months, ", "", "case_fields.followup.units is given; expected a number with a unit"),
        (
            "time_point: month_6",
            "time_point: month_7",
            "case_fields.vas_change.time_point is month_7; expected month_6",
        ),
        (", after: first infusion", "", "after of time_points.month_6 is missing"),
        ("required: yes", "required: maybe", "case_fields.vas_change.required is maybe; expected yes | no"),
    ],
)
def test_slips_in_the_protocol(old, new, message):
    _, findings = parse_protocol(parse_marked(change(old, new), "protocol.yaml"))
    assert any(message in str(finding) for finding in findings), show(findings)


def test_changing_the_rule_moves_the_pooled_table(tmp_path):
    from review.results import compute_results

    made = make_review(tmp_path / "review")
    made.change("protocol.yaml", "    response: Smaller on X-ray\n", "    response: r\n    rule: age_years >= 50\n")
    (planned,) = compute_results(made.open()).planned
    assert [(row.tally.events, row.tally.total) for row in planned.rows] == [(1, 2), (1, 1)]
    made.change("protocol.yaml", "rule: age_years >= 50", "rule: age_years >= 60")
    review = made.open()
    (planned,) = compute_results(review).planned
    assert [(row.tally.events, row.tally.total) for row in planned.rows] == [(0, 2), (1, 1)]
    assert "EXTRACT-042" in {finding.code for finding in review.findings}
    made.change("protocol.yaml", "rule: age_years >= 60", "rule: age >= 60")
    assert "EXTRACT-040" in made.codes()
