"""Manuscripts of every kind to text: Markdown, plain text, HTML, Word, LaTeX, PDF.

Markup is blanked out, not cut out, so that a finding names the line and column of the file that the author edits. A Word file has no lines: its paragraphs (table rows
included) are counted instead; a PDF's lines are those of the text in it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from review.errors import FormatError
from review.files import read_snapshot
from review.reporting.claims.reader_html import FILLER
from review.reporting.claims.reader_html import blank_html
from review.reporting.claims.reader_tex import blank_tex
from review.reporting.claims.reader_word import read_word
from review.reporting.claims.text import Manuscript
from review.reporting.claims.text import prepare

#: File endings that can be read.
ENDINGS = (".md", ".qmd", ".rmd", ".txt", ".html", ".htm", ".docx", ".tex", ".pdf")

_FENCE = re.compile(
    r"^([ \t]{0,3})((?>`{3,}|~{3,}))[^\n]*\n(?:(?![ \t]{0,3}\2)[^\n]*\n)*(?:[ \t]{0,3}\2[^\n]*|\Z)", re.MULTILINE
)
_CODE = re.compile(r"`[^`\n]{1,500}`")
_FRONT = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)
_LINK = re.compile(r"(?<=\])\([^()\s]{1,500}(?:\s+\"[^\"\n]{0,200}\")?\)")
_EMPHASIS = re.compile(
    r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<![\w])_{1,3}(?=\w)|(?<=\w)_{1,3}(?![\w])|\\(?=[%$&_~*#])|\$(?=\S)|(?<=\S)\$"
)
_RAISED = re.compile(r"\^(?=[^\s^]{1,40}\^)|~(?=[^\s~]{1,40}~)")
_DASHES = re.compile(r"(?<=\d)--(?=\d)")


def read_manuscript(path: Path, shown_as: str) -> Manuscript:
    """Read a manuscript.

    Raises:
        FormatError: If the file cannot be read, or is of a kind that cannot.
    """
    ending = path.suffix.lower()
    if ending == ".docx":
        return prepare("\n".join(read_word(path, shown_as)), shown_as, unit="paragraph")
    if ending == ".pdf":
        return prepare(_read_pdf(path, shown_as), shown_as)
    if ending not in ENDINGS:
        raise FormatError(
            shown_as,
            f"a manuscript of the kind {ending or 'without ending'} cannot be read",
            hint=f"known are {' '.join(ENDINGS)}",
        )
    source = read_snapshot(path).text
    remarks: list[str] = []
    text = source
    if ending in {".html", ".htm"}:
        text = blank_html(source)
    elif ending == ".tex":
        text, remarks = blank_tex(source)
    elif ending != ".txt":
        text = blank_markdown(source)
    return prepare(text, shown_as, source=source, remarks=remarks)


def blank_markdown(text: str) -> str:
    """Return Markdown with code, links and marks of emphasis blanked, in the same length."""
    for pattern in (_FRONT, _FENCE, _CODE, _LINK):
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    text = blank_html(text, is_page=False)
    text = _RAISED.sub("^", text)
    text = _DASHES.sub("-" + FILLER, text)
    return _EMPHASIS.sub(lambda match: FILLER * len(match.group()), text)


def _read_pdf(path: Path, shown_as: str) -> str:
    try:
        import pypdf
        from pypdf.errors import DependencyError
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise FormatError(shown_as, "PDF files need the package pypdf", hint="pip install 'review-toolkit[pdf]'") from error  # fmt: skip
    known = (PyPdfError, DependencyError, OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError, NotImplementedError, EOFError)  # fmt: skip
    try:
        reader: Any = pypdf.PdfReader(str(path))
        pages = [page.extract_text() or "" for page in reader.pages]
    except known as error:
        raise FormatError(shown_as, f"is not a whole PDF, or has a password ({type(error).__name__})") from error
    if not any(page.strip() for page in pages):
        raise FormatError(shown_as, "holds no text (pictures of pages)", hint="check the file that it was made from")
    # A word cut at the end of a line is one word; a number is never cut so.
    return re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", "\f".join(pages))
