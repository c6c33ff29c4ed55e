"""The default model of a planned analysis, and its multiverse: what other defensible choices would have given."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from review.pooling.multiverse import ROUTES
from review.pooling.multiverse import Multiverse
from review.pooling.multiverse import Variant
from review.pooling.multiverse import run_multiverse
from review.pooling.multiverse import vary_studies
from review.pooling.pool import pool_counts
from review.pooling.pooled import PooledResult

#: With fewer studies than this an interval by Student's t has one degree of freedom and runs from about 0 to 1 whatever
#: was seen; it tells nothing of how much the choice of method matters.
FEWEST_FOR_T = 3
#: More doubtful studies than this are left out together, not in every combination.
MOST_DOUBTFUL = 4
#: Name of the choice that leaves all doubtful studies out.
ALL_DOUBTFUL = "doubtful studies"


@dataclass(frozen=True, slots=True)
class PlannedCount:
    """A study's row of a planned analysis; `study` is its label, `doubtful` that the analysis may be run without it."""

    study: str
    events: int
    total: int
    doubtful: bool = False
    moderators: Mapping[str, str] = field(default_factory=dict, hash=False)


def model_rows(rows: Sequence[PlannedCount], *, level: float) -> PooledResult:
    """Pool the rows by the default method: the random-intercept logistic model with its profile-likelihood interval.

    Args:
        rows: One or more.
        level: Of the intervals.

    Raises:
        PoolError: For no rows.
    """
    return pool_counts(rows, level=level)


def run_planned_multiverse(rows: Sequence[PlannedCount], *, level: float) -> Multiverse:
    """Apply every defensible analysis to the rows, with each doubtful study in and out.

    Of more than `MOST_DOUBTFUL` doubtful studies all are in or all are out. Analyses by Student's t are left out of
    fewer than `FEWEST_FOR_T` studies.

    Args:
        rows: One or more.
        level: Of the intervals.

    Raises:
        PoolError: For no rows.
    """
    routes = [
        route
        for route in ROUTES
        if len(rows) >= FEWEST_FOR_T or not route.choices.get("interval", "").startswith("Hartung-Knapp")
    ]
    return run_multiverse(_vary(rows), routes, level=level)


def _vary(rows: Sequence[PlannedCount]) -> list[Variant]:
    doubtful = [row.study for row in rows if row.doubtful]
    if len(doubtful) <= MOST_DOUBTFUL:
        # A label may hold commas, and the sentence lists the choices with commas between them.
        return [
            Variant(variant.rows, {f'"{name}"': choice for name, choice in variant.choices.items()})
            for variant in vary_studies(rows, doubtful)
        ]
    variants = [Variant(tuple(rows), {ALL_DOUBTFUL: "in"})]
    certain = tuple(row for row in rows if not row.doubtful)
    return [*variants, Variant(certain, {ALL_DOUBTFUL: "out"})] if certain else variants
