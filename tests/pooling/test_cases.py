"""Single patients: the clustered likelihood, one-stage regression, subgroups, missing outcomes, time to response."""

from __future__ import annotations

import numpy as np
import pytest

from review.errors import PoolError
from review.pooling.cases import Patient
from review.pooling.cases import bound_missing
from review.pooling.cases import fit_one_stage
from review.pooling.cases import tabulate_response
from review.pooling.clustered import ClusteredSurface
from review.pooling.glmm import CountSurface
from review.pooling.glmm import fit_glmm
from review.pooling.survival import estimate_time_to_response


def make_patients(count: int = 60, seed: int = 3) -> list[Patient]:
    rng = np.random.default_rng(seed)
    study = np.repeat(np.arange(count // 6), 6)
    age = rng.normal(50, 10, count)
    chance = 1 / (1 + np.exp(-(0.05 * (age - 50) + rng.normal(0, 0.8, study.max() + 1)[study])))
    response = rng.random(count) < chance
    return [
        Patient(f"p{i}", f"s{study[i]}", bool(response[i]), {"age": float(age[i]), "sex": "f" if i % 3 else "m"})
        for i in range(count)
    ]


def codes(findings: tuple) -> list[str]:
    return [finding.code for finding in findings]


def test_clustered_likelihood_equals_that_of_counts() -> None:
    x, n = np.array([4.0, 1, 1, 0, 1, 2, 0]), np.array([8.0, 4, 3, 2, 5, 4, 3])
    design = np.column_stack([np.ones(7), [1.0, 2, 3, 0, 1, 2, 5]])
    location, dispersion = np.array([[0.3, -0.2], [1.0, 0.4]]), np.array([0.0, 2.3])
    one = CountSurface(x, n, design).evaluate(location, dispersion)
    two = ClusteredSurface(np.arange(7), x, n, design).evaluate(location, dispersion)
    # They differ by the binomial coefficients, which single patients do not have.
    assert np.ptp(one.value - two.value) < 1e-11
    np.testing.assert_allclose(two.gradient, one.gradient, atol=1e-11)
    np.testing.assert_allclose(two.hessian, one.hessian, atol=1e-10)


def test_clustered_derivatives_with_covariates_inside_studies() -> None:
    rng = np.random.default_rng(8)
    design = np.column_stack([np.ones(24), rng.normal(size=24)])
    surface = ClusteredSurface(np.repeat(np.arange(4), 6), rng.integers(0, 2, 24), np.ones(24), design)
    at, h = np.array([0.1, 0.3, 0.7]), 1e-4
    here = surface.evaluate(at[None, :2], at[2:])
    for j in range(3):
        step = np.zeros(3)
        step[j] = h
        up, down = (surface.evaluate((at + s)[None, :2], (at + s)[2:]) for s in (step, -step))
        assert float(up.value[0] - down.value[0]) / (2 * h) == pytest.approx(here.gradient[0, j], abs=1e-6)
        np.testing.assert_allclose((up.gradient[0] - down.gradient[0]) / (2 * h), here.hessian[0, j], atol=1e-6)


def test_one_stage_without_covariates_is_the_model_of_counts() -> None:
    patients = make_patients()
    found = fit_one_stage(patients, [])
    studies = sorted({p.study for p in patients})
    x = [sum(bool(p.response) for p in patients if p.study == s) for s in studies]
    n = [sum(p.study == s for p in patients) for s in studies]
    assert found.model is not None
    assert float(found.model.beta[0]) == pytest.approx(float(fit_glmm(x, n).beta[0]), abs=1e-6)


def test_one_stage_with_covariates() -> None:
    found = fit_one_stage(make_patients(), ["age", "sex"])
    assert found.names == ("intercept", "age", "sex: m")
    assert "POOL-157" not in codes(found.findings)
    for ratio, (low, high) in found.odds_ratios.values():
        assert low < ratio < high


def test_separation_and_few_events_turn_to_firth() -> None:
    patients = [Patient(f"p{i}", f"s{i % 4}", i >= 6, {"dose": "high" if i >= 6 else "low"}) for i in range(12)]
    found = fit_one_stage(patients, ["dose"])
    assert found.model is None
    assert "POOL-157" in codes(found.findings)
    ratio, (low, high) = found.odds_ratios["dose: low"]
    assert 0 < low < ratio < high < 1
    few = fit_one_stage([Patient(str(i), f"s{i % 3}", i < 3, {"age": float(i % 5)}) for i in range(15)], ["age"])
    assert "POOL-157" in codes(few.findings)
    assert few.model is not None


def test_nobody_responds() -> None:
    found = fit_one_stage(
        [Patient(str(i), f"s{i % 3}", response=False, covariates={"age": float(i)}) for i in range(9)], ["age"]
    )
    assert found.model is None
    assert np.isfinite(found.odds_ratios["age"][1]).all()


def test_unknown_values_are_counted() -> None:
    patients = [*make_patients(), Patient("x", "s1", None, {"sex": "f", "age": 4.0}), Patient("y", "s1", response=True)]
    table = tabulate_response(patients, "sex")
    assert codes(table.findings) == ["POOL-161"]
    assert table.findings[0].ids == ("x", "y")
    assert sum(row.total for row in table.rows) == 60
    assert tabulate_response(make_patients(), "sex").findings == ()


def test_subgroups_are_compared_exactly() -> None:
    table = tabulate_response(make_patients(), "sex")
    assert [row.label for row in table.rows] == ["f", "m"]
    assert table.pair is not None
    three = [Patient(str(i), "s", i % 2 == 0, {"arm": "abc"[i % 3]}) for i in range(12)]
    assert tabulate_response(three, "arm").homogeneity is not None
    with pytest.raises(PoolError, match="level"):
        tabulate_response([Patient("a", "s", response=True, covariates={"arm": "a"})], "arm")


def test_one_stage_refuses_what_cannot_be() -> None:
    with pytest.raises(PoolError):
        fit_one_stage([Patient("a", "s", None)], [])
    with pytest.raises(PoolError):
        fit_one_stage([Patient(str(i), "s", i % 2 == 0, {"a": 1.0}) for i in range(4)], ["a"])


def test_missing_outcomes_are_bounded() -> None:
    found = bound_missing(4, 8, 2)
    assert (found.worst.events, found.worst.total) == (4, 10)
    assert (found.best.events, found.best.total) == (6, 10)
    assert found.envelope == (found.worst.ci_low, found.best.ci_high)
    assert codes(found.findings) == ["POOL-162"]
    assert bound_missing(4, 8, 0).findings == ()
    with pytest.raises(PoolError):
        bound_missing(4, 8, -1)


def test_time_to_response_by_hand() -> None:
    found = estimate_time_to_response([1, 2, 3, 3, 6, 12], [True, True, False, True, False, True])
    assert [(s.months, s.at_risk, s.responses) for s in found.steps] == [(1, 6, 1), (2, 5, 1), (3, 4, 1), (12, 1, 1)]
    assert [s.responded for s in found.steps] == pytest.approx([1 / 6, 1 / 3, 1 / 2, 1])
    assert found.median_months == 3
    assert found.steps[-1].ci is None
    for step in found.steps[:-1]:
        assert step.ci[0] < step.responded < step.ci[1]


def test_time_to_response_without_any() -> None:
    found = estimate_time_to_response([3, 4], [False, False])
    assert codes(found.findings) == ["POOL-163"]
    assert found.steps == ()
    assert estimate_time_to_response([3, 4], [False, True]).findings == ()
    for months in ([], [1.0], [-1.0, 2.0], [float("nan"), 1.0]):
        with pytest.raises(PoolError):
            estimate_time_to_response(months, [True, False])
