"""When to stop: what the decisions so far say about the records that nobody has read.

Nothing here ends the screening and nothing excludes a record: the functions give figures, and people decide.

Sources: Callaghan & Müller-Hansen 2020, Statistical stopping criteria for automated screening, doi:10.1186/s13643-020-01521-4 (the test);
elusion is the share of relevant records among those left unread, estimated by a random sample whose bound is the exact
hypergeometric one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import floor

from review.errors import UsageError
from review.model import ReportId

#: The recall that screening aims at unless told otherwise.
TARGET = Fraction(95, 100)

#: The level of the bounds.
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Elusion:
    """A random sample of the unread, read to the end.

    Attributes:
        unread: Records that nobody had read when the sample was drawn.
        sample: How many of them were drawn and read.
        found: How many of these were relevant.
        bound: The largest number of relevant records among the `unread`, those found included, that the sample does not contradict.
        level: The bound's confidence, 0..1.
    """

    unread: int
    sample: int
    found: int
    bound: int
    level: float

    @property
    def missed(self) -> int:
        """The largest number of relevant records that may be left after the sample."""
        return self.bound - self.found


def assess_recall(relevant: Sequence[bool], records: int, target: Fraction = TARGET) -> float:
    """Return the p-value of the hypothesis that fewer than `target` of all relevant records are found.

    The records read last are taken for a random draw from those that were unread before them. Ranking makes relevant records rarer among
    the unread than a random draw would, so the test errs towards reading on. It looks at every such draw and gives the smallest p-value,
    which is not corrected for that, nor for looking again after every decision: it is evidence, no guarantee.

    Args:
        relevant: Whether each record read so far was relevant, in the order of reading.
        records: How many records there are, read and unread.
        target: The recall that is tested, above 0 and at most 1.

    Returns:
        0..1; 1 before anything is read, 0 when the unread are too few to hide what is missing.
    """
    _check_counts(len(relevant), records)
    if not 0 < target <= 1:
        raise UsageError(f"a recall of {float(target):g} cannot be tested; give one above 0 and at most 1")
    if not relevant:
        return 1.0
    if len(relevant) == records:
        return 0.0
    import numpy as np
    from scipy.stats import hypergeom

    labels = np.asarray(relevant, dtype=np.int64)
    size = np.arange(1, len(labels) + 1)
    drawn = np.cumsum(labels[::-1])
    total = int(drawn[-1])
    population = records - len(labels) + size
    # The fewest relevant records in the urn before the draw with which recall is below the target; whole numbers, so that no rounding
    # error of total / target can shift it by one.
    hidden = floor(total / target) + 1 - (total - drawn)
    if (hidden > population).any():
        return 0.0
    return float(np.min(hypergeom.cdf(drawn, population, hidden, size)))


def bound_unread(unread: int, sample: int, found: int, level: float = LEVEL) -> Elusion:
    """Bound the relevant records among the unread by a random sample of them.

    Args:
        unread: Records unread when the sample was drawn.
        sample: How many were drawn.
        found: How many of these were relevant.
        level: The bound's confidence, one-sided.

    Raises:
        UsageError: If the counts contradict each other.
    """
    if not 0 <= found <= sample <= unread or not sample:
        raise UsageError(f"a sample of {sample} of {unread} records with {found} relevant ones cannot be")
    if not 0 < level < 1:
        raise UsageError(f"a bound at level {level:g} cannot be given; give a level between 0 and 1")
    from scipy.stats import hypergeom

    low, high = found, unread - sample + found
    while low < high:
        middle = (low + high + 1) // 2
        if hypergeom.cdf(found, unread, middle, sample) >= 1 - level:
            low = middle
        else:
            high = middle - 1
    return Elusion(unread, sample, found, low, level)


def size_sample(unread: int, missed: int, level: float = LEVEL) -> int:
    """Return the smallest sample without a relevant record that bounds those missed by `missed`.

    Args:
        unread: Records that nobody has read.
        missed: How many relevant records among them may be missed at most.
        level: The bound's confidence.
    """
    if unread < 1 or missed < 0:
        raise UsageError(f"no sample of {unread} records bounds those missed by {missed}")
    low, high = 1, unread
    while low < high:
        middle = (low + high) // 2
        if bound_unread(unread, middle, 0, level).bound <= missed:
            high = middle
        else:
            low = middle + 1
    return low


def draw_sample(unread: Iterable[ReportId], size: int, seed: int) -> tuple[ReportId, ...]:
    """Draw a random sample of the unread; everybody who has the seed draws the same.

    Each record has its place by a hash of the seed and its id, which cannot depend on any ranking.
    """
    drawn = sorted(unread, key=lambda record: hashlib.sha256(f"elusion {seed} {record}".encode()).digest())
    return tuple(drawn[:size])


def trace_recall(relevant: Sequence[bool]) -> tuple[int, ...]:
    """Return how many relevant records were found after each record read: the curve that flattens as they run out."""
    return tuple(accumulate(int(label) for label in relevant))


def _check_counts(read: int, records: int) -> None:
    if read > records:
        raise UsageError(f"{read} records cannot have been read of {records}")
