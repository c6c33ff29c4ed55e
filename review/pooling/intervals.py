"""Confidence intervals of one proportion, by name; exact (Clopper-Pearson) unless another is asked for.

Clopper-Pearson is the only one here that never covers less than its level; mid-P and Wilson with continuity correction
hold it on average; Wilson and Jeffreys average it but dip below 85 % for some proportions; Wald gives 0 to 0 for 0/8 and is
offered only because others print it. All limits lie in 0..1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Literal

from review.errors import PoolError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    #: Takes events, total and the probability left outside at each end; returns both limits, not yet cut to 0..1.
    Rule = Callable[[Floats, Floats, float], tuple[Floats, Floats]]


def interval(events: int, total: int, *, method: str = "clopper-pearson", level: float = 0.95) -> tuple[float, float]:
    """Compute the two-sided interval of `events` of `total`.

    Args:
        events: Those with the event, 0..total.
        total: All who were looked at, 1 or more.
        method: A name of `METHODS`.
        level: Confidence level, between 0 and 1.

    Returns:
        Lower and upper limit as fractions 0..1.

    Raises:
        PoolError: For counts that cannot be, a level outside 0..1 or an unknown method.
    """
    low, high = intervals([events], [total], method=method, level=level)
    return float(low[0]), float(high[0])


def intervals(
    events: ArrayLike, total: ArrayLike, *, method: str = "clopper-pearson", level: float = 0.95
) -> tuple[Floats, Floats]:
    """Compute `interval` for arrays of counts; returns the lower and the upper limits."""
    if not 0 < level < 1:
        raise PoolError(f"a confidence level of {level} cannot be; expected a fraction between 0 and 1, such as 0.95")
    return _limits(events, total, method, (1 - level) / 2)


def bound(
    events: int,
    total: int,
    *,
    side: Literal["lower", "upper"],
    method: str = "clopper-pearson",
    level: float = 0.95,
) -> float:
    """Compute a one-sided confidence bound: the whole error is left at one end.

    For 0 of n the exact upper bound is 1 - (1 - level)^(1/n), about 3/n at 95 %.

    Raises:
        PoolError: As `interval`; `level` must be above 0.5.
    """
    if not 0.5 < level < 1:
        raise PoolError(f"a one-sided level of {level} cannot be; expected a fraction between 0.5 and 1, such as 0.95")
    low, high = _limits([events], [total], method, 1 - level)
    return float(low[0] if side == "lower" else high[0])


def _limits(events: ArrayLike, total: ArrayLike, method: str, tail: float) -> tuple[Floats, Floats]:
    import numpy as np

    if method not in _RULES:
        raise PoolError(f"no interval method is called {method!r}; expected one of {', '.join(METHODS)}")
    # Copied, since numpy warns of a write to a broadcast array, and statsmodels writes into what it is given.
    x, n = (part.copy() for part in np.broadcast_arrays(*(np.asarray(part, dtype=float) for part in (events, total))))
    check_counts(x, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = _RULES[method](x, n, tail)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def check_counts(x: Floats, n: Floats) -> None:
    """Refuse counts that cannot be: fractions, negative numbers, nobody looked at, more events than patients.

    Raises:
        PoolError: At the first of them.
    """
    import numpy as np

    with np.errstate(invalid="ignore"):
        wrong = ~((x % 1 == 0) & (n % 1 == 0) & (n >= 1) & (x >= 0) & (x <= n))
    if not wrong.any():
        return
    events, total = float(x[wrong][0]), float(n[wrong][0])
    if not (events.is_integer() and total.is_integer()):
        raise PoolError(f"{events:g} events of {total:g} cannot be; expected whole numbers")
    if total < 1:
        raise PoolError(
            f"{events:g} events of {total:g}: no one was looked at; a proportion needs a total of 1 or more"
        )
    raise PoolError(f"{events:g} events of {total:g} cannot be; expected 0 to {total:g}")


def _clopper_pearson(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """Invert both one-sided binomial tests. Source: Clopper and Pearson 1934, Biometrika 26:404-413."""
    import numpy as np
    from scipy.special import betainccinv
    from scipy.special import betaincinv

    low = np.where(x == 0, 0.0, betaincinv(np.maximum(x, 1), n - x + 1, tail))
    high = np.where(x == n, 1.0, betainccinv(x + 1, np.maximum(n - x, 1), tail))
    return low, high


def _midp(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """Count half the observed outcome's probability. Source: Lancaster 1961, JASA 56:223-234."""
    import numpy as np
    from scipy.special import betainc
    from scipy.special import betaincc
    from scipy.special import betainccinv
    from scipy.special import betaincinv

    from review.pooling.roots import solve_brackets

    # P(X >= x) and P(X > x) bracket their mean, so the Clopper-Pearson limits of x and of its neighbour bracket its root.
    a, b = np.maximum(x, 1), np.maximum(n - x, 1)
    has_above, has_below = a < n, b < n

    def excess_above(p: Floats) -> Floats:
        above = np.where(has_above, betainc(a + 1, np.maximum(n - a, 1), p), 0.0)
        return np.asarray((betainc(a, n - a + 1, p) + above) / 2 - tail)

    def excess_below(p: Floats) -> Floats:
        below = np.where(has_below, betaincc(np.maximum(n - b, 1), b + 1, p), 0.0)
        return np.asarray((betaincc(n - b + 1, b, p) + below) / 2 - tail)

    one, zero = np.ones_like(n), np.zeros_like(n)
    inner = np.where(has_above, betaincinv(a + 1, np.maximum(n - a, 1), tail), one)
    low = solve_brackets(excess_above, np.asarray(betaincinv(a, n - a + 1, tail), dtype=float), inner)
    inner = np.where(has_below, betainccinv(np.maximum(n - b, 1), b + 1, tail), zero)
    high = solve_brackets(excess_below, inner, np.asarray(betainccinv(n - b + 1, b, tail), dtype=float))
    return np.where(x == 0, 0.0, low), np.where(x == n, 1.0, high)


