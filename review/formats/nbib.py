"""PubMed's NBIB, the MEDLINE display format, as PubMed, PMC, ERIC and others export it.

Biopython's `Bio.Medline` reads the fields of each entry: which tags are text and which are lists, how wrapped lines join. It is given
one entry at a time, cut and put into the form that it reads right, because by itself it loses data without a word: two entries
without an empty line between them become one, a file of ERIC (no PMID) or with `PMID-123` (no space) loses its tags, a wrapped line that
is not indented by six spaces (addresses, e-mail) is taken for a tag, repeated TI or AB are joined. Which address belongs to which
author is in the order of the lines, which its dictionary does not keep; that is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping

from review.findings import Finding
from review.formats.draft import Draft
from review.formats.markup import clean_text
from review.formats.people import parse_name
from review.formats.result import Refusal
from review.formats.tagged import Entry
from review.formats.tagged import EntryBuilder
from review.formats.tagged import Strays
from review.formats.text import Lines
from review.identifiers import normal_doi
from review.model import AbstractSection
from review.model import Author
from review.model import Relation

_TAG = re.compile(r"^([A-Z][A-Z0-9]{1,4}) {0,3}-(?: ?)(.*)$")
#: Tags that begin an entry where they come again, or after an empty line.
_STARTS = ("PMID", "PMC", "PMCR", "OWN", "UI", "OID", "TI")

ENTRY_TYPES = {
    "retraction of publication": "other", "published erratum": "erratum", "letter": "letter", "editorial": "editorial",
    "news": "news", "newspaper article": "news", "preprint": "preprint", "systematic review": "review", "review": "review",
    "meta-analysis": "review", "congress": "abstract", "meeting abstract": "abstract", "book": "book", "dataset": "dataset",
    "study guide": "book", "academic dissertation": "thesis", "book chapter": "chapter", "dissertations/theses": "thesis",
    "books": "book",
}  # fmt: skip

#: Tags of statements about other documents, by PubMed's names.
RELATIONS = {
    "CIN": "comment-in", "CON": "comment-on", "EIN": "erratum-in", "EFR": "erratum-for", "CRI": "corrected-and-republished-in",
    "CRF": "corrected-and-republished-from", "DDIN": "dataset-described-in", "DRIN": "dataset-use-reported-in",
    "ECI": "expression-of-concern-in", "ECF": "expression-of-concern-for", "RPI": "republished-in", "RPF": "republished-from",
    "RIN": "retraction-in", "ROF": "retraction-of", "RRI": "retracted-and-republished-in", "RRF": "retracted-and-republished-from",
    "UIN": "update-in", "UOF": "update-of", "SPIN": "summary-for-patients-in", "ORI": "original-report-in",
    "PRIN": "partial-retraction-in", "PROF": "partial-retraction-of",
}  # fmt: skip
_SHARED = {"PB": "publisher", "CP": "place", "EN": "edition", "CTI": "series", "GN": "note", "FED": "editor"}
_READ = frozenset(
    (
        "PMID", "PMC", "TI", "TT", "AB", "OAB", "FAU", "AU", "CN", "AD", "AUID", "JT", "TA", "VI", "IP", "PG", "DP", "DEP", "LA", "PT",
        "MH", "OT", "IS", "ISSN", "ISBN", "STAT", "SI", *RELATIONS, *_SHARED,
    )
)  # fmt: skip
_LABEL = re.compile(r"(?:(?<=^)|(?<=[.?!)] ))([A-Z][A-Z /&,'()-]{2,60}):\s")
_PAIRED_ID = re.compile(r"^(\S.*?)\s*\[(doi|pii|bookaccession|pmid|pmcid)\]$", re.IGNORECASE)


def split_entries(lines: Lines) -> Iterator[Entry | Finding]:
    """Cut MEDLINE text into entries: at empty lines, and where a tag comes again that an entry has once."""
    builder, strays = EntryBuilder(lines.path), Strays(lines.path)
    after_blank = True
    for text in lines:
        if not text.strip():
            after_blank = True
            continue
        match = None if text.startswith("      ") else _TAG.match(text)
        if match:
            tag = match.group(1)
            if builder and _begins(tag, builder, after_blank=after_blank):
                yield builder.take()
            builder.add(tag, match.group(2), lines.number)
        elif builder and not (after_blank and not text.startswith(" ")):
            builder.extend(text, lines.number)
        else:
            strays.add(text, lines.number)
        after_blank = False
    if builder:
        yield builder.take()
    yield from strays.findings()


def _begins(tag: str, builder: EntryBuilder, *, after_blank: bool) -> bool:
    """Whether this tag is the first of the next entry."""
    if tag in ("PMID", "PMC", "PMCR", "UI"):
        return builder.has(tag) or (after_blank and builder.has("TI", "AU", "FAU", "DP", "AB"))
    if tag == "OWN" and after_blank:
        return builder.has("PMID", "OWN", "TI", "AU", "FAU")
    return after_blank and (tag in _STARTS or builder.has("TI", "BTI")) and builder.has(tag)


def medline_fields(entry: Entry) -> Mapping[str, str | list[str]]:
    """Read an entry's fields with Biopython; repeated text fields and wrapped lines are put into its form first."""
    from Bio import Medline

    # A repeated title or abstract goes through as lines of the first one: Biopython joins these, and keeps no others apart.
    rows: list[str] = []
    for field in entry.fields:
        first, *wrapped = field.value.split("\n")
        rows.append(f"{field.tag:<4}- {first}\n")
        rows += [f"      {line}\n" for line in wrapped if line.strip()]
    record: Mapping[str, str | list[str]] = next(Medline.parse(rows), {})  # type: ignore[no-untyped-call]
    return record


