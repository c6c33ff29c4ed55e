from __future__ import annotations

import pytest

from review.extraction.sheet import list_places
from review.extraction.sheet import parse_sheet
from review.marked import parse_marked
from review.model import Summary
from review.protocol import Protocol
from tests.builder import ADAMS
from tests.builder import BAKER
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import show

PROTOCOL = make_protocol()

SHEET = f"""\
format: 1
study: adams-2010
label: Adams 2010
evidence: primary
design: case series
year: 2010
reports:
  - {{record: {ADAMS}, name: paper}}
  - {{record: {BAKER}, role: companion, kind: conference abstract}}
sources:
  - {{record: pubmed:7, name: news, note: on the paper}}
cases:
  - case: adams-2010-1
    age_years: {{value: 54, source: paper}}
    same_as: baker-2012-1
    outcomes:
      response: {{value: yes, source: paper}}
counts:
  - outcome: response
    events: 1
    total: 2
    definition: smaller by half
    source: {{record: news, words: one of two}}
characteristics:
  - {{field: sex, choice: female, events: 1, total: 2, source: paper}}
  - {{field: age_years, mean: 53.5, sd: 2, range: [51, 56], source: paper}}
overlap:
  may_include: [baker-2012]
  overlaps_with: clark-2014
  distinct_from: [doe-2015]
  why: as the authors say
notes:
  - Folded
    text
"""


def parse(text, protocol=PROTOCOL, path="extraction/studies/adams-2010.yaml"):
    return parse_sheet(parse_marked(text, path), protocol)


def change(old, new):
    assert SHEET.count(old) == 1, old
    return parse(SHEET.replace(old, new))


def test_every_part_of_a_sheet_is_read():
    study, findings = parse(SHEET)
    assert findings == []
    assert (study.id, study.label, study.evidence, study.design, study.year) == (
        "adams-2010", "Adams 2010", "primary", "case series", 2010,
    )  # fmt: skip
    assert [(report.record, report.role, report.kind, report.origin.line) for report in study.reports] == [
        (ADAMS, "main", "", 8),
        (BAKER, "companion", "conference abstract", 9),
    ]
    (case,) = study.cases
    assert (case.id, case.same_as, case.origin.line) == ("adams-2010-1", "baker-2012-1", 13)
    assert case.fields["age_years"].value == "54"
    assert case.outcomes["response"].value == "yes"
    (count,) = study.counts
    assert (count.name, count.events, count.total, count.definition) == ("response", 1, 2, "smaller by half")
    assert count.source == ("pubmed:7", "", "one of two")
    of_choice, summary = study.characteristics
    assert (of_choice.name, of_choice.choice, of_choice.events, of_choice.total) == ("sex", "female", 1, 2)
    assert isinstance(summary, Summary)
    assert summary.statistics == {"mean": ("53.5",), "sd": ("2",), "range": ("51", "56")}
    assert [(overlap.kind, overlap.study, overlap.origin.line) for overlap in study.overlaps] == [
        ("may-include", "baker-2012", 28),
        ("overlaps-with", "clark-2014", 29),
        ("distinct-from", "doe-2015", 30),
    ]
    assert study.notes == ("Folded text",)


def test_the_least_that_a_sheet_may_say():
    study, findings = parse(f"format: 1\nstudy: adams-2010\nreports:\n  - record: {ADAMS}\n")
    assert findings == []
    assert (study.label, study.design, study.year, study.cases) == ("adams-2010", "not reported", None, ())


def test_every_record_that_a_sheet_names_is_listed_with_its_place():
    places = [(record, origin.line) for record, origin in list_places(parse(SHEET)[0])]
    assert places == [(ADAMS, 8), (BAKER, 9), ("pubmed:7", 20), (ADAMS, 25), (ADAMS, 26), (ADAMS, 14), (ADAMS, 17)]


