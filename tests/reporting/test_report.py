"""The report as one HTML file."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from review.findings import Origin
from review.findings import find
from review.protocol import Protocol
from review.reporting.figure import Drawing
from review.reporting.report import AnalysisPart
from review.reporting.report import Figure
from review.reporting.report import Report
from review.reporting.report import render_report
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_row
from review.search.strategy import parse_strategy

HOSTILE = "<script>alert('x')</script>\"&"
FIGURE = Figure(b"<svg/>", Drawing(None, f"Caption {HOSTILE}", f"Alt {HOSTILE}"))


def make_table(key, *rows):
    return Table(key, f"Table {HOSTILE}", (Column("a", "A"),), tuple(make_row(row) for row in rows))


def make_report(**changes):
    strategy, _ = parse_strategy({"source": "pubmed", "query": f"x {HOSTILE}", "notes": HOSTILE}, "queries/pubmed.yaml")
    parts = {
        "protocol": Protocol(f"Title {HOSTILE}", question=HOSTILE, eligibility=(("study_designs", (HOSTILE,)),), registration=HOSTILE),
        "is_draft": False,
        "flow": FIGURE,
        "studies": make_table("studies", HOSTILE),
        "analyses": [AnalysisPart("A", HOSTILE, make_table("pooled-A", HOSTILE), FIGURE)],
        "runs": make_table("runs", HOSTILE),
        "strategies": [strategy],
        "excluded": make_table("excluded", HOSTILE),
        "findings": [find("EXTRACT-021", HOSTILE, Origin("a.yaml", 3))],
    } | changes  # fmt: skip
    return render_report(Report(**parts)).decode()


class Page(HTMLParser):
    """Collects what a browser would load or run, what is left open, and the anchors."""

    VOID = frozenset({"meta", "img", "br", "link", "input"})

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.loads, self.ids, self.links = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "data", "action") or (name == "href" and tag == "link"):
                self.loads.append(value)
            if name == "id":
                self.ids.append(value)
            if name == "href" and value.startswith("#"):
                self.links.append(value[1:])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def html():
    return make_report()


def test_hostile_text_stays_text(html):
    page = Page(html)
    assert "script" not in page.tags
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 12
    assert page.open == []


def test_the_page_loads_nothing_from_elsewhere(html):
    page = Page(html)
    assert page.loads
    assert all(source.startswith("data:image/svg+xml;base64,") for source in page.loads)
    assert "default-src 'none'" in html


def test_every_link_of_the_contents_has_its_place(html):
    page = Page(html)
    assert len(set(page.ids)) == len(page.ids)
    assert page.links
    assert set(page.links) <= set(page.ids)
    assert {"flow", "results", "analysis-A", "findings"} <= set(page.ids)


def test_pictures_have_a_text_for_those_who_cannot_see_them(html):
    assert len(re.findall(r'<img [^>]*alt="Alt ', html)) == 2


def test_a_draft_says_so_with_the_number_of_errors():
    assert "(1 findings at error level)" in make_report(is_draft=True)
    assert 'class="draft"' not in make_report()


def test_an_empty_review_says_what_is_not_there_yet():
    empty = make_table("x")
    text = make_report(
        protocol=Protocol("T"), studies=empty, analyses=[], runs=empty, strategies=[], excluded=empty, findings=[]
    )
    for sentence in (
        "not stated in the protocol",
        "No study is included yet.",
        "The protocol plans no analysis.",
        "No search has been run.",
        "No report is excluded at full text.",
        "<p>None.</p>",
    ):
        assert sentence in text


def test_an_analysis_without_a_plot():
    part = AnalysisPart("B", "Empty", make_table("pooled-B"), None)
    page = Page(make_report(analyses=[part]))
    assert page.tags.count("img") == 1


def test_an_earlier_search_is_told_from_one_that_was_run():
    content = {"source": "medline", "query": "x", "reported": {"hits": 392, "source": "doi:10.1/x"}}
    strategy, _ = parse_strategy(content, "queries/medline.yaml")
    text = make_report(strategies=[strategy])
    assert "Documented, not run for this review: doi:10.1/x reports 392 hits, an unstated number screened" in text
