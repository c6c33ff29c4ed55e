"""protocol.yaml: the question, the exclusion codes, the case fields, the outcomes and the planned analyses of a review."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal
from typing import cast

from review.fields import FieldCodes
from review.fields import Fields
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.marked import Document
from review.marked import read_marked
from review.model import Stage
from review.model import StudyId
from review.numerals import parse_number

#: The version of the protocol's format that this version of the toolkit writes and reads.
FORMAT = "1"

STAGES: tuple[Stage, ...] = ("title-abstract", "retrieval", "full-text")

FieldType = Literal["number", "integer", "choice", "text", "date"]

#: What a case field may be to a figure: how long the patient was followed.
ROLES = ("follow-up",)

#: How a forest plot may be printed and its studies sorted, in the words of `review.reporting.forest_rows`.
LAYOUTS = ("default", "revman", "jama")
SORTS = ("given", "label", "value", "total", "weight")

#: Names of intervals that a protocol may ask for, in the words of `review.pooling.intervals`.
INTERVALS = ("clopper-pearson", "wilson", "jeffreys", "agresti-coull", "midp", "wald")

#: What an analysis may be called: its tables and figures are files of that name on every system.
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")

_CODES = FieldCodes(unknown="PROJECT-002", missing="PROJECT-003", invalid="PROJECT-004")


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
    """A yes-or-no outcome of a patient; `response` says in words when it is yes.

    `rule` says so in the language of `review.extraction.rules`, empty where the answer is taken as reported; `alternatives` are other
    rules by name, for sensitivity analyses.
    """

    name: str
    label: str
    response: str
    origin: Origin | None = None
    rule: str = ""
    alternatives: tuple[tuple[str, str], ...] = ()
    rule_origin: Origin | None = None
    time_point: str = ""


@dataclass(frozen=True, slots=True)
class ForestPlan:
    """How the forest plot of an analysis is printed: one of `LAYOUTS`, its studies in the order of one of `SORTS`."""

    layout: str = "default"
    sort: str = "given"


@dataclass(frozen=True, slots=True)
class Analysis:
    """A planned analysis: one outcome over named studies, each a row, and all together if `together`.

    `intervals` are the methods whose intervals are printed, the first one leads. `note` is printed below the table.
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


def read_protocol(path: Path, shown_as: str = "protocol.yaml") -> tuple[Protocol, list[Finding]]:
    """Read a protocol; one that cannot be read gives a stand-in and findings at error level."""
    return parse_protocol(read_marked(path, shown_as))


def parse_protocol(document: Document) -> tuple[Protocol, list[Finding]]:
    """Read a protocol from its YAML."""
    findings = list(document.findings)
    if document.root is None:
        findings.append(find("PROJECT-001", "the protocol cannot be read", Origin(document.path)))
        return Protocol(title="(protocol cannot be read)", is_usable=False), findings
    fields = Fields(document.root, document.path, _CODES, findings)
    fields.choice("format", (FORMAT,), FORMAT, required=True)
    time_points = tuple(_read_time_point(name, item) for name, item in fields.named("time_points"))
    times = tuple(time.name for time in time_points)
    outcomes = tuple(_read_outcome(name, item, times) for name, item in fields.named("outcomes"))
    screeners, screening = _read_screening(fields)
    analyses = tuple(_read_analyses(fields, outcomes))
    protocol = Protocol(
        title=fields.text("title", "(untitled review)", required=True),
        question=fields.text("question"),
        contact=fields.text("contact"),
        registration=fields.text("registration"),
        eligibility=_read_eligibility(fields),
        screeners=screeners,
        screening=screening,
        reasons=_read_reasons(fields),
        case_fields=tuple(_read_case_field(name, item, times) for name, item in fields.named("case_fields")),
        outcomes=outcomes,
        analyses=analyses,
        previous=_read_previous(fields),
        flow_note=fields.text("flow_note"),
        flow=_read_flow(fields, analyses),
        time_points=time_points,
        appraisals=tuple(_read_appraisal(tool, item) for tool, item in fields.named("appraisal")),
    )
    fields.close()
    return protocol, findings


def _read_eligibility(fields: Fields) -> tuple[tuple[str, tuple[str, ...]], ...]:
    inside = fields.fields("eligibility")
    if inside is None:
        return ()
    return tuple((name, tuple(" ".join(text.split()) for text in inside.texts(name))) for name in inside.block)