#: Code, text of the sheet, what stands there instead, the line, words of the message. The sheet as it is raises none.
SLIPS = [
    ("EXTRACT-001", "design: case series", "desing: case series", 5, "unknown key desing; expected appraisal, cases,"),
    ("EXTRACT-001", "    definition: smaller", "    defined: smaller", 22, "unknown key defined in counts[0]"),
    ("EXTRACT-001", "  why: as", "  page: 3\n  why: as", 31, "unknown key page in overlap"),
    ("EXTRACT-001", "note: on the paper", "url: x.org", 11, "unknown key url in sources[0]"),
    ("EXTRACT-002", "format: 1\n", "", 1, "format is missing"),
    ("EXTRACT-002", "    events: 1\n", "", 19, "events of counts[0] is missing"),
    ("EXTRACT-002", "    total: 2\n", "", 19, "total of counts[0] is missing"),
    ("EXTRACT-002", "  - outcome: response\n    events", "  - events", 19, "outcome of counts[0] is missing"),
    ("EXTRACT-002", "{field: sex, choice", "{choice", 25, "field of characteristics[0] is missing"),
    ("EXTRACT-002", "  - case: adams-2010-1\n    age_years", "  - age_years", 13, "case of cases[0] is missing"),
    ("EXTRACT-002", f"{{record: {ADAMS}, name: paper}}", "{name: paper}", 8, "record of reports[0] is missing"),
    ("EXTRACT-002", "  why: as the authors say\n", "", 27, "why of overlap is missing"),
    ("EXTRACT-003", "evidence: primary", "evidence: primery", 4, "did you mean primary?"),
    ("EXTRACT-003", "role: companion", "role: second", 9, "reports[1].role is second; expected main | companion"),
    ("EXTRACT-003", "year: 2010", "year: about 2010", 6, "year is about 2010; expected a whole number"),
    ("EXTRACT-003", "    events: 1\n", "    events: one\n", 20, "counts[0].events is one; expected a whole number"),
    ("EXTRACT-003", "value: yes", "value: improved", 17, "response is improved; expected yes | no | not reported"),
    ("EXTRACT-003", "mean: 53.5, sd: 2, range: [51, 56], ", "", 26, "age_years without a statistic; expected mean | sd"),
    ("EXTRACT-003", "range: [51, 56]", "range: 51-56", 26, "characteristics[1].range is 51-56; expected numbers with"),
    ("EXTRACT-003", "mean: 53.5, sd: 2, range: [51, 56]", "mean: about 53", 26, "characteristics[1].mean is about 53"),
    ("EXTRACT-003", "range: [51, 56]", "range: [51]", 26, "expected 2 numbers"),
    ("EXTRACT-011", "study: adams-2010", "study: adam-2010", 2, "expected adam-2010.yaml"),
    ("EXTRACT-014", "  - outcome: response", "  - outcome: death", 19, "the outcome death is not in the protocol; expected response"),
    ("EXTRACT-014", "      response: {value", "      death: {value", 17, "the outcome death is not in the protocol"),
    ("EXTRACT-015", "{field: age_years, mean", "{field: age, mean", 26, "the field age is not in the protocol; expected age_years |"),
    ("EXTRACT-016", "choice: female", "choice: woman", 25, "'woman': not one of the choices of sex; expected female | male"),
    ("EXTRACT-016", "field: sex, choice", "field: site, choice", 25, "expected a field with choices"),
    ("EXTRACT-017", "    source: {record: news, words: one of two}\n", "", 20, "counts[0].events has no source"),
    ("EXTRACT-017", "[51, 56], source: paper", "[51, 56]", 26, "characteristics[1].field has no source"),
    ("EXTRACT-017", "response: {value: yes, source: paper}", "response: yes", 17, "response has no source"),
    ("EXTRACT-021", "    events: 1\n", "    events: 12\n", 20, "events 12 > total 2 (counts[0]); expected 0..2"),
    ("EXTRACT-021", "female, events: 1", "female, events: 3", 25, "events 3 > total 2 (characteristics[0])"),
    ("EXTRACT-024", "    events: 1\n    total: 2\n", "    events: 0\n    total: 0\n", 21, "total 0 (counts[0]); expected 1 or more"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new", "line", "words"), SLIPS)
def test_slips_are_told_with_their_line_and_the_rest_is_read(code, old, new, line, words):
    study, findings = change(old, new)
    assert list_codes(findings) == [code], show(findings)
    assert findings[0].origin.line == line
    assert words in str(findings[0])
    assert study.notes == ("Folded text",)
    assert code not in list_codes(parse(SHEET)[1])


def test_the_message_that_the_design_promises():
    _, findings = change("    events: 1\n    total: 2\n", "    events: 12\n    total: 11\n")
    assert show(findings) == [
        "extraction/studies/adams-2010.yaml:20: EXTRACT-021 error: events 12 > total 11 (counts[0]); expected 0..11"
    ]


def test_figures_that_are_wrong_are_not_used():
    assert change("    events: 1\n", "    events: 12\n")[0].counts == ()
    assert change("value: yes", "value: improved")[0].cases[0].outcomes == {}
    assert [item.name for item in change("choice: female", "choice: woman")[0].characteristics] == ["age_years"]


def test_a_blank_answer_is_told_as_blank_alone():
    _, findings = change("response: {value: yes, source: paper}", "response:")
    assert list_codes(findings) == ["PROJECT-017"]


def test_an_outcome_counted_twice_and_a_case_that_stands_twice():
    twice = "  - {outcome: response, events: 0, total: 2, source: paper}\ncharacteristics:\n"
    study, findings = change("characteristics:\n", twice)
    assert list_codes(findings) == ["EXTRACT-023"]
    assert [count.events for count in study.counts] == [1]
    study, findings = change("counts:\n", "  - case: adams-2010-1\ncounts:\n")
    assert show(findings) == [
        "extraction/studies/adams-2010.yaml:18: EXTRACT-030 error: the case adams-2010-1 stands here and in line 13"
    ]
    assert len(study.cases) == 1
    assert not {"EXTRACT-023", "EXTRACT-030"} & set(list_codes(parse(SHEET)[1]))


@pytest.mark.parametrize("text", ["", "- a\n", "format: 1\nlabel: x\n"])
def test_a_sheet_without_its_study_cannot_be_used(text):
    study, findings = parse(text)
    assert study is None
    assert len(findings) == 1


def test_names_are_not_doubted_while_the_protocol_cannot_be_read():
    study, findings = parse(
        SHEET.replace("    age_years: {value: 54, source: paper}\n", ""), Protocol("x", is_usable=False)
    )
    assert findings == []
    assert len(study.counts) == 1
