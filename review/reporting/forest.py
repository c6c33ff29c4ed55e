"""Forest plots of proportions, on their natural scale, with text that is measured before it is placed.

Each study has a square whose area is proportional to its weight and a line for its interval; a line that the axis cuts ends in an arrow.
A row without a weight (a total whose parts are there too, or one kept out of the pooled result) has an open square. Pooled results are
diamonds from one end of their interval to the other; a prediction interval is a bar below.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from review.model import Estimate
from review.numerals import format_interval
from review.numerals import format_number
from review.numerals import format_percent
from review.reporting.axis import Axis
from review.reporting.axis import axis_height
from review.reporting.axis import draw_axis
from review.reporting.figure import MAX_HEIGHT_CM
from review.reporting.figure import MAX_WIDTH_CM
from review.reporting.figure import POINTS_PER_CM
from review.reporting.figure import Drawing
from review.reporting.figure import fixed_settings
from review.reporting.forest_rows import ALIGNMENTS
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
from review.reporting.page import CAP_HEIGHT
from review.reporting.page import LEADING
from review.reporting.page import Page
from review.reporting.palette import GREY
from review.reporting.palette import WHITE
from review.reporting.typeface import measure_text
from review.reporting.typeface import wrap_text

_MARGIN = 6.0
_COLUMN_GAP = 10.0
_INDENT = 8.0
_LEADING = 1.2
_ARROW = 4.0
_FOOTER_GAP = 4.0

#: The plot itself is at least so wide, and so wide where there is room, in points.
_PLOT_LEAST, _PLOT_WISHED = 120.0, 190.0
_LABEL_LEAST = 90.0

#: Below this width the columns are those of a narrow layout, and plot and labels may be smaller.
_NARROW = 400.0
_NARROW_PLOT, _NARROW_LABEL = 50.0, 52.0
_NARROW_GAP = 6.0
_NARROW_SHARE = 0.22

#: As below; where the width is what lacks, lines need not stand closer.
_NARROW_DENSITIES = ((8.0, 1.75), (7.5, 1.75), (7.0, 1.75), (6.5, 1.75), (6.0, 1.75), (6.0, 1.5), (6.0, 1.2))

#: What belongs together stays on one line: `df = 5`, `P < 0.001`.
_EQUATION = re.compile(r" (?=[=<>] )|(?<=[=<>]) ")
_NO_BREAK = "\u00a0"
_MAX_WIDTH = MAX_WIDTH_CM * POINTS_PER_CM
_MAX_HEIGHT = MAX_HEIGHT_CM * POINTS_PER_CM

#: Sizes of the text and distances of lines (as a share of the size), tried in this order until the plot fits a page.
_DENSITIES = ((8.0, 1.75), (8.0, 1.5), (8.0, 1.3), (7.5, 1.3), (7.0, 1.25), (6.5, 1.2), (6.0, 1.2))


@dataclass(frozen=True, slots=True)
class _Geometry:
    """Where everything stands, in points; `label_lines` are the wrapped labels, one list per line of the plot."""

    size: float
    pitch: float
    width: float
    height: float
    columns: Mapping[str, tuple[float, float]]
    axis: Axis
    header: float
    tops: tuple[float, ...]
    heights: tuple[float, ...]
    labels: tuple[tuple[str, ...], ...]
    footer: tuple[str, ...]

    @property
    def foot(self) -> float:
        """Where the axis stands."""
        return self.tops[-1] + self.heights[-1] + 3.0

    def middle(self, place: int) -> float:
        """The height of a line's marks and numbers."""
        return self.tops[place] + self.heights[place] / 2


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
    if width is not None and width < _NARROW:
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
        geometry = _arrange(lines, chosen, headings, limits, notes, min(width or _MAX_WIDTH, _MAX_WIDTH))
        page = _draw(lines, chosen, headings, geometry, axis_title, marked)
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


def _arrange(
    lines: Sequence[ForestLine],
    layout: Layout,
    headings: Mapping[str, str],
    limits: tuple[float, float],
    notes: Sequence[str],
    most: float,
) -> _Geometry:
    """Find the loosest arrangement that fits a page, else the tightest one."""
    for size, share in _NARROW_DENSITIES if most < _NARROW else _DENSITIES:
        geometry = _arrange_at(lines, layout, headings, limits, notes, most, size, size * share)
        if geometry.height <= _MAX_HEIGHT and geometry.width <= most + 0.1:
            break
    return geometry


