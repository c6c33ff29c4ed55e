"""Records to RIS, written by rispy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator

from review.formats.draft import extra_of
from review.formats.ris import REFERENCE_TYPES
from review.model import Author
from review.model import Record

#: The shared part of `extra` and its tag.
_TAGS = {
    "publisher": "PB", "place": "CY", "edition": "ET", "series": "T3", "note": "N1", "affiliation": "AD", "database": "DB", "article-number": "C7",
    "editor": "ED", "short-title": "ST", "doi-text": "DO", "date-text": "PY", "serial-text": "SN", "accessed": "Y2",
}  # fmt: skip


def write_name(author: Author) -> str:
    """Return a name as `Family, Given`; a group's name ends with a comma, as EndNote asks."""
    if author.given:
        return f"{author.family}, {author.given}"
    return f"{author.family}," if author.is_collective or " " in author.family else author.family


def write_fields(record: Record) -> list[tuple[str, tuple[str, ...]]]:
    """Return a record's tags with their values, in the order they are written."""
    start, mark, end = record.pages.partition("-")
    if not (mark and start and end and "-" not in end):
        start, end = record.pages, ""
    if record.pages in record.extra.get("article-number", ()):
        start, end = "", ""
    needs_full = "ris:JF" in record.extra or record.title.casefold() in {"", record.journal.casefold()}
    date = record.published.replace("-", "/") if len(record.published) > 4 else ""
    fields = [
        ("TI", (record.title,)),
        ("TT", (record.vernacular_title,)),
        ("AU", tuple(write_name(author) for author in record.authors)),
        # T2 is what most programs read; a record without a title would take it for one, and another JF goes before it.
        ("JF" if needs_full else "T2", (record.journal,)),
        ("J2", (record.journal_abbreviation,)),
        ("PY", (str(record.year or ""),)),
        ("DA", (date,)),
        ("VL", (record.volume,)),
        ("IS", (record.issue,)),
        ("SP", (start,)),
        ("EP", (end,)),
        ("SN", (*record.issn, *record.isbn)),
        ("DO", (record.doi,)),
        ("AN", (record.accession,)),
        ("C2", (record.pmcid,)),
        ("N1", (f"PMID: {record.pmid}",) if record.pmid else ()),
        ("UR", (record.url,)),
        ("LA", record.languages),
        ("M3", record.publication_types),
        ("KW", (*record.keywords, *record.mesh)),
        ("AB", (record.abstract,)),
    ]
    fields += [(tag, record.extra.get(key, ())) for key, tag in _TAGS.items()]
    if not record.extra.get("affiliation"):
        fields.append(("AD", tuple(dict.fromkeys(text for author in record.authors for text in author.affiliations))))
    fields += [(tag, values) for tag, values in extra_of(record.extra, "ris").items() if tag != "TY"]
    written = [(tag, kept) for tag, values in fields if (kept := tuple(value for value in values if value))]
    return written or (
        [] if "ris:TY" in record.extra else [("N1", (str(record.id),))]
    )  # an entry with nothing in it would not be read back


def write_type(record: Record) -> str:
    """Return the reference type: as it was read, else the one of the entry type."""
    read = record.extra.get("ris:TY", ())
    return read[0] if read else REFERENCE_TYPES.get(record.entry_type, "JOUR")


def render_ris(records: Iterable[Record]) -> Iterator[str]:
    """Write RIS."""
    import rispy

    class Writer(rispy.RisWriter):  # type: ignore[misc]
        """rispy's writer with every tag under its own name, in the order given."""

        REFERENCE_TYPE_KEY = "ty"

        def set_header(self, count: int) -> str:  # noqa: ARG002 (rispy's signature)
            """No running number before an entry."""
            return ""

    for record in records:
        merged: dict[str, list[str]] = {}
        for tag, values in write_fields(record):
            if re.fullmatch(r"[A-Z][A-Z0-9]", tag):
                merged.setdefault(tag, []).extend(values)
        tags = ["TY", *merged]
        writer = Writer(mapping={tag: tag.lower() for tag in tags}, list_tags=tags, delimiter_tags_mapping={})
        reference: dict[str, object] = {"ty": write_type(record)}
        reference |= {tag.lower(): values for tag, values in merged.items()}
        yield writer.formats([reference]).rstrip("\n") + "\n\n"
