"""What each reader takes from a document and what it leaves out; places stay those of the file."""

from __future__ import annotations

import random
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure

from review.errors import FormatError
from review.reporting.claims.check import check_manuscript
from review.reporting.claims.documents import blank_markdown
from review.reporting.claims.documents import read_manuscript
from review.reporting.claims.reader_html import blank_html
from review.reporting.claims.reader_tex import blank_tex
from review.reporting.claims.sentences import split_sentences

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def make_word(path: Path, body: str, footnotes: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>")
        if footnotes:
            archive.writestr("word/footnotes.xml", f"<w:footnotes {_NAMESPACES}>{footnotes}</w:footnotes>")
    return path


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def read_words(tmp_path: Path, body: str, footnotes: str = "") -> str:
    return read_manuscript(make_word(tmp_path / "a.docx", body, footnotes), "a.docx").text


def judge(path: Path) -> list[tuple[int, str, str]]:
    judged = check_manuscript(read_manuscript(path, path.name), ())
    return [(item.line, item.text, item.verdict.code) for item in judged]


def write(tmp_path: Path, name: str, text: str) -> Path:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


def test_word_reads_what_stands_when_changes_are_accepted(tmp_path: Path) -> None:
    deleted = "<w:del><w:r><w:delText> and 4/8 (40%)</w:delText></w:r></w:del>"
    inserted = f"<w:ins>{run(' and 5/8 (63%)')}</w:ins>"
    moved = f"<w:moveFrom>{run('1/2 (90%)')}</w:moveFrom><w:moveTo>{run(' too')}</w:moveTo>"
    assert read_words(tmp_path, f"<w:p>{run('9/19')}{deleted}{inserted}{moved}</w:p>") == "9/19 and 5/8 (63%) too"


def test_word_leaves_out_what_is_hidden_and_marks_what_is_raised(tmp_path: Path) -> None:
    hidden = run("1/8 (90%)", "<w:vanish/>")
    shown = run(" seen", '<w:vanish w:val="0"/>')
    raised = run("2", '<w:vertAlign w:val="superscript"/>')
    assert read_words(tmp_path, f"<w:p>{run('19')}{raised}{hidden}{shown}</w:p>") == "19^2 seen"


def test_word_reads_fields_as_they_print(tmp_path: Path) -> None:
    field = f"<w:fldSimple w:instr='DOCPROPERTY n'>{run('9/19')}</w:fldSimple><w:r><w:instrText>PAGE 4/8</w:instrText></w:r>"
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run(' (47.4%)')}</w:sdtContent></w:sdt>"
    assert read_words(tmp_path, f"<w:p>{field}{control}</w:p>") == "9/19 (47.4%)"


