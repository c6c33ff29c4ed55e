"""Forest plots of what is not a single proportion: means, rates, times to an event, and comparisons of two arms.

Ratios stand on a logarithmic scale around a line at one, differences around a line at zero. The numbers are those of the analysis' table.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from collections.abc import Sequence
from typing import cast

from review.model import Estimate
from review.numerals import format_number
from review.pooling.measured import LEVEL
from review.pooling.measured import Measure
from review.pooling.measured import MeasuredResult
from review.pooling.measured import MeasuredRow
from review.reporting.axis import Axis
from review.reporting.axis import LogAxis
from review.reporting.figure import Drawing
from review.reporting.figure import fixed_settings
from review.reporting.forest_ink import draw_lines
from review.reporting.forest_layout import MAX_WIDTH
from review.reporting.forest_layout import NARROW
from review.reporting.forest_layout import arrange_forest
from review.reporting.forest_rows import LAYOUTS
from review.reporting.forest_rows import ForestLine
from review.reporting.forest_rows import Layout
from review.reporting.forest_rows import LayoutKey
from review.reporting.measured import tabulate_measured
from review.reporting.pooled import ITERATED
from review.reporting.table import Row

#: A scale of ratios ends at a thousand or a thousandth, however wide an interval is.
_FARTHEST = 3.0

#: How the table says that a row has no such figure.
_NOTHING = "not applicable"


def draw_measured(
    result: MeasuredResult, *, layout: LayoutKey | None = None, width: float | None = None
) -> Drawing | None:
    """Draw the first measure of an analysis, study by study, with all together and the model below.

    Args:
        result: The analysis.
        layout: None takes that of the protocol.
        width: Points that the plot is to fit; None for a page of two columns.

    None where no study has an estimate.
    """
    measure = result.layout.measures[0]
    if all(row.figures[0].value is None for row in result.rows):
        return None
    is_ratio, is_share = measure.key.endswith("-ratio"), measure.is_share
    below = [row for row in (result.together, result.model) if row is not None]
    printed = tabulate_measured(result).rows
    lines = [
        _make_line(row, cells, len(result.layout.basis), _scale(measure), is_summary=row.study is None)
        for row, cells in zip((*result.rows, *below), printed, strict=True)
    ]
    chosen = _choose_layout(result, layout, is_narrow=width is not None and width < NARROW)
    title = measure.title.removesuffix(" (95% CI)")
    limits = _choose_limits(lines, has_null=is_ratio or measure.key.endswith("-difference"), is_ratio=is_ratio)
    null = 0.0 if is_ratio or measure.key.endswith("-difference") else None
    notes = [result.analysis.note] if result.analysis.note else []
    scale = LogAxis if is_ratio else Axis
    with fixed_settings():
        geometry = arrange_forest(
            lines, chosen, chosen.headings, limits, notes, min(width or MAX_WIDTH, MAX_WIDTH), scale
        )
        unit = ", %" if is_share else ""
        page = draw_lines(lines, chosen, chosen.headings, geometry, f"{title}{unit}", null, _choose_form(measure))
    caption = f"{result.outcome.label}: {title[:1].lower()}{title[1:]} with {format_number(100 * LEVEL, 0)}% confidence interval."
    if below:
        caption += f" Diamonds: {' and '.join(row.label[:1].lower() + row.label[1:] for row in below)}."
    told = "; ".join(f"{line.cells['label']}: {line.cells['estimate']}" for line in lines)
    return Drawing(page.figure, caption, f"Forest plot. {told}.", f"Forest plot: {result.outcome.label}")


def _scale(measure: Measure) -> Callable[[float], float]:
    """Return what brings a value to the axis: its logarithm for a ratio, whose least is kept off zero."""
    if measure.key.endswith("-ratio"):
        return lambda value: math.log10(max(value, 10 ** -(2 * _FARTHEST)))
    return float


def _make_line(
    row: MeasuredRow, cells: Row, basis: int, scale: Callable[[float], float], *, is_summary: bool
) -> ForestLine:
    texts = [cell.text for cell in cells.cells]
    shown = {"label": texts[0], "estimate": texts[1 + basis]}
    shown |= {f"basis-{place}": text for place, text in enumerate(texts[1 : 1 + basis], 1)}
    if is_summary:
        # What a model has no figure of needs no words in a plot.
        shown = {key: "" if text == _NOTHING else text for key, text in shown.items()}
    value, ci = row.figures[0].value, row.figures[0].ci
    if value is None:
        return ForestLine("summary" if is_summary else "study", shown)
    low, high = ci or (value, value)
    at, start, end = (round(scale(each), ITERATED) for each in (value, low, high))
    return ForestLine("summary" if is_summary else "study", shown, Estimate(row.label, 0, 0, at, start, end, ""))


def _choose_layout(result: MeasuredResult, layout: LayoutKey | None, *, is_narrow: bool) -> Layout:
    """Take the colours of a layout, and its place of the estimates: right of the plot only by default."""
    chosen = LAYOUTS[layout or cast("LayoutKey", result.analysis.figure.layout)]
    basis = () if is_narrow else tuple(f"basis-{place}" for place in range(1, len(result.layout.basis) + 1))
    label = chosen.headings["label"]
    headings = {"label": label.partition(" ")[0] if is_narrow else label, "estimate": result.layout.measures[0].title}
    headings |= dict(zip(basis, result.layout.basis, strict=False))
    is_right = "estimate" in chosen.right
    left = ("label", *basis) if is_right else ("label", *basis, "estimate")
    return Layout(left, ("estimate",) if is_right else (), headings, chosen.square, chosen.diamond, "")


def _choose_limits(lines: Sequence[ForestLine], *, has_null: bool, is_ratio: bool) -> tuple[float, float]:
    """Span all intervals and the line of no effect; ratios no farther than `_FARTHEST`, with arrows for what goes beyond."""
    estimates = [line.estimate for line in lines if line.estimate]
    ends = [end for each in estimates for end in (each.ci_low, each.ci_high)]
    ends += [0.0] if has_null else []
    low, high = min(ends), max(ends)
    if is_ratio:
        values = [each.value for each in estimates]
        low = max(low, min(-_FARTHEST, *values))
        high = min(high, max(_FARTHEST, *values))
    space = (high - low) * 0.04 or 0.5
    return low - space, high + space


def _choose_form(measure: Measure) -> Callable[[float], str]:
    def form(value: float) -> str:
        shown = 10**value if measure.key.endswith("-ratio") else 100 * value if measure.is_share else value
        text = format_number(round(shown, 6), 3)
        return text.rstrip("0").rstrip(".") if "." in text else text

    return form
