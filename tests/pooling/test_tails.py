"""Tails and quantiles equal scipy.stats, which loads three times as long."""

from __future__ import annotations

import pytest
from scipy import stats

from review.errors import PoolError
from review.pooling.tails import check_level
from review.pooling.tails import chi_squared_p
from review.pooling.tails import chi_squared_quantile
from review.pooling.tails import critical_value
from review.pooling.tails import f_p
from review.pooling.tails import two_sided_p


@pytest.mark.parametrize("df", [0.3, 1, 2, 3.7, 11, 1000])
@pytest.mark.parametrize("level", [0.01, 0.5, 0.95, 0.999])
def test_student(df: float, level: float) -> None:
    assert critical_value(level, df) == pytest.approx(stats.t.ppf((1 + level) / 2, df), rel=1e-9)
    assert two_sided_p(2.5, df) == pytest.approx(2 * stats.t.sf(2.5, df), rel=1e-12)


def test_normal() -> None:
    assert critical_value(0.95) == pytest.approx(1.959963984540054, abs=1e-15)
    assert critical_value(0.95, float("inf")) == critical_value(0.95)
    assert two_sided_p(-40) == pytest.approx(2 * stats.norm.sf(40), rel=1e-10)


def test_chi_squared_and_f() -> None:
    assert chi_squared_p(30, 4) == pytest.approx(stats.chi2.sf(30, 4), rel=1e-12)
    assert chi_squared_p(0, 0) == 1
    assert chi_squared_quantile(0.975, 12) == pytest.approx(stats.chi2.ppf(0.975, 12), rel=1e-12)
    assert f_p(3.2, 2, 9) == pytest.approx(stats.f.sf(3.2, 2, 9), rel=1e-12)


@pytest.mark.parametrize("level", [0, 1, 1.5, -0.1, float("nan")])
def test_impossible_levels(level: float) -> None:
    with pytest.raises(PoolError, match="level"):
        check_level(level)
