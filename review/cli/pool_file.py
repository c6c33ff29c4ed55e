"""`review pool FILE.csv`: a table of counts, without a review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from review.cli import output
from review.cli.pool_figure import ForestChoice
from review.cli.pool_figure import save_pooled
from review.cli.pool_sensitivity import print_sensitivity
from review.numerals import format_interval
from review.numerals import format_number
from review.numerals import format_proportion
from review.numerals import format_share

if TYPE_CHECKING:
    from review.cli.figure_file import FigureChoice
    from review.pooling.counts import CountTable
    from review.pooling.coverage import CoverageTable
    from review.pooling.pooled import PooledResult


@dataclass(frozen=True, slots=True)
class Choice:
    """How to pool; see `review.pooling.pool.pool_counts`."""

    measure: str
    model: str
    method: str
    test: str | None
    ci_study: str
    level: float
    by: str | None
    sensitivity: bool = False
    order: str = ""


def pool_file(
    path: Path,
    choice: Choice,
    *,
    coverage: bool,
    as_json: bool,
    quiet: bool,
    drawn: FigureChoice | None = None,
    plan: ForestChoice | None = None,
) -> None:
    """Pool a file of counts and print the result; a file with a wrong row is not pooled, since a number would be wrong.

    With `drawn`, a forest plot is written as well, after `plan`.

    Raises:
        FormatError: If the file cannot be read.
        PoolError: If the choice does not exist.
    """
    from review.findings import count_errors
    from review.pooling.counts import read_counts

    table = read_counts(path)
    if count_errors(table.findings):
        if as_json:
            output.print_json({"findings": [finding.to_json() for finding in table.findings]})
        output.tell_findings(table.findings, quiet=quiet and as_json)
        output.tell("Nothing was pooled: mend the rows named, then run the command again.", quiet=quiet)
        raise typer.Exit(1)
    if coverage:
        _print_coverage(table, choice, as_json=as_json, quiet=quiet)
        return
    result = _pool(table, choice)
    findings = [*table.findings, *result.findings]
    document = result.to_json()
    if not as_json:
        for line in describe(result):
            output.print_result(line)
    if choice.sensitivity:
        from review.pooling.sensitivity import examine_sensitivity

        found = examine_sensitivity(table.rows, result, order=choice.order)
        names = [row.study for row in table.rows]
        document["sensitivity"] = found.to_json(names)
        findings += found.findings
        if not as_json:
            print_sensitivity(found, names, result.level, choice.order)
    if drawn is not None:
        findings += save_pooled(result, plan or ForestChoice(), drawn, choice.ci_study, quiet=quiet)
    if as_json:
        output.print_json(document)
    output.tell_findings(findings, quiet=quiet)
    output.exit_by(findings)


def describe(result: PooledResult) -> Iterable[str]:
    """Write a pooled result as text: each study, the counts added up, the model."""
    for study in result.studies:
        shown = format_proportion(study.events, study.total, study.ci, level=result.level)
        weight = f"  weight {format_share(study.weight)}" if study.weight is not None else ""
        yield f"{study.study}: {shown}{weight}"
    pooled = format_proportion(result.events, result.total, result.pooled.ci, level=result.level)
    yield f"All patients as one group: {pooled}"
    yield f"{result.model} effects, {result.method} on {result.measure}: {_describe_estimate(result)}"
    if result.pi is not None:
        low, high = (format_share(end) for end in result.pi)
        yield f"  prediction interval {low} to {high} ({result.pi_method})"
    spread = [
        f"{name} {format_number(value, 4)}"
        for name, value in (("tau2", result.tau2), ("Q", result.q))
        if value is not None
    ]
    if result.i2 is not None:
        spread.append(f"I2 {format_number(result.i2, 1)}%")
    if spread:
        yield f"  {', '.join(spread)}"
    for name, group in result.groups.items():
        yield f"{name}: {_describe_estimate(group)} of {group.k} studies"
    if result.between is not None:
        yield f"Between groups: P = {format_number(result.between.p, 3)}"


def _describe_estimate(result: PooledResult) -> str:
    if result.estimate is None:
        return "not estimable"
    interval = f" ({format_interval(*result.ci, level=result.level)}, {result.ci_method})" if result.ci else ""
    return f"{format_share(result.estimate)}{interval}"


def _pool(table: CountTable, choice: Choice) -> PooledResult:
    from review.pooling.pool import pool_counts

    return pool_counts(
        table.rows,
        measure=choice.measure,
        model=choice.model,
        method=choice.method,
        test=choice.test,
        ci_study=choice.ci_study,
        level=choice.level,
        by=choice.by,
    )


def _print_coverage(table: CountTable, choice: Choice, *, as_json: bool, quiet: bool) -> None:
    from review.pooling.coverage import tabulate_coverage

    result = tabulate_coverage([row.total for row in table.rows], level=choice.level)
    if as_json:
        output.print_json(result.to_json())
        return
    _print_table(result)
    output.tell_findings(result.findings, quiet=quiet)


def _print_table(result: CoverageTable) -> None:
    how = "all outcomes listed" if result.error == 0 else f"drawn outcomes, error up to {format_share(result.error, 2)}"
    output.print_result(f"Coverage of the median proportion in %, {len(result.sizes)} studies, {how}")
    head = ["method", *(f"p={truth.p:g} tau={truth.tau:g}" for truth in result.truths), "min"]
    rows = [head]
    for method in result.methods:
        shares = [format_number(100 * value, 1) for value in method.median]
        rows.append([method.method, *shares, format_number(100 * min(method.median), 1)])
    output.print_columns(rows, right=range(1, len(head)))
