from __future__ import annotations

import pytest

from review.extraction.schema import make_schema
from review.extraction.wording import tell_field
from review.extraction.wording import tell_outcome
from tests.builder import ADAMS_SHEET
from tests.builder import BAKER_SHEET
from tests.builder import make_protocol
from tests.extraction import typed
from tests.extraction.test_derive import PROTOCOL
from tests.extraction.test_derive import SHEET

jsonschema = pytest.importorskip("jsonschema")

RULED = make_protocol(PROTOCOL)
PLAIN = make_protocol()


def list_problems(text, protocol):
    """The problems of a sheet as an editor sees it, which reads YAML 1.2 with types."""
    from ruamel.yaml import YAML

    validator = jsonschema.Draft202012Validator(make_schema(protocol))
    data = YAML(typ="safe", pure=True).load(text)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]


@pytest.mark.parametrize("protocol", [RULED, PLAIN, make_protocol("format: 1\ntitle: t\n")])
def test_it_is_a_schema(protocol):
    jsonschema.Draft202012Validator.check_schema(make_schema(protocol))


@pytest.mark.parametrize(
    ("text", "protocol"),
    [(ADAMS_SHEET, PLAIN), (BAKER_SHEET, PLAIN), (SHEET.replace("    vas_change: not", "    vas_change: not"), RULED)],
)
def test_sheets_without_findings_pass(text, protocol):
    assert list_problems(text, protocol) == []


def test_every_sheet_of_the_example_passes(repository, example):
    for path in example.layout.list_sheets():
        assert list_problems(path.read_text("utf-8"), example.protocol) == []


@pytest.mark.parametrize(
    "line",
    [
        "vas_change: not reported",
        'vas_change: "<20"',
        "vas_change: {value: '50', op: '<', source: p}",
        "followup: {value: 2, unit: weeks, source: {record: p, place: 3, words: 2}}",
        "onset: 2019",
        "onset: '2019-03'",
    ],
)
def test_what_editors_take(line):
    name = line.partition(":")[0]
    rest = "" if name == "vas_change" else "    vas_change: 1\n"
    sheet = f"format: '1'\nstudy: s\nreports: [{{record: pubmed:1}}]\ncases:\n  - case: 1\n{rest}    {line}\n"
    assert list_problems(sheet, RULED) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("study: s\n", "", "$: 'study' is a required property"),
        ("study: s\n", "studie: s\n", "'studie' was unexpected"),
        ("vas_change: {value: -60, source: p}", "vas_change: {value: much, source: p}", "$.cases[0].vas_change"),
        ("vas_change: {value: -60, source: p}", "vas_change: -600", "$.cases[0].vas_change"),
        ("ulcer: {value: no, source: p}", "ulcer: maybe", "$.cases[0].ulcer"),
        ("unit: years", "unit: fortnights", "$.cases[0].followup"),
        ("    vas_change: {value: -40, source: p}\n", "", "$.cases[1]: 'vas_change' is a required property"),
        ("outcomes: {response: {value: no, source: p}}", "outcomes: {respons: no}", "'respons' was unexpected"),
        ("outcomes: {response: {value: no, source: p}}", "outcomes: {response: improved}", "$.cases[2].outcomes.response"),
        ("ulcer: not reported", "ulcer: to be extracted", "$.cases[2].ulcer"),
    ],
)  # fmt: skip
def test_what_editors_underline(old, new, place):
    assert SHEET.count(old) == 1
    problems = list_problems(SHEET.replace(old, new), RULED)
    assert any(place in problem for problem in problems), problems


def test_fields_are_told_in_a_line():
    told = [tell_field(field) for field in RULED.case_fields]
    assert told == [
        "Change of pain: number in percent, -100 to 1000, at month_6, required",
        "Follow-up: number in months, 0 to 600, also in years, weeks, days",
        "New ulcers: yes | no",
        "onset: date",
    ]


TYPED = make_protocol(typed.PROTOCOL)


def test_a_sheet_of_every_type_passes_what_editors_check():
    assert list_problems(typed.SHEET, TYPED) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("arm: low\n", "arm: lo\n"),
        ("{value: 4, exposure: 12", "{value: 4.5, exposure: 12"),
        ("{value: 4, exposure: 12", "{value: -4, exposure: 12"),
        ("{value: 4, exposure: 12", "{value: 4, exposure: long"),
        ("unit: percent", "unit: mm"),
        ("{time: 14, event: yes", "{time: 14, event: 1"),
        ("{time: 14, event: yes", "{time: 14"),
        ("{time: 14, event: yes, source: p}", "14"),
        ("relapse: {value: not reported", "relapse: {value: 3"),
        ("{outcome: healed, arm: high", "{outcome: pain, arm: high"),
        ("{outcome: pain, arm: high", "{outcome: healed, arm: high"),
        ("versus: low", "versus: none"),
        ("n: 2, mean: 4.8", "n: 2.5, mean: 4.8"),
        ("mean: 4.8", "mean: not reached"),
        ("iqr: [4, 5]", "iqr: [4]"),
        ("events: 5, person_time: 3", "events: 5, mean: 3"),
    ],
)
def test_what_editors_underline_in_outcomes_of_every_type(old, new):
    assert typed.SHEET.count(old) == 1
    assert list_problems(typed.SHEET.replace(old, new), TYPED) != []


def list_keys(schema, path=""):
    """The keys that an editor may complete, with whether they are explained."""
    if isinstance(schema, dict):
        for name, part in schema.get("properties", {}).items():
            yield name, "description" in part
        for part in schema.values():
            yield from list_keys(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from list_keys(part)


@pytest.mark.parametrize(
    "key",
    ["arm", "versus", "summaries", "exposure", "time", "event", "person_time", "median_ci", "hazard_ratio", "sd", "iqr", "relapse"],
)  # fmt: skip
def test_every_new_key_is_explained(key):
    told = [is_told for name, is_told in list_keys(make_schema(TYPED)) if name == key]
    assert told
    assert all(told)


def test_outcomes_are_told_in_a_line():
    assert [tell_outcome(outcome) for outcome in TYPED.outcomes] == [
        "Calm disease: no more than one flare and little pain (derived by the rule: flares <= 1 and pain < 5)",
        "Healed: no lesion left",
        "Flares: new lesions; whole number, 0 to 40, with the exposure in months or years: {value: 3, exposure: 12}",
        "Pain: on a scale; number in points, 0 to 10, also in percent",
        "Time to relapse: first new lesion; {time: 14, event: yes} with the time as number in months, 0 or more, also in years; event: no where follow-up ended without it",
    ]