def parse_nbib(lines: Lines) -> Iterator[Draft | Refusal | Finding]:
    """Read NBIB."""
    for item in split_entries(lines):
        yield read_entry(item) if isinstance(item, Entry) else item


def read_entry(entry: Entry) -> Draft:
    """Make a draft of one entry."""
    fields = medline_fields(entry)

    def text(tag: str) -> str:
        value = fields.get(tag, "")
        return value if isinstance(value, str) else " ".join(value)

    def items(tag: str) -> list[str]:
        return entry.values(tag)

    draft = Draft(entry.line)
    draft.pmid = text("PMID").split()[0] if text("PMID").strip() else ""
    draft.pmcid = text("PMC")
    titles = entry.values("TI", "BTI")
    draft.title = text("TI") or text("BTI")
    draft.vernacular_title = text("TT")
    draft.abstract = clean_text(text("AB"))
    draft.sections = split_sections(draft.abstract)
    draft.other_abstracts = items("OAB")
    draft.journal = text("JT") or text("TA") or (text("BTI") if text("TI") else "")
    draft.journal_abbreviation = text("TA")
    draft.volume, draft.issue, draft.pages = text("VI"), text("IP"), text("PG")
    draft.year = text("DP")
    draft.epub_date = text("DEP")
    draft.languages = items("LA")
    draft.publication_types = items("PT")
    draft.entry_type = find_entry_type(draft.publication_types, is_book=bool(text("BTI")), has_part=len(titles) > 1)
    draft.mesh = items("MH")
    draft.keywords = items("OT")
    draft.serials = [*items("IS"), *items("ISSN"), *items("ISBN")]
    draft.status = text("STAT")
    draft.registrations = [value.rpartition("/")[2] for value in items("SI") if "/" in value]
    _read_people(entry, draft)
    _read_identifiers(entry, draft)
    draft.relations = [read_relation(field.tag, field.value) for field in entry.fields if field.tag in RELATIONS]
    for field in entry.fields:
        shared = _SHARED.get(field.tag)
        if field.tag == "SI" or (
            field.tag in ("LID", "AID") and normal_doi(field.value) == normal_doi(draft.doi) != ""
        ):
            continue
        if shared:
            draft.keep(shared, field.value)
        elif field.tag not in _READ and field.value != "NOTNLM":
            draft.keep(f"nbib:{field.tag}", field.value)
    draft.keep("nbib:SI", *(value for value in items("SI")))
    return draft


