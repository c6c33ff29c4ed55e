from __future__ import annotations

import pytest

from review.extraction.form import find_control
from review.extraction.form import list_entries
from review.extraction.form import order_keys
from review.extraction.form import view_control
from review.extraction.form_sections import describe_form
from review.extraction.sheet_edit import read_tree
from tests.builder import make_protocol

PROTOCOL = """\
format: 1
title: Made up
time_points:
  later: {label: After a year, after: first dose}
case_fields:
  age_years: {label: Age, type: number, unit: years, range: [0, 110], required: yes}
  span: {label: Span, type: number, unit: months, units: {years: 12}, time_point: later}
  sex: {label: Sex, type: choice, choices: [female, male]}
  site: {label: Site, type: text}
outcomes:
  response: {label: Response, response: Smaller, rule: span > 3}
appraisal:
  murad-2018: {items: [selection, exposure], designs: [case report]}
  jbi-case-report: {}
"""

SHEET = """\
format: 1
study: a
reports:
  - {record: r, name: paper}
cases:
  - case: a-1
    age_years: {value: 54, op: ">", source: {record: paper, words: over 54}}
    span: ">5"
    sex: to be extracted
    site: "> 5 fingers"
    outcomes:
      response: {value: no, source: paper}
counts:
  - {outcome: response, events: 1, total: 2, source: {record: paper, extra: x}}
characteristics:
  - {field: age_years, range: [1, 7]}
appraisal:
  - {tool: jbi-case-report, by: ann, answers: {history: yes}}
  - {tool: murad-2018, answers: {selection: {answer: no, reason: chosen}}}
notes: one alone
"""

FORM = describe_form(make_protocol(PROTOCOL))
TREE = read_tree(SHEET, "a.yaml")


def show(*path):
    section, control = find_control(FORM, path)
    entry = TREE
    for step in path[: len(section.path) + section.repeats]:
        entry = entry[step] if isinstance(step, int) or step in entry else None
    return {part: text for part, text in view_control(control, entry).parts.items() if text}


def test_the_sections_follow_the_protocol():
    assert [section.key for section in FORM] == [
        "study", "reports", "sources", "cases", "counts", "characteristics", "appraisal-murad-2018", "appraisal-jbi-case-report",
        "overlap", "notes",
    ]  # fmt: skip
    _, age = find_control(FORM, ("cases", 3, "age_years"))
    assert (age.kind, age.type, age.unit, age.is_required, age.group) == ("cell", "number", "years", True, "Values")
    assert age.hint == "number in years, 0 to 110, required"
    _, span = find_control(FORM, ("cases", 0, "span"))
    assert (span.units, span.group) == (("years",), "Values: After a year")
    _, response = find_control(FORM, ("cases", 0, "outcomes", "response"))
    assert "derived from the values by: span > 3" in response.hint
    murad = next(section for section in FORM if section.key == "appraisal-murad-2018")
    assert [control.path for control in murad.controls if control.kind == "answer"] == [("answers", "selection"), ("answers", "exposure")]  # fmt: skip
    assert "for case report" in murad.hint


@pytest.mark.parametrize(
    "path", [(), ("cases",), ("cases", 0), ("cases", "age_years"), ("cases", 0, "nothing"), ("x", 1)]
)
def test_places_that_a_form_does_not_have(path):
    assert find_control(FORM, path) is None


def test_what_controls_show():
    assert show("cases", 0, "age_years") == {"value": "54", "op": ">", "record": "paper", "words": "over 54"}
    assert show("cases", 0, "span") == {"value": "5", "op": ">"}
    assert show("cases", 0, "sex") == {}
    assert show("cases", 0, "site") == {"value": "> 5 fingers"}
    assert show("cases", 0, "outcomes", "response") == {"value": "no", "record": "paper"}
    assert show("characteristics", 0, "range") == {"first": "1", "last": "7"}
    assert show("appraisal", 1, "answers", "selection") == {"answer": "no", "reason": "chosen"}
    assert show("notes") == {"value": "one alone"}


def test_entries_of_a_list_that_two_sections_share():
    murad, jbi = (section for section in FORM if section.path == ("appraisal",))
    assert [place for place, _ in list_entries(murad, TREE)] == [1]
    assert [place for place, _ in list_entries(jbi, TREE)] == [0]


def test_the_order_of_keys():
    assert order_keys(FORM, ())[:3] == ("format", "study", "label")
    assert list(order_keys(FORM, ("cases", 0)))[:2] == ["case", "age_years"]
    assert list(order_keys(FORM, ("cases", 0, "outcomes"))) == ["response"]
    assert "words" in order_keys(FORM, ("cases", 0, "sex", "source"))


def test_what_a_form_does_not_know_is_left_alone():
    section, control = find_control(FORM, ("counts", 0, "source"))
    assert section.key == "counts"
    state = view_control(control, TREE["counts"][0])
    assert "the key extra" in state.problem
    assert view_control(control, {"source": ["a"]}).problem
    assert view_control(find_control(FORM, ("label",))[1], {"label": {"a": "b"}}).problem
