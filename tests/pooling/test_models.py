"""Inverse-variance models: hand-computed values, invariances, hostile input, speed that grows with the number of studies."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.errors import PoolError
from review.pooling.heterogeneity import METHODS
from review.pooling.heterogeneity import estimate_tau2
from review.pooling.linear import log_likelihood
from review.pooling.linear import make_batch
from review.pooling.linear import weigh_at
from review.pooling.models import TESTS
from review.pooling.models import Model
from review.pooling.models import fit_model

Y = [0.1, 0.5, -0.4, 1.2, 0.3, -1.0]
V = [0.2, 0.1, 0.3, 0.25, 0.05, 0.4]

estimates = st.lists(
    st.tuples(st.floats(-5, 5), st.floats(0.001, 5)).map(lambda pair: (round(pair[0], 6), round(pair[1], 6))),
    min_size=2,
    max_size=12,
)


def codes(model: Model) -> list[str]:
    return [finding.code for finding in model.findings]


def test_common_effect_and_dersimonian_laird_by_hand() -> None:
    y, v = np.array(Y), np.array(V)
    w = 1 / v
    mean = (w * y).sum() / w.sum()
    q = (w * (y - mean) ** 2).sum()
    common = fit_model(Y, V, method="EE")
    assert (common.beta, common.se, common.q) == pytest.approx((mean, w.sum() ** -0.5, q))
    tau2 = (q - 5) / (w.sum() - (w**2).sum() / w.sum())
    assert fit_model(Y, V, method="DL").tau2 == pytest.approx(max(0, tau2))
    assert sum(common.weights) == pytest.approx(1)


def test_the_tests_differ_as_they_should() -> None:
    z, t, knha, adhoc = (fit_model(Y, V, test=test) for test in TESTS)
    assert z.se == t.se
    assert knha.se == pytest.approx(z.se * math.sqrt(knha.scale))
    assert adhoc.se == max(z.se, knha.se)
    assert (z.df, t.df, knha.df) == (None, 5, 5)
    assert t.ci[0] < z.ci[0]


@given(estimates, st.sampled_from([method for method in METHODS if method != "EE"]))
@settings(max_examples=150, deadline=None)
def test_shift_and_scale_carry_over(data: list[tuple[float, float]], method: str) -> None:
    y, v = np.array(data).T
    base = fit_model(y, v, method=method, test="adhoc")
    moved = fit_model(3 * y + 7, 9 * v, method=method, test="adhoc")
    assert moved.beta == pytest.approx(3 * base.beta + 7, rel=1e-6, abs=1e-6)
    assert moved.se == pytest.approx(3 * base.se, rel=1e-5)
    assert moved.tau2 == pytest.approx(9 * base.tau2, rel=1e-5, abs=1e-6)
    assert moved.i2 == pytest.approx(base.i2, abs=1e-3)


@given(estimates, st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_tau2_has_a_higher_likelihood(data: list[tuple[float, float]], restricted: bool) -> None:
    y, v = np.array(data).T
    batch = make_batch(y, v)
    best = estimate_tau2(batch, "REML" if restricted else "ML")
    top = float(log_likelihood(batch, weigh_at(batch, best), restricted=restricted))
    for tau2 in [0.0, *np.geomspace(1e-6, 1e3, 300)]:
        assert float(log_likelihood(batch, weigh_at(batch, np.asarray(tau2)), restricted=restricted)) <= top + 1e-9


@given(estimates)
@settings(max_examples=100, deadline=None)
def test_paule_and_mandel_meet_their_equation(data: list[tuple[float, float]]) -> None:
    y, v = np.array(data).T
    batch = make_batch(y, v)
    tau2 = estimate_tau2(batch, "PM")
    q = float(weigh_at(batch, tau2).rss)
    assert q == pytest.approx(len(y) - 1, rel=1e-9) if tau2 > 0 else q <= len(y) - 1


def test_the_higher_of_two_peaks_is_found() -> None:
    """Two precise studies agree, two vague ones do not: the likelihood has a peak at zero and a higher one far from it."""
    y, v = np.array([0.0, 0.02, 3.0, -3.2]), np.array([1e-4, 1e-4, 1e-2, 1e-2])
    batch = make_batch(y, v)
    best = float(estimate_tau2(batch, "ML"))
    heights = [float(log_likelihood(batch, weigh_at(batch, np.asarray(t)), restricted=False)) for t in (0.0, best)]
    assert best > 1
    assert heights[1] > heights[0]


def test_moderators_far_from_zero_are_as_exact_as_centred_ones() -> None:
    years = np.array([2001.0, 2004, 2009, 2011, 2015, 2019])
    far = fit_model(Y, V, design=np.stack([np.ones(6), years], axis=1), names=("intercept", "year"))
    near = fit_model(Y, V, design=np.stack([np.ones(6), years - 2010], axis=1), names=("intercept", "year"))
    assert far.coefficients[1].estimate == pytest.approx(near.coefficients[1].estimate, rel=1e-10)
    assert far.coefficients[1].se == pytest.approx(near.coefficients[1].se, rel=1e-10)
    assert far.moderators_test is not None
    assert far.moderators_test.statistic == pytest.approx(far.coefficients[1].statistic ** 2)  # type: ignore[operator]


def test_one_study_is_itself() -> None:
    model = fit_model([0.3], [0.04], test="knha")
    assert (model.beta, model.se, model.tau2, model.i2, model.q_p, model.test) == (
        0.3,
        pytest.approx(0.2),
        0,
        0,
        1,
        "z",
    )
    assert codes(model) == ["POOL-153"]


def test_two_studies_get_a_warning_and_three_do_not() -> None:
    assert "POOL-155" in codes(fit_model([0.0, 2.0], [0.1, 0.1]))
    assert "POOL-155" not in codes(fit_model([0.0, 2.0], [0.1, 0.1], method="EE"))
    assert codes(fit_model([0.0, 2.0, -2.0], [0.1, 0.1, 0.1])) == []


def test_zero_tau2_is_said() -> None:
    assert codes(fit_model([0.1, 0.1, 0.2], [1, 1, 1])) == ["POOL-123"]


def test_narrow_and_empty_hartung_knapp_intervals_are_said() -> None:
    assert "POOL-125" in codes(fit_model([0.1, 0.1, 0.2], [1, 1, 1], test="knha"))
    assert "POOL-125" not in codes(fit_model([0.1, 0.1, 0.2], [1, 1, 1], test="adhoc"))
    flat = fit_model([0.5, 0.5, 0.5], [1, 2, 3], test="knha")
    assert "POOL-126" in codes(flat)
    assert flat.coefficients[0].statistic is None
    assert flat.coefficients[0].p is None


def test_a_saturated_model_is_said() -> None:
    model = fit_model([0.1, 0.9], [1, 1], design=[[1, 0], [1, 1]], names=("intercept", "x"))
    assert "POOL-121" in codes(model)
    assert model.tau2 == 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"y": [], "v": []}, "no study"),
        ({"y": [1, 2], "v": [1, 0]}, "variance"),
        ({"y": [1, math.nan], "v": [1, 1]}, "estimate"),
        ({"y": [1, 2], "v": [1, -1]}, "variance"),
        ({"y": [1, 2], "v": [1, 1], "method": "XX"}, "REML"),
        ({"y": [1, 2], "v": [1, 1], "test": "HK"}, "knha"),
        ({"y": [1, 2], "v": [1, 1], "level": 1.5}, "0.95"),
        ({"y": [1, 2, 3], "v": [1, 1, 1], "design": [[1, 2]] * 3, "names": ("a", "b")}, "constant"),
        ({"y": [1], "v": [1], "design": [[1, 2]], "names": ("a", "b")}, "2 coefficients"),
    ],
)
def test_impossible_requests_are_refused(arguments: dict[str, object], problem: str) -> None:
    with pytest.raises(PoolError, match=problem):
        fit_model(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
def test_extreme_spread_of_variances_gives_finite_numbers(method: str) -> None:
    model = fit_model([0, 1, 5, -3], [1e-9, 1e4, 1, 1e-6], method=method, test="adhoc")
    assert np.isfinite([model.beta, model.se, *model.ci, model.tau2, model.i2, model.h2, model.q_p]).all()


def test_ten_thousand_studies_are_no_matter() -> None:
    random = np.random.default_rng(7)
    v = random.uniform(0.01, 1, 10_000)
    y = random.normal(0.5, np.sqrt(v + 0.3))
    assert fit_model(y, v).tau2 == pytest.approx(0.3, abs=0.05)
