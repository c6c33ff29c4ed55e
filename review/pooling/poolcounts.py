"""Fill a pooled result from a model of the counts: random-intercept logistic or beta-binomial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc
from scipy.special import expit

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.betabinomial import BetaBinomial
from review.pooling.betabinomial import compute_mu_profile
from review.pooling.betabinomial import compute_mu_wald
from review.pooling.betabinomial import fit_betabinomial
from review.pooling.betabinomial import predict_beta
from review.pooling.effects import compute_effects
from review.pooling.glmm import Glmm
from review.pooling.glmm import compute_common
from review.pooling.glmm import compute_homogeneity
from review.pooling.glmm import compute_profile
from review.pooling.glmm import compute_tau2_profile
from review.pooling.glmm import compute_wald
from review.pooling.glmm import fit_glmm
from review.pooling.glmm import predict
from review.pooling.glmm import to_proportions
from review.pooling.heterogeneity import typical_variance
from review.pooling.intervals import interval
from review.pooling.linear import make_batch
from review.pooling.pooled import Between
from review.pooling.pooled import PooledResult
from review.pooling.tails import chi_squared_p
from review.pooling.tails import critical_value
from review.pooling.tails import two_sided_p

Array = NDArray[np.float64]


def pool_glmm(empty: PooledResult, x: Array, n: Array) -> PooledResult:
    """Fill in the random-intercept model, or with a common proportion the binomial one.

    Raises:
        PoolError: For a test that the model does not have.
    """
    _check_test(empty, ("profile", "z", "t"))
    filled = _add_homogeneity(empty, x, n)
    if empty.model == "common":
        return _pool_common(filled, x, n)
    fit = fit_glmm(x, n)
    filled = replace(filled, findings=(*filled.findings, *fit.findings))
    if fit.status not in {"ok", "boundary"}:
        return _fall_back(filled, fit)
    findings: tuple[Finding, ...] = ()
    if empty.test == "profile":
        on_logit, findings = compute_profile(fit, level=empty.level)
    else:
        on_logit = compute_wald(fit, test="t" if empty.test == "t" else "z", level=empty.level)
    tau2_ci, more = compute_tau2_profile(fit, level=empty.level)
    effects = compute_effects(x, n)
    typical = float(typical_variance(make_batch(effects.y, effects.v)))
    tau2 = fit.tau2 or 0.0
    beta, se = float(fit.beta[0]), float(fit.se[0])
    new = predict(fit, level=empty.level)
    return replace(
        filled,
        estimate=float(expit(beta)),
        ci=to_proportions(on_logit),
        ci_method=_name_interval(empty.test),
        pi=None if new is None else to_proportions(new),
        pi_method="HTS: t with k - 2 degrees of freedom",
        beta=beta,
        se=se,
        statistic=beta / se,
        p=two_sided_p(beta / se, fit.studies - 1 if empty.test == "t" else None),
        tau2=tau2,
        tau2_ci=tau2_ci,
        i2=100 * tau2 / (tau2 + typical),
        h2=1 + tau2 / typical,
        marginal=fit.marginal,
        findings=(*filled.findings, *findings, *more),
    )


def pool_beta_binomial(empty: PooledResult, x: Array, n: Array) -> PooledResult:
    """Fill in the beta-binomial model, or with a common proportion the binomial one.

    Raises:
        PoolError: For a test that the model does not have.
    """
    _check_test(empty, ("profile", "z"))
    filled = _add_homogeneity(empty, x, n)
    if empty.model == "common":
        return _pool_common(filled, x, n)
    fit = fit_betabinomial(x, n)
    findings = list(fit.findings)
    if fit.studies == 2 and fit.status in {"ok", "boundary"}:
        findings.append(
            find("POOL-155", "two studies say next to nothing about how much studies differ", found="k = 2")
        )
    filled = replace(filled, findings=(*filled.findings, *findings))
    if fit.status not in {"ok", "boundary", "extreme"} or fit.se_logit is None:
        return _fall_back(filled, fit)
    beta = float(np.log(fit.mu / (1 - fit.mu)))
    profile = empty.test == "profile"
    return replace(
        filled,
        estimate=fit.mu,
        ci=compute_mu_profile(fit, level=empty.level) if profile else compute_mu_wald(fit, level=empty.level),
        ci_method=_name_interval(empty.test),
        pi=predict_beta(fit, level=empty.level),
        pi_method="quantiles of the fitted beta distribution",
        beta=beta,
        se=fit.se_logit,
        statistic=beta / fit.se_logit,
        p=two_sided_p(beta / fit.se_logit),
        marginal=fit.mu,
        rho=fit.rho,
    )


def _check_test(empty: PooledResult, tests: Sequence[str]) -> None:
    if empty.test not in tests:
        raise PoolError(f"{empty.method} has no test {empty.test!r}; expected one of {', '.join(tests)}")


def _name_interval(test: str) -> str:
    return {"profile": "profile likelihood", "z": "Wald, normal", "t": "Wald, t with k - 1 degrees of freedom"}[test]


def _add_homogeneity(empty: PooledResult, x: Array, n: Array) -> PooledResult:
    """The likelihood-ratio test that all studies share one proportion."""
    if x.size < 2:
        return empty
    q, df = compute_homogeneity(x, n)
    return replace(empty, q=q, q_df=df, q_p=chi_squared_p(q, df))


def _pool_common(filled: PooledResult, x: Array, n: Array) -> PooledResult:
    """One common proportion: the counts added up, with a likelihood or Wald interval."""
    beta, se, _value = compute_common(x, n)
    tail = {"tau2": 0.0, "estimate": filled.pooled.estimate, "marginal": filled.pooled.estimate}
    if not np.isfinite(beta):
        return _fall_back(replace(filled, **tail), fit_glmm(x, n))  # type: ignore[arg-type]
    if filled.test == "profile":
        ci = interval(filled.events, filled.total, method="likelihood", level=filled.level)
    else:
        if filled.test == "t" and filled.k < 2:
            raise PoolError("a t interval needs two or more studies")
        reach = critical_value(filled.level, filled.k - 1 if filled.test == "t" else None) * se
        ci = to_proportions((beta - reach, beta + reach))
    return replace(
        filled,
        **tail,  # type: ignore[arg-type]
        ci=ci,
        ci_method=_name_interval(filled.test),
        beta=beta,
        se=se,
        statistic=beta / se,
        p=two_sided_p(beta / se, filled.k - 1 if filled.test == "t" else None),
    )


def _fall_back(filled: PooledResult, fit: Glmm | BetaBinomial) -> PooledResult:
    """Where the model has no estimate: the counts added up with their interval; the fit's finding says why.

    Where every study has no or all events, and both kinds occur, there is no proportion to report at all.
    """
    codes = {finding.code for finding in fit.findings}
    findings = filled.findings + tuple(f for f in fit.findings if f not in filled.findings)
    if "POOL-156" in codes:
        return replace(filled, ci=(0.0, 1.0), ci_method="nothing is excluded", findings=findings)
    beta, se = None, None
    if 0 < filled.events < filled.total:
        beta, se, _value = compute_common([filled.events], [filled.total])
    return replace(
        filled,
        estimate=filled.pooled.estimate,
        ci=filled.pooled.ci,
        ci_method="counts added up",
        beta=beta,
        se=se,
        statistic=None if beta is None or se is None else beta / se,
        p=None if beta is None or se is None else two_sided_p(beta / se),
        findings=findings,
    )


def compare_by_likelihood(
    x: Array, n: Array, names: Sequence[str], *, common: bool
) -> tuple[Between | None, tuple[Finding, ...]]:
    """Likelihood-ratio test of the groups, with one tau2 for all of them (zero if `common`).

    Returns:
        The test, None where a group has no finite estimate; and a finding then.
    """
    levels = sorted(set(names))
    columns = [np.array([name == level for name in names], dtype=float) for level in levels[1:]]
    if common:
        values = [compute_common(x, n)[2], 0.0]
        for level in levels:
            keep = np.array([name == level for name in names])
            values[1] += compute_common(x[keep], n[keep])[2]
        statistic = max(0.0, 2 * (values[1] - values[0]))
        return Between(statistic, len(columns), None, float(chdtrc(len(columns), statistic))), ()
    fits = [fit_glmm(x, n), fit_glmm(x, n, np.column_stack([np.ones(x.size), *columns]))]
    if any(fit.log_likelihood is None for fit in fits):
        return None, fits[1].findings
    statistic = max(0.0, 2 * ((fits[1].log_likelihood or 0.0) - (fits[0].log_likelihood or 0.0)))
    return Between(statistic, len(columns), None, float(chdtrc(len(columns), statistic))), ()
