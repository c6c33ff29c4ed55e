"""Swimmer plots: each case a bar as long as its follow-up, with its response and what happened on the way.

The response is written beside the bar, not only coloured; a case whose follow-up is not reported keeps its row and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from review.numerals import count_noun
from review.numerals import format_number
from review.reporting.axis import Axis
from review.reporting.axis import axis_height
from review.reporting.axis import draw_axis
from review.reporting.figure import MAX_HEIGHT_CM
from review.reporting.figure import POINTS_PER_CM
from review.reporting.figure import Drawing
from review.reporting.figure import fixed_settings
from review.reporting.page import CAP_HEIGHT
from review.reporting.page import LEADING
from review.reporting.page import Page
from review.reporting.palette import BLACK
from review.reporting.palette import BLUE
from review.reporting.palette import GREY
from review.reporting.palette import ORANGE
from review.reporting.palette import SEQUENCE
from review.reporting.palette import SILVER
from review.reporting.palette import WHITE
from review.reporting.typeface import measure_text
from review.reporting.typeface import wrap_text

_MARGIN = 6.0
_GAP = 10.0
_PLOT_WIDTH = 260.0
_LABEL_MOST, _RESPONSE_MOST = 150.0, 90.0
_MAX_HEIGHT = MAX_HEIGHT_CM * POINTS_PER_CM
_DENSITIES = ((8.0, 1.8), (8.0, 1.5), (7.0, 1.4), (6.5, 1.3), (6.0, 1.2))

#: The usual responses always look alike, and differ in grey print; others take the colours of the palette in turn.
_COLOURS: Mapping[str, str] = {"yes": BLUE, "no": ORANGE, "not known": SILVER}

#: Marks of events after the first, which is a circle: square, triangle, diamond.
_CORNERS: tuple[tuple[tuple[float, float], ...], ...] = (
    ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    ((0, -1.2), (1.2, 1), (-1.2, 1)),
    ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
)
_SHAPES = 1 + len(_CORNERS)


class SwimmerEvent(NamedTuple):
    """Something that happened to a case, at a `time` from the start of follow-up: `cycle`, `relapse`, `adverse event`."""

    time: float
    kind: str


@dataclass(frozen=True, slots=True)
class SwimmerCase:
    """One case; `followup` None where it is not known, and `note` then says so; `is_ongoing` where it may have been longer (`>= 12`)."""

    label: str
    followup: float | None
    response: str
    events: tuple[SwimmerEvent, ...] = ()
    is_ongoing: bool = False
    note: str = "not reported"


def draw_swimmer(
    cases: Sequence[SwimmerCase], *, outcome: str = "Response", title: str = "Follow-up", unit: str = "months"
) -> Drawing:
    """Draw a swimmer plot, cases from top to bottom as given; at most four kinds of events have a mark of their own.

    Args:
        cases: All times are in `unit`.
        outcome: What the responses are of, above their column.
        title: What the bars show, below the axis.
        unit: Of the follow-up and the events.

    Raises:
        ValueError: If there is no case, more than four kinds of events, or no follow-up at all.
    """
    followups = [case.followup for case in cases if case.followup is not None]
    if not followups:
        raise ValueError("a swimmer plot needs at least one case with a follow-up")
    kinds = list(dict.fromkeys(event.kind for case in cases for event in case.events))
    if len(kinds) > _SHAPES:
        raise ValueError(f"{len(kinds)} kinds of events are too many to tell apart; expected at most {_SHAPES}")
    for size, share in _DENSITIES:
        grid = _arrange(cases, outcome, size, size * share, len(kinds))
        if grid.height <= _MAX_HEIGHT:
            break
    longest = max(*followups, *(event.time for case in cases for event in case.events), 1.0)
    axis = Axis(grid.plot, _PLOT_WIDTH, 0.0, longest * 1.06)
    with fixed_settings():
        page = _draw(cases, kinds, outcome, axis, f"{title}, {unit}", grid)
    caption = f"Follow-up of {count_noun(len(cases), 'case')} with {outcome[:1].lower()}{outcome[1:]}."
    if any(case.is_ongoing for case in cases):
        caption += " Arrows: followed at least so long."
    return Drawing(page.figure, caption, _describe(cases, unit), "Follow-up and response")


@dataclass(frozen=True, slots=True)
class _Grid:
    """Places in points; `texts` holds the wrapped label and response of each case."""

    size: float
    response: float
    plot: float
    height: float
    texts: tuple[tuple[list[str], list[str]], ...]
    heights: tuple[float, ...]


def _arrange(cases: Sequence[SwimmerCase], outcome: str, size: float, pitch: float, kinds: int) -> _Grid:
    label = min(_LABEL_MOST, _widest(("Case", *(case.label for case in cases)), size))
    response = max(
        measure_text(outcome, size, bold=True), min(_RESPONSE_MOST, _widest([case.response for case in cases], size))
    )
    texts = tuple((wrap_text(case.label, label, size), wrap_text(case.response, response, size)) for case in cases)
    heights = tuple(pitch + (max(map(len, pair)) - 1) * size * LEADING for pair in texts)
    head = _MARGIN + size * 1.8
    height = head + sum(heights) + 3 + axis_height(size) + 4 + kinds * size * 1.5 + _MARGIN
    start = _MARGIN + label + _GAP
    return _Grid(size, start, start + response + _GAP, height, texts, heights)


def _widest(texts: Sequence[str], size: float) -> float:
    return max(measure_text(text, size, bold=True) for text in texts)


def _draw(
    cases: Sequence[SwimmerCase], kinds: Sequence[str], outcome: str, axis: Axis, axis_title: str, grid: _Grid
) -> Page:
    others = [each for each in dict.fromkeys(case.response for case in cases) if each not in _COLOURS]
    colours = {**_COLOURS, **{each: SEQUENCE[place % len(SEQUENCE)] for place, each in enumerate(others)}}
    size = grid.size
    page = Page(grid.plot + _PLOT_WIDTH + 2 * _MARGIN, grid.height)
    page.text(_MARGIN, _MARGIN + size, "Case", size=size, bold=True)
    page.text(grid.response, _MARGIN + size, outcome, size=size, bold=True)
    y = _MARGIN + size * 1.8
    for case, (label, response), height in zip(cases, grid.texts, grid.heights, strict=True):
        colour = colours[case.response]
        for x, lines in ((_MARGIN, label), (grid.response, response)):
            page.lines_around(x, y + height / 2, lines, size=size)
        _draw_case(page, case, axis, y + height / 2, size, colour, kinds)
        y += height
    draw_axis(page, axis, y + 3, size=size, title=axis_title, form=_form_time)
    y += 3 + axis_height(size) + 4
    for shape, kind in enumerate(kinds):
        _draw_event(page, _MARGIN + size / 2, y + size / 2, size * 0.36, shape)
        page.text(_MARGIN + size * 1.6, y + size / 2 + size * CAP_HEIGHT / 2, kind, size=size)
        y += size * 1.5
    return page


def _form_time(value: float) -> str:
    return format_number(value, 1).removesuffix(".0")


def _draw_case(
    page: Page, case: SwimmerCase, axis: Axis, y: float, size: float, colour: str, kinds: Sequence[str]
) -> None:
    if case.followup is None:
        page.text(
            axis.start + 3, y + size * CAP_HEIGHT / 2, f"follow-up {case.note}", size=size, colour=GREY, italic=True
        )
        return
    end = axis.place(case.followup)
    height = size * 0.8
    page.rectangle(axis.start, y - height / 2, end - axis.start, height, fill=colour, edge=None)
    if case.is_ongoing:
        page.polygon([(end, y - height / 2), (end + height * 0.8, y), (end, y + height / 2)], fill=colour)
    for event in case.events:
        _draw_event(page, axis.place(event.time), y, size * 0.36, kinds.index(event.kind))


def _draw_event(page: Page, x: float, y: float, radius: float, shape: int) -> None:
    if shape == 0:
        page.circle(x, y, radius, fill=WHITE, edge=BLACK, line_width=0.7)
        return
    points = [(x + dx * radius, y + dy * radius) for dx, dy in _CORNERS[shape - 1]]
    page.polygon(points, fill=WHITE, edge=BLACK, line_width=0.7)


def _describe(cases: Sequence[SwimmerCase], unit: str) -> str:
    told = []
    for case in cases:
        length = case.note if case.followup is None else f"{_form_time(case.followup)} {unit}"
        events = "".join(f", {event.kind} at {_form_time(event.time)}" for event in case.events)
        told.append(f"{case.label}: {case.response}, follow-up {length}{events}")
    return f"Swimmer plot. {'; '.join(told)}."
