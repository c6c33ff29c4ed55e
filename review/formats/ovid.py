"""Ovid's own exports: tagged (`TI  - `) and labelled (`Title` over an indented value), entries headed `<1. >`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.findings import Finding
from review.formats.draft import Draft
from review.formats.people import parse_name
from review.formats.result import Refusal
from review.formats.sources import parse_source_line
from review.formats.table import find_entry_type
from review.formats.tagged import Entry
from review.formats.tagged import EntryBuilder
from review.formats.tagged import Strays
from review.formats.text import Lines
from review.model import Author

_HEAD = re.compile(r"^\s*<\s*\d+\s*\.?\s*>\s*$")
_TAG = re.compile(r"^\s?([A-Z][A-Z0-9]{1,5}) {0,3}- ?(?: ?[A-Z]{2}  - )?(.*)$")
#: Labels of the labelled form and the tag each stands for.
_LABELS = {
    "author": "AU", "authors": "AU", "authors full name": "FA", "author e-mail": "EM", "title": "TI", "original title": "OT", "chapter title": "CH",
    "abstract": "AB", "publication type": "PT", "document type": "DT", "source": "SO", "accession number": "AN", "unique identifier": "UI",
    "institution": "IN", "author keywords": "KW", "keyword heading": "KW", "language": "LG", "issn": "IS", "issn print": "IS", "isbn": "IB",
    "doi number": "DO", "digital object identifier": "DO", "doi": "DO", "year of publication": "YR", "journal name": "JN", "volume": "VO",
    "issue": "IP", "page": "PG", "mesh subject headings": "MH", "publisher": "PB", "country of publication": "CP", "status": "ST",
    "score": "SCORE", "journal subset": "SB", "nlm journal code": "JC", "link to the ovid full text or citation": "XL",
    "link to the external link resolver": "XL", "record owner": "RO", "date of publication": "DP", "pmid": "PM", "editor": "ED",
    "conference abstract": "CA", "clinical trial number": "CN", "emtree heading": "MH", "place of publication": "CP",
}  # fmt: skip
_NOISE = re.compile(
    r"\s*(?:\[[^\]]*\]|\([^)]*\)|[\d*+][\d,*+]*(?=$|\s)|(?<=\s)(?:MD|PhD|RN|FAAN|Ph\.D\.|M\.D\.|FACSM)(?=[,;\s]|$))"
)
_BRACKETS = re.compile(r"\s*\[[^\]]*\]")
_DEGREES = frozenset(("PhD", "MD", "RN", "FAAN", "MSc", "BSc", "MPH", "DrPH", "FACSM", "Ph.D.", "M.D."))
_SHARED = {
    "PB": "publisher",
    "PU": "publisher",
    "CP": "place",
    "CY": "place",
    "LC": "place",
    "ET": "edition",
    "IN": "affiliation",
    "DB": "database",
    "ED": "editor",
}
_READ = frozenset(
    ("AU", "FA", "TI", "CH", "OT", "AB", "SO", "AN", "UI", "KW", "LG", "IS", "IT", "IB", "DO", "DI", "YR", "JN", "VO", "IP", "PG", "MH", "PM", "DP", "PT",
     "DT", "XL", "SCORE", "MO", *_SHARED)
)  # fmt: skip


def split_entries(lines: Lines) -> Iterator[Entry | Finding]:
    """Cut the text into entries: at `<n>`, or where the first label or tag comes again."""
    builder, strays = EntryBuilder(lines.path), Strays(lines.path)
    first = ""
    has_heads = False
    for text in lines:
        if _HEAD.match(text):
            has_heads = True
            if builder:
                yield builder.take()
            builder.add("", "", lines.number)
            continue
        if not text.strip():
            continue
        tag, value = _read_line(text)
        if not tag:
            if builder:
                builder.extend(text, lines.number)
            else:
                strays.add(text, lines.number)
            continue
        first = first or tag
        if not has_heads and tag == first and builder.has("TI", "AU", "SO") and builder.has(first):
            yield builder.take()
        builder.add(tag, value, lines.number)
    if builder:
        yield builder.take()
    yield from strays.findings()


def _read_line(text: str) -> tuple[str, str]:
    """Return tag and value of a line; no tag for a line that goes on."""
    match = _TAG.match(text)
    if match:
        return match.group(1), match.group(2)
    if not text.startswith(" "):
        return _LABELS.get(text.strip().casefold(), ""), ""
    return "", ""


def parse_ovid(lines: Lines) -> Iterator[Draft | Refusal | Finding]:
    """Read Ovid's tagged and labelled forms."""
    for item in split_entries(lines):
        yield read_entry(item) if isinstance(item, Entry) else item


def read_entry(entry: Entry) -> Draft:
    """Make a draft of one entry."""
    draft = Draft(entry.line)
    title = re.sub(
        r"\s*\[(?:References|Article|Miscellaneous|Review|Letter|Editorial|Erratum)\]\.?\s*$",
        "",
        entry.first("TI", "CH"),
    )
    draft.title = title
    if entry.first("TI"):
        draft.keep("ovid:CH", *entry.values("CH"))
    draft.vernacular_title = entry.first("OT")
    draft.authors = _read_people(entry)
    source = parse_source_line(entry.first("SO")) if entry.first("SO") else None
    draft.journal = entry.first("JN") or (source.journal if source else "")
    draft.volume = entry.first("VO") or (source.volume if source else "")
    draft.issue = entry.first("IP") or (source.issue if source else "")
    draft.pages = entry.first("PG") or (source.pages if source else "")
    draft.keep("ovid:SO", *entry.values("SO"))
    draft.dates = [*entry.values("YR", "DP"), source.date if source else ""]
    draft.abstract = "\n".join(entry.values("AB")).lstrip(" :")
    draft.doi = entry.first("DO", "DI")
    draft.pmid = entry.first("PM")
    database = entry.first("DB").casefold()
    draft.accession = entry.first("AN", "UI").rstrip(".").rpartition(": ")[2]
    if entry.first("UI").strip(". ").isdigit() and ("medline" in database or not database):
        draft.pmid = draft.pmid or entry.first("UI").strip(". ")
    draft.source = database.split("<")[0].strip() if draft.accession else ""
    draft.keywords = [part for value in entry.values("KW") for part in re.split(r"\s*[;\n]\s*", value)]
    draft.mesh = [part for value in entry.values("MH") for part in value.split("\n")]
    draft.languages = [value.rstrip(".") for value in entry.values("LG")]
    draft.serials = entry.values("IS", "IT", "IB")
    draft.publication_types = [value.strip(" .-") for value in entry.values("PT", "DT")]
    draft.entry_type = find_entry_type([kind for kind in draft.publication_types if kind] or ["article"])
    draft.url = next((value for value in entry.values("XL") if "ovid" in value), entry.first("XL")).split("\n")[0]
    for field in entry.fields:
        shared = _SHARED.get(field.tag)
        if shared:
            draft.keep(shared, field.value)
        elif field.tag and field.tag not in _READ:
            draft.keep(f"ovid:{field.tag}", field.value)
    return draft


def _read_people(entry: Entry) -> list[Author]:
    authors: list[Author] = []
    for value in entry.values("FA") or entry.values("AU"):
        for part in re.split(r"\s*[;\n]\s*", _BRACKETS.sub("", value)):
            author = parse_name(_NOISE.sub("", part).strip(" ,*+"))
            if author and author.family not in _DEGREES:
                authors.append(author)
    return authors
