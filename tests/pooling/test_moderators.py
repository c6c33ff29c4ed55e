"""Meta-regression and its permutation test."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from review.errors import PoolError
from review.pooling.models import fit_model
from review.pooling.moderators import code_levels
from review.pooling.moderators import permute
from review.pooling.moderators import regress

Y = [0.1, 1.5, -1.4, 2.2, 0.3, -1.0]
V = [0.2, 0.1, 0.3, 0.25, 0.05, 0.4]
X = [1.0, 2, 2, 3, 5, 1]


def test_few_studies_are_said_and_many_are_not() -> None:
    assert "POOL-140" in [finding.code for finding in regress(Y, V, {"x": X}).findings]
    random = np.random.default_rng(3)
    found = regress(random.normal(size=30), np.full(30, 0.01), {"x": list(range(30))})
    assert "POOL-140" not in [finding.code for finding in found.findings]


def test_a_moderator_that_explains_all_has_r2_of_100() -> None:
    found = regress([0.0, 1, 2, 3], [0.01] * 4, {"x": [0, 1, 2, 3]}, method="DL")
    assert found.r2 == 100
    assert regress([0.0, 1, 2, 3], [0.01] * 4, {"x": [0, 1, 2, 3]}, method="EE").r2 is None


def test_centring_moves_the_intercept_only() -> None:
    plain, centred = (regress(Y, V, {"x": X}, centre=centre).model for centre in (False, True))
    assert plain.coefficients[1].estimate == pytest.approx(centred.coefficients[1].estimate)
    slope = plain.coefficients[1].estimate
    assert centred.coefficients[0].estimate == pytest.approx(plain.coefficients[0].estimate + slope * np.mean(X))


def test_permutations_equal_one_by_one_fits() -> None:
    statistics = []
    for arranged in permutations(X):
        coefficient = fit_model(
            Y, V, method="REML", design=np.stack([np.ones(6), arranged], axis=1), names=("i", "x")
        ).coefficients[1]
        statistics.append(abs(coefficient.statistic or 0))
    own = abs(regress(Y, V, {"x": X}, test="z").model.coefficients[1].statistic or 0)
    expected = np.mean(np.array(statistics) >= own - 1e-8)
    found = permute(Y, V, {"x": X})
    assert found.exact
    assert found.arrangements == 720 // 4
    assert found.p[1] == pytest.approx(expected)
    assert found.omnibus_p == pytest.approx(expected)
    assert found.findings == ()


def test_random_arrangements_repeat_and_tell_their_error() -> None:
    y, v, x = np.linspace(-1, 2, 12), np.full(12, 0.2), list(range(12))
    first, second = (permute(y, v, {"x": x}, draws=199, seed=5) for _ in range(2))
    assert first == second
    assert not first.exact
    assert first.arrangements == 200
    assert first.p[1] == pytest.approx(1 / 200)
    assert [finding.code for finding in first.findings] == ["POOL-141"]
    assert 0 < first.error < 0.04


@pytest.mark.parametrize("test", ["z", "knha", "adhoc"])
def test_groups_are_arranged_without_repeats(test: str) -> None:
    found = permute(Y, V, code_levels(["a", "b", "b", "c", "c", "c"]), test=test)
    assert found.arrangements == 60
    assert 0 < found.omnibus_p <= 1


def test_impossible_moderators_are_refused() -> None:
    with pytest.raises(PoolError, match="one level"):
        code_levels(["a", "a"])
    with pytest.raises(PoolError, match="'z'"):
        code_levels(["a", "b"], reference="z")
    with pytest.raises(PoolError, match="constant"):
        regress(Y, V, {"x": [1.0] * 6})
    with pytest.raises(PoolError, match="one number"):
        regress(Y, V, {"x": [1.0]})
    with pytest.raises(PoolError, match="one number"):
        regress(Y, V, {"x": [float("nan")] * 6})
    with pytest.raises(PoolError, match="more than 2"):
        permute(Y[:2], V[:2], {"x": [1.0, 2.0]})
