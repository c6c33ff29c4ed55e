from __future__ import annotations

import pytest

from review.extraction.form import find_control
from review.extraction.form import view_control
from review.extraction.form_input import Change
from review.extraction.form_input import make_input
from review.extraction.form_sections import describe_form
from review.extraction.sheet import parse_sheet
from review.extraction.sheet_edit import edit_sheet
from review.extraction.sheet_edit import read_tree
from review.marked import parse_marked
from tests.builder import make_protocol

PROTOCOL = """\
format: 1
title: Made up
arms:
  drug: {label: Drug, interventions: [penicillamine]}
  placebo: {label: Placebo}
outcomes:
  response: {label: Response, response: Smaller}
  flares: {label: Flares, type: count, unit: months, units: {years: 12}}
  ulcers: {label: Ulcers, type: count}
  pain: {label: Pain, type: continuous, unit: points, range: [0, 10]}
  relapse: {label: Relapse, type: time-to-event, unit: months, units: {years: 12}}
treatments:
  agents: [colchicine, minocycline]
"""

SHEET = """\
format: 1
study: a
reports:
  - {record: r, name: paper}
cases:
  - case: a-1
    arm: to be extracted
    outcomes:
      flares: {value: 3, exposure: 2, unit: years, source: paper}
      relapse: {time: 14, event: no, source: paper}
  - case: a-2
    outcomes:
      flares: to be extracted
      relapse: {value: not reported, note: n}
    treatments:
      - {agent: colchicine, response: no}   # first
summaries:
  - {outcome: pain, arm: drug, mean: 3, source: paper}
"""

TREE = read_tree(SHEET, "a.yaml")
FORM = describe_form(make_protocol(PROTOCOL), TREE)


def show(*path, key=""):
    section, control = find_control(FORM, path, key)
    entry = TREE
    for step in path[: len(section.path) + section.repeats]:
        entry = entry[step]
    return {part: text for part, text in view_control(control, entry).parts.items() if text}


def put(*changes):
    """Put changes in; return the text, and what was refused."""
    made = make_input([Change(*change) for change in changes], FORM, TREE)
    return edit_sheet(SHEET, made.patch, "a.yaml"), dict(made.refused)


def test_sections_of_arms_outcomes_and_treatments():
    keys = [section.key for section in FORM]
    assert keys[3:] == [
        "cases", "treatments-a-1", "treatments-a-2", "counts", "summaries-flares", "summaries-ulcers", "summaries-pain",
        "summaries-relapse", "treatments", "characteristics", "overlap", "notes",
    ]  # fmt: skip
    # Only a binary outcome has counts.
    assert find_control(FORM, ("counts", 0, "outcome"))[1].choices == ("response",)
    relapse = FORM[keys.index("summaries-relapse")]
    assert [control.path[0] for control in relapse.controls] == [
        "arm", "n", "events", "person_time", "median", "median_ci", "hazard_ratio", "hazard_ratio_ci", "versus", "unit",
        "definition", "source", "note",
    ]  # fmt: skip
    pain = find_control(FORM, ("cases", 0, "outcomes", "pain"))[1]
    assert (pain.kind, pain.type, pain.unit) == ("cell", "number", "points")
    assert find_control(FORM, ("cases", 0, "outcomes", "ulcers"))[1].kind == "cell"


def test_what_the_controls_show():
    assert show("cases", 0, "arm") == {}
    assert show("cases", 0, "outcomes", "flares") == {"value": "3", "exposure": "2", "unit": "years", "record": "paper"}
    assert show("cases", 0, "outcomes", "relapse") == {"time": "14", "event": "no", "record": "paper"}
    assert show("cases", 1, "outcomes", "relapse") == {"time": "not reported", "note": "n"}
    assert show("cases", 1, "treatments", 0, "agent") == {"value": "colchicine"}
    assert show("summaries", 0, "mean", key="summaries-pain") == {"value": "3"}


