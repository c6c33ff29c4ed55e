"""Manuscripts of every kind to text: Markdown, plain text, HTML, Word, LaTeX, PDF.

Markup is blanked out, not cut out, so that a finding names the line and column of the file that the author edits. A Word file has no lines: its
paragraphs (table rows included) are counted instead; a PDF's lines are those of the text in it.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from review.errors import FormatError
from review.files import read_snapshot
from review.reporting.claims.text import Manuscript
from review.reporting.claims.text import prepare

if TYPE_CHECKING:
    from docx.document import Document

#: File endings that can be read.
ENDINGS = (".md", ".qmd", ".rmd", ".txt", ".html", ".htm", ".docx", ".tex", ".pdf")

_CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]*`", re.DOTALL)
_HTML_SKIPPED = re.compile(r"<(script|style|svg|head)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_HTML_TAG = re.compile(r"<(?!!--)[/!]?[a-zA-Z][^<>]*>")
_HTML_INLINE = re.compile(r"</?(?:b|i|em|strong|span|a|u|small|mark|abbr|code)(?:\s[^<>]*)?>", re.IGNORECASE)
_HTML_RAISED = re.compile(r"<su[pb](?:\s[^<>]*)?>", re.IGNORECASE)
_HTML_COMMENT = re.compile(r"<!--(?!\s*claim).*?-->", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TEX_COMMENT = re.compile(r"(?<!\\)%(?!\s*claim).*")
_TEX_SKIPPED = re.compile(
    r"\\(?:cite\w*|ref|label|includegraphics|bibliography\w*|url|href)\s*(?:\[[^\]]*\])?\{[^}]*\}"
)
_TEX_TIE = re.compile(r"(?<!\\)~|\\[,;:! ]|\\thinspace\b|\\nobreakspace\b")
_TEX_MARK = re.compile(r"\\%")
_TEX_COMMAND = re.compile(r"\\[a-zA-Z]+\*?|[{}$]")


def read_manuscript(path: Path, shown_as: str) -> Manuscript:
    """Read a manuscript.

    Raises:
        FormatError: If the file cannot be read, or is of a kind that cannot.
    """
    ending = path.suffix.lower()
    if ending == ".docx":
        return prepare("\n".join(_read_word(path, shown_as)), shown_as, unit="paragraph")
    if ending == ".pdf":
        return prepare(_read_pdf(path, shown_as), shown_as)
    if ending not in ENDINGS:
        raise FormatError(
            shown_as,
            f"a manuscript of the kind {ending or 'without ending'} cannot be read",
            hint=f"known are {' '.join(ENDINGS)}",
        )
    text = read_snapshot(path).text
    if ending in {".html", ".htm"}:
        text = _blank_html(text)
    elif ending == ".tex":
        text = _blank_tex(text)
    elif ending != ".txt":
        text = _blank_html(_blank(_CODE, text))
    return prepare(text, shown_as)


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def _blank_html(text: str) -> str:
    text = _blank(_HTML_SKIPPED, _blank(_HTML_COMMENT, text))
    # Tags inside a line leave its words joined; a raised digit is a mark, so that 19 with a note 2 is not 192.
    text = _HTML_RAISED.sub(lambda match: "^".ljust(len(match.group()), "\u200b"), text)
    text = _HTML_INLINE.sub(lambda match: "\u200b" * len(match.group()), text)
    text = _blank(_HTML_TAG, text)
    # An entity becomes its character and invisible fillers, so that columns stay those of the file.
    return _ENTITY.sub(lambda match: html.unescape(match.group())[:1].ljust(len(match.group()), "\u200b"), text)


def _blank_tex(text: str) -> str:
    text = _blank(_TEX_COMMENT, text)
    text = _blank(_TEX_SKIPPED, text)
    text = _TEX_MARK.sub("\u200b%", text)
    text = _TEX_TIE.sub(lambda match: " ".ljust(len(match.group()), "\u200b"), text)
    return _TEX_COMMAND.sub(lambda match: "\u200b" * len(match.group()), text)


def _read_word(path: Path, shown_as: str) -> Iterator[str]:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise FormatError(shown_as, "is not a whole Word file (.docx)", hint="save it again in Word") from error
    yield from _list_blocks(document)


def _list_blocks(document: Document) -> Iterator[str]:
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(_flatten(cell.text) for cell in row.cells)
        else:
            yield _flatten(block.text)


def _flatten(text: str) -> str:
    return text.replace("\n", " ")


def _read_pdf(path: Path, shown_as: str) -> str:
    try:
        import pypdf
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise FormatError(
            shown_as, "PDF files need the package pypdf", hint="pip install 'review-toolkit[pdf]'"
        ) from error
    try:
        reader: Any = pypdf.PdfReader(str(path))
        pages = [page.extract_text() or "" for page in reader.pages]
    except (PyPdfError, OSError, ValueError, KeyError) as error:
        raise FormatError(shown_as, f"is not a whole PDF ({type(error).__name__})") from error
    if not any(page.strip() for page in pages):
        raise FormatError(shown_as, "holds no text (pictures of pages)", hint="check the file that it was made from")
    # A word cut at the end of a line is one word; a number is never cut so.
    return re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", "\n".join(pages))
