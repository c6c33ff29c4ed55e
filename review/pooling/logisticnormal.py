"""The logistic-normal integral: how likely x of n is when the study's logit is normally distributed.

For one study with `events` of `total` and a logit eta + tau u, u standard normal, the likelihood is

    L(eta, tau2) = Int Binomial(events | total, expit(eta + tau u)) phi(u) du .

The integrand is log-concave and analytic, so the trapezoid rule converges geometrically. It is made adaptive: centred on
the mode, cut where the integrand has fallen by exp(-38), and spaced by the sharpest curvature inside. That holds for one
patient and a huge tau (a smoothed step) as well as for a million patients (a needle), where Gauss-Hermite rules of
fixed order do not.

Derivatives need no further integrals of their own: L solves the heat equation, dL/dtau2 = 1/2 d2L/deta2, so that the
expectations of the first four derivatives of the binomial likelihood give gradient and Hessian in (eta, tau2), and they
are finite at tau2 = 0.

Source: the trapezoid rule for analytic functions, Trefethen and Weideman, SIAM Review 2014; 56: 385-458. The accurate
binomial term after Loader, Fast and accurate computation of binomial probabilities, 2000.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from numpy.typing import NDArray
from scipy.special import expit
from scipy.special import gammaln

Array = NDArray[np.float64]

#: The integrand is cut where it has fallen by this many log units.
FALL = 38.0
#: Step of the trapezoid rule in units of the sharpest local standard deviation.
STEP = 0.4
#: At most so many integrand values are held at once.
CHUNK = 1 << 19


class Integrals(NamedTuple):
    """Logarithm of the integral and the relative derivatives d^m L / d eta^m / L for m = 1..4; all of one shape."""

    log: Array
    d1: Array
    d2: Array
    d3: Array
    d4: Array


def compute_saturated(events: ArrayLike, total: ArrayLike) -> Array:
    """Logarithm of the binomial probability of `events` of `total` at p = events / total, accurate for any size.

    Args:
        events: Counts, 0..total.
        total: Counts, at least 1.
    """
    x = np.asarray(events, dtype=float)
    n = np.asarray(total, dtype=float)
    inside = (x > 0) & (x < n)
    safe_x = np.where(inside, x, 1.0)
    safe_n = np.where(inside, n, 2.0)
    rest = safe_n - safe_x
    value = (
        _stirling_error(safe_n)
        - _stirling_error(safe_x)
        - _stirling_error(rest)
        - 0.5 * np.log(2 * np.pi * safe_x * rest / safe_n)
    )
    return np.where(inside, value, 0.0)


def _stirling_error(m: Array) -> Array:
    """Logarithm of m! minus Stirling's formula, for m >= 1."""
    small = np.minimum(m, 16.0)
    direct = gammaln(small + 1) - (small + 0.5) * np.log(small) + small - 0.5 * np.log(2 * np.pi)
    r = 1 / np.maximum(m, 16.0)
    r2 = r * r
    series = r * (1 / 12 - r2 * (1 / 360 - r2 * (1 / 1260 - r2 * (1 / 1680 - r2 / 1188))))
    return np.where(m < 16, direct, series)


