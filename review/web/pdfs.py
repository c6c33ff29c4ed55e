"""Full texts in a local folder: which file belongs to which report, by its name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from review.model import Record

#: The folder in the review's folder where full texts are looked for if no other is named.
FOLDER = "pdfs"


def _simplify(name: str) -> str:
    return re.sub(r"[^0-9a-z]+", "-", name.casefold()).strip("-")


def list_names(record: Record, members: Iterable[str]) -> list[str]:
    """List the names (without `.pdf`) under which the full text of a report may be kept, the plainest first.

    A record id with every run of other characters than letters and digits as one hyphen (`doi-10-1002-art-24249`), the PubMed id, the
    DOI, the PMC id.
    """
    names = [record.pmid, record.pmcid, record.doi, record.id, *members]
    return list(dict.fromkeys(_simplify(name) for name in names if name))


class PdfFolder:
    """The full texts of a folder. It is read anew on every question: people put files there while the page is open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, record: Record, members: Iterable[str]) -> Path | None:
        """Return the file of a report, None if there is none."""
        if not self.folder.is_dir():
            return None
        files = {
            _simplify(path.stem): path
            for path in sorted(self.folder.iterdir(), reverse=True)
            if path.suffix.casefold() == ".pdf" and path.is_file()
        }
        return next((files[name] for name in list_names(record, members) if name in files), None)
