"""Fill a pooled result from an inverse-variance model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from review.errors import PoolError
from review.findings import Finding
from review.pooling.effects import Effects
from review.pooling.effects import back_transform
from review.pooling.effects import check_back_transformation
from review.pooling.effects import compute_effects
from review.pooling.effects import representative_total
from review.pooling.linear import make_batch
from review.pooling.models import TESTS
from review.pooling.models import fit_model
from review.pooling.pooled import Between
from review.pooling.pooled import PooledResult
from review.pooling.prediction import predict
from review.pooling.subgroups import compare_subgroups
from review.pooling.tau2_intervals import interval_tau2

Array = NDArray[np.float64]

#: The prediction interval that goes with each test: its standard error, and t with k - 2 degrees of freedom.
PREDICTION = {"z": "HTS", "t": "HTS", "knha": "HK-PR", "adhoc": "adhoc-PR"}


def pool_variance(empty: PooledResult, x: Array, n: Array) -> PooledResult:
    """Fill in an inverse-variance model on the result's measure.

    Raises:
        PoolError: For an unknown measure or test, or studies without a variance on this measure.
    """
    if empty.test not in TESTS:
        raise PoolError(f"{empty.method} has no test {empty.test!r}; expected one of {', '.join(TESTS)}")
    effects = compute_effects(x, n, measure=empty.measure)
    refused = [finding for finding in effects.findings if finding.level == "error"]
    if refused:
        raise PoolError(f"{refused[0].message}; {refused[0].hint}")
    method = "EE" if empty.model == "common" else empty.method
    model = fit_model(effects.y, effects.v, method=method, test=empty.test, level=empty.level)
    findings = [*effects.findings, *model.findings]
    total = None
    if empty.measure == "PFT":
        total = representative_total(n)
        findings += check_back_transformation(model.beta, n, variance=model.se**2)
    pi, tau2_ci = None, None
    variant = PREDICTION[model.test]
    if method != "EE":
        prediction = predict(effects.y, effects.v, model, variant=variant, level=empty.level)
        findings += prediction.findings
        pi = prediction.limits
        limits = interval_tau2(make_batch(effects.y, effects.v), level=empty.level)
        if limits is not None:
            tau2_ci = limits.tau2
            findings += limits.findings

    def back(value: tuple[float, float]) -> tuple[float, float]:
        low, high = back_transform(value, empty.measure, total=total)
        return float(low), float(high)

    first = model.coefficients[0]
    return replace(
        empty,
        test=model.test,
        estimate=float(back_transform(model.beta, empty.measure, total=total)),
        ci=back(model.ci),
        ci_method=f"inverse variance, {model.test}",
        pi=None if pi is None else back(pi),
        pi_method=variant if method != "EE" else "",
        beta=model.beta,
        se=model.se,
        statistic=first.statistic,
        p=first.p,
        tau2=model.tau2,
        tau2_ci=tau2_ci,
        i2=model.i2,
        h2=model.h2,
        q=model.q,
        q_df=model.q_df,
        q_p=model.q_p,
        studies=tuple(replace(row, weight=weight) for row, weight in zip(empty.studies, model.weights, strict=True)),
        findings=tuple(dict.fromkeys(findings)),
    )


def compare_by_variance(
    x: Array, n: Array, names: Sequence[str], result: PooledResult
) -> tuple[Between | None, tuple[Finding, ...]]:
    """Test the groups with a tau2 of their own each."""
    effects: Effects = compute_effects(x, n, measure=result.measure)
    method = "EE" if result.model == "common" else result.method
    found = compare_subgroups(effects.y, effects.v, names, method=method, test=result.test, level=result.level)
    test = found.between
    between = None if test is None else Between(test.statistic, test.df, test.df_residual, test.p)
    return between, found.findings
