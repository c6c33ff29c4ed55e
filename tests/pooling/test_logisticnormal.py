"""The logistic-normal integral against adaptive quadrature, closed cases and its own derivatives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import binom

from review.pooling.logisticnormal import compute_saturated
from review.pooling.logisticnormal import integrate
from review.pooling.logisticnormal import integrate_log
from review.pooling.logisticnormal import tabulate_effects


def by_quadrature(x: int, n: int, eta: float, tau: float) -> float:
    def density(u: float) -> float:
        return float(binom.pmf(x, n, expit(eta + tau * u)) * np.exp(-u * u / 2) / np.sqrt(2 * np.pi))

    points = np.linspace(-9, 9, 61)
    return float(np.log(quad(density, -9, 9, points=list(points), limit=500, epsabs=0, epsrel=1e-12)[0]))


@pytest.mark.parametrize(
    ("x", "n", "eta", "tau"),
    [
        (0, 1, 0.3, 0.0),
        (1, 1, -2.0, 5.0),
        (4, 8, -0.1, 0.7),
        (0, 19, -3.0, 1.0),
        (11, 11, 1.0, 2.0),
        (3, 300, -4.0, 0.5),
    ],
)
def test_equals_adaptive_quadrature(x: int, n: int, eta: float, tau: float) -> None:
    assert float(integrate(x, n, eta, tau**2).log) == pytest.approx(by_quadrature(x, n, eta, tau), abs=1e-11)


def test_without_spread_it_is_binomial() -> None:
    assert float(integrate_log(3, 8, 0.2, 0.0)) == pytest.approx(binom.logpmf(3, 8, expit(0.2)), abs=1e-13)


def test_a_million_patients() -> None:
    # For a large study the integral is the normal density of its logit, up to terms of order 1/n.
    x, n, tau2 = 222_000.0, 1_000_000.0, 0.04
    p = x / n
    jacobian = -np.log(n * p * (1 - p))
    gap = np.log(p / (1 - p)) + 1.2
    normal = -0.5 * gap**2 / tau2 - 0.5 * np.log(2 * np.pi * tau2)
    assert float(integrate_log(x, n, -1.2, tau2)) == pytest.approx(normal + jacobian, abs=1e-3)


def test_huge_spread_is_a_coin() -> None:
    assert float(np.exp(integrate_log(1, 1, 0.0, 1e6))) == pytest.approx(0.5, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 40), share=st.floats(0, 1), eta=st.floats(-4, 4), tau2=st.floats(0.01, 9))
def test_derivatives_are_those_of_the_value(n: int, share: float, eta: float, tau2: float) -> None:
    x = round(share * n)
    h = 1e-4
    at = integrate(x, n, eta, tau2)
    up, down = integrate(x, n, eta + h, tau2), integrate(x, n, eta - h, tau2)
    assert float(up.log - down.log) / (2 * h) == pytest.approx(float(at.d1), rel=1e-5, abs=1e-5)
    assert float(up.d1 - down.d1) / (2 * h) == pytest.approx(float(at.d2 - at.d1**2), rel=1e-4, abs=1e-4)
    up, down = integrate(x, n, eta, tau2 + h), integrate(x, n, eta, tau2 - h)
    # The heat equation: the slope in tau2 is half the second derivative in eta.
    assert float(up.log - down.log) / (2 * h) == pytest.approx(0.5 * float(at.d2), rel=1e-4, abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 30), eta=st.floats(-5, 5), tau2=st.floats(0, 25))
def test_probabilities_add_up(n: int, eta: float, tau2: float) -> None:
    assert float(np.exp(integrate_log(np.arange(n + 1), n, eta, tau2)).sum()) == pytest.approx(1, abs=1e-10)


def test_saturated_value_of_large_counts() -> None:
    x, n = np.array([0.0, 5, 20, 500_000]), np.array([7.0, 11, 40, 1_000_000])
    np.testing.assert_allclose(compute_saturated(x, n), np.log(binom.pmf(x, n, x / n)), atol=1e-12)


def test_own_effect_has_the_mean_that_the_derivative_gives() -> None:
    logits, mass = tabulate_effects(3, 8, np.array([-1.0]), np.array([0.8]), points=96)
    at = integrate(3, 8, -1.0, 0.8)
    assert float((logits * mass).sum()) == pytest.approx(-1.0 + 0.8 * float(at.d1), abs=1e-9)
