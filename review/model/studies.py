"""What sheets hold: studies with their cases, totals, summaries, overlaps and appraisals, each figure with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from fractions import Fraction
from typing import Literal
from typing import NamedTuple

from review.findings import Origin
from review.model.ids import CaseId
from review.model.ids import RecordId
from review.model.ids import StudyId

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
