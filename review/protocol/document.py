"""protocol.yaml: the question, the exclusion codes, the case fields, the outcomes and the planned analyses of a review."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
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
from review.protocol.analyses import read_analyses
from review.protocol.definitions import read_arm
from review.protocol.definitions import read_case_field
from review.protocol.definitions import read_outcome
from review.protocol.definitions import read_time_point
from review.protocol.plan import STAGES
from review.protocol.plan import Analysis
from review.protocol.plan import AppraisalPlan
from review.protocol.plan import FlowPlan
from review.protocol.plan import Previous
from review.protocol.plan import Protocol
from review.protocol.plan import Reason
from review.protocol.plan import ScreeningPlan
from review.protocol.plan import StageRule
from review.protocol.plan import TreatmentPlan
from review.protocol.plan import Withdrawn

#: The version of the protocol's format that this version of the toolkit writes and reads.
FORMAT = "1"

_CODES = FieldCodes(unknown="PROJECT-002", missing="PROJECT-003", invalid="PROJECT-004")


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
    time_points = tuple(read_time_point(name, item) for name, item in fields.named("time_points"))
    times = tuple(time.name for time in time_points)
    outcomes = tuple(read_outcome(name, item, times) for name, item in fields.named("outcomes"))
    screeners, screening = _read_screening(fields)
    arms = tuple(read_arm(name, item) for name, item in fields.named("arms"))
    analyses = tuple(read_analyses(fields, outcomes, tuple(arm.name for arm in arms)))
    protocol = Protocol(
        title=fields.text("title", "(untitled review)", required=True),
        question=fields.text("question"),
        contact=fields.text("contact"),
        registration=fields.text("registration"),
        eligibility=_read_eligibility(fields),
        screeners=screeners,
        screening=screening,
        reasons=_read_reasons(fields),
        case_fields=tuple(read_case_field(name, item, times) for name, item in fields.named("case_fields")),
        outcomes=outcomes,
        analyses=analyses,
        previous=_read_previous(fields),
        flow_note=fields.text("flow_note"),
        flow=_read_flow(fields, analyses),
        time_points=time_points,
        appraisals=tuple(_read_appraisal(tool, item) for tool, item in fields.named("appraisal")),
        arms=arms,
        treatments=_read_treatments(fields),
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


def _read_appraisal(tool: str, item: Fields) -> AppraisalPlan:
    plan = AppraisalPlan(
        tool,
        tuple(str(name) for name in item.texts("items")),
        tuple(str(design) for design in item.texts("designs")),
        item.place(),
    )
    item.close()
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


def _read_treatments(fields: Fields) -> TreatmentPlan | None:
    inside = fields.fields("treatments")
    if inside is None:
        return None
    agents = tuple(dict.fromkeys(" ".join(agent.split()) for agent in inside.texts("agents", required=True)))
    plan = TreatmentPlan(agents, inside.text("response"), inside.place())
    inside.close()
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
