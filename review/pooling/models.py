"""Inverse-variance models: common effect and random effects, with or without moderators.

For a handful of tiny studies these are not the models to lead with (`review.pooling.effects` says why); they are here because
readers compare with them, and because for many studies of fair size they are right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.heterogeneity import estimate_tau2
from review.pooling.heterogeneity import standard_error_tau2
from review.pooling.heterogeneity import typical_variance
from review.pooling.linear import Batch
from review.pooling.linear import Floats
from review.pooling.linear import Weighted
from review.pooling.linear import log_likelihood
from review.pooling.linear import make_batch
from review.pooling.linear import weigh_at
from review.pooling.tails import check_level
from review.pooling.tails import chi_squared_p
from review.pooling.tails import critical_value
from review.pooling.tails import f_p
from review.pooling.tails import two_sided_p

#: How the standard error and its reference distribution are chosen: z (normal), t (the same error with t on k - p),
#: knha (Hartung and Knapp's error with t), adhoc (knha that never gets smaller than z's error).
TESTS: tuple[str, ...] = ("z", "t", "knha", "adhoc")


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient of a model, on the measure's own scale."""

    name: str
    estimate: float
    se: float
    statistic: float | None
    p: float | None
    ci_low: float
    ci_high: float


@dataclass(frozen=True, slots=True)
class OmnibusTest:
    """A test of several coefficients at once: chi-squared where `df_residual` is None, else F."""

    statistic: float
    df: int
    df_residual: int | None
    p: float


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted inverse-variance model, on the measure's own scale.

    Attributes:
        method: How tau2 was estimated; EE is the common-effect model.
        test: z, t, knha or adhoc; z where there are no degrees of freedom for another.
        level: Confidence level of the coefficients' intervals, 0..1.
        k: How many studies there are.
        coefficients: One per column of the design.
        covariance: Their covariance matrix, row by row.
        df: Degrees of freedom of the coefficients' t distribution; None for the normal.
        tau2: Between-study variance.
        tau2_se: Its large-sample standard error; None where there is none.
        i2: Share of the variance that is between studies, 0..100.
        h2: Total over typical within-study variance.
        typical_variance: The within-study variance that `i2` and `h2` compare with.
        q: Cochran's Q, the weighted residual sum of squares at tau2 = 0.
        q_df: Its degrees of freedom.
        q_p: Its p value.
        moderators_test: Test of all columns but the intercept; None without moderators.
        log_likelihood: At the estimates, constants included.
        log_likelihood_restricted: The restricted one.
        scale: The factor by which knha or adhoc multiplied the variances, else 1.
        weights: Share of each study, 0..1.
        findings: What a reader must know.
    """

    method: str
    test: str
    level: float
    k: int
    coefficients: tuple[Coefficient, ...]
    covariance: tuple[tuple[float, ...], ...]
    df: int | None
    tau2: float
    tau2_se: float | None
    i2: float
    h2: float
    typical_variance: float
    q: float
    q_df: int
    q_p: float
    moderators_test: OmnibusTest | None
    log_likelihood: float
    log_likelihood_restricted: float
    scale: float
    weights: tuple[float, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def beta(self) -> float:
        """The first coefficient: the pooled estimate where there are no moderators."""
        return self.coefficients[0].estimate

    @property
    def se(self) -> float:
        """Its standard error."""
        return self.coefficients[0].se

    @property
    def ci(self) -> tuple[float, float]:
        """Its confidence limits."""
        return self.coefficients[0].ci_low, self.coefficients[0].ci_high


def fit_model(
    y: ArrayLike,
    v: ArrayLike,
    *,
    method: str = "REML",
    test: str = "z",
    level: float = 0.95,
    design: ArrayLike | None = None,
    names: Sequence[str] = ("intercept",),
    tau2: float | None = None,
) -> Model:
    """Fit an inverse-variance model.

    Args:
        y: Estimates of k studies, on one measure's scale.
        v: Their sampling variances, above zero.
        method: A name of `review.pooling.heterogeneity.METHODS`; EE is the common-effect model.
        test: A name of `TESTS`.
        level: Confidence level between 0 and 1.
        design: Columns (k, p), the intercept first; None for an intercept alone.
        names: Names of the columns.
        tau2: A given tau2 instead of an estimated one.

    Returns:
        The model; its time grows linearly with k.

    Raises:
        PoolError: For an unknown name, an impossible level, estimates without variance, dependent columns, or more
            columns than studies.

    Source: Viechtbauer 2010, J Stat Softw 36(3); Knapp and Hartung 2003, Stat Med 22:2693-2710.
    """
    check_level(level)
    if test not in TESTS:
        raise PoolError(f"no test is called {test!r}; expected one of {', '.join(TESTS)}")
    batch = make_batch(y, v, design)
    between = np.asarray(float(tau2)) if tau2 is not None else estimate_tau2(batch, method)
    fit = weigh_at(batch, between)
    df = int(batch.df)
    used = test if df > 0 else "z"
    scale = variance_scale(batch, fit, used)
    covariance = coefficient_covariance(batch, fit) * scale
    reference = None if used == "z" else df
    coefficients = _coefficients(batch, fit, covariance, reference, level, names)
    common = weigh_at(batch, np.asarray(0.0))
    typical = float(typical_variance(batch))
    q = float(common.rss) if df > 0 else 0.0
    i2, h2 = _shares(method, float(between), typical, q, df)
    error = float(standard_error_tau2(batch, method, between))
    return Model(
        method=method,
        test=used,
        level=level,
        k=int(batch.k),
        coefficients=coefficients,
        covariance=tuple(tuple(row) for row in covariance.tolist()),
        df=reference,
        tau2=float(between),
        tau2_se=None if math.isnan(error) else error,
        i2=i2,
        h2=h2,
        typical_variance=typical,
        q=q,
        q_df=df,
        q_p=chi_squared_p(q, df),
        moderators_test=_test_moderators(coefficients, covariance, reference),
        log_likelihood=float(log_likelihood(batch, fit, restricted=False)),
        log_likelihood_restricted=float(log_likelihood(batch, fit, restricted=True)) if df > 0 else 0.0,
        scale=scale,
        weights=tuple((fit.w / fit.w.sum()).tolist()),
        findings=tuple(_judge(batch, method, used, float(between), scale)),
    )


def variance_scale(batch: Batch, fit: Weighted, test: str) -> float:
    """Compute the factor that knha and adhoc multiply the variances of the coefficients with."""
    if test not in ("knha", "adhoc"):
        return 1.0
    factor = float(fit.rss) / float(batch.df)
    return max(1.0, factor) if test == "adhoc" else factor


def coefficient_covariance(batch: Batch, fit: Weighted) -> Floats:
    """Turn (Q'WQ)^-1 into the covariance of the coefficients of the design as given."""
    back = np.linalg.inv(batch.r)
    return np.asarray(back @ fit.inverse @ np.swapaxes(back, -1, -2))


def _coefficients(
    batch: Batch, fit: Weighted, covariance: Floats, df: int | None, level: float, names: Sequence[str]
) -> tuple[Coefficient, ...]:
    beta = np.linalg.solve(batch.r, fit.gamma)
    reach = critical_value(level, df)
    found = []
    for name, estimate, variance in zip(names, beta.tolist(), np.diag(covariance).tolist(), strict=True):
        se = math.sqrt(variance)
        statistic = estimate / se if se > 0 else None
        p = None if statistic is None else two_sided_p(statistic, df)
        found.append(Coefficient(name, estimate, se, statistic, p, estimate - reach * se, estimate + reach * se))
    return tuple(found)


def _shares(method: str, tau2: float, typical: float, q: float, df: int) -> tuple[float, float]:
    """Compute I2 (0..100) and H2; for the common-effect model from Q, as there is no tau2."""
    if df == 0:
        return 0.0, 1.0
    if method == "EE":
        return (max(0.0, 100 * (q - df) / q) if q > 0 else 0.0), q / df
    return 100 * tau2 / (tau2 + typical), 1 + tau2 / typical


def _test_moderators(coefficients: Sequence[Coefficient], covariance: Floats, df: int | None) -> OmnibusTest | None:
    count = len(coefficients) - 1
    if count == 0:
        return None
    beta = np.array([coefficient.estimate for coefficient in coefficients[1:]])
    block = covariance[1:, 1:]
    if not np.diag(block).min() > 0:
        return None
    statistic = float(beta @ np.linalg.solve(block, beta))
    if df is None:
        return OmnibusTest(statistic, count, None, chi_squared_p(statistic, count))
    return OmnibusTest(statistic / count, count, df, f_p(statistic / count, count, df))


def _judge(batch: Batch, method: str, test: str, tau2: float, scale: float) -> list[Finding]:
    k, df = int(batch.k), int(batch.df)
    found = []
    if k == 1:
        found.append(find("POOL-153", "one study: nothing is pooled, the numbers are that study's own"))
    elif df == 0:
        found.append(find("POOL-121", f"{batch.p} coefficients from {k} studies: nothing is left to judge the fit by"))
    elif k == 2 and method != "EE":
        found.append(
            find(
                "POOL-155",
                "two studies tell next to nothing about how studies differ: a random-effects estimate from them is arbitrary",
                hint="show both studies, and their pooled counts as assuming one common proportion",
            )
        )
    elif method != "EE" and tau2 == 0:
        found.append(
            find(
                "POOL-123", f"{method} puts tau2 at zero; with few or tiny studies that is no sign that they are alike"
            )
        )
    if test == "knha" and scale == 0:
        found.append(
            find(
                "POOL-126",
                "all estimates are equal, so that the Hartung-Knapp standard error is zero and its interval has no width",
                hint="use the ad hoc variant or z",
            )
        )
    elif test == "knha" and scale < 1:
        found.append(
            find(
                "POOL-125",
                f"the Hartung-Knapp variance is {scale:.2g} times the usual one: its interval may be too narrow",
                hint="the ad hoc variant never is narrower than the usual one",
            )
        )
    return found
