"""Effect sizes: hand-computed values, the rules for empty cells, the way back and its warnings."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.errors import PoolError
from review.pooling.effects import MEASURES
from review.pooling.effects import back_transform
from review.pooling.effects import check_back_transformation
from review.pooling.effects import compute_effects
from review.pooling.effects import invert_freeman_tukey
from review.pooling.effects import representative_total
from review.pooling.effects import transform_freeman_tukey


def codes(found: object) -> list[str]:
    return [finding.code for finding in found.findings]  # type: ignore[attr-defined]


def test_values_by_hand() -> None:
    logit = compute_effects([4, 3], [8, 12], measure="PLO")
    assert logit.y == pytest.approx([0, math.log(3 / 9)])
    assert logit.v == pytest.approx([1 / 4 + 1 / 4, 1 / 3 + 1 / 9])
    log = compute_effects([4, 3], [8, 12], measure="PLN")
    assert log.v == pytest.approx([1 / 4 - 1 / 8, 1 / 3 - 1 / 12])
    assert compute_effects([3], [12], measure="PR").v == pytest.approx([0.25 * 0.75 / 12])
    assert compute_effects([3], [12], measure="PAS").y == pytest.approx([math.asin(0.5)])


def test_a_single_case_becomes_a_quarter_and_says_so() -> None:
    found = compute_effects([0, 4], [1, 8], measure="PR")
    assert found.y[0] == 0.25
    assert codes(found) == ["POOL-110", "POOL-111"]


@pytest.mark.parametrize(
    ("rule", "touched"), [("only0", [1, 0, 0]), ("all", [1, 1, 1]), ("if0all", [1, 1, 1]), ("none", [0, 0, 0])]
)
def test_rules_for_empty_cells(rule: str, touched: list[int]) -> None:
    found = compute_effects([0, 4, 5], [8, 8, 11], measure="PR", zero_cells=rule)
    expected = [(x + 0.5 * t) / (n + t) for x, n, t in zip([0, 4, 5], [8, 8, 11], touched, strict=True)]
    assert found.y == pytest.approx(expected)
    assert ("POOL-110" in codes(found)) == any(touched)


def test_series_without_empty_cells_have_no_findings() -> None:
    for measure in MEASURES:
        assert codes(compute_effects([4, 5], [8, 11], measure=measure)) == []


@pytest.mark.parametrize("events", [[0, 0], [1, 8]])
def test_no_event_or_all_events_is_said(events: list[int]) -> None:
    assert "POOL-112" in codes(compute_effects(events, [1, 8]))


def test_studies_without_variance_are_said_and_never_infinite() -> None:
    found = compute_effects([0, 4], [1, 8], measure="PLO", zero_cells="none")
    assert codes(found)[-1] == "POOL-113"
    assert np.isnan(found.y[0])
    assert np.isnan(found.v[0])
    assert "POOL-113" in codes(compute_effects([1, 4], [1, 8], measure="PR", zero_cells="none", variance="UB"))
    assert "POOL-113" in codes(compute_effects([0, 4], [1, 8], measure="PR", zero_cells="none"))


@given(
    st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.sampled_from(MEASURES),
)
def test_the_way_back_returns_where_it_came_from(data: tuple[int, int], measure: str) -> None:
    events, total = data
    found = compute_effects([events], [total], measure=measure)
    half = 0.5 if measure in ("PR", "PLN", "PLO") and events in (0, total) else 0.0
    expected = (events + half) / (total + 2 * half)
    assert back_transform(found.y, measure, total=total) == pytest.approx([expected], abs=1e-7)


@given(st.floats(-50, 50), st.sampled_from(MEASURES))
def test_the_way_back_never_leaves_the_proportions(value: float, measure: str) -> None:
    assert 0 <= float(back_transform(value, measure, total=3.5)) <= 1


def test_freeman_tukey_is_one_to_one_for_its_own_total() -> None:
    events = np.arange(12)
    assert invert_freeman_tukey(transform_freeman_tukey(events, 11), 11) == pytest.approx(events / 11, abs=1e-9)


def test_the_choice_of_total_is_warned_about_where_it_matters() -> None:
    """Schwarzer et al. 2019 show a pooled proportion that leaves the studies' range; here the means differ by points."""
    totals = [8, 1, 1, 1, 400]
    assert representative_total(totals) == pytest.approx(5 / (1 / 8 + 3 + 1 / 400))
    assert representative_total([4, 9], "geometric") == pytest.approx(6)
    assert representative_total([4, 9], "arithmetic") == pytest.approx(6.5)
    assert representative_total([4, 9], "inverse-variance", variance=0.01) == pytest.approx(25)
    (warning,) = check_back_transformation(0.45, totals, variance=0.01)
    assert warning.code == "POOL-114"
    assert "harmonic" in warning.message
    assert check_back_transformation(math.pi / 4, [50, 50, 50]) == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"measure": "OR"}, "PLO"),
        ({"zero_cells": "some"}, "only0"),
        ({"variance": "AVG"}, "LS"),
        ({"measure": "PLN", "variance": "UB"}, "LS"),
        ({"add": -1}, "0.5"),
        ({"add": math.nan}, "0.5"),
    ],
)
def test_unknown_names_are_refused(arguments: dict[str, object], problem: str) -> None:
    with pytest.raises(PoolError, match=problem):
        compute_effects([1], [2], **arguments)  # type: ignore[arg-type]


def test_impossible_requests_are_refused() -> None:
    with pytest.raises(PoolError, match="total"):
        back_transform(0.5, "PFT")
    with pytest.raises(PoolError, match="PR"):
        back_transform(0.5, "RD")
    with pytest.raises(PoolError, match="harmonic"):
        representative_total([1], "median")
    with pytest.raises(PoolError, match="3 events of 2"):
        compute_effects([3], [2])
