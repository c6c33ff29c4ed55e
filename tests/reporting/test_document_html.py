"""A document as one HTML page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from review.reporting.document import Document
from review.reporting.document import Section
from review.reporting.document_html import render_page
from tests.reporting.documents import make_document


class Page(HTMLParser):
    """Collects what a browser would load or run, what is left open, and the anchors."""

    VOID = frozenset({"meta", "img", "br", "link", "input"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self._collect(tag, attrs)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self._collect(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def _collect(self, tag, attrs):
        for name, value in attrs:
            if name in ("src", "data", "action", "srcset", "xlink:href") or (
                name == "href" and tag in {"link", "base"}
            ):
                self.loads.append(value)
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.append(value)
            if name.startswith("on"):
                self.handlers.append(name)


@pytest.fixture(scope="module")
def html():
    return render_page(make_document()).decode()


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_hostile_text_stays_text(html, page):
    assert "script" not in page.tags
    assert page.handlers == []
    assert page.open == []
    assert html.count("&lt;script&gt;") >= 12


def test_nothing_is_loaded_from_elsewhere(html, page):
    assert page.loads == []
    assert "default-src 'none'" in html
    assert [link for link in page.links if not link.startswith("#")] == ["https://example.org/a?b=%3Cc%3E"]


def test_every_link_has_its_place_and_every_place_one_name(page):
    local = {link[1:] for link in page.links if link.startswith("#")}
    assert "value-prisma.records_screened" in local
    assert "odd~20~key~2f~~e9~" in local
    assert local <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)


def test_a_number_without_a_place_is_plain_text(html):
    assert "no.such.value" not in html
    assert "> and 9<strong>" in html


def test_numbers_of_text_tables_and_figures_are_links(html):
    to = 'href="#value-prisma.records_screened"'
    assert re.search(rf'<a class="value" {to}>80</a>', html)
    assert re.search(rf"<td class=\"right short\"><a {to}>80</a><sup>a</sup></td>", html)
    assert re.search(rf"<a {to}><g><text [^>]*>Records screened", html)


def test_a_figure_can_be_heard(html):
    assert len(re.findall(r'<svg [^>]*role="group" aria-labelledby="figure-(?:flow|again)-alt">', html)) == 2


def test_what_is_below_an_entry_is_folded(html):
    assert re.search(r'<details id="value-prisma.records_screened"><summary>', html)
    assert "<div>plain<ul" in html


def test_headings_go_down_one_level_at_a_time():
    inner = Section("z", "Deepest")
    for level in range(6):
        inner = Section(f"s{level}", f"Level {level}", (), (inner,))
    html = render_page(Document("T", sections=(inner,))).decode()
    levels = [int(level) for level in re.findall(r"<h(\d)>", html)]
    assert levels == [1, 2, 3, 4, 5, 6, 6, 6]


def test_the_contents_show_two_levels(html):
    contents = html[html.index("<nav") : html.index("</nav>")]
    assert re.findall(r'href="#([^"]+)"', contents) == ["results", "odd~20~key~2f~~e9~", "sources"]


def test_equal_documents_give_equal_bytes():
    assert render_page(make_document()) == render_page(make_document())
