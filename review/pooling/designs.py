"""Every outcome that a design of study sizes can have, or a sample of them, and how probable each is.

Studies of equal size are interchangeable, so that an outcome is, for each size, how many studies had 0, 1, 2, ... events:
a series of eight with eleven single cases has 108 outcomes, not 18 432.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.special import gammaln
from scipy.special import logsumexp

from review.errors import PoolError
from review.pooling.logisticnormal import integrate_log

Array = NDArray[np.float64]

#: A design with more outcomes than this is sampled.
MOST_OUTCOMES = 20_000
#: Outcomes drawn from a design that is sampled.
DRAWS = 8_000


@dataclass(frozen=True, slots=True)
class Truth:
    """What may be true: the proportion of the median study, and the standard deviation between studies (logit scale)."""

    p: float
    tau: float

    @property
    def logit(self) -> float:
        """The median proportion's logit."""
        return float(np.log(self.p / (1 - self.p)))

    @property
    def mean(self) -> float:
        """The mean proportion over studies."""
        return float(np.exp(integrate_log(1.0, 1.0, self.logit, self.tau**2)))


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Outcomes of a design.

    `events` (B, k) goes with `total` (k,); `tallies` (B, P) counts how many studies of an outcome show each of the `pairs` (P, 2) of
    events and total. `log_ways` is the logarithm of the number of arrangements of an outcome. `log_draw` is None where all
    outcomes are there, else the log probability, under the proposal, with which each was drawn (with replacement).
    """

    events: Array
    total: Array
    pairs: Array
    tallies: Array
    log_ways: Array
    log_draw: Array | None

    def log_probability(self, truth: Truth) -> Array:
        """Log probability (B,) of each outcome."""
        per_pair = integrate_log(self.pairs[:, 0], self.pairs[:, 1], truth.logit, truth.tau**2)
        return np.asarray(self.log_ways + self.tallies @ per_pair)


def count_outcomes(sizes: Sequence[int]) -> int:
    """Number of distinguishable outcomes of a design."""
    total = 1
    for size, times in Counter(sizes).items():
        total *= comb(times + size, size)
    return total


def list_outcomes(
    sizes: Sequence[int], truths: Sequence[Truth], *, most: int = MOST_OUTCOMES, draws: int = DRAWS, seed: int = 1
) -> Outcomes:
    """List all outcomes of a design, or draw some of them from an even mixture of truths.

    Args:
        sizes: Patients per study, each at least 1.
        truths: What is to be looked at; the sample is spread over them.
        most: How many outcomes may be listed.
        draws: How many to draw if there are more.
        seed: Of the draws.

    Raises:
        PoolError: For no studies or a size below 1.
    """
    if not sizes or min(sizes) < 1:
        raise PoolError("a design needs one study or more, each with one patient or more")
    groups = sorted(Counter(int(size) for size in sizes).items(), reverse=True)
    if count_outcomes(sizes) <= most:
        rows = np.array(list(_enumerate(groups)), dtype=float)
        return _tally(rows, groups)
    rng = np.random.default_rng(seed)
    total = np.repeat([size for size, _times in groups], [times for _size, times in groups])
    blocks = []
    for i, truth in enumerate(truths):
        share = draws // len(truths) + (i < draws % len(truths))
        p = expit(truth.logit + truth.tau * rng.standard_normal((share, total.size)))
        blocks.append(rng.binomial(total, p))
    outcomes = _tally(_sort_within(np.concatenate(blocks).astype(float), groups), groups)
    logs = np.stack([outcomes.log_probability(truth) for truth in truths])
    log_draw = np.asarray(logsumexp(logs, axis=0) - np.log(len(truths)))
    return Outcomes(outcomes.events, outcomes.total, outcomes.pairs, outcomes.tallies, outcomes.log_ways, log_draw)


def _enumerate(groups: Sequence[tuple[int, int]]) -> Iterator[tuple[int, ...]]:
    parts = [itertools.combinations_with_replacement(range(size + 1), times) for size, times in groups]
    for combination in itertools.product(*parts):
        yield tuple(itertools.chain.from_iterable(combination))


def _sort_within(rows: Array, groups: Sequence[tuple[int, int]]) -> Array:
    """Order the studies of one size by their events, so that equal outcomes look equal."""
    start = 0
    for _size, times in groups:
        rows[:, start : start + times].sort(axis=1)
        start += times
    return rows


def _tally(rows: Array, groups: Sequence[tuple[int, int]]) -> Outcomes:
    pairs, tallies = [], []
    log_ways = np.zeros(rows.shape[0])
    start = 0
    for size, times in groups:
        part = rows[:, start : start + times]
        seen = np.unique(part)
        counts = np.stack([(part == value).sum(axis=1) for value in seen], axis=1).astype(float)
        log_ways += gammaln(times + 1) - gammaln(counts + 1).sum(axis=1)
        pairs += [(value, size) for value in seen]
        tallies.append(counts)
        start += times
    total = np.repeat([float(size) for size, _times in groups], [times for _size, times in groups])
    return Outcomes(rows, total, np.array(pairs, dtype=float), np.concatenate(tallies, axis=1), log_ways, None)
