"""Manuscripts of every kind give the same claims, at places that their author can find."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure

from review.errors import FormatError
from review.reporting.claims.check import check_manuscript
from review.reporting.claims.documents import read_manuscript

SENTENCE = "Calcinosis improved in 9/19 (46%) of the patients."


def judge(path: Path) -> list[tuple[str, int, str]]:
    return [
        (item.text, item.line, item.verdict.code) for item in check_manuscript(read_manuscript(path, path.name), ())
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", f"Results\n\n{SENTENCE}\n"),
        ("a.md", f"# Results\n\n{SENTENCE} `4/8 (10%)` is code.\n"),
        (
            "a.html",
            "<h1>Results</h1>\n<script>x = '4/8 (10%)'</script>\n<p>Calcinosis improved in <b>9</b>/19&nbsp;(46&#37;) of the patients.</p>\n",
        ),
        (
            "a.tex",
            "\\section{Results} % 4/8 (10\\%) is a comment\n\nCalcinosis improved in 9/19~(46\\%) \\cite{a4} of the patients.\n",
        ),
    ],
)
def test_text_files(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    ((_, line, code),) = judge(tmp_path / name)
    assert (line, code) == (3, "CLAIM-001")


def test_word_counts_paragraphs_and_rows_of_tables(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Results")
    document.add_paragraph(SENTENCE)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "Improved"
    table.rows[0].cells[1].text = "4/8 (40%)"
    document.save(str(tmp_path / "a.docx"))
    assert judge(tmp_path / "a.docx") == [("9/19 (46%", 2, "CLAIM-001"), ("4/8 (40%", 3, "CLAIM-001")]


def test_pdf_with_text(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    figure = Figure()
    figure.text(0.1, 0.5, SENTENCE)
    FigureCanvasPdf(figure).print_pdf(tmp_path / "a.pdf")
    assert [code for _, _, code in judge(tmp_path / "a.pdf")] == ["CLAIM-001"]


@pytest.mark.parametrize("name", ["a.docx", "a.pdf"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not whole", b"%PDF-1.4 cut"])
def test_broken_files_end_in_a_clear_error(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FormatError, match=name):
        read_manuscript(tmp_path / name, name)


def test_other_kinds_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.rtf").write_text("x")
    with pytest.raises(FormatError, match=r"\.docx"):
        read_manuscript(tmp_path / "a.rtf", "a.rtf")
