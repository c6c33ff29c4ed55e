"""The texts of reports at hand: the entry of each record, and the full text by its pages."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from review.errors import FormatError
from review.extraction.attachments import list_names
from review.extraction.attachments import simplify_name
from review.extraction.fulltext import ENDINGS
from review.extraction.fulltext import read_pages
from review.extraction.passages import even_out
from review.extraction.passages import holds_quote
from review.extraction.quotes import Attached
from review.extraction.quotes import attach_entry
from review.model import Record
from review.model import RecordId
from review.web.pdfs import PdfFolder
from review.workspace import Review


@dataclass(frozen=True, slots=True)
class FullText:
    """A full text by its pages; `problem` says why it cannot be read, empty if it can."""

    name: str
    pages: tuple[str, ...]
    problem: str = ""


class ReportTexts:
    """Looks up the texts of the reports of one review. A file is read once for each of its states."""

    def __init__(self, review: Review, pdfs: PdfFolder) -> None:
        self._review = review
        self._pdfs = pdfs
        self._groups = review.grouping.group_of()
        self._read: dict[tuple[Path, int, int], FullText] = {}
        self._evened: dict[str, str] = {}

    def show(self, name: RecordId) -> Record | None:
        """Return the record of a report, composed of all its entries; None if no run holds it."""
        report = self._review.report_of.get(name)
        return self._review.references[report] if report is not None else None

    def find_pdf(self, name: RecordId) -> Path | None:
        """Return the PDF of a report, None if there is none."""
        record = self.show(name)
        return self._pdfs.find(record, self._groups[name].members) if record is not None else None

    def list_full_texts(self, name: RecordId) -> list[FullText]:
        """Return the full texts of a report; empty if there is none."""
        record = self.show(name)
        if record is None:
            return []
        names = set(list_names(record, self._groups[name].members))
        folder = self._pdfs.folder
        paths = [
            path
            for path in (sorted(folder.iterdir()) if folder.is_dir() else ())
            if path.suffix.casefold() in ENDINGS and simplify_name(path.stem) in names and path.is_file()
        ]
        return [self._read_file(path) for path in paths]

    def list_attached(self, name: RecordId) -> list[Attached]:
        """Return the texts that quotes are looked up in."""
        if self.show(name) is None:
            return []
        entries = [attach_entry(self._review.records[member]) for member in self._groups[name].members]
        texts = [full for full in self.list_full_texts(name) if not full.problem]
        return [*entries, *(Attached(full.name, "\n".join(full.pages), is_full=True) for full in texts)]

    def holds(self, texts: Iterable[Attached], words: str) -> bool:
        """Whether one of the texts holds a quote."""
        return any(holds_quote(self._even_out(text.text), words) for text in texts)

    def _even_out(self, text: str) -> str:
        held = self._evened.get(text)
        if held is None:
            held = self._evened[text] = even_out(text)
        return held

    def _read_file(self, path: Path) -> FullText:
        state = path.stat()
        key = (path, state.st_mtime_ns, state.st_size)
        held = self._read.get(key)
        if held is None:
            try:
                held = FullText(path.name, tuple(read_pages(path, path.name)))
            except FormatError as error:
                held = FullText(path.name, (), " ".join(part for part in (error.problem, error.hint) if part))
            self._read[key] = held
        return held


def view_full_text(full: FullText) -> Mapping[str, object]:
    """Return what a page shows of a full text."""
    return {"name": full.name, "pages": full.pages, "problem": full.problem}
