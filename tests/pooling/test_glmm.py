"""The random-intercept model where it is easy to be wrong: boundaries, infinities, open intervals, bad designs."""

from __future__ import annotations

import numpy as np
import pytest

from review.errors import PoolError
from review.pooling.glmm import TAU_CEILING
from review.pooling.glmm import compute_common
from review.pooling.glmm import compute_homogeneity
from review.pooling.glmm import compute_marginal
from review.pooling.glmm import compute_profile
from review.pooling.glmm import compute_tau2_profile
from review.pooling.glmm import compute_wald
from review.pooling.glmm import fit_glmm
from review.pooling.glmm import predict

SERIES_AND_CASES = ([4, 1, 1, 0, 1, 2, 0], [8, 1, 1, 1, 1, 4, 3])
SPREAD = ([0, 50, 1, 39, 25], [50, 50, 40, 40, 50])


def codes(findings: tuple) -> set[str]:
    return {finding.code for finding in findings}


def test_boundary_is_said() -> None:
    fit = fit_glmm(*SERIES_AND_CASES)
    assert fit.status == "boundary"
    assert fit.tau2 == 0
    assert fit.se_tau2 is None
    assert codes(fit.findings) == {"POOL-150"}
    assert fit.lrt == (0.0, 1.0)
    assert float(fit.beta[0]) == pytest.approx(np.log(9 / 10), abs=1e-12)


def test_heterogeneity_inside_is_no_boundary() -> None:
    fit = fit_glmm(*SPREAD)
    assert fit.status == "ok"
    assert "POOL-150" not in codes(fit.findings)


def test_standard_error_at_large_tau() -> None:
    # By 30-digit quadrature and central differences of the same likelihood.
    fit = fit_glmm(*SPREAD)
    assert float(fit.se[0]) == pytest.approx(2.737559174974251, rel=1e-6)
    assert fit.se_tau2 == pytest.approx(31.383466694041573, rel=1e-6)


@pytest.mark.parametrize("events", [[0, 0, 0], [1, 3, 8]])
def test_all_or_none_has_no_estimate(events: list[int]) -> None:
    fit = fit_glmm(events, [1, 3, 8])
    assert fit.status == "diverges"
    assert fit.beta.size == 0
    assert codes(fit.findings) == {"POOL-151"}
    with pytest.raises(PoolError, match="no profile"):
        compute_profile(fit)


def test_one_study_is_not_pooled() -> None:
    assert codes(fit_glmm([3], [8]).findings) == {"POOL-153"}


def test_single_patients_say_nothing_about_spread() -> None:
    fit = fit_glmm([1, 0, 1], [1, 1, 1])
    assert fit.status == "unidentified"
    assert fit.tau2 is None
    assert codes(fit.findings) == {"POOL-152"}


def test_two_studies_are_warned_about_and_three_not() -> None:
    assert "POOL-155" in codes(fit_glmm([4, 5], [8, 11]).findings)
    assert "POOL-155" not in codes(fit_glmm([4, 5, 2], [8, 11, 5]).findings)
    assert predict(fit_glmm([4, 5], [8, 11])) is None


def test_all_or_nothing_studies_have_no_bound_on_tau() -> None:
    fit = fit_glmm([0, 5, 4], [5, 5, 4])
    assert fit.status == "diverges"
    assert codes(fit.findings) == {"POOL-156"}
    limits, findings = compute_profile(fit)
    assert limits[0] < 0 < limits[1]
    assert codes(findings) == {"POOL-154"}
    (low, high), more = compute_tau2_profile(fit)
    assert low > 0
    assert np.isinf(high)
    assert codes(more) == {"POOL-158"}


def test_a_limit_that_leans_on_the_ceiling_says_so() -> None:
    fit = fit_glmm([1, 1, 0, 1, 2, 0], [1, 1, 1, 1, 4, 3])
    limits, findings = compute_profile(fit)
    assert codes(findings) == {"POOL-154"}
    # At the ceiling the likelihood has just fallen by chi2(0.95, 1) / 2.
    surface = fit.surface
    assert surface is not None
    for limit in limits:
        at = surface.evaluate(np.array([[limit]]), np.array([TAU_CEILING**2])).value[0]
        assert 2 * (fit.log_likelihood - at) == pytest.approx(3.841458820694124, abs=1e-8)


def test_profile_limit_is_where_the_profile_falls() -> None:
    fit = fit_glmm(*SPREAD)
    limits, findings = compute_profile(fit, level=0.9)
    assert findings == ()
    grid = np.geomspace(1, 2000, 4001)
    for limit in limits:
        best = fit.surface.evaluate(np.full((grid.size, 1), limit), grid).value.max()
        assert 2 * (fit.log_likelihood - best) == pytest.approx(2.705543454095404, abs=1e-5)


def test_wald_t_needs_degrees_of_freedom() -> None:
    fit = fit_glmm(*SERIES_AND_CASES)
    z, t = compute_wald(fit), compute_wald(fit, test="t")
    assert t[0] < z[0] < z[1] < t[1]
    saturated = fit_glmm([4, 5], [8, 11], [[1, 0], [1, 1]])
    with pytest.raises(PoolError, match="more studies"):
        compute_wald(saturated, test="t")


def test_separated_groups_diverge() -> None:
    fit = fit_glmm([0, 0, 3, 2], [4, 3, 5, 4], [[1, 0], [1, 0], [1, 1], [1, 1]])
    assert fit.status == "diverges"


@pytest.mark.parametrize("design", [np.ones((7, 2)), np.column_stack([np.ones(7), np.zeros(7)]), np.ones((6, 1))])
def test_bad_designs_are_refused(design: np.ndarray) -> None:
    with pytest.raises(PoolError):
        fit_glmm(*SERIES_AND_CASES, design)


def test_marginal_proportion_lies_nearer_to_one_half() -> None:
    assert 0.1 < compute_marginal(np.log(0.1 / 0.9), 1.0) < 0.5
    assert compute_marginal(0.0, 4.0) == pytest.approx(0.5, abs=1e-12)


def test_order_and_labels_do_not_matter() -> None:
    x, n = (np.array(part) for part in SPREAD)
    fit, turned = fit_glmm(x, n), fit_glmm(n[::-1] - x[::-1], n[::-1])
    assert float(turned.beta[0]) == pytest.approx(-float(fit.beta[0]), abs=1e-6)
    assert turned.tau2 == pytest.approx(fit.tau2, rel=1e-7)


def test_common_effect_and_homogeneity_without_events() -> None:
    assert compute_common([0, 0], [3, 4]) == (-np.inf, np.inf, 0.0)
    assert compute_homogeneity([0, 0], [3, 4]) == (0.0, 1)


def test_a_bounded_tau_has_no_finding() -> None:
    limits, findings = compute_tau2_profile(fit_glmm(*SERIES_AND_CASES))
    assert limits[0] == 0
    assert np.isfinite(limits[1])
    assert findings == ()
