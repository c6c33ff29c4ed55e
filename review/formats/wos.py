"""Web of Science plain text (CIW, ISI) and its relatives: BIOSIS, CABI, Zoological Record, Derwent, MEDLINE on that platform."""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.formats.draft import Draft
from review.formats.draft import join_pages
from review.formats.people import parse_name
from review.formats.result import Refusal
from review.formats.tagged import Entry
from review.formats.tagged import EntryBuilder
from review.formats.tagged import Strays
from review.formats.text import Lines
from review.model import Author

_TAG = re.compile(r"^([A-Z][A-Z0-9])(?: (.*)|\s*)$")
#: Tags that end or frame; they carry no field.
_FRAME = frozenset(("FN", "VR", "EF", "ER"))
_KNOWN = frozenset(
    [
        "AB",
        "AE",
        "AF",
        "AN",
        "AR",
        "AU",
        "BA",
        "BD",
        "BE",
        "BN",
        "BP",
        "BS",
        "C1",
        "C3",
        "CA",
        "CC",
        "CL",
        "CN",
        "CR",
        "CT",
        "CY",
        "D2",
        "DA",
        "DE",
        "DG",
        "DI",
        "DT",
        "EA",
        "ED",
        "EI",
        "EM",
        "EP",
        "FU",
        "FX",
        "GA",
        "GE",
        "GP",
        "HC",
        "HO",
        "HP",
        "ID",
        "IS",
        "IT",
        "J9",
        "JI",
        "LA",
        "MA",
        "MC",
        "MQ",
        "NR",
        "OA",
        "OI",
        "OR",
        "PA",
        "PC",
        "PD",
        "PG",
        "PI",
        "PL",
        "PM",
        "PN",
        "PS",
        "PT",
        "PU",
        "PY",
        "RI",
        "RP",
        "SC",
        "SE",
        "SI",
        "SN",
        "SO",
        "SP",
        "SU",
        "TA",
        "TC",
        "TI",
        "TY",
        "U1",
        "U2",
        "UR",
        "UT",
        "VL",
        "WC",
        "WE",
        "Z8",
        "Z9",
        "ZB",
        "ZR",
        "ZS",
    ]
)
ENTRY_TYPES = (
    ("meeting abstract", "abstract"), ("proceedings paper", "abstract"), ("correction", "erratum"), ("erratum", "erratum"),
    ("editorial", "editorial"), ("letter", "letter"), ("news", "news"), ("book chapter", "chapter"), ("abstract", "abstract"),
    ("thesis", "thesis"), ("dissertation", "thesis"), ("data set", "dataset"), ("review", "review"), ("book", "book"), ("article", "article"),
    ("journal", "article"), ("patent", "other"),
)  # fmt: skip
_PUBLICATIONS = {
    "J": "article",
    "B": "book",
    "S": "article",
    "P": "other",
    "C": "abstract",
    "A": "abstract",
    "D": "thesis",
}
_SHARED = {
    "PU": "publisher",
    "PI": "place",
    "C1": "affiliation",
    "SE": "series",
    "CT": "conference",
    "BE": "editor",
    "ED": "editor",
}
_READ = frozenset(
    ("AU", "AF", "CA", "TI", "SO", "JI", "J9", "VL", "IS", "BP", "EP", "AR", "PS", "DI", "PM", "UT", "AN", "DT", "DE", "LA", "AB", "SN", "EI",
     "BN", "PY", "PD", "EA", "UR", *_SHARED)
)  # fmt: skip
_MAIL = re.compile(r"\s*\([^)]*(?:@|\d{6,})[^)]*\)")


