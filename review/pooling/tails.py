"""Tail probabilities and quantiles; `scipy.special` has them in a third of the loading time of `scipy.stats`."""

from __future__ import annotations

import math

from scipy.special import betaincinv
from scipy.special import chdtrc
from scipy.special import chdtri
from scipy.special import fdtrc
from scipy.special import ndtr
from scipy.special import ndtri
from scipy.special import stdtr

from review.errors import PoolError


def check_level(level: float) -> float:
    """Return a confidence level that is one.

    Raises:
        PoolError: Unless it is between 0 and 1.
    """
    if not 0 < level < 1:
        raise PoolError(f"a confidence level of {level} cannot be; expected a fraction between 0 and 1, such as 0.95")
    return level


def critical_value(level: float, df: float | None = None) -> float:
    """Find how many standard errors a two-sided interval reaches out: of Student's t with `df`, of the normal for None."""
    if df is None or math.isinf(df):
        return -float(ndtri((1 - level) / 2))
    ratio = float(betaincinv(df / 2, 0.5, 1 - level))
    return math.sqrt(df * (1 - ratio) / ratio)


def two_sided_p(statistic: float, df: float | None = None) -> float:
    """Find the two-sided p value of a t statistic with `df`, of a normal one for None."""
    if df is None or math.isinf(df):
        return 2 * float(ndtr(-abs(statistic)))
    return 2 * float(stdtr(df, -abs(statistic)))


def chi_squared_p(statistic: float, df: float) -> float:
    """Find the upper tail of the chi-squared distribution; 1 without degrees of freedom."""
    return float(chdtrc(df, statistic)) if df > 0 else 1.0


def chi_squared_quantile(probability: float, df: float) -> float:
    """Find the value that leaves `probability` below it."""
    return float(chdtri(df, 1 - probability))


def f_p(statistic: float, df: float, df_residual: float) -> float:
    """Find the upper tail of the F distribution."""
    return float(fdtrc(df, df_residual, statistic))
