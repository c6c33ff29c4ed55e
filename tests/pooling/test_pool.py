"""The one call that pools a table of counts: promised keys, every method, every kind of nothing."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.errors import PoolError
from review.pooling.counts import StudyCount
from review.pooling.pool import COUNT_METHODS
from review.pooling.pool import VARIANCE_METHODS
from review.pooling.pool import pool_counts

KEYS = [
    "k",
    "events",
    "total",
    "measure",
    "model",
    "method",
    "estimate",
    "ci",
    "pi",
    "beta",
    "se",
    "statistic",
    "p",
    "tau2",
    "tau2_ci",
    "i2",
    "h2",
    "q",
    "q_df",
    "q_p",
    "warnings",
    "studies",
]


def make_rows(events: list[int], total: list[int], **columns: list[str]) -> list[StudyCount]:
    return [
        StudyCount(f"study {i}", x, n, {name: values[i] for name, values in columns.items() if values[i]}, i + 2)
        for i, (x, n) in enumerate(zip(events, total, strict=True))
    ]


SERIES_AND_CASES = make_rows(
    [4, 1, 1, 0, 1, 2, 0], [8, 1, 1, 1, 1, 4, 3], kind=["series", "case", "case", "case", "case", "series", "series"]
)


@pytest.mark.parametrize("method", [*COUNT_METHODS, *VARIANCE_METHODS])
@pytest.mark.parametrize("model", ["random", "common"])
def test_every_method_gives_the_promised_keys(method: str, model: str) -> None:
    result = pool_counts(SERIES_AND_CASES, method=method, model=model)
    plain = result.to_json()
    assert set(KEYS) <= set(plain)
    json.dumps(plain, allow_nan=False)
    assert result.k == 7
    assert (result.events, result.total) == (9, 19)
    assert result.ci[0] < result.estimate < result.ci[1]


@pytest.mark.parametrize("measure", ["PLO", "PLN", "PR", "PAS", "PFT"])
def test_measures_for_inverse_variance(measure: str) -> None:
    result = pool_counts(SERIES_AND_CASES, measure=measure, method="DL", test="knha")
    assert 0 <= result.ci[0] <= result.estimate <= result.ci[1] <= 1
    assert sum(row.weight for row in result.studies) == pytest.approx(1)


@pytest.mark.parametrize(
    ("events", "total", "code"),
    [
        ([0, 0, 0], [1, 3, 8], "POOL-151"),
        ([3], [8], "POOL-153"),
        ([1, 0, 1], [1, 1, 1], "POOL-152"),
        ([0, 5], [5, 5], "POOL-156"),
    ],
)
@pytest.mark.parametrize("method", COUNT_METHODS)
def test_nothing_to_estimate_is_answered_and_said(events: list[int], total: list[int], code: str, method: str) -> None:
    result = pool_counts(make_rows(events, total), method=method)
    assert code in result.warnings
    assert result.ci is not None
    assert 0 <= result.ci[0] < result.ci[1] <= 1
    for key, value in result.to_json().items():
        assert not (isinstance(value, float) and math.isnan(value)), key


def test_no_event_has_bound_and_firth() -> None:
    pooled = pool_counts(make_rows([0, 0], [3, 5])).pooled
    assert pooled.bound == pytest.approx(1 - 0.05 ** (1 / 8))
    assert pooled.firth == pytest.approx(0.5 / 9)


def test_tests_change_the_interval() -> None:
    profile = pool_counts(SERIES_AND_CASES)
    wald, t = (pool_counts(SERIES_AND_CASES, test=test) for test in ("z", "t"))
    assert profile.ci_method == "profile likelihood"
    assert wald.ci[0] > t.ci[0]
    assert profile.ci != wald.ci


def test_groups_by_a_column() -> None:
    for method in ("GLMM", "BB", "DL"):
        result = pool_counts(SERIES_AND_CASES, method=method, by="kind")
        assert set(result.groups) == {"case", "series"}
        assert result.groups["case"].events == 3
        assert result.between is not None
        assert 0 <= result.between.p <= 1
        assert "groups" in result.to_json()
    common = pool_counts(SERIES_AND_CASES, model="common", by="kind")
    assert common.between.df == 1


def test_a_blank_group_is_said() -> None:
    rows = make_rows([4, 1, 1, 2], [8, 1, 1, 3], kind=["a", "b", "a", ""])
    result = pool_counts(rows, by="kind")
    assert "POOL-160" in result.warnings
    assert "POOL-160" not in pool_counts(SERIES_AND_CASES, by="kind").warnings


@pytest.mark.parametrize(
    "settings",
    [
        {"method": "XX"},
        {"model": "fixed"},
        {"measure": "PFT"},
        {"measure": "XX", "method": "DL"},
        {"test": "knha"},
        {"test": "t", "method": "BB"},
        {"test": "profile", "method": "DL"},
        {"level": 1.5},
        {"ci_study": "magic"},
        {"by": "country"},
    ],
)
def test_what_does_not_exist_is_refused(settings: dict) -> None:
    with pytest.raises(PoolError):
        pool_counts(SERIES_AND_CASES, **settings)


def test_no_rows_and_a_single_level_are_refused() -> None:
    with pytest.raises(PoolError, match="no study"):
        pool_counts([])
    with pytest.raises(PoolError, match="single level"):
        pool_counts(make_rows([1, 2], [3, 4], kind=["a", "a"]), by="kind")


def test_frame_has_a_row_per_study_and_the_pooled_one() -> None:
    frame = pool_counts(SERIES_AND_CASES).to_frame()
    assert list(frame["study"])[-1] == "Pooled (GLMM)"
    assert len(frame) == 8


def test_against_r(shared: Path) -> None:
    golden = json.loads((shared / "data/stats/golden_dev.json").read_text())
    for data in golden["datasets"]:
        rows = [row - 1 for row in data["used_rows"]]
        x, n = ([data[key][row] for row in rows] for key in ("x", "n"))
        studies = make_rows(x, n)
        exact = data["models"]["exact_ml"]
        result = pool_counts(studies)
        if exact["status"] in {"ok", "tau2=0 (boundary)"}:
            assert result.ci == pytest.approx(exact["p_ci_profile"], abs=1e-5)
            reference = data["models"]["rma.glmm_ML_nAGQ25"]
            # I2 on the typical variance of the logits, as metafor; its own tau2 is good to 1e-4 at best.
            if exact["tau2"] and "error" not in reference and abs(reference["tau2"] / exact["tau2"] - 1) < 1e-4:
                assert result.i2 == pytest.approx(reference["I2"], rel=1e-3)
        if len(x) > 1:
            reference = data["rma"]["PLO"]["REML"]
            result = pool_counts(studies, method="REML", test="adhoc")
            assert result.beta == pytest.approx(reference["adhoc"]["beta"], rel=1e-6, abs=1e-6)
            assert result.ci == pytest.approx(reference["adhoc"]["p_ci"], abs=1e-6)
            assert result.i2 == pytest.approx(reference["I2"], rel=1e-5, abs=1e-5)


def test_weights_are_none_for_models_of_counts() -> None:
    assert {row.weight for row in pool_counts(SERIES_AND_CASES).studies} == {None}


def test_twenty_studies_with_every_model() -> None:
    from review.pooling.bayescounts import pool_counts_bayes

    rng = np.random.default_rng(5)
    total = rng.integers(1, 15, 20)
    rows = make_rows(list(rng.binomial(total, 0.4)), list(total))
    results = [pool_counts(rows, method=method) for method in (*COUNT_METHODS, *VARIANCE_METHODS)]
    posterior = pool_counts_bayes([r.events for r in rows], [r.total for r in rows])
    assert all(0.2 < result.estimate < 0.6 for result in results)
    assert -1.5 < posterior.mu.median < 0.5


@settings(max_examples=40, deadline=None)
@given(
    data=st.lists(st.tuples(st.integers(1, 30), st.floats(0, 1)), min_size=1, max_size=7),
    method=st.sampled_from(COUNT_METHODS),
)
def test_any_counts_get_an_answer_without_nan(data: list[tuple[int, float]], method: str) -> None:
    total = [n for n, _share in data]
    rows = make_rows([round(n * share) for n, share in data], total)
    result = pool_counts(rows, method=method)
    json.dumps(result.to_json(), allow_nan=False)
    low, high = result.ci
    assert 0 <= low <= high <= 1
    if result.estimate is None:
        assert "POOL-156" in result.warnings
    else:
        assert low - 1e-9 <= result.estimate <= high + 1e-9
