"""From a number back to the lines that it is made of, on the worked example."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from review.errors import UsageError
from review.extraction.sheet import parse_sheet
from review.findings import Origin
from review.marked import parse_marked
from review.model import Value
from review.pooling.planned import pool_planned
from review.protocol import Analysis
from review.protocol import CaseField
from review.protocol import Outcome
from review.protocol import Protocol
from review.reporting.trace import Evidence
from review.reporting.trace import Step
from review.reporting.trace import render_trace
from review.reporting.trace import trace_value
from review.results import compute_results
from review.results import gather_evidence
from review.workspace import Layout
from review.workspace import open_review


@pytest.fixture(scope="module")
def evidence(repository: Path) -> Evidence:
    review = open_review(Layout(repository))
    results = compute_results(review)
    return replace(gather_evidence(review, results), studies=review.studies)


def walk(step: Step) -> list[Step]:
    return [step, *(below for child in step.steps for below in walk(child))]


def test_nine_of_nineteen_leads_to_both_sheets(evidence: Evidence) -> None:
    step = trace_value("pool.A.together", evidence)
    assert step.text.startswith("9/19 (47.4%")
    assert [child.id for child in step.steps] == ["narvaez-2019", "narvaez-2019-published"]
    figures = [item for item in walk(step) if item.kind == "figure"]
    assert [item.text for item in figures] == ["4/8", "5/11"]


def test_every_line_says_what_the_trace_says(evidence: Evidence, repository: Path) -> None:
    for item in walk(trace_value("pool.B.together", evidence)):
        if item.origin is None or item.origin.line is None or item.kind == "record":
            continue
        line = (repository / item.origin.path).read_text(encoding="utf-8").split("\n")[item.origin.line - 1]
        if item.kind == "figure" and item.id:
            assert f"{item.id}: " in line
            assert item.text in line
        elif item.kind == "figure":
            assert f"events: {item.text.split('/')[0]}" in line
        elif item.kind == "decision":
            verdict = item.text.split(": ")[1].split(" ")[0]
            assert f",{verdict}," in line
        elif item.kind == "case":
            assert f"case: {item.id}" in line


def test_each_case_leads_to_the_values_that_its_answer_follows_from() -> None:
    rule = "pain_after <= 0.5 * pain_before"
    sheet = """\
format: 1
study: smith-2014
evidence: primary
reports:
  - {record: "pubmed:1", name: paper}
cases:
  - case: one
    pain_before: {value: 80, source: {record: paper, words: from 80 to 30}}
    pain_after: {value: 30, source: {record: paper, words: from 80 to 30}}
  - case: two
    pain_after: {value: 60, source: paper}
    pain_before: {value: 70, source: paper}
"""
    document = parse_marked(sheet, "smith-2014.yaml")
    fields = tuple(CaseField(name, name, "number") for name in ("pain_before", "pain_after"))
    protocol = Protocol("T", case_fields=fields, outcomes=(Outcome("response", "Response", "", rule=rule),))
    study, findings = parse_sheet(document, protocol)
    assert study is not None
    assert findings == []
    analysis = Analysis(
        "main", "Main", "response", (study.id,), together=True, intervals=("wilson",), note="", origin=Origin("p.yaml")
    )
    result = pool_planned(analysis, {study.id: study}, protocol.outcome("response"))
    value = Value("pool.main.together", "1/2", ids=(str(study.id),))
    (row,) = trace_value(value.key, Evidence([value], [result], [], {}, [], {})).steps
    told = [(step.id, step.text, step.origin.line if step.origin else 0) for step in walk(row) if step.kind != "source"]
    assert told == [
        ("smith-2014", "smith-2014: 1/2, from its patients", 1),
        ("one", "yes, by the protocol's rule", 7),
        ("pain_after", "30", 9),
        ("pain_before", "80", 8),
        ("two", "no, by the protocol's rule", 10),
        ("pain_after", "60", 11),
        ("pain_before", "70", 12),
    ]


def test_cases_are_named_where_they_are_known(evidence: Evidence) -> None:
    steps = walk(trace_value("pool.B.together", evidence))
    assert [step.id for step in steps if step.kind == "case"] == ["daoussis-2012-1", "poormoghim-2016-1"]


def test_a_number_of_the_flow_leads_to_decisions_and_runs(evidence: Evidence) -> None:
    steps = walk(trace_value("prisma.dbr_excluded", evidence))
    assert any(step.kind == "decision" and "wrong-population" in step.text for step in steps)
    assert any(step.kind == "record" and "publisher-pages" in step.text for step in steps)


def test_a_reported_count_leads_to_its_source(evidence: Evidence) -> None:
    step = trace_value("search.medline-2012.screened", evidence)
    assert step.text.startswith("182")
    assert [child.id for child in step.steps] == ["doi:10.1016/j.semarthrit.2011.11.007"]


def test_an_unknown_key_names_the_nearest(evidence: Evidence) -> None:
    with pytest.raises(UsageError, match=r"did you mean pool\.A\.together"):
        trace_value("pool.A.togethr", evidence)


def test_lines_are_indented_by_depth(evidence: Evidence) -> None:
    lines = list(render_trace(trace_value("pool.A.together", evidence)))
    assert lines[0].startswith("value pool.A.together: 9/19")
    assert any(line.startswith("    figure 4/8  [extraction/studies/narvaez-2019.yaml:") for line in lines)


def test_studies_lead_to_their_sheets_and_reports(evidence: Evidence) -> None:
    (first, *_) = trace_value("prisma.new_studies", evidence).steps
    assert (first.kind, first.id) == ("study", "daoussis-2012")
    assert str(first.origin).startswith("extraction/studies/daoussis-2012.yaml:")
    assert [step.kind for step in first.steps] == ["report"]


def test_patients_lead_to_their_lines_or_to_the_sheet_that_counts_them(evidence: Evidence) -> None:
    steps = {step.id: step for step in trace_value("prisma.new_cases", evidence).steps}
    assert steps["daoussis-2012-1"].text == "of Daoussis 2012"
    assert steps["daoussis-2012-1"].origin.line > 1
    assert steps["narvaez-2019/1"].text == "of Narváez 2019, own series, known only in total"


def test_what_has_no_entry_is_a_source_by_name(evidence: Evidence) -> None:
    values = (Value("other.x", "1", ids=("a book",)),)
    (step,) = trace_value("other.x", replace(evidence, values=values)).steps
    assert (step.kind, step.text) == ("source", "a book")
