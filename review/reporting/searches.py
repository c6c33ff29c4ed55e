"""The search appendix of the report: every search as it was run, in the order of PRISMA-S, and earlier searches of others.

Source: Rethlefsen ML et al. PRISMA-S. Syst Rev 2021;10:39. The facts and their words are those of `review.search.appendix`.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence

from review.model import Run
from review.numerals import format_count
from review.reporting.document import Block
from review.reporting.document import Link
from review.reporting.document import Listing
from review.reporting.document import Number
from review.reporting.document import Runs
from review.reporting.document import Section
from review.reporting.document import Term
from review.reporting.document import Terms
from review.reporting.document import write_paragraph
from review.reporting.provenance import name_search
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_row
from review.search.appendix import LANES
from review.search.appendix import describe_yield
from review.search.appendix import list_complete
from review.search.appendix import list_facts
from review.search.appendix import list_latest
from review.search.appendix import list_lines
from review.search.appendix import name_run
from review.search.strategy import Strategy

_SOURCE = "Reported after PRISMA-S (Rethlefsen et al., Syst Rev 2021;10:39)."


def compose_searches(runs: Sequence[Run], strategies: Sequence[Strategy], table: Table) -> Section:
    """Compose the section; `table` lists all runs, oldest first."""
    complete = list_complete(runs)
    blocks: tuple[Block, ...] = (write_paragraph(_SOURCE, kind="note"), table)
    if not complete:
        blocks = (write_paragraph("No search has been run."),)
    lanes = []
    for lane, title in LANES.items():
        chosen = list_latest([run for run in complete if run.lane == lane])
        if chosen:
            lanes.append(Section(f"searches-{lane}", title, (), tuple(map(_tell_run, chosen))))
    reported = [strategy for strategy in strategies if strategy.reported]
    waiting = _find_waiting(complete, strategies)
    if waiting:
        lanes.append(Section("searches-waiting", "Strategies not run yet", (), tuple(map(_tell_strategy, waiting))))
    if reported:
        title = "Earlier searches, as reported by others"
        lanes.append(Section("searches-reported", title, (), tuple(map(_tell_strategy, reported))))
    return Section("searches", "Searches", blocks, tuple(lanes))


def _tell_run(run: Run) -> Section:
    facts = tuple(Term(label, ((value,),)) for label, value in list_facts(run))
    blocks: list[Block] = [
        write_paragraph(f"{describe_yield(run)}. ", Link("Where it is kept", f"#{name_search(run.id)}"), ".")
    ]
    if facts:
        blocks.append(Terms(facts))
    lines = list_lines(run)
    if lines:
        blocks.append(_list_lines(run))
    elif run.strategy:
        blocks.append(Listing(run.strategy))
    else:
        blocks.append(write_paragraph("The strategy was not recorded."))
    if run.translation:
        blocks += [write_paragraph("As the service read it:"), Listing(run.translation)]
    return Section(f"search-{run.id}", name_run(run), tuple(blocks))


def _list_lines(run: Run) -> Table:
    rows = tuple(
        make_row(str(line.line), line.query, "" if line.hits is None else format_count(line.hits))
        for line in list_lines(run)
    )
    columns = (Column("line", "Line", "right"), Column("query", "Query"), Column("hits", "Hits", "right"))
    return Table(f"lines-{run.id}", "", columns, rows)


def _find_waiting(runs: Iterable[Run], strategies: Iterable[Strategy]) -> list[Strategy]:
    """Find the strategies that no run has used."""
    used = {str(run.details.get("strategy_file") or "") for run in runs} | {run.strategy for run in runs}
    return [
        strategy
        for strategy in strategies
        if not strategy.reported and strategy.file not in used and strategy.text not in used
    ]


def _tell_strategy(strategy: Strategy) -> Section:
    blocks: list[Block] = [write_paragraph(*_tell_reported(strategy))] if strategy.reported else []
    blocks.append(Listing(strategy.text))
    facts = [("Limits", strategy.limits.describe()), ("Note", strategy.notes)]
    terms = tuple(Term(label, ((value,),)) for label, value in facts if value)
    if terms:
        blocks.append(Terms(terms))
    return Section(f"strategy-{strategy.file}", strategy.file, tuple(blocks))


def _tell_reported(strategy: Strategy) -> Runs:
    reported = strategy.reported
    assert reported is not None
    key = f"search.{strategy.file.rsplit('/', 1)[-1].removesuffix('.yaml')}"
    hits: Runs = (
        ("an unstated number of",) if reported.hits is None else (Number(f"{key}.hits", format_count(reported.hits)),)
    )
    screened: Runs = (
        ("an unstated number",)
        if reported.screened is None
        else (Number(f"{key}.screened", format_count(reported.screened)),)
    )
    return (
        f"Not run for this review: {reported.source} reports ",
        *hits,
        " hits, ",
        *screened,
        " screened without duplicates.",
    )