def _read_screening(fields: Fields) -> tuple[int, ScreeningPlan]:
    inside = fields.fields("screening")
    if inside is None:
        return 1, ScreeningPlan()
    screeners = _read_number_of_screeners(inside, 1)
    rules = tuple(_read_stage_rule(name, item, screeners) for name, item in inside.named("stages"))
    highlight = inside.fields("highlight")
    calibration = inside.fields("calibration")
    plan = ScreeningPlan(
        stages=tuple(rule for rule in rules if rule.stage in STAGES),
        settled_by=tuple(str(name) for name in inside.texts("settled_by")),
        wanted=tuple(str(word) for word in highlight.texts("include")) if highlight else (),
        unwanted=tuple(str(word) for word in highlight.texts("avoid")) if highlight else (),
        calibration=(calibration.integer("records", required=True) or 0) if calibration else 0,
        seed=(calibration.integer("seed") or 1) if calibration else 1,
    )
    for part in (inside, highlight, calibration):
        if part is not None:
            part.close()
    return screeners, plan


def _read_number_of_screeners(inside: Fields, default: int) -> int:
    number = inside.integer("screeners")
    if number == 0:
        inside.refuse("screeners", "0", "1 or more")
    return number or default


def _read_stage_rule(name: str, item: Fields, screeners: int) -> StageRule:
    rule = StageRule(cast("Stage", name), _read_number_of_screeners(item, screeners), item.flag("either_include"))
    item.close()
    if name not in STAGES:
        item.findings.append(
            find("PROJECT-004", f"screening.stages has {name!r}", item.place(), found=name, expected=" | ".join(STAGES))
        )
    return rule


def _read_reasons(fields: Fields) -> tuple[Reason, ...]:
    reasons: list[Reason] = []
    for item in fields.blocks("reasons"):
        code = item.text("code", required=True)
        label = item.text("label", code)
        stages = tuple(str(stage) for stage in item.texts("stages")) or ("title-abstract", "full-text")
        item.close()
        wrong = [stage for stage in stages if stage not in STAGES]
        if wrong:
            item.refuse("stages", ", ".join(wrong), " | ".join(STAGES))
        if any(reason.code == code for reason in reasons):
            item.findings.append(
                find("PROJECT-005", f"the reason {code} is defined twice", item.place("code"), found=code)
            )
        elif code:
            reasons.append(Reason(code, label, tuple(stage for stage in STAGES if stage in stages)))
    return tuple(reasons)


def _read_time_point(name: str, item: Fields) -> TimePoint:
    time = TimePoint(name, item.text("label", name.replace("_", " ")), item.text("after", required=True))
    item.close()
    return time


def _read_time(item: Fields, times: tuple[str, ...]) -> str:
    time = item.text("time_point")
    if time and time not in times:
        item.refuse("time_point", time, " | ".join(times) or "a name under time_points:")
        return ""
    return time


def _read_units(item: Fields) -> Iterator[tuple[str, Fraction]]:
    inside = item.fields("units")
    if inside is None:
        return
    for name in inside.block:
        text = inside.text(name)
        number, _, divisor = text.partition("/")
        try:
            factor = parse_number(number) / (parse_number(divisor) if divisor else 1)
        except (ValueError, ZeroDivisionError):
            factor = Fraction(0)
        if factor > 0:
            yield name, factor
        elif text:
            inside.refuse(name, text, "a number above 0, such as 12 or 1/7")


def _read_case_field(name: str, item: Fields, times: tuple[str, ...]) -> CaseField:
    kind = item.choice("type", ("number", "integer", "choice", "text", "date"), "text", required=True)
    span = item.numbers("range", 2)
    low, high = (parse_number(span[0]), parse_number(span[1])) if span else (None, None)
    field = CaseField(
        name=name,
        label=item.text("label", name.replace("_", " ")),
        type=cast("FieldType", kind),
        unit=item.text("unit"),
        low=low,
        high=high,
        choices=tuple(str(choice) for choice in item.texts("choices")),
        units=tuple(_read_units(item)),
        is_required=item.flag("required"),
        time_point=_read_time(item, times),
        role=item.choice("role", ROLES),
    )
    item.close()
    if field.role and (kind not in {"number", "integer"} or not field.unit):
        item.refuse("role", field.role, "a number with a unit:")
    if low is not None and high is not None and low > high:
        item.refuse("range", ", ".join(span), "the lower number first")
    if kind == "choice" and not field.choices:
        item.refuse("choices", "empty", "a list of the words that may stand there")
    if field.units and (kind != "number" or not field.unit):
        item.refuse("units", "given", "a number with a unit: that they are converted to")
    return field


