"""Maximum of a likelihood with a location and one dispersion that may be zero.

The random-intercept logistic model and the beta-binomial model have the same shape: for a fixed dispersion (tau2, gamma)
the likelihood has one peak in the location, while over the dispersion it may peak at zero, inside, twice, or never come
down. So the dispersion is walked on a grid, all its points at once, and only then polished by Newton's method; nothing
depends on a lucky start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: A location (a logit) beyond this is infinite for every purpose.
FAR = 60.0
#: Newton stops where the gain still to be had, in log-likelihood, is below this.
GAIN = 1e-19


class Slice(NamedTuple):
    """Log-likelihood and derivatives at B points; the dispersion is the last coordinate of the p + 1."""

    value: Array  #: (B,)
    gradient: Array  #: (B, p + 1)
    hessian: Array  #: (B, p + 1, p + 1)


class Surface(Protocol):
    """A log-likelihood of p location parameters and one dispersion >= 0."""

    #: Number of location parameters p.
    width: int
    #: Positive dispersions to walk, ascending; the ridge starts with 0 before them.
    dispersions: Array
    #: Beyond this dispersion the model has no more to say; reaching it means "unbounded".
    ceiling: float

    def evaluate(self, location: Array, dispersion: Array) -> Slice:
        """Evaluate at (B, p) locations and (B,) dispersions."""
        ...

    def stretch(self, dispersion: Array) -> Array:
        """By what factors (B,) the best location about grows from dispersion 0 to these; where the walk begins."""
        ...


@dataclass(frozen=True, slots=True)
class Ridge:
    """The best location for each dispersion of a grid, and the likelihood there."""

    dispersion: Array  #: (T,)
    location: Array  #: (T, p)
    at: Slice

    def join(self, other: Ridge) -> Ridge:
        """Both grids, in order of dispersion."""
        dispersion = np.concatenate([self.dispersion, other.dispersion])
        order = np.argsort(dispersion, kind="stable")
        at = Slice(*(np.concatenate(pair)[order] for pair in zip(self.at, other.at, strict=True)))
        return Ridge(dispersion[order], np.concatenate([self.location, other.location])[order], at)


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the likelihood is largest.

    `covariance` is the inverse of the observed information of (location, dispersion) together; where the dispersion is
    zero, of the location alone. `unbounded` says that the likelihood still rises at the largest dispersion looked at.
    """

    location: Array  #: (p,)
    dispersion: float
    value: float
    covariance: Array  #: (p + 1, p + 1), or (p, p) at zero
    unbounded: bool

    @property
    def at_zero(self) -> bool:
        """Whether the dispersion is on its boundary."""
        return self.dispersion == 0


def climb(surface: Surface, location: Array, dispersion: Array, held: int | None = None) -> tuple[Array, Slice]:
    """Find the best location for each dispersion, from (B, p) starts; the coordinate `held` is left where it is.

    Returns:
        The locations, and the surface there.
    """
    location = np.array(location, dtype=float)
    free = [j for j in range(surface.width) if j != held]
    at = surface.evaluate(location, dispersion)
    if not free:
        return location, at
    active = np.arange(dispersion.size)
    for _ in range(200):
        step, gain = _newton_step(at.gradient[active][:, free], at.hessian[active][:, free][:, :, free])
        keep = gain > GAIN
        active, step = active[keep], step[keep]
        if active.size == 0:
            break
        scale = np.ones(active.size)
        waiting = np.arange(active.size)
        for _halving in range(40):
            rows = active[waiting]
            trial = location[rows]
            trial[:, free] += scale[waiting, None] * step[waiting]
            new = surface.evaluate(trial, dispersion[rows])
            slack = 1e-12 * (1 + np.abs(at.value[rows]))
            better = new.value >= at.value[rows] - slack
            location[rows[better]] = trial[better]
            for old, fresh in zip(at, new, strict=True):
                old[rows[better]] = fresh[better]
            waiting = waiting[~better]
            if waiting.size == 0:
                break
            scale[waiting] /= 4
        # What could not be bettered along its step is at the limit of the arithmetic.
        stuck = np.zeros(active.size, dtype=bool)
        stuck[waiting] = True
        active = active[~stuck]
    return location, at


