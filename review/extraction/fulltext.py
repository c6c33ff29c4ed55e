"""The text of an attached report: a PDF or a text file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from review.errors import FormatError
from review.errors import LimitError
from review.files import read_snapshot

#: Largest full text that is read, and how many of its pages.
SIZE_LIMIT_BYTES = 200 * 1024 * 1024
PAGE_LIMIT = 2000

#: Endings of the files that can be read.
ENDINGS = (".pdf", ".txt")


def read_full_text(path: Path, shown_as: str) -> str:
    """Return the text of a PDF or text file; see `read_pages` for the errors."""
    return "\n".join(read_pages(path, shown_as))


def read_pages(path: Path, shown_as: str) -> list[str]:
    """Return the text of each page of a PDF; a text file is one page.

    Raises:
        FormatError: If it cannot be read, or holds pictures of pages only.
    """
    if path.suffix.casefold() == ".txt":
        return [read_snapshot(path).text]
    if path.stat().st_size > SIZE_LIMIT_BYTES:
        raise LimitError(shown_as, f"is larger than {SIZE_LIMIT_BYTES // 1024**2} MB")
    try:
        import pypdf
        from pypdf.errors import PyPdfError
    except ImportError as error:
        hint = "pip install 'review-toolkit[pdf]'"
        raise FormatError(shown_as, "PDF files need the package pypdf", hint=hint) from error
    try:
        pages: list[Any] = list(pypdf.PdfReader(str(path)).pages[:PAGE_LIMIT])
        texts = [page.extract_text() or "" for page in pages]
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise FormatError(shown_as, f"is not a whole PDF ({type(error).__name__})") from error
    if not any(text.strip() for text in texts):
        raise FormatError(shown_as, "holds no text (pictures of pages)", hint="keep its text beside it as .txt")
    return texts
