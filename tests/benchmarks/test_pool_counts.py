"""Models of counts: time grows no faster than the number of studies, and twenty studies take no noticeable time."""

from __future__ import annotations

import time

import numpy as np
import pytest

from review.pooling.bayescounts import pool_counts_bayes
from review.pooling.bayescounts import tabulate_sensitivity
from review.pooling.counts import StudyCount
from review.pooling.pool import COUNT_METHODS
from review.pooling.pool import VARIANCE_METHODS
from review.pooling.pool import pool_counts

pytestmark = pytest.mark.benchmark


def make_rows(count: int, largest: int) -> list[StudyCount]:
    rng = np.random.default_rng(count)
    total = rng.integers(1, largest + 1, count)
    events = rng.binomial(total, 1 / (1 + np.exp(-rng.normal(-0.5, 0.7, count))))
    return [StudyCount(f"s{i}", int(x), int(n), {}, i) for i, (x, n) in enumerate(zip(events, total, strict=True))]


def take_time(method: str, rows: list[StudyCount]) -> float:
    best = np.inf
    for _ in range(3):
        start = time.perf_counter()
        pool_counts(rows, method=method)
        best = min(best, time.perf_counter() - start)
    return best


@pytest.mark.parametrize("method", [*COUNT_METHODS, "REML", "DL"])
def test_time_is_at_most_linear(method: str) -> None:
    pool_counts(make_rows(10, 20), method=method)
    small, large = (take_time(method, make_rows(count, 300)) for count in (1_000, 10_000))
    assert large < 15 * small
    assert large < 2


def test_every_model_for_twenty_studies() -> None:
    rows = make_rows(20, 40)
    events, total = [row.events for row in rows], [row.total for row in rows]
    pool_counts(rows)
    start = time.perf_counter()
    for method in (*COUNT_METHODS, *VARIANCE_METHODS):
        pool_counts(rows, method=method)
    pool_counts_bayes(events, total)
    tabulate_sensitivity(events, total)
    assert time.perf_counter() - start < 2
