"""Records to CSV: columns that people and tools know, and one that holds what a table has no columns for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from collections.abc import Iterator

from review.formats.export.ris import write_name
from review.formats.record_json import write_record
from review.model import Record

COLUMNS = (
    "title", "authors", "year", "journal", "journal abbreviation", "volume", "issue", "pages", "doi", "pmid", "pmcid", "issn", "isbn", "abstract",
    "keywords", "mesh terms", "language", "publication type", "url", "accession number", "publisher", "place", "notes", "record as json",
)  # fmt: skip
#: Fields that the columns hold whole; all others go into the last column.
_HELD = frozenset(
    ("title", "authors", "year", "journal", "journal_abbreviation", "volume", "issue", "pages", "doi", "pmid", "pmcid", "issn", "isbn", "abstract",
     "languages", "url", "accession", "retracted", "record_format", "run")
)  # fmt: skip


def write_row(record: Record) -> list[str]:
    """Return a record's cells."""
    return [
        record.title,
        _write_names(record),
        str(record.year or ""),
        record.journal,
        record.journal_abbreviation,
        record.volume,
        record.issue,
        record.pages,
        record.doi,
        record.pmid,
        record.pmcid,
        "; ".join(record.issn),
        "; ".join(record.isbn),
        record.abstract,
        "; ".join(record.keywords),
        "; ".join(record.mesh),
        "; ".join(record.languages),
        "; ".join(record.publication_types),
        record.url,
        record.accession,
        "; ".join(record.extra.get("publisher", ())),
        "; ".join(record.extra.get("place", ())),
        "; ".join(record.extra.get("note", ())),
        _write_rest(record),
    ]


def _write_names(record: Record) -> str:
    """Join the names by semicolons; a name that stands alone is closed by one, so that its comma does not part two names."""
    names = "; ".join(write_name(author) for author in record.authors)
    return f"{names};" if len(record.authors) == 1 and "," in names.rstrip(",") else names


def _write_rest(record: Record) -> str:
    values = {key: value for key, value in write_record(record).items() if key not in _HELD and value}
    if not any(author.affiliations or author.orcid for author in record.authors):
        values.pop("people", None)
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def render_table(records: Iterable[Record]) -> Iterator[str]:
    """Write CSV with a byte order mark, which Excel needs to read accents."""
    cell = io.StringIO()
    writer = csv.writer(cell, lineterminator="\n")
    writer.writerow(COLUMNS)
    yield "\ufeff" + cell.getvalue()
    for record in records:
        cell.seek(0)
        cell.truncate()
        writer.writerow(write_row(record))
        yield cell.getvalue()
