"""A linear support vector machine with squared hinge loss, solved to the optimum.

It is the problem that scikit-learn's `LinearSVC` solves (its intercept counted as a weight), and a test holds it to that. Screening solves
it after every decision, with costs so small that nearly all examples lie inside the margin: then Newton's method needs one or two steps
of some ten products with a sparse matrix, and memory for vectors only. It starts from nothing each time, so that the solution depends on
the examples alone and not on what was solved before.

The problem, for examples x_i with labels y_i of -1 or 1 and costs c_i: minimise 1/2 |w|^2 + sum c_i max(0, 1 - y_i w.x_i)^2. With
w = sum b_i x_i, the optimum has (K + diag(1 / 2c)) b = y on the examples inside the margin and b = 0 elsewhere, K = X X'.

Source: Chapelle 2007, Training a support vector machine in the primal, doi:10.1162/neco.2007.19.5.1155.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    from scipy.sparse import csr_array

    Floats = npt.NDArray[np.float64]

_MOST_STEPS = 100
_MOST_PRODUCTS = 500
_TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples in sparse form: their inner products are those of `rows`, plus one for the intercept, plus `own` with themselves."""

    rows: csr_array
    columns: csr_array
    own: Floats

    @classmethod
    def of(cls, rows: csr_array, own: Floats) -> Examples:
        """Make examples of their rows; the transpose is kept, since products need both again and again."""
        return cls(rows, rows.T.tocsr(), own)

    def choose(self, places: npt.NDArray[np.intp]) -> Examples:
        """Return some of the examples."""
        return self.of(self.rows[places], self.own[places])

    def project(self, coefficients: Floats) -> Floats:
        """Return w.x for every example as if it were a new one: what it adds to its own product is left out."""
        return np.asarray(self.rows @ (self.columns @ coefficients) + coefficients.sum(), dtype=np.float64)

    def multiply(self, coefficients: Floats) -> Floats:
        """Return K b."""
        return self.project(coefficients) + self.own * coefficients


@dataclass(frozen=True, slots=True)
class Fit:
    """A solution: the examples' coefficients b, and w.x for each as if it were a new one (see `Examples.project`); both of shape (n,)."""

    coefficients: Floats
    scores: Floats


def fit_margin(examples: Examples, labels: Floats, costs: Floats) -> Fit:
    """Solve the problem.

    Args:
        examples: The n examples.
        labels: 1 or -1, shape (n,).
        costs: c, positive, shape (n,).
    """
    coefficients, fitted = np.zeros_like(labels), np.zeros_like(labels)
    for _ in range(_MOST_STEPS):
        inside = labels * fitted < 1
        target = _solve_inside(examples, labels, costs, coefficients, inside.astype(np.float64))
        aim = examples.multiply(target)
        if np.array_equal(labels * aim < 1, inside):
            return Fit(target, aim - examples.own * target)
        step = _search_line(labels, costs, fitted, aim - fitted, target - coefficients)
        coefficients = coefficients + step * (target - coefficients)
        fitted = fitted + step * (aim - fitted)
    return Fit(coefficients, fitted - examples.own * coefficients)


def _solve_inside(examples: Examples, labels: Floats, costs: Floats, start: Floats, inside: Floats) -> Floats:
    """Solve (K + diag(1 / 2c)) b = y on the examples inside the margin, b = 0 on the others."""
    ridge = 0.5 / costs
    scale = inside / (ridge + 2.0)  # K's diagonal is 2: texts of length one, and the intercept

    def multiply(vector: Floats) -> Floats:
        return inside * (examples.multiply(vector) + ridge * vector)

    return _descend(multiply, inside * labels, scale, inside * start)


def _descend(multiply: Callable[[Floats], Floats], right: Floats, scale: Floats, start: Floats) -> Floats:
    """Solve a positive definite system by conjugate gradients, scaled by the diagonal."""
    solution = start.copy()
    residual = right - multiply(start) if start.any() else right
    scaled = scale * residual
    way, size = scaled, float(residual @ scaled)
    enough = _TOLERANCE * float(np.linalg.norm(right))
    for _ in range(_MOST_PRODUCTS):
        if float(np.linalg.norm(residual)) <= enough:
            break
        image = multiply(way)
        step = size / float(way @ image)
        solution += step * way
        residual = residual - step * image
        scaled = scale * residual
        size, last = float(residual @ scaled), size
        way = scaled + (size / last) * way
    return solution


def _search_line(labels: Floats, costs: Floats, fitted: Floats, change: Floats, way: Floats) -> float:
    """Return the step of 0..1 along the way that minimises the objective, which is convex there: where its derivative is zero."""
    slack, slope = 1 - labels * fitted, labels * change
    linear, quadratic = float(way @ fitted), float(way @ change)

    def derive(step: float) -> float:
        return linear + step * quadratic - 2 * float((costs * slope) @ np.maximum(slack - step * slope, 0.0))

    low, high = 0.0, 1.0
    if derive(high) <= 0:
        return high
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if derive(middle) <= 0 else (low, middle)
    return high
