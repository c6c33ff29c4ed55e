"""A horizontal or vertical scale in points: where a value stands, which values are written beside it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from review.reporting.page import CAP_HEIGHT
from review.reporting.page import Page
from review.reporting.typeface import measure_text

_TICK = 3.0
_LINE_WIDTH = 0.8
_EDGE = 2.0


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear scale from `low` to `high` over `length` points from `start`; a negative length runs upward on a page."""

    start: float
    length: float
    low: float
    high: float

    def place(self, value: float) -> float:
        """Return the coordinate of a value, cut to the ends of the scale."""
        cut = min(max(value, self.low), self.high)
        return self.start + (cut - self.low) / (self.high - self.low) * self.length

    def ticks(self, most: int = 6) -> list[float]:
        """Choose round values on the scale: steps of 1, 2 or 5 times a power of ten, at most `most` of them."""
        span = self.high - self.low
        power = 10.0 ** math.floor(math.log10(span / most))
        step = next(power * factor for factor in (1, 2, 5, 10, 20) if span / (power * factor) <= most - 1 + 1e-9)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class LogAxis(Axis):
    """A scale of ratios: its values, and `low` and `high`, are logarithms to the base of ten."""

    def ticks(self, most: int = 6) -> list[float]:
        """Choose 1, 2 and 5 times the powers of ten, or fewer of them, at most `most`; where none is on the scale, its ends."""
        first, last = math.floor(self.low), math.ceil(self.high)
        for factors, step in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 4)):
            powers = [power for power in range(first, last + 1) if power % step == 0]
            ticks = [power + math.log10(factor) for power in powers for factor in factors]
            shown = [tick for tick in ticks if self.low - 1e-9 <= tick <= self.high + 1e-9]
            if 2 <= len(shown) <= most:
                return shown
        return [self.low, self.high]


def draw_axis(page: Page, axis: Axis, y: float, *, size: float, title: str, form: Callable[[float], str]) -> None:
    """Draw a scale along the page at height `y`, its values and title below it."""
    page.line([(axis.start, y), (axis.start + axis.length, y)], width=_LINE_WIDTH)
    for most in (6, 5, 4, 3, 2):
        ticks = axis.ticks(most)
        if not _is_crowded(ticks, form, axis, size):
            break
    for tick in ticks:
        x = axis.place(tick)
        page.line([(x, y), (x, y + _TICK)], width=_LINE_WIDTH)
        page.text(x, y + _TICK + size * (CAP_HEIGHT + 0.3), form(tick), size=size, align="center")
    if title:
        # A title longer than its axis stays on the page.
        half = measure_text(title, size) / 2
        middle = max(half + _EDGE, min(axis.start + axis.length / 2, page.width - half - _EDGE))
        page.text(middle, y + axis_height(size) - size * 0.3, title, size=size, align="center")


def draw_side_axis(page: Page, axis: Axis, x: float, *, size: float, title: str, form: Callable[[float], str]) -> None:
    """Draw a scale up the page at `x`, its values left of it and its title beside them, turned."""
    page.line([(x, axis.start), (x, axis.start + axis.length)], width=_LINE_WIDTH)
    for tick in axis.ticks():
        y = axis.place(tick)
        page.line([(x - _TICK, y), (x, y)], width=_LINE_WIDTH)
        page.text(x - _TICK - 2, y + size * CAP_HEIGHT / 2, form(tick), size=size, align="right")
    page.text(x - side_axis_width(axis, size, form) + size, axis.start + axis.length / 2, title, size=size, rotation=90)


def axis_height(size: float) -> float:
    """Return the points that an axis with its title takes below its line."""
    return _TICK + size * (CAP_HEIGHT + 0.3) + size * 1.6


def side_axis_width(axis: Axis, size: float, form: Callable[[float], str]) -> float:
    """Return the points that a side axis with its title takes left of its line."""
    widest = max(measure_text(form(tick), size) for tick in axis.ticks())
    return _TICK + 2 + widest + size * 2


def _is_crowded(ticks: list[float], form: Callable[[float], str], axis: Axis, size: float) -> bool:
    halves = [measure_text(form(tick), size) / 2 for tick in ticks]
    steps = (abs(axis.place(right) - axis.place(left)) for left, right in pairwise(ticks))
    return any(sum(pair) + size * 0.6 > step for pair, step in zip(pairwise(halves), steps, strict=True))
