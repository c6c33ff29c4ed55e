"""Roots of many functions at once."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq

from review.pooling.roots import solve_brackets


def test_roots_equal_brentq() -> None:
    target = np.array([1e-9, 0.3, 2.0, 700.0])
    found = solve_brackets(lambda x: np.expm1(x) - target, np.zeros(4), np.full(4, 10.0))
    expected = [brentq(lambda x, t=t: np.expm1(x) - t, 0, 10, xtol=1e-16, rtol=1e-15) for t in target]
    assert found == pytest.approx(expected, rel=1e-13)


def test_a_root_at_an_end_and_a_root_far_away_live_in_one_call() -> None:
    calls = 0

    def function(x: NDArray[np.float64]) -> NDArray[np.float64]:
        nonlocal calls
        calls += 1
        return x**3 - np.array([0.0, 8.0, 1e-30])

    found = solve_brackets(function, np.zeros(3), np.array([5.0, 2.0, 1e6]))
    assert found == pytest.approx([0.0, 2.0, 1e-10], rel=1e-12, abs=1e-100)
    assert calls < 150


def test_a_step_ends_at_neighbouring_numbers() -> None:
    found = solve_brackets(lambda x: np.where(x < 1 / 3, -1.0, 1.0), np.array([0.0]), np.array([1.0]))
    assert found == pytest.approx([1 / 3], abs=1e-15)
