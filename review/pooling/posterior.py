"""What a Bayesian pooling returns, and the grid over the between-study standard deviation that all models share.

tau is integrated in t with tau = exp(pi/2 sinh t), the double-exponential rule, so that a posterior that piles up at zero
and one with a long tail are both resolved by some dozens of nodes.

Source: Takahasi and Mori 1974, Publ RIMS 9: 721-741.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from review.pooling.density import GridDensity
from review.pooling.density import Summary
from review.pooling.priors import Prior

Array = NDArray[np.float64]
Interval = tuple[float, float]

#: exp(pi/2 sinh t) is 1e-13 here: no prior has mass below.
T_LOW = -3.6


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A study's own posterior: mean, standard deviation and interval of its effect, and its proportion's mean.

    `proportion` is None where the model's scale is not the logit of a proportion.
    """

    mean: float
    sd: float
    ci: Interval
    proportion: float | None


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed after the data, on the scale of the model (the logit, for counts).

    `tau` is a standard deviation. `predicted_median` and `predicted_ci` are for the effect of a new study. `log_marginal` is the
    logarithm of the marginal likelihood, priors normalised (the flat one counts as 1). `proportion_mean` is the mean of
    expit(mu), `marginal_mean` of the mean proportion over studies; None for the normal-normal model.
    """

    prior: Prior
    level: float
    mu: Summary
    tau: Summary
    predicted_median: float
    predicted_ci: Interval
    log_marginal: float
    proportion_mean: float | None = None
    marginal_mean: float | None = None


def split_level(level: float) -> tuple[float, float, float]:
    """Probabilities of the median and of both ends of a central interval."""
    return 0.5, (1 - level) / 2, (1 + level) / 2


def to_tau(t: Array) -> Array:
    """Tau at nodes t."""
    return np.asarray(np.exp(0.5 * np.pi * np.sinh(t)))


def log_jacobian(t: Array) -> Array:
    """Logarithm of dtau/dt."""
    return np.asarray(0.5 * np.pi * np.sinh(t) + np.log(0.5 * np.pi * np.cosh(t)))


def find_reach(prior: Prior, largest: float = np.inf) -> float:
    """The largest t that matters under a prior: 9 scales of a half-normal, 1e7 of a half-Cauchy, at most `largest` in tau."""
    tau = min(prior.tau_scale * (9.0 if prior.tau_family == "HN" else 1e7), largest)
    return float(np.arcsinh(2 / np.pi * np.log(tau)))


def summarise_tau(t: Array, mass: Array, level: float) -> Summary:
    """Moments and quantiles of tau from masses at even nodes t."""
    tau = to_tau(t)
    density = GridDensity(t, mass)
    mean = float(mass @ tau)
    sd = float(np.sqrt(mass @ (tau - mean) ** 2))
    median, low, high = (float(to_tau(np.array(density.quantile(p)))) for p in split_level(level))
    return Summary(mean, sd, median, (low, high))
