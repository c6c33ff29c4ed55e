"""Small-study tests: whether small studies show other results than large ones, as they would if failures stay unpublished.

For proportions these tests need care. The standard error of a logit or a log depends on the proportion itself, so that Egger's
test sees a funnel where there is none; a predictor made of the total (Peters' 1 / n) does not have that fault. Below ten
studies none of them can tell anything. Case reports of successes are the bias that matters here: compare them with the
series directly (`review.pooling.contrast`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.linear import Floats
from review.pooling.linear import orthogonalise
from review.pooling.models import fit_model
from review.pooling.tails import check_level
from review.pooling.tails import critical_value
from review.pooling.tails import two_sided_p

#: Peters' test is `inverse-total`; Egger's is `se`.
PREDICTORS: tuple[str, ...] = ("se", "variance", "inverse-total", "root-inverse-total", "total")

#: Below this many studies the tests have no power (Cochrane Handbook, chapter 13).
FEWEST_STUDIES = 10

#: A residual sum of squares below this share of the total is rounding: the predictor explains everything.
PERFECT = 1e-20


@dataclass(frozen=True, slots=True)
class RegressionTest:
    """A regression of the estimates on a study's precision.

    Attributes:
        predictor: A name of `PREDICTORS`.
        model: lm (weighted least squares with a dispersion, t) or rma (random effects, z).
        statistic: Of the predictor's coefficient; None where a finding says why.
        df: Degrees of freedom of lm; None for rma.
        p: Two-sided p value.
        limit: Estimate for an endless study; None for the predictor `total`, which has no such limit.
        limit_ci: Its confidence limits.
        tau2: Residual between-study variance of rma.
        findings: What a reader must know.
    """

    predictor: str
    model: str
    statistic: float | None
    df: int | None
    p: float | None
    limit: float | None
    limit_ci: tuple[float, float] | None
    tau2: float | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class RankTest:
    """Kendall's correlation of standardised estimates and variances (Begg and Mazumdar)."""

    tau: float | None
    p: float | None
    findings: tuple[Finding, ...] = ()


def regress_on_precision(
    y: ArrayLike,
    v: ArrayLike,
    total: ArrayLike,
    *,
    measure: str,
    predictor: str = "inverse-total",
    model: str = "lm",
    method: str = "REML",
    level: float = 0.95,
) -> RegressionTest:
    """Test whether the estimates go along with the precision of the studies.

    Args:
        y: Estimates (k,).
        v: Sampling variances (k,).
        total: Totals (k,).
        measure: The scale of `y`; decides which warning applies.
        predictor: A name of `PREDICTORS`.
        model: lm or rma.
        method: How rma estimates tau2.
        level: Confidence level of `limit_ci`, between 0 and 1.

    Raises:
        PoolError: For an unknown name.

    Source: Egger et al. 1997, BMJ 315:629-634; Peters et al. 2006, JAMA 295:676-680; Sterne and Egger 2005.
    """
    check_level(level)
    if predictor not in PREDICTORS:
        raise PoolError(f"no predictor is called {predictor!r}; expected one of {', '.join(PREDICTORS)}")
    if model not in ("lm", "rma"):
        raise PoolError(f"no regression is called {model!r}; expected lm or rma")
    ys, vs, n = (np.asarray(values, dtype=float) for values in (y, v, total))
    design = np.stack([np.ones_like(ys), _predict(predictor, vs, n)], axis=1)
    found = _judge(measure, predictor, len(ys))
    k = len(ys)
    if k < 3:
        return _fail(predictor, model, found, f"a regression needs three studies, here are {k}")
    try:
        orthogonalise(design)
    except PoolError:
        return _fail(predictor, model, found, "all studies are equal in what the regression is on")
    if model == "rma":
        fitted = fit_model(ys, vs, method=method, test="z", level=level, design=design, names=("limit", predictor))
        limit, slope = fitted.coefficients
        ci = (limit.ci_low, limit.ci_high)
        p, tau2 = slope.p, fitted.tau2
        if predictor == "total":
            return RegressionTest(predictor, model, slope.statistic, None, p, None, None, tau2, tuple(found))
        return RegressionTest(predictor, model, slope.statistic, None, p, limit.estimate, ci, tau2, tuple(found))
    return _fit_line(ys, vs, design, predictor, level, found)


