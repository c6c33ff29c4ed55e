"""The support vector machine: scikit-learn's optimum, costs in balance, examples outside the margin."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from review.screening.margin import Examples
from review.screening.margin import fit_margin


def draw(size, width, seed):
    rng = np.random.default_rng(seed)
    rows = rng.random((size, width)) * (rng.random((size, width)) < 0.3)
    rows[:, 0] += 0.05
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    labels = np.where(rows @ rng.normal(size=width) + 0.3 * rng.normal(size=size) > 0.2, 1.0, -1.0)
    return rows, labels


def fit(rows, labels, costs):
    examples = Examples.of(csr_array(rows), np.zeros(len(rows)))
    solution = fit_margin(examples, labels, costs)
    assert solution.scores == pytest.approx(examples.project(solution.coefficients))
    return solution.scores


@pytest.mark.parametrize("cost", [0.02, 0.5, 20.0, 500.0])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_optimum_is_that_of_linear_svc(cost, seed):
    svm = pytest.importorskip("sklearn.svm")
    rows, labels = draw(120, 40, seed)
    costs = np.random.default_rng(seed).uniform(0.2, 2, size=120) * cost
    reference = svm.LinearSVC(C=1.0, loss="squared_hinge", dual=True, tol=1e-10, max_iter=200_000, random_state=0)
    reference.fit(rows, labels, sample_weight=costs)
    ours = fit(rows, labels, costs)
    assert ours == pytest.approx(reference.decision_function(rows), abs=2e-3 * max(1, np.abs(ours).max()))


def test_the_objective_is_no_larger_anywhere_near():
    rows, labels = draw(80, 30, 5)
    costs = np.full(80, 5.0)
    examples = Examples.of(csr_array(rows), np.zeros(80))
    found = fit_margin(examples, labels, costs).coefficients

    def objective(coefficients):
        fitted = examples.multiply(coefficients)
        return 0.5 * coefficients @ fitted + np.sum(costs * np.maximum(0, 1 - labels * fitted) ** 2)

    rng = np.random.default_rng(1)
    for scale in (1e-1, 1e-2, 1e-3):
        assert all(objective(found) <= objective(found + scale * rng.normal(size=80)) for _ in range(20))


def test_what_an_example_has_alone_counts_in_the_fit_and_not_in_its_score():
    whole = np.array([[0.6, 0.8, 0.0], [0.6, 0.0, 0.8], [1.0, 0.0, 0.0]])
    labels, costs = np.array([1.0, -1.0, -1.0]), np.ones(3)
    reduced = Examples.of(csr_array(whole[:, :1]), np.array([0.64, 0.64, 0.0]))
    coefficients = fit_margin(Examples.of(csr_array(whole), np.zeros(3)), labels, costs).coefficients
    found = fit_margin(reduced, labels, costs)
    assert found.coefficients == pytest.approx(coefficients, abs=1e-6)
    assert found.scores == pytest.approx(reduced.project(coefficients), abs=1e-6)
    assert found.scores[0] != pytest.approx(reduced.multiply(coefficients)[0])


def test_alike_examples_with_both_labels():
    rows = np.ones((6, 1))
    labels = np.array([1.0, 1.0, -1.0, -1.0, 1.0, -1.0])
    assert fit(rows, labels, np.ones(6)) == pytest.approx(np.zeros(6), abs=1e-6)
