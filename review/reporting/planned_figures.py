"""The figures of one planned analysis: forest plot, funnel, each study left out, studies added by year, multiverse, patients' follow-up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from typing import cast

from review.model import Case
from review.model import Estimate
from review.numerals import count_noun
from review.numerals import parse_number
from review.pooling.planned import PlannedResult
from review.pooling.planned import StudyRow
from review.pooling.pooled import PooledResult
from review.pooling.sensitivity import Variant
from review.pooling.smallstudy import FEWEST_STUDIES
from review.protocol import CaseField
from review.reporting.figure import Drawing
from review.reporting.forest import draw_forest
from review.reporting.forest_rows import ForestGroup
from review.reporting.forest_rows import LayoutKey
from review.reporting.forest_rows import SortKey
from review.reporting.forest_rows import Summary
from review.reporting.funnel import FunnelPoint
from review.reporting.funnel import draw_funnel
from review.reporting.pooled import ITERATED
from review.reporting.pooled import describe_refusal
from review.reporting.pooled import key_estimates
from review.reporting.pooled_forest import summarise_pooled
from review.reporting.specification import Specification
from review.reporting.specification import draw_specification_curve
from review.reporting.swimmer import SwimmerCase
from review.reporting.swimmer import draw_swimmer

#: A model of fewer studies says next to nothing of how much they differ, and nothing is left to leave out.
FEWEST_FOR_MODEL = 3

#: Rows that a page holds in a size that can be read.
MOST_ROWS = 60

_AXIS = "Patients with the outcome, %"
_MODEL = "Random-intercept model"


def draw_planned(
    result: PlannedResult,
    *,
    layout: LayoutKey | None = None,
    sort: SortKey | None = None,
    width: float | None = None,
) -> Drawing:
    """Draw the forest plot of an analysis with its leading interval.

    From three studies on the model stands below the sum, with its prediction interval and what it says of heterogeneity.

    Args:
        result: The analysis.
        layout: None takes that of the protocol.
        sort: None takes that of the protocol.
        width: Points that the plot is to fit; None for a page of two columns.

    Raises:
        ValueError: If the analysis has no row.
    """
    plan = result.analysis.figure
    rows = tuple(row.estimates[0] for row in result.rows)
    summaries = [Summary(result.together[0])] if result.together else []
    values = key_estimates(result)
    model = result.model if len(rows) >= FEWEST_FOR_MODEL else None
    for summary in summarise_pooled(model, _MODEL) if model else ():
        summaries.append(summary)
        values[summary.estimate] = f"pool.{result.analysis.name}.model"
    return draw_forest(
        (ForestGroup(rows),),
        summaries,
        layout=layout or cast("LayoutKey", plan.layout),
        sort=sort or cast("SortKey", plan.sort),
        outcome=name_outcome(result),
        axis_title=_AXIS,
        notes=[note for note in (describe_refusal(result), result.analysis.note) if note],
        values=values,
        width=width,
    )


def draw_leave_one_out(
    result: PlannedResult, *, layout: LayoutKey | None = None, width: float | None = None
) -> Drawing | None:
    """Draw the model without each study in turn.

    None below three studies, above a page's rows, without a sum, or where fewer than two rows have an estimate.
    """
    rows = [(f"Without {item.study}", item) for item in result.without]
    words = _Words("Study left out", "Each row pools the other studies.", "Leave-one-out analysis")
    prefix = f"pool.{result.analysis.name}.without"
    keys = {label: f"{prefix}.{row.study.id}" for (label, _), row in zip(rows, result.rows, strict=False)}
    return _draw_variants(result, rows, words, layout, width, has_summary=True, keys=keys)


def draw_cumulative(
    result: PlannedResult, *, layout: LayoutKey | None = None, width: float | None = None
) -> Drawing | None:
    """Draw the model as studies are added by their year; None as in `draw_leave_one_out`, or where a year is not known."""
    if not result.cumulative:
        return None
    first = min(result.rows, key=lambda row: row.study.year or 0).study.label
    rows = [
        (f"{first}, {item.study}" if place == 0 else f"+ {item.study}", item)
        for place, item in enumerate(result.cumulative)
    ]
    words = _Words("Study added", "Each row pools its study and all above it, by year.", "Cumulative analysis")
    # The last row is all studies.
    return _draw_variants(result, rows, words, layout, width, has_summary=False)


def draw_planned_funnel(result: PlannedResult) -> Drawing | None:
    """Draw the proportions against the numbers of patients; None below ten studies, or without a sum.

    Source: Hunter JP, et al. J Clin Epidemiol 2014;67:897-903 (size, not standard error, for proportions); Cochrane Handbook, chapter 13 (ten studies).
    """
    if len(result.rows) < FEWEST_STUDIES or not result.together:
        return None
    centre = result.together[0].value
    points = [
        FunnelPoint(row.study.label, 100 * row.estimates[0].value, 0.0, row.estimates[0].total) for row in result.rows
    ]
    drawing = draw_funnel(
        points,
        100 * centre,
        against="total",
        level=result.together[0].level,
        axis_title=_AXIS,
        outcome=name_outcome(result),
        spread=100 * math.sqrt(centre * (1 - centre)),
        bounds=(0.0, 100.0),
    )
    warning = (
        f"{len(points)} studies: asymmetry may come from studies that were not published, from true differences between small and large "
        "studies, or from chance; tests for it have little power."
    )
    return replace(drawing, caption=f"{drawing.caption} {warning}")


def draw_multiverse(result: PlannedResult) -> Drawing | None:
    """Draw what each defensible combination of choices gives; None where fewer than two give an estimate."""
    multiverse = result.multiverse
    if multiverse is None:
        return None
    # Rounded, so that ties are ties on every machine and stand in the order of their choices.
    specifications = [
        Specification(
            universe.choices,
            round(universe.estimate, ITERATED),
            round(universe.ci[0], ITERATED),
            round(universe.ci[1], ITERATED),
            is_main=place == multiverse.reference,
        )
        for place, universe in enumerate(multiverse.universes)
        if universe.estimate is not None and universe.ci is not None
    ]
    if len(specifications) < 2:
        return None
    return draw_specification_curve(specifications, outcome=name_outcome(result), axis_title=_AXIS)


def draw_followup(result: PlannedResult, field: CaseField) -> Drawing | None:
    """Draw how long each patient of an analysis was followed, with the response; the longest first.

    Args:
        result: Its rows count no patient twice.
        field: The number that the protocol calls the follow-up.

    None where no patient has a follow-up, or where there are more patients than a page has rows.
    """
    cases = [case for row in result.rows for case in _list_swimmers(row, field)]
    if len(cases) > MOST_ROWS or all(case.followup is None for case in cases):
        return None
    ordered = sorted(cases, key=lambda case: -1.0 if case.followup is None else case.followup, reverse=True)
    return draw_swimmer(ordered, outcome=name_outcome(result), title=field.label, unit=field.unit)


def name_outcome(result: PlannedResult) -> str:
    """Return how readers know the outcome of an analysis."""
    return result.outcome.label if result.outcome else result.analysis.outcome


class _Words(NamedTuple):
    """What a plot of refits says: above its labels, in its caption, as its title."""

    heading: str
    caption: str
    title: str


def _draw_variants(
    result: PlannedResult,
    rows: Sequence[tuple[str, Variant]],
    words: _Words,
    layout: LayoutKey | None,
    width: float | None,
    *,
    has_summary: bool,
    keys: Mapping[str, str] | None = None,
) -> Drawing | None:
    if len(result.rows) > MOST_ROWS or not rows:
        return None
    whole = result.model
    summary = next(summarise_pooled(whole, "All studies"), None) if whole else None
    if whole is None or summary is None:
        return None
    drawn = [
        _make_estimate(label, item.events, item.total, item.estimate, item.ci, whole)
        for label, item in rows
        if item.estimate is not None and item.ci is not None
    ]
    if len(drawn) < 2:
        return None
    values = {estimate: keys[estimate.label] for estimate in drawn} if keys else {}
    lost = [label for label, item in rows if item.estimate is None or item.ci is None]
    drawing = draw_forest(
        (ForestGroup(tuple(drawn)),),
        (Summary(summary.estimate),) if has_summary else (),
        layout=layout or cast("LayoutKey", result.analysis.figure.layout),
        outcome=name_outcome(result),
        axis_title=_AXIS,
        reference=summary.estimate.value,
        notes=[f"Not estimable: {'; '.join(lost)}."] if lost else (),
        values={summary.estimate: f"pool.{result.analysis.name}.model", **values},
        heading=words.heading,
        width=width,
    )
    studies = count_noun(whole.k, "study", "studies")
    model = f"{studies}; {_MODEL[:1].lower()}{_MODEL[1:]}, intervals by {whole.ci_method}. Dashed: all studies."
    caption = f"{words.title}: {name_outcome(result)}. {words.caption} {model[:1].upper()}{model[1:]}"
    alt = drawing.alt.replace("Forest plot.", f"{words.title}.", 1)
    return replace(drawing, caption=caption, title=words.title, alt=alt)


def _make_estimate(
    label: str, events: int, total: int, value: float, ci: tuple[float, float], model: PooledResult
) -> Estimate:
    low, high = (round(end, ITERATED) for end in ci)
    return Estimate(label, events, total, round(value, ITERATED), low, high, model.ci_method, model.level)


def _list_swimmers(row: StudyRow, field: CaseField) -> list[SwimmerCase]:
    answers = {item.case: item.answer for item in row.tally.answered}
    counted = {*answers, *row.tally.unknown}
    return [
        _make_swimmer(case, field, answers.get(case.id, "not known")) for case in row.study.cases if case.id in counted
    ]


def _make_swimmer(case: Case, field: CaseField, response: str) -> SwimmerCase:
    seen = case.fields.get(field.name)
    if seen is None or seen.missing:
        return SwimmerCase(
            str(case.id), None, response, note=seen.missing or "not reported" if seen else "not reported"
        )
    if seen.op in {"<", "<="}:
        # A bar would show more than is known.
        return SwimmerCase(str(case.id), None, response, note=f"{seen.op} {seen.value} {field.unit}")
    return SwimmerCase(str(case.id), float(parse_number(seen.value)), response, is_ongoing=seen.op in {">", ">="})