def _by_statsmodels(name: str) -> Rule:
    def rule(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
        from statsmodels.stats.proportion import proportion_confint

        low, high = proportion_confint(x, n, alpha=2 * tail, method=name)
        return low, high

    return rule


def _wilson(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """Invert the score test. Source: Wilson 1927, JASA 22:209-212."""
    import numpy as np

    low, high = _by_statsmodels("wilson")(x, n, tail)
    # Exact at the ends, where rounding leaves some 1e-17.
    return np.where(x == 0, 0.0, low), np.where(x == n, 1.0, high)


def _wilson_cc(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """Invert the continuity-corrected score test. Source: Newcombe 1998, Stat Med 17:857-872, method 4."""
    import numpy as np

    z, p, q = _z(tail), x / n, 1 - x / n
    centre = 2 * n * p + z * z
    low = (centre - 1 - z * np.sqrt(np.maximum(z * z - 2 - 1 / n + 4 * p * (n * q + 1), 0))) / (2 * (n + z * z))
    high = (centre + 1 + z * np.sqrt(np.maximum(z * z + 2 - 1 / n + 4 * p * (n * q - 1), 0))) / (2 * (n + z * z))
    return np.where(x == 0, 0.0, low), np.where(x == n, 1.0, high)


def _jeffreys_bcd(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """Jeffreys' interval closed at 0/n and n/n. Source: Brown, Cai and DasGupta 2001, Stat Sci 16:101-133."""
    import numpy as np

    low, high = _by_statsmodels("jeffreys")(x, n, tail)
    return np.where(x == 0, 0.0, low), np.where(x == n, 1.0, high)


def _arcsine(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    return _around_angle(x / n, n, tail)


def _arcsine_anscombe(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """Shift the counts by 3/8 first. Source: Anscombe 1948, Biometrika 35:246-254."""
    return _around_angle((x + 0.375) / (n + 0.75), n, tail)


def _around_angle(p: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    import numpy as np

    angle, half = np.arcsin(np.sqrt(p)), _z(tail) / (2 * np.sqrt(n))
    low = np.sin(np.clip(angle - half, 0, np.pi / 2)) ** 2
    high = np.sin(np.clip(angle + half, 0, np.pi / 2)) ** 2
    return low, high


def _freeman_tukey(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """Freeman and Tukey's double arcsine, turned back with the study's own total."""
    import numpy as np

    from review.pooling.effects import invert_freeman_tukey

    angle = (np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))) / 2
    half = _z(tail) / np.sqrt(4 * n + 2)
    return invert_freeman_tukey(angle - half, n), invert_freeman_tukey(angle + half, n)


def _logit(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """Wald on the logit scale, with half a patient added to both cells of 0/n and n/n only."""
    import numpy as np
    from scipy.special import expit

    half = np.where((x == 0) | (x == n), 0.5, 0.0)
    a, b = x + half, n - x + half
    centre, spread = np.log(a / b), _z(tail) * np.sqrt(1 / a + 1 / b)
    low: Floats = expit(centre - spread)
    high: Floats = expit(centre + spread)
    return low, high


def _likelihood(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """All proportions that the likelihood-ratio test at this level does not reject."""
    import numpy as np
    from scipy.special import xlog1py
    from scipy.special import xlogy

    from review.pooling.roots import solve_brackets

    p = x / n
    drop = _z(tail) ** 2 / 2

    def fall(q: Floats) -> Floats:
        # The log of a ratio, not a difference of logs, keeps the digits where the total is huge.
        return np.asarray(xlogy(x, p / q) + xlog1py(n - x, (q - p) / (1 - q)) - drop)

    least, most = np.full(p.shape, np.finfo(float).tiny), np.full(p.shape, 1 - np.finfo(float).epsneg)
    low = solve_brackets(fall, least, np.where(x == 0, least, np.minimum(p, most)))
    high = solve_brackets(fall, np.where(x == n, most, np.maximum(p, least)), most)
    return np.where(x == 0, 0.0, low), np.where(x == n, 1.0, high)


def _z(tail: float) -> float:
    from scipy.special import ndtri

    return -float(ndtri(tail))


_RULES: dict[str, Rule] = {
    "clopper-pearson": _clopper_pearson,
    "midp": _midp,
    "wilson": _wilson,
    "wilson-cc": _wilson_cc,
    "jeffreys": _by_statsmodels("jeffreys"),
    "jeffreys-bcd": _jeffreys_bcd,
    "agresti-coull": _by_statsmodels("agresti_coull"),
    "arcsine": _arcsine,
    "arcsine-anscombe": _arcsine_anscombe,
    "freeman-tukey": _freeman_tukey,
    "logit": _logit,
    "wald": _by_statsmodels("normal"),
    "likelihood": _likelihood,
}

#: The names that `interval` knows.
METHODS: tuple[str, ...] = tuple(_RULES)
