"""Agreement of two raters: Cohen's kappa, PABAK, Gwet's AC1, positive and negative agreement, from a square table of counts.

No verbal labels: at the prevalence of screening (a few per cent of includes) the coefficients differ widely on the same table, so that they are
to be read together with the counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

#: Counts: rows are the first rater's categories, columns the second's, in the same order.
Table = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An estimate with its standard error and interval; 1 is full agreement, 0 what chance would give."""

    estimate: float
    se: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two raters agree on `n` items.

    `observed` is the share of items with equal ratings, 0..1. `kappa` is None where chance alone gives full agreement (both put everything
    into one category). `positive` and `negative` are the specific agreement on the first and on the last category, 0..1, None
    where neither rater used it. All are None or 0 without items.
    """

    n: int
    observed: float
    kappa: Coefficient | None
    pabak: Coefficient | None
    ac1: Coefficient | None
    positive: float | None
    negative: float | None


def measure_agreement(table: Table, level: float = 0.95) -> Agreement:
    """Measure the agreement in a square table of counts.

    Args:
        table: Counts of q x q items, q at least 2.
        level: The level of the intervals, 0..1.

    Raises:
        ValueError: If the table is not square, or holds a negative count.
    """
    size = len(table)
    if size < 2 or any(len(row) != size for row in table) or any(count < 0 for row in table for count in row):
        message = "agreement needs a square table of counts with at least two categories"
        raise ValueError(message)
    n = sum(map(sum, table))
    if n == 0:
        return Agreement(0, 0.0, None, None, None, None, None)
    observed = sum(table[k][k] for k in range(size)) / n
    z = NormalDist().inv_cdf(0.5 + level / 2)
    return Agreement(
        n=n,
        observed=observed,
        kappa=_estimate_kappa(table, z),
        pabak=_estimate_pabak(observed, size, n, z),
        ac1=_estimate_ac1(table, n, z),
        positive=_agree_on(table, 0),
        negative=_agree_on(table, size - 1),
    )


def _estimate_kappa(table: Table, z: float) -> Coefficient | None:
    """Estimate Cohen's kappa with the standard error of Fleiss, Cohen and Everitt.

    Source: Fleiss JL, Cohen J, Everitt BS. Psychol Bull 1969;72:323-327, as computed by statsmodels.
    """
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    n = sum(rows)
    if sum(row * column for row, column in zip(rows, columns, strict=True)) == n * n:
        return None
    import numpy as np
    from statsmodels.stats.inter_rater import cohens_kappa

    # It also tests kappa against 0, which divides by a standard error that may be 0.
    with np.errstate(divide="ignore", invalid="ignore"):
        result = cohens_kappa([list(row) for row in table])
    estimate, se = float(result.kappa), float(result.std_kappa)
    return Coefficient(estimate, se, estimate - z * se, estimate + z * se)


def _estimate_pabak(observed: float, size: int, n: int, z: float) -> Coefficient:
    """Estimate the prevalence- and bias-adjusted kappa.

    Source: Byrt T, Bishop J, Carlin JB. J Clin Epidemiol 1993;46:423-429; for more than two categories Brennan RL, Prediger DJ. Educ
    Psychol Meas 1981;41:687-699.
    """
    estimate = (size * observed - 1) / (size - 1)
    se = size / (size - 1) * math.sqrt(observed * (1 - observed) / n)
    return Coefficient(estimate, se, estimate - z * se, estimate + z * se)


def _estimate_ac1(table: Table, n: int, z: float) -> Coefficient:
    """Estimate Gwet's AC1 with its variance for an infinite population of items.

    Source: Gwet KL. Br J Math Stat Psychol 2008;61:29-48, equations 5 to 9.
    """
    size = len(table)
    shares = [[count / n for count in row] for row in table]
    observed = sum(shares[k][k] for k in range(size))
    means = [(sum(shares[k]) + sum(row[k] for row in shares)) / 2 for k in range(size)]
    by_chance = sum(mean * (1 - mean) for mean in means) / (size - 1)
    estimate = (observed - by_chance) / (1 - by_chance)
    diagonal = sum(shares[k][k] * (1 - means[k]) for k in range(size)) / (size - 1)
    squares = (
        sum(shares[k][m] * (1 - (means[k] + means[m]) / 2) ** 2 for k in range(size) for m in range(size))
        / (size - 1) ** 2
    )
    rest = 1 - estimate
    spread = (
        observed * (1 - observed)
        - 4 * rest * (diagonal - observed * by_chance)
        + 4 * rest**2 * (squares - by_chance**2)
    )
    # Rounding may leave a full agreement with a spread just below zero.
    se = math.sqrt(max(spread, 0.0) / n) / (1 - by_chance)
    return Coefficient(estimate, se, estimate - z * se, min(estimate + z * se, 1.0))


def _agree_on(table: Table, category: int) -> float | None:
    """Return the specific agreement on a category: twice the agreed items over all uses of the category.

    Source: Cicchetti DV, Feinstein AR. J Clin Epidemiol 1990;43:551-558.
    """
    used = sum(table[category]) + sum(row[category] for row in table)
    return 2 * table[category][category] / used if used else None
