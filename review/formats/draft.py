"""An entry on its way from a file's own tags to a record: readers fill a draft, `finish_drafts` makes records of them.

Keys of `extra` without a colon are the vocabulary that all formats share (`publisher`, `editor`, `note`, ...: `SHARED`), so that
they survive a conversion. Keys like `ris:C7` or `csv:Times Cited` are tags of one format that have no field of a record; they
are kept, and written back when the same format is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.formats.dates import find_year
from review.formats.dates import parse_date
from review.formats.markup import clean_text
from review.formats.markup import is_doubled
from review.formats.markup import undouble_text
from review.formats.result import Item
from review.formats.result import Refusal
from review.identifiers import find_registrations
from review.identifiers import fold_text
from review.identifiers import normal_doi
from review.identifiers import normal_isbn
from review.identifiers import normal_issn
from review.identifiers import normal_pmcid
from review.identifiers import normal_pmid
from review.identifiers import record_id
from review.model import AbstractSection
from review.model import Author
from review.model import Record
from review.model import Relation

#: Keys of `Record.extra` that every format knows; the rest is prefixed with the format's name and a colon.
SHARED = (
    "publisher", "place", "editor", "edition", "series", "note", "affiliation", "database", "article-number", "conference",
    "accessed", "short-title", "type", "doi-text", "pmid-text", "date-text", "serial-text",
)  # fmt: skip

_MISSING = frozenset(("na", "n/a", "nan", "none", "null", "nil", "-", "--", "<na>", "undefined", "no abstract", "not available",
    "[no abstract available]", "no abstract available", "no abstract available."))  # fmt: skip
_LONG_NUMBER = re.compile(r"\d{6}")
_NO_PAGES = re.compile(r"no[\s-]*pagination|not?[\s-]*specified|unpaginated|^no$", re.IGNORECASE)
_DASHES = re.compile(r"\s*(?:--+|[‐‑‒–—−])\s*")
_PAGES_PREFIX = re.compile(r"^(?:pp?|pages?|s)\.?\s*(?=[\dA-Za-z]?\d)", re.IGNORECASE)
_ISSN = re.compile(r"(?<![\dA-Za-z])(\d{4})-?(\d{3}[\dxX])(?![\dA-Za-z])|(\d{4}-\d{3}[\dxX])")
_ISBN = re.compile(r"(?<!\d)(?:97[89][- ]?(?:\d[- ]?){9}\d|(?:\d[- ]?){9}[\dxX])(?![\d])")
_DATABASES = (
    (re.compile(r"^WOS:|^ISI:|^000\d{12}$|^A19\d{2}[A-Z\d]{10}$"), "wos"),
    (re.compile(r"^2-s2\.0-\d+$"), "scopus"),
    (re.compile(r"^L\d{6,}$"), "embase"),
    (re.compile(r"^CN-\d{6,}"), "central"),
    (re.compile(r"^E[JD]\d{5,}$"), "eric"),
    (re.compile(r"^pub\.\d+$"), "dimensions"),
    (re.compile(r"^(?:BIOSIS|BCI):|^PREV\d+"), "biosis"),
    (re.compile(r"^ZOOR"), "zoorec"),
    (re.compile(r"^(?:PPR|AGR|CTX|ETH|HIR|PAT)\d+$"), "europepmc"),
    (re.compile(r"^W\d{6,}$"), "openalex"),
    (re.compile(r"^\d{4}-\d{5}-\d{3}$"), "psycinfo"),
    (re.compile(r"^\d{3}-\d{3}-\d{3}-\d{3}-\d{2}[\dX]$"), "lens"),
    (re.compile(r"^(?:NCT\d{8})$"), "clinicaltrials"),
)


@dataclass(slots=True)
class Draft:
    """What a reader found in one entry, as raw text; `line` is the entry's first line, from 1.

    `more` are fields of a record that are ready as they are, and replace what cleaning makes. `other_ids` are texts that may hold a DOI, PubMed or PMC id besides other things; they are looked through last.
    """

    line: int
    title: str = ""
    authors: list[Author] = field(default_factory=list)
    year: str = ""
    journal: str = ""
    journal_abbreviation: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    serials: list[str] = field(default_factory=list)
    abstract: str = ""
    sections: list[AbstractSection] = field(default_factory=list)
    other_abstracts: list[str] = field(default_factory=list)
    vernacular_title: str = ""
    languages: list[str] = field(default_factory=list)
    entry_type: str = "article"
    publication_types: list[str] = field(default_factory=list)
    mesh: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    registrations: list[str] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    epub_date: str = ""
    status: str = ""
    version: str = ""
    accession: str = ""
    url: str = ""
    source: str = ""
    other_ids: list[str] = field(default_factory=list)
    more: Mapping[str, object] = field(default_factory=dict)
    extra: dict[str, list[str]] = field(default_factory=dict)

    def keep(self, key: str, *values: str) -> None:
        """Add values to `extra`, each once, blank ones left out."""
        for value in values:
            text = value.strip()
            if text and text not in self.extra.setdefault(key, []):
                self.extra[key].append(text)
        if not self.extra.get(key):
            self.extra.pop(key, None)


def find_serials(text: str) -> tuple[list[str], list[str]]:
    """Find the ISSNs and ISBNs in text such as `0964-6906 (Print)0964-6906` or `978-0-306-40615-7 (hardback)`."""
    isbns: dict[str, None] = {}

    def take_isbn(match: re.Match[str]) -> str:
        isbn = normal_isbn(match.group())
        if not isbn:
            return match.group()
        isbns[isbn] = None
        return " "

    rest = _ISBN.sub(take_isbn, text)
    issns = {
        normal_issn(f"{m.group(1)}-{m.group(2)}" if m.group(1) else m.group(3)): None for m in _ISSN.finditer(rest)
    }
    return [issn for issn in issns if issn], list(isbns)


def clean_pages(text: str) -> str:
    """Return a page range with a plain hyphen, without `pp.`; empty where the source says that there are none."""
    text = clean_text(text)
    if not text or _NO_PAGES.search(text):
        return ""
    text = _PAGES_PREFIX.sub("", _DASHES.sub("-", text.replace(" - ", "-"))).strip(" .-")
    first, mark, last = text.partition("-")
    return first if mark and first.strip() == last.strip() else text


def join_pages(start: str, end: str) -> str:
    """Join first and last page; a first page that is a range already stands alone."""
    start, end = start.strip(), end.strip()
    if not end or not start or end == start or _DASHES.search(start) or "-" in start:
        return start or end
    return f"{start}-{end}"


def is_missing(text: str) -> bool:
    """Whether a cell says in a word that it is empty (`NA`, `n/a`, `nan`)."""
    return not text or text.strip().casefold() in _MISSING


def _value(text: str) -> str:
    text = clean_text(text)
    return "" if is_missing(text) else text


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cleaned for value in values if (cleaned := _value(value))))


def find_pmid(text: str) -> str:
    """Find a PubMed id that the text calls so: `35957633 [PMID]`, `PMID: 123`, an address of PubMed."""
    match = re.search(
        r"\b(?:pmid|pubmed(?:[ _-]?id)?)\b\s*:?\s*(\d{4,8})\b|\b(\d{4,8})\s*\[pmid\]", text, re.IGNORECASE
    )
    if match:
        return (match.group(1) or match.group(2)).lstrip("0")
    return normal_pmid(text) if "ncbi.nlm.nih.gov" in text else ""


def _find_other_ids(draft: Draft) -> tuple[str, str, str]:
    doi, pmid, pmcid = normal_doi(draft.doi), normal_pmid(draft.pmid), normal_pmcid(draft.pmcid)
    for text in draft.other_ids:
        lowered = text.casefold()
        if not doi and "10." in text and ("doi" in lowered or lowered.startswith("10.")):
            doi = normal_doi(text)
        pmid = pmid or find_pmid(text)
        if not pmcid and "pmc" in lowered and ("/pmc" in lowered or "[pmcid]" in lowered or lowered.startswith("pmc")):
            pmcid = normal_pmcid(text)
    return doi, pmid, pmcid


def _find_dates(draft: Draft) -> tuple[int | None, str, str]:
    """Year, publication date and electronic date; the date is the most detailed one of the year."""
    texts = [text for text in [draft.year, *draft.dates] if text.strip()]
    year = next((found for text in texts if (found := find_year(text))), None)
    dates = [
        date for text in texts if (date := parse_date(text, year=year)) and (year is None or date[:4] == f"{year:04d}")
    ]
    published = max(dates, key=len, default="")
    return year, published, parse_date(draft.epub_date) if draft.epub_date else ""


def _find_unread(draft: Draft, year: int | None) -> dict[str, list[str]]:
    """What stands in the place of a DOI, PubMed id, year or ISSN and is none: kept as it is printed."""
    dates = [text for text in (draft.year, *draft.dates) if not is_missing(clean_text(text))] if year is None else []
    found = {
        "doi-text": [draft.doi]
        if draft.doi.strip() and not is_missing(draft.doi) and not normal_doi(draft.doi)
        else [],
        "pmid-text": [draft.pmid] if draft.pmid.strip(" 0") and not normal_pmid(draft.pmid) else [],
        "date-text": dates[:1],
        "serial-text": [text for text in draft.serials if not is_missing(text) and not any(find_serials(text))],
    }
    return {key: texts for key, texts in found.items() if any(text.strip() for text in texts)}


def _clean_author(author: Author) -> Author:
    family, given = clean_text(author.family), clean_text(author.given)
    return author._replace(
        family=family,
        given=given,
        is_collective=author.is_collective or (not given and " " in family),
        affiliations=tuple(cleaned for text in author.affiliations if (cleaned := clean_text(text))),
    )


def find_database(accession: str) -> str:
    """Name the database that numbers records like this; empty if the number does not tell."""
    return next((name for pattern, name in _DATABASES if pattern.search(accession)), "")


def build_record(draft: Draft, *, path: str, source: str, run: str) -> Record | None:
    """Clean a draft into a record; None where it holds nothing that a record could be made of."""
    doi, pmid, pmcid = _find_other_ids(draft)
    year, published, epub_date = _find_dates(draft)
    issns: dict[str, None] = {}
    isbns: dict[str, None] = {}
    for text in draft.serials:
        found_issns, found_isbns = find_serials(text)
        issns.update(dict.fromkeys(found_issns))
        isbns.update(dict.fromkeys(found_isbns))
    authors = tuple(_clean_author(author) for author in draft.authors)
    title, abstract = (
        _value(draft.title) if draft.title.strip().casefold() != "none" else "None",
        _value(draft.abstract),
    )
    journal, abbreviation = _value(draft.journal), _value(draft.journal_abbreviation)
    volume, issue, pages = _value(draft.volume), _value(draft.issue), _value(clean_pages(draft.pages))
    accession = clean_text(draft.accession)
    extra = {key: values for key, raw in draft.extra.items() if (values := _unique_extra(raw))}
    for key, texts in _find_unread(draft, year).items():
        extra[key] = _unique_extra([*texts, *extra.get(key, ())])
    registrations = dict.fromkeys(clean_text(text) for text in draft.registrations)
    for text in (title, abstract, *extra.get("note", ())):
        if not _LONG_NUMBER.search(text):  # every register's numbers have six digits in a row
            continue
        registrations.update(dict.fromkeys(find_registrations(text)))
    content = (title, *(author.family for author in authors), str(year or ""), journal, volume, pages)
    rest = (volume, issue, pages, draft.url, issns, isbns, extra, *draft.keywords, *draft.mesh, *draft.languages)
    if not any((title, authors, abstract, doi, pmid, pmcid, accession, journal, year, *draft.publication_types, *rest)):
        return None
    if not any(content):
        content = (abstract, accession, draft.url, *(value for values in extra.values() for value in values))
    named = source or draft.source or find_database(accession)
    record = Record(
        id=record_id(pmid=pmid, doi=doi, source=named, accession=accession, content=content),
        title=title,
        authors=authors,
        year=year,
        journal=journal or abbreviation,
        journal_abbreviation=abbreviation,
        volume=volume,
        issue=issue,
        pages=pages,
        doi=doi,
        pmid=pmid,
        pmcid=pmcid,
        issn=tuple(issns),
        isbn=tuple(isbns),
        abstract=abstract,
        abstract_sections=tuple(
            AbstractSection(clean_text(section.label), clean_text(section.text)) for section in draft.sections
        ),
        other_abstracts=_unique(draft.other_abstracts),
        vernacular_title=_value(draft.vernacular_title),
        languages=_unique(draft.languages),
        entry_type=draft.entry_type,
        publication_types=_unique(draft.publication_types),
        mesh=_unique(draft.mesh),
        keywords=_unique(draft.keywords),
        registrations=tuple(registrations),
        relations=tuple(draft.relations),
        published=published,
        epub_date=epub_date,
        status=_value(draft.status),
        version=_value(draft.version),
        accession=accession,
        url=_value(draft.url),
        source=source,
        run=run,
        origin=Origin(path, draft.line),
        extra=extra,
    )
    return record.evolve(**draft.more) if draft.more else record


def _unique_extra(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cleaned for value in values if (cleaned := clean_text(value))))


def _undouble_draft(draft: Draft) -> bool:
    """Repair the fields that people read; whether there was anything to repair."""
    repaired = False
    for name in ("title", "abstract", "journal"):
        text = getattr(draft, name)
        if is_doubled(text):
            setattr(draft, name, undouble_text(text))
            repaired = True
    authors = [
        author._replace(family=undouble_text(author.family), given=undouble_text(author.given))
        for author in draft.authors
    ]
    repaired = repaired or authors != draft.authors
    draft.authors = authors
    return repaired


def finish_drafts(
    drafts: Iterable[Draft | Refusal | Finding],
    *,
    path: str,
    source: str = "",
    run: str = "",
) -> Iterator[Item]:
    """Make records of drafts, with findings on what was repaired or doubtful.

    Two entries of a file whose identifier is the same although their titles differ (the abstracts of a supplement share one
    DOI) get different ids: the later one is named by its content.
    """
    doubled: list[int] = []
    untitled: list[int] = []
    titles: dict[str, str] = {}
    for draft in drafts:
        if not isinstance(draft, Draft):
            yield draft
            continue
        if _undouble_draft(draft):
            doubled.append(draft.line)
        record = build_record(draft, path=path, source=source, run=run)
        if record is None:
            yield Refusal(draft.line, "the entry is empty: it has neither title, author, journal, year nor identifier")
            continue
        if not record.title:
            untitled.append(draft.line)
        folded = fold_text(record.title)
        if (
            titles.setdefault(record.id, folded) != folded
            and not record.id.startswith("import:")
            and "id" not in draft.more
        ):
            shared = record.id
            record = record.evolve(
                id=record_id(
                    content=(record.title, *(a.family for a in record.authors), str(record.year or ""), record.pages)
                )
            )
            titles.setdefault(record.id, folded)
            yield find(
                "RECORD-010",
                f"another entry of the file has the identifier {shared} and a different title",
                record.origin,
                found=record.title[:80],
                ids=(shared, record.id),
            )
        yield record
    if doubled:
        yield find(
            "RECORD-009",
            f"{len(doubled)} entries held UTF-8 that was read as Windows-1252 before and saved so; it was repaired",
            Origin(path, doubled[0]),
            found=len(doubled),
        )
    if untitled:
        yield find(
            "RECORD-006", f"{len(untitled)} entries have no title", Origin(path, untitled[0]), found=len(untitled)
        )


def extra_of(record_extra: Mapping[str, tuple[str, ...]], prefix: str) -> dict[str, tuple[str, ...]]:
    """Return the tags of one format, without its prefix: what a writer of that format writes back."""
    start = f"{prefix}:"
    return {key.removeprefix(start): values for key, values in record_extra.items() if key.startswith(start)}
