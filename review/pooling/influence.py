"""Influence: what the pooled result owes to single studies, and how it came about over time.

All refits are one batch, so that the time for k studies is that of k squared multiplications, not of k iterations each.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from review.errors import PoolError
from review.pooling.heterogeneity import estimate_tau2
from review.pooling.heterogeneity import typical_variance
from review.pooling.linear import Batch
from review.pooling.linear import Floats
from review.pooling.linear import make_batch
from review.pooling.linear import weigh_at
from review.pooling.models import TESTS
from review.pooling.tails import check_level
from review.pooling.tails import chi_squared_p
from review.pooling.tails import critical_value

#: Refits held at once; more are done in parts.
PART = 2_000


@dataclass(frozen=True, slots=True)
class Refit:
    """The pooled result of some of the studies, on the measure's scale.

    Attributes:
        study: Position of the study that was left out, or added last.
        k: How many studies are pooled.
        beta: Pooled estimate.
        se: Its standard error.
        ci_low: Lower confidence limit.
        ci_high: Upper confidence limit.
        tau2: Between-study variance.
        i2: 0..100.
        q: Cochran's Q.
        q_p: Its p value.
    """

    study: int
    k: int
    beta: float
    se: float
    ci_low: float
    ci_high: float
    tau2: float
    i2: float
    q: float
    q_p: float


@dataclass(frozen=True, slots=True)
class Influence:
    """What leaving one study out does to the model.

    Attributes:
        study: Position of the study.
        rstudent: Its residual from the others' pooled estimate, in standard errors.
        dffits: Shift of its fitted value, in standard errors.
        cook: Squared shift of the pooled estimate, over its variance.
        covariance_ratio: Variance of the pooled estimate without it over that with it.
        tau2: Between-study variance without it.
        q: Cochran's Q without it.
        hat: Its share in its own fitted value, 0..1: its weight.
    """

    study: int
    rstudent: float
    dffits: float
    cook: float
    covariance_ratio: float
    tau2: float
    q: float
    hat: float


def leave_one_out(
    y: ArrayLike, v: ArrayLike, *, method: str = "REML", test: str = "z", level: float = 0.95
) -> tuple[Refit, ...]:
    """Pool without each study in turn; empty for a single study.

    Raises:
        PoolError: As `review.pooling.models.fit_model`.
    """
    k = len(np.asarray(y))
    if k < 2:
        return ()
    return _refit(
        y, v, range(k), lambda rows: 1 - np.equal.outer(rows, np.arange(k)).astype(float), method, test, level
    )


def cumulate(
    y: ArrayLike,
    v: ArrayLike,
    order: Sequence[float | str],
    *,
    method: str = "REML",
    test: str = "z",
    level: float = 0.95,
) -> tuple[Refit, ...]:
    """Pool the first, the first two, ... studies.

    Args:
        y: Estimates (k,).
        v: Sampling variances (k,).
        order: What to sort the studies by (k,), such as the year; equal ones keep their order.
        method: As `review.pooling.models.fit_model`.
        test: As `fit_model`; with one study it is z.
        level: Confidence level between 0 and 1.

    Raises:
        PoolError: If there is not one sort key per study, or as `fit_model`.
    """
    k = len(np.asarray(y))
    if len(order) != k:
        raise PoolError(f"{len(order)} sort keys were given for {k} studies; expected one for each")
    sequence = sorted(range(k), key=lambda i: (order[i], i))
    position = np.empty(k, dtype=int)
    position[sequence] = np.arange(k)
    return _refit(
        y, v, sequence, lambda rows: np.greater_equal.outer(rows, position).astype(float), method, test, level
    )


def _refit(
    y: ArrayLike,
    v: ArrayLike,
    studies: Sequence[int],
    mask: Callable[[Sequence[int]], Floats],
    method: str,
    test: str,
    level: float,
) -> tuple[Refit, ...]:
    check_level(level)
    if test not in TESTS:
        raise PoolError(f"no test is called {test!r}; expected one of {', '.join(TESTS)}")
    found: list[Refit] = []
    for start in range(0, len(studies), PART):
        rows = list(range(start, min(start + PART, len(studies))))
        batch = make_batch(y, v, use=mask(rows))
        found += _pool_batch(batch, [studies[row] for row in rows], method, test, level)
    return tuple(found)


def _pool_batch(batch: Batch, studies: Sequence[int], method: str, test: str, level: float) -> list[Refit]:
    tau2 = estimate_tau2(batch, method)
    fit = weigh_at(batch, tau2)
    q = np.where(batch.df > 0, weigh_at(batch, np.zeros_like(tau2)).rss, 0.0)
    typical = typical_variance(batch)
    i2 = _share(method, tau2, typical, q, batch.df)
    beta, variance = fit.gamma[..., 0] / batch.r[0, 0], fit.inverse[..., 0, 0] / batch.r[0, 0] ** 2
    if test in ("knha", "adhoc"):
        factor = np.divide(fit.rss, batch.df, out=np.ones_like(q), where=batch.df > 0)
        variance = variance * (np.maximum(factor, 1.0) if test == "adhoc" else factor)
    se = np.sqrt(variance)
    found = []
    for i, study in enumerate(studies):
        df = int(batch.df[i])
        half = critical_value(level, None if test == "z" or df == 0 else df) * float(se[i])
        found.append(
            Refit(
                study,
                df + 1,
                float(beta[i]),
                float(se[i]),
                float(beta[i]) - half,
                float(beta[i]) + half,
                float(tau2[i]),
                float(i2[i]),
                float(q[i]),
                chi_squared_p(float(q[i]), df),
            )
        )
    return found


def _share(method: str, tau2: Floats, typical: Floats, q: Floats, df: Floats) -> Floats:
    if method == "EE":
        return np.maximum(0.0, np.divide(100 * (q - df), q, out=np.zeros_like(q), where=q > 0))
    return np.divide(100 * tau2, tau2 + typical, out=np.zeros_like(q), where=tau2 + typical > 0)


def measure_influence(y: ArrayLike, v: ArrayLike, *, method: str = "REML") -> tuple[Influence, ...]:
    """Compute deletion diagnostics of a model without moderators; empty for a single study.

    Raises:
        PoolError: As `review.pooling.models.fit_model`.

    Source: Viechtbauer and Cheung 2010, Res Synth Methods 1:112-125.
    """
    ys, vs = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    k = len(ys)
    if k < 2:
        return ()
    whole = make_batch(ys, vs)
    fit = weigh_at(whole, estimate_tau2(whole, method))
    beta, variance = float(fit.w @ ys / fit.w.sum()), 1 / float(fit.w.sum())
    found = []
    for refit in leave_one_out(ys, vs, method=method):
        i = refit.study
        hat = float(fit.w[i]) * variance
        spread = float(vs[i]) + refit.tau2
        found.append(
            Influence(
                i,
                (float(ys[i]) - refit.beta) / (spread + refit.se**2) ** 0.5,
                (beta - refit.beta) / (hat * spread) ** 0.5,
                (beta - refit.beta) ** 2 / variance,
                refit.se**2 / variance,
                refit.tau2,
                refit.q,
                hat,
            )
        )
    return tuple(found)
