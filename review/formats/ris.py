"""RIS in the dialects of the databases and reference managers.

`split_entries` cuts the file into entries, `parse_ris` makes drafts of them. rispy (0.10) reads 122 of 125 collected files with
the right number of entries and writes RIS well: its table of reference types is the one used here, and its writer writes
(`review.formats.export.ris`). Its reader is not used, because what it loses cannot be put back afterwards: an entry that follows
one without `ER` is merged into it, `TY - JOUR` with one space and a stray byte order mark lose the entry, the order of A1 and AU
is lost, and one field of the source comes under different keys per dialect (title or primary_title, abstract or notes_abstract)
without a rule for which one counts. The tests compare both readers on files that rispy reads whole.

Dialects differ in: T1 or TI, A1 or AU, Y1 or PY or DA, N2 or AB, where the DOI is (DO, L3, UR, M3, N1), where the PubMed id is (U1,
C2, AN, UR), abbreviated or full journal in JO, article number in C7 or SP, headers and links between the entries, `ER` missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.formats.draft import Draft
from review.formats.draft import is_missing
from review.formats.draft import join_pages
from review.formats.people import parse_name
from review.formats.result import Refusal
from review.formats.table import find_entry_type
from review.formats.tagged import Entry
from review.formats.tagged import EntryBuilder
from review.formats.tagged import Strays
from review.formats.text import Lines
from review.identifiers import normal_pmcid

_START = re.compile(r"^\W{0,4}TY(?: {0,3}|\t)-\s*(.*)$")
_END = re.compile(r"^\s{0,3}ER(?: {0,3}|\t)-\s*$")
_WIDE = re.compile(r"^\s{0,3}([A-Z][A-Z0-9])(?: {2,3}|\t)-(?:[ \t]|$|(?=\S))[ \t]*(.*)$")
_NARROW = re.compile(r"^\s{0,3}([A-Z][A-Z0-9]) ?-(?: |$)[ \t]*(.*)$")
#: Lines between entries that databases are known to print: running numbers, Ovid's links, Cochrane's headers, Embase's export notes.
_FURNITURE = re.compile(
    r"^\s*(?:<?\d+\.?\s?>?|Record #\d+ of \d+|(?:Provider|Content|Database|Search Strategy|Link to the .*)\s*:?.*|"
    r"https?://\S+|ER|EF|FN .*|VR .*|-{3,}|={3,}|\*{3,})\s*$",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(r"^\s*Record #(\d+) of (\d+)\s*$", re.IGNORECASE)

#: Reference types (rispy's table and the words some programs write instead) to the record's `entry_type`.
ENTRY_TYPES = {
    "JOUR": "article", "JFULL": "article", "EJOUR": "article", "MGZN": "news", "NEWS": "news", "ABST": "abstract",
    "INPR": "article", "CONF": "abstract", "CPAPER": "abstract", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "WHOLE": "book",
    "CHAP": "chapter", "ECHAP": "chapter", "THES": "thesis", "DATA": "dataset", "AGGR": "dataset", "UNPB": "preprint",
    "UNPD": "preprint", "PRPRT": "preprint", "PREP": "preprint", "RPRT": "other", "GEN": "other",
    "JOURNAL ARTICLE": "article", "JOURNAL": "article", "ARTICLE": "article", "REVIEW": "review", "BOOK CHAPTER": "chapter",
    "CONFERENCE PAPER": "abstract",
}  # fmt: skip
#: What is written for an entry type; the reference type as read is kept where it says more.
REFERENCE_TYPES = {
    "article": "JOUR", "news": "NEWS", "abstract": "CONF", "book": "BOOK", "chapter": "CHAP", "thesis": "THES",
    "dataset": "DATA", "preprint": "UNPB", "other": "GEN",
}  # fmt: skip

#: Tags that are read into a field of the record, or into the shared part of `extra`; all others are kept as `ris:TAG`.
_TITLES = ("TI", "T1", "CT", "TT", "ST", "BT", "T2", "T3")
_LISTS = {"KW": "keywords", "LA": "languages", "SN": "serials", "M3": "publication_types"}
_SHARED = {
    "PB": "publisher", "PU": "publisher", "CY": "place", "PI": "place", "ET": "edition", "T3": "series", "N1": "note",
    "AD": "affiliation", "DB": "database", "DP": "database", "C7": "article-number", "ED": "editor", "A2": "editor",
}  # fmt: skip
_NOTE_PMID = re.compile(r"(?:pmid|pubmed id)\s*:?\s*\d{4,8}\.?", re.IGNORECASE)
_NO_PAGE = frozenset(("no", "specified", "not", "no pagination"))


def split_entries(lines: Lines) -> Iterator[Entry | Finding]:
    """Cut RIS text into entries. An entry ends at `ER`, at the next `TY`, or with the file."""
    builder, strays = EntryBuilder(lines.path), Strays(lines.path)
    tag_line = _WIDE
    count = announced = 0
    for text in lines:
        start = _START.match(text)
        if start:
            if builder:
                yield from _unended(builder, lines.path)
                yield builder.take(is_ended=False)
            tag_line = _NARROW if re.match(r"^\W{0,4}TY ?-", text) else _WIDE
            builder.add("TY", start.group(1), lines.number)
            count += 1
        elif not builder:
            header = _ANNOUNCED.match(text)
            if header:
                announced = max(announced, int(header.group(2)))
            elif not _FURNITURE.match(text):
                strays.add(text, lines.number)
        elif _END.match(text):
            yield builder.take()
        else:
            match = tag_line.match(text)
            if match:
                builder.add(match.group(1), match.group(2), lines.number)
            elif text.strip():
                builder.extend(text, lines.number)
    if builder:
        yield from _unended(builder, lines.path)
        yield builder.take(is_ended=False)
    yield from strays.findings()
    if announced and announced != count:
        yield find(
            "RECORD-012",
            f"the file says that it has {announced} entries, and {count} were found",
            Origin(lines.path),
            found=count,
            expected=announced,
        )


def _unended(builder: EntryBuilder, path: str) -> Iterator[Finding]:
    yield find("RECORD-004", "the entry has no ER line; it ends where the next one begins", Origin(path, builder.line))


def parse_ris(lines: Lines) -> Iterator[Draft | Refusal | Finding]:
    """Read RIS."""
    for item in split_entries(lines):
        yield read_entry(item) if isinstance(item, Entry) else item


def read_entry(entry: Entry) -> Draft:
    """Make a draft of one entry: which tag gives which field, in all dialects."""
    draft = Draft(entry.line)
    kind = entry.first("TY").upper().strip()
    draft.entry_type = ENTRY_TYPES.get(kind, "other")
    if kind and REFERENCE_TYPES.get(draft.entry_type) != kind:
        draft.keep("ris:TY", kind)
    used = {"TY"}
    used |= _read_titles(entry, draft)
    used |= _read_journal(entry, draft)
    used |= _read_people(entry, draft)
    used |= _read_numbers(entry, draft)
    used |= _read_text(entry, draft)
    used |= _read_identifiers(entry, draft)
    for field in entry.fields:
        shared = _SHARED.get(field.tag)
        if field.tag in used or not field.value:
            continue
        if shared == "note" and _NOTE_PMID.fullmatch(field.value):
            continue  # it was taken for the PubMed id
        if shared == "affiliation":
            draft.keep(shared, *field.value.split("\n"))
        elif shared:
            draft.keep(shared, field.value)
        else:
            draft.keep(f"ris:{field.tag}", field.value)
    return draft


def _take_first(entry: Entry, draft: Draft, tags: Iterable[str]) -> str:
    """The value of the first tag that has one; other values of these tags that differ from it are kept as they are."""
    chosen = ""
    for tag in tags:
        for value in entry.values(tag):
            if not chosen and not is_missing(value):
                chosen = value
            elif value.casefold() != chosen.casefold():
                draft.keep(f"ris:{tag}", value)
    return chosen


def _read_titles(entry: Entry, draft: Draft) -> set[str]:
    is_part = draft.entry_type in {"chapter", "abstract"}
    tags = ("TI", "T1", "CT", "BT") if draft.entry_type == "book" else ("TI", "T1", "CT")
    draft.title = _take_first(entry, draft, tags)
    used = set(tags)
    short = entry.first("ST")
    if not draft.title:
        fallback = ("ST", "TT", "T3") if is_part else ("ST", "TT", "BT", "T2", "T3")
        for tag in fallback:
            if entry.first(tag):
                draft.title = entry.first(tag)
                used.add(tag)
                break
    elif short.casefold() == draft.title.casefold():
        used.add("ST")
    elif short:
        draft.keep("short-title", *entry.values("ST"))
        used.add("ST")
    if "TT" not in used and entry.first("TT"):
        draft.vernacular_title = entry.first("TT")
        used.add("TT")
    return used


def _read_journal(entry: Entry, draft: Draft) -> set[str]:
    """Full name and abbreviation; JO holds either, and is taken for full where nothing else is."""
    titled_by = draft.title
    second = [value for value in entry.values("T2") if value != titled_by or entry.first("TI", "T1", "CT", "ST")]
    full = [*entry.values("JF"), *second]
    if draft.entry_type != "book":
        full += [value for value in entry.values("BT") if value != titled_by]
    short = [*entry.values("J2"), *entry.values("JA"), *entry.values("J1"), *entry.values("JI"), *entry.values("J9")]
    either = entry.values("JO")
    names = [*full, *either]
    draft.journal = names[0] if names else (short[0] if short else "")
    rest = [name for name in [*short, *either] if name.casefold() != draft.journal.casefold()]
    draft.journal_abbreviation = rest[0] if rest else (short[0] if short else "")
    taken = {draft.journal.casefold(), draft.journal_abbreviation.casefold(), titled_by.casefold()}
    for tag in ("JF", "T2", "BT", "JO", "J2", "JA", "J1", "JI", "J9"):
        draft.keep(f"ris:{tag}", *(value for value in entry.values(tag) if value.casefold() not in taken))
    return {"JF", "T2", "BT", "JO", "J2", "JA", "J1", "JI", "J9"}


def _read_people(entry: Entry, draft: Draft) -> set[str]:
    for value in entry.in_order("AU", "A1"):
        for line in value.split("\n"):
            author = parse_name(line)
            if author:
                draft.authors.append(author)
            else:
                draft.keep("ris:AU", line)
    return {"AU", "A1"}


def _read_numbers(entry: Entry, draft: Draft) -> set[str]:
    draft.volume = _take_first(entry, draft, ("VL", "VO"))
    draft.issue = _take_first(entry, draft, ("IS",))
    start, end = entry.first("SP"), entry.first("EP")
    if start.casefold() in _NO_PAGE:  # PsycINFO prints "No" and "Specified"
        start = end = ""
    draft.pages = join_pages(start, end)
    for tag in ("SP", "EP"):
        draft.keep(f"ris:{tag}", *entry.values(tag)[1:])
    if not draft.pages:
        draft.pages = entry.first("C7")
    draft.keep("article-number", *entry.values("C7"))
    # Y1 is deprecated and some programs put the year of something else there: DA goes before it.
    for tag in ("PY", "DA", "Y1", "YR"):
        for value in entry.values(tag):
            draft.dates.append(value if not value.rstrip("/").endswith(("received", "accepted")) else "")
    draft.keep("accessed", *entry.values("Y2"))
    return {"VL", "VO", "IS", "SP", "EP", "C7", "PY", "Y1", "DA", "YR", "Y2"}


def _read_text(entry: Entry, draft: Draft) -> set[str]:
    abstracts = [value for value in entry.values("AB") if not is_missing(value)]
    second = [value for value in entry.values("N2") if not is_missing(value)]
    draft.abstract = "\n".join(abstracts or second)
    if abstracts:
        draft.keep("note", *(value for value in second if value.casefold() not in draft.abstract.casefold()))
    for value in entry.values("KW"):
        draft.keywords += [part for line in value.split("\n") for part in line.split(";")]
    draft.languages = [part for value in entry.values("LA") for part in re.split(r"\s*[;,\n]\s*", value)]
    draft.publication_types = [part for value in entry.values("M3") if "10." not in value for part in value.split("\n")]
    if draft.entry_type == "article":
        draft.entry_type = find_entry_type([*draft.publication_types, "article"])
    return {"AB", "N2", "KW", "LA", "M3"}


def _read_identifiers(entry: Entry, draft: Draft) -> set[str]:
    draft.doi = _take_first(entry, draft, ("DO", "DI"))
    draft.serials = entry.values("SN")
    addresses = entry.values("UR")
    draft.url = addresses[0].split("\n")[0].strip() if addresses else ""
    rest = [line.strip() for value in addresses for line in value.split("\n")][1:]
    draft.keep("ris:UR", *rest)
    accessions = entry.values("AN")
    ident = entry.first("ID")
    database = " ".join(entry.values("DB", "DP")).casefold()
    embase = next((value for value in entry.values("U2") if re.fullmatch(r"L\d{6,}", value.strip())), "")
    draft.accession = accessions[0] if accessions else embase
    if not draft.accession and re.fullmatch(
        r"\d{4}-\d{5}-\d{3}|\d{7,10}|CN-\d+|\d{3}-\d{3}-\d{3}-\d{3}-\w+|pub\.\d+", ident
    ):
        draft.accession = ident
    draft.keep("ris:AN", *accessions[1:])
    if draft.accession != embase:
        draft.keep("ris:U2", embase)
    if ident != draft.accession:
        draft.keep("ris:ID", ident)
    draft.keep("ris:ID", *entry.values("ID")[1:])
    if re.search(r"medline|pubmed|\bnlm\b", database) and re.fullmatch(r"\d{6,8}", draft.accession.strip()):
        draft.pmid = draft.accession
    if "embase" in database:
        draft.source = "embase"
    if "scopus" in database or "scopus.com" in draft.url:  # Scopus prints the PubMed id in C2
        draft.pmid = draft.pmid or next((value for value in entry.values("C2") if re.fullmatch(r"\d{7,8}", value)), "")
    others = entry.values("L3", "UR", "M3", "LK", "L1", "L2", "L4", "U1", "C1", "C2", "C6", "U2", "AN")
    draft.other_ids = [part for value in others for part in re.split(r"[&\n]|<", value)]
    draft.other_ids += [
        value for value in entry.values("N1") if _NOTE_PMID.fullmatch(value) or value.lower().startswith("doi")
    ]
    if any(normal_pmcid(value) or value == draft.pmid for value in entry.values("C2")):
        rest_of_c2 = [value for value in entry.values("C2") if not normal_pmcid(value) and value != draft.pmid]
        draft.keep("ris:C2", *rest_of_c2)
        return {"DO", "DI", "SN", "UR", "AN", "ID", "C2"} | (
            {"U2"} if embase and len(entry.values("U2")) == 1 else set()
        )
    return {"DO", "DI", "SN", "UR", "AN", "ID"} | ({"U2"} if embase and len(entry.values("U2")) == 1 else set())
