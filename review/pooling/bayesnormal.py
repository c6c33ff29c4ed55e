"""Bayesian normal-normal model of estimates with known variances; by quadrature over tau, closed form over the rest.

For studies that are large enough for their estimates to be normal with known variance. For counts of a few patients take
`review.pooling.bayescounts`.

Source: Higgins, Thompson and Spiegelhalter 2009, JRSS A 172: 137-159; Roever 2020, J Stat Softw 93 (6), for the
mixture over tau.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from numpy.typing import NDArray
from scipy.special import ndtr

from review.errors import PoolError
from review.pooling.density import Summary
from review.pooling.density import find_quantile
from review.pooling.posterior import T_LOW
from review.pooling.posterior import Posterior
from review.pooling.posterior import Shrunk
from review.pooling.posterior import find_reach
from review.pooling.posterior import log_jacobian
from review.pooling.posterior import split_level
from review.pooling.posterior import summarise_tau
from review.pooling.posterior import to_tau
from review.pooling.priors import DEFAULT
from review.pooling.priors import Prior
from review.pooling.priors import parse_prior

Array = NDArray[np.float64]

#: Nodes over tau.
COUNT = 601


class _Mixture(NamedTuple):
    """The posterior as a mixture over tau: nodes, their masses, and mean and variance of mu given tau."""

    t: Array
    mass: Array
    mean: Array
    variance: Array
    log_marginal: float


def pool_normal(
    estimates: ArrayLike, variances: ArrayLike, *, prior: str | Prior = DEFAULT, level: float = 0.95
) -> Posterior:
    """Pool estimates with known sampling variances.

    Args:
        estimates: (k,) on a scale where they are about normal, such as the logit.
        variances: (k,) positive.
        prior: A prior or its name, for the mean and the standard deviation on that scale.
        level: Of the intervals.

    Raises:
        PoolError: For variances that are not positive or an unknown prior.
    """
    y, v, chosen = _check(estimates, variances, prior)
    mix = _mix(y, v, chosen)
    tau2 = to_tau(mix.t) ** 2
    new = _summarise(mix.mean, mix.variance + tau2, mix.mass, level)
    return Posterior(
        chosen,
        level,
        _summarise(mix.mean, mix.variance, mix.mass, level),
        summarise_tau(mix.t, mix.mass, level),
        new.median,
        new.ci,
        mix.log_marginal,
    )


def shrink_normal(
    estimates: ArrayLike, variances: ArrayLike, *, prior: str | Prior = DEFAULT, level: float = 0.95
) -> tuple[Shrunk, ...]:
    """Each study's own posterior, drawn towards the mean; arguments as for `pool_normal`."""
    y, v, chosen = _check(estimates, variances, prior)
    mix = _mix(y, v, chosen)
    tau2 = (to_tau(mix.t) ** 2)[:, None]
    share = v / (v + tau2)
    mean = (1 - share) * y + share * mix.mean[:, None]
    variance = share * tau2 + share**2 * mix.variance[:, None]
    found = (_summarise(mean[:, i], variance[:, i], mix.mass, level) for i in range(y.size))
    return tuple(Shrunk(s.mean, s.sd, s.ci, None) for s in found)


def _check(estimates: ArrayLike, variances: ArrayLike, prior: str | Prior) -> tuple[Array, Array, Prior]:
    y, v = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    if y.size == 0 or y.shape != v.shape or not np.all(v > 0) or not np.all(np.isfinite(y)):
        raise PoolError("the normal model needs one finite estimate and one positive variance for each study")
    return y, v, parse_prior(prior) if isinstance(prior, str) else prior


def _mix(y: Array, v: Array, prior: Prior) -> _Mixture:
    if y.size < 2 and prior.mu_sd is None:
        raise PoolError("one study and a flat prior leave the between-study variance unbounded; take a normal prior")
    t = np.linspace(T_LOW, find_reach(prior), COUNT)
    tau = to_tau(t)
    precision = 1 / (v + (tau * tau)[:, None])
    centre = float(np.average(y, weights=1 / v))
    own = 0.0 if prior.mu_sd is None else prior.mu_sd**-2
    shift = prior.mu_mean - centre
    variance = 1 / (precision.sum(axis=1) + own)
    mean = variance * (precision @ (y - centre) + own * shift)
    log_likelihood = 0.5 * (
        np.log(precision).sum(axis=1)
        - y.size * np.log(2 * np.pi)
        - precision @ (y - centre) ** 2
        - own * shift**2
        + mean**2 / variance
        + np.log(variance)
        + (np.log(2 * np.pi) if prior.mu_sd is None else np.log(own))
    )
    log_mass = log_likelihood + prior.log_tau(tau) + log_jacobian(t)
    top = float(log_mass.max())
    mass = np.exp(log_mass - top)
    log_marginal = top + float(np.log(mass.sum() * (t[1] - t[0])))
    return _Mixture(t, mass / mass.sum(), mean + centre, variance, log_marginal)


def _summarise(mean: Array, variance: Array, mass: Array, level: float) -> Summary:
    """Moments and quantiles of a mixture of normals."""
    centre = float(mass @ mean)
    sd = float(np.sqrt(mass @ (variance + (mean - centre) ** 2)))
    alive = mass > 1e-18
    m, s, w = mean[alive], np.sqrt(variance[alive]), mass[alive]
    low, high = float((m - 40 * s).min()), float((m + 40 * s).max())

    def cdf(at: float) -> float:
        return float(w @ ndtr((at - m) / s))

    median, lower, upper = (find_quantile(cdf, p, low, high) for p in split_level(level))
    return Summary(centre, sd, median, (lower, upper))
