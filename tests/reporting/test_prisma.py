"""The official words in the official boxes, chosen from the data."""

from __future__ import annotations

import json

import pytest

from review.findings import find
from review.model import Box
from review.reporting.prisma import TEMPLATES
from review.reporting.prisma import choose_template
from review.reporting.prisma import is_unfinished
from review.reporting.prisma_export import export_json
from review.reporting.prisma_export import render_mermaid
from review.reporting.prisma_nodes import FlowOptions
from review.reporting.prisma_nodes import Node
from review.reporting.prisma_nodes import compose_nodes
from review.reporting.prisma_nodes import connect_nodes
from review.reporting.prisma_nodes import list_footnotes
from tests.reporting.flows import make_new_review
from tests.reporting.flows import make_reported
from tests.reporting.flows import make_updated_review


def texts(nodes: tuple[Node, ...]) -> dict[str, list[str]]:
    return {node.key: [line.text for line in node.lines] for node in nodes}


@pytest.mark.parametrize(
    ("boxes", "key"),
    [
        (make_new_review(), "new-v1"),
        (make_new_review() | make_reported(citations_results=4), "new-v2"),
        (make_new_review() | make_reported(previous_studies=3), "updated-v1"),
        (make_updated_review(), "updated-v2"),
        (make_new_review() | make_reported(previous_studies=0, website_results=0), "new-v1"),
        ({}, "new-v1"),
    ],
)
def test_the_template_follows_from_the_data(boxes: dict[str, Box], key: str) -> None:
    assert choose_template(boxes.values()).key == key


def test_a_first_review_has_no_new_studies() -> None:
    nodes = texts(compose_nodes(make_new_review().values()))
    assert list(nodes) == [
        "database_results",
        "duplicates",
        "records_screened",
        "records_excluded",
        "dbr_sought_reports",
        "dbr_notretrieved_reports",
        "dbr_assessed",
        "dbr_excluded",
        "new_studies",
    ]
    assert nodes["database_results"] == [
        "Records identified from:",
        "Databases (n = 110)",
        "PubMed (n = 70)",
        "Embase (n = 40)",
        "Registers (n = 10)",
        "ClinicalTrials.gov (n = 10)",
    ]
    assert nodes["duplicates"][:2] == ["Records removed before screening:", "Duplicate records removed (n = 20)"]
    assert nodes["dbr_excluded"] == ["Reports excluded:", "No calcinosis (n = 4)", "Review without cases (n = 2)"]
    assert nodes["new_studies"] == ["Studies included in review (n = 4)", "Reports of included studies (n = 5)"]
    assert TEMPLATES["new-v1"].lane_titles == {"main": "Identification of studies via databases and registers"}


def test_an_update_speaks_of_new_and_total_studies() -> None:
    nodes = texts(compose_nodes(make_updated_review().values()))
    assert nodes["previous_studies"][0] == "Studies included in previous version of review (n = 3)"
    assert nodes["new_studies"] == ["New studies included in review (n = 5)", "Reports of new included studies (n = 6)"]
    assert nodes["total_studies"] == [
        "Total studies included in review (n = 8)",
        "Reports of total included studies (n = 10)",
    ]
    assert nodes["total_studies_ma"][0] == "Total studies included in meta-analysis (n = 3)"
    assert nodes["website_results"][1:] == ["Websites (n = 1)", "Organisations (n = 0)", "Citation searching (n = 4)"]
    assert "other" in TEMPLATES["updated-v2"].lane_titles


def test_a_number_that_was_not_counted_leaves_its_place_open() -> None:
    nodes = texts(compose_nodes([]))
    assert nodes["records_screened"] == ["Records screened (n = )"]
    assert nodes["dbr_excluded"] == ["Reports excluded (n = )"]
    assert nodes["database_results"] == ["Records identified from:", "Databases (n = )"]


def test_thousands_are_marked() -> None:
    nodes = texts(compose_nodes(make_reported(records_screened=20788).values()))
    assert nodes["records_screened"] == ["Records screened (n = 20,788)"]


