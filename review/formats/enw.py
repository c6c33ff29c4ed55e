"""EndNote's tagged format (refer, BibIX): `%A Author`, `%T Title`, entries between empty lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.findings import Finding
from review.formats.draft import Draft
from review.formats.people import parse_name
from review.formats.result import Refusal
from review.formats.tagged import Entry
from review.formats.tagged import EntryBuilder
from review.formats.tagged import Strays
from review.formats.text import Lines

_TAG = re.compile(r"^\s{0,2}%([0-9A-Za-z!@#$&*()+^=~<>?\[\]{}|:.-])(?:\s(.*)|)$")

ENTRY_TYPES = {
    "journal article": "article", "electronic article": "article", "magazine article": "news", "newspaper article": "news",
    "conference paper": "abstract", "conference proceedings": "abstract", "book": "book", "edited book": "book", "electronic book": "book",
    "book section": "chapter", "electronic book section": "chapter", "encyclopedia": "book", "thesis": "thesis", "dataset": "dataset",
    "unpublished work": "preprint", "preprint": "preprint",
}  # fmt: skip
_SHARED = {
    "I": "publisher", "C": "place", "E": "editor", "7": "edition", "S": "series", "Z": "note", "+": "affiliation", "~": "database", "W": "database",
    "!": "short-title", "[": "accessed",
}  # fmt: skip
_READ = frozenset(
    ("0", "A", "T", "B", "J", "O", "D", "8", "V", "N", "P", "R", "U", "X", "K", "@", "G", "M", "9", "2", "Q", *_SHARED)
)


def split_entries(lines: Lines) -> Iterator[Entry | Finding]:
    """Cut the text into entries: at `%0`, or after an empty line where a title comes again."""
    builder, strays = EntryBuilder(lines.path), Strays(lines.path)
    after_blank = True
    for text in lines:
        if not text.strip():
            after_blank = True
            continue
        match = _TAG.match(text)
        if match:
            tag = match.group(1)
            begins = (tag == "0" and (after_blank or (builder.has("0") and builder.has("T", "A", "J", "D")))) or (
                after_blank and tag in "TAJ" and builder.has("T")
            )
            if begins and builder:
                yield builder.take()
            builder.add(tag, match.group(2) or "", lines.number)
        elif builder:
            builder.extend(text, lines.number)
        else:
            strays.add(text, lines.number)
        after_blank = False
    if builder:
        yield builder.take()
    yield from strays.findings()


def parse_enw(lines: Lines) -> Iterator[Draft | Refusal | Finding]:
    """Read EndNote's tagged format."""
    for item in split_entries(lines):
        yield read_entry(item) if isinstance(item, Entry) else item


def read_entry(entry: Entry) -> Draft:
    """Make a draft of one entry."""
    draft = Draft(entry.line)
    kind = entry.first("0")
    draft.entry_type = ENTRY_TYPES.get(kind.casefold(), "other" if kind else "article")
    draft.keep("enw:0", *entry.values("0"))
    draft.title = entry.first("T")
    draft.journal = entry.first("J", "B")
    draft.keep("enw:B", *(value for value in entry.values("B") if value != draft.journal))
    draft.journal_abbreviation = entry.first("O") if entry.first("J", "B") else ""
    draft.authors = [
        author for value in entry.values("A") for line in value.split("\n") if (author := parse_name(line))
    ]
    draft.keep("enw:Q", *entry.values("Q"))
    draft.year, draft.dates = entry.first("D"), entry.values("8")
    draft.volume, draft.issue, draft.pages = entry.first("V"), entry.first("N"), entry.first("P")
    identifiers = entry.values("R")
    draft.doi = next((value for value in identifiers if "10." in value), "")
    draft.keep("enw:R", *(value for value in identifiers if value != draft.doi))
    addresses = [line for value in entry.values("U") for line in value.split("\n")]
    draft.url = addresses[0] if addresses else ""
    draft.keep("enw:U", *addresses[1:])
    draft.abstract = "\n".join(entry.values("X"))
    draft.keywords = [part for value in entry.values("K") for line in value.split("\n") for part in line.split(";")]
    draft.serials = entry.values("@")
    draft.languages = entry.values("G")
    draft.accession = entry.first("M")
    draft.publication_types = entry.values("9")
    draft.pmcid = entry.first("2")
    draft.other_ids = [*addresses, *entry.values("Z")[:0]]
    if re.fullmatch(r"\d{7,8}", draft.accession) and re.search(
        r"nlm|pubmed|medline", " ".join(entry.values("~", "W")), re.IGNORECASE
    ):
        draft.pmid = draft.accession
    for field in entry.fields:
        shared = _SHARED.get(field.tag)
        if shared:
            draft.keep(shared, field.value)
        elif field.tag not in _READ:
            draft.keep(f"enw:{field.tag}", field.value)
    return draft
