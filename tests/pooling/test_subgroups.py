"""Subgroups with separate and with common tau2."""

from __future__ import annotations

import pytest

from review.errors import PoolError
from review.pooling.models import fit_model
from review.pooling.subgroups import compare_subgroups

Y = [0.1, 1.5, -1.4, 2.2, 0.3, -1.0]
V = [0.2, 0.1, 0.3, 0.25, 0.05, 0.4]
GROUPS = ["own", "published", "own", "published", "own", "published"]


@pytest.mark.parametrize("test", ["z", "knha"])
def test_separate_groups_are_models_of_their_own(test: str) -> None:
    found = compare_subgroups(Y, V, GROUPS, test=test)
    own = fit_model(Y[::2], V[::2], test=test)
    assert found.groups[0].name == "own"
    assert found.groups[0].studies == (0, 2, 4)
    assert (found.groups[0].beta, found.groups[0].se) == (own.beta, own.se)
    assert found.findings == ()
    assert found.between is not None
    other = fit_model(Y[1::2], V[1::2])
    z2 = (fit_model(Y[::2], V[::2]).beta - other.beta) ** 2 / (fit_model(Y[::2], V[::2]).se ** 2 + other.se**2)
    assert found.between.statistic == pytest.approx(z2)


def test_groups_with_a_common_tau2_share_it() -> None:
    found = compare_subgroups(Y, V, GROUPS, common_tau2=True)
    assert len({group.tau2 for group in found.groups}) == 1
    assert found.between is not None
    gap = found.groups[1].beta - found.groups[0].beta
    assert found.between.statistic == pytest.approx(gap**2 / (found.groups[0].se ** 2 + found.groups[1].se ** 2))


def test_a_group_of_one_study_is_said() -> None:
    groups = ["a", "b", "b", "b", "b", "b"]
    assert [finding.code for finding in compare_subgroups(Y, V, groups).findings] == ["POOL-142"]
    assert compare_subgroups(Y, V, groups, common_tau2=True).findings == ()
    assert compare_subgroups(Y, V, groups, method="EE").findings == ()


def test_impossible_groups_are_refused() -> None:
    with pytest.raises(PoolError, match="one level"):
        compare_subgroups(Y, V, ["a"] * 6)
    with pytest.raises(PoolError, match="one for each"):
        compare_subgroups(Y, V, ["a", "b"])
