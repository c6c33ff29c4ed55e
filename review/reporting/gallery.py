"""Every figure that a review's data give, with the rules for which make sense.

| figure | made |
|---|---|
| flow | always |
| forest | for an analysis with a row; of other measures than proportions, with an estimate |
| leave-one-out | from three to sixty studies with a sum |
| cumulative | from three to twenty studies with a sum and known years; for up to sixty on request, since every row is a model of its own |
| funnel | from ten studies with a sum; with fewer nothing can be seen in it |
| multiverse | where two or more specifications give an estimate |
| swimmer | where the protocol names the follow-up (`role: follow-up`) and up to sixty patients are known one by one, one of them with a follow-up |
| appraisal | for each tool with which a study was appraised |
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from review.model import Box
from review.model import Study
from review.pooling.measured import MeasuredResult
from review.pooling.planned import PlannedResult
from review.protocol import Protocol
from review.reporting.figure import Drawing
from review.reporting.flow import draw_flow
from review.reporting.forest_rows import LayoutKey
from review.reporting.forest_rows import SortKey
from review.reporting.measured_forest import draw_measured
from review.reporting.planned_figures import draw_cumulative
from review.reporting.planned_figures import draw_followup
from review.reporting.planned_figures import draw_leave_one_out
from review.reporting.planned_figures import draw_multiverse
from review.reporting.planned_figures import draw_planned
from review.reporting.planned_figures import draw_planned_funnel
from review.reporting.prisma_nodes import FlowOptions
from review.reporting.sections.appraisal import draw_appraisals

#: Of more studies the cumulative plot is drawn on request only: each row takes a twentieth of a second.
MOST_CUMULATED = 20

#: The flow diagram's path below output/ without the ending.
FLOW = "prisma/flow"

#: The figures of an analysis in the order of the report.
Kind = Literal["forest", "leave-one-out", "cumulative", "funnel", "multiverse", "swimmer"]
KINDS: tuple[Kind, ...] = ("forest", "leave-one-out", "cumulative", "funnel", "multiverse", "swimmer")


@dataclass(frozen=True, slots=True)
class Plate:
    """One figure of a review: its path below output/ without the ending, its analysis (empty if of none), the drawing."""

    path: str
    analysis: str
    drawing: Drawing


def draw_figures(
    boxes: Sequence[Box],
    planned: Sequence[PlannedResult],
    studies: Sequence[Study],
    protocol: Protocol,
    *,
    is_draft: bool,
    measured: Sequence[MeasuredResult] = (),
) -> Iterator[Plate]:
    """Draw every figure that makes sense for the data, in the order of the report: flow, analyses, appraisal.

    Args:
        boxes: The numbers of the flow diagram.
        planned: The results of the planned analyses.
        studies: The studies whose appraisal is shown.
        protocol: Says what the flow shows, how forest plots are printed, and which case field is the follow-up.
        is_draft: Whether the flow diagram is marked as a draft.
        measured: The results of analyses that are not of a single proportion.
    """
    yield Plate(FLOW, "", draw_flow(boxes, options=choose_flow(protocol), draft=is_draft))
    for result in planned:
        name = result.analysis.name
        for kind in KINDS:
            if kind == "cumulative" and len(result.rows) > MOST_CUMULATED:
                continue
            drawing = draw_kind(result, kind, protocol)
            if drawing is not None:
                yield Plate(f"figures/{kind}-{name}", name, drawing)
    for other in measured:
        plot = draw_measured(other)
        if plot is not None:
            yield Plate(f"figures/forest-{other.analysis.name}", other.analysis.name, plot)
    for tool, drawing in draw_appraisals(studies, protocol):
        yield Plate(f"figures/appraisal-{tool}", "", drawing)


def draw_kind(
    result: PlannedResult,
    kind: Kind,
    protocol: Protocol,
    *,
    layout: LayoutKey | None = None,
    sort: SortKey | None = None,
    width: float | None = None,
) -> Drawing | None:
    """Draw one figure of an analysis; None where the data do not give it.

    Args:
        result: The analysis.
        kind: Which figure.
        protocol: Names the follow-up.
        layout: Of forest plots; None takes the protocol's.
        sort: Of the forest plot's studies; None takes the protocol's.
        width: Points that a forest plot is to fit; None for a page of two columns.
    """
    if kind == "forest":
        return draw_planned(result, layout=layout, sort=sort, width=width) if result.rows else None
    if kind == "leave-one-out":
        return draw_leave_one_out(result, layout=layout, width=width)
    if kind == "cumulative":
        return draw_cumulative(result, layout=layout, width=width)
    if kind == "swimmer":
        field = next((item for item in protocol.case_fields if item.role == "follow-up"), None)
        return draw_followup(result, field) if field else None
    return draw_planned_funnel(result) if kind == "funnel" else draw_multiverse(result)


def choose_flow(protocol: Protocol) -> FlowOptions:
    """Return what the protocol wants the flow diagram to show."""
    plan, previous = protocol.flow, protocol.previous
    notes = [protocol.flow_note] if protocol.flow_note else []
    if previous:
        notes.insert(0, f"Previous version: {previous.source}.")
        if previous.runs:
            told = "one that was found again through another source or under another id is among the duplicates"
            notes.append(f"Records that the previous version's searches had found are not counted again; {told}.")
        notes += [f"No longer included: {item.study} ({item.why})." for item in previous.withdrawn]
    return FlowOptions(
        details=plan.sources, screening_reasons=plan.screening_reasons, cases=plan.cases, footnotes=tuple(notes)
    )
