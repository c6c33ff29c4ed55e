"""What searches give: records and their parts, what ties two of them together, and the runs that they come from."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Literal
from typing import NamedTuple

from review.findings import Origin
from review.model.ids import RecordId

#: The lanes of the PRISMA 2020 flow diagram that a source feeds.
Lane = Literal["database", "register", "website", "organisation", "citation"]


class Author(NamedTuple):
    """One author as the source prints the name; a group has its whole name in `family`."""

    family: str
    given: str = ""
    is_collective: bool = False
    affiliations: tuple[str, ...] = ()
    orcid: str = ""

    def __str__(self) -> str:
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def initials(self) -> str:
        """First letters of the given names, without dots: `Francisco Javier` gives `FJ`."""
        if self.given.isupper() and len(self.given) <= 3 and self.given.isalpha():
            return self.given
        parts = self.given.replace("-", " ").replace(".", " ").split()
        return "".join(part[0].upper() for part in parts)


class Relation(NamedTuple):
    """A statement of a source that ties a record to another document.

    `kind` is in lower case with hyphens, after PubMed's CommentsCorrections: `retraction-in`, `retraction-of`,
    `erratum-in`, `erratum-for`, `expression-of-concern-in`, `comment-on`, `comment-in`, `update-in`, `update-of`,
    `republished-in`, `preprint-of`, `has-preprint`, ...
    """

    kind: str
    pmid: str = ""
    doi: str = ""
    text: str = ""


class AbstractSection(NamedTuple):
    """A labelled part of a structured abstract; the label is empty for a plain one."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of one source, as read; text is NFC and free of markup, missing text is the empty string.

    `id` is `pubmed:...`, `doi:...`, `<source>:<accession>` or `import:<hash>` (see `review.identifiers`).
    `doi` is lower case without a resolver's address, `pmid` digits only, `pmcid` like `PMC3150146`. `pages` is as
    printed. `published` and `epub_date` are ISO 8601, cut to what is known (`2019`, `2019-03`, `2019-01-11`).
    `entry_type` is a lower-case word: article, review, abstract, preprint, book, chapter, thesis, register, dataset,
    news, letter, editorial, erratum, other. `extra` keeps every tag of the source that has no field here.
    """

    id: RecordId
    title: str
    authors: tuple[Author, ...] = ()
    year: int | None = None
    journal: str = ""
    journal_abbreviation: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    issn: tuple[str, ...] = ()
    isbn: tuple[str, ...] = ()
    abstract: str = ""
    abstract_sections: tuple[AbstractSection, ...] = ()
    other_abstracts: tuple[str, ...] = ()
    vernacular_title: str = ""
    languages: tuple[str, ...] = ()
    entry_type: str = "article"
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    published: str = ""
    epub_date: str = ""
    status: str = ""
    version: str = ""
    accession: str = ""
    url: str = ""
    source: str = ""
    run: str = ""
    origin: Origin | None = field(default=None, compare=False)
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def is_retracted(self) -> bool:
        """Whether the source itself says that the document was retracted."""
        if any(kind.casefold() == "retracted publication" for kind in self.publication_types):
            return True
        return any(relation.kind == "retraction-in" for relation in self.relations)

    def evolve(self, **changes: object) -> Record:
        """Return a copy with these fields replaced."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]


#: What two records are to each other. `duplicate`: entries of one report. The rest ties different reports together.
LinkKind = Literal[
    "duplicate",
    "abstract-of",
    "preprint-of",
    "erratum-of",
    "part-of",
    "version-of",
    "reply-to",
    "protocol-of",
    "register-of",
    "translation-of",
    "same-study",
]


@dataclass(frozen=True, slots=True)
class Link:
    """A statement on a pair of records: who says it (a rule's name or a person) and why."""

    left: RecordId
    right: RecordId
    kind: LinkKind
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One search or import as it was made: what was asked, answered and received.

    `hits` is what the service said it has, `retrieved` how many entries the payload holds; `hits` is None for a file that
    a person exported without noting it. `started` is UTC, ISO 8601 with `Z`.
    """

    id: str
    source: str
    lane: Lane
    kind: Literal["search", "import", "citation"]
    started: str
    format: str
    payload: str
    sha256: str
    retrieved: int
    hits: int | None = None
    strategy: str = ""
    translation: str = ""
    note: str = ""
    details: Mapping[str, object] = field(default_factory=dict, hash=False)
