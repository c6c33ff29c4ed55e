"""Confidence intervals for the between-study variance tau2, and for I2 where only Q is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.heterogeneity import estimate_tau2
from review.pooling.heterogeneity import raise_until
from review.pooling.heterogeneity import solve_q
from review.pooling.heterogeneity import typical_variance
from review.pooling.linear import Batch
from review.pooling.linear import Floats
from review.pooling.linear import log_likelihood
from review.pooling.linear import weigh_at
from review.pooling.roots import solve_brackets
from review.pooling.tails import check_level
from review.pooling.tails import chi_squared_quantile
from review.pooling.tails import critical_value

#: The names that `interval_tau2` knows.
METHODS: tuple[str, ...] = ("QP", "PL-ML", "PL-REML")


@dataclass(frozen=True, slots=True)
class Tau2Interval:
    """An interval for tau2 and what follows from it.

    Attributes:
        method: QP (Q-profile), PL-ML or PL-REML (profile likelihood).
        level: Confidence level, 0..1.
        tau2: Lower and upper limit, on the measure's squared scale.
        tau: Their square roots.
        i2: I2 at the limits, 0..100.
        h2: H2 at the limits, 1 or more.
        findings: What a reader must know.
    """

    method: str
    level: float
    tau2: tuple[float, float]
    tau: tuple[float, float]
    i2: tuple[float, float]
    h2: tuple[float, float]
    findings: tuple[Finding, ...] = ()


def interval_tau2(batch: Batch, *, method: str = "QP", level: float = 0.95) -> Tau2Interval | None:
    """Compute an interval for tau2 of one data set; None without residual degrees of freedom.

    Args:
        batch: One data set (no leading axes).
        method: A name of `METHODS`. Q-profile is exact for known sampling variances; the profile likelihood is not.
        level: Confidence level between 0 and 1.

    Raises:
        PoolError: For an unknown method or an impossible level.

    Source: Viechtbauer 2007, Stat Med 26:37-52; Hardy and Thompson 1996, Stat Med 15:619-629.
    """
    check_level(level)
    if method not in METHODS:
        raise PoolError(f"no interval for tau2 is called {method!r}; expected one of {', '.join(METHODS)}")
    if not float(batch.df) > 0:
        return None
    if method == "QP":
        low, high, findings = _q_profile(batch, level)
    else:
        low, high, findings = _profile_likelihood(batch, level, restricted=method == "PL-REML")
    typical = float(typical_variance(batch))
    return Tau2Interval(
        method,
        level,
        (low, high),
        (low**0.5, high**0.5),
        (100 * low / (low + typical), 100 * high / (high + typical)),
        (1 + low / typical, 1 + high / typical),
        findings,
    )


def _q_profile(batch: Batch, level: float) -> tuple[float, float, tuple[Finding, ...]]:
    df = float(batch.df)
    upper, lower = (np.asarray(chi_squared_quantile(p, df)) for p in ((1 - level) / 2, (1 + level) / 2))
    if float(weigh_at(batch, np.asarray(0.0)).rss) < upper:
        finding = find(
            "POOL-124",
            f"the studies agree better than chance allows, so that no tau2 is inside the {100 * level:g}% Q-profile interval",
            hint="read it as no sign of heterogeneity; with few or tiny studies it is no proof of its absence",
        )
        return 0.0, 0.0, (finding,)
    return float(solve_q(batch, lower)), float(solve_q(batch, upper)), ()


def _profile_likelihood(batch: Batch, level: float, *, restricted: bool) -> tuple[float, float, tuple[Finding, ...]]:
    best = estimate_tau2(batch, "REML" if restricted else "ML")
    drop = chi_squared_quantile(level, 1) / 2
    summit = log_likelihood(batch, weigh_at(batch, best), restricted=restricted)

    def inside(tau2: Floats) -> Floats:
        return drop - (summit - log_likelihood(batch, weigh_at(batch, tau2), restricted=restricted))

    zero = np.asarray(0.0)
    start = np.maximum(best, typical_variance(batch))
    top = raise_until(lambda t: inside(t) < 0, start)
    high = solve_brackets(inside, best, top)
    low = zero if inside(zero) >= 0 else solve_brackets(inside, zero, best)
    return float(low), float(high), ()


def interval_i2(q: float, df: int, *, level: float = 0.95) -> tuple[float, float] | None:
    """Compute the test-based interval of the I2 that follows from Q, (Q - df) / Q; None where Q is too small to give one.

    It is not an interval for the I2 of a random-effects model; `Tau2Interval.i2` is. It is here because readers compare with it.

    Args:
        q: Cochran's Q.
        df: Its degrees of freedom.
        level: Confidence level between 0 and 1.

    Returns:
        Limits of I2, 0..100.

    Raises:
        PoolError: For an impossible level.

    Source: Higgins and Thompson 2002, Stat Med 21:1539-1558, section 3 and appendix.
    """
    check_level(level)
    k = df + 1
    if df < 1 or (k == 2 and q <= k):
        return None
    if q > k:
        spread = (math.log(q) - math.log(df)) / (2 * (math.sqrt(2 * q) - math.sqrt(2 * k - 3)))
    else:
        spread = math.sqrt((1 - 1 / (3 * (k - 2) ** 2)) / (2 * (k - 2)))
    h = max(1.0, math.sqrt(q / df))
    reach = math.exp(critical_value(level) * spread)
    low, high = max(1.0, h / reach), max(1.0, h * reach)
    return 100 * (1 - low**-2), 100 * (1 - high**-2)
