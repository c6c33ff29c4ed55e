"""Metrics of an order: by hand, at the edges, and the golden ones."""

from __future__ import annotations

import pytest

from review.screening.metrics import measure_order


def test_by_hand():
    metrics = measure_order([True, False, True, False, False, False, False, False, True, False] * 2)
    assert metrics is not None
    assert (metrics.records, metrics.included) == (20, 6)
    assert metrics.recall == {"5%": 1 / 6, "10%": 1 / 6, "20%": 2 / 6, "50%": 3 / 6}
    assert metrics.wss95 == pytest.approx((20 - 19) / 20 - 0.05)
    assert metrics.atd == pytest.approx((1 + 3 + 9 + 11 + 13 + 19) / 6 / 20)


def test_the_worst_order_is_below_zero():
    metrics = measure_order([False] * 99 + [True])
    assert metrics is not None
    assert metrics.wss95 == pytest.approx(-0.05)


def test_few_records_have_no_early_part():
    metrics = measure_order([True, False, True])
    assert metrics is not None
    assert metrics.recall == {"5%": 0, "10%": 0, "20%": 0, "50%": 0.5}


def test_nothing_to_find():
    assert measure_order([]) is None
    assert measure_order([False, False]) is None


def test_the_golden_figures_at_95_percent():
    # 2,542 records, 40 relevant, 38 of them within the first 494.
    metrics = measure_order([True] * 37 + [False] * 456 + [True] + [False] * 2046 + [True] * 2)
    assert metrics is not None
    assert metrics.wss95 == pytest.approx(0.7556648308418568)
