"""Where everything of a forest plot stands: columns from measured text, rows from wrapped labels, the densest arrangement that is needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from review.reporting.axis import Axis
from review.reporting.axis import axis_height
from review.reporting.figure import MAX_HEIGHT_CM
from review.reporting.figure import MAX_WIDTH_CM
from review.reporting.figure import POINTS_PER_CM
from review.reporting.forest_rows import ForestLine
from review.reporting.forest_rows import Layout
from review.reporting.page import LEADING
from review.reporting.typeface import measure_text
from review.reporting.typeface import wrap_text

MARGIN = 6.0
_COLUMN_GAP = 10.0
INDENT = 8.0
LABEL_LEADING = 1.2
FOOTER_GAP = 4.0

#: The plot itself is at least so wide, and so wide where there is room, in points.
_PLOT_LEAST, _PLOT_WISHED = 120.0, 190.0
_LABEL_LEAST = 90.0

#: Below this width the columns are those of a narrow layout, and plot and labels may be smaller.
NARROW = 400.0
_NARROW_PLOT, _NARROW_LABEL = 50.0, 52.0
_NARROW_GAP = 6.0
_NARROW_SHARE = 0.22

#: As below; where the width is what lacks, lines need not stand closer.
_NARROW_DENSITIES = ((8.0, 1.75), (7.5, 1.75), (7.0, 1.75), (6.5, 1.75), (6.0, 1.75), (6.0, 1.5), (6.0, 1.2))

#: What belongs together stays on one line: `df = 5`, `P < 0.001`.
_EQUATION = re.compile(r" (?=[=<>] )|(?<=[=<>]) ")
_NO_BREAK = "\u00a0"
MAX_WIDTH = MAX_WIDTH_CM * POINTS_PER_CM
_MAX_HEIGHT = MAX_HEIGHT_CM * POINTS_PER_CM

#: Sizes of the text and distances of lines (as a share of the size), tried in this order until the plot fits a page.
_DENSITIES = ((8.0, 1.75), (8.0, 1.5), (8.0, 1.3), (7.5, 1.3), (7.0, 1.25), (6.5, 1.2), (6.0, 1.2))


@dataclass(frozen=True, slots=True)
class ForestGeometry:
    """Where everything stands, in points; `labels` are the wrapped labels, one tuple of lines per line of the plot."""

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


def arrange_forest(
    lines: Sequence[ForestLine],
    layout: Layout,
    headings: Mapping[str, str],
    limits: tuple[float, float],
    notes: Sequence[str],
    most: float,
    scale: type[Axis] = Axis,
) -> ForestGeometry:
    """Find the loosest arrangement that fits a page, else the tightest one.

    Args:
        lines: From top to bottom.
        layout: Its columns.
        headings: Of the columns.
        limits: The ends of the scale.
        notes: Lines below the plot.
        most: Points that the plot is to fit.
        scale: Linear, or of ratios.
    """
    for size, share in _NARROW_DENSITIES if most < NARROW else _DENSITIES:
        geometry = _arrange_at(lines, layout, headings, limits, notes, most, scale, size, size * share)
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
    scale: type[Axis],
    size: float,
    pitch: float,
) -> ForestGeometry:
    widths = {key: _measure_column(key, lines, headings, size) for key in (*layout.left, *layout.right)}
    gap = _NARROW_GAP if most < NARROW else _COLUMN_GAP
    others = sum(width + gap for key, width in widths.items() if key != "label")
    room = most - 2 * MARGIN - others - gap
    plot_least, label_least = _PLOT_LEAST, _LABEL_LEAST
    if most < NARROW:
        plot_least, label_least = max(_NARROW_PLOT, _NARROW_SHARE * most), _NARROW_LABEL
    plot = max(plot_least, min(_PLOT_WISHED, room - widths["label"]))
    widths["label"] = min(widths["label"], max(label_least, room - plot))
    columns: dict[str, tuple[float, float]] = {}
    x = MARGIN
    for key in layout.left:
        columns[key] = (x, widths[key])
        x += widths[key] + gap
    axis = scale(x + size / 2, plot - size, *limits)
    x += plot + gap
    for key in layout.right:
        columns[key] = (x, widths[key])
        x += widths[key] + gap
    width = x - gap + MARGIN
    labels = tuple(_wrap_label(line, widths["label"], width, size) for line in lines)
    header = MARGIN + size * 1.6
    heights = tuple(pitch + (len(label) - 1) * size * LABEL_LEADING for label in labels)
    tops: list[float] = []
    y = header + 2.0
    for line, height in zip(lines, heights, strict=True):
        # Groups and the first overall result stand a little apart.
        y += pitch * 0.3 if tops and (line.kind == "group" or (line.kind == "summary" and not line.depth)) else 0.0
        tops.append(y)
        y += height
    footer = tuple(line for note in notes for line in wrap_text(note, width - 2 * MARGIN, size))
    below = FOOTER_GAP + len(footer) * size * LEADING if footer else 0.0
    height = y + 3.0 + axis_height(size) + below + MARGIN
    return ForestGeometry(size, pitch, width, height, columns, axis, header, tuple(tops), heights, labels, footer)


def _measure_column(key: str, lines: Sequence[ForestLine], headings: Mapping[str, str], size: float) -> float:
    widest = measure_text(headings[key], size, bold=True)
    for line in lines:
        if key in line.cells and line.kind != "note" and not (key == "label" and line.kind == "group"):
            indent = line.depth * INDENT if key == "label" else 0.0
            widest = max(widest, measure_text(line.cells[key], size, bold=line.is_bold) + indent)
    return widest + 0.5


def _wrap_label(line: ForestLine, column: float, width: float, size: float) -> tuple[str, ...]:
    indent = line.depth * INDENT
    room = (width - 2 * MARGIN if line.kind in {"note", "group"} else column) - indent
    text = line.cells["label"]
    if line.kind == "note":
        text = _EQUATION.sub(_NO_BREAK, text)
    return tuple(each.replace(_NO_BREAK, " ") for each in wrap_text(text, room, size, bold=line.is_bold))
