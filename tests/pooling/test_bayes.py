"""Posteriors by quadrature: names of priors, independent integrals, shrinkage, sensitivity."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from scipy.special import ndtr

from review.errors import PoolError
from review.pooling.bayesbeta import pool_beta
from review.pooling.bayescounts import CountTable
from review.pooling.bayescounts import pool_counts_bayes
from review.pooling.bayescounts import tabulate_sensitivity
from review.pooling.bayesnormal import pool_normal
from review.pooling.bayesnormal import shrink_normal
from review.pooling.counts import StudyCount
from review.pooling.density import GridDensity
from review.pooling.density import Smeared
from review.pooling.density import bound_peaks
from review.pooling.pool import pool_counts
from review.pooling.priors import SENSITIVITY
from review.pooling.priors import Prior
from review.pooling.priors import parse_prior

X, N = np.array([3, 1, 0, 2, 1, 0, 5]), np.array([8, 1, 1, 3, 2, 1, 12])


@pytest.mark.parametrize("name", [*SENSITIVITY, "HN1_flat", "HC0.5_N-1_2.5"])
def test_names_of_priors_go_both_ways(name: str) -> None:
    assert parse_prior(name).name == name


@pytest.mark.parametrize("name", ["", "HN", "HN0_N0_1", "HN1_N0_0", "HX1_flat", "HN1_N0_1.5 "])
def test_what_is_no_prior_is_refused(name: str) -> None:
    with pytest.raises(PoolError):
        parse_prior(name)


def test_priors_have_unit_mass() -> None:
    tau = np.linspace(0, 2000, 4_000_001)
    for name in ("HN0.5_flat", "HC0.5_flat"):
        density = np.exp(parse_prior(name).log_tau(tau))
        assert np.trapezoid(density, tau) == pytest.approx(1, abs=1e-3)


def test_grid_density_of_a_normal() -> None:
    nodes = np.linspace(-9, 9, 61)
    mass = np.exp(-0.5 * nodes**2)
    density = GridDensity(nodes, mass / mass.sum())
    assert density.cdf(0.7) == pytest.approx(float(ndtr(0.7)), abs=1e-13)
    assert density.quantile(0.975) == pytest.approx(1.959963984540054, abs=1e-10)


def test_smearing_is_exact_from_nothing_to_much() -> None:
    nodes = np.linspace(-9, 9, 61)
    mass = np.exp(-0.5 * nodes**2)
    for tau in (0.0, 1e-6, 0.1, 3.0):
        smeared = Smeared(nodes, np.array([tau]), (mass / mass.sum())[:, None])
        assert smeared.quantile(0.9) == pytest.approx(1.2815515655446004 * np.hypot(1, tau), abs=1e-8)


def test_prediction_is_exact() -> None:
    # The reference treats tau near 0 as steps, and is off by up to 0.003. Here the same integral by brute force: panels
    # over tau, and the antiderivative over mu where tau is smaller than the grid of mu.
    posterior = pool_counts_bayes(X, N, prior="HN1_N0_1.5")
    assert posterior.predicted_median == pytest.approx(-0.267197875, abs=2e-8)
    posterior = pool_counts_bayes([1, 0], [1, 1], prior="HN0.5_N0_1.5")
    assert posterior.predicted_ci == pytest.approx((-2.410701, 2.410701), abs=1e-6)


def test_posterior_quantile_against_a_dense_grid() -> None:
    from review.pooling.logisticnormal import integrate_log

    mu, tau = np.linspace(-6, 6, 301), (np.arange(400) + 0.5) * 0.02
    table = sum(integrate_log(x, n, mu[:, None], tau**2, step=0.6) for x, n in zip(X[:4], N[:4], strict=True))
    mass = np.exp(table - 0.5 * (mu[:, None] / 1.5) ** 2 - 0.5 * tau**2)
    mass /= mass.sum()
    found = pool_counts_bayes(X[:4], N[:4])
    assert found.mu.mean == pytest.approx(float(mass.sum(axis=1) @ mu), abs=1e-4)
    assert found.tau.mean == pytest.approx(float(mass.sum(axis=0) @ tau), abs=1e-3)


def test_no_event_at_all_has_a_posterior() -> None:
    posterior = pool_counts_bayes([0, 0, 0], [1, 3, 8])
    low, high = expit(posterior.mu.ci)
    assert 0 < low < high < 0.5


def test_shrinkage_of_counts() -> None:
    table = CountTable(X, N)
    posterior, studies = table.pool(), table.shrink()
    assert len(studies) == X.size
    assert studies[1].proportion > studies[2].proportion
    # One of one and none of one are drawn in, far from 1 and 0.
    assert 0.2 < studies[2].proportion < studies[1].proportion < 0.8
    for study in studies:
        assert study.ci[0] < study.mean < study.ci[1]
        assert study.sd <= np.hypot(posterior.mu.sd, 2.0)


def test_shrinkage_of_estimates() -> None:
    y, v = np.array([-1.0, 0.0, 2.0]), np.array([0.1, 0.2, 0.1])
    posterior, studies = pool_normal(y, v), shrink_normal(y, v)
    for estimate, study in zip(y, studies, strict=True):
        low, high = sorted((estimate, posterior.mu.mean))
        assert low - 0.05 <= study.mean <= high + 0.05


def test_sensitivity_speaks_when_the_prior_decides() -> None:
    posteriors, findings = tabulate_sensitivity([1, 0], [1, 1], priors=("HN1_N0_1.5", "HN1_N0_10"))
    assert len(posteriors) == 2
    assert [f.code for f in findings] == ["POOL-165"]
    _posteriors, findings = tabulate_sensitivity([40, 55], [100, 120], priors=("HN0.5_N0_1.5", "HN0.5_N0_2.5"))
    assert findings == ()


def test_bad_input_is_refused() -> None:
    for call in (
        lambda: pool_normal([1.0], [0.0]),
        lambda: pool_normal([], []),
        lambda: pool_normal([1.0], [0.5], prior="HN1_flat"),
        lambda: CountTable([], []),
        lambda: CountTable([1], [2], ("HN1_flat",)),
        lambda: CountTable([1], [2]).pool("HN2_N0_1.5"),
        lambda: pool_beta([], []),
    ):
        with pytest.raises(PoolError):
            call()


def test_half_cauchy_prior_for_counts() -> None:
    wide = pool_counts_bayes(X, N, prior=Prior("HC", 0.5, 0.0, 1.5))
    assert wide.tau.ci[1] > 1
    assert np.isfinite(wide.predicted_ci).all()


@pytest.mark.parametrize("times", [10, 40])
def test_many_studies_have_narrow_peaks_that_are_found(times: int) -> None:
    # With many studies the likelihood is far narrower than the first grid; the median nears the model's estimate.
    events, total = np.tile(X, times), np.tile(N, times)
    posterior = pool_counts_bayes(events, total)
    fitted = pool_counts(
        [StudyCount(str(i), int(x), int(n), {}, 1) for i, (x, n) in enumerate(zip(events, total, strict=True))]
    )
    assert fitted.beta is not None
    assert fitted.se is not None
    assert abs(posterior.mu.median - fitted.beta) < 0.25 * fitted.se
    assert posterior.mu.sd == pytest.approx(fitted.se, rel=0.1)


@given(st.floats(-3, 3), st.floats(0.01, 100), st.floats(0, 5))
def test_peaks_of_concave_functions_lie_below_their_bound(peak: float, width: float, corner: float) -> None:
    nodes = np.linspace(-3, 3, 13)

    def compute(x: np.ndarray) -> np.ndarray:
        return -(((x - peak) / width) ** 2) - corner * np.abs(x - peak)

    (bound,) = bound_peaks(compute(nodes)[:, None], nodes)
    assert bound >= compute(np.array([peak]))[0] - 1e-9


def test_beta_binomial_after_no_event() -> None:
    found = pool_beta([0, 0, 0, 0], [1, 1, 3, 8])
    assert 0 < found.mu.ci[0] < found.mu.median < found.mu.ci[1] < 0.6
