"""The nouns: values that every stage shares, without behaviour that belongs to a stage.

The counting units are types of their own, as PRISMA 2020 defines them: a *record* is one entry of one
source, a *report* is a document, a *study* is an investigation with one or more reports; a *case* is a
patient. `RecordId`, `ReportId`, `StudyId` and `CaseId` keep them apart for the type checker, so that
adding records to reports does not pass it. A report is named by the record that stands for its entries, so that a `ReportId` is a
`RecordId` too, and never the other way round.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from fractions import Fraction
from typing import Literal
from typing import NamedTuple
from typing import NewType

from review.findings import Origin

RecordId = NewType("RecordId", str)
ReportId = NewType("ReportId", RecordId)
StudyId = NewType("StudyId", str)
CaseId = NewType("CaseId", str)

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


#: What a number of the flow diagram counts.
Unit = Literal["records", "reports", "studies", "cases"]


class BoxLine(NamedTuple):
    """One line inside a box of the flow diagram: a source, a reason."""

    label: str
    n: int
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """One number of the PRISMA 2020 flow diagram, with what it counts.

    `key` is a key of the PRISMA2020 app's CSV. `ids` are the records, reports or studies counted; it is empty only where a
    count was reported by others without a list (the previous version of a review), and `reported` says so.
    """

    key: str
    n: int
    unit: Unit
    ids: tuple[str, ...] = ()
    lines: tuple[BoxLine, ...] = ()
    reported: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """A proportion with its interval: fractions 0..1, `events` of `total`; `ids` are the studies behind it.

    `weight` is a share 0..1 of a pooled result, None where the row has none. `level` is the interval's, 0..1.
    """

    label: str
    events: int
    total: int
    value: float
    ci_low: float
    ci_high: float
    method: str
    level: float = 0.95
    weight: float | None = None
    ids: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A number that a manuscript may quote: a stable key, the text to print, what it is made of.

    `level` is the interval's, 0..1; None where there is no interval.
    """

    key: str
    text: str
    value: float | None = None
    events: int | None = None
    total: int | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    method: str = ""
    ids: tuple[str, ...] = ()
    level: float | None = None


Stage = Literal["title-abstract", "retrieval", "full-text"]
Verdict = Literal["include", "exclude", "unsure"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of a screening log: what one person decided on one record at one stage.

    At the stage `retrieval`, include means that the full text is at hand and exclude that it could not be had. `reason` is a code of
    the protocol. `shown` is the hash of what the person saw, `order` says what put the record in its place (`calibration seed=1`); both are
    empty where the log does not say.
    """

    by: str
    time: str
    stage: Stage
    record: RecordId
    verdict: Verdict
    reason: str = ""
    note: str = ""
    shown: str = ""
    origin: Origin | None = None
    order: str = ""


#: What may stand instead of a value.
Missing = Literal["not reported", "not applicable", "unclear"]


class Place(NamedTuple):
    """Where a figure was read: a record (or report) id, a page, table or section, and the words or numbers there."""

    record: RecordId
    place: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of one case: what was typed (`value`), or the word for its absence (`missing`); never both.

    `op` is the comparison that goes with a number (`=`, `<`, `<=`, `>`, `>=`, `~`). `exposure` is the time in which a count was made, in the
    unit of the outcome, empty where it is not said. `event` tells of a time to an event (`value`) whether the event ended it: yes, or no
    where the patient was followed no longer (censored); None for everything else.
    """

    value: str = ""
    missing: Missing | None = None
    op: str = "="
    source: Place | None = None
    note: str = ""
    origin: Origin | None = None
    exposure: str = ""
    event: Literal["yes", "no"] | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """What the protocol's rule makes of a case: `value` is yes or no, None where the case leaves it open.

    `used` are the values that the rule asked for and found, each with its own source and line.
    """

    rule: str
    value: Literal["yes", "no"] | None
    used: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class Treatment:
    """An agent that a patient was given, and whether the patient responded: yes, no, or a word for missing; `dose` is text."""

    agent: str
    response: Observation
    dose: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A patient of one study. `same_as` names the case of another sheet that is the same person, `arm` an arm of the protocol.

    `outcomes` are the answers as reported, `derived` those that follow from the values by the protocol's rules. `treatments` are the agents
    that were tried one after the other or together, each with its own response.
    """

    id: CaseId
    fields: Mapping[str, Observation]
    outcomes: Mapping[str, Observation]
    same_as: CaseId | None = None
    origin: Origin | None = None
    derived: Mapping[str, Derivation] = field(default_factory=dict)
    arm: str = ""
    treatments: tuple[Treatment, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A total of a study as reported: `events` of `total` patients with an outcome, or with a choice of a case field.

    `arm` is the one whose patients are counted, empty for all of the study.
    """

    name: str
    events: int
    total: int
    choice: str = ""
    definition: str = ""
    source: Place | None = None
    note: str = ""
    origin: Origin | None = None
    arm: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Statistics of a case field or of an outcome over a study's patients, as printed: each statistic to its numbers.

    The statistics of a field or continuous outcome are n, mean, sd, median, iqr and range; of a count events and person_time; of a time to an event n, events,
    person_time, median, median_ci, hazard_ratio and hazard_ratio_ci. `arm` is the one whose patients they are of, empty for all
    of the study; a hazard ratio is that of `arm` against `versus`. Numbers are in `unit`, `factor` is the number of the
    protocol's unit that one of it is; `unit` is empty where they are in the protocol's own.
    """

    name: str
    statistics: Mapping[str, tuple[str, ...]]
    source: Place | None = None
    note: str = ""
    origin: Origin | None = None
    definition: str = ""
    arm: str = ""
    versus: str = ""
    unit: str = ""
    factor: Fraction = Fraction(1)


class Report(NamedTuple):
    """A document of a study: any record of its duplicate group, and what it is to the study (main, companion)."""

    record: RecordId
    role: str = "main"
    kind: str = ""
    origin: Origin | None = None


class Overlap(NamedTuple):
    """What a sheet says on patients that it shares with another study, or does not.

    `kind`: `may-include` (the totals may contain patients of the other study), `overlaps-with` (some are the same), `distinct-from` (ruled: none is).
    """

    kind: Literal["may-include", "overlaps-with", "distinct-from"]
    study: StudyId
    why: str = ""
    origin: Origin | None = None


class Answer(NamedTuple):
    """What a person answered to one item of an appraisal tool, and why."""

    item: str
    answer: str
    reason: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Appraisal:
    """One person's appraisal of a study with one tool: answers in the tool's order, and a judgement with its reason."""

    tool: str
    by: str
    answers: tuple[Answer, ...]
    judgement: str = ""
    reason: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """One sheet: an investigation with its reports, cases and totals.

    `evidence` is `secondary` for published evidence that is known only through another publication: it can be pooled,
    but it is not one of the review's included studies. `treatments` are the responders to single agents, as totals.
    """

    id: StudyId
    label: str
    evidence: Literal["primary", "secondary"]
    design: str
    year: int | None
    reports: tuple[Report, ...]
    cases: tuple[Case, ...] = ()
    counts: tuple[Count, ...] = ()
    characteristics: tuple[Count | Summary, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    notes: tuple[str, ...] = ()
    origin: Origin | None = None
    appraisals: tuple[Appraisal, ...] = ()
    summaries: tuple[Summary, ...] = ()
    treatments: tuple[Count, ...] = ()
