"""Made-up studies and pooled results to draw."""

from __future__ import annotations

from collections.abc import Sequence

from review.model import Estimate
from review.reporting.forest_rows import Heterogeneity
from review.reporting.forest_rows import Summary

LONG = (
    "Narváez J, Pirola JP, Lluch J, et al. A retrospective description of cases with a very long title",
    "Исследование кальциноза",
    "الدراسة متعددة المراكز",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "Smith",
)


def make_estimate(
    label: str, events: int, total: int, weight: float | None = None, ends: tuple[float, float] | None = None
) -> Estimate:
    """A study; without `ends` its interval is a made-up one of a fifth to each side."""
    value = events / total
    low, high = ends or (max(0.0, value - 0.2), min(1.0, value + 0.2))
    return Estimate(label, events, total, value, low, high, "clopper-pearson", weight=weight)


def make_studies(count: int, names: Sequence[str] = LONG) -> tuple[Estimate, ...]:
    totals = [3 + 7 * place % 50 for place in range(count)]
    return tuple(
        make_estimate(
            f"{names[place % len(names)]} {1960 + place}", total * place % (total + 1), total, total / sum(totals)
        )
        for place, total in enumerate(totals)
    )


def make_summary(label: str = "Random effects (REML)", ends: tuple[float, float] = (0.244, 0.711)) -> Summary:
    pooled = Estimate(label, 9, 19, 9 / 19, *ends, "Knapp-Hartung", weight=1.0)
    return Summary(pooled, (0.1, 0.9), Heterogeneity(45.2, 19, 0.0006, 58.4, 0.31))
