"""The report as a document: its parts, their order, and what it says where something is missing."""

from __future__ import annotations

from review.findings import Origin
from review.findings import find
from review.model import Run
from review.model import Value
from review.protocol import Protocol
from review.reporting.document import Document
from review.reporting.document import Figure
from review.reporting.document import Items
from review.reporting.document import Listing
from review.reporting.document import Number
from review.reporting.document import Outline
from review.reporting.document import Paragraph
from review.reporting.document import Section
from review.reporting.document import list_sections
from review.reporting.document import read_runs
from review.reporting.document import write_paragraph
from review.reporting.document_html import render_page
from review.reporting.report import MOST_FINDINGS
from review.reporting.report import AnalysisPart
from review.reporting.report import Content
from review.reporting.report import compose_report
from review.reporting.searches import compose_searches
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_row
from review.search.run_document import LineHits
from review.search.strategy import parse_strategy
from tests.reporting.documents import HOSTILE
from tests.reporting.documents import make_figure

ORDER = [
    "summary", "question", "methods", "flow", "searches", "agreement", "included", "appraisal", "results", "certainty", "not-included",
    "checklists", "findings", "sources",
]  # fmt: skip


def make_table(key: str, *rows: str) -> Table:
    return Table(key, f"Table {key}", (Column("a", "A"),), tuple(make_row(row) for row in rows))


def make_run(**changes: object) -> Run:
    parts: dict[str, object] = {
        "id": "2026-01-01T080000Z-pubmed",
        "source": "pubmed",
        "lane": "database",
        "kind": "search",
        "started": "2026-01-01T08:00:00Z",
        "format": "xml",
        "payload": "page-0001.xml.gz",
        "sha256": "ab",
        "retrieved": 27,
        "hits": 27,
        "strategy": "calcinosis AND rituximab",
        "details": {"status": "complete", "platform": "PubMed"},
    }
    return Run(**(parts | changes))  # type: ignore[arg-type]


def make_content(**changes: object) -> Content:
    parts: dict[str, object] = {
        "protocol": Protocol(
            "Title", question="How often?", eligibility=(("study_designs", ("Any",)),), registration="none"
        ),
        "is_draft": False,
        "values": [
            Value("prisma.records_screened", "122", 122.0, method="records"),
            Value("prisma.new_cases", "0", 0.0, method="cases"),
            Value("pool.A.x", "4/8 (50.0%)", 0.5, ids=("x",)),
        ],
        "findings": [find("EXTRACT-021", "events 12 > total 8", Origin("a.yaml", 3), expected="0..8", hint="look")],
        "flow": make_figure(),
        "searches": [make_run()],
        "runs": make_table("runs", "PubMed"),
        "strategies": [],
        "studies": make_table("studies", "Adams"),
        "excluded": make_table("excluded", "Clark"),
        "analyses": [AnalysisPart("A", "The series", make_table("pooled-A", "Adams"))],
        "sources": Section("sources", "Where the numbers come from", (write_paragraph("x"),)),
    }
    return Content(**(parts | changes))  # type: ignore[arg-type]


def find_section(document: Document, key: str) -> Section:
    return next(section for section, _ in list_sections(document) if section.key == key)


def read_text(section: Section) -> str:
    return " ".join(read_runs(block.runs) for block in section.blocks if isinstance(block, Paragraph))


def test_the_parts_come_in_the_order_of_a_report():
    slots = {
        name: Section(name, name, (write_paragraph("x"),))
        for name in ("methods", "agreement", "appraisal", "certainty", "checklists")
    }
    document = compose_report(make_content(**slots))
    assert [section.key for section in document.sections] == ORDER
    without = compose_report(make_content())
    assert [section.key for section in without.sections] == [key for key in ORDER if key not in slots]


def test_the_summary_gives_the_numbers_with_their_keys():
    (items, _) = find_section(compose_report(make_content()), "summary").blocks
    assert isinstance(items, Items)
    numbers = [run for item in items.items for run in item if isinstance(run, Number)]
    assert numbers == [Number("prisma.records_screened", "122"), Number("pool.A.x", "4/8 (50.0%)")]


def test_an_analysis_whose_sum_is_refused_has_none_in_the_summary():
    values = [Value("pool.A.x", "4/8", 0.5, ids=("x",)), Value("pool.A.y", "1/2", 0.5, ids=("y",))]
    (items, _) = find_section(compose_report(make_content(values=values)), "summary").blocks
    assert read_runs(items.items[0]) == "A. The series: no sum is given"


def test_a_draft_says_so_and_why():
    (banner,) = compose_report(make_content(is_draft=True)).lead
    assert banner.kind == "warning"
    assert "a number may be wrong (1 finding at error level" in read_runs(banner.runs)
    (banner,) = compose_report(make_content(is_draft=True, findings=[])).lead
    assert "the review is unfinished" in read_runs(banner.runs)
    assert compose_report(make_content()).lead == ()


