"""Small-study methods: what they find in made data, and what is said where they cannot speak."""

from __future__ import annotations

import numpy as np
import pytest

from review.errors import PoolError
from review.pooling.effects import compute_effects
from review.pooling.smallstudy import correlate_ranks
from review.pooling.smallstudy import regress_on_precision
from review.pooling.smallstudy import trim_and_fill

TOTAL = np.array([5, 8, 10, 12, 15, 20, 30, 45, 60, 90, 150, 200])
EVENTS = np.array([4, 6, 7, 8, 9, 11, 15, 20, 25, 33, 50, 63])
EFFECTS = compute_effects(EVENTS, TOTAL)


def codes(found: object) -> list[str]:
    return [finding.code for finding in found.findings]  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", ["lm", "rma"])
def test_peters_finds_small_studies_with_high_proportions(model: str) -> None:
    found = regress_on_precision(EFFECTS.y, EFFECTS.v, TOTAL, measure="PLO", model=model)
    assert found.p is not None
    assert found.p < 0.01
    assert found.statistic is not None
    assert found.statistic > 0
    assert found.limit_ci is not None
    assert codes(found) == []


def test_egger_on_a_logit_is_warned_about() -> None:
    assert codes(regress_on_precision(EFFECTS.y, EFFECTS.v, TOTAL, measure="PLO", predictor="se")) == ["POOL-132"]
    assert codes(regress_on_precision(EFFECTS.y, EFFECTS.v, TOTAL, measure="PFT", predictor="se")) == []
    assert regress_on_precision(EFFECTS.y, EFFECTS.v, TOTAL, measure="PLO", predictor="total").limit is None


def test_below_ten_studies_is_said() -> None:
    assert codes(regress_on_precision(EFFECTS.y[:9], EFFECTS.v[:9], TOTAL[:9], measure="PLO")) == ["POOL-130"]


@pytest.mark.parametrize("model", ["lm", "rma"])
def test_studies_of_one_size_have_no_test(model: str) -> None:
    found = compute_effects([0, 1, 1], [1, 1, 1])
    test = regress_on_precision(found.y, found.v, [1, 1, 1], measure="PLO", model=model)
    assert test.statistic is None
    assert "POOL-131" in codes(test)
    assert "POOL-131" in codes(regress_on_precision([0.1, 0.2], [1, 2], [8, 4], measure="PLO", model=model))


def test_a_line_through_all_studies_has_no_test() -> None:
    found = regress_on_precision([1.0, 2, 3, 4], [1.0, 2, 3, 4], [1, 2, 3, 4], measure="PLO", predictor="variance")
    assert found.statistic is None
    assert "POOL-131" in codes(found)


def test_rank_test() -> None:
    found = correlate_ranks(EFFECTS.y, EFFECTS.v, measure="PLO")
    assert found.tau is not None
    assert found.tau > 0.5
    assert codes(found) == ["POOL-132"]
    assert codes(correlate_ranks([0.1], [1], measure="PFT")) == ["POOL-130", "POOL-131"]
    assert codes(correlate_ranks([0.1, 0.2, 0.3], [1, 1, 1], measure="PFT")) == ["POOL-130", "POOL-131"]


def test_trim_and_fill_mirrors_the_lonely_side() -> None:
    found = trim_and_fill(EFFECTS.y, EFFECTS.v, method="EE")
    assert found.side == "left"
    assert found.filled is not None
    assert found.filled > 0
    assert len(found.filled_y) == found.filled
    assert codes(found) == ["POOL-133"]
    mirrored = trim_and_fill(-EFFECTS.y, EFFECTS.v, method="EE")
    assert mirrored.side == "right"
    assert mirrored.beta == pytest.approx(-found.beta)  # type: ignore[operator]


def test_trim_and_fill_of_mirror_images_fills_nothing() -> None:
    found = trim_and_fill([-2, -1, 0, 1, 2], [0.1] * 5, side="left", method="EE")
    assert found.filled == 0


def test_trim_and_fill_says_why_it_fails() -> None:
    assert codes(trim_and_fill([0.1, 0.2, 0.4], [1, 1, 1]))[-1] == "POOL-131"
    assert codes(trim_and_fill([0.5, 0.5, 0.5], [1, 2, 3], estimator="R0", side="left"))[-1] == "POOL-131"


def test_unknown_names_are_refused() -> None:
    with pytest.raises(PoolError, match="inverse-total"):
        regress_on_precision(EFFECTS.y, EFFECTS.v, TOTAL, measure="PLO", predictor="size")
    with pytest.raises(PoolError, match="lm or rma"):
        regress_on_precision(EFFECTS.y, EFFECTS.v, TOTAL, measure="PLO", model="ols")
    with pytest.raises(PoolError, match="L0"):
        trim_and_fill(EFFECTS.y, EFFECTS.v, estimator="Q0")
    with pytest.raises(PoolError, match="left"):
        trim_and_fill(EFFECTS.y, EFFECTS.v, side="up")
