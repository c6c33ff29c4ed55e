"""Logistic regression with Firth's bias reduction: finite where maximum likelihood is not.

The likelihood is multiplied by the square root of the information's determinant (Jeffreys' prior). For one common
proportion that gives (events + 1/2) / (total + 1). Intervals and tests come from the penalised profile likelihood.

Source: Firth 1993, Biometrika 80: 27-38; Heinze and Schemper 2002, Stat Med 21: 2409-2419.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import chdtrc
from scipy.special import chdtri
from scipy.special import expit
from scipy.special import log_expit

from review.errors import PoolError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Firth:
    """Coefficients (p,) on the logit scale, their standard errors, penalised profile intervals and likelihood-ratio p values."""

    beta: Array
    se: Array
    ci: tuple[tuple[float, float], ...]
    p: tuple[float, ...]
    log_likelihood: float


def fit_firth_common(events: int, total: int) -> tuple[float, float]:
    """Bias-reduced logit of one common proportion and its standard error."""
    logit = float(np.log((events + 0.5) / (total - events + 0.5)))
    p = float(expit(logit))
    return logit, float(1 / np.sqrt(total * p * (1 - p)))


def fit_firth(events: ArrayLike, total: ArrayLike, design: ArrayLike, *, level: float = 0.95) -> Firth:
    """Fit events of total in rows with covariates.

    Args:
        events: (r,) counts; for single patients 0 or 1.
        total: (r,) counts, at least 1.
        design: (r, p) covariates, the column of ones among them.
        level: Of the intervals.

    Raises:
        PoolError: If columns of the design depend on each other or rows do not match.
    """
    x, n, z = (np.asarray(a, dtype=float) for a in (events, total, design))
    if z.ndim != 2 or z.shape[0] != x.size or n.size != x.size:
        raise PoolError(f"the design has shape {z.shape} for {x.size} rows of counts; expected one row for each")
    if np.linalg.matrix_rank(z) < z.shape[1]:
        raise PoolError("the covariates depend on each other (or one has a single level); leave one of them out")
    beta, value = _maximise(x, n, z, np.zeros(z.shape[1]), None)
    information = _inform(n, z, beta)
    se = np.sqrt(np.diagonal(np.linalg.inv(information)))
    half = 0.5 * float(chdtri(1, 1 - level))
    limits, p_values = [], []
    for j in range(z.shape[1]):
        limits.append(
            (_limit(x, n, z, beta, j, -1, value - half, se[j]), _limit(x, n, z, beta, j, 1, value - half, se[j]))
        )
        start = beta.copy()
        start[j] = 0.0
        p_values.append(float(chdtrc(1, max(0.0, 2 * (value - _maximise(x, n, z, start, j)[1])))))
    return Firth(beta, se, tuple(limits), tuple(p_values), value)


def _inform(n: Array, z: Array, beta: Array) -> Array:
    p = expit(z @ beta)
    return np.asarray((z * (n * p * (1 - p))[:, None]).T @ z)


def _evaluate(x: Array, n: Array, z: Array, beta: Array) -> float:
    eta = z @ beta
    _sign, log_det = np.linalg.slogdet(_inform(n, z, beta))
    return float((x * log_expit(eta) + (n - x) * log_expit(-eta)).sum() + 0.5 * log_det)


def _maximise(x: Array, n: Array, z: Array, start: Array, held: int | None) -> tuple[Array, float]:
    """Fisher scoring on the modified score, with step halving; the coefficient `held` stays at its start."""
    beta = np.array(start, dtype=float)
    free = [j for j in range(beta.size) if j != held]
    value = _evaluate(x, n, z, beta)
    for _ in range(500 if free else 0):
        p = expit(z @ beta)
        weight = n * p * (1 - p)
        information = (z * weight[:, None]).T @ z
        leverage = weight * np.einsum("ri,ij,rj->r", z, np.linalg.pinv(information), z)
        score = (z.T @ (x - n * p + leverage * (0.5 - p)))[free]
        step = np.zeros_like(beta)
        step[free] = np.linalg.lstsq(information[np.ix_(free, free)], score, rcond=None)[0]
        step *= min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-300))
        scale = 1.0
        while (new := _evaluate(x, n, z, beta + scale * step)) < value - 1e-13 * (1 + abs(value)) and scale > 1e-9:
            scale /= 2
        beta, value = beta + scale * step, new
        if float(np.abs(step).max()) < 1e-11 * (1 + float(np.abs(beta).max())):
            break
    return beta, value


def _limit(x: Array, n: Array, z: Array, beta: Array, j: int, side: int, cut: float, se: float) -> float:
    """Where the penalised profile likelihood of coefficient j falls to `cut`; it always does, being proper."""

    def excess(at: float) -> float:
        start = beta.copy()
        start[j] = at
        return _maximise(x, n, z, start, j)[1] - cut

    inner, outer = float(beta[j]), float(beta[j] + side * 2 * se)
    while excess(outer) > 0:
        inner, outer = outer, outer + side * 2 * se
    return float(brentq(excess, inner, outer, xtol=1e-10, rtol=1e-12))
