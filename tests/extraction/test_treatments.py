from __future__ import annotations

import pytest

from review.extraction.checks import check_sheets
from review.extraction.compare import compare_sheets
from review.extraction.patients import link_cases
from review.extraction.quotes import check_quotes
from review.extraction.schema import make_schema
from review.extraction.sheet import list_places
from review.extraction.sheet import parse_sheet
from review.extraction.template import render_template
from review.extraction.treatments import tally_agents
from review.marked import parse_marked
from review.model import Record
from review.model import RecordId
from tests.builder import PROTOCOL as PLAIN
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import show

PROTOCOL = make_protocol(
    PLAIN + "treatments:\n  response: Smaller on X-ray\n  agents: [colchicine, diltiazem, warfarin]\n"
)

SHEET = """\
format: 1
study: adams-2010
reports: [{record: pubmed:1, name: p}]
cases:
  - case: a-1
    treatments:
      - {agent: colchicine, response: {value: no, source: p}, dose: 1 mg a day}
      - {agent: diltiazem, response: {value: yes, source: {record: p, place: Table 1}}}
  - case: a-2
    treatments:
      - {agent: colchicine, response: {value: no, source: p}}
      - {agent: colchicine, response: {value: yes, source: p}}
      - {agent: diltiazem, response: not reported}
"""
TOTALS = """\
format: 1
study: baker-2012
reports: [{record: pubmed:2, name: p}]
treatments:
  - {agent: diltiazem, events: 3, total: 12, source: p}
"""


def parse(text, protocol=PROTOCOL):
    document = parse_marked(text, f"{text.split('study: ')[1].split()[0]}.yaml")
    return parse_sheet(document, protocol)


def tally(*texts):
    studies = [parse(text)[0] for text in texts]
    return {
        item.agent: (item.events, item.total, item.unknown, [str(study.id) for study in item.studies], item.shared)
        for item in tally_agents(studies, PROTOCOL.treatments, link_cases(studies))
    }


def test_each_agent_of_a_patient_has_its_own_response():
    study, findings = parse(SHEET)
    assert findings == []
    first = study.cases[0].treatments
    assert [(item.agent, item.response.value, item.dose) for item in first] == [
        ("colchicine", "no", "1 mg a day"), ("diltiazem", "yes", ""),
    ]  # fmt: skip
    assert first[1].response.source.place == "Table 1"
    assert str(first[1].origin) == "adams-2010.yaml:8"
    assert len(list(list_places(study))) == 5


def test_agents_are_added_up_over_cases_and_totals():
    assert tally(SHEET, TOTALS) == {
        "colchicine": (1, 2, 0, ["adams-2010"], ()),
        "diltiazem": (4, 13, 1, ["adams-2010", "baker-2012"], ()),
    }
    assert tally() == {}


def test_a_patient_of_two_sheets_counts_once():
    again = SHEET.replace("adams-2010", "clark-2014").replace("a-1", "c-1\n    same_as: a-1").replace("a-2", "c-2")
    assert tally(SHEET, again)["colchicine"][:3] == (2, 3, 0)


def test_studies_that_may_share_patients_are_named():
    text = TOTALS + "overlap: {overlaps_with: [adams-2010], why: one centre}\n"
    assert tally(SHEET, text)["diltiazem"][4] == (("baker-2012", "adams-2010"),)
    assert tally(SHEET, text)["colchicine"][4] == ()
    assert tally(SHEET, text.replace("overlaps_with", "distinct_from"))["diltiazem"][4] == ()


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("agent: colchicine, response: {value: no, source: p}, dose", "agent: Colchicin, response: {value: no, source: p}, dose", ["EXTRACT-020"]),
        ("response: not reported", "response: maybe", ["EXTRACT-003"]),
        ("response: not reported", "dose: 1", ["EXTRACT-002"]),
        ("response: {value: no, source: p}, dose", "response: no, dose", ["EXTRACT-017"]),
        ("agent: diltiazem, response: not reported", "response: not reported", ["EXTRACT-002"]),
        ("dose: 1 mg a day", "strength: 1 mg", ["EXTRACT-001"]),
    ],
)  # fmt: skip
def test_slips_in_a_case(old, new, codes):
    assert SHEET.count(old) == 1
    assert list_codes(parse(SHEET.replace(old, new))[1]) == codes


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("events: 3", "events: 13", ["EXTRACT-021"]),
        ("agent: diltiazem", "agent: aspirin", ["EXTRACT-020"]),
        ("agent: diltiazem, events: 3, total: 12", "events: 3, total: 12", ["EXTRACT-002"]),
        ("total: 12", "total: 0", ["EXTRACT-021"]),
        (
            "treatments:\n",
            "treatments:\n  - {agent: diltiazem, events: 1, total: 2, source: p}\n",
            ["EXTRACT-023"],
        ),
        ("  - {agent: diltiazem, events: 3, total: 12, source: p}", "  diltiazem: 3/12", ["EXTRACT-003"]),
    ],
)
def test_slips_in_a_total(old, new, codes):
    assert TOTALS.count(old) == 1
    assert list_codes(parse(TOTALS.replace(old, new))[1]) == codes


def test_cases_and_totals_must_agree():
    text = SHEET + "treatments:\n  - {agent: colchicine, events: 1, total: 2, source: p}\n"
    study, _ = parse(text)
    assert check_sheets([study], lambda record: True) == []
    study, _ = parse(text.replace("total: 2", "total: 3"))
    assert show(check_sheets([study], lambda record: True)) == [
        "adams-2010.yaml:15: EXTRACT-022 error: colchicine: the total says 1/3, the cases 1/2; expected 1/2"
    ]


def test_a_protocol_without_agents_does_not_know_the_key():
    _, findings = parse(TOTALS, make_protocol())
    assert list_codes(findings) == ["EXTRACT-001"]


def test_quotes_of_responses_are_looked_up():
    text = SHEET.replace("place: Table 1}", "words: it shrank}")
    assert text != SHEET
    checked = check_quotes([parse(text)[0]], lambda record: ())
    assert (checked.found, checked.missing, checked.unread) == (0, 0, 1)
    assert check_quotes([parse(SHEET)[0]], lambda record: ()).findings == ()


def test_two_extractors_are_compared_agent_by_agent():
    first, second = parse(SHEET)[0], parse(SHEET.replace("{value: yes, source: {", "{value: no, source: {"))[0]
    pairs = {pair.item: pair for pair in compare_sheets(first, second)}
    assert not pairs["a-1.treatments diltiazem"].agrees
    assert pairs["a-1.treatments colchicine"].agrees


def test_the_schema_and_the_template_offer_the_agents():
    schema = make_schema(PROTOCOL)["properties"]
    agents = ["colchicine", "diltiazem", "warfarin"]
    assert schema["treatments"]["items"]["properties"]["agent"]["enum"] == agents
    assert schema["cases"]["items"]["properties"]["treatments"]["items"]["required"] == ["agent", "response"]
    assert "treatments" not in make_schema(make_protocol())["properties"]
    text = render_template(PROTOCOL, "x-2010", [Record(RecordId("pubmed:1"), "T", year=2010)])
    assert "#   - {agent: warfarin, events: 0, total: 0" in text
    assert parse_marked(text, "x-2010.yaml").findings == ()
