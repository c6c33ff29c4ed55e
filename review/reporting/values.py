"""values.json: the numbers that a manuscript quotes, under keys that stay the same."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from review.model import Box
from review.model import Estimate
from review.model import Value
from review.numerals import format_count
from review.numerals import format_interval
from review.numerals import format_proportion
from review.numerals import format_share
from review.pooling.planned import PlannedResult
from review.reporting.pooled import ITERATED
from review.reporting.pooled import key_estimates
from review.search.strategy import Strategy


def list_values(
    boxes: Iterable[Box], planned: Iterable[PlannedResult], strategies: Sequence[Strategy]
) -> Iterator[Value]:
    """Yield every number with its key.

    `prisma.<box>` and `prisma.<box>.<n-th line>` for the flow diagram, `pool.<analysis>.<study or together>[.<interval>]` for proportions (the first
    interval of the analysis has no name behind it), `pool.<analysis>.model` for the default model, `pool.<analysis>.multiverse` for the range over
    defensible choices in one sentence with `.low` and `.high` for its ends, `search.<strategy>.hits` and `.screened` for counts that earlier searches reported.
    """
    for box in boxes:
        yield Value(f"prisma.{box.key}", format_count(box.n), float(box.n), method=box.unit, ids=box.ids)
        for number, line in enumerate(box.lines, 1):
            method = f"{box.unit}: {line.label}"
            yield Value(f"prisma.{box.key}.{number}", format_count(line.n), float(line.n), method=method, ids=line.ids)
    for result in planned:
        for estimate, key in key_estimates(result).items():
            yield _make_value(key, estimate)
        yield from _list_models(result)
    for strategy in strategies:
        yield from _list_reported(strategy)


def _make_value(key: str, estimate: Estimate) -> Value:
    interval = (estimate.ci_low, estimate.ci_high)
    return Value(
        key=key,
        text=format_proportion(estimate.events, estimate.total, interval, level=estimate.level),
        value=estimate.value,
        events=estimate.events,
        total=estimate.total,
        ci_low=estimate.ci_low,
        ci_high=estimate.ci_high,
        method=estimate.method,
        ids=estimate.ids,
        level=estimate.level,
    )


def _list_models(result: PlannedResult) -> Iterator[Value]:
    model, multiverse = result.model, result.multiverse
    ids = tuple(str(row.study.id) for row in result.rows)
    name = f"pool.{result.analysis.name}"
    if model is not None and model.estimate is not None and model.ci is not None:
        interval = format_interval(*model.ci, level=model.level)
        yield Value(
            f"{name}.model",
            f"{format_share(model.estimate)} ({interval})",
            round(model.estimate, ITERATED),
            model.events,
            model.total,
            round(model.ci[0], ITERATED),
            round(model.ci[1], ITERATED),
            method=f"random-intercept logistic model, {model.ci_method}",
            ids=ids,
            level=model.level,
        )
    if multiverse is not None and multiverse.range is not None:
        yield Value(f"{name}.multiverse", multiverse.tell(), method="multiverse", ids=ids)
        for part, end in zip(("low", "high"), multiverse.range, strict=True):
            yield Value(
                f"{name}.multiverse.{part}",
                format_share(end),
                round(end, ITERATED),
                method=f"multiverse, {part}est",
                ids=ids,
            )


def _list_reported(strategy: Strategy) -> Iterator[Value]:
    reported = strategy.reported
    if reported is None:
        return
    name = strategy.file.rsplit("/", 1)[-1].removesuffix(".yaml")
    for part, number in (("hits", reported.hits), ("screened", reported.screened)):
        if number is not None:
            yield Value(
                f"search.{name}.{part}",
                format_count(number),
                float(number),
                method="as reported",
                ids=(reported.source,),
            )
