"""values.json: the numbers that a manuscript quotes, under keys that stay the same."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from review.model import Box
from review.model import Estimate
from review.model import Value
from review.numerals import format_count
from review.numerals import format_proportion
from review.pooling.planned import PlannedResult
from review.search.strategy import Strategy


def list_values(
    boxes: Iterable[Box], planned: Iterable[PlannedResult], strategies: Sequence[Strategy]
) -> Iterator[Value]:
    """Yield every number with its key.

    `prisma.<box>` and `prisma.<box>.<n-th line>` for the flow diagram, `pool.<analysis>.<study or together>[.<interval>]` for proportions (the first
    interval of the analysis has no name behind it), `search.<strategy>.hits` and `.screened` for counts that earlier searches reported.
    """
    for box in boxes:
        yield Value(f"prisma.{box.key}", format_count(box.n), float(box.n), method=box.unit, ids=box.ids)
        for number, line in enumerate(box.lines, 1):
            method = f"{box.unit}: {line.label}"
            yield Value(f"prisma.{box.key}.{number}", format_count(line.n), float(line.n), method=method, ids=line.ids)
    for result in planned:
        for row in result.rows:
            yield from _list_estimates(f"pool.{result.analysis.name}.{row.study.id}", row.estimates)
        yield from _list_estimates(f"pool.{result.analysis.name}.together", result.together)
    for strategy in strategies:
        yield from _list_reported(strategy)


def _list_estimates(key: str, estimates: Sequence[Estimate]) -> Iterator[Value]:
    for number, estimate in enumerate(estimates):
        interval = (estimate.ci_low, estimate.ci_high)
        yield Value(
            key=key if number == 0 else f"{key}.{estimate.method}",
            text=format_proportion(estimate.events, estimate.total, interval, level=estimate.level),
            value=estimate.value,
            events=estimate.events,
            total=estimate.total,
            ci_low=estimate.ci_low,
            ci_high=estimate.ci_high,
            method=estimate.method,
            ids=estimate.ids,
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
