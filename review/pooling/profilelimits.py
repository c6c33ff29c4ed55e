"""Profile-likelihood limits of a location and of a dispersion that may be zero.

A limit of the location is the extreme of the region where the log-likelihood is within chi2(level, 1) / 2 of its maximum:
the extreme, over dispersions, of the limit at that dispersion. It is found on the whole grid of dispersions at once, so
that a region with two lobes is not taken for one, and then polished.

Source: Venzon and Moolgavkar, A method for computing profile-likelihood-based confidence intervals, Applied Statistics
1988; 37: 87-94.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from review.pooling.likelihood import FAR
from review.pooling.likelihood import Ridge
from review.pooling.likelihood import Slice
from review.pooling.likelihood import Surface
from review.pooling.likelihood import bend
from review.pooling.likelihood import climb
from review.pooling.likelihood import extend_ridge
from review.pooling.likelihood import polish
from review.pooling.likelihood import solve_falling

Array = NDArray[np.float64]


def limit_dispersion(surface: Surface, ridge: Ridge, cut: float) -> tuple[tuple[float, float], Ridge]:
    """Profile-likelihood limits of the dispersion: where the ridge falls below `cut`; inf where it never does."""
    inside = np.flatnonzero(ridge.at.value >= cut)
    while inside[-1] == ridge.dispersion.size - 1:
        longer = extend_ridge(surface, ridge)
        if longer is None:
            break
        ridge = longer
        inside = np.flatnonzero(ridge.at.value >= cut)
    first, last = int(inside[0]), int(inside[-1])
    lower = 0.0 if first == 0 else _cross(surface, ridge, first, first - 1, cut)
    upper = np.inf if last == ridge.dispersion.size - 1 else _cross(surface, ridge, last, last + 1, cut)
    return (lower, upper), ridge


def _cross(surface: Surface, ridge: Ridge, inside: int, outside: int, cut: float) -> float:
    """The dispersion between two neighbours of the ridge where its likelihood is `cut`."""
    rising = outside < inside
    state = {"location": ridge.location[inside]}

    def excess(dispersion: float) -> tuple[float, float]:
        location, at = climb(surface, state["location"][None], np.array([dispersion]))
        state["location"] = location[0]
        sign = -1.0 if rising else 1.0
        return sign * float(at.value[0] - cut), sign * float(at.gradient[0, -1])

    low, high = sorted((float(ridge.dispersion[inside]), float(ridge.dispersion[outside])))
    at = Slice(*(part[inside : inside + 1] for part in ridge.at))
    excess_inside, slope, curvature = float(at.value[0] - cut), float(at.gradient[0, -1]), -bend(at)
    start = 0.5 * (low + high)
    if curvature > 0:
        outwards = -slope if rising else slope
        step = (outwards + np.sqrt(outwards**2 + 2 * curvature * excess_inside)) / curvature
        guess = float(ridge.dispersion[inside]) + (-step if rising else step)
        if low < guess < high:
            start = guess
    location, _at = climb(surface, ridge.location[inside][None], np.array([start]))
    polished = polish(surface, location[0], start, (low, high), list(range(surface.width)), cut)
    if polished is not None:
        return polished[1]
    return solve_falling(excess, low, high, start)


def limit_location(
    surface: Surface, ridge: Ridge, side: int, cut: float, *, ceiling: float, which: int = 0
) -> tuple[float, bool]:
    """Profile-likelihood limit of a location parameter.

    Args:
        surface: The likelihood.
        ridge: Its ridge, the maximum among its points.
        side: -1 for the lower limit, 1 for the upper.
        cut: The log-likelihood at the limit, below the maximum.
        ceiling: The largest dispersion to consider, at least that of the maximum.
        which: Which location parameter.

    Returns:
        The limit, infinite where the likelihood does not fall to `cut`; and whether it leans on the ceiling, that is,
        whether a larger dispersion would move it further out.
    """
    if ridge.dispersion[-1] > ceiling or ridge.at.value[-1] >= cut:
        ridge = bound_ridge(surface, ridge, ceiling)
    rows = np.flatnonzero(ridge.at.value >= cut)
    location, at = _descend(surface, ridge, rows, side, cut, which)
    extreme = int(np.argmax(side * location[:, which]))
    row, limit = int(rows[extreme]), float(location[extreme, which])
    if row == ridge.dispersion.size - 1:  # only the ceiling itself can be the last that is alive
        leans = bool(at.gradient[extreme, -1] > 0)
        return (side * np.inf if abs(limit) >= FAR else limit), leans
    if abs(limit) >= FAR:
        return side * np.inf, False
    if row == 0 and at.gradient[extreme, -1] <= 0:
        return limit, False
    bracket = (ridge.dispersion[max(row - 1, 0)], ridge.dispersion[row + 1])
    others = [j for j in range(surface.width + 1) if j != which]
    polished = polish(surface, location[extreme], float(ridge.dispersion[row]), bracket, others, cut)
    if polished is not None and side * (polished[0][which] - limit) >= -1e-9:
        return float(polished[0][which]), False
    return _search(surface, ridge, row, bracket, side, cut, which), False


def bound_ridge(surface: Surface, ridge: Ridge, ceiling: float) -> Ridge:
    """The ridge up to a ceiling of the dispersion, with the ceiling as its last point."""
    keep = ridge.dispersion < ceiling
    start = ridge.location[keep][-1:]
    dispersion = np.array([ceiling])
    if ridge.dispersion[keep][-1] > 0:
        dispersion = np.unique(np.append(np.geomspace(ridge.dispersion[keep][-1], ceiling, 4)[1:-1], ceiling))
    location, at = climb(surface, np.tile(start, (dispersion.size, 1)), dispersion)
    kept = Ridge(ridge.dispersion[keep], ridge.location[keep], Slice(*(part[keep] for part in ridge.at)))
    return kept.join(Ridge(dispersion, location, at))


def _descend(
    surface: Surface, ridge: Ridge, rows: NDArray[np.int64], side: int, cut: float, which: int
) -> tuple[Array, Slice]:
    """The limit at each dispersion of the ridge's `rows`: where the likelihood, best over the rest, falls to `cut`."""
    dispersion = ridge.dispersion[rows]
    location = ridge.location[rows].copy()
    at = Slice(*(part[rows].copy() for part in ridge.at))
    inner = location[:, which].copy()
    outer = np.full(rows.size, side * np.inf)
    excess = at.value - cut
    curvature = -at.hessian[:, which, which]
    if surface.width > 1:
        block = np.linalg.pinv(-at.hessian[:, :-1, :-1])
        curvature = 1 / np.maximum(block[:, which, which], 1e-300)
    step = side * np.clip(np.sqrt(2 * excess / np.maximum(curvature, 1e-12)), 1e-8, 5.0)
    active = np.arange(rows.size)
    for _ in range(200):
        trial = location[active]
        trial[:, which] += step[active]
        trial, new = climb(surface, trial, dispersion[active], held=which)
        location[active] = trial
        for old, fresh in zip(at, new, strict=True):
            old[active] = fresh
        excess = new.value - cut
        here = trial[:, which]
        inner[active] = np.where(excess >= 0, here, inner[active])
        outer[active] = np.where(excess < 0, here, outer[active])
        slope = new.gradient[:, which]
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = here - excess / slope
        bounded = np.isfinite(outer[active])
        middle = np.where(bounded, 0.5 * (inner[active] + outer[active]), here + side * 4.0)
        sound = (side * slope < 0) & (side * (newton - inner[active]) >= 0) & (side * (outer[active] - newton) >= 0)
        sound &= np.abs(newton - here) <= 8
        target = np.where(sound, newton, middle)
        step[active] = target - here
        done = (np.abs(excess) <= 1e-12 * (1 + abs(cut))) | (np.abs(here) >= FAR)
        done |= np.abs(target - here) <= 1e-13 * (1 + np.abs(here))
        active = active[~done]
        if active.size == 0:
            break
    return location, at


def _search(
    surface: Surface, ridge: Ridge, row: int, bracket: tuple[float, float], side: int, cut: float, which: int
) -> float:
    """The slow, sure way: narrow the dispersion's bracket around the extreme limit, many points at a time."""
    low, high = bracket
    best = -np.inf
    for _ in range(12):
        dispersion = np.linspace(low, high, 17)
        location, at = climb(surface, np.tile(ridge.location[row], (17, 1)), dispersion)
        part = Ridge(dispersion, location, at)
        rows = np.flatnonzero(at.value >= cut)
        limits = side * _descend(surface, part, rows, side, cut, which)[0][:, which]
        top = int(np.argmax(limits))
        best = max(best, float(limits[top]))
        at_row = int(rows[top])
        low, high = dispersion[max(at_row - 1, 0)], dispersion[min(at_row + 1, 16)]
    return side * best
