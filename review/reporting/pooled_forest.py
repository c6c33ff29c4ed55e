"""The forest plot of a pooled table of counts, with weights, groups, prediction interval and heterogeneity where the model has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace

from review.model import Estimate
from review.numerals import format_number
from review.pooling.pooled import PooledResult
from review.pooling.pooled import StudyResult
from review.reporting.figure import Drawing
from review.reporting.forest import draw_forest
from review.reporting.forest_rows import LAYOUTS
from review.reporting.forest_rows import ForestGroup
from review.reporting.forest_rows import Heterogeneity
from review.reporting.forest_rows import LayoutKey
from review.reporting.forest_rows import SortKey
from review.reporting.forest_rows import Summary
from review.reporting.forest_rows import format_p

#: Models whose test of homogeneity is a likelihood ratio.
_LIKELIHOOD = frozenset({"GLMM", "BB"})


def draw_pooled(
    result: PooledResult,
    *,
    layout: LayoutKey = "default",
    sort: SortKey = "given",
    outcome: str = "",
    interval: str = "clopper-pearson",
    width: float | None = None,
) -> Drawing:
    """Draw the studies of a pooled result, in its groups where it has any, and the pooled estimate below.

    Args:
        result: As `review.pooling.pool.pool_counts` gives it.
        layout: Columns and words.
        sort: Order of the studies.
        outcome: For the caption.
        interval: The method of the studies' intervals, for the caption.
        width: Points that the plot is to fit; None for a page of two columns.

    Raises:
        ValueError: If there is no study.
    """
    summaries = list(summarise_pooled(result))
    rows = _list_rows(result.studies, interval, result.level)
    groups = list(_share_rows(rows, result)) if result.groups else [ForestGroup(rows)]
    notes = []
    if result.between is not None:
        chance = format_p(result.between.p, LAYOUTS[layout])
        statistic = format_number(result.between.statistic, 2)
        notes.append(f"Between groups: χ² = {statistic}, df = {result.between.df} ({chance})")
    return draw_forest(groups, summaries, layout=layout, sort=sort, outcome=outcome, notes=notes, width=width)


def summarise_pooled(result: PooledResult, label: str = "", digits: int = 8) -> Iterator[Summary]:
    """Yield the pooled estimate as a summary; nothing where the model has no estimate.

    Args:
        result: Its model, method and measure make the label.
        label: Instead.
        digits: Numbers found by iteration are rounded to so many decimals, the same on every machine.
    """
    if result.estimate is None or result.ci is None:
        return
    low, high = (round(end, digits) for end in result.ci)
    weighted = any(study.weight is not None for study in result.studies)
    pooled = Estimate(
        label or f"{result.model.capitalize()} effects ({result.method})",
        result.events,
        result.total,
        round(result.estimate, digits),
        low,
        high,
        result.ci_method,
        result.level,
        sum(study.weight or 0.0 for study in result.studies) if weighted else None,
    )
    prediction = None if result.pi is None else (round(result.pi[0], digits), round(result.pi[1], digits))
    yield Summary(pooled, prediction, _measure_heterogeneity(result, digits) if result.k > 1 else None)


def _measure_heterogeneity(result: PooledResult, digits: int) -> Heterogeneity:
    def settle(value: float | None) -> float | None:
        return None if value is None else round(value, digits)

    test = "likelihood-ratio χ²" if result.method in _LIKELIHOOD else "Q"
    return Heterogeneity(
        settle(result.q), result.q_df, settle(result.q_p), settle(result.i2), settle(result.tau2), test
    )


def _share_rows(rows: Sequence[Estimate], result: PooledResult) -> Iterator[ForestGroup]:
    """Yield each group with its rows and its own estimate; weights are those in the whole, so that they add up over the groups."""
    waiting: dict[str, list[Estimate]] = defaultdict(list)
    for row in rows:
        waiting[row.label].append(row)
    for name, group in result.groups.items():
        members = tuple(waiting[study.study].pop(0) for study in group.studies)
        summary = next(summarise_pooled(group), None)
        if summary is not None and summary.estimate.weight is not None:
            weight = sum(row.weight or 0.0 for row in members)
            summary = replace(summary, estimate=replace(summary.estimate, weight=weight))
        yield ForestGroup(members, name, summary)


def _list_rows(studies: Sequence[StudyResult], interval: str, level: float) -> tuple[Estimate, ...]:
    return tuple(
        Estimate(row.study, row.events, row.total, row.estimate, *row.ci, interval, level, row.weight)
        for row in studies
    )
