"""Roots of many monotone functions at once, each inside its own bracket."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Interpolation needs about ten steps; bisection alone about 1100 to part the smallest doubles.
MAX_STEPS = 2000


def solve_brackets(function: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Find x with function(x) = 0 element by element, by Chandrupatla's method.

    Args:
        function: Takes an array shaped like the brackets and returns one; continuous, with values of opposite sign (or a
            zero) at the two ends of each bracket.
        low: Lower ends.
        high: Upper ends.

    Returns:
        Roots to about four units in the last place.

    Source: Chandrupatla 1997, Advances in Engineering Software 28:145-149.
    """
    import numpy as np

    eps, tiny = np.finfo(float).eps, np.finfo(float).tiny
    a, b = np.array(low, dtype=float), np.array(high, dtype=float)
    fa, fb = function(a), function(b)
    c, fc = a, fa
    t = np.full(a.shape, 0.5)
    for _ in range(MAX_STEPS):
        width = np.abs(b - a)
        tolerance = 2 * eps * np.where(np.abs(fa) < np.abs(fb), np.abs(a), np.abs(b)) + tiny
        done = (width <= 2 * tolerance) | (fa == 0) | (fb == 0)
        if done.all():
            break
        edge = np.minimum(tolerance / np.maximum(width, tiny), 0.5)
        # A finished element steps by nothing, so that it keeps its bracket while the others go on.
        x = a + np.where(done, 0.0, np.clip(t, edge, 1 - edge)) * (b - a)
        fx = function(x)
        same = np.sign(fx) == np.sign(fa)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = x, fx
        with np.errstate(all="ignore"):
            xi = (a - b) / (c - b)
            phi = (fa - fb) / (fc - fb)
            smooth = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
            step = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        t = np.where(smooth & np.isfinite(step), step, 0.5)
    return np.where(np.abs(fa) < np.abs(fb), a, b)
