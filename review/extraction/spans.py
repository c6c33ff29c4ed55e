"""Numbers and dates of which only limits may be known, and what can be said of them for sure.

A value such as `< 20` or a date such as `2019-03` is a span of possible values. A comparison is true or false where it is so for every
value in the spans, else it is unknown (None), never guessed.

Source: Kleene SC. Introduction to metamathematics. 1952, section 64 (strong three-valued logic).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

#: True, False, or None where it is not known.
Truth = bool | None


@dataclass(frozen=True, slots=True)
class Span:
    """All numbers from `low` to `high`; None is without limit, `open_low` and `open_high` leave the limit itself out."""

    low: Fraction | None = None
    high: Fraction | None = None
    open_low: bool = False
    open_high: bool = False

    @property
    def point(self) -> Fraction | None:
        """The number, where there is only one."""
        return self.low if self.low is not None and self.low == self.high else None


def make_point(value: Fraction) -> Span:
    """Return the span of one number."""
    return Span(value, value)


def make_span(value: Fraction, operator: str) -> Span:
    """Return what an inequality leaves; `~` (about) is taken as its number, as a reader would."""
    if operator in ("<", "<="):
        return Span(high=value, open_high=operator == "<")
    if operator in (">", ">="):
        return Span(low=value, open_low=operator == ">")
    return make_point(value)


def make_date_span(text: str) -> Span:
    """Return the days of `2019-03-31`, `2019-03` or `2019`, counted as `date.toordinal` does.

    Raises:
        ValueError: If the text is no date.
    """
    parts = text.split("-")
    if [len(part) for part in parts] not in ([4], [4, 2], [4, 2, 2]) or not all(
        part.isascii() and part.isdigit() for part in parts
    ):
        raise ValueError(f"{text!r} is not a date")
    year, *rest = map(int, parts)
    if 0 in rest:
        raise ValueError(f"{text!r} is not a date")
    month, day = (*rest, 0, 0)[:2]
    first = date(year, month or 1, day or 1)
    last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    return Span(Fraction(first.toordinal()), Fraction(last.toordinal()))


def add(left: Span, right: Span) -> Span:
    """Add two spans."""
    return Span(
        None if left.low is None or right.low is None else left.low + right.low,
        None if left.high is None or right.high is None else left.high + right.high,
        left.open_low or right.open_low,
        left.open_high or right.open_high,
    )


def negate(span: Span) -> Span:
    """Mirror a span at 0."""
    low = None if span.high is None else -span.high
    high = None if span.low is None else -span.low
    return Span(low, high, span.open_high, span.open_low)


def multiply(left: Span, right: Span) -> Span | None:
    """Multiply; None (unknown) unless one of the two is a single number."""
    if left.point is None:
        left, right = right, left
    factor = left.point
    if factor is None:
        return None
    if factor == 0:
        return make_point(Fraction(0))
    if factor < 0:
        factor, right = -factor, negate(right)
    return Span(
        None if right.low is None else right.low * factor,
        None if right.high is None else right.high * factor,
        right.open_low,
        right.open_high,
    )


def divide(left: Span, right: Span) -> Span | None:
    """Divide; None (unknown) unless the divisor is a single number other than 0."""
    return multiply(left, make_point(1 / right.point)) if right.point else None


def absolute(span: Span) -> Span:
    """Return the span of the absolute values."""
    if span.low is not None and span.low >= 0:
        return span
    if span.high is not None and span.high <= 0:
        return negate(span)
    if span.low is None or span.high is None:
        return Span(low=Fraction(0))
    high = max(-span.low, span.high)
    # The limit is left out only if every end that reaches it leaves it out.
    ends = ((-span.low, span.open_low), (span.high, span.open_high))
    return Span(Fraction(0), high, open_high=all(is_open for end, is_open in ends if end == high))


def is_less(left: Span, right: Span) -> Truth:
    """Whether left < right."""
    if left.high is not None and right.low is not None:
        is_apart = left.open_high or right.open_low
        if left.high < right.low or (is_apart and left.high == right.low):
            return True
    if left.low is not None and right.high is not None and left.low >= right.high:
        return False
    return None


def is_equal(left: Span, right: Span) -> Truth:
    """Whether left = right."""
    if left.point is not None and left.point == right.point:
        return True
    return False if is_less(left, right) or is_less(right, left) else None


def negate_truth(value: Truth) -> Truth:
    """Not: what is unknown stays unknown."""
    return None if value is None else not value


def all_of(values: Iterable[Truth]) -> Truth:
    """And: one false decides, else one unknown leaves it unknown."""
    known = list(values)
    return False if False in known else None if None in known else True


def any_of(values: Iterable[Truth]) -> Truth:
    """Or: one true decides, else one unknown leaves it unknown."""
    known = list(values)
    return True if True in known else None if None in known else False


#: A value at hand: a span (number or date), a word, True or False; None is unknown.
Known = Span | str | bool | None


def _is_equal(one: Known, other: Known) -> Truth:
    return is_equal(one, other) if isinstance(one, Span) and isinstance(other, Span) else one == other


def _is_less(one: Known, other: Known) -> Truth:
    assert isinstance(one, Span)
    assert isinstance(other, Span)
    return is_less(one, other)


def _is_at_most(one: Known, other: Known) -> Truth:
    return negate_truth(_is_less(other, one))


def _differs(one: Known, other: Known) -> Truth:
    return negate_truth(_is_equal(one, other))


#: What the signs of comparison say of two values of one kind; `<` and its kin are of
COMPARISONS: Mapping[str, Callable[[Known, Known], Truth]] = {
    "<": _is_less,
    "<=": _is_at_most,
    ">": lambda one, other: _is_less(other, one),
    ">=": lambda one, other: _is_at_most(other, one),
    "=": _is_equal,
    "==": _is_equal,
    "!=": _differs,
}
