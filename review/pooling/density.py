"""Distributions known by values on an even grid: moments, distribution function and quantiles to near full precision.

A density that an even grid resolves can be integrated to any point from the same values: the indefinite integral of its
sinc interpolant is a sum of sine integrals. Convolutions with normal distributions, of any width down to zero, are sums
over the characteristic function.

Source: Stenger, Numerical methods based on sinc and analytic functions, 1993; the inversion formula of Gil-Pelaez 1951,
Biometrika 38: 481-482.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator
from scipy.optimize import brentq
from scipy.special import sici

Array = NDArray[np.float64]

#: Log units below the peak that count as nothing.
FALL = 33.0
#: Nodes of the tables that look for the peak.
ROUGH = (33, 25)
#: Step of the final table in units of the narrowest standard deviation, and the fewest and most steps it may have.
RESOLUTION = 0.5
NODES = (48, 640)


class Summary(NamedTuple):
    """Mean, standard deviation, median and central interval of a distribution."""

    mean: float
    sd: float
    median: float
    ci: tuple[float, float]


@dataclass(frozen=True, slots=True)
class GridDensity:
    """A density by its mass at evenly spaced nodes; it must have died down at both ends."""

    nodes: Array  #: (N,), evenly spaced
    mass: Array  #: (N,), sums to 1

    def cdf(self, at: float) -> float:
        """Probability below a point."""
        step = self.nodes[1] - self.nodes[0]
        sine, _cosine = sici(np.pi * (at - self.nodes) / step)
        return float(self.mass @ (0.5 + sine / np.pi))

    def quantile(self, probability: float) -> float:
        """Where the distribution function reaches a probability."""
        return find_quantile(self.cdf, probability, float(self.nodes[0]), float(self.nodes[-1]))


def find_quantile(cdf: Callable[[float], float], probability: float, low: float, high: float) -> float:
    """Solve cdf(x) = probability for x between two points."""
    return float(brentq(lambda x: cdf(x) - probability, low, high, xtol=1e-12, rtol=1e-14))


class Smeared:
    """mu + tau z, with z standard normal and (mu, tau) on a grid with mu evenly spaced.

    Args:
        mu: (N,) evenly spaced nodes.
        tau: (T,) standard deviations, >= 0.
        mass: (N, T) probabilities.
    """

    def __init__(self, mu: Array, tau: Array, mass: Array) -> None:
        self.centre = float(mass.sum(axis=1) @ mu)
        step = float(mu[1] - mu[0])
        reach = 10 * float(tau[mass.sum(axis=0) > 1e-16].max(initial=0.0))
        self.low, self.high = float(mu[0]) - reach, float(mu[-1]) + reach
        # The band that the grid resolves, by the midpoint rule; its aliases lie outside twice the support.
        count = int(np.ceil(1.05 * (self.high - self.low) / step)) + 8
        self.omega = np.pi / step * (np.arange(count) + 0.5) / count
        self.weight = np.pi / step / count
        phase = np.exp(1j * np.outer(self.omega, mu - self.centre))
        damp = np.exp(-0.5 * np.outer(self.omega, tau) ** 2)
        self.transform = ((phase @ mass) * damp).sum(axis=1)

    def cdf(self, at: float) -> float:
        """Probability below a point."""
        turned = np.imag(np.exp(-1j * self.omega * (at - self.centre)) * self.transform)
        return float(0.5 - self.weight * (turned / self.omega).sum() / np.pi)

    def quantile(self, probability: float) -> float:
        """Where the distribution function reaches a probability."""
        return find_quantile(self.cdf, probability, self.low, self.high)


def explore(
    rough: Callable[[Array, Array], Array],
    exact: Callable[[Array, Array], Array],
    box: tuple[tuple[float, float], tuple[float, float]],
) -> tuple[Array, Array, Array]:
    """Find the part of a box where a density of two variables lives, and tabulate it there as finely as it needs.

    Args:
        rough: Log density at (A,) and (B,) nodes, as an (A, B) table, concave in the first variable; it may be wrong by a few units
            where it is small.
        exact: Log density at M points, given as two (M,) arrays.
        box: Limits of both variables to begin with.

    Returns:
        Both node vectors, evenly spaced, and the table of logarithms, minus infinity where there is nothing.
    """
    sides = [list(side) for side in box]
    while True:
        grid = [np.linspace(side[0], side[1], count) for side, count in zip(sides, ROUGH, strict=True)]
        table = rough(*grid)
        table = table - table.max()
        alive = table > -FALL
        shrunk = False
        # A peak in the first variable may be so narrow that all nodes miss it: a column is only cut if its bound says so.
        kept = (alive.any(axis=1), bound_peaks(table, grid[0]) > -FALL)
        for axis, nodes in enumerate(grid):
            rows = np.flatnonzero(kept[axis])
            low, high = nodes[max(rows[0] - 1, 0)], nodes[min(rows[-1] + 1, nodes.size - 1)]
            shrunk |= high - low < 0.7 * (sides[axis][1] - sides[axis][0])
            sides[axis] = [low, high]
        if not shrunk:
            break
    counts = [_count_nodes(table.swapaxes(0, axis), grid[axis], sides[axis]) for axis in (0, 1)]
    first, second = (np.linspace(side[0], side[1], count) for side, count in zip(sides, counts, strict=True))
    here = RegularGridInterpolator(tuple(grid), table)(tuple(np.meshgrid(first, second, indexing="ij"))) > -FALL - 6
    rows_at, columns_at = np.nonzero(here)
    out = np.full((first.size, second.size), -np.inf)
    out[here] = exact(first[rows_at], second[columns_at])
    return first, second, out


def bound_peaks(table: Array, nodes: Array) -> Array:
    """Bound the maximum of concave functions from above by their values at nodes.

    Between two nodes a concave function lies below the lines through the two nodes before and the two nodes behind; the bound is where
    these lines meet.

    Args:
        table: (A, B) values of B functions at A nodes, A at least 3.
        nodes: (A,) evenly spaced.

    Returns:
        (B,) bounds, each at least the largest value of its column.
    """
    step = float(nodes[1] - nodes[0])
    # Where there is nothing at all, a line needs a number.
    values = np.maximum(table, -1e9)
    slopes = np.diff(values, axis=0) / step
    # Inner intervals have a line from either side, the outer ones from one side alone.
    left, right = slopes[:-2], slopes[2:]
    spread = left - right
    rise = values[2:-1] - values[1:-2] - right * step
    met = np.clip(np.divide(rise, spread, out=np.zeros_like(rise), where=spread > 0), 0.0, step)
    inner = values[1:-2] + left * met
    first = values[1] - np.minimum(slopes[1], 0.0) * step
    last = values[-2] + np.maximum(slopes[-2], 0.0) * step
    return np.asarray(np.vstack([values, inner, first[None], last[None]]).max(axis=0))


def _count_nodes(table: Array, nodes: Array, side: list[float]) -> int:
    """Nodes along the first axis that resolve the narrowest peak of any column that matters."""
    step = nodes[1] - nodes[0]
    columns = np.flatnonzero(table.max(axis=0) > -0.6 * FALL)
    peak = np.clip(table[:, columns].argmax(axis=0), 1, nodes.size - 2)
    bend = table[peak - 1, columns] - 2 * table[peak, columns] + table[peak + 1, columns]
    narrowest = step / np.sqrt(max(float(-bend.min()), 1e-12))
    wanted = np.ceil((side[1] - side[0]) / (RESOLUTION * narrowest))
    return int(np.clip(wanted, *NODES)) + 1
