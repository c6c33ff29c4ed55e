"""The Cochrane Library's text export: `Record #1 of 20`, then `TI: ...` line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.formats.draft import Draft
from review.formats.people import parse_name
from review.formats.result import Refusal
from review.formats.table import find_entry_type
from review.formats.tagged import Entry
from review.formats.tagged import EntryBuilder
from review.formats.tagged import Strays
from review.formats.text import Lines

_HEAD = re.compile(r"^\W{0,3}Record #(\d+) of (\d+)\s*$", re.IGNORECASE)
_TAG = re.compile(r"^([A-Z]{2,3}|DOI): ?(.*)$")
_READ = frozenset(("ID", "AU", "TI", "SO", "YR", "VL", "NO", "PG", "PM", "PT", "KY", "DOI", "AB", "US", "XR", "CC"))


def split_entries(lines: Lines) -> Iterator[Entry | Finding]:
    """Cut the text at its headers."""
    builder, strays = EntryBuilder(lines.path), Strays(lines.path)
    count = announced = 0
    for text in lines:
        head = _HEAD.match(text)
        match = _TAG.match(text)
        if head:
            if builder:
                yield builder.take()
            builder.add("", "", lines.number)
            count, announced = count + 1, int(head.group(2))
        elif match and builder:
            builder.add(match.group(1), match.group(2), lines.number)
        elif text.strip() and builder:
            builder.extend(text, lines.number)
        else:
            strays.add(text, lines.number)
    if builder:
        yield builder.take()
    yield from strays.findings()
    if announced != count:
        yield find(
            "RECORD-012",
            f"the file says that it has {announced} entries, and {count} were found",
            Origin(lines.path),
            found=count,
            expected=announced,
        )


def parse_cochrane(lines: Lines) -> Iterator[Draft | Refusal | Finding]:
    """Read the Cochrane Library's text export."""
    for item in split_entries(lines):
        yield read_entry(item) if isinstance(item, Entry) else item


def read_entry(entry: Entry) -> Draft:
    """Make a draft of one entry; `PM` and `XR` name the PubMed and Embase ids that CENTRAL took the record from."""
    draft = Draft(entry.line)
    draft.title, draft.abstract = entry.first("TI"), "\n".join(entry.values("AB"))
    draft.authors = [
        author for value in entry.values("AU") for part in value.split(";") if (author := parse_name(part))
    ]
    draft.journal, draft.year = entry.first("SO"), entry.first("YR")
    draft.volume, draft.issue, draft.pages = entry.first("VL"), entry.first("NO"), entry.first("PG")
    draft.doi, draft.url = entry.first("DOI"), entry.first("US")
    references = " ".join(entry.values("PM", "XR"))
    pubmed = re.search(r"\bPUBMED\s*:?\s*(\d{4,8})|^\s*(\d{4,8})\s*$", references, re.IGNORECASE)
    draft.pmid = (pubmed.group(1) or pubmed.group(2)) if pubmed else ""
    draft.accession, draft.source = entry.first("ID"), "central"
    draft.publication_types = [part for value in entry.values("PT") for part in value.split(";")]
    draft.entry_type = find_entry_type(draft.publication_types or ["article"])
    draft.keywords = [part for value in entry.values("KY") for part in value.split(";")]
    draft.keep("cochrane:XR", *entry.values("XR"))
    draft.keep("cochrane:CC", *entry.values("CC"))
    for field in entry.fields:
        if field.tag and field.tag not in _READ:
            draft.keep(f"cochrane:{field.tag}", field.value)
    return draft
