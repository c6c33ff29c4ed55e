"""Intervals of tau2: the equations that define them, and what is said where they fail."""

from __future__ import annotations

import numpy as np
import pytest

from review.errors import PoolError
from review.pooling.heterogeneity import estimate_tau2
from review.pooling.linear import log_likelihood
from review.pooling.linear import make_batch
from review.pooling.linear import weigh_at
from review.pooling.tails import chi_squared_quantile
from review.pooling.tau2_intervals import METHODS
from review.pooling.tau2_intervals import interval_i2
from review.pooling.tau2_intervals import interval_tau2

Y = [0.1, 1.5, -1.4, 2.2, 0.3, -1.0]
V = [0.2, 0.1, 0.3, 0.25, 0.05, 0.4]


def test_q_profile_meets_its_equation() -> None:
    found = interval_tau2(make_batch(Y, V), level=0.9)
    assert found is not None
    q = [float(weigh_at(make_batch(Y, V), np.asarray(limit)).rss) for limit in found.tau2]
    assert q == pytest.approx([chi_squared_quantile(0.95, 5), chi_squared_quantile(0.05, 5)], rel=1e-10)
    assert found.findings == ()
    assert found.tau[1] == pytest.approx(found.tau2[1] ** 0.5)
    assert 0 < found.i2[0] < found.i2[1] < 100
    assert found.h2[1] == pytest.approx(1 / (1 - found.i2[1] / 100))


@pytest.mark.parametrize("restricted", [True, False])
def test_profile_likelihood_falls_by_half_a_chi_squared(restricted: bool) -> None:
    batch = make_batch(Y, V)
    method = "REML" if restricted else "ML"
    found = interval_tau2(batch, method=f"PL-{method}")
    assert found is not None
    top = log_likelihood(batch, weigh_at(batch, estimate_tau2(batch, method)), restricted=restricted)
    for limit in found.tau2:
        fall = top - log_likelihood(batch, weigh_at(batch, np.asarray(limit)), restricted=restricted)
        assert 2 * float(fall) == pytest.approx(chi_squared_quantile(0.95, 1), rel=1e-9)


def test_studies_that_agree_too_well_leave_an_empty_interval_and_say_so() -> None:
    found = interval_tau2(make_batch([0.5] * 8, [1.0] * 8))
    assert found is not None
    assert found.tau2 == (0, 0)
    assert [finding.code for finding in found.findings] == ["POOL-124"]


@pytest.mark.parametrize("method", METHODS)
def test_one_study_has_none(method: str) -> None:
    assert interval_tau2(make_batch([0.5], [1.0]), method=method) is None


def test_i2_from_q_alone() -> None:
    assert interval_i2(20, 10) == pytest.approx((0, 75.2), abs=0.5)
    assert interval_i2(0, 10) is not None
    assert interval_i2(1, 1) is None
    assert interval_i2(0, 0) is None
    assert interval_i2(5, 1) is not None
    with pytest.raises(PoolError, match="level"):
        interval_i2(5, 4, level=1.5)


def test_impossible_requests_are_refused() -> None:
    with pytest.raises(PoolError, match="PL-REML"):
        interval_tau2(make_batch(Y, V), method="BT")
    with pytest.raises(PoolError, match="level"):
        interval_tau2(make_batch(Y, V), level=95)
