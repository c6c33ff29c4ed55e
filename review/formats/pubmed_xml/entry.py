"""A record on its way from XML: the fields gathered so far, and what is decided once all are known."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
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

#: Every register number has one of these marks, and digits soon behind it. To look for them first spares most texts the patterns
#: of all registers, which take longer than all the rest of a record.
_REGISTER_MARKS = ("CT", "CRD", "UMIN", "DRKS", "nct0")
_NEAR_DIGITS = re.compile(r"(?:CT|CRD|UMIN|DRKS|nct)[A-Za-z/:.,\s()#-]{0,20}\d{4}")


@dataclass(slots=True)
class Entry:
    """The fields of one PubmedArticle or PubmedBookArticle as they are met.

    `location_dois` are (DOI, valid) pairs in the order of the article. Keys of `extra` that begin with `nbib:` are tags of MEDLINE
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
    book_authors: list[Author] = field(default_factory=list)
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

    def keep(self, key: str, value: str) -> None:
        """Add a value to `extra`, once; an empty one is left out."""
        if value:
            held = self.extra.get(key)
            if held is None:
                self.extra[key] = (value,)
            elif value not in held:
                self.extra[key] = (*held, value)

    def keep_all(self, key: str, values: Iterable[str]) -> None:
        """Add several values to `extra`, each once, empty ones left out."""
        kept = dict.fromkeys(self.extra.get(key, ()))
        kept.update(dict.fromkeys(value for value in values if value))
        if kept:
            self.extra[key] = tuple(kept)

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
        return Record(
            id=record_id(pmid=self.pmid, doi=doi, content=self._list_content(title, journal, date.year)),
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
            abstract_sections=self.sections
            if len(self.sections) > 1 or (self.sections and self.sections[0].label)
            else (),
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

    def _list_content(self, title: str, journal: str, year: int | None) -> Iterator[str]:
        """What names a record that has no identifier; a generator, as almost all have one."""
        yield title
        yield from (author.family for author in self.authors)
        yield from (str(year or ""), journal, self.volume, self.pages)

    def _find_registrations(self, title: str, abstract: str) -> tuple[str, ...]:
        """The register numbers of the data banks and those that stand in title and abstract only."""
        found = self.registrations
        text = f"{title} {abstract}"
        for mark in _REGISTER_MARKS:
            if mark in text:
                if _NEAR_DIGITS.search(text):
                    found = [*found, *find_registrations(text)]
                break
        return _unique(found)


@lru_cache(maxsize=4096)
def _entry_type(publication_types: tuple[str, ...], *, is_book: bool, has_part: bool) -> str:
    return find_entry_type(list(publication_types), is_book=is_book, has_part=has_part)


def _unique(values: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values)) if values else ()
