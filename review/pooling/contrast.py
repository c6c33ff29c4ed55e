"""Case reports against case series: successes are printed one by one more readily than failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.intervals import check_counts
from review.pooling.intervals import interval
from review.pooling.tails import check_level

#: A difference this large between reports and series is worth a warning, whatever its p value: with so few patients no test
#: can exclude it.
NOTABLE_DIFFERENCE = 0.2


@dataclass(frozen=True, slots=True)
class Side:
    """The pooled counts of one kind of study, with the exact interval; `studies` are positions in the data."""

    label: str
    studies: tuple[int, ...]
    events: int
    total: int
    proportion: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """Case reports against series.

    Attributes:
        reports: The case reports; None if there are none.
        series: All other studies; None if there are none.
        difference: Proportion in the reports less that in the series, -1..1; None where a side is missing.
        difference_ci: Newcombe's interval of it.
        p: Fisher's exact two-sided p value.
        findings: What a reader must know.
    """

    reports: Side | None
    series: Side | None
    difference: float | None
    difference_ci: tuple[float, float] | None
    p: float | None
    findings: tuple[Finding, ...] = ()


def contrast_reports(
    events: ArrayLike, total: ArrayLike, *, is_report: Sequence[bool] | None = None, level: float = 0.95
) -> Contrast:
    """Compare the pooled counts of case reports with those of series.

    Args:
        events: Events (k,).
        total: Totals (k,).
        is_report: Which studies are case reports (k,); None takes those of one patient.
        level: Confidence level between 0 and 1.

    Raises:
        PoolError: For counts that cannot be, or not one mark per study.

    Source: Murad et al. 2018, BMJ Evid Based Med 23:60-63, on the selection of reported cases; Newcombe 1998, Stat Med
    17:873-890, method 10.
    """
    check_level(level)
    x, n = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
    check_counts(x, n)
    marks = [bool(count == 1) for count in n] if is_report is None else [bool(mark) for mark in is_report]
    if len(marks) != len(n):
        raise PoolError(f"{len(marks)} marks were given for {len(n)} studies; expected one for each")
    reports = _pool("case reports", x, n, [i for i, mark in enumerate(marks) if mark], level)
    series = _pool("case series", x, n, [i for i, mark in enumerate(marks) if not mark], level)
    if reports is None or series is None:
        message = f"there are no {'case reports' if reports is None else 'case series'} to compare with"
        return Contrast(reports, series, None, None, None, (find("POOL-135", message),))
    return _compare(reports, series, level)


def _pool(label: str, x: np.ndarray, n: np.ndarray, studies: list[int], level: float) -> Side | None:
    if not studies:
        return None
    events, total = int(x[studies].sum()), int(n[studies].sum())
    low, high = interval(events, total, level=level)
    return Side(label, tuple(studies), events, total, events / total, low, high)


def _compare(reports: Side, series: Side, level: float) -> Contrast:
    from scipy.stats import fisher_exact
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        reports.events, reports.total, series.events, series.total, method="newcomb", compare="diff", alpha=1 - level
    )
    table = np.array([[side.events, side.total - side.events] for side in (reports, series)])
    p = float(fisher_exact(table).pvalue)
    difference = reports.proportion - series.proportion
    found = []
    if difference >= NOTABLE_DIFFERENCE:
        found.append(
            find(
                "POOL-134",
                f"the event is in {reports.events} of {reports.total} patients of case reports and in {series.events} of "
                f"{series.total} of series (Fisher's p = {p:.2g}); single cases are often printed because they went well",
                hint="show the result without the case reports beside the one with them",
            )
        )
    return Contrast(reports, series, difference, (float(low), float(high)), p, tuple(found))
