"""The beta-binomial model: its likelihood, its sums of many patients, its boundaries."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import betabinom

from review.errors import PoolError
from review.pooling.betabinomial import BetaBinomialSurface
from review.pooling.betabinomial import compute_mu_profile
from review.pooling.betabinomial import compute_mu_wald
from review.pooling.betabinomial import fit_betabinomial
from review.pooling.betabinomial import log_probability
from review.pooling.betabinomial import predict_beta


def test_likelihood_is_that_of_the_distribution() -> None:
    x, n = np.array([4, 0, 7, 1, 0]), np.array([8, 3, 11, 1, 1])
    mu, rho = 0.37, 0.2
    size = (1 - rho) / rho
    expected = betabinom.logpmf(x, n, mu * size, (1 - mu) * size)
    np.testing.assert_allclose(log_probability(x, n, mu, rho), expected, atol=1e-12)
    surface = BetaBinomialSurface(x.astype(float), n.astype(float))
    at = surface.evaluate(np.array([[np.log(mu / (1 - mu))]]), np.array([rho / (1 - rho)]))
    assert float(at.value[0]) == pytest.approx(expected.sum(), abs=1e-12)


def test_sums_over_large_studies_keep_their_digits() -> None:
    x, n = np.array([222.0, 31_000]), np.array([1_000_000.0, 130_000])
    surface = BetaBinomialSurface(x, n)
    mu, rho = 0.05, 0.3
    size = (1 - rho) / rho
    expected = betabinom.logpmf(x, n, mu * size, (1 - mu) * size).sum()
    at = surface.evaluate(np.array([[np.log(mu / (1 - mu))]]), np.array([rho / (1 - rho)]))
    assert float(at.value[0]) == pytest.approx(expected, abs=1e-7)
    assert surface.all[0].size < 1000


def test_derivatives_are_those_of_the_value() -> None:
    surface = BetaBinomialSurface(np.array([4.0, 0, 7, 90]), np.array([8.0, 3, 11, 400]))
    at, h = np.array([-0.4, 0.3]), 1e-5

    def evaluate(point: np.ndarray):
        return surface.evaluate(point[None, :1], point[1:])

    here = evaluate(at)
    for j in range(2):
        step = np.zeros(2)
        step[j] = h
        up, down = evaluate(at + step), evaluate(at - step)
        assert float(up.value[0] - down.value[0]) / (2 * h) == pytest.approx(here.gradient[0, j], abs=1e-6)
        np.testing.assert_allclose((up.gradient[0] - down.gradient[0]) / (2 * h), here.hessian[0, j], atol=1e-5)


def test_boundaries_have_their_codes() -> None:
    cases = {
        "boundary": ([4, 5, 1], [8, 11, 2], "POOL-150"),
        "extreme": ([0, 5, 4], [5, 5, 4], "POOL-156"),
        "single": ([3], [8], "POOL-153"),
        "unidentified": ([1, 0], [1, 1], "POOL-152"),
        "diverges": ([0, 0], [3, 4], "POOL-151"),
    }
    for status, (x, n, code) in cases.items():
        fit = fit_betabinomial(x, n)
        assert fit.status == status
        assert [f.code for f in fit.findings] == [code]
        assert predict_beta(fit) is None


def test_intervals_where_there_are_none() -> None:
    nothing = fit_betabinomial([0, 0], [3, 4])
    with pytest.raises(PoolError):
        compute_mu_wald(nothing)
    with pytest.raises(PoolError):
        compute_mu_profile(nothing)


def test_profile_holds_more_at_a_higher_level() -> None:
    fit = fit_betabinomial([0, 50, 1, 39, 25], [50, 50, 40, 40, 50])
    narrow, wide = compute_mu_profile(fit, level=0.8), compute_mu_profile(fit, level=0.99)
    assert wide[0] < narrow[0] < fit.mu < narrow[1] < wide[1]
    assert fit.findings == ()
