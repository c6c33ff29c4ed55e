"""Intervals of one proportion: closed properties, statsmodels, and values from R where the shared folder is present."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.errors import PoolError
from review.pooling.intervals import METHODS
from review.pooling.intervals import bound
from review.pooling.intervals import interval
from review.pooling.intervals import intervals

#: Name in the golden file for each of ours; values are closed forms or exact quantiles, so 1e-10 holds for all.
GOLDEN = {
    "clopper-pearson": "clopper_pearson",
    "midp": "mid_p",
    "wilson": "wilson",
    "wilson-cc": "wilson_cc",
    "jeffreys": "jeffreys",
    "jeffreys-bcd": "jeffreys_bcd",
    "agresti-coull": "agresti_coull",
    "wald": "wald",
    "arcsine": "arcsine",
    "arcsine-anscombe": "arcsine_anscombe",
    "freeman-tukey": "freeman_tukey",
    "logit": "logit_half_if_0",
    "likelihood": "likelihood_ratio",
}
TOLERANCE = 1e-10


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[dict]:
    golden = json.loads((shared / "data/stats/golden_dev.json").read_text())
    found = list(golden["single_grid"])
    for dataset in golden["datasets"]:
        found += [*dataset["single_ci"], dataset["pooled_ci"]]
    return [row for row in found if row["n"] > 0]


def test_every_method_has_a_golden_name() -> None:
    assert set(GOLDEN) == set(METHODS)


@pytest.mark.parametrize("method", METHODS)
def test_method_equals_r(method: str, rows: list[dict]) -> None:
    for row in rows:
        # R leaves Agresti-Coull and Wald outside 0..1; a proportion has no such values, so ours are cut.
        expected = np.clip(row["ci"][GOLDEN[method]], 0, 1)
        found = interval(row["x"], row["n"], method=method, level=row["level"])
        np.testing.assert_allclose(found, expected, atol=TOLERANCE, rtol=0, err_msg=f"{row['x']}/{row['n']}")


def test_one_sided_bounds_equal_r(rows: list[dict]) -> None:
    for row in rows:
        expected = row["ci"]["one_sided_cp"]
        found = [bound(row["x"], row["n"], side=side, level=row["level"]) for side in ("lower", "upper")]
        np.testing.assert_allclose(found, expected, atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize(
    ("method", "name"),
    [("clopper-pearson", "beta"), ("wilson", "wilson"), ("jeffreys", "jeffreys"), ("agresti-coull", "agresti_coull")],
)
def test_method_equals_statsmodels(method: str, name: str) -> None:
    from statsmodels.stats.proportion import proportion_confint

    events = np.array([0, 1, 4, 9, 8, 50])
    total = np.array([8, 1, 8, 19, 8, 120])
    low, high = intervals(events, total, method=method, level=0.9)
    expected = proportion_confint(events, total, alpha=0.1, method=name)
    np.testing.assert_allclose((low, high), expected, atol=1e-12)


@given(
    data=st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    method=st.sampled_from(METHODS),
    level=st.sampled_from([0.5, 0.9, 0.95, 0.999]),
)
def test_interval_is_honest_and_symmetric(data: tuple[int, int], method: str, level: float) -> None:
    events, total = data
    low, high = interval(events, total, method=method, level=level)
    assert 0 <= low <= high <= 1
    if method not in ("logit", "arcsine-anscombe", "freeman-tukey", "jeffreys"):
        assert low - 1e-12 <= events / total <= high + 1e-12
    if method != "wald":
        assert high > low
    mirrored = interval(total - events, total, method=method, level=level)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize("method", ["clopper-pearson", "midp", "wilson", "wilson-cc", "likelihood", "arcsine"])
def test_no_event_gives_a_finite_interval_from_zero(method: str) -> None:
    low, high = interval(0, 8, method=method)
    assert low == 0
    assert 0 < high < 0.41
    assert interval(8, 8, method=method)[1] == 1


def test_rule_of_three() -> None:
    assert bound(0, 100, side="upper") == pytest.approx(1 - 0.05 ** (1 / 100), abs=1e-14)
    assert bound(100, 100, side="lower") == pytest.approx(0.05 ** (1 / 100), abs=1e-14)
    assert bound(0, 100, side="lower") == 0


def test_small_tail_of_a_huge_denominator_is_exact() -> None:
    low, high = interval(1, 10_000_000)
    assert low == pytest.approx(2.5317805e-09, rel=1e-6)
    assert high == pytest.approx(5.5716427e-07, rel=1e-6)


def test_wide_range_of_levels() -> None:
    widths = [math.dist(*[[v] for v in interval(3, 8, method="midp", level=level)]) for level in (0.01, 0.5, 0.9999)]
    assert widths == sorted(widths)


@pytest.mark.parametrize(
    ("events", "total", "problem"),
    [(3, 2, "3 events of 2"), (-1, 2, "-1 events"), (0, 0, "no one"), (1.5, 3, "whole"), (float("nan"), 3, "whole")],
)
def test_impossible_counts_are_refused(events: float, total: float, problem: str) -> None:
    with pytest.raises(PoolError, match=problem):
        interval(events, total)  # type: ignore[arg-type]


@pytest.mark.parametrize("level", [0, 1, 1.5, 95, float("nan")])
def test_impossible_level_is_refused(level: float) -> None:
    with pytest.raises(PoolError, match="level"):
        interval(4, 8, level=level)


def test_unknown_method_names_the_known_ones() -> None:
    with pytest.raises(PoolError, match="clopper-pearson"):
        interval(4, 8, method="exact")


def test_import_is_light() -> None:
    script = "import sys; import review.pooling.intervals; print(sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    for heavy in ("scipy", "statsmodels", "pandas", "numpy"):
        assert f"'{heavy}'" not in loaded


@pytest.mark.parametrize("method", METHODS)
def test_a_single_total_serves_many_counts(method: str) -> None:
    low, high = intervals(np.arange(9), 8, method=method)
    apart = [interval(x, 8, method=method) for x in range(9)]
    assert list(zip(low.tolist(), high.tolist(), strict=True)) == apart
