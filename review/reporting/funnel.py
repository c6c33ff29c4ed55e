"""Funnel plots: estimates against their precision, to look for studies that are missing.

For proportions the funnel on the logit scale leans by itself, since the standard error depends on the proportion; a funnel against the
number of patients does not.

Source: Sterne JAC, Egger M. J Clin Epidemiol 2001;54:1046-55 (axes); Hunter JP, et al. J Clin Epidemiol 2014;67:897-903 (proportions).
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from review.numerals import format_number
from review.reporting.axis import Axis
from review.reporting.axis import axis_height
from review.reporting.axis import draw_axis
from review.reporting.axis import draw_side_axis
from review.reporting.axis import side_axis_width
from review.reporting.figure import Drawing
from review.reporting.figure import fixed_settings
from review.reporting.forest_rows import format_level
from review.reporting.page import Page
from review.reporting.palette import BLUE
from review.reporting.palette import GREY
from review.reporting.palette import PALE
from review.reporting.palette import WHITE

_SIZE = 8.0
_MARGIN = 8.0
_PLOT_WIDTH, _PLOT_HEIGHT = 196.0, 170.0
_RADIUS = 2.6
_STEPS = 60


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One study: its estimate and standard error on the scale of the axis, its patients; `is_filled` for one that trim and fill added.

    `se` is not looked at where the funnel is drawn against the number of patients.
    """

    label: str
    value: float
    se: float
    total: int
    is_filled: bool = False


def draw_funnel(
    points: Sequence[FunnelPoint],
    centre: float,
    *,
    against: Literal["se", "total"] = "se",
    level: float = 0.95,
    axis_title: str = "Logit of the proportion",
    form: Callable[[float], str] | None = None,
    outcome: str = "",
    spread: float | None = None,
    bounds: tuple[float, float] | None = None,
) -> Drawing:
    """Draw a funnel plot.

    Args:
        points: The studies; `value` and `se` on the scale of the axis.
        centre: The pooled estimate on that scale.
        against: Standard error (zero at the top, with the region that holds `level` of studies without other differences), or the number
            of patients.
        level: Of the region.
        axis_title: Names the scale.
        form: Writes a value of the scale; None prints two decimals at most.
        outcome: For the caption.
        spread: Against patients: the standard deviation of one patient on the scale, sqrt(p (1 - p)) for a proportion; the region is then
            that of studies without other differences. None draws none.
        bounds: The ends of the scale, where it has any: 0 and 100 for percentages.

    Raises:
        ValueError: If there are no points, or against it, a standard error is not positive.
    """
    if not points:
        raise ValueError("a funnel plot needs at least one study")
    if against == "se" and any(point.se <= 0 for point in points):
        raise ValueError("a standard error must be positive")
    z = NormalDist().inv_cdf((1 + level) / 2)
    lowest = max(point.se for point in points) * 1.05
    largest = max(point.total for point in points) * 1.05
    reach = z * lowest if against == "se" else 0.0
    values = [centre - reach, centre + reach, *(point.value for point in points)]
    space = (max(values) - min(values)) * 0.05 or 1.0
    # Precision grows upward: the side axis begins at the top with a standard error of zero, or at the foot with no patients.
    top = _MARGIN
    side = (
        Axis(top, _PLOT_HEIGHT, 0.0, lowest)
        if against == "se"
        else Axis(top + _PLOT_HEIGHT, -_PLOT_HEIGHT, 0.0, largest)
    )
    side_form = _trim if against == "se" else lambda value: format_number(value, 0, thousands=True)
    left = _MARGIN + side_axis_width(side, _SIZE, side_form)
    low, high = bounds or (min(values) - space, max(values) + space)
    scale = Axis(left, _PLOT_WIDTH, low, high)
    foot = top + _PLOT_HEIGHT
    with fixed_settings():
        page = Page(left + _PLOT_WIDTH + 2 * _MARGIN, foot + axis_height(_SIZE) + _MARGIN)
        if against == "se":
            ends = [(scale.place(centre + sign * reach), foot) for sign in (-1, 1)]
            page.polygon([(scale.place(centre), top), *ends], fill=PALE)
        elif spread:
            page.polygon(_outline(scale, side, centre, z * spread, largest), fill=PALE)
        page.line([(scale.place(centre), top), (scale.place(centre), foot)], colour=GREY, dashes=(3, 2))
        for point in points:
            y = side.place(point.se if against == "se" else point.total)
            fill = WHITE if point.is_filled else BLUE
            page.circle(scale.place(point.value), y, _RADIUS, fill=fill, edge=BLUE, line_width=0.8)
        side_title = "Standard error" if against == "se" else "Patients"
        draw_side_axis(page, side, left, size=_SIZE, title=side_title, form=side_form)
        draw_axis(page, scale, foot, size=_SIZE, title=axis_title, form=form or _trim)
    has_region = against == "se" or bool(spread)
    caption = _caption(points, level, outcome, has_region=has_region)
    return Drawing(page.figure, caption, _describe(points, against), "Funnel plot")


def _outline(scale: Axis, side: Axis, centre: float, reach: float, largest: float) -> list[tuple[float, float]]:
    """Follow the edge of the region against patients from the foot on the left over the top to the foot on the right."""
    # Where the edge leaves the scale, it runs down along its end.
    totals = [largest * (step / _STEPS) ** 2 for step in range(1, _STEPS + 1)]
    edges = [
        [(scale.place(centre + sign * reach / total**0.5), side.place(total)) for total in totals] for sign in (-1, 1)
    ]
    foot = side.place(0.0)
    return [(edges[0][0][0], foot), *edges[0], *reversed(edges[1]), (edges[1][0][0], foot)]


def _caption(points: Sequence[FunnelPoint], level: float, outcome: str, *, has_region: bool) -> str:
    parts = [f"Funnel plot{f': {outcome}' if outcome else ''}."]
    if has_region:
        parts.append(f"Shaded: where {format_level(level)}% of studies are expected if all estimate the same value.")
    parts.append("Dashed: the pooled estimate.")
    if any(point.is_filled for point in points):
        parts.append("Open circles: studies added by trim and fill.")
    return " ".join(parts)


def _describe(points: Sequence[FunnelPoint], against: str) -> str:
    name = "standard error" if against == "se" else "patients"
    told = (
        f"{point.label}: {_trim(point.value)}, {name} {_trim(point.se if against == 'se' else point.total)}"
        for point in points
    )
    return f"Funnel plot. {'; '.join(told)}."


def _trim(value: float) -> str:
    text = format_number(round(value, 6), 2)
    return text.rstrip("0").rstrip(".") if "." in text else text
