"""Means and standard deviations that whole numbers can have.

The mean of n whole numbers is a whole sum over n; with few patients most printed means are impossible. Of the squares, the sum is whole too, as odd or even as the sum of
the numbers, and not below what equal numbers would give.

Source: Brown NJL, Heathers JAJ. The GRIM test. Soc Psychol Personal Sci 2017;8:363-369, https://doi.org/10.1177/1948550616673876; Anaya J. The GRIMMER test. PeerJ
Preprints 2016;4:e2400v1, https://doi.org/10.7287/peerj.preprints.2400v1.
"""

from __future__ import annotations

import math
from fractions import Fraction

from review.numerals import format_number
from review.reporting.claims.printed import Printed

#: Sums and sums of squares are searched up to this many; a text that leaves more open is not told to be wrong.
_MOST = 2_000


def has_power(mean: Printed, n: int) -> bool:
    """Whether some mean with these decimals is impossible: n is below the number of printed steps in one."""
    return n < int(10**mean.digits)


def list_sums(mean: Printed, n: int) -> range:
    """Return the whole sums of n numbers whose mean prints so; none if the mean is impossible.

    Raises:
        ValueError: If n is not positive.
    """
    if n < 1:
        raise ValueError(f"a mean of {n} numbers cannot be")
    return range(math.ceil(mean.low * n), math.floor(mean.high * n) + 1)


def is_mean_possible(mean: Printed, n: int) -> bool:
    """Whether n whole numbers can have this mean."""
    return len(list_sums(mean, n)) > 0


def list_nearest(mean: Printed, n: int) -> list[str]:
    """Return the possible means next to an impossible one, at its decimals."""
    below = math.floor(mean.value * n)
    return list(dict.fromkeys(format_number(Fraction(total, n), mean.digits) for total in (below, below + 1)))


def is_sd_possible(mean: Printed, sd: Printed, n: int) -> bool:
    """Whether n whole numbers with this mean can have this standard deviation, of the sample (n - 1) or of these patients (n).

    Only what cannot be is denied: whether the sum of squares is whole, of the parity of the sum, and not too small. True for fewer than two numbers.
    """
    if n < 2:
        return True
    sums = list_sums(mean, n)
    if len(sums) > _MOST:
        return True
    return any(_has_squares(total, sd, n, divisor) for total in sums for divisor in (n - 1, n))


def _has_squares(total: int, sd: Printed, n: int, divisor: int) -> bool:
    centre = Fraction(total * total, n)
    low = centre + divisor * max(sd.low, Fraction(0)) ** 2
    high = centre + divisor * sd.high**2
    share, rest = divmod(total, n)
    least = rest * (share + 1) ** 2 + (n - rest) * share**2
    first = max(math.ceil(low), least)
    # The square of a whole number is odd where the number is.
    first += (first - total) % 2
    return first <= high