def _newton_step(gradient: Array, hessian: Array) -> tuple[Array, Array]:
    """Newton's step uphill, bounded in length, and the gain in log-likelihood that it promises."""
    if gradient.shape[1] == 1:
        curvature = -hessian[:, 0, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.where(curvature > 0, gradient[:, 0] / curvature, np.sign(gradient[:, 0]))[:, None]
    else:
        eigenvalues, vectors = np.linalg.eigh(-hessian)
        floor = 1e-10 * np.maximum(eigenvalues[:, -1:], 1e-300)
        eigenvalues = np.where(eigenvalues > floor, eigenvalues, np.maximum(np.abs(eigenvalues), floor))
        turned = np.einsum("bij,bi->bj", vectors, gradient)
        step = np.einsum("bij,bj->bi", vectors, turned / eigenvalues)
    gain = np.abs(np.einsum("bi,bi->b", step, gradient))
    length = np.abs(step).max(axis=1, initial=0.0)
    return step * np.minimum(1.0, 3.0 / np.maximum(length, 1e-300))[:, None], gain


def trace_ridge(surface: Surface, start: Array) -> Ridge:
    """Walk the grid of dispersions; `start` is a (p,) location to begin from."""
    dispersion = np.concatenate([[0.0], surface.dispersions])
    location, at = climb(surface, start * surface.stretch(dispersion)[:, None], dispersion)
    return Ridge(dispersion, location, at)


def extend_ridge(surface: Surface, ridge: Ridge) -> Ridge | None:
    """Walk on towards larger dispersions, None where the ceiling is reached."""
    last = ridge.dispersion[-1]
    if last >= surface.ceiling:
        return None
    ratio = ridge.dispersion[-1] / ridge.dispersion[-2]
    dispersion = np.minimum(last * ratio ** np.arange(1, 5), surface.ceiling)
    dispersion = np.unique(dispersion)
    scale = np.sqrt(dispersion / last)[:, None]
    location, at = climb(surface, ridge.location[-1] * scale, dispersion)
    return ridge.join(Ridge(dispersion, location, at))


def find_maximum(surface: Surface, ridge: Ridge) -> tuple[Maximum, Ridge]:
    """Find the global maximum; the ridge comes back with the maximum as one of its points, and longer if need be."""
    while int(np.argmax(ridge.at.value)) == ridge.dispersion.size - 1:
        longer = extend_ridge(surface, ridge)
        if longer is None:
            return _make_maximum(ridge, ridge.dispersion.size - 1, unbounded=True), ridge
        ridge = longer
    best = int(np.argmax(ridge.at.value))
    if best == 0 and ridge.at.gradient[0, -1] <= 0:
        return _make_maximum(ridge, 0), ridge
    low = ridge.dispersion[max(best - 1, 0)]
    high = ridge.dispersion[best + 1]
    state = {"location": ridge.location[best]}

    def slope(dispersion: float) -> tuple[float, float]:
        location, at = climb(surface, state["location"][None], np.array([dispersion]))
        state["location"] = location[0]
        return float(at.gradient[0, -1]), bend(at)

    start = _guess_peak(ridge, best)
    location, _at = climb(surface, ridge.location[best][None], np.array([start]))
    polished = polish(surface, location[0], start, (float(low), float(high)), list(range(surface.width + 1)))
    if polished is not None and polished[2]:
        dispersion, state["location"] = polished[1], polished[0]
    else:
        dispersion = solve_falling(slope, low, high, start)
    location, at = climb(surface, state["location"][None], np.array([dispersion]))
    peak = Ridge(np.array([dispersion]), location, at)
    if at.value[0] < ridge.at.value[best]:
        # The walk's own point is better by rounding alone.
        return _make_maximum(ridge, best), ridge
    return _make_maximum(peak, 0), ridge.join(peak)


def _guess_peak(ridge: Ridge, best: int) -> float:
    """Peak of the parabola, in the logarithm of the dispersion, through the best point of the ridge and its neighbours."""
    if best < 2:
        return float(ridge.dispersion[best] or ridge.dispersion[1] / 2)
    t = np.log(ridge.dispersion[best - 1 : best + 2])
    a, b, _c = np.polyfit(t - t[1], ridge.at.value[best - 1 : best + 2] - ridge.at.value[best], 2)
    guess = -b / (2 * a) if a < 0 else 0.0
    return float(np.exp(np.clip(guess + t[1], t[0], t[2])))


def polish(
    surface: Surface,
    location: Array,
    dispersion: float,
    bracket: tuple[float, float],
    flat: list[int],
    cut: float | None = None,
) -> tuple[Array, float, bool] | None:
    """Newton on a system: the derivatives `flat` are zero and, with a `cut`, the log-likelihood is that.

    Args:
        surface: The likelihood.
        location: (p,) start.
        dispersion: Start, inside the bracket.
        bracket: Where the dispersion has to stay.
        flat: Coordinates (the dispersion is the last) whose derivative is zero at the solution.
        cut: The log-likelihood at the solution; None for a maximum.

    Returns:
        Location, dispersion, and whether the surface curves down in all directions there; None where Newton does not settle.
    """
    location = location.copy()
    for _ in range(30):
        at = surface.evaluate(location[None], np.array([dispersion]))
        residual = at.gradient[0, flat]
        jacobian = at.hessian[0][flat]
        if cut is not None:
            residual = np.concatenate([[at.value[0] - cut], residual])
            jacobian = np.vstack([at.gradient[0], jacobian])
        try:
            step = np.linalg.solve(jacobian, -residual)
        except np.linalg.LinAlgError:
            return None
        reach = dispersion + float(step[-1])
        if not bracket[0] <= reach <= bracket[1]:
            # Half the way to the end that was overstepped, and the location by as much.
            share = 0.5 * (bracket[int(reach > bracket[1])] - dispersion) / float(step[-1])
            step = step * share
        location, dispersion = location + step[:-1], float(dispersion + step[-1])
        if not np.all(np.abs(location) < FAR):
            return None
        # Newton squares its error: after a step this small nothing but rounding is left.
        if np.all(np.abs(step) <= 1e-8 * (1e-3 + np.abs(np.append(location, dispersion)))):
            return location, dispersion, bool(np.all(np.linalg.eigvalsh(at.hessian[0]) < 0))
    return None


def _make_maximum(ridge: Ridge, i: int, *, unbounded: bool = False) -> Maximum:
    at_zero = ridge.dispersion[i] == 0
    information = -ridge.at.hessian[i]
    if at_zero:
        information = information[:-1, :-1]
    try:
        covariance = np.linalg.inv(information)
    except np.linalg.LinAlgError:
        covariance = np.full_like(information, np.inf)
    return Maximum(
        ridge.location[i], float(ridge.dispersion[i]), float(ridge.at.value[i]), covariance, unbounded=unbounded
    )


def bend(at: Slice) -> float:
    """Curvature of the profile over the dispersion at a point of the ridge."""
    h = at.hessian[0]
    if h.shape[0] == 1:
        return float(h[0, 0])
    return float(h[-1, -1] - h[-1, :-1] @ np.linalg.lstsq(h[:-1, :-1], h[:-1, -1], rcond=None)[0])


def solve_falling(function: Callable[[float], tuple[float, float]], low: float, high: float, start: float) -> float:
    """Root of a function that falls from positive at `low` to negative at `high`: Newton inside a shrinking bracket.

    Args:
        function: Gives value and derivative.
        low: Where it is positive.
        high: Where it is negative.
        start: Where to begin.
    """
    at = start if low < start < high else 0.5 * (low + high)
    for _ in range(200):
        value, slope = function(at)
        if value > 0:
            low = at
        elif value < 0:
            high = at
        else:
            return at
        new = at - value / slope if slope < 0 else np.nan
        if not low < new < high:
            new = 0.5 * (low + high) if low <= 0 or high < 4 * low else float(np.sqrt(low * high))
        if abs(new - at) <= 1e-13 * abs(at) or high - low <= 1e-14 * high:
            return float(new)
        at = new
    return at