def test_findings_are_told_by_kind_with_what_to_do():
    notes = [find("RECORD-006", f"entry {number}", Origin("x.ris", number + 1)) for number in range(MOST_FINDINGS + 5)]
    section = find_section(compose_report(make_content(findings=[*make_content().findings, *notes])), "findings")
    (outline,) = [block for block in section.blocks if isinstance(block, Outline)]
    error, note = outline.nodes
    assert read_runs(error.runs) == "error: more events than patients (1 finding, EXTRACT-021)"
    assert [read_runs(node.runs) for node in error.nodes] == [
        "What to do: Look the two numbers up again.",
        "a.yaml:3 events 12 > total 8; expected 0..8 (look)",
    ]
    assert note.is_folded
    assert len(note.nodes) == MOST_FINDINGS + 2
    assert read_runs(note.nodes[-1].runs) == "and 5 more: review check RECORD-006"


def test_an_empty_review_says_what_is_not_there_yet():
    content = make_content(
        protocol=Protocol("T"), values=[], findings=[], searches=[], runs=make_table("runs"), studies=make_table("studies"),
        excluded=make_table("excluded"), analyses=[],
    )  # fmt: skip
    document = compose_report(content)
    told = {
        key: read_text(find_section(document, key))
        for key in ("summary", "question", "searches", "included", "results")
    }
    assert told["summary"].startswith("Nothing is counted yet.")
    assert told["question"] == "The protocol states no question."
    assert told["searches"] == "No search has been run."
    assert told["included"] == "No study is included yet."
    assert told["results"] == "The protocol plans no analysis."
    assert read_text(find_section(document, "not-included")) == "No report is excluded at full text."
    assert read_text(find_section(document, "findings")) == "Nothing is open."


def test_an_analysis_without_rows_says_so():
    parts = [AnalysisPart("B", "Empty", make_table("pooled-B"))]
    document = compose_report(make_content(analyses=parts))
    assert read_text(find_section(document, "analysis-B")) == "No study has a figure for it yet. Table pooled-B"


def test_the_characteristics_stand_below_the_included_studies():
    section = Section("characteristics", "Characteristics", (write_paragraph("x"),))
    included = find_section(compose_report(make_content(characteristics=section)), "included")
    assert included.subsections == (section,)


def test_a_search_is_told_as_it_was_run():
    lines = (LineHits(1, "calcinosis", 1234), LineHits(2, "#1 AND rituximab", None))
    runs = [
        make_run(translation="calcinosis[All Fields]"),
        make_run(id="r2", source="embase", details={"status": "complete", "lines": lines}),
        make_run(id="r3", source="x", lane="register", strategy=""),
        make_run(id="r4", source="y", details={"status": "partial"}),
    ]
    section = compose_searches(runs, [], make_table("runs", "x"))
    assert [inner.title for inner in section.subsections] == ["Databases", "Study registers"]
    embase, pubmed = section.subsections[0].subsections
    assert pubmed.title == "PubMed, searched 2026-01-01"
    assert [block.text for block in pubmed.blocks if isinstance(block, Listing)] == [
        "calcinosis AND rituximab",
        "calcinosis[All Fields]",
    ]
    (table,) = [block for block in embase.blocks if isinstance(block, Table)]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["1", "calcinosis", "1,234"],
        ["2", "#1 AND rituximab", ""],
    ]
    (register,) = section.subsections[1].subsections
    assert "The strategy was not recorded." in read_text(register)


def test_an_earlier_search_and_one_not_run_are_told_apart_from_those_that_were():
    reported, _ = parse_strategy(
        {"source": "medline", "query": "x", "reported": {"hits": 392, "source": "doi:10.1/x"}}, "queries/medline.yaml"
    )
    waiting, _ = parse_strategy({"source": "embase", "query": "y", "notes": "soon"}, "queries/embase.yaml")
    used, _ = parse_strategy({"source": "pubmed", "query": "calcinosis AND rituximab"}, "queries/pubmed.yaml")
    section = compose_searches([make_run()], [reported, waiting, used], make_table("runs", "x"))
    told = {inner.title: inner.subsections for inner in section.subsections[1:]}
    assert [inner.title for inner in told["Strategies not run yet"]] == ["queries/embase.yaml"]
    (earlier,) = told["Earlier searches, as reported by others"]
    assert read_text(earlier) == (
        "Not run for this review: doi:10.1/x reports 392 hits, an unstated number screened without duplicates."
    )
    assert Number("search.medline.hits", "392") in earlier.blocks[0].runs


def test_hostile_text_stays_text_in_the_page():
    strategy, _ = parse_strategy({"source": "pubmed", "query": f"x {HOSTILE}", "notes": HOSTILE}, "queries/x.yaml")
    content = make_content(
        protocol=Protocol(HOSTILE, question=HOSTILE, eligibility=((HOSTILE, (HOSTILE,)),), registration=HOSTILE),
        findings=[find("EXTRACT-021", HOSTILE, Origin(HOSTILE, 3))],
        searches=[make_run(strategy=HOSTILE, note=HOSTILE, translation=HOSTILE)],
        strategies=[strategy],
        analyses=[AnalysisPart("A", HOSTILE, make_table("pooled-A", HOSTILE), (make_figure("figure-A"),))],
    )
    html = render_page(compose_report(content)).decode()
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 14


def test_a_figure_of_an_analysis_stands_below_its_table():
    part = AnalysisPart(
        "A", "x", make_table("pooled-A", "Adams"), (make_figure("figure-A"),), (write_paragraph("Said."),)
    )
    section = find_section(compose_report(make_content(analyses=[part])), "analysis-A")
    assert [type(block) for block in section.blocks] == [Table, Figure, Paragraph]