@pytest.mark.parametrize(
    ("path", "parts", "line"),
    [
        (("cases", 0, "arm"), {"value": "drug"}, "    arm: drug"),
        (("cases", 0, "outcomes", "relapse"), {"time": "2", "unit": "years", "event": "yes", "record": "paper"},
         '      relapse: {time: 2, event: "yes", source: paper, unit: years}'),
        (("cases", 0, "outcomes", "relapse"), {"time": "unclear"}, "      relapse: {value: unclear}"),
        (("cases", 1, "outcomes", "relapse"), {"time": "3", "event": "no"}, '      relapse: {time: 3, event: "no"}'),
        (("cases", 1, "outcomes", "flares"), {"value": "1", "exposure": "6"}, "      flares: {value: 1, exposure: 6}"),
        (("cases", 1, "treatments", 0, "response"), {"value": "yes"}, '      - {agent: colchicine, response: "yes"}   # first'),
    ],
)  # fmt: skip
def test_a_change_is_one_line(path, parts, line):
    text, refused = put((path, parts))
    assert refused == {}
    assert [new for new in text.splitlines() if new not in SHEET.splitlines()] == [line]
    assert len(text.splitlines()) == len(SHEET.splitlines())


@pytest.mark.parametrize(
    ("path", "parts", "told"),
    [
        (("cases", 0, "outcomes", "relapse"), {"time": "3"}, "whether the event ended"),
        (("cases", 0, "outcomes", "relapse"), {"event": "yes"}, "the event has no value yet"),
        (("cases", 0, "outcomes", "relapse"), {"time": "unclear", "event": "yes"}, "has no event"),
        (("cases", 1, "outcomes", "flares"), {"exposure": "6"}, "the exposure has no value yet"),
        (("cases", 1, "treatments", 1, "dose"), {"value": "1 mg"}, "a new entry needs: Agent"),
    ],
)
def test_what_is_lacking(path, parts, told):
    text, refused = put((path, parts))
    assert told in refused[path]
    assert text == SHEET


def test_new_summaries_and_treatments_are_read_as_they_were_given():
    text, refused = put(
        (("summaries", 1, "arm"), {"value": "placebo"}, "summaries-relapse"),
        (("summaries", 1, "median_ci"), {"first": "2", "last": "9"}, "summaries-relapse"),
        (("summaries", 1, "median"), {"value": "5"}, "summaries-relapse"),
        (("summaries", 1, "source"), {"record": "paper"}, "summaries-relapse"),
        (("cases", 0, "treatments", 0, "agent"), {"value": "minocycline"}),
        (("cases", 0, "treatments", 0, "response"), {"value": "yes", "record": "paper"}),
        (("treatments", 0, "agent"), {"value": "minocycline"}),
        (("treatments", 0, "events"), {"value": "1"}),
        (("treatments", 0, "total"), {"value": "2"}),
        (("treatments", 0, "source"), {"record": "paper"}),
    )
    assert refused == {}
    study, _ = parse_sheet(parse_marked(text, "a.yaml"), make_protocol(PROTOCOL))
    relapse = next(summary for summary in study.summaries if summary.name == "relapse")
    assert (relapse.arm, relapse.statistics) == ("placebo", {"median": ("5",), "median_ci": ("2", "9")})
    assert [(item.agent, item.response.value) for item in study.cases[0].treatments] == [("minocycline", "yes")]
    assert [(count.name, count.events, count.total) for count in study.treatments] == [("minocycline", 1, 2)]
    assert read_tree(text, "a.yaml")["summaries"][1]["outcome"] == "relapse"


@pytest.mark.parametrize(
    ("path", "held"),
    [
        (("cases", 0, "outcomes", "relapse"), ["14"]),
        (("cases", 0, "outcomes", "relapse"), {"time": "14", "extra": "x"}),
        (("cases", 0, "outcomes", "flares"), ["3"]),
        (("cases", 0, "outcomes", "response"), {"value": "yes", "exposure": "2"}),
        (("cases", 0, "outcomes", "response"), {"value": ["yes"]}),
        (("summaries", 0, "iqr"), ["1", "2", "3"]),
        (("counts", 0, "source"), {"record": {"a": "b"}}),
        (("notes",), [{"a": "b"}]),
    ],
)
def test_shapes_that_a_control_cannot_show(path, held):
    control = find_control(FORM, path, "summaries-pain" if path[0] == "summaries" else "")[1]
    entry = held
    for step in reversed(control.path):
        entry = {step: entry}
    state = view_control(control, entry)
    assert "change it in an editor" in state.problem
    assert not any(state.parts.values())


def test_a_time_that_is_absent_is_shown_in_its_place():
    control = find_control(FORM, ("cases", 0, "outcomes", "relapse"))[1]
    for held in ("unclear", {"value": "unclear"}):
        assert view_control(control, {"outcomes": {"relapse": held}}).parts["time"] == "unclear"
    assert view_control(control, {"outcomes": {"relapse": "to be extracted"}}).is_open