def _predict(predictor: str, v: Floats, n: Floats) -> Floats:
    choices = {
        "se": np.sqrt(v),
        "variance": v,
        "inverse-total": 1 / n,
        "root-inverse-total": 1 / np.sqrt(n),
        "total": n,
    }
    return choices[predictor]


def _fit_line(
    y: Floats, v: Floats, design: Floats, predictor: str, level: float, found: list[Finding]
) -> RegressionTest:
    """Fit by weighted least squares whose variances are known up to a factor, which the residuals give."""
    root = 1 / np.sqrt(v)
    q, r = np.linalg.qr(design * root[:, None])
    scaled = q.T @ (root * y)
    beta = np.linalg.solve(r, scaled)
    residual = root * y - q @ scaled
    df = len(y) - 2
    rss, whole = float(residual @ residual), float((root * y) @ (root * y))
    if rss <= PERFECT * whole:
        return _fail(
            predictor, "lm", found, "the line goes through every study, so there is no error to compare it with"
        )
    inverse = np.linalg.inv(r)
    se = np.sqrt(rss / df * (inverse**2).sum(1))
    statistic = float(beta[1] / se[1])
    p = two_sided_p(statistic, df)
    if predictor == "total":
        return RegressionTest(predictor, "lm", statistic, df, p, None, None, None, tuple(found))
    half, limit = critical_value(level, df) * float(se[0]), float(beta[0])
    return RegressionTest(predictor, "lm", statistic, df, p, limit, (limit - half, limit + half), None, tuple(found))


def _fail(predictor: str, model: str, found: list[Finding], reason: str) -> RegressionTest:
    finding = find("POOL-131", f"no small-study test: {reason}")
    return RegressionTest(predictor, model, None, None, None, None, None, None, (*found, finding))


def _judge(measure: str, predictor: str, k: int) -> list[Finding]:
    found = []
    if k < FEWEST_STUDIES:
        found.append(
            find(
                "POOL-130",
                f"a small-study test of {k} studies tells nothing: below {FEWEST_STUDIES} it has no power and a small p value "
                "comes from single studies",
                hint="do not report its p value as evidence of absence",
            )
        )
    if predictor in ("se", "variance") and measure in ("PR", "PLN", "PLO"):
        found.append(
            find(
                "POOL-132",
                f"the variance of {measure} depends on the proportion itself, so this test finds asymmetry where there is none",
                hint="use the predictor inverse-total (Peters)",
            )
        )
    return found


def correlate_ranks(y: ArrayLike, v: ArrayLike, *, measure: str) -> RankTest:
    """Test whether estimates go along with their variances: Kendall's tau-b of the standardised ones.

    The p value is exact without ties, else normal with a variance corrected for ties.

    Source: Begg and Mazumdar 1994, Biometrics 50:1088-1101.
    """
    from scipy.stats import kendalltau

    ys, vs = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    found = _judge(measure, "variance", len(ys))
    if len(ys) < 2:
        return RankTest(None, None, (*found, find("POOL-131", "no rank test: it needs two studies, here is one")))
    w = 1 / vs
    standardised = (ys - (w @ ys) / w.sum()) / np.sqrt(vs - 1 / w.sum())
    ties = len(np.unique(standardised)) < len(ys) or len(np.unique(vs)) < len(vs)
    if len(np.unique(standardised)) == 1 or len(np.unique(vs)) == 1:
        reason = "all studies are equally precise, or all equal"
        return RankTest(None, None, (*found, find("POOL-131", f"no rank test: {reason}")))
    result = kendalltau(standardised, vs, method="asymptotic" if ties else "exact")
    return RankTest(float(result.statistic), float(result.pvalue), tuple(found))


@dataclass(frozen=True, slots=True)
class TrimAndFill:
    """Trim and fill: a sensitivity analysis, never a corrected result.

    Attributes:
        side: left or right: where studies are missing by this method.
        filled: How many studies were filled in; None where a finding says why the method failed.
        filled_y: The estimates filled in.
        beta: Pooled estimate with them, on the measure's scale.
        se: Its standard error.
        ci: Its confidence limits.
        tau2: Between-study variance with them.
        p: For R0, the p value of no missing studies; None for L0.
        findings: What a reader must know.
    """

    side: str | None
    filled: int | None
    filled_y: tuple[float, ...]
    beta: float | None
    se: float | None
    ci: tuple[float, float] | None
    tau2: float | None
    p: float | None
    findings: tuple[Finding, ...] = ()


#: Digits of a distance, relative to the largest, that count when distances are ranked.
TIE_DIGITS = 10