def _arrange_at(
    lines: Sequence[ForestLine],
    layout: Layout,
    headings: Mapping[str, str],
    limits: tuple[float, float],
    notes: Sequence[str],
    most: float,
    size: float,
    pitch: float,
) -> _Geometry:
    widths = {key: _measure_column(key, lines, headings, size) for key in (*layout.left, *layout.right)}
    gap = _NARROW_GAP if most < _NARROW else _COLUMN_GAP
    others = sum(width + gap for key, width in widths.items() if key != "label")
    room = most - 2 * _MARGIN - others - gap
    plot_least, label_least = _PLOT_LEAST, _LABEL_LEAST
    if most < _NARROW:
        plot_least, label_least = max(_NARROW_PLOT, _NARROW_SHARE * most), _NARROW_LABEL
    plot = max(plot_least, min(_PLOT_WISHED, room - widths["label"]))
    widths["label"] = min(widths["label"], max(label_least, room - plot))
    columns: dict[str, tuple[float, float]] = {}
    x = _MARGIN
    for key in layout.left:
        columns[key] = (x, widths[key])
        x += widths[key] + gap
    axis = Axis(x + size / 2, plot - size, *limits)
    x += plot + gap
    for key in layout.right:
        columns[key] = (x, widths[key])
        x += widths[key] + gap
    width = x - gap + _MARGIN
    labels = tuple(_wrap_label(line, widths["label"], width, size) for line in lines)
    header = _MARGIN + size * 1.6
    heights = tuple(pitch + (len(label) - 1) * size * _LEADING for label in labels)
    tops: list[float] = []
    y = header + 2.0
    for line, height in zip(lines, heights, strict=True):
        # Groups and the first overall result stand a little apart.
        y += pitch * 0.3 if tops and (line.kind == "group" or (line.kind == "summary" and not line.depth)) else 0.0
        tops.append(y)
        y += height
    footer = tuple(line for note in notes for line in wrap_text(note, width - 2 * _MARGIN, size))
    below = _FOOTER_GAP + len(footer) * size * LEADING if footer else 0.0
    height = y + 3.0 + axis_height(size) + below + _MARGIN
    return _Geometry(size, pitch, width, height, columns, axis, header, tuple(tops), heights, labels, footer)


def _measure_column(key: str, lines: Sequence[ForestLine], headings: Mapping[str, str], size: float) -> float:
    widest = measure_text(headings[key], size, bold=True)
    for line in lines:
        if key in line.cells and line.kind != "note" and not (key == "label" and line.kind == "group"):
            indent = line.depth * _INDENT if key == "label" else 0.0
            widest = max(widest, measure_text(line.cells[key], size, bold=line.is_bold) + indent)
    return widest + 0.5


def _wrap_label(line: ForestLine, column: float, width: float, size: float) -> tuple[str, ...]:
    indent = line.depth * _INDENT
    room = (width - 2 * _MARGIN if line.kind in {"note", "group"} else column) - indent
    text = line.cells["label"]
    if line.kind == "note":
        text = _EQUATION.sub(_NO_BREAK, text)
    return tuple(each.replace(_NO_BREAK, " ") for each in wrap_text(text, room, size, bold=line.is_bold))


def _draw(
    lines: Sequence[ForestLine],
    layout: Layout,
    headings: Mapping[str, str],
    geometry: _Geometry,
    axis_title: str,
    reference: float | None,
) -> Page:
    page = Page(geometry.width, geometry.height)
    size = geometry.size
    for key, (x, width) in geometry.columns.items():
        _write(page, x, width, _MARGIN + size, headings[key], size, key, bold=True)
    page.line([(_MARGIN, geometry.header), (geometry.width - _MARGIN, geometry.header)], width=0.8)
    axis = geometry.axis
    if reference is not None and axis.low <= reference <= axis.high:
        _draw_reference(page, axis.place(reference), lines, geometry)
    studies = [line.estimate for line in lines if line.estimate and line.kind == "study"]
    heaviest = max((study.weight or 0.0 for study in studies), default=0.0)
    for place, line in enumerate(lines):
        _draw_texts(page, line, geometry, place)
        y = geometry.middle(place)
        if line.kind == "study" and line.estimate:
            _draw_whisker(page, axis, line.estimate.ci_low, line.estimate.ci_high, y)
            _draw_square(page, axis, line.estimate, y, heaviest, geometry, layout.square)
        elif line.kind == "summary" and line.estimate:
            _draw_diamond(page, axis, line.estimate, y, geometry.size, layout.diamond)
        elif line.interval:
            _draw_bar(page, axis, line.interval, y, geometry.size)
    draw_axis(page, axis, geometry.foot, size=size, title=axis_title, form=_format_tick)
    page.lines(_MARGIN, geometry.foot + axis_height(size) + _FOOTER_GAP, geometry.footer, size=size)
    return page


