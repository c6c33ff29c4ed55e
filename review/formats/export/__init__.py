"""Records to files that Zotero, EndNote, Rayyan, Covidence and BibTeX read."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator

from review.errors import UsageError
from review.formats.draft import SHARED
from review.model import Record

#: The formats that can be written: module and function; the file ending people expect.
WRITERS: dict[str, tuple[str, str]] = {
    "ris": ("review.formats.export.ris", "render_ris"),
    "nbib": ("review.formats.export.nbib", "render_nbib"),
    "bibtex": ("review.formats.export.bibtex", "render_bibtex"),
    "endnote-xml": ("review.formats.export.endnote_xml", "render_endnote_xml"),
    "csv": ("review.formats.export.table", "render_table"),
    "json": ("review.formats.record_json", "render_record_json"),
    "csl-json": ("review.formats.csl_json", "render_csl_json"),
}
#: Other words that people use for them.
ALIASES = {
    "endnote": "endnote-xml",
    "xml": "endnote-xml",
    "bib": "bibtex",
    "biblatex": "bibtex",
    "medline": "nbib",
    "pubmed": "nbib",
    "csl": "csl-json",
}
ENDINGS = {".ris": "ris", ".nbib": "nbib", ".bib": "bibtex", ".xml": "endnote-xml", ".csv": "csv", ".json": "json"}

#: The prefix of the tags that each format keeps as its own and writes back; JSON and CSV hold every tag.
PREFIXES = {"ris": "ris", "nbib": "nbib", "bibtex": "bibtex", "endnote-xml": "endnote", "csl-json": "csl"}


def choose_writer(format: str) -> str:  # noqa: A002 (the field's own word)
    """Return the name in `WRITERS` of a format or one of its other names.

    Raises:
        UsageError: If it cannot be written.
    """
    name = ALIASES.get(format.casefold(), format.casefold())
    if name not in WRITERS:
        raise UsageError(f"records cannot be written as {format!r}; known are {', '.join(WRITERS)}")
    return name


def render_parts(records: Iterable[Record], format: str) -> Iterator[str]:  # noqa: A002
    """Write records piece by piece, for files of any size."""
    module, function = WRITERS[choose_writer(format)]
    render: Callable[[Iterable[Record]], Iterator[str]] = getattr(importlib.import_module(module), function)
    return render(records)


def render_records(records: Iterable[Record], format: str) -> bytes:  # noqa: A002
    """Return records in a format of `WRITERS` (or its other names), as UTF-8.

    CSV begins with a byte order mark, without which Excel reads accents wrong.

    Raises:
        UsageError: If the format cannot be written.
    """
    return "".join(render_parts(records, format)).encode()


def count_left_out(records: Iterable[Record], format: str) -> dict[str, int]:  # noqa: A002
    """Count, by tag, what the format has no place for and the writer therefore leaves out; empty for CSV and JSON."""
    own = PREFIXES.get(choose_writer(format))
    counts: dict[str, int] = {}
    if own is None:
        return counts
    for record in records:
        for key in record.extra:
            if key not in SHARED and not key.startswith(f"{own}:"):
                counts[key] = counts.get(key, 0) + 1
    return counts
