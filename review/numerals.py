"""Numbers as people read them: rounded half up on exact rationals.

Python's own rounding is half to even on binary fractions, so that 1/8 prints 12% and 5/8 prints 62%; papers and readers
expect 13% and 63%. Every printed number of the toolkit passes through here.

Source: the rounding rule is the usual one of journals (half away from zero); see reference cases 1/8, 5/8, 1/16 in the tests.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

#: Printed where a number cannot be given.
NOT_ESTIMABLE = "not estimable"

#: A decimal number of a person. Bounded, since `1e999999999` is a few letters that would fill the memory.
_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE)


def round_half_up(value: float | Fraction, digits: int = 0) -> Fraction:
    """Round half away from zero to `digits` decimals, exactly.

    A float is taken at its shortest decimal form (0.285 means 0.285, not the binary neighbour below it), since that is the
    number that a person sees.

    Raises:
        ValueError: If the value is infinite or not a number.
    """
    exact = _to_fraction(value)
    scale = 10**digits
    shifted = abs(exact) * scale
    whole = math.floor(shifted + Fraction(1, 2))
    return Fraction(whole if exact >= 0 else -whole, scale)


def format_number(value: float | Fraction, digits: int = 0, *, thousands: bool = False) -> str:
    """Print a number with exactly `digits` decimals; a rounded zero has no sign."""
    rounded = round_half_up(value, digits)
    sign = "-" if rounded < 0 else ""
    scaled = abs(rounded) * 10**digits
    text = str(scaled.numerator).rjust(digits + 1, "0")
    whole, decimals = (text[:-digits], text[-digits:]) if digits else (text, "")
    if thousands:
        whole = f"{int(whole):,}"
    return f"{sign}{whole}.{decimals}" if digits else f"{sign}{whole}"


def format_count(value: int) -> str:
    """Print a count with a comma between thousands: 20,788."""
    return f"{value:,}"


def count_noun(value: int, noun: str, plural: str = "") -> str:
    """Print a count with its noun in the right number: `1 record`, `2 records`; `plural` is for those that do not add an s."""
    return f"{format_count(value)} {noun if value == 1 else plural or f'{noun}s'}"


def format_percent(events: int, total: int, digits: int = 1) -> str:
    """Print events of total as a percentage, `47.4%`; computed on the exact fraction.

    Raises:
        ValueError: If the total is not positive or the events are not in 0..total.
    """
    if total <= 0 or not 0 <= events <= total:
        raise ValueError(f"{events}/{total} is not a proportion")
    return f"{format_number(Fraction(100 * events, total), digits)}%"


def format_share(value: float, digits: int = 1) -> str:
    """Print a fraction 0..1 as a percentage."""
    return f"{format_number(_to_fraction(value) * 100, digits)}%"


def format_interval(low: float, high: float, *, level: float = 0.95, digits: int = 1) -> str:
    """Print an interval of fractions in percent: `95% CI 24.4 to 71.1`."""
    name = format_number(_to_fraction(level) * 100, 1).removesuffix(".0")
    ends = (format_number(_to_fraction(end) * 100, digits) for end in (low, high))
    return f"{name}% CI {' to '.join(ends)}"


def format_proportion(
    events: int,
    total: int,
    interval: tuple[float, float] | None = None,
    *,
    level: float = 0.95,
    digits: int = 1,
) -> str:
    """Print a proportion with its counts: `9/19 (47.4%; 95% CI 24.4 to 71.1)`."""
    percent = format_percent(events, total, digits)
    tail = f"; {format_interval(*interval, level=level, digits=digits)}" if interval else ""
    return f"{events}/{total} ({percent}{tail})"


def parse_number(text: str) -> Fraction:
    """Read a decimal number exactly: `3.12`, `-5`, `.5`, `1e3`.

    Raises:
        ValueError: If the text is anything else (blank, a comma, words) or has more than 40 digits or a three-digit exponent.
    """
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        raise ValueError(f"{text!r} is not a number")
    return Fraction(stripped)


def _to_fraction(value: float | Fraction) -> Fraction:
    if isinstance(value, Fraction):
        return value
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value} has no printed form")
    # An integer stays exact however large it is; a float is taken at its shortest decimal form.
    return Fraction(value) if isinstance(value, int) else Fraction(repr(number))
