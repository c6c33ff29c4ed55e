from __future__ import annotations

import pytest

from review.errors import FormatError
from review.extraction import fulltext
from review.extraction.fulltext import read_full_text


def make_pdf(words):
    """A page with words, or an empty one."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject
    from pypdf.generic import DictionaryObject
    from pypdf.generic import NameObject

    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}
    )
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode("latin-1"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    import io

    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


def test_the_text_of_a_pdf_and_of_a_text_file(tmp_path):
    (tmp_path / "a.pdf").write_bytes(make_pdf("Four patients improved"))
    (tmp_path / "a.txt").write_text("Four patients improved\n", "utf-8")
    assert [read_full_text(tmp_path / name, name).strip() for name in ("a.pdf", "a.txt")] == [
        "Four patients improved"
    ] * 2


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"", "is not a whole PDF"), (b"%PDF-1.4\n%%EOF", "is not a whole PDF"), (make_pdf(""), "holds no text")],
)
@pytest.mark.filterwarnings("ignore")
def test_what_cannot_be_read(tmp_path, data, told):
    (tmp_path / "a.pdf").write_bytes(data)
    with pytest.raises(FormatError, match=told):
        read_full_text(tmp_path / "a.pdf", "a.pdf")


def test_a_huge_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(fulltext, "SIZE_LIMIT_BYTES", 10)
    (tmp_path / "a.pdf").write_bytes(make_pdf("x"))
    with pytest.raises(FormatError, match="is larger than"):
        read_full_text(tmp_path / "a.pdf", "a.pdf")
