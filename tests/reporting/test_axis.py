"""Scales place values and write round ones beside them."""

from __future__ import annotations

import pytest

from review.reporting.axis import Axis


def test_values_are_placed_in_proportion_and_cut_at_the_ends() -> None:
    axis = Axis(10, 100, 0.0, 0.5)
    assert [axis.place(value) for value in (0.0, 0.25, 0.5, 0.9, -1.0)] == [10, 60, 110, 110, 10]


def test_a_negative_length_runs_upward() -> None:
    axis = Axis(200, -100, 0.0, 1.0)
    assert axis.place(1.0) == 100


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0.0, 0.5, [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        (0.2, 0.6, [0.2, 0.3, 0.4, 0.5, 0.6]),
        (0.0, 0.03, [0.0, 0.01, 0.02, 0.03]),
        (0.0, 97.0, [0.0, 20.0, 40.0, 60.0, 80.0]),
        (3.0, 5.0, [3.0, 3.5, 4.0, 4.5, 5.0]),
    ],
)
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert Axis(0, 100, low, high).ticks() == pytest.approx(ticks)
