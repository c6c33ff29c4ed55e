"""Prediction intervals by name."""

from __future__ import annotations

import numpy as np
import pytest

from review.errors import PoolError
from review.pooling.models import fit_model
from review.pooling.prediction import VARIANTS
from review.pooling.prediction import kenward_roger
from review.pooling.prediction import predict
from review.pooling.tails import critical_value

Y = [0.1, 1.5, -1.4, 2.2, 0.3, -1.0]
V = [0.2, 0.1, 0.3, 0.25, 0.05, 0.4]


def test_higgins_thompson_spiegelhalter_by_hand() -> None:
    model = fit_model(Y, V)
    found = predict(Y, V, model)
    half = critical_value(0.95, 4) * np.sqrt(model.tau2 + model.se**2)
    assert found.limits == pytest.approx((model.beta - half, model.beta + half))
    assert found.findings == ()


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_contains_the_confidence_interval_here(variant: str) -> None:
    model = fit_model(Y, V)
    found = predict(Y, V, model, variant=variant)
    assert found.limits is not None
    assert found.limits[0] < model.ci[0] < model.ci[1] < found.limits[1]


@pytest.mark.parametrize("k", [1, 2])
def test_below_three_studies_there_is_none(k: int) -> None:
    found = predict(Y[:k], V[:k], fit_model(Y[:k], V[:k]))
    assert found.limits is None
    assert [finding.code for finding in found.findings] == ["POOL-127"]


def test_a_variant_without_degrees_of_freedom_says_so() -> None:
    y, v = [0.0, 0.1, 0.2], [1e-3, 10, 10]
    found = predict(y, v, fit_model(y, v), variant="KR-PR")
    assert found.limits is None
    assert [finding.code for finding in found.findings] == ["POOL-127"]


def test_kenward_roger_of_equal_variances_is_the_t_test() -> None:
    se, df = kenward_roger([0.5] * 10, 0.3)
    assert (se, df) == pytest.approx(((0.8 / 10) ** 0.5, 9))


def test_impossible_requests_are_refused() -> None:
    with pytest.raises(PoolError, match="HTS"):
        predict(Y, V, fit_model(Y, V), variant="best")
    with pytest.raises(PoolError, match="random-effects"):
        predict(Y, V, fit_model(Y, V, method="EE"))
    with pytest.raises(PoolError, match="level"):
        predict(Y, V, fit_model(Y, V), level=0)