def log_likelihood(x: Array, n: Array, eta: Array) -> Array:
    """Binomial log-likelihood at logit `eta` relative to its saturated value; at most 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        best_hit = np.where(x > 0, np.log(x / n), 0.0)
        best_miss = np.where(x < n, np.log1p(-x / n), 0.0)
    tail = np.log1p(np.exp(-np.abs(eta)))
    value: Array = x * (np.minimum(eta, 0) - tail - best_hit) + (n - x) * (-np.maximum(eta, 0) - tail - best_miss)
    return value


def integrate(events: ArrayLike, total: ArrayLike, eta: ArrayLike, tau2: ArrayLike) -> Integrals:
    """Integrate over the random effect; the arguments are broadcast against each other.

    Args:
        events: Counts, 0..total.
        total: Counts, at least 1.
        eta: Fixed part of the logit.
        tau2: Variance of the random effect on the logit scale, >= 0.

    Returns:
        The integrals, binomial coefficient included, to about 1e-13 absolute in the logarithm.
    """
    return Integrals(*_integrate(events, total, eta, tau2, step=STEP, derivatives=True))


def integrate_log(events: ArrayLike, total: ArrayLike, eta: ArrayLike, tau2: ArrayLike, *, step: float = STEP) -> Array:
    """Compute `integrate(...).log` alone, in a third of the time; a `step` of 2 is good to about two digits."""
    return _integrate(events, total, eta, tau2, step=step, derivatives=False)[0]


def _integrate(
    events: ArrayLike, total: ArrayLike, eta: ArrayLike, tau2: ArrayLike, *, step: float, derivatives: bool
) -> list[Array]:
    x, n, e, t2 = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (events, total, eta, tau2)))
    shape = x.shape
    x, n, e, tau = x.ravel(), n.ravel(), e.ravel(), np.sqrt(t2.ravel())
    low, high, points = _place_nodes(x, n, e, tau, step)
    out = np.empty((5 if derivatives else 1, x.size))
    order = np.argsort(points, kind="stable")
    sorted_points = points[order]
    start = 0
    while start < x.size:
        # Elements that need about as many nodes go together; no block holds more than CHUNK values.
        smallest = int(sorted_points[start])
        stop = int(np.searchsorted(sorted_points, 1.3 * smallest, side="right"))
        stop = min(stop, start + max(1, CHUNK // (2 * smallest)))
        rows = order[start:stop]
        count = int(sorted_points[stop - 1])
        out[:, rows] = _sum_nodes(
            x[rows], n[rows], e[rows], tau[rows], low[rows], high[rows], count, derivatives=derivatives
        )
        start = stop
    out[0] += compute_saturated(x, n)
    return [row.reshape(shape) for row in out]


def _slope(x: Array, n: Array, e: Array, tau: Array, u: Array) -> tuple[Array, Array]:
    """First derivative and (positive) curvature of the log integrand in u."""
    p = expit(e + tau * u)
    return tau * (x - n * p) - u, 1 + n * tau * tau * p * (1 - p)


def _find_mode(x: Array, n: Array, e: Array, tau: Array) -> Array:
    """Mode of the integrand in u, to a small part of its width: Newton, kept inside a shrinking bracket."""
    score = tau * (x - n * expit(e))
    # The mode lies between 0 and where the score at 0 would carry it without saturation.
    low, high = np.minimum(score, 0.0), np.maximum(score, 0.0)
    u = np.zeros_like(x)
    active = np.arange(x.size)
    for turn in range(100):
        here = u[active]
        slope, curvature = _slope(x[active], n[active], e[active], tau[active], here)
        low[active] = np.where(slope >= 0, here, low[active])
        high[active] = np.where(slope <= 0, here, high[active])
        width = np.sqrt(curvature)
        open_ = (np.abs(slope) >= 0.02 * width) & ((high[active] - low[active]) * width >= 0.05)
        if not open_.any():
            break
        active = active[open_]
        new = here[open_] + slope[open_] / curvature[open_]
        a, b = low[active], high[active]
        # Newton crawls or swings where the curvature changes much; a halving in between ends that.
        u[active] = np.where((new <= a) | (new >= b) | (turn % 3 == 2), 0.5 * (a + b), new)
    return u


def _place_nodes(
    x: Array, n: Array, e: Array, tau: Array, step: float = STEP
) -> tuple[Array, Array, NDArray[np.int64]]:
    """Interval that holds the integral and the number of nodes it needs, for each element."""
    mode = _find_mode(x, n, e, tau)
    top = log_likelihood(x, n, e + tau * mode) - 0.5 * mode * mode
    ends = []
    for side in (-1.0, 1.0):
        # The curvature is at least 1, so this far out the integrand has fallen enough; Newton from outside on a
        # concave function never oversteps the root.
        u = mode + side * np.sqrt(2 * FALL)
        active = np.arange(x.size)
        for _ in range(60):
            parts = (x[active], n[active], e[active], tau[active])
            here = u[active]
            excess = (
                log_likelihood(parts[0], parts[1], parts[2] + parts[3] * here) - 0.5 * here * here - top[active] + FALL
            )
            far = excess < -2
            if not far.any():
                break
            slope, _curvature = _slope(*parts, here)
            active = active[far]
            u[active] = here[far] - excess[far] / slope[far]
        ends.append(u)
    low, high = ends
    first, last = e + tau * low, e + tau * high
    nearest = np.where(first > 0, first, np.where(last < 0, last, 0.0))
    p = expit(nearest)
    sharpest = np.sqrt(1 + n * tau * tau * p * (1 - p))
    points = np.ceil((high - low) * sharpest / step).astype(np.int64) + 1
    return low, high, points


def _sum_nodes(
    x: Array, n: Array, e: Array, tau: Array, low: Array, high: Array, points: int, *, derivatives: bool
) -> Array:
    """The trapezoid rule with `points` nodes each: log integral without coefficient, and four relative derivatives."""
    u = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, points)
    eta = e[:, None] + tau[:, None] * u
    x, n = x[:, None], n[:, None]
    log_f = log_likelihood(x, n, eta) - 0.5 * u * u
    top = log_f.max(axis=1, keepdims=True)
    f = np.exp(log_f - top)
    mass = f.sum(axis=1)
    log_value = top[:, 0] + np.log(mass * (high - low) / (points - 1)) - 0.5 * np.log(2 * np.pi)
    if not derivatives:
        return np.stack([log_value])
    p = expit(eta)
    s = x - n * p
    v = n * p * (1 - p)
    k3 = -v * (1 - 2 * p)
    k4 = -v * (1 - 6 * p * (1 - p))
    s2 = s * s
    h2 = s2 - v
    h3 = s * (s2 - 3 * v) + k3
    h4 = s2 * (s2 - 6 * v) + 3 * v * v + 4 * s * k3 + k4
    w = f / mass[:, None]
    return np.stack([log_value, *((w * h).sum(axis=1) for h in (s, h2, h3, h4))])


def tabulate_effects(events: float, total: float, eta: Array, tau2: Array, points: int = 64) -> tuple[Array, Array]:
    """The distribution of one study's own logit, given its counts, for each of M pairs of (eta, tau2).

    Returns:
        Logits (M, points) and their masses (M, points); the masses of a row sum to 1.
    """
    x, n = np.full(eta.shape, float(events)), np.full(eta.shape, float(total))
    tau = np.sqrt(tau2)
    low, high, _needed = _place_nodes(x, n, eta, tau)
    u = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, points)
    logits = eta[:, None] + tau[:, None] * u
    log_f = log_likelihood(x[:, None], n[:, None], logits) - 0.5 * u * u
    mass = np.exp(log_f - log_f.max(axis=1, keepdims=True))
    return logits, mass / mass.sum(axis=1, keepdims=True)