def test_word_reads_text_boxes_once_and_footnotes_last(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Box: 3/7</w:t></w:r></w:p></w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    notes = f'<w:footnote w:type="separator"><w:p>{run("-")}</w:p></w:footnote><w:footnote><w:p>{run("Note: 2/9")}</w:p></w:footnote>'
    assert read_words(tmp_path, f"<w:p>{run('Text')}<w:r>{both}</w:r></w:p>", notes).split("\n") == ["Text", "Box: 3/7", "Note: 2/9"]  # fmt: skip


def test_word_rows_are_lines_and_their_heads_give_denominators(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc><w:p>{run(cell)}</w:p></w:tc>" for cell in cells) + "</w:tr>"

    removed = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{run('9 (9%)')}</w:p></w:tc></w:tr>"
    table = (
        f"<w:tbl>{row('', 'Rituximab (n = 8)')}{row('Improved', '4 (50%)')}{row('Healed', '5 (50%)')}{removed}</w:tbl>"
    )
    path = make_word(tmp_path / "a.docx", f"<w:p>{run('Table')}</w:p>{table}")
    assert judge(path) == [(3, "4 (50%", ""), (4, "5 (50%", "CLAIM-003")]


def test_word_refuses_what_is_no_document(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(FormatError, match="holds no document"):
        read_manuscript(tmp_path / "a.docx", "a.docx")
    with zipfile.ZipFile(tmp_path / "b.docx", "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY x "4/8">]><a>&x;<b></a>')
    with pytest.raises(FormatError, match="not a whole Word file"):
        read_manuscript(tmp_path / "b.docx", "b.docx")


def is_refused(path: Path) -> bool:
    """Whether a file is refused with its name; any other exception passes on."""
    try:
        read_manuscript(path, path.name)
    except FormatError as error:
        return path.name in str(error)
    return False


def test_damaged_word_and_pdf_files_end_in_a_clear_error(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    figure = Figure()
    figure.text(0.1, 0.5, "Calcinosis improved in 9/19 (46%).")
    FigureCanvasPdf(figure).print_pdf(tmp_path / "a.pdf")
    make_word(tmp_path / "a.docx", f"<w:p>{run('9/19 (46%)')}</w:p>")
    chance = random.Random(1)
    refused = 0
    for name in ("a.docx", "a.pdf"):
        whole = (tmp_path / name).read_bytes()
        for number in range(60):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 8)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            damaged = tmp_path / f"damaged-{name}"
            damaged.write_bytes(data[: chance.randrange(len(data))] if number % 4 == 0 else data)
            refused += is_refused(damaged)
    assert refused > 60


HIDDEN = [
    "<script>4/8 (10%)</script>",
    "<style>.a{width: 4/8 (10%)}</style>",
    "<p hidden>4/8 (10%)</p>",
    '<div style="display: none"><div>4/8 (10%)</div>4/8 (10%)</div>',
    "<!-- 4/8 (10%) -->",
    "<del>4/8 (10%)</del>",
    "<template><p>4/8 (10%)</p></template>",
    '<img alt="4/8 (10%) > 5">',
    '<a title="4/8 (10%)">',
    "<p hidden>4/8 (10%)",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_html_leaves_out_what_is_not_shown(tmp_path: Path, hidden: str) -> None:
    path = write(tmp_path, "a.html", f"<html><body>\n{hidden}\n<p>Improved: 9/19 (46%).</p></body></html>")
    assert judge(path) == [(3, "9/19 (46%", "CLAIM-001")]


def test_html_keeps_places_and_joins_what_tags_part(tmp_path: Path) -> None:
    line = "<p>Improved: <b>9</b>/19<sup>a</sup> and <i>4</i>/8&nbsp;(40&#37;).</p>"
    path = write(tmp_path, "a.html", f"<html>\n{line}\n</html>")
    (item,) = check_manuscript(read_manuscript(path, "a.html"), ())
    assert (item.line, item.column) == (2, line.index("4</i>") + 1)
    assert item.text == "4</i>/8&nbsp;(40&#37;"


def test_html_tables_spread_over_lines(tmp_path: Path) -> None:
    table = "<table>\n<tr>\n<th></th>\n<th>Rituximab<br>(n = 8)</th>\n</tr>\n<tr>\n<td>Improved</td>\n<td>5 (50%)</td>\n</tr>\n</table>"
    assert judge(write(tmp_path, "a.html", table)) == [(8, "5 (50%", "CLAIM-003")]


def test_cells_and_paragraphs_are_never_read_together(tmp_path: Path) -> None:
    text = "<table><tr><td>4</td><td>(10%)</td></tr></table><p>Seen in 4</p><p>(10%) of all</p>"
    assert judge(write(tmp_path, "a.html", text)) == []


TEX = [
    (r"Improved: 9/19~(46\%).", True),
    (r"Improved: $9/19$ (\SI{46}{\percent}).", True),
    (r"Improved: \num{9} of \num{19} (46\,\%).", True),
    (r"Improved: 9/19\textsuperscript{a} and 9/19 (\textbf{46}\%)\footnote{As stated}.", True),
    ("% Improved: 9/19 (46\\%).", False),
    ("\\begin{comment}\n9/19 (46\\%)\n\\end{comment}", False),
    ("\\begin{verbatim}\n9/19 (46\\%)\n\\end{verbatim}", False),
    (r"\deleted{Improved: 9/19 (46\%).}", False),
    (r"\cite[p.~9/19 (46\%)]{a}", False),
]


@pytest.mark.parametrize(("text", "is_read"), TEX)
def test_latex(tmp_path: Path, text: str, *, is_read: bool) -> None:
    path = write(
        tmp_path, "a.tex", f"\\documentclass{{a}} 9/19 (46\\%)\n\\begin{{document}}\n\n{text}\n\\end{{document}}\n"
    )
    assert [(line, code) for line, _, code in judge(path)] == ([(4, "CLAIM-001")] if is_read else [])


def test_latex_tables_and_ranges(tmp_path: Path) -> None:
    table = "\\begin{tabular}{ll}\nA & Rituximab (n = 8) \\\\\nImproved & 5 (50\\%) \\\\\n\\end{tabular}\n"
    range_of_ages = "The median age was 81 years (range \\numrange{24}{71}), interval 24--71.\n"
    judged = judge(write(tmp_path, "a.tex", f"{table}\n{range_of_ages}"))
    assert [(line, text[:30], code) for line, text, code in judged] == [
        (3, "5 (50\\%", "CLAIM-003"),
        (6, "median age was 81 years (range", "CLAIM-011"),
    ]


def test_latex_tells_which_files_it_did_not_follow(tmp_path: Path) -> None:
    manuscript = read_manuscript(write(tmp_path, "a.tex", "One.\n\\input{results/one}\n\\include{two}\n"), "a.tex")
    assert [remark.split(" is ")[0] for remark in manuscript.remarks] == ["line 2: results/one", "line 3: two"]


MARKDOWN = [
    ("Improved: **9**/19 (*46%*).", True),
    ("Improved: 9/19^a^ and 9/19 (46\\%).", True),
    ("[9/19 (46%)](https://example.org/4/8) improved.", True),
    ("```\n9/19 (46%)\n```\n", False),
    ("~~~ r\n9/19 (46%)\n~~~\n", False),
    ("`9/19 (46%)`", False),
    ("---\ntitle: 9/19 (46%)\n---\n", False),
]


@pytest.mark.parametrize(("text", "is_read"), MARKDOWN)
def test_markdown(tmp_path: Path, text: str, *, is_read: bool) -> None:
    assert [code for _, _, code in judge(write(tmp_path, "a.md", text))] == (["CLAIM-001"] if is_read else [])


@given(st.text(alphabet="<>/!-abp \"'=&;#4%()\n\\{}$~[]*_`|", max_size=300))
def test_readers_keep_the_length_and_the_lines_of_any_text(text: str) -> None:
    for blanked in (blank_html(text), blank_tex(text)[0], blank_markdown(text)):
        assert len(blanked) == len(text)


HOSTILE = ["4 (50%) ", "<a \"", "`", "```", "\\input{a}", "(", "mean a ", "mean was 3 (", "of 4 patients ", "| 4 (", "&", "1,000,", "four of ", "95% CI ", "<!-- claim: ", "<!-- claim: ignore, x --> 4/8 (50%) ", "t(1) = "]  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE)
def test_hostile_text_takes_time_in_proportion(tmp_path: Path, part: str) -> None:
    """No text of one kind of trap takes the time of its square: 40 kB are read in less than a second, where a square would take minutes."""
    text = part * (40_000 // len(part))
    started = time.process_time()
    check_manuscript(read_manuscript(write(tmp_path, "a.md", text), "a"), ())
    for ending in (".html", ".tex"):
        read_manuscript(write(tmp_path, f"a{ending}", text), "a")
    assert time.process_time() - started < 20


def test_sentences_are_bounded_and_cover_their_claims() -> None:
    sentences = split_sentences("word " * 2000 + "4/8 (50%). Next one, Smith et al. 2012 vs. 2013.\n\nLast.")
    assert max(len(sentence.text) for sentence in sentences) <= 1500
    assert [sentence.text.strip() for sentence in sentences[-2:]] == ["Next one, Smith et al. 2012 vs. 2013.", "Last."]
    assert sentences[-1].paragraph == sentences[-2].paragraph + 1
