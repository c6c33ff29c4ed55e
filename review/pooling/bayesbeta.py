"""Bayesian beta-binomial model with uniform priors on the mean proportion and the intraclass correlation.

Both are integrated by double-exponential rules over (0, 1), mu = expit(pi sinh s) and rho = expit(pi sinh t), so that
posteriors that pile up at 0 or 1, as after no event at all, are resolved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from numpy.typing import NDArray
from scipy.special import expit
from scipy.special import log_expit

from review.errors import PoolError
from review.pooling.betabinomial import BetaBinomialSurface
from review.pooling.density import GridDensity
from review.pooling.density import Summary
from review.pooling.density import explore
from review.pooling.posterior import split_level

Array = NDArray[np.float64]

#: expit(pi sinh 3) is within 3e-14 of 1.
REACH = 3.0


@dataclass(frozen=True, slots=True)
class BetaPosterior:
    """Posterior of the marginal proportion `mu` and the intraclass correlation `rho`; fractions 0..1."""

    level: float
    mu: Summary
    rho: Summary
    log_marginal: float


def pool_beta(events: ArrayLike, total: ArrayLike, *, level: float = 0.95) -> BetaPosterior:
    """Compute the posterior under mu ~ Uniform(0, 1) and rho ~ Uniform(0, 1), rho = 1 / (a + b + 1).

    Args:
        events: (k,) counts.
        total: (k,) counts, at least 1.
        level: Of the intervals.
    """
    x, n = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
    if x.size == 0:
        raise PoolError("there are no studies to pool")
    surface = BetaBinomialSurface(x, n)

    def exact(s: Array, t: Array) -> Array:
        likelihood = surface.log_likelihood(np.pi * np.sinh(s), np.exp(np.pi * np.sinh(t)))
        return likelihood + _log_jacobian(s) + _log_jacobian(t)

    def rough(s: Array, t: Array) -> Array:
        points = np.meshgrid(s, t, indexing="ij")
        return exact(*(p.ravel() for p in points)).reshape(s.size, t.size)

    s, t, log_mass = explore(rough, exact, ((-REACH, REACH), (-REACH, REACH)))
    top = float(log_mass.max())
    mass = np.exp(log_mass - top)
    log_marginal = top + float(np.log(mass.sum() * (s[1] - s[0]) * (t[1] - t[0])))
    mass /= mass.sum()
    return BetaPosterior(
        level, _summarise(s, mass.sum(axis=1), level), _summarise(t, mass.sum(axis=0), level), log_marginal
    )


def _log_jacobian(s: Array) -> Array:
    logit = np.pi * np.sinh(s)
    return np.asarray(log_expit(logit) + log_expit(-logit) + np.log(np.pi * np.cosh(s)))


def _summarise(s: Array, mass: Array, level: float) -> Summary:
    value = expit(np.pi * np.sinh(s))
    density = GridDensity(s, mass)
    mean = float(mass @ value)
    sd = float(np.sqrt(mass @ (value - mean) ** 2))
    median, low, high = (float(expit(np.pi * np.sinh(density.quantile(p)))) for p in split_level(level))
    return Summary(mean, sd, median, (low, high))
