"""The multiverse: what every defensible combination of choices would have given.

Choices come in two kinds. Those on the data (response rule, overlap, doubtful studies in or out) are variants of the table of
counts; those on the analysis (model, measure, interval) are applied to each. The result is a list of universes ordered by their
estimates, ready to be drawn as a specification curve, and the range that a critic could obtain.

Source: Steegen et al. 2016, Perspect Psychol Sci 11: 702-712 for the multiverse; Simonsohn et al. 2020, Nat Hum Behav 4:
1208-1214 for the specification curve.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from itertools import product
from typing import TYPE_CHECKING

from review.cache import recall
from review.errors import PoolError
from review.findings import Finding
from review.numerals import format_share
from review.pooling.pool import Counted
from review.pooling.pool import pool_counts

if TYPE_CHECKING:
    import pandas as pd

Interval = tuple[float, float]
Answer = tuple[float | None, Interval | None, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Variant:
    """One defensible table of counts, with the choices that led to it by name (`{"response rule": "strict"}`)."""

    rows: tuple[Counted, ...]
    choices: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Route:
    """One defensible analysis: its choices by name, and how it turns a table of counts into a proportion and an interval."""

    choices: Mapping[str, str]
    answer: Callable[[Sequence[Counted], float], Answer]


@dataclass(frozen=True, slots=True)
class Universe:
    """One combination of choices and what it gives; fractions 0..1, None where the analysis has no answer."""

    choices: Mapping[str, str]
    studies: int
    events: int
    total: int
    estimate: float | None
    ci: Interval | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Multiverse:
    """All universes, those with an estimate first and in its order; `reference` is the place of the planned one."""

    universes: tuple[Universe, ...]
    level: float
    reference: int | None

    @property
    def range(self) -> Interval | None:
        """Smallest and largest estimate; None if there is none."""
        values = [u.estimate for u in self.universes if u.estimate is not None]
        return (min(values), max(values)) if values else None

    @property
    def envelope(self) -> Interval | None:
        """Lowest lower and highest upper limit; None if no universe has an interval."""
        limits = [u.ci for u in self.universes if u.ci is not None]
        return (min(low for low, _high in limits), max(high for _low, high in limits)) if limits else None

    def tell(self) -> str:
        """The range that a critic could obtain, in one sentence."""
        span, reach = self.range, self.envelope
        if span is None or reach is None:
            return f"None of {len(self.universes)} combinations of defensible choices gives an estimate."
        kinds = sorted({name for universe in self.universes for name in universe.choices})
        return (
            f"Across {len(self.universes)} combinations of defensible choices ({', '.join(kinds)}) the proportion lies between "
            f"{format_share(span[0])} and {format_share(span[1])}, and the {format_share(self.level, 0)} intervals "
            f"reach from {format_share(reach[0])} to {format_share(reach[1])}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per universe, a column per kind of choice."""
        import pandas as pd

        kinds = list(dict.fromkeys(name for universe in self.universes for name in universe.choices))
        rows = [
            {
                **{kind: universe.choices.get(kind, "") for kind in kinds},
                "studies": universe.studies,
                "events": universe.events,
                "total": universe.total,
                "estimate": universe.estimate,
                "ci_low": universe.ci[0] if universe.ci else None,
                "ci_high": universe.ci[1] if universe.ci else None,
            }
            for universe in self.universes
        ]
        return pd.DataFrame(rows)


def _by_model(**settings: str) -> Callable[[Sequence[Counted], float], Answer]:
    def answer(rows: Sequence[Counted], level: float) -> Answer:
        result = pool_counts(rows, level=level, **settings)
        return result.estimate, result.ci, result.findings

    return answer


def _by_counts(method: str) -> Callable[[Sequence[Counted], float], Answer]:
    def answer(rows: Sequence[Counted], level: float) -> Answer:
        from review.pooling.exact import count_pooled

        pooled = count_pooled([r.events for r in rows], [r.total for r in rows], method=method, level=level)
        return pooled.estimate, pooled.ci, ()

    return answer


def _by_posterior(prior: str) -> Callable[[Sequence[Counted], float], Answer]:
    def answer(rows: Sequence[Counted], level: float) -> Answer:
        from review.pooling.bayescounts import pool_counts_bayes
        from review.pooling.glmm import to_proportions

        events, total = [r.events for r in rows], [r.total for r in rows]
        found = recall(
            ["posterior", prior, repr(level), repr(events), repr(total)],
            lambda: pool_counts_bayes(events, total, prior=prior, level=level),
            program=("pooling",),
            libraries=("numpy", "scipy"),
        )
        return to_proportions((found.mu.median, found.mu.median))[0], to_proportions(found.mu.ci), ()

    return answer


