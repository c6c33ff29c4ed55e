"""A document as a Word file: tables that can be edited, links that lead somewhere, the same bytes for the same content."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from docx.enum.section import WD_ORIENT

from review.reporting.column_width import share_width
from review.reporting.document import Document
from review.reporting.document import Figure
from review.reporting.document import Section
from review.reporting.document import write_paragraph
from review.reporting.document_word import render_word
from review.reporting.figure import render_png
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_row
from review.reporting.word_markup import name_bookmark
from review.reporting.word_markup import write_run
from review.reporting.xml_text import clean_text
from tests.reporting.documents import HOSTILE
from tests.reporting.documents import make_document
from tests.reporting.test_figure import make_drawing
from tests.reporting.test_table import TABLE


def read_docx(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


def read_xml(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/document.xml").decode()


@pytest.fixture(scope="module")
def data() -> bytes:
    return render_word(make_document())


def test_a_table_comes_back_as_a_table() -> None:
    document = read_docx(render_word(Document("A review", (write_paragraph("Two sentences.\x00 More."), TABLE))))
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["Study", "Events", "Result (95% CI)b"]
    assert [cell.text for cell in table.rows[2].cells] == ["Series_1 <2014> | xa", "4", "4/8 (50.0%)"]
    assert table.rows[1].cells[0].text == table.rows[1].cells[2].text == "Reported in full"
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:3] == ["A review", "Two sentences.  More.", "Improved & better, by study."]
    assert "b Clopper-Pearson." in texts
    assert document.core_properties.title == "A review"
    assert document.core_properties.author == ""


def test_the_header_row_is_repeated_on_every_page() -> None:
    (table,) = read_docx(render_word(Document("", (TABLE,)))).tables
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert "w:tblHeader" not in table.rows[1]._tr.xml


def test_a_wide_table_turns_the_page() -> None:
    columns = tuple(Column(f"c{place}", f"Column {place}") for place in range(9))
    wide = [Table(f"wide-{place}", "", columns, (make_row(*["x"] * 9),)) for place in range(2)]
    sections = read_docx(render_word(Document("", (TABLE, *wide, write_paragraph("Then."))))).sections
    assert [section.orientation for section in sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    assert sections[1].page_width > sections[1].page_height


def test_a_document_may_begin_with_a_wide_table() -> None:
    wide = Table("wide", "", tuple(Column(f"c{place}", "") for place in range(9)), ())
    (section,) = read_docx(render_word(Document("", (wide,)))).sections
    assert section.orientation == WD_ORIENT.LANDSCAPE


def test_a_picture_has_its_alternative_text() -> None:
    figure = Figure("figure-1", "Figure 1.", "A box & an arrow.", b"", render_png(make_drawing(), dpi=72), 30.0)
    document = read_docx(render_word(Document("", (figure,))))
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == "A box & an arrow."
    assert shape.width.cm <= 17.01
    assert document.paragraphs[-1].text == "Figure 1."


def test_a_high_picture_fits_the_page() -> None:
    figure = Figure("figure-1", "", "", b"", render_png(make_drawing(height=900), dpi=72), 15.0)
    (shape,) = read_docx(render_word(Document("", (figure,)))).inline_shapes
    assert shape.height.cm <= 23.3
    assert shape.height / shape.width == pytest.approx(900 / 144, rel=0.01)


def test_headings_are_headings() -> None:
    document = read_docx(render_word(Document("T", (), (Section("a", "One", (), (Section("b", "Two"),)),))))
    styles = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    assert ("Heading 1", "One") in styles
    assert ("Heading 2", "Two") in styles


def test_every_link_has_its_bookmark_and_every_bookmark_one_name(data: bytes) -> None:
    xml = read_xml(data)
    anchors = set(re.findall(r'w:anchor="([^"]+)"', xml))
    bookmarks = re.findall(r'w:bookmarkStart w:id="\d+" w:name="([^"]+)"', xml)
    assert name_bookmark("value-prisma.records_screened") in anchors
    assert anchors <= set(bookmarks)
    assert len(set(bookmarks)) == len(bookmarks)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", name) for name in bookmarks)
    assert len(set(re.findall(r'bookmarkStart w:id="(\d+)"', xml))) == len(bookmarks)


def test_a_web_link_is_a_link_and_a_script_is_not(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        relations = archive.read("word/_rels/document.xml.rels").decode()
    assert relations.count('TargetMode="External"') == 1
    assert "https://example.org/a?b=%3Cc%3E" in relations


def test_hostile_text_stays_text(data: bytes) -> None:
    document = read_docx(data)
    shown = clean_text(HOSTILE)
    assert sum(shown in paragraph.text for paragraph in document.paragraphs) >= 6
    assert any(shown in cell.text for cell in document.tables[0].rows[1].cells)


def test_lines_and_tabs_stay_lines_and_tabs() -> None:
    run = write_run("a\tb\nc")
    assert "<w:tab/>" in run
    assert "<w:br/>" in run


def test_the_same_content_gives_the_same_bytes_without_a_date(data: bytes) -> None:
    assert data == render_word(make_document())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        dates = re.findall(rb"<dcterms:(?:created|modified)[^>]*>([^<]*)", archive.read("docProps/core.xml"))
        assert set(dates) == {b"1980-01-01T00:00:00Z"}


def test_columns_share_the_width_by_their_texts() -> None:
    short, prose, code = share_width([["1", "2"], ["word " * 40], ["conference-abstracts:NARVAEZ2018_ACR1724_p2"]], 17)
    assert short + prose + code == pytest.approx(17)
    assert prose > code > short
    assert share_width([[], [""]], 10) == pytest.approx([5, 5])
