"""What a protocol says, as values: exclusion codes, arms, case fields, outcomes and planned analyses."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from review.findings import Origin
from review.model import Stage
from review.model import StudyId

STAGES: tuple[Stage, ...] = ("title-abstract", "retrieval", "full-text")

FieldType = Literal["number", "integer", "choice", "text", "date"]

#: What a case may tell of an outcome.
OutcomeType = Literal["binary", "count", "continuous", "time-to-event"]
OUTCOME_TYPES: tuple[OutcomeType, ...] = ("binary", "count", "continuous", "time-to-event")

#: Which way a number is good for the patient.
Direction = Literal["lower", "higher"]

#: How two arms may be compared, the first one where the protocol does not say.
MEASURES = ("risk-ratio", "risk-difference", "odds-ratio")

#: What a case field may be to a figure: how long the patient was followed.
ROLES = ("follow-up",)

#: How a forest plot may be printed and its studies sorted, in the words of `review.reporting.forest_rows`.
LAYOUTS = ("default", "revman", "jama")
SORTS = ("given", "label", "value", "total", "weight")

#: Names of intervals that a protocol may ask for, in the words of `review.pooling.intervals`.
INTERVALS = ("clopper-pearson", "wilson", "jeffreys", "agresti-coull", "midp", "wald")


@dataclass(frozen=True, slots=True)
class Reason:
    """An exclusion code: its place in the protocol is its rank, the first that applies is the primary reason."""

    code: str
    label: str
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class StageRule:
    """How a stage is screened: by how many people, and whether one include of theirs outweighs the other votes."""

    stage: Stage
    screeners: int = 1
    either_include: bool = False


@dataclass(frozen=True, slots=True)
class ScreeningPlan:
    """How screening is done, beyond the number of screeners.

    `settled_by` are the people who settle conflicts, empty if anybody may. `wanted` and `unwanted` are words that the page marks in two
    colours (`calcif*` marks every word that begins so). `calibration` reports, drawn by `seed`, are read before all others.
    """

    stages: tuple[StageRule, ...] = ()
    settled_by: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    calibration: int = 0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class TimePoint:
    """A time at which something is measured; `after` names the event that it is counted from."""

    name: str
    label: str
    after: str


@dataclass(frozen=True, slots=True)
class Arm:
    """A group of patients by what they were given: `interventions` are the agents or procedures, `dose` is text for tables."""

    name: str
    label: str
    interventions: tuple[str, ...] = ()
    dose: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class CaseField:
    """What is extracted for each patient: a number in `unit` within `low`..`high`, or one of `choices`, or text.

    `units` are other units that a sheet may use, each with the number of `unit` that one of it is. `is_required` asks for a value
    or a word for its absence in every case. `time_point` names one of the protocol's. `role` is one of `ROLES`, empty for none.
    """

    name: str
    label: str
    type: FieldType
    unit: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    choices: tuple[str, ...] = ()
    units: tuple[tuple[str, Fraction], ...] = ()
    is_required: bool = False
    time_point: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is looked for in each patient.

    `type` says what a case tells of it: `binary` yes or no; `count` a whole number of events, and the time in which they were counted;
    `continuous` a number; `time-to-event` a time, and whether the event ended it. `response` says in words when the answer is
    yes, `definition` what is counted, measured or waited for. `unit` is that of a continuous outcome's number, of a count's exposure (its person-time)
    and of a time to an event; `units` are others that a sheet may use, each with the number of `unit` that one of it is. `low`..`high` are the
    limits of the number, the count or the time. `better` is the direction that is good for the patient, None where it is not said.

    `rule` says in the language of `review.extraction.rules` when a binary outcome is yes, empty where the answer is taken as reported;
    `alternatives` are other rules by name, for sensitivity analyses.
    """

    name: str
    label: str
    response: str
    origin: Origin | None = None
    rule: str = ""
    alternatives: tuple[tuple[str, str], ...] = ()
    rule_origin: Origin | None = None
    time_point: str = ""
    type: OutcomeType = "binary"
    definition: str = ""
    unit: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    units: tuple[tuple[str, Fraction], ...] = ()
    better: Direction | None = None

    @property
    def meaning(self) -> str:
        """What the outcome is, in the protocol's words; empty where it has none."""
        return self.response or self.definition