#: The analyses that hold their level for few and small studies; inverse-variance logits are not among them.
ROUTES: tuple[Route, ...] = (
    Route({"model": "common proportion", "interval": "Clopper-Pearson"}, _by_counts("clopper-pearson")),
    Route({"model": "common proportion", "interval": "mid-P"}, _by_counts("midp")),
    Route({"model": "random-intercept logistic", "interval": "profile likelihood"}, _by_model(method="GLMM")),
    Route({"model": "beta-binomial", "interval": "profile likelihood"}, _by_model(method="BB")),
    Route({"model": "Bayes, half-normal(0.5)", "interval": "posterior"}, _by_posterior("HN0.5_N0_1.5")),
    Route({"model": "Bayes, half-normal(1)", "interval": "posterior"}, _by_posterior("HN1_N0_1.5")),
    Route(
        {"model": "inverse variance, arcsine", "interval": "Hartung-Knapp ad hoc"},
        _by_model(method="REML", measure="PAS", test="adhoc"),
    ),
)


def vary_studies(rows: Sequence[Counted], doubtful: Sequence[str]) -> Iterator[Variant]:
    """Each doubtful study in or out, in every combination that leaves a study.

    Args:
        rows: All studies.
        doubtful: Names among them.

    Raises:
        PoolError: If a name is not among the studies, or there are more than ten.
    """
    names = {row.study for row in rows}
    strangers = [name for name in doubtful if name not in names]
    if strangers:
        raise PoolError(f"no study is called {strangers[0]!r}; expected one of {', '.join(sorted(names))}")
    if len(doubtful) > 10:
        raise PoolError(f"{len(doubtful)} doubtful studies have {2 ** len(doubtful)} combinations; name ten at most")
    for inside in product((True, False), repeat=len(doubtful)):
        left_out = {name for name, kept in zip(doubtful, inside, strict=True) if not kept}
        kept_rows = tuple(row for row in rows if row.study not in left_out)
        if kept_rows:
            choices = {name: "in" if kept else "out" for name, kept in zip(doubtful, inside, strict=True)}
            yield Variant(kept_rows, choices)


def cross_variants(first: Sequence[Variant], choices: str, options: Mapping[str, Sequence[Counted]]) -> list[Variant]:
    """Add a kind of choice on the data: every variant with every option's rows for the studies that it keeps.

    Args:
        first: Variants so far.
        choices: The name of the new kind of choice.
        options: Rows by option, such as `{"as reported": ..., "strict": ...}`.
    """
    crossed = []
    for variant in first:
        kept = {row.study for row in variant.rows}
        for option, rows in options.items():
            crossed.append(Variant(tuple(r for r in rows if r.study in kept), {**variant.choices, choices: option}))
    return [variant for variant in crossed if variant.rows]


def run_multiverse(variants: Sequence[Variant], routes: Sequence[Route] = ROUTES, *, level: float = 0.95) -> Multiverse:
    """Apply every analysis to every variant of the data.

    Args:
        variants: The first is the planned one.
        routes: The planned one is that of the random-intercept model where it is among them, else the first.
        level: Of the intervals.

    Raises:
        PoolError: If there is no variant or no route.
    """
    if not variants or not routes:
        raise PoolError("a multiverse needs a table of counts and an analysis at least")
    planned = next((r for r in routes if r.choices.get("model") == "random-intercept logistic"), routes[0])
    universes, is_planned = [], []
    cache: dict[tuple[int, tuple[tuple[int, int], ...]], Answer] = {}
    for i, variant in enumerate(variants):
        key = tuple((row.events, row.total) for row in variant.rows)
        for j, route in enumerate(routes):
            if (j, key) not in cache:
                cache[j, key] = route.answer(variant.rows, level)
            estimate, ci, findings = cache[j, key]
            universes.append(
                Universe(
                    {**variant.choices, **route.choices},
                    len(variant.rows),
                    sum(row.events for row in variant.rows),
                    sum(row.total for row in variant.rows),
                    estimate,
                    ci,
                    tuple(dict.fromkeys(finding.code for finding in findings)),
                )
            )
            is_planned.append(i == 0 and route is planned)
    order = sorted(
        range(len(universes)), key=lambda n: (universes[n].estimate is None, universes[n].estimate or 0.0, n)
    )
    reference = next((place for place, n in enumerate(order) if is_planned[n]), None)
    return Multiverse(tuple(universes[n] for n in order), level, reference)
