"""Word files hold tables that can be edited, and are the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.enum.section import WD_ORIENT

from review.reporting.figure import render_png
from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_row
from review.reporting.word import Heading
from review.reporting.word import Paragraph
from review.reporting.word import Picture
from review.reporting.word import render_docx
from tests.reporting.test_figure import make_drawing
from tests.reporting.test_table import TABLE


def read_docx(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


def test_a_table_comes_back_as_a_table() -> None:
    document = read_docx(
        render_docx([Heading("Results"), Paragraph("Two sentences.\x00 More."), TABLE], title="A review")
    )
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["Study", "Events", "Result (95% CI)b"]
    assert [cell.text for cell in table.rows[2].cells] == ["Series_1 <2014> | xa", "4", "4/8 (50.0%)"]
    assert table.rows[1].cells[0].text == table.rows[1].cells[2].text == "Reported in full"
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:4] == ["A review", "Results", "Two sentences.  More.", "Improved & better, by study."]
    assert "b Clopper-Pearson." in texts
    assert document.core_properties.title == "A review"
    assert document.core_properties.author == ""


def test_the_header_row_is_repeated_on_every_page() -> None:
    (table,) = read_docx(render_docx([TABLE])).tables
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert "w:tblHeader" not in table.rows[1]._tr.xml


def test_a_wide_table_turns_the_page() -> None:
    columns = tuple(Column(f"c{place}", f"Column {place}") for place in range(9))
    wide = Table("wide", "", columns, (make_row(*(Cell("x"),) * 9),))
    sections = read_docx(render_docx([TABLE, wide, wide, Paragraph("Then.")])).sections
    assert [section.orientation for section in sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]


def test_a_picture_has_its_alternative_text() -> None:
    picture = Picture(render_png(make_drawing(), dpi=72), 30.0, "Figure 1.", "A box & an arrow.")
    document = read_docx(render_docx([picture]))
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == "A box & an arrow."
    assert shape.width.cm <= 17.01
    assert document.paragraphs[-2].text == "Figure 1."


def test_a_high_picture_fits_the_page() -> None:
    picture = Picture(render_png(make_drawing(height=900), dpi=72), 15.0)
    (shape,) = read_docx(render_docx([picture])).inline_shapes
    assert shape.height.cm <= 23.3
    assert shape.height / shape.width == pytest.approx(900 / 144, rel=0.01)


def test_the_same_content_gives_the_same_bytes_without_a_date() -> None:
    data = render_docx([TABLE], title="A review")
    assert data == render_docx([TABLE], title="A review")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")
