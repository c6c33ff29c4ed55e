"""The full texts of a folder: which file belongs to which report, by its name, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from review import cache
from review.errors import FormatError
from review.extraction.fulltext import ENDINGS
from review.extraction.fulltext import read_full_text
from review.files import hash_file
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.model import Record


def simplify_name(name: str) -> str:
    """Return a name as files are compared: small letters and digits, everything else one hyphen."""
    return re.sub(r"[^0-9a-z]+", "-", name.casefold()).strip("-")


def list_names(record: Record, members: Iterable[str]) -> list[str]:
    """List the names (without ending) under which the full text of a report may be kept, the plainest first.

    A record id with every run of other characters than letters and digits as one hyphen (`doi-10-1002-art-24249`), the PubMed id, the
    DOI, the PMC id.
    """
    names = [record.pmid, record.pmcid, record.doi, record.id, *members]
    return list(dict.fromkeys(simplify_name(name) for name in names if name))


class Attachments:
    """The full texts of a folder as it is now; each file is read when it is asked for.

    `findings` takes what cannot be read, named below `shown_as`.
    """

    def __init__(self, folder: Path, shown_as: str, findings: list[Finding]) -> None:
        self._shown_as = shown_as
        self._findings = findings
        self._files: dict[str, list[Path]] = {}
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.suffix.casefold() in ENDINGS and path.is_file() and not path.name.startswith("."):
                self._files.setdefault(simplify_name(path.stem), []).append(path)

    def read(self, record: Record, members: Iterable[str]) -> list[tuple[str, str]]:
        """Return name and text of every full text of a report; `members` are the ids of its records."""
        found = []
        for name in list_names(record, members):
            for path in self._files.get(name, ()):
                try:
                    found.append((path.name, _read_kept(path)))
                except FormatError as error:
                    origin = Origin(f"{self._shown_as}/{path.name}")
                    self._findings.append(find("EXTRACT-052", error.problem, origin, hint=error.hint))
        return found


def _read_kept(path: Path) -> str:
    """Read a full text; what was taken from a PDF, which is slow, comes from the cache while the file is the same."""
    if path.suffix.casefold() != ".pdf":
        return read_full_text(path, path.name)
    key = cache.make_key(["full text", hash_file(path)], program=("extraction",), libraries=("pypdf",))
    kept = cache.load_entry("texts", key)
    if isinstance(kept, str):
        return kept
    text = read_full_text(path, path.name)
    cache.keep_entry("texts", key, text)
    return text
