"""What a spread can be: the limits that a range sets to a mean and to a standard deviation.

Everything is compared squared and as exact fractions; a bound is broken only if no number behind the printed ones keeps it.

Source: for the largest variance with a mean, Bhatia R, Davis C. A better bound on the variance. Am Math Mon 2000;107:353-357,
https://doi.org/10.2307/2589180; for the largest and the least of a range, Popoviciu (1935) and Nagy (1918) in their forms for n numbers.
"""

from __future__ import annotations

from fractions import Fraction

from review.reporting.claims.printed import Printed


def is_within(centre: Printed, low: Printed, high: Printed) -> bool:
    """Whether a mean or median may lie in low..high, whatever was rounded; the same tie is not taken up for one and down for the other."""
    return low.low < centre.high and centre.low < high.high


def is_ordered(low: Printed, high: Printed) -> bool:
    """Whether the first limit may be no larger than the second."""
    return low.low < high.high


def largest_sd_squared(low: Printed, high: Printed, n: int | None, mean: Printed | None = None) -> Fraction:
    """Square of the largest SD of a sample of n numbers within low..high, with this mean where one is given.

    Without n, the largest of any n from 2. The variance is at most (high - mean)(mean - low), times n/(n - 1) for a sample.
    """
    a, b = low.low, high.high
    count = n if n is not None and n >= 2 else 2
    correction = Fraction(count, count - 1)
    width = max(b - a, Fraction(0))
    # An odd number of patients cannot stand half at each end.
    halves = Fraction(n * n - 1, 4 * n * n) if n is not None and n % 2 else Fraction(1, 4)
    widest = width**2 * halves
    if mean is not None:
        # The product falls with the distance from the middle: the nearest mean that prints so counts.
        middle = (a + b) / 2
        nearest = min(max(middle, mean.low), mean.high)
        widest = min(widest, max((b - nearest) * (nearest - a), Fraction(0)))
    return widest * correction


def least_sd_squared(low: Printed, high: Printed, n: int) -> Fraction:
    """Square of the least SD of n numbers of which one is `low` and one is `high`, over n: all others stand in the middle."""
    width = max(high.low - low.high, Fraction(0))
    return width**2 / (2 * n)