@dataclass(frozen=True, slots=True)
class TreatmentPlan:
    """The agents whose responses are extracted, in the order of tables; `response` says in words when a patient has responded to one."""

    agents: tuple[str, ...]
    response: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class ForestPlan:
    """How the forest plot of an analysis is printed: one of `LAYOUTS`, its studies in the order of one of `SORTS`."""

    layout: str = "default"
    sort: str = "given"


@dataclass(frozen=True, slots=True)
class Analysis:
    """A planned analysis: one outcome over named studies, each a row, and all together if `together`.

    `intervals` are the methods whose intervals are printed, the first one leads. `note` is printed below the table.
    `compare` are the two arms of a comparison, empty for
    none, by one of `MEASURES`. `times` are those at which the share with an event is wanted, in the outcome's unit.
    """

    name: str
    label: str
    outcome: str
    studies: tuple[StudyId, ...]
    together: bool
    intervals: tuple[str, ...]
    note: str
    origin: Origin
    figure: ForestPlan = ForestPlan()
    compare: tuple[str, ...] = ()
    measure: str = ""
    times: tuple[Fraction, ...] = ()


@dataclass(frozen=True, slots=True)
class AppraisalPlan:
    """A tool that studies are appraised with; no `items` are all of them, no `designs` are studies of any design."""

    tool: str
    items: tuple[str, ...] = ()
    designs: tuple[str, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A study of the previous version that the update no longer includes, with its number of reports, and why."""

    study: str
    reports: int
    why: str


@dataclass(frozen=True, slots=True)
class Previous:
    """What the previous version of an updated review reported: counts without lists of ids.

    `included` are the sheets of studies that it included already, `runs` the runs that it searched with: their records are not
    counted again, and a record that a later run finds again is a duplicate.
    """

    studies: int
    reports: int
    source: str
    included: tuple[StudyId, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    runs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowPlan:
    """What the flow diagram shows beyond the official minimum.

    `sources`: the databases and registers one by one; `screening_reasons`: why records were excluded at title and abstract; `cases`: the
    patients; `meta_analysis`: the analyses whose studies are counted as those of the meta-analysis.
    """

    sources: bool = True
    screening_reasons: bool = False
    cases: bool = True
    meta_analysis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Protocol:
    """A review's plan; `is_usable` is False where the file could not be read and everything here is a stand-in."""

    title: str
    question: str = ""
    contact: str = ""
    registration: str = ""
    eligibility: tuple[tuple[str, tuple[str, ...]], ...] = ()
    screeners: int = 1
    screening: ScreeningPlan = ScreeningPlan()
    reasons: tuple[Reason, ...] = ()
    case_fields: tuple[CaseField, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    analyses: tuple[Analysis, ...] = ()
    previous: Previous | None = None
    flow_note: str = ""
    flow: FlowPlan = FlowPlan()
    is_usable: bool = True
    time_points: tuple[TimePoint, ...] = ()
    appraisals: tuple[AppraisalPlan, ...] = ()
    arms: tuple[Arm, ...] = ()
    treatments: TreatmentPlan | None = None

    def arm(self, name: str) -> Arm | None:
        """Return the arm of this name."""
        return next((arm for arm in self.arms if arm.name == name), None)

    def outcome(self, name: str) -> Outcome | None:
        """Return the outcome of this name."""
        return next((outcome for outcome in self.outcomes if outcome.name == name), None)

    def reason(self, code: str) -> Reason | None:
        """Return the exclusion reason of this code."""
        return next((reason for reason in self.reasons if reason.code == code), None)

    def rule(self, stage: Stage) -> StageRule:
        """Return how a stage is screened; one that the plan does not name has the number of screeners of all."""
        named = next((rule for rule in self.screening.stages if rule.stage == stage), None)
        return named or StageRule(stage, self.screeners)
