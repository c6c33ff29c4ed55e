"""The likelihood and Bayesian intervals of every outcome of a design at once, from tables of the likelihood.

An outcome is a tally of (events, total) pairs, and the pairs are few: their log-likelihoods are tabulated once over
(logit, dispersion), and an outcome's surface is the tally times the table. Between nodes of the logit the profile is
a cubic spline, between those of the dispersion a parabola; limits are good to about four decimals.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.special import chdtri
from scipy.special import expit
from scipy.special import sici
from scipy.special import stdtrit

from review.pooling.betabinomial import log_probability
from review.pooling.designintervals import Limits
from review.pooling.designintervals import add_up
from review.pooling.designs import Outcomes
from review.pooling.logisticnormal import integrate_log
from review.pooling.posterior import log_jacobian
from review.pooling.posterior import to_tau
from review.pooling.priors import Prior
from review.pooling.tails import critical_value

Array = NDArray[np.float64]

#: Logits of the proportion that tables are made for.
LOGITS = np.linspace(-11.0, 11.0, 111)
#: Standard deviations between studies that the profile looks at. The largest is lower than that of a single fit, so that
#: tables are small; what a larger one would change is the width, by about 0.001.
TAUS = np.concatenate([[0.0], np.geomspace(0.02, 8.0, 44)])
#: gamma = rho / (1 - rho) of the beta-binomial model.
GAMMAS = np.concatenate([[1e-9], np.geomspace(1e-3, 1e3, 44)])
#: Even nodes for the Bayesian model, tau = exp(pi/2 sinh t).
NODES = np.linspace(-2.6, 1.25, 56)
#: Outcomes taken at once.
ROWS = 500
#: Points per step of the logits at which a profile is looked at.
FINE = 40


@dataclass(frozen=True, slots=True)
class Profile:
    """Profile log-likelihoods of outcomes over `LOGITS`, and where each surface is highest.

    `curvature` is minus the second derivative in the logit there, the dispersion held.
    """

    value: Array  #: (B, logits)
    logit: Array  #: (B,)
    curvature: Array  #: (B,)


def tabulate_normal(outcomes: Outcomes, taus: Array = TAUS) -> Array:
    """Log-likelihoods (pairs, logits, taus) of the pairs under a normal random effect."""
    x, n = (outcomes.pairs[:, i, None, None] for i in (0, 1))
    return integrate_log(x, n, LOGITS[None, :, None], taus[None, None, :] ** 2, step=0.6)


def tabulate_beta(outcomes: Outcomes) -> Array:
    """Log-likelihoods (pairs, logits, gammas) of the pairs under a beta distribution of proportions."""
    x, n = (outcomes.pairs[:, i, None, None] for i in (0, 1))
    return log_probability(x, n, expit(LOGITS)[None, :, None], (GAMMAS / (1 + GAMMAS))[None, None, :])


def _surfaces(outcomes: Outcomes, table: Array) -> Iterator[tuple[slice, Array]]:
    for start in range(0, outcomes.tallies.shape[0], ROWS):
        rows = slice(start, start + ROWS)
        yield rows, np.tensordot(outcomes.tallies[rows], table, axes=1)


def profile_outcomes(outcomes: Outcomes, table: Array) -> Profile:
    """Take the best dispersion at each logit, for every outcome."""
    count = outcomes.tallies.shape[0]
    value, logit, curvature = np.empty((count, LOGITS.size)), np.empty(count), np.empty(count)
    for rows, surface in _surfaces(outcomes, table):
        best = surface.argmax(axis=2)
        middle = np.clip(best, 1, surface.shape[2] - 2)
        left, here, right = (
            np.take_along_axis(surface, (middle + step)[..., None], axis=2)[..., 0] for step in (-1, 0, 1)
        )
        bend = left - 2 * here + right
        with np.errstate(divide="ignore", invalid="ignore"):
            top = here - (right - left) ** 2 / (8 * bend)
        value[rows] = np.where((best == middle) & (bend < 0), top, surface.max(axis=2))
        peak = np.unravel_index(surface.reshape(surface.shape[0], -1).argmax(axis=1), surface.shape[1:])
        held = np.take_along_axis(surface, peak[1][:, None, None], axis=2)[..., 0]
        logit[rows], curvature[rows] = _find_peak(held)
    return Profile(value, logit, curvature)


def _find_peak(values: Array) -> tuple[Array, Array]:
    """Where rows of values over `LOGITS` are highest, and minus their second derivative there, by a cubic spline."""
    spline = CubicSpline(LOGITS, values, axis=1)
    slope, bend = spline.derivative(1), spline.derivative(2)
    at = LOGITS[np.clip(values.argmax(axis=1), 1, LOGITS.size - 2)]
    for _ in range(8):
        step = _at(slope, at) / np.minimum(_at(bend, at), -1e-6)
        at = np.clip(at - np.clip(step, -0.5, 0.5), LOGITS[0], LOGITS[-1])
    return at, np.maximum(-_at(bend, at), 1e-12)


def _at(spline: CubicSpline, points: Array) -> Array:
    """Row i of a spline of many rows at point i."""
    cell = np.clip(np.searchsorted(LOGITS, points, side="right") - 1, 0, LOGITS.size - 2)
    step = points - LOGITS[cell]
    rows = np.arange(points.size)
    out = np.zeros(points.size)
    for coefficient in spline.c:
        out = out * step + coefficient[cell, rows]
    return out


def limit_profiles(outcomes: Outcomes, profile: Profile, level: float) -> Limits:
    """Profile-likelihood limits; exact ones of the counts added up where no or all patients had the event."""
    drop = 0.5 * float(chdtri(1, 1 - level))
    fine = np.linspace(LOGITS[0], LOGITS[-1], FINE * (LOGITS.size - 1) + 1)
    low, high = np.empty(profile.logit.size), np.empty(profile.logit.size)
    for start in range(0, low.size, ROWS):
        rows = slice(start, start + ROWS)
        values = CubicSpline(LOGITS, profile.value[rows], axis=1)(fine)
        excess = values - values.max(axis=1, keepdims=True) + drop
        inside = excess >= 0
        low[rows] = _cross(fine, excess, inside.argmax(axis=1), -1)
        high[rows] = _cross(fine, excess, fine.size - 1 - inside[:, ::-1].argmax(axis=1), 1)
    return _fix_ends(outcomes, level, expit(low), expit(high))


def _cross(fine: Array, excess: Array, last: NDArray[np.intp], side: int) -> Array:
    """Between the last node inside and its neighbour outside, by a line; infinite where there is no neighbour."""
    beyond = np.clip(last + side, 0, fine.size - 1)
    rows = np.arange(last.size)
    a, b = excess[rows, last], excess[rows, beyond]
    share = np.where(a > b, a / np.where(a > b, a - b, 1.0), 0.0)
    return np.where(beyond == last, side * np.inf, fine[last] + share * (fine[beyond] - fine[last]))


def _fix_ends(outcomes: Outcomes, level: float, low: Array, high: Array) -> Limits:
    events = outcomes.events.sum(axis=1)
    ends = (events == 0) | (events == outcomes.total.sum())
    exact = add_up(outcomes, level, "clopper-pearson")
    return np.where(ends, exact[0], low), np.where(ends, exact[1], high)


def limit_wald(outcomes: Outcomes, profile: Profile, level: float, test: str) -> Limits:
    """Wald limits of the logit, normal or t with k - 1 degrees of freedom, the standard error with tau held."""
    k = outcomes.total.size
    reach = critical_value(level) if test == "z" or k < 2 else float(stdtrit(k - 1, (1 + level) / 2))
    spread = reach / np.sqrt(profile.curvature)
    return _fix_ends(outcomes, level, expit(profile.logit - spread), expit(profile.logit + spread))


def limit_posteriors(outcomes: Outcomes, table: Array, priors: Sequence[Prior], level: float) -> list[Limits]:
    """Central posterior limits of the median proportion in the binomial-normal model, `table` over `NODES`, for each prior."""
    tau = to_tau(NODES)
    weights = [p.log_mu(LOGITS)[:, None] + p.log_tau(tau) + log_jacobian(NODES) for p in priors]
    step = LOGITS[1] - LOGITS[0]
    fine = np.linspace(LOGITS[0], LOGITS[-1], FINE * (LOGITS.size - 1) + 1)
    sine, _cosine = sici(np.pi * (fine[None, :] - LOGITS[:, None]) / step)
    indefinite = 0.5 + sine / np.pi
    limits = np.empty((len(priors), 2, outcomes.tallies.shape[0]))
    for rows, surface in _surfaces(outcomes, table):
        likelihood = np.exp(surface - surface.max(axis=(1, 2), keepdims=True))
        for i, weight in enumerate(weights):
            mass = (likelihood * np.exp(weight - weight.max())).sum(axis=2)
            below = (mass / mass.sum(axis=1, keepdims=True)) @ indefinite
            for j, probability in enumerate(((1 - level) / 2, (1 + level) / 2)):
                limits[i, j, rows] = _invert(fine, below, probability)
    found = expit(limits)
    return [(low, high) for low, high in found]


def _invert(fine: Array, below: Array, probability: float) -> Array:
    """Where distribution functions, rows over `fine`, reach a probability."""
    first = np.maximum((below >= probability).argmax(axis=1), 1)
    row = np.arange(first.size)
    a, b = below[row, first - 1], below[row, first]
    share = (probability - a) / np.maximum(b - a, 1e-300)
    return np.asarray(fine[first - 1] + share * (fine[first] - fine[first - 1]))
