"""The ink of a forest plot: text, whiskers, squares, diamonds and bars on their places."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence

from review.model import Estimate
from review.reporting.axis import Axis
from review.reporting.axis import axis_height
from review.reporting.axis import draw_axis
from review.reporting.forest_layout import FOOTER_GAP
from review.reporting.forest_layout import INDENT
from review.reporting.forest_layout import LABEL_LEADING
from review.reporting.forest_layout import MARGIN
from review.reporting.forest_layout import ForestGeometry
from review.reporting.forest_rows import ALIGNMENTS
from review.reporting.forest_rows import ForestLine
from review.reporting.forest_rows import Layout
from review.reporting.page import CAP_HEIGHT
from review.reporting.page import Page
from review.reporting.palette import GREY
from review.reporting.palette import WHITE
from review.reporting.typeface import measure_text

_ARROW = 4.0


def draw_lines(
    lines: Sequence[ForestLine],
    layout: Layout,
    headings: Mapping[str, str],
    geometry: ForestGeometry,
    axis_title: str,
    reference: float | None,
    form: Callable[[float], str],
) -> Page:
    """Draw the lines of a forest plot; `form` writes a value of the axis."""
    page = Page(geometry.width, geometry.height)
    size = geometry.size
    for key, (x, width) in geometry.columns.items():
        _write(page, x, width, MARGIN + size, headings[key], size, key, bold=True)
    page.line([(MARGIN, geometry.header), (geometry.width - MARGIN, geometry.header)], width=0.8)
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
    draw_axis(page, axis, geometry.foot, size=size, title=axis_title, form=form)
    page.lines(MARGIN, geometry.foot + axis_height(size) + FOOTER_GAP, geometry.footer, size=size)
    return page


def _draw_texts(page: Page, line: ForestLine, geometry: ForestGeometry, place: int) -> None:
    size = geometry.size
    middle = geometry.middle(place)
    label = geometry.labels[place]
    x, _ = geometry.columns["label"]
    for index, text in enumerate(label):
        # The block of label lines is centred on the height of the marks.
        baseline = middle + (index - (len(label) - 1) / 2) * size * LABEL_LEADING + size * CAP_HEIGHT / 2
        page.text(x + line.depth * INDENT, baseline, text, size=size, bold=line.is_bold, value=line.value)
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
    align = ALIGNMENTS.get(key, "right")
    page.text(x + width if align == "right" else x, baseline, text, size=size, align=align, bold=bold, value=value)


def _draw_reference(page: Page, x: float, lines: Sequence[ForestLine], geometry: ForestGeometry) -> None:
    """Dash a line down the plot, but not through text that runs across it."""
    for place, line in enumerate(lines):
        if line.kind in {"group", "note"}:
            longest = max(measure_text(text, geometry.size, bold=line.is_bold) for text in geometry.labels[place])
            if geometry.columns["label"][0] + line.depth * INDENT + longest > x - 2:
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
    page: Page, axis: Axis, study: Estimate, y: float, heaviest: float, geometry: ForestGeometry, colour: str
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