def test_what_is_shown_on_wish() -> None:
    boxes = make_updated_review() | make_reported(new_cases=19, records_waiting=7)
    plain = texts(compose_nodes(boxes.values(), options=FlowOptions(details=False, meta_analysis=False, cases=False)))
    assert plain["database_results"][1:] == ["Databases (n = 110)", "Registers (n = 10)"]
    assert "total_studies_ma" not in plain
    assert len(plain["new_studies"]) == 2
    full = texts(compose_nodes(boxes.values()))
    assert full["new_studies"][2] == "Cases in new included studies (n = 19)"
    assert full["records_screened"][1] == "Records awaiting screening (n = 7)"
    assert is_unfinished(boxes.values())
    assert not is_unfinished(make_new_review().values())


def test_footnotes_appear_with_their_marks() -> None:
    assert list_footnotes(make_new_review().values()) == ()
    boxes = make_new_review() | make_reported(excluded_automatic=5)
    notes = [str(note) for note in list_footnotes(boxes.values(), FlowOptions(details=False, footnotes=("A note.",)))]
    assert notes == [
        "*Over all databases and registers searched.",
        "**88 excluded by people, 5 by automation tools before screening.",
        "A note.",
    ]
    nodes = texts(compose_nodes(boxes.values(), options=FlowOptions(details=False)))
    assert nodes["database_results"][0] == "Records identified from*:"
    assert nodes["records_excluded"] == ["Records excluded** (n = 88)"]


def test_screening_reasons_on_wish() -> None:
    boxes = make_new_review()
    with_reasons = boxes["dbr_excluded"].lines
    boxes["records_excluded"] = Box("records_excluded", 6, "records", lines=with_reasons, reported=True)
    assert len(texts(compose_nodes(boxes.values()))["records_excluded"]) == 1
    shown = texts(compose_nodes(boxes.values(), options=FlowOptions(screening_reasons=True)))["records_excluded"]
    assert shown == ["Records excluded (n = 6)", "No calcinosis (n = 4)", "Review without cases (n = 2)"]


def test_arrows_lead_down_aside_and_into_the_totals() -> None:
    arrows = connect_nodes(compose_nodes(make_updated_review().values()))
    assert ("records_screened", "records_excluded") in arrows
    assert ("records_screened", "dbr_sought_reports") in arrows
    assert ("dbr_assessed", "new_studies") in arrows
    assert ("other_assessed", "new_studies") in arrows
    assert ("previous_studies", "total_studies") in arrows
    assert arrows[-1] == ("total_studies", "total_studies_ma")
    assert len(arrows) == len(set(arrows))


def test_json_has_the_promised_keys() -> None:
    boxes = make_new_review()
    exported = export_json(boxes.values(), [find("PRISMA-031", "unfinished")])
    assert json.loads(json.dumps(exported)) == exported
    assert exported["template"] == "new-v1"
    screened = exported["boxes"]["records_screened"]  # type: ignore[index]
    assert (screened["n"], screened["unit"], len(screened["ids"])) == (100, "records", 100)
    assert exported["boxes"]["dbr_excluded"]["lines"][0]["label"] == "No calcinosis"  # type: ignore[index]
    assert exported["findings"][0]["code"] == "PRISMA-031"  # type: ignore[index]


def test_mermaid_survives_what_reasons_hold() -> None:
    boxes = make_new_review()
    lines = (boxes["dbr_excluded"].lines[0]._replace(label='Said "no"; #1 <b>'),)
    boxes["dbr_excluded"] = Box("dbr_excluded", 4, "reports", lines=lines, reported=True)
    code = render_mermaid(boxes.values())
    assert code.startswith("flowchart TB\n  subgraph identification[Identification]\n")
    assert 'dbr_excluded["Reports excluded:<br>Said #quot;no#quot;; #35;1 #lt;b#gt; (n = 4)"]' in code
    assert "  dbr_assessed --> new_studies\n" in code
