"""Everything that is computed from an opened review: the flow's numbers, the planned analyses, all findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property

from review.findings import Finding
from review.findings import sort_findings
from review.model import Box
from review.model import Value
from review.pooling.measured import MeasuredResult
from review.pooling.planned import PlannedResult
from review.pooling.planned import pool_planned
from review.pooling.planned_kinds import is_proportion
from review.pooling.planned_kinds import measure_planned
from review.protocol import Analysis
from review.quotation import check_texts
from review.reporting.counting import Flow
from review.reporting.counting import count_boxes
from review.reporting.counting import count_pooled
from review.reporting.identities import check_identities
from review.reporting.ledger import Documents
from review.reporting.measured import list_measured_values
from review.reporting.previous import check_previous
from review.reporting.previous import find_earlier
from review.reporting.prisma import is_unfinished
from review.reporting.sections.material import Material
from review.reporting.sections.values import list_section_values
from review.reporting.trace import Evidence
from review.reporting.values import list_values
from review.watch import check_watched
from review.workspace import Review


@dataclass(frozen=True)
class Results:
    """What can be published: `planned` are the analyses of one proportion, `measured` the others. `findings` are those of the review and of what was computed from it, the worst first.

    `is_draft` says that the review is unfinished or that a number would be wrong.
    """

    review: Review = field(repr=False)
    boxes: tuple[Box, ...]
    planned: tuple[PlannedResult, ...]
    measured: tuple[MeasuredResult, ...]
    findings: tuple[Finding, ...]
    is_draft: bool

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """Every number that a manuscript may quote; the models behind them are fitted when they are asked for."""
        review = self.review
        told = list_section_values(
            review.protocol,
            list(review.studies.values()),
            self.planned,
            review.votes,
            review.report_of.get,
            review.compared,
        )
        return (
            *list_values(self.boxes, self.planned, review.strategies),
            *list_measured_values(self.measured),
            *told,
        )


def compute_results(review: Review) -> Results:
    """Count the flow, compute the planned analyses and check the identities."""
    boxes, documents = count_flow(review)
    planned = pool_analyses(review, review.protocol.analyses)
    measured = measure_analyses(review, review.protocol.analyses)
    boxes = (*boxes, *_count_pooled(review, planned))
    findings = sort_findings(
        [
            *review.findings,
            *check_watched(review),
            *check_texts(review).findings,
            *check_identities(boxes, documents),
            *check_previous(review.protocol.previous, review.runs, review.studies, "protocol.yaml"),
            *(finding for result in planned for finding in result.findings),
            *(finding for result in measured for finding in result.findings),
        ]
    )
    has_errors = any(finding.level == "error" for finding in findings)
    return Results(
        review=review,
        boxes=boxes,
        planned=planned,
        measured=measured,
        findings=tuple(findings),
        is_draft=has_errors or not review.runs or is_unfinished(boxes),
    )


def gather_evidence(review: Review, results: Results) -> Evidence:
    """Gather what tracing a number needs."""
    runs_of: dict[str, list[str]] = {}
    for loaded in review.runs:
        runs_of.setdefault(loaded.run.source, []).append(loaded.run.id)
    return Evidence(
        results.values, results.planned, review.entries, review.report_of, review.votes, runs_of, review.studies
    )


def gather_material(review: Review, results: Results) -> Material:
    """Gather what the sections of the report are composed from."""
    return Material(
        protocol=review.protocol,
        runs=[loaded.run for loaded in review.runs],
        strategies=review.strategies,
        grouping=review.grouping,
        rulings=review.rulings,
        votes=review.votes,
        settlements=review.settlements,
        progress=review.progress,
        report_of=review.report_of,
        references=review.references,
        studies=tuple(review.studies.values()),
        compared=review.compared,
        ratings=review.ratings,
        boxes=results.boxes,
        planned=results.planned,
        measured=results.measured,
        values=results.values,
    )


def count_flow(review: Review) -> tuple[tuple[Box, ...], Documents]:
    """Count the flow diagram of a review; see `review.reporting.counting.count_boxes`."""
    return count_boxes(_gather_flow(review))


def _gather_flow(review: Review) -> Flow:
    return Flow(
        entries=review.entries,
        report_of=review.report_of,
        progress=review.progress,
        studies=tuple(review.studies.values()),
        protocol=review.protocol,
        titles=name_sources(review),
        earlier=find_earlier(review.protocol.previous, review.runs),
    )


def _count_pooled(review: Review, planned: Sequence[PlannedResult]) -> tuple[Box, ...]:
    """Count the studies of the analyses that the protocol calls the meta-analysis."""
    wanted = review.protocol.flow.meta_analysis
    pooled = [row.study.id for result in planned if result.analysis.name in wanted for row in result.rows]
    return count_pooled(_gather_flow(review), pooled) if pooled else ()


def pool_analyses(review: Review, analyses: Sequence[Analysis]) -> tuple[PlannedResult, ...]:
    """Compute those analyses that are of one proportion on the sheets of a review."""
    outcomes = [(analysis, review.protocol.outcome(analysis.outcome)) for analysis in analyses]
    return tuple(
        pool_planned(analysis, review.studies, outcome)
        for analysis, outcome in outcomes
        if is_proportion(analysis, outcome)
    )


def measure_analyses(review: Review, analyses: Sequence[Analysis]) -> tuple[MeasuredResult, ...]:
    """Compute the other analyses: of counts, numbers, times to an event and comparisons of arms."""
    outcomes = [(analysis, review.protocol.outcome(analysis.outcome)) for analysis in analyses]
    return tuple(
        measure_planned(analysis, review.studies, outcome, review.protocol)
        for analysis, outcome in outcomes
        if outcome is not None and not is_proportion(analysis, outcome)
    )


def name_sources(review: Review) -> dict[str, str]:
    """Return how readers know each source: the platform that its latest run states, else its short name."""
    names: dict[str, str] = {}
    for loaded in review.runs:
        names[loaded.run.source] = str(loaded.run.details.get("platform") or "") or loaded.run.source
    return names
