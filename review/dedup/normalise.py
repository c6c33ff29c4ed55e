"""A record in the form in which records are compared: computed once, then used for every pair."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from review.dedup.journals import Journal
from review.dedup.journals import normalise_journal
from review.dedup.journals import split_meeting
from review.dedup.names import Names
from review.dedup.names import normalise_authors
from review.dedup.places import Pages
from review.dedup.places import normalise_issue
from review.dedup.places import normalise_pages
from review.dedup.places import normalise_volume
from review.dedup.text import fold
from review.dedup.text import is_blank
from review.dedup.text import split_words
from review.dedup.titles import Title
from review.dedup.titles import normalise_title
from review.identifiers import find_registrations
from review.identifiers import normal_doi
from review.model import Record

_VERSION = re.compile(r"(?:[./]?v\d{1,2})$")
_SERVERS = re.compile(
    r"10\.(?:1101|2139|21203|31234|31219|31222|48550|20944|26434|22541|36227|31223|31235|2196/preprints|7287|64898)/|10\.5194/(?:egusphere|[a-z]+-discuss|[a-z]+d-)|10\.1002/essoar"
)
_MEETING = re.compile(r"meeting|abstract|conference", re.IGNORECASE)
_ISSN = re.compile(r"\b(\d{4})-?(\d{3}[\dxX])\b")
_LABEL = re.compile(
    r"^(?:abstract|background|objectives?|purpose|aims?|introduction|context|importance|summary|aim of the study)\b[\s:.]*",
    re.IGNORECASE,
)
_ABSTRACT_LETTERS = 320


@dataclass(frozen=True, slots=True, eq=False)
class Normal:
    """What is compared of a record. Missing is empty or None throughout; `fingerprint` changes with what is compared."""

    id: str
    fingerprint: str
    title: Title
    names: Names
    year: int | None
    years: frozenset[int]
    journals: tuple[Journal, ...]
    issn: frozenset[str]
    volume: str
    issue: str
    supplement: bool
    pages: Pages
    doi: str
    preprint: bool
    meeting: bool
    pmid: str
    pmcid: str
    abstract: str
    abstract_length: int
    registrations: frozenset[str]
    kind: str
    weight: int

    @property
    def placed(self) -> bool:
        """Whether anything says where the document stands."""
        return bool(self.journals or self.volume or self.pages.first or self.doi or self.pmid)

    @property
    def tells(self) -> bool:
        """Whether an entry with the very same content can only be the same document."""
        if self.doi or self.pmid or self.pages.first:
            return bool(self.title.wordings or self.pmid)
        return bool(self.title.wordings) and (not self.title.generic or bool(self.volume and self.names.count))


def normalise(record: Record) -> Normal:
    """Bring a record to the form in which it is compared."""
    names = [name for name in (record.journal, record.journal_abbreviation) if name]
    journals = tuple(dict.fromkeys(normalise_journal(part) for name in names for part in split_meeting(name)))
    doi = _normalise_doi(record.doi)
    abstract = "" if is_blank(record.abstract) else _abstract_letters(record.abstract)
    issue = normalise_issue(record.issue, record.volume)
    title = normalise_title(record.title, "".join(split_words(fold(record.journal))), record.vernacular_title)
    kind = record.entry_type
    if any(journal.register for journal in journals) or any(
        word.casefold() in ("registry record", "trial registry record") for word in record.publication_types
    ):
        kind = "register"
    elif any(journal.thesis for journal in journals):
        kind = "thesis"
    elif any("meeting abstract" in word.casefold() for word in record.publication_types):
        kind = "abstract"
    preprint = kind == "preprint" or any(journal.preprint for journal in journals) or _SERVERS.match(doi) is not None
    years = {record.year} if record.year else set()
    years |= {int(day[:4]) for day in (record.published, record.epub_date) if day[:4].isdigit()}
    pages = normalise_pages(record.pages)
    filled = sum(
        map(
            bool,
            (record.title, record.authors, record.year, record.journal, record.volume, record.pages, doi, abstract),
        )
    )
    return Normal(
        id=record.id,
        fingerprint=_fingerprint(record),
        title=title,
        names=normalise_authors(record.authors),
        year=record.year,
        years=frozenset(years),
        journals=tuple(journal for journal in journals if journal.words),
        issn=frozenset(a + b.upper() for text in record.issn for a, b in _ISSN.findall(text)),
        volume=normalise_volume(record.volume),
        issue=issue,
        supplement=issue.startswith("s") or pages.first[:1] in ("s", "a"),
        pages=pages,
        doi=doi,
        preprint=preprint,
        meeting=kind == "abstract"
        or any(journal.conference for journal in journals)
        or _MEETING.search(record.issue) is not None,
        pmid=record.pmid.strip(),
        pmcid=record.pmcid.strip().upper(),
        abstract=abstract,
        abstract_length=len(record.abstract),
        registrations=_registrations(record),
        kind=kind,
        weight=filled,
    )


def _normalise_doi(text: str) -> str:
    """Return the DOI without a version's ending, so that `.v1` meets the work itself."""
    doi = normal_doi(text)
    if not doi:
        return ""
    doi = doi.split(" ")[0].split(";")[0].split("</")[0]
    return _VERSION.sub("", doi) if len(doi) > 12 else doi


def _abstract_letters(text: str) -> str:
    """Return the first letters and digits of an abstract, without the label that some sources print before it."""
    start = fold(text[: 2 * _ABSTRACT_LETTERS]).strip()
    return "".join(split_words(_LABEL.sub("", start)))[:_ABSTRACT_LETTERS]


def _registrations(record: Record) -> frozenset[str]:
    if record.registrations:
        return frozenset(record.registrations)
    if record.accession or record.entry_type == "register":
        return frozenset(find_registrations(f"{record.accession} {record.id} {record.title}"))
    return frozenset()


def _fingerprint(record: Record) -> str:
    parts = (
        record.title, record.vernacular_title, *map(str, record.authors), str(record.year), record.journal, record.journal_abbreviation,
        record.volume, record.issue, record.pages, record.doi, record.pmid, record.pmcid, *record.issn, *record.isbn, record.abstract[:700],
        record.published, record.epub_date, record.entry_type, *record.publication_types, *record.registrations,
    )  # fmt: skip
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
