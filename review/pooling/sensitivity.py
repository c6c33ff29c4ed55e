"""What a pooled proportion owes to single studies, to its prior and to small studies: the same counts, looked at again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from review.errors import PoolError
from review.findings import Finding
from review.pooling.effects import compute_effects
from review.pooling.influence import Influence
from review.pooling.influence import measure_influence
from review.pooling.pool import COUNT_METHODS
from review.pooling.pool import Counted
from review.pooling.pool import pool_counts
from review.pooling.pooled import PooledResult
from review.pooling.smallstudy import RankTest
from review.pooling.smallstudy import RegressionTest
from review.pooling.smallstudy import correlate_ranks
from review.pooling.smallstudy import regress_on_precision

Array = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Variant:
    """The pooled proportion of some of the studies; fractions 0..1, None where the model has no such value.

    `study` is the one that was left out, or added last. `shift` is the change of the estimate against that of all studies.
    """

    study: str
    k: int
    events: int
    total: int
    estimate: float | None
    ci: Interval | None
    tau2: float | None
    shift: float | None


@dataclass(frozen=True, slots=True)
class Belief:
    """The posterior of the median proportion under one prior: median and central interval, fractions 0..1."""

    prior: str
    median: float
    ci: Interval


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """All looks at one set of counts.

    Attributes:
        without: Each study left out in turn, in the order of the studies; empty below three.
        cumulative: The first two studies, the first three, ... in the order asked for; empty below three.
        influence: Deletion diagnostics of the inverse-variance model on the logit scale, in the order of the studies.
        regression: Peters's regression on the inverse total; None below three studies.
        ranks: The rank correlation; None below three studies.
        beliefs: Posteriors under several priors, the one that is reported first.
        findings: What a reader must know of them.
    """

    without: tuple[Variant, ...]
    cumulative: tuple[Variant, ...]
    influence: tuple[Influence, ...]
    regression: RegressionTest | None
    ranks: RankTest | None
    beliefs: tuple[Belief, ...]
    findings: tuple[Finding, ...]

    def to_json(self, studies: Sequence[str]) -> dict[str, object]:
        """Return everything as JSON; `studies` are the names in the order of the rows."""
        tests = {
            "regression": self.regression and {"statistic": self.regression.statistic, "p": self.regression.p},
            "ranks": self.ranks and {"tau": self.ranks.tau, "p": self.ranks.p},
        }
        return {
            "without": [_variant_to_json(item) for item in self.without],
            "cumulative": [_variant_to_json(item) for item in self.cumulative],
            "influence": [
                {
                    "study": studies[item.study],
                    "rstudent": item.rstudent,
                    "dffits": item.dffits,
                    "cook": item.cook,
                    "covariance_ratio": item.covariance_ratio,
                    "hat": item.hat,
                }
                for item in self.influence
            ],
            "small_studies": tests,
            "priors": [{"prior": item.prior, "median": item.median, "ci": list(item.ci)} for item in self.beliefs],
            "findings": [finding.to_json() for finding in self.findings],
        }


def examine_sensitivity(
    rows: Sequence[Counted],
    whole: PooledResult,
    *,
    order: str = "",
) -> Sensitivity:
    """Look at the counts behind a pooled result again.

    Args:
        rows: The studies that were pooled.
        whole: Their result; its measure, model, method, test and level are used for all refits.
        order: A column of the rows to cumulate by, such as the year; empty for the order of the rows. Numbers are sorted as numbers.

    Raises:
        PoolError: If a study lacks a value in the column.
    """
    _sort(rows, order)
    x = np.array([row.events for row in rows], dtype=float)
    n = np.array([row.total for row in rows], dtype=float)
    without: tuple[Variant, ...] = ()
    cumulative: tuple[Variant, ...] = ()
    influence: tuple[Influence, ...] = ()
    regression: RegressionTest | None = None
    ranks: RankTest | None = None
    findings: list[Finding] = []
    if len(rows) > 2:
        without = leave_each_out(rows, whole)
        cumulative = add_each(rows, whole, order=order)
        effects = compute_effects(x, n, measure="PLO")
        y, v = effects.y, effects.v
        influence = measure_influence(y, v, method="REML" if whole.method in COUNT_METHODS else whole.method)
        regression = regress_on_precision(y, v, n, measure="PLO", level=whole.level)
        ranks = correlate_ranks(y, v, measure="PLO")
        findings += [*regression.findings, *ranks.findings]
    beliefs, told = _believe(x, n, whole.level)
    return Sensitivity(
        without, cumulative, influence, regression, ranks, beliefs, tuple(dict.fromkeys([*findings, *told]))
    )


def leave_each_out(rows: Sequence[Counted], whole: PooledResult) -> tuple[Variant, ...]:
    """Pool without each study in turn, as the whole was pooled, in the order of the studies; empty for a single one."""
    if len(rows) < 2:
        return ()
    return tuple(_refit(row.study, [*rows[:place], *rows[place + 1 :]], whole) for place, row in enumerate(rows))


def add_each(rows: Sequence[Counted], whole: PooledResult, *, order: str = "") -> tuple[Variant, ...]:
    """Pool the first two studies, the first three, ..., as the whole was pooled.

    Args:
        rows: The studies that were pooled.
        whole: Their result.
        order: As in `examine_sensitivity`.

    Raises:
        PoolError: If a study lacks a value in the column.
    """
    sequence = _sort(rows, order)
    return tuple(_refit(sequence[count - 1].study, sequence[:count], whole) for count in range(2, len(rows) + 1))


def _sort(rows: Sequence[Counted], order: str) -> list[Counted]:
    if not order:
        return list(rows)
    lacking = [row.study for row in rows if order not in row.moderators]
    if lacking:
        raise PoolError(
            f"{', '.join(lacking)}: no value in the column {order!r}, by which the studies were to be sorted"
        )
    return sorted(rows, key=lambda row: _rank(row.moderators[order]))


def _rank(text: str) -> tuple[float, str]:
    try:
        return float(text), ""
    except ValueError:
        return math.inf, text


def _refit(study: str, rows: Sequence[Counted], whole: PooledResult) -> Variant:
    part = pool_counts(
        rows,
        measure=whole.measure,
        model=whole.model,
        method=whole.method,
        test=whole.test,
        level=whole.level,
    )
    shift = None if part.estimate is None or whole.estimate is None else part.estimate - whole.estimate
    return Variant(study, part.k, part.events, part.total, part.estimate, part.ci, part.tau2, shift)


def _believe(x: Array, n: Array, level: float) -> tuple[tuple[Belief, ...], tuple[Finding, ...]]:
    from scipy.special import expit

    from review.pooling.bayescounts import tabulate_sensitivity

    posteriors, findings = tabulate_sensitivity(x, n, level=level)
    beliefs = tuple(
        Belief(
            item.prior.name,
            float(expit(item.mu.median)),
            (float(expit(item.mu.ci[0])), float(expit(item.mu.ci[1]))),
        )
        for item in posteriors
    )
    return beliefs, findings


def _variant_to_json(item: Variant) -> dict[str, object]:
    return {
        "study": item.study,
        "k": item.k,
        "events": item.events,
        "total": item.total,
        "estimate": item.estimate,
        "ci": list(item.ci) if item.ci else None,
        "tau2": item.tau2,
        "shift": item.shift,
    }
