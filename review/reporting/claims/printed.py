"""Numbers as a text prints them: the exact value, the decimals, and what it may have been rounded from.

A printed number stands for every true number that rounds to it; both roundings of a tie count, so that the ends belong to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from review.numerals import parse_number

_UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_WORDS = {word: number for number, word in enumerate(_UNITS)} | _TENS | {
    f"{ten}-{_UNITS[unit]}": value + unit for ten, value in _TENS.items() for unit in range(1, 10)
} | {
    f"{ten} {_UNITS[unit]}": value + unit for ten, value in _TENS.items() for unit in range(1, 10)
} | {"none": 0}  # fmt: skip

#: A pattern of the words for numbers, the longest first.
WORD = r"(?<!ty )(?:" + "|".join(sorted(_WORDS, key=len, reverse=True)) + ")"

#: What no count stands behind, and what none is followed by: a decimal's, date's, range's or reference's other part, a word for hundreds.
BEFORE_COUNT = r"(?<![\w.,/^$-])(?<!hundred )(?<!hundred and )(?<!thousand )(?<!hundred-)"
AFTER_COUNT = r"(?![\w^]|[.,]\d|-\d|[\s-]+(?:hundred|thousand|million)\b)"

#: A count in digits or words up to ninety-nine.
COUNT = BEFORE_COUNT + r"(?:\d{1,7}|" + WORD + ")" + AFTER_COUNT

#: A number without a sign; `.05` is one. Bounded, so that a line of digits costs nothing.
NUMBER = r"(?<![\w.^])(?<![A-Za-z]-)(?:\d{1,7}\.\d{1,6}|(?<!\d,)\d{1,7}(?!,\d)|\.\d{1,6})(?![\w^]|\.\d)"

#: The same with a sign.
SIGNED = r"(?<![\w.^])(?<![A-Za-z]-)[+-]?(?:\d{1,7}\.\d{1,6}|(?<!\d,)\d{1,7}(?!,\d)|\.\d{1,6})(?![\w^]|\.\d)"


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number: `value` with `digits` decimals."""

    value: Fraction
    digits: int = 0

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a decimal number as printed.

        Raises:
            ValueError: If the text is none.
        """
        return cls(parse_number(text), len(text.partition(".")[2]))

    @property
    def half(self) -> Fraction:
        """Half a unit of the last printed decimal."""
        return Fraction(1, 2 * 10**self.digits)

    @property
    def low(self) -> Fraction:
        """The least number that prints so."""
        return self.value - self.half

    @property
    def high(self) -> Fraction:
        """The largest number that prints so."""
        return self.value + self.half

    def holds(self, number: Fraction) -> bool:
        """Whether a number prints so."""
        return self.low <= number <= self.high

    def scale(self, factor: int) -> Printed:
        """The same number in another unit, as percent of a fraction: 0.47 times 100 is 47 with no decimals."""
        lost = len(str(factor)) - 1
        return Printed(self.value * factor, max(self.digits - lost, 0))


def read_count(text: str) -> int:
    """Read a count in digits or in words up to ninety-nine.

    Raises:
        KeyError: If the text is none.
    """
    return int(text) if text.isdigit() else _WORDS[" ".join(text.lower().split())]