def split_entries(lines: Lines) -> Iterator[Entry | Finding]:
    """Cut the text into entries: from `PT` (or the first tag) to `ER`; wrapped lines may be indented or not."""
    builder, strays = EntryBuilder(lines.path), Strays(lines.path)
    for text in lines:
        match = _TAG.match(text)
        tag = match.group(1) if match else ""
        if match and tag in _FRAME:
            if tag == "ER" and builder:
                yield builder.take()
        elif match and tag == "PT" and builder.has("PT"):
            yield find("RECORD-004", "the entry has no ER line", Origin(lines.path, builder.line))
            yield builder.take(is_ended=False)
            builder.add(tag, match.group(2) or "", lines.number)
        elif match and (tag in _KNOWN or not builder or builder.last_tag != "AB"):
            builder.add(tag, match.group(2) or "", lines.number)
        elif not text.strip():
            continue
        elif builder:
            builder.extend(text, lines.number)
        else:
            strays.add(text, lines.number)
    if builder:
        yield find("RECORD-004", "the entry has no ER line", Origin(lines.path, builder.line))
        yield builder.take(is_ended=False)
    yield from strays.findings()


def parse_wos(lines: Lines) -> Iterator[Draft | Refusal | Finding]:
    """Read Web of Science plain text."""
    for item in split_entries(lines):
        yield read_entry(item) if isinstance(item, Entry) else item


def read_entry(entry: Entry) -> Draft:
    """Make a draft of one entry."""
    draft = Draft(entry.line)
    draft.title = entry.first("TI")
    draft.authors = _read_people(entry)
    draft.journal = entry.first("SO")
    draft.journal_abbreviation = entry.first("JI", "J9")
    draft.volume, draft.issue = entry.first("VL"), entry.first("IS")
    draft.pages = join_pages(entry.first("BP"), entry.first("EP")) or entry.first("PS", "AR")
    draft.keep("article-number", *entry.values("AR"))
    draft.doi, draft.pmid = entry.first("DI"), entry.first("PM")
    draft.accession = entry.first("UT", "AN")
    if draft.accession.startswith("MEDLINE:"):
        draft.pmid = draft.pmid or draft.accession.removeprefix("MEDLINE:")
    draft.year = entry.first("PY")
    draft.dates = entry.values("PD")
    draft.epub_date = entry.first("EA")
    draft.abstract = "\n".join(entry.values("AB"))
    draft.languages = _split(entry, "LA")
    draft.keywords = _split(entry, "DE")
    draft.serials = entry.values("SN", "EI", "BN")
    draft.url = entry.first("UR")
    draft.publication_types = _split(entry, "DT")
    draft.entry_type = find_entry_type(draft.publication_types, entry.first("PT"))
    for field in entry.fields:
        shared = _SHARED.get(field.tag)
        if shared == "editor":
            draft.keep(shared, *field.value.split("\n"))
        elif shared:
            draft.keep(shared, field.value)
        elif field.tag not in _READ:
            draft.keep(f"wos:{field.tag}", field.value)
    if entry.first("UT"):
        draft.keep("wos:AN", *entry.values("AN"))
    return draft


def _split(entry: Entry, tag: str) -> list[str]:
    return [part for value in entry.values(tag) for part in value.replace("\n", " ").split(";")]


def find_entry_type(kinds: list[str], publication: str) -> str:
    """Return the entry type that the document types say, else the kind of publication (J, B, S, P)."""
    lowered = " ".join(kinds).casefold()
    for word, entry_type in ENTRY_TYPES:
        if word in lowered:
            return entry_type
    return _PUBLICATIONS.get(publication.strip()[:1].upper(), "other")


def _read_people(entry: Entry) -> list[Author]:
    """Full names (AF) where each author has one, else AU; one a line, or between semicolons; groups (CA) last."""

    def names(tag: str) -> list[str]:
        return [
            _MAIL.sub("", part) for value in entry.values(tag) for line in value.split("\n") for part in line.split(";")
        ]

    full, short = names("AF"), names("AU")
    people = [author for name in (full if len(full) >= len(short) else short) if (author := parse_name(name))]
    groups = [author for name in names("CA") if (author := parse_name(name, collective=True))]
    return [*people, *groups]
