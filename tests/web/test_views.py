from __future__ import annotations

import json

import pytest

from review.findings import Origin
from review.model import AbstractSection
from review.model import Author
from review.model import Decision
from review.model import Record
from review.model import RecordId
from review.model import Relation
from review.web.bodies import PlainJson
from review.web.pdfs import PdfFolder
from review.web.pdfs import list_names
from review.web.views import view_decision
from review.web.views import view_record

BARE = Record(RecordId("doi:10.1/a(b)"), "")


def links(**values):
    return [link["url"] for link in view_record(BARE.evolve(**values))["links"]]


def test_a_record_without_anything_can_be_shown():
    view = view_record(BARE)
    assert (view["title"], view["authors"], view["year"], view["where"]) == ("", "", None, "")
    assert (view["sections"], view["links"], view["notices"], view["retracted"]) == ([], [], [], False)


def test_what_is_shown_of_a_record():
    view = view_record(
        BARE.evolve(
            title="T", authors=tuple(Author(f"Author{number}", "A") for number in range(14)), journal="J", year=2001, volume="3", issue="4",
            pages="5-6", abstract="b r", abstract_sections=(AbstractSection("Background", "b"), AbstractSection("Results", "r"), AbstractSection("X", "")),
            publication_types=("Retracted Publication", "Case Reports"), mesh=("Calcinosis",), registrations=("NCT01",), languages=("fre",),
            relations=(Relation("retraction-in", text="J 2003;1:2"), Relation("comment-in", pmid="3"), Relation("erratum-in", doi="10.1/x")),
        )
    )  # fmt: skip
    assert view["authors"].endswith("Author11, A; and 2 more")
    assert view["where"] == "3(4):5-6"
    assert view["sections"] == [{"label": "Background", "text": "b"}, {"label": "Results", "text": "r"}]
    assert view["retracted"] is True
    assert view["notices"] == [{"kind": "Retracted", "text": "J 2003;1:2"}, {"kind": "Corrected", "text": "10.1/x"}]
    assert (view["types"], view["mesh"], view["registrations"]) == (
        ["Retracted Publication", "Case Reports"],
        ["Calcinosis"],
        ["NCT01"],
    )


def test_links_are_made_here_and_lead_to_the_web_alone():
    assert links(doi='10.1/a"><script>', pmid="12") == [
        "https://doi.org/10.1/a%22%3E%3Cscript%3E",
        "https://pubmed.ncbi.nlm.nih.gov/12/",
    ]
    assert links(url="https://example.org/x") == ["https://example.org/x"]
    for url in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "//example.org",
        "https://",
        "http://[",
        "example.org",
    ):
        assert links(url=url) == []
    assert links(pmid="12; drop", doi="") == []


def test_a_decision_is_shown_without_where_it_stands():
    assert view_decision(None) is None
    decision = Decision("ann", "t", "full-text", BARE.id, "exclude", "no-data", "n", "shown", Origin("ann.csv", 3))
    assert view_decision(decision) == {
        "by": "ann",
        "time": "t",
        "decision": "exclude",
        "reason": "no-data",
        "note": "n",
    }


def test_answers_hold_every_text_even_half_letters():
    body = PlainJson({"title": "钙 \ud800 </script>"}).body
    assert json.loads(body) == {"title": "钙 \ud800 </script>"}
    assert body.isascii()


def test_a_full_text_may_have_several_names():
    record = BARE.evolve(doi="10.1/a(b)", pmid="12", pmcid="PMC7")
    assert list_names(record, ["import:x_y"]) == ["12", "pmc7", "10-1-a-b", "doi-10-1-a-b", "import-x-y"]


@pytest.mark.parametrize("name", ["12.pdf", "PMC7.PDF", "10.1_a(b).pdf", "doi-10-1-a-b.pdf"])
def test_full_texts_are_found_by_any_of_them(tmp_path, name):
    record = BARE.evolve(doi="10.1/a(b)", pmid="12", pmcid="PMC7")
    folder = PdfFolder(tmp_path / "pdfs")
    assert folder.find(record, []) is None
    (tmp_path / "pdfs").mkdir()
    (tmp_path / "pdfs" / "120.pdf").write_bytes(b"")
    (tmp_path / "pdfs" / "12.txt").write_bytes(b"")
    (tmp_path / "pdfs" / "12.pdf.d").mkdir()
    assert folder.find(record, []) is None
    (tmp_path / "pdfs" / name).write_bytes(b"%PDF")
    assert folder.find(record, []) == tmp_path / "pdfs" / name
