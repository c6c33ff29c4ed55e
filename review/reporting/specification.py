"""Specification curves: one result under every reasonable way of computing it, sorted, with the choices behind each.

Source: Simonsohn U, Simmons JP, Nelson LD. Specification curve analysis. Nature Human Behaviour 2020;4:1208-14; Voracek M, Kossmeier M, Tran US. Which
data to meta-analyze, and how? Zeitschrift für Psychologie 2019;227:64-82 (the multiverse of meta-analyses).
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from review.numerals import format_number
from review.reporting.axis import Axis
from review.reporting.axis import draw_side_axis
from review.reporting.axis import side_axis_width
from review.reporting.figure import MAX_WIDTH_CM
from review.reporting.figure import POINTS_PER_CM
from review.reporting.figure import Drawing
from review.reporting.figure import fixed_settings
from review.reporting.page import LEADING
from review.reporting.page import Page
from review.reporting.palette import BLUE
from review.reporting.palette import GREY
from review.reporting.palette import PALE
from review.reporting.palette import VERMILION
from review.reporting.typeface import measure_text
from review.reporting.typeface import wrap_text

_SIZE = 7.5
_MARGIN = 8.0
_CURVE_HEIGHT = 150.0
_INDENT = 8.0
_STEP_MOST = 16.0
_FACTOR_GAP = 5.0
_LABEL_MOST = 170.0
_MAX_WIDTH = MAX_WIDTH_CM * POINTS_PER_CM


@dataclass(frozen=True, slots=True)
class Specification:
    """One way of computing the result: its choices by factor, and the proportion 0..1 with its interval; `is_main` is the planned one."""

    choices: Mapping[str, str]
    value: float
    ci_low: float
    ci_high: float
    is_main: bool = False


def draw_specification_curve(
    specifications: Sequence[Specification], *, outcome: str = "", axis_title: str = "Proportion, %"
) -> Drawing:
    """Draw results from the lowest to the highest, and below them which choices made each; the planned one stands out.

    Raises:
        ValueError: If there is none, or they do not decide the same factors.
    """
    if not specifications:
        raise ValueError("a specification curve needs at least one specification")
    factors = list(specifications[0].choices)
    if any(list(each.choices) != factors for each in specifications):
        raise ValueError("every specification must decide the same factors in the same order")
    ordered = sorted(specifications, key=lambda each: (each.value, tuple(each.choices.values())))
    with fixed_settings():
        page = _draw(ordered, _list_choices(specifications), axis_title)
    span = f"{_form_percent(ordered[0].value, 1)} to {_form_percent(ordered[-1].value, 1)}%"
    main = " A triangle marks the planned analysis." if any(each.is_main for each in ordered) else ""
    caption = f"{outcome or 'Result'} under {len(ordered)} specifications, with intervals: {span}.{main}"
    alt = f"Specification curve: {len(ordered)} results from {span}; factors: {', '.join(factors)}."
    return Drawing(page.figure, caption, alt, "Specification curve")


class _Row(NamedTuple):
    """A line of the lower panel: the name of a factor, or one of its choices, wrapped."""

    factor: str
    choice: str | None
    lines: list[str]

    @property
    def height(self) -> float:
        return len(self.lines) * _SIZE * LEADING + (2 if self.choice is not None else 2 + _FACTOR_GAP)


def _list_choices(specifications: Sequence[Specification]) -> list[_Row]:
    rows: list[_Row] = []
    for factor in specifications[0].choices:
        rows.append(_Row(factor, None, wrap_text(factor, _LABEL_MOST, _SIZE, bold=True)))
        choices = dict.fromkeys(each.choices[factor] for each in specifications)
        rows += [_Row(factor, choice, wrap_text(choice, _LABEL_MOST - _INDENT, _SIZE)) for choice in choices]
    return rows


def _draw(ordered: Sequence[Specification], rows: Sequence[_Row], axis_title: str) -> Page:
    highest = min(1.0, max(each.ci_high for each in ordered) * 1.05)
    scale = Axis(_MARGIN + _CURVE_HEIGHT, -_CURVE_HEIGHT, 0.0, highest)
    label = max(measure_text(line, _SIZE, bold=True) for row in rows for line in row.lines) + _INDENT
    left = _MARGIN + max(label, side_axis_width(scale, _SIZE, _form_percent)) + 6
    step = max(1.2, min(_STEP_MOST, (_MAX_WIDTH - left - 2 * _MARGIN) / len(ordered)))
    places = [left + step * (place + 0.5) for place in range(len(ordered))]
    height = _MARGIN + _CURVE_HEIGHT + 12 + sum(row.height for row in rows) + _MARGIN
    page = Page(left + step * len(ordered) + 2 * _MARGIN, height)
    draw_side_axis(page, scale, left, size=_SIZE, title=axis_title, form=_form_percent)
    for x, each in zip(places, ordered, strict=True):
        colour = VERMILION if each.is_main else BLUE
        low, high = scale.place(each.ci_low), scale.place(each.ci_high)
        page.line([(x, low), (x, high)], colour=colour, width=min(1.0, step * 0.4))
        page.circle(x, scale.place(each.value), min(2.2, step * 0.42), fill=colour)
        if each.is_main:
            page.polygon([(x, high - 2), (x - 2.5, high - 7), (x + 2.5, high - 7)], fill=colour)
    y = _MARGIN + _CURVE_HEIGHT + 12
    for row in rows:
        indent = _INDENT if row.choice is not None else 0.0
        gap = _FACTOR_GAP if row.choice is None else 0.0
        page.lines(_MARGIN + indent, y + gap, row.lines, size=_SIZE, bold=row.choice is None)
        if row.choice is not None:
            middle = y + len(row.lines) * _SIZE * LEADING / 2
            page.line([(left, middle), (places[-1] + step / 2, middle)], colour=PALE, width=0.5)
            _draw_choices(page, row, places, ordered, middle, min(1.6, step * 0.4))
        y += row.height
    return page


def _draw_choices(
    page: Page, row: _Row, places: Sequence[float], ordered: Sequence[Specification], middle: float, half: float
) -> None:
    for x, each in zip(places, ordered, strict=True):
        if each.choices[row.factor] == row.choice:
            colour = VERMILION if each.is_main else GREY
            page.rectangle(x - half, middle - 2.2, 2 * half, 4.4, fill=colour, edge=None)


def _form_percent(value: float, digits: int = 0) -> str:
    return format_number(round(100 * value, 6), digits)
