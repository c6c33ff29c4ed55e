"""Where the numbers come from: an entry for every value, and a page that stays small."""

from __future__ import annotations

import dataclasses

import pytest

from review.model import Value
from review.reporting.document import Code
from review.reporting.document import Document
from review.reporting.document import Link
from review.reporting.document import Node
from review.reporting.document import Number
from review.reporting.document import Outline
from review.reporting.document import Section
from review.reporting.document import name_value
from review.reporting.document import read_runs
from review.reporting.provenance import MOST_LISTED
from review.reporting.provenance import Holdings
from review.reporting.provenance import compose_provenance
from review.results import compute_results
from review.results import gather_evidence
from review.results import name_sources
from tests.builder import make_review


@pytest.fixture(scope="module")
def holdings(tmp_path_factory):
    review = make_review(tmp_path_factory.mktemp("review")).open()
    results = compute_results(review)
    return Holdings(
        gather_evidence(review, results),
        results.boxes,
        tuple(review.studies.values()),
        [loaded.run for loaded in review.runs],
        name_sources(review),
    )


def list_nodes(section: Section) -> list[Node]:
    def walk(nodes):
        for node in nodes:
            yield node
            yield from walk(node.nodes)

    blocks = [block for inner in section.subsections for block in inner.blocks]
    return [node for block in blocks if isinstance(block, Outline) for node in walk(block.nodes)]


def tell(section: Section, key: str) -> list[str]:
    """The lines of one entry."""

    def walk(node, depth):
        yield "  " * depth + read_runs(node.runs)
        for below in node.nodes:
            yield from walk(below, depth + 1)

    (node,) = [node for node in list_nodes(section) if node.key == key]
    return list(walk(node, 0))


def test_every_value_has_an_entry_and_every_link_leads_to_one(holdings):
    section = compose_provenance(holdings)
    nodes = list_nodes(section)
    keys = {node.key for node in nodes if node.key}
    assert {name_value(value.key) for value in holdings.evidence.values} <= keys
    runs = [run for node in nodes for run in node.runs]
    assert {run.target[1:] for run in runs if isinstance(run, Link)} <= keys
    assert {name_value(run.key) for run in runs if isinstance(run, Number)} <= keys


def test_records_are_counted_by_source_with_the_command_that_lists_them(holdings):
    assert tell(compose_provenance(holdings), name_value("prisma.records_screened")) == [
        "Records screened: 3 records prisma.records_screened",
        "  3 from library (2026-01-01T080000Z-library)",
        "  review prisma --explain records_screened lists them; output/prisma/prisma.json holds their ids.",
    ]


def test_reports_and_studies_are_named(holdings):
    section = compose_provenance(holdings)
    assert tell(section, name_value("prisma.new_studies"))[1:] == ["  Adams 2010", "  Baker 2012"]
    assert (
        tell(section, name_value("prisma.new_reports"))[0]
        == "Reports of included studies: 2 reports prisma.new_reports"
    )


def test_patients_are_counted_by_study(holdings):
    lines = tell(compose_provenance(holdings), name_value("prisma.new_cases"))
    assert lines[1:3] == ["  2 of Adams 2010", "  1 of Baker 2012"]


def test_a_row_of_an_analysis_leads_to_the_lines_of_the_sheets(holdings):
    lines = tell(compose_provenance(holdings), name_value("pool.A.adams-2010"))
    assert lines[0].startswith("Adams 2010: 1/2")
    assert any("extraction/studies/adams-2010.yaml:" in line for line in lines)
    assert any(line.startswith("  report ") for line in lines)


def test_a_report_tells_its_records_and_decisions(holdings):
    section = compose_provenance(holdings)
    (adams,) = [node for node in list_nodes(section) if node.key.startswith("report-") and "adams" in node.key]
    lines = [read_runs(below.runs) for below in adams.nodes]
    assert any(line.startswith("record doi:10.5555/adams.2010 found in ") for line in lines)
    assert any("include at full-text" in line and "extraction/screening/" in line for line in lines)


def test_a_sum_points_at_its_rows(holdings):
    lines = tell(compose_provenance(holdings), name_value("pool.A.together"))
    assert [line.partition(":")[0] for line in lines[1:]] == ["  Adams 2010", "  Baker 2012"]


def test_a_long_list_is_summed_up(holdings):
    ids = tuple(f"id-{number}" for number in range(MOST_LISTED + 1))
    many = (
        Value("prisma.dbr_sought_reports", "61", 61.0, method="reports", ids=ids),
        Value("other.number", "61", 61.0, ids=ids),
        Value("prisma.previous_studies", "9", 9.0, method="studies"),
    )
    section = compose_provenance(
        dataclasses.replace(holdings, evidence=dataclasses.replace(holdings.evidence, values=many))
    )
    assert len(tell(section, name_value("prisma.dbr_sought_reports"))) == 2
    assert tell(section, name_value("other.number"))[1] == "  61 ids; review trace other.number lists them."
    assert "As reported by the previous version" in tell(section, name_value("prisma.previous_studies"))[1]


def test_paths_are_told_letter_by_letter(holdings):
    codes = [
        run.text for node in list_nodes(compose_provenance(holdings)) for run in node.runs if isinstance(run, Code)
    ]
    assert any(code.startswith("queries/runs/") and code.endswith("run.json") for code in codes)


def test_values_of_one_key_share_a_place(holdings):
    """A study may be called as a part of an analysis is: the build goes on, and the first has the name."""
    twice = (Value("other.x", "1", 1.0), Value("other.x", "2", 2.0))
    section = compose_provenance(
        dataclasses.replace(holdings, evidence=dataclasses.replace(holdings.evidence, values=twice))
    )
    assert tell(section, name_value("other.x")) == ["1 other.x"]
    Document("T", sections=(section,))
