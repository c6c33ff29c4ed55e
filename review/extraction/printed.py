"""A printed number, and the true values that it may stand for: 53.5 is anything from 53.45 to 53.55."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from review.numerals import format_number
from review.numerals import parse_number


@dataclass(frozen=True, slots=True)
class Printed:
    """A number with `digits` decimals, which is rounded there; both ways of rounding a half are allowed for."""

    value: Fraction
    digits: int

    @property
    def low(self) -> Fraction:
        """The smallest true value."""
        return self.value - self._half

    @property
    def high(self) -> Fraction:
        """The largest true value."""
        return self.value + self._half

    @property
    def _half(self) -> Fraction:
        return Fraction(1, 2 * 10**self.digits)

    def may_be(self, true: Fraction | float) -> bool:
        """Whether a true value, rounded, can have been printed so."""
        return self.low <= Fraction(true) <= self.high

    def show(self, true: Fraction | float) -> str:
        """Write a true value with as many decimals."""
        return format_number(true, self.digits)


def read_printed(text: str) -> Printed:
    """Read a number as printed.

    Raises:
        ValueError: If the text is not a number.
    """
    mantissa, _, exponent = text.lower().partition("e")
    digits = len(mantissa.partition(".")[2]) - (int(exponent) if exponent else 0)
    return Printed(parse_number(text), max(digits, 0))
