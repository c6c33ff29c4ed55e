"""A record on its way from XML: the fields gathered so far, and what is decided once all are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache

from review.findings import Origin
from review.formats.nbib import find_entry_type
from review.formats.pubmed_xml.content import join_sections
from review.formats.pubmed_xml.dates import Printed
from review.identifiers import find_registrations
from review.identifiers import normal_doi
from review.identifiers import record_id
from review.model import AbstractSection
from review.model import Author
from review.model import Record
from review.model import Relation

#: What register numbers in running text begin with; to look for these first is a hundred times faster than the patterns.
_REGISTER_MARKS = (
    "NCT", "ISRCTN", "ACTRN", "ChiCTR", "CHICTR", "UMIN", "DRKS", "JRCT", "CTRI", "KCT", "IRCT", "CRD", "EUDRACT", "EUCTR",
)  # fmt: skip


@dataclass(slots=True)
class Entry:
    """The fields of one PubmedArticle or PubmedBookArticle as they are met.

    `dois` are (DOI, valid) pairs in the order in which they count. Keys of `extra` that begin with `nbib:` are tags of MEDLINE
    text, in which PubMed says the same, so that a record has them whichever form it came in.
    """

    line: int
    pmid: str = ""
    version: str = ""
    title: str = ""
    vernacular_title: str = ""
    book_title: str = ""
    is_book: bool = False
    authors: list[Author] = field(default_factory=list)
    printed: Printed = Printed()  # noqa: RUF009 (a named tuple is immutable)
    electronic: Printed = Printed()  # noqa: RUF009
    journal: str = ""
    journal_abbreviation: str = ""
    iso_abbreviation: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    location_dois: list[tuple[str, bool]] = field(default_factory=list)
    listed_doi: str = ""
    pmcid: str = ""
    issn: list[str] = field(default_factory=list)
    isbn: list[str] = field(default_factory=list)
    sections: tuple[AbstractSection, ...] = ()
    other_abstracts: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    publication_types: list[str] = field(default_factory=list)
    mesh: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    registrations: list[str] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    status: str = ""
    extra: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def keep(self, key: str, *values: str) -> None:
        """Add values to `extra`, each once, empty ones left out."""
        kept = tuple(value for value in values if value)
        if kept:
            held = self.extra.get(key)
            self.extra[key] = kept if held is None and len(kept) == 1 else _unique((*(held or ()), *kept))

    @property
    def doi(self) -> str:
        """The entry's own DOI: a valid one of the article, else of PubMed's list, else one that is marked as invalid."""
        marked = ""
        for text, valid in self.location_dois:
            doi = normal_doi(text)
            if doi and valid:
                return doi
            marked = marked or doi
        return normal_doi(self.listed_doi) or marked

    def build(self, *, path: str, source: str, run: str) -> Record | None:
        """Make the record; None where there is neither identifier nor title nor author nor journal."""
        title = self.title or self.vernacular_title or ("" if self.is_book and self.title else self.book_title)
        doi = self.doi
        journal = self.journal or self.iso_abbreviation or self.journal_abbreviation
        if self.is_book and self.title:
            journal = self.book_title
        if not (self.pmid or doi or title or self.authors or journal):
            return None
        abstract = join_sections(self.sections)
        date = self.printed if self.printed.year is not None else self.electronic
        self.keep("pubmed:date", self.printed.words)
        content = (title, *(author.family for author in self.authors), str(date.year or ""), journal, self.volume, self.pages)
        return Record(
            id=record_id(pmid=self.pmid, doi=doi, content=content),
            title=title,
            authors=tuple(self.authors),
            year=date.year,
            journal=journal,
            journal_abbreviation=self.journal_abbreviation or self.iso_abbreviation,
            volume=self.volume,
            issue=self.issue,
            pages=self.pages,
            doi=doi,
            pmid=self.pmid,
            pmcid=self.pmcid,
            issn=_unique(self.issn),
            isbn=_unique(self.isbn),
            abstract=abstract,
            abstract_sections=self.sections if len(self.sections) > 1 or (self.sections and self.sections[0].label) else (),
            other_abstracts=_unique(self.other_abstracts),
            vernacular_title=self.vernacular_title,
            languages=_unique(self.languages),
            entry_type=_entry_type(
                tuple(self.publication_types), is_book=self.is_book, has_part=bool(self.title and self.book_title)
            ),
            publication_types=_unique(self.publication_types),
            mesh=_unique(self.mesh),
            keywords=_unique(self.keywords),
            registrations=self._find_registrations(title, abstract),
            relations=tuple(self.relations),
            published=date.iso,
            epub_date=self.electronic.iso,
            status=self.status,
            version=self.version,
            source=source,
            run=run,
            origin=Origin(path, self.line),
            extra=self.extra,
        )

    def _find_registrations(self, title: str, abstract: str) -> tuple[str, ...]:
        """The register numbers of the data banks and those that stand in title and abstract only."""
        text = f"{title} {abstract}"
        upper = text.upper()
        if any(mark in upper for mark in _REGISTER_MARKS):
            return _unique((*self.registrations, *find_registrations(text)))
        return _unique(self.registrations)


@lru_cache(maxsize=4096)
def _entry_type(publication_types: tuple[str, ...], *, is_book: bool, has_part: bool) -> str:
    return find_entry_type(list(publication_types), is_book=is_book, has_part=has_part)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