def _format_tick(value: float) -> str:
    return format_number(round(100 * value, 6), 0 if round(100 * value, 6).is_integer() else 1)


def _draw_texts(page: Page, line: ForestLine, geometry: _Geometry, place: int) -> None:
    size = geometry.size
    middle = geometry.middle(place)
    label = geometry.labels[place]
    x, _ = geometry.columns["label"]
    for index, text in enumerate(label):
        # The block of label lines is centred on the height of the marks.
        baseline = middle + (index - (len(label) - 1) / 2) * size * _LEADING + size * CAP_HEIGHT / 2
        page.text(x + line.depth * _INDENT, baseline, text, size=size, bold=line.is_bold, value=line.value)
    if line.kind in {"group", "note"}:
        return
    for key, (left, width) in geometry.columns.items():
        if key != "label" and key in line.cells:
            _write(
                page,
                left,
                width,
                middle + size * CAP_HEIGHT / 2,
                line.cells[key],
                size,
                key,
                bold=line.is_bold,
                value=line.value,
            )


def _write(
    page: Page,
    x: float,
    width: float,
    baseline: float,
    text: str,
    size: float,
    key: str,
    *,
    bold: bool,
    value: str = "",
) -> None:
    align = ALIGNMENTS[key]
    page.text(x + width if align == "right" else x, baseline, text, size=size, align=align, bold=bold, value=value)


def _draw_reference(page: Page, x: float, lines: Sequence[ForestLine], geometry: _Geometry) -> None:
    """Dash a line down the plot, but not through text that runs across it."""
    for place, line in enumerate(lines):
        if line.kind in {"group", "note"}:
            longest = max(measure_text(text, geometry.size, bold=line.is_bold) for text in geometry.labels[place])
            if geometry.columns["label"][0] + line.depth * _INDENT + longest > x - 2:
                continue
        top = geometry.tops[place]
        end = geometry.tops[place + 1] if place + 1 < len(lines) else geometry.foot
        page.line([(x, top), (x, end)], colour=GREY, width=0.7, dashes=(3, 2))


def _draw_whisker(page: Page, axis: Axis, low: float, high: float, y: float, *, width: float = 0.9) -> None:
    """Draw an interval; an end beyond the axis becomes an arrow, and one wholly beyond it an arrow alone."""
    left, right = axis.place(low), axis.place(high)
    if low < axis.low:
        right = max(right, left + 2 * _ARROW)
    if high > axis.high:
        left = min(left, right - 2 * _ARROW)
    page.line([(left, y), (right, y)], width=width)
    if low < axis.low:
        page.polygon([(left, y), (left + _ARROW, y - _ARROW / 2), (left + _ARROW, y + _ARROW / 2)])
    if high > axis.high:
        page.polygon([(right, y), (right - _ARROW, y - _ARROW / 2), (right - _ARROW, y + _ARROW / 2)])


def _draw_square(
    page: Page, axis: Axis, study: Estimate, y: float, heaviest: float, geometry: _Geometry, colour: str
) -> None:
    if not axis.low <= study.value <= axis.high:
        return
    largest = min(geometry.pitch * 0.85, geometry.size * 1.25)
    if study.weight is None:
        # Where nothing is weighted all squares are alike; among weighted ones an open square is not part of the result.
        side, fill = largest * 0.55, WHITE if heaviest else colour
    else:
        side, fill = largest * (study.weight / heaviest) ** 0.5 if heaviest else 0.0, colour
    x = axis.place(study.value)
    page.rectangle(
        x - side / 2, y - side / 2, side, side, fill=fill, edge=colour, line_width=0.9 if fill == WHITE else 0.0
    )


def _draw_diamond(page: Page, axis: Axis, pooled: Estimate, y: float, size: float, colour: str) -> None:
    half = size * 0.45
    left, right, top = axis.place(pooled.ci_low), axis.place(pooled.ci_high), axis.place(pooled.value)
    page.polygon([(left, y), (top, y - half), (right, y), (top, y + half)], fill=colour)
    if pooled.ci_low < axis.low or pooled.ci_high > axis.high:
        _draw_whisker(page, axis, pooled.ci_low, pooled.ci_high, y)


def _draw_bar(page: Page, axis: Axis, interval: tuple[float, float], y: float, size: float) -> None:
    low, high = interval
    _draw_whisker(page, axis, low, high, y, width=2.2)
    for end, is_cut in ((low, low < axis.low), (high, high > axis.high)):
        if not is_cut:
            x = axis.place(end)
            page.line([(x, y - size * 0.3), (x, y + size * 0.3)], width=1.0)
