"""Forest plots of proportions, on their natural scale, with text that is measured before it is placed.

Each study has a square whose area is proportional to its weight and a line for its interval; a line that the axis cuts ends in an arrow.
A row without a weight (a total whose parts are there too, or one kept out of the pooled result) has an open square. Pooled results are
diamonds from one end of their interval to the other; a prediction interval is a bar below.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from collections.abc import Sequence

from review.model import Estimate
from review.numerals import format_interval
from review.numerals import format_number
from review.numerals import format_percent
from review.reporting.figure import Drawing
from review.reporting.figure import fixed_settings
from review.reporting.forest_ink import draw_lines
from review.reporting.forest_layout import MAX_WIDTH
from review.reporting.forest_layout import NARROW
from review.reporting.forest_layout import arrange_forest
from review.reporting.forest_rows import LAYOUTS
from review.reporting.forest_rows import ForestGroup
from review.reporting.forest_rows import ForestLine
from review.reporting.forest_rows import Layout
from review.reporting.forest_rows import LayoutKey
from review.reporting.forest_rows import SortKey
from review.reporting.forest_rows import Summary
from review.reporting.forest_rows import compose_lines
from review.reporting.forest_rows import format_level
from review.reporting.forest_rows import iterate_estimates
from review.reporting.forest_rows import name_method
from review.reporting.forest_rows import narrow_layout


def draw_forest(
    groups: Sequence[ForestGroup],
    summaries: Sequence[Summary] = (),
    *,
    layout: LayoutKey = "default",
    sort: SortKey = "given",
    outcome: str = "",
    axis_title: str = "Proportion, %",
    limits: tuple[float, float] = (0.0, 1.0),
    reference: float | None = None,
    notes: Sequence[str] = (),
    digits: int = 1,
    values: Mapping[Estimate, str] | None = None,
    heading: str = "",
    width: float | None = None,
) -> Drawing:
    """Draw a forest plot.

    Args:
        groups: Studies, under headings where a group has a title; proportions are fractions 0..1.
        summaries: Pooled results over all groups, below them.
        layout: Columns and words: `default`, `revman` (all columns left of the plot) or `jama`.
        sort: Order of the studies within their group.
        outcome: What is estimated, for the caption: `Improved calcinosis`.
        axis_title: Below the axis.
        limits: The part of the scale that is shown, as fractions; intervals beyond it end in arrows.
        reference: A fraction marked by a dashed line; None marks the first summary.
        notes: Lines below the plot, such as a test between groups.
        digits: Decimals of the percentages.
        values: The key in `values.json` of what an estimate prints, so that a page can lead from it to what it is made of.
        heading: Of the column of labels; empty for the layout's own.
        width: Points that the plot is to fit; None for a page of two columns. It may come out wider where numbers need the room.

    Raises:
        ValueError: If there is nothing to draw or the limits are not two fractions in order.
    """
    if not any(group.rows for group in groups):
        raise ValueError("a forest plot needs at least one study")
    if not 0 <= limits[0] < limits[1] <= 1:
        raise ValueError(f"the limits {limits} are not two fractions 0..1 in order")
    chosen = LAYOUTS[layout]
    if width is not None and width < NARROW:
        chosen = narrow_layout(chosen)
    lines = [
        dataclasses.replace(line, value=(values or {}).get(line.estimate, "")) if line.estimate else line
        for line in compose_lines(groups, summaries, chosen, sort=sort, digits=digits)
    ]
    level = format_level(next(iterate_estimates(groups, ())).level)
    headings = {key: text.format(level=level) for key, text in chosen.headings.items()}
    headings["label"] = heading or headings["label"]
    if all(row.weight is None for group in groups for row in group.rows):
        chosen = _drop_column(chosen, "weight")
    marked = reference if reference is not None else (summaries[0].estimate.value if summaries else None)
    with fixed_settings():
        geometry = arrange_forest(lines, chosen, headings, limits, notes, min(width or MAX_WIDTH, MAX_WIDTH))
        page = draw_lines(lines, chosen, headings, geometry, axis_title, marked, _format_tick)
    rows = [row for group in groups for row in group.rows]
    caption = _caption(rows, groups, summaries, outcome, lines, limits)
    return Drawing(page.figure, caption, describe_estimates(groups, summaries), outcome or "Forest plot")


def describe_estimates(groups: Sequence[ForestGroup], summaries: Sequence[Summary]) -> str:
    """Tell a forest plot in words, estimate by estimate, for those who cannot see it."""
    told = [f"{estimate.label}: {_describe(estimate)}" for estimate in iterate_estimates(groups, summaries)]
    return f"Forest plot. {'; '.join(told)}."


def _describe(estimate: Estimate) -> str:
    share = f"{format_number(100 * estimate.value, 1)}%"
    if estimate.total > 0 and estimate.value * estimate.total == estimate.events:
        share = format_percent(estimate.events, estimate.total)
    interval = format_interval(estimate.ci_low, estimate.ci_high, level=estimate.level)
    return f"{estimate.events}/{estimate.total} ({share}; {interval})"


def _drop_column(layout: Layout, key: str) -> Layout:
    left, right = (tuple(each for each in side if each != key) for side in (layout.left, layout.right))
    return dataclasses.replace(layout, left=left, right=right)


def _caption(
    rows: Sequence[Estimate],
    groups: Sequence[ForestGroup],
    summaries: Sequence[Summary],
    outcome: str,
    lines: Sequence[ForestLine],
    limits: tuple[float, float],
) -> str:
    level = format_level(rows[0].level)
    methods = ", ".join(dict.fromkeys(name_method(row.method) for row in rows))
    parts = [f"{outcome or 'Proportion'}: events of total, percentage with {level}% confidence interval ({methods})."]
    weighted = [row for row in rows if row.weight is not None]
    if weighted:
        parts.append("The area of a square is proportional to the weight of the study.")
        if len(weighted) < len(rows):
            parts.append("Open squares: not part of the pooled result.")
    pooled = [*(group.summary for group in groups if group.summary), *summaries]
    if pooled:
        names = ", ".join(dict.fromkeys(name_method(summary.estimate.method) for summary in pooled))
        parts.append(f"Diamonds: pooled results with their intervals ({names}).")
    if any(summary.prediction for summary in pooled):
        parts.append("Bars: prediction intervals.")
    if any(_is_cut(line, limits) for line in lines):
        parts.append("Arrows: the interval goes beyond the axis.")
    return " ".join(parts)


def _is_cut(line: ForestLine, limits: tuple[float, float]) -> bool:
    ends = line.interval or ((line.estimate.ci_low, line.estimate.ci_high) if line.estimate else None)
    return ends is not None and (ends[0] < limits[0] or ends[1] > limits[1])


def _format_tick(value: float) -> str:
    return format_number(round(100 * value, 6), 0 if round(100 * value, 6).is_integer() else 1)