#: Rounds after which trim and fill is taken to go in a circle.
MAX_ROUNDS = 100


def trim_and_fill(
    y: ArrayLike,
    v: ArrayLike,
    *,
    method: str = "REML",
    estimator: str = "L0",
    side: str | None = None,
    level: float = 0.95,
) -> TrimAndFill:
    """Fill in the mirror images of studies that have no counterpart on the other side of the pooled estimate.

    Args:
        y: Estimates (k,).
        v: Sampling variances (k,).
        method: How tau2 is estimated.
        estimator: L0 or R0, how the number of missing studies is estimated.
        side: left or right; None takes the side away from which the estimates drift with their standard error.
        level: Confidence level between 0 and 1.

    Raises:
        PoolError: For an unknown name.

    Source: Duval and Tweedie 2000, Biometrics 56:455-463 and JASA 95:89-98.
    """
    if estimator not in ("L0", "R0"):
        raise PoolError(f"no estimator of trim and fill is called {estimator!r}; expected L0 or R0")
    if side not in (None, "left", "right"):
        raise PoolError(f"no side is called {side!r}; expected left or right")
    ys, vs = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    caution = find(
        "POOL-133",
        "trim and fill invents studies to make the funnel symmetric; with heterogeneity, and for proportions, it is wrong as "
        "often as right",
        hint="show it, if at all, among the sensitivity analyses",
    )
    chosen = side or _choose_side(ys, vs, method)
    if chosen is None:
        reason = find("POOL-131", "no trim and fill: the side cannot be told from these studies", hint="name a side")
        return TrimAndFill(None, None, (), None, None, None, None, None, (caution, reason))
    sign = -1.0 if chosen == "right" else 1.0
    order = np.argsort(sign * ys, kind="stable")
    trimmed, variances = (sign * ys)[order], vs[order]
    settled = _count_missing(trimmed, variances, method, estimator)
    if settled is None:
        reason = find("POOL-131", "no trim and fill: the number of missing studies does not settle")
        return TrimAndFill(chosen, None, (), None, None, None, None, None, (caution, reason))
    count, centre = settled
    mirrored = sign * (2 * centre - trimmed[len(ys) - count :])
    model = fit_model(
        np.concatenate([ys, mirrored]), np.concatenate([vs, variances[len(ys) - count :]]), method=method, level=level
    )
    p = 2.0 ** -(count + 1) if estimator == "R0" else None
    return TrimAndFill(
        chosen, count, tuple(mirrored.tolist()), model.beta, model.se, model.ci, model.tau2, p, (caution,)
    )


def _choose_side(y: Floats, v: Floats, method: str) -> str | None:
    if len(y) < 2:
        return None
    try:
        design = np.stack([np.ones_like(y), np.sqrt(v)], axis=1)
        slope = fit_model(y, v, method=method, design=design, names=("limit", "se")).coefficients[1]
    except PoolError:
        return None
    return "right" if slope.estimate < 0 else "left"


def _count_missing(y: Floats, v: Floats, method: str, estimator: str) -> tuple[int, float] | None:
    """Iterate the number of studies missing on the left of ascending estimates; returns it with the trimmed centre."""
    k, count = len(y), 0
    for _ in range(MAX_ROUNDS):
        kept = max(k - count, 1)
        centre = fit_model(y[:kept], v[:kept], method=method).beta
        ranks = _signed_ranks(y, centre)
        if estimator == "R0":
            below = [-rank for rank in ranks if rank < 0]
            if not below:
                return None
            raw = k - max(below) - 1.0
        else:
            raw = (4 * sum(rank for rank in ranks if rank > 0) - k * (k + 1)) / (2 * k - 1)
        # Half-even, as R rounds.
        found = round(max(0.0, raw))
        if found == count:
            return count, centre
        count = found
    return None


def _signed_ranks(y: Floats, centre: float) -> Sequence[float]:
    """Rank by distance from the centre, with the side as sign; ties keep their order.

    Distances are rounded first, or else the last bit would decide between mirror images.
    """
    distance = y - centre
    unit = max(float(np.abs(distance).max()), 1e-4 * float(np.abs(y).max()), np.finfo(float).tiny)
    rounded = np.round(distance / unit, TIE_DIGITS)
    ranks = np.empty(len(distance))
    ranks[np.argsort(np.abs(rounded), kind="stable")] = np.arange(1, len(distance) + 1)
    return list((np.sign(rounded) * ranks).tolist())