def _read_outcome(name: str, item: Fields, times: tuple[str, ...]) -> Outcome:
    item.choice("type", ("binary",), "binary")
    alternatives = item.fields("alternative_rules")
    outcome = Outcome(
        name=name,
        label=item.text("label", name.replace("_", " ")),
        response=item.text("response"),
        origin=item.place(),
        rule=item.text("rule"),
        alternatives=tuple((key, alternatives.text(key)) for key in alternatives.block) if alternatives else (),
        rule_origin=item.place("rule"),
        time_point=_read_time(item, times),
    )
    item.close()
    return outcome


def _read_appraisal(tool: str, item: Fields) -> AppraisalPlan:
    plan = AppraisalPlan(
        tool,
        tuple(str(name) for name in item.texts("items")),
        tuple(str(design) for design in item.texts("designs")),
        item.place(),
    )
    item.close()
    return plan


def _read_analyses(fields: Fields, outcomes: tuple[Outcome, ...]) -> Iterator[Analysis]:
    for name, item in fields.named("analyses"):
        if _FILE_NAME.fullmatch(name):
            yield _read_analysis(name, item, outcomes)
        else:
            message = f"the analysis {name!r} cannot have this name: its files are named after it"
            expected = "letters, digits, hyphens, underscores"
            item.findings.append(find("PROJECT-004", message, item.place(), found=name, expected=expected))


def _read_analysis(name: str, item: Fields, outcomes: tuple[Outcome, ...]) -> Analysis:
    outcome = item.text("outcome", required=True)
    studies = tuple(StudyId(str(study)) for study in item.texts("studies", required=True))
    intervals = tuple(str(method) for method in item.texts("intervals")) or ("clopper-pearson", "wilson")
    wrong = [method for method in intervals if method not in INTERVALS]
    if wrong:
        item.refuse("intervals", ", ".join(wrong), " | ".join(INTERVALS))
    analysis = Analysis(
        name=name,
        label=item.text("label", name),
        outcome=outcome,
        studies=tuple(dict.fromkeys(studies)),
        together=item.flag("together", default=True),
        intervals=tuple(method for method in intervals if method in INTERVALS) or ("clopper-pearson",),
        note=item.text("note"),
        origin=item.place(),
        figure=_read_forest(item),
    )
    item.close()
    if outcome and all(known.name != outcome for known in outcomes):
        message = f"the analysis {name} is of the outcome {outcome}, which is not defined"
        expected = " | ".join(known.name for known in outcomes) or "an outcome under outcomes:"
        item.findings.append(find("PROJECT-006", message, item.place("outcome"), found=outcome, expected=expected))
    if len(studies) != len(analysis.studies):
        item.findings.append(find("PROJECT-005", f"the analysis {name} names a study twice", item.place("studies")))
    return analysis


def _read_forest(item: Fields) -> ForestPlan:
    inside = item.fields("figure")
    if inside is None:
        return ForestPlan()
    plan = ForestPlan(inside.choice("layout", LAYOUTS, LAYOUTS[0]), inside.choice("sort", SORTS, SORTS[0]))
    inside.close()
    return plan


def _read_flow(fields: Fields, analyses: Sequence[Analysis]) -> FlowPlan:
    inside = fields.fields("flow")
    if inside is None:
        return FlowPlan()
    plan = FlowPlan(
        sources=inside.flag("sources", default=True),
        screening_reasons=inside.flag("screening_reasons"),
        cases=inside.flag("cases", default=True),
        meta_analysis=tuple(str(name) for name in inside.texts("meta_analysis")),
    )
    inside.close()
    known = [analysis.name for analysis in analyses]
    unknown = [name for name in plan.meta_analysis if name not in known]
    if unknown:
        inside.refuse("meta_analysis", ", ".join(unknown), " | ".join(known) or "an analysis under analyses:")
    return plan


def _read_previous(fields: Fields) -> Previous | None:
    inside = fields.fields("previous")
    if inside is None:
        return None
    studies = inside.integer("studies", required=True)
    reports = inside.integer("reports", required=True)
    source = inside.text("source", required=True)
    included = tuple(StudyId(str(name)) for name in inside.texts("included"))
    withdrawn = tuple(_read_withdrawn(item) for item in inside.blocks("withdrawn"))
    runs = tuple(str(name) for name in inside.texts("runs"))
    inside.close()
    if studies is None or reports is None:
        return None
    return Previous(studies, reports, source, included, withdrawn, runs)


def _read_withdrawn(item: Fields) -> Withdrawn:
    reports = item.integer("reports")
    withdrawn = Withdrawn(
        item.text("study", required=True), 1 if reports is None else reports, item.text("why", required=True)
    )
    item.close()
    return withdrawn