def find_entry_type(publication_types: list[str], *, is_book: bool = False, has_part: bool = False) -> str:
    """Return the entry type that PubMed's publication types say; the rarer type goes before the common one."""
    kinds = {kind.casefold().strip() for kind in publication_types}
    for kind, entry_type in ENTRY_TYPES.items():
        if kind in kinds:
            return entry_type
    if is_book:
        return "chapter" if has_part else "book"
    return "article"


def split_sections(abstract: str) -> list[AbstractSection]:
    """Split an abstract at its labels in capitals (`METHODS: `); empty for a plain one."""
    joined = " ".join(abstract.split())
    marks = list(_LABEL.finditer(joined))
    if len(marks) < 2:
        return []
    sections = []
    if marks[0].start() > 0:
        sections.append(AbstractSection("", joined[: marks[0].start()].strip()))
    ends = [*(mark.start() for mark in marks[1:]), len(joined)]
    for mark, end in zip(marks, ends, strict=True):
        sections.append(AbstractSection(mark.group(1).strip(), joined[mark.end() : end].strip()))
    return sections


def _read_people(entry: Entry, draft: Draft) -> None:
    """Authors in order with their addresses; full names (FAU) go before short ones (AU)."""
    has_full = any(field.tag == "FAU" and field.value for field in entry.fields)
    for field in entry.fields:
        if field.tag in {"FAU", "CN"} or (field.tag == "AU" and not has_full):
            author = parse_name(field.value, collective=field.tag == "CN")
            if author and field.tag == "FAU" and "," not in field.value:
                author = Author(" ".join(field.value.split()))
            if author:
                draft.authors.append(author)
        elif field.tag == "AD" and draft.authors:
            last = draft.authors[-1]
            draft.authors[-1] = last._replace(affiliations=(*last.affiliations, " ".join(field.value.split())))
        elif field.tag == "AD":
            draft.keep("affiliation", field.value)
        elif field.tag == "AUID" and draft.authors and "orcid" in field.value.casefold():
            match = re.search(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", field.value)
            if match:
                draft.authors[-1] = draft.authors[-1]._replace(orcid=match.group())


def _read_identifiers(entry: Entry, draft: Draft) -> None:
    """DOI and others out of LID and AID, which name their kind in brackets; ERIC writes an address."""
    for value in entry.values("LID", "AID"):
        match = _PAIRED_ID.match(value)
        if (match and match.group(2).lower() == "doi") or re.match(
            r"(?:doi:|https?://(?:dx\.)?doi\.org/)", value, re.IGNORECASE
        ):
            draft.doi = draft.doi or normal_doi(value) or (match.group(1) if match else value)
        else:
            draft.other_ids.append(value)
    draft.other_ids += [value for value in entry.values("SO") if "doi" in value]
    owner = entry.first("OWN").casefold()
    if owner == "eric":
        draft.accession, draft.source = entry.first("OID"), "eric"
        draft.url = next((value for value in entry.values("LID", "AID") if value.startswith("http")), "")


def read_relation(tag: str, text: str) -> Relation:
    """Read a statement such as `Ann Rheum Dis. 2019;78(3):e23. doi: 10.1136/... PMID: 29666046`."""
    joined = " ".join(text.split())
    pmid = re.search(r"PMID:\s*(\d+)", joined)
    return Relation(
        RELATIONS[tag],
        pmid=pmid.group(1) if pmid else "",
        doi=normal_doi(joined) if "10." in joined else "",
        text=re.sub(r"\s*(?:doi:\s*\S+|PMID:\s*\d+)", "", joined).strip(),
    )
