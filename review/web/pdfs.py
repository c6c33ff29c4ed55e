"""Full texts in a local folder: which file belongs to which report, by its name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from review.extraction.attachments import list_names
from review.extraction.attachments import simplify_name
from review.model import Record

__all__ = ["FOLDER", "PdfFolder", "list_names"]

#: The folder in the review's folder where full texts are looked for if no other is named.
FOLDER = "pdfs"


class PdfFolder:
    """The full texts of a folder. It is read anew on every question: people put files there while the page is open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, record: Record, members: Iterable[str]) -> Path | None:
        """Return the file of a report, None if there is none."""
        if not self.folder.is_dir():
            return None
        files = {
            simplify_name(path.stem): path
            for path in sorted(self.folder.iterdir(), reverse=True)
            if path.suffix.casefold() == ".pdf" and path.is_file()
        }
        return next((files[name] for name in list_names(record, members) if name in files), None)
