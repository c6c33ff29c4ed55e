"""Exact answers: what can be said without a model, or where a model has nothing to estimate.

Pooled counts with the Clopper-Pearson interval and one-sided bound; two groups by Fisher's exact test, its mid-P version
and the conditional odds ratio; homogeneity of several studies by the exact test of the k x 2 table, Pearson's chi2 and a
cluster-robust interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from numpy.typing import NDArray
from scipy.special import chdtrc
from scipy.special import expit
from scipy.special import gammaln
from scipy.special import stdtrit

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.firth import fit_firth_common
from review.pooling.intervals import bound
from review.pooling.intervals import interval
from review.pooling.roots import solve_brackets

Array = NDArray[np.float64]
Interval = tuple[float, float]

#: Outcomes as probable as the observed one up to this relative error count as equally probable.
TIE = 1e-7
#: The exact test of homogeneity gives up beyond this many distinct partial tables.
MOST_TABLES = 3_000_000


@dataclass(frozen=True, slots=True)
class PooledCounts:
    """All events over all patients, as if there were one common proportion; fractions 0..1.

    `bound` is the one-sided exact limit at the same level where there are no events (an upper one) or only events (a lower
    one), else None. `firth` is the bias-reduced proportion, finite on the logit scale even there.
    """

    events: int
    total: int
    estimate: float
    ci: Interval
    bound: float | None
    firth: float


def count_pooled(
    events: ArrayLike, total: ArrayLike, *, method: str = "clopper-pearson", level: float = 0.95
) -> PooledCounts:
    """Pool counts by adding them up.

    Args:
        events: (k,) counts.
        total: (k,) counts.
        method: An interval method of `review.pooling.intervals`.
        level: Of the interval and the bound.
    """
    x, n = int(np.sum(events)), int(np.sum(total))
    side: Literal["lower", "upper"] = "upper" if x == 0 else "lower"
    one_sided = bound(x, n, side=side, level=level) if x in {0, n} else None
    firth = float(expit(fit_firth_common(x, n)[0]))
    return PooledCounts(x, n, x / n, interval(x, n, method=method, level=level), one_sided, firth)


@dataclass(frozen=True, slots=True)
class TwoGroups:
    """Two groups compared given their totals and the number of events in all.

    `odds_ratio` is the conditional maximum-likelihood estimate of the second group against the first, 0 or inf at the edge of
    what can occur; None where the margins allow a single table only.
    """

    p_fisher: float
    p_mid: float
    odds_ratio: float | None
    ci: Interval | None


def compare_groups(first: tuple[int, int], second: tuple[int, int], *, level: float = 0.95) -> TwoGroups:
    """Compare events of total in two groups, exactly.

    Two-sided p values add the probabilities of all tables that are no more probable than the observed one; mid-P takes half
    of those that are as probable. The interval inverts both one-sided exact tests.

    Args:
        first: Events and total of the reference group.
        second: Events and total of the other group.
        level: Of the interval.

    Source: Fisher 1935; Cornfield 1956 for the interval; Lancaster 1961, JASA 56: 223-234 for mid-P.
    """
    (a, m), (b, n) = first, second
    if not (0 <= a <= m and 0 <= b <= n and m > 0 and n > 0):
        raise PoolError(f"{a} of {m} against {b} of {n} cannot be compared; expected 0 <= events <= total, total >= 1")
    events = a + b
    support = np.arange(max(0, events - m), min(events, n) + 1, dtype=float)
    log_weight = _log_choose(n, support) + _log_choose(m, events - support)
    mass = np.exp(log_weight - log_weight.max())
    mass /= mass.sum()
    observed = mass[int(b - support[0])]
    less = float(mass[mass < observed * (1 - TIE)].sum())
    tied = float(mass[np.abs(mass - observed) <= observed * TIE].sum())
    p_fisher, p_mid = min(1.0, less + tied), less + 0.5 * tied
    if support.size == 1:
        return TwoGroups(p_fisher, p_mid, None, None)
    tail = (1 - level) / 2

    def mean(log_odds: Array) -> Array:
        return np.asarray(_tilt(log_weight, support, log_odds) @ support - b)

    def at_least(log_odds: Array) -> Array:
        return np.asarray(_tilt(log_weight, support, log_odds)[:, support >= b].sum(axis=1) - tail)

    def at_most(log_odds: Array) -> Array:
        return np.asarray(tail - _tilt(log_weight, support, log_odds)[:, support <= b].sum(axis=1))

    edge_low, edge_high = b == support[0], b == support[-1]
    ratio = 0.0 if edge_low else np.inf if edge_high else _solve_odds(mean)
    low = 0.0 if edge_low else _solve_odds(at_least)
    high = np.inf if edge_high else _solve_odds(at_most)
    return TwoGroups(p_fisher, p_mid, ratio, (low, high))


def _log_choose(n: float | Array, k: Array) -> Array:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def _tilt(log_weight: Array, support: Array, log_odds: Array) -> Array:
    """Noncentral hypergeometric probabilities, one row per odds ratio."""
    log_mass = log_weight + log_odds[:, None] * support
    mass = np.exp(log_mass - log_mass.max(axis=1, keepdims=True))
    return np.asarray(mass / mass.sum(axis=1, keepdims=True))


def _solve_odds(function: Callable[[Array], Array]) -> float:
    root = solve_brackets(function, np.array([-60.0]), np.array([60.0]))
    return float(np.exp(root[0]))


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """Tests that all studies share one proportion.

    `p_exact` is None where the table is too large; `p_pearson` where no or all patients had the event.
    """

    p_exact: float | None
    chi2: float | None
    df: int
    p_pearson: float | None


def check_homogeneity(events: ArrayLike, total: ArrayLike) -> tuple[Homogeneity, tuple[Finding, ...]]:
    """Test homogeneity of two or more studies exactly and by Pearson's chi2.

    Returns:
        The tests; and a finding where the exact one was not feasible.

    Raises:
        PoolError: For fewer than two studies.
    """
    x, n = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
    if x.size < 2:
        raise PoolError("homogeneity needs two or more studies")
    p = x.sum() / n.sum()
    chi2, p_pearson = None, None
    if 0 < p < 1:
        chi2 = float((((x - n * p) ** 2) / (n * p * (1 - p))).sum())
        p_pearson = float(chdtrc(x.size - 1, chi2))
    p_exact = _sum_tables(x, n)
    findings: tuple[Finding, ...] = ()
    if p_exact is None:
        text = f"the exact test of homogeneity would need more than {MOST_TABLES} partial tables; Pearson's test stands"
        findings = (find("POOL-159", text),)
    return Homogeneity(p_exact, chi2, x.size - 1, p_pearson), findings


def _sum_tables(x: Array, n: Array) -> float | None:
    """Probability, given all margins, of the tables no more probable than the observed one; None if there are too many.

    Tables are built study by study; partial tables with equal sums and equal probabilities are merged, which keeps many
    studies of one patient cheap.
    """
    events = int(x.sum())
    observed = float(_log_choose(n, x).sum())
    sums, logs, ways = np.zeros(1), np.zeros(1), np.ones(1)
    sizes = np.sort(n)
    for i, size in enumerate(sizes[:-1]):
        if sums.size * (size + 1) > MOST_TABLES:
            return None
        k = np.arange(size + 1)
        sums = (sums[:, None] + k).ravel()
        logs = (logs[:, None] + _log_choose(size, k)).ravel()
        ways = np.repeat(ways, k.size)
        possible = (sums <= events) & (events - sums <= sizes[i + 1 :].sum())
        sums, logs, ways = sums[possible], logs[possible], ways[possible]
        # One whole number for the sum and the logarithm to eight decimals: quick to sort.
        key = sums.astype(np.int64) * 2**42 + np.rint(logs * 1e8).astype(np.int64)
        _unique, first, index = np.unique(key, return_index=True, return_inverse=True)
        ways = np.bincount(index.ravel(), weights=ways).astype(float)
        sums, logs = sums[first], logs[first]
    # The last study's count is what is left over.
    logs = logs + _log_choose(sizes[-1], events - sums)
    log_all = float(_log_choose(n.sum(), np.array(float(events))))
    below = logs <= observed + 1e-7
    return min(1.0, float((ways[below] * np.exp(logs[below] - log_all)).sum()))


@dataclass(frozen=True, slots=True)
class ClusterRobust:
    """The pooled proportion with a standard error that allows for differences between studies; t with k - 1 degrees.

    `ci` is on the proportion's own scale and not clipped, `ci_logit` on the logit's, None where that does not exist.
    """

    estimate: float
    se: float
    ci: Interval
    ci_logit: Interval | None


def estimate_cluster_robust(events: ArrayLike, total: ArrayLike, *, level: float = 0.95) -> ClusterRobust:
    """Estimate the ratio of sums with studies as clusters.

    Raises:
        PoolError: For fewer than two studies.

    Source: Cochran, Sampling techniques, 1977, section 6.4 (the ratio estimator's variance).
    """
    x, n = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
    if x.size < 2:
        raise PoolError("a cluster-robust interval needs two or more studies")
    k, everyone = x.size, n.sum()
    p = float(x.sum() / everyone)
    se = float(np.sqrt(k / (k - 1) * ((x - p * n) ** 2).sum()) / everyone)
    t = float(stdtrit(k - 1, (1 + level) / 2))
    on_logit = None
    if 0 < p < 1:
        centre, spread = np.log(p / (1 - p)), t * se / (p * (1 - p))
        on_logit = (float(expit(centre - spread)), float(expit(centre + spread)))
    return ClusterRobust(p, se, (p - t * se, p + t * se), on_logit)
