"""Leave-one-out, cumulative and deletion diagnostics equal fits one by one."""

from __future__ import annotations

import pytest

from review.errors import PoolError
from review.pooling.heterogeneity import METHODS
from review.pooling.influence import cumulate
from review.pooling.influence import leave_one_out
from review.pooling.influence import measure_influence
from review.pooling.models import fit_model

Y = [0.1, 1.5, -1.4, 2.2, 0.3, -1.0]
V = [0.2, 0.1, 0.3, 0.25, 0.05, 0.4]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("test", ["z", "adhoc"])
def test_leave_one_out_equals_fits_without_the_study(method: str, test: str) -> None:
    for refit in leave_one_out(Y, V, method=method, test=test):
        rest = [i for i in range(6) if i != refit.study]
        model = fit_model([Y[i] for i in rest], [V[i] for i in rest], method=method, test=test)
        ours = (refit.k, refit.beta, refit.se, refit.ci_low, refit.ci_high, refit.tau2, refit.i2, refit.q, refit.q_p)
        theirs = (model.k, model.beta, model.se, *model.ci, model.tau2, model.i2, model.q, model.q_p)
        assert ours == pytest.approx(theirs, rel=1e-8, abs=1e-10)


def test_cumulative_by_year_keeps_the_order_of_equal_years() -> None:
    years = [2010, 2001, 2015, 2001, 2020, 2005]
    found = cumulate(Y, V, years, test="t")
    assert [refit.study for refit in found] == [1, 3, 5, 0, 2, 4]
    assert [refit.k for refit in found] == [1, 2, 3, 4, 5, 6]
    assert found[0].beta == pytest.approx(Y[1])
    assert found[-1].beta == pytest.approx(fit_model(Y, V).beta)
    with pytest.raises(PoolError, match="one for each"):
        cumulate(Y, V, [1])


def test_the_odd_study_stands_out() -> None:
    found = measure_influence([0.1, 0.0, -0.1, 5.0], [0.1] * 4)
    assert max(found, key=lambda row: row.cook).study == 3
    assert found[3].rstudent > 5
    assert sum(row.hat for row in found) == pytest.approx(1)


def test_a_single_study_has_nothing_to_leave_out() -> None:
    assert leave_one_out([0.1], [0.2]) == ()
    assert measure_influence([0.1], [0.2]) == ()
    with pytest.raises(PoolError, match="knha"):
        leave_one_out(Y, V, test="HK")
