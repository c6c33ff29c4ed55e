"""`review search`: run the strategies, store each run."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output
from review.cli.search_services import Bar
from review.cli.search_services import Round

if TYPE_CHECKING:
    from review.findings import Finding
    from review.search.execution import RunOutcome
    from review.search.strategy import Strategy
    from review.workspace import Layout


def run(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Which sources, as their strategy files name them (default: all).", metavar="[SOURCE...]"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show hits and how the service reads the query; fetch and store nothing.")
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Send a query with unpaired brackets or quotes as it is.")
    ] = False,
    who: Annotated[str, typer.Option("--who", help="Who searches (default: the account's name).")] = "",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Run the strategies of queries/*.yaml and keep what the services answer.

    An interrupted search goes on where it stopped. A service that fails ends with exit code 3 and never with zero hits.

    Example: review search pubmed --dry-run
    """
    import os
    from functools import partial

    from review.search.execution import count_hits
    from review.search.execution import run_search
    from review.search.sources.registry import open_source

    layout = options.find_layout(project)
    strategies, findings = choose_strategies(layout, sources or [], quiet=quiet)
    contact = read_contact(layout)

    def ask(strategy: Strategy, bar: Bar) -> RunOutcome:
        source = open_source(strategy.source, os.environ, contact=contact, notify=bar.remark)
        if dry_run:
            return count_hits(source, strategy, anyway=anyway)
        name = options.name_person(who)
        return run_search(source, strategy, layout.queries, who=name, anyway=anyway, progress=bar.advance)

    asked = Round(quiet=quiet)
    for strategy in strategies:
        outcome = asked.ask(strategy.source, partial(ask, strategy))
        if outcome is None:
            continue
        findings += outcome.findings
        asked.runs.append(outcome.to_json())
        if not as_json:
            print_outcome(outcome)
    if as_json:
        output.print_json({"runs": asked.runs})
    asked.finish(findings)


def choose_strategies(layout: Layout, names: list[str], *, quiet: bool) -> tuple[list[Strategy], list[Finding]]:
    """Read the strategy files and choose those that can be searched.

    Raises:
        UsageError: If a named source has no strategy, or cannot be searched from here, or there is nothing to search.
    """
    from review.errors import UsageError
    from review.identifiers import normal_source
    from review.search.sources.registry import SOURCES
    from review.search.sources.registry import is_searchable
    from review.search.strategy import read_strategy

    findings: list[Finding] = []
    strategies: list[Strategy] = []
    for path in layout.list_strategies():
        strategy, told = read_strategy(path, layout.show(path))
        findings += told
        if strategy is not None:
            strategies.append(strategy)
    wanted = [normal_source(name) for name in names]
    for name in wanted:
        if name not in {strategy.source for strategy in strategies}:
            raise UsageError(f"no strategy in {layout.queries} has the source {name}; write queries/{name}.yaml")
        if not is_searchable(name):
            raise UsageError(
                f"{name} cannot be searched from here; export it by hand and use `review import FILE --source {name}`. "
                f"Searched are: {', '.join(sorted(SOURCES))}"
            )
    chosen = [item for item in strategies if is_searchable(item.source) and (not wanted or item.source in wanted)]
    if not wanted:
        for strategy in strategies:
            if not is_searchable(strategy.source):
                hint = f"export it by hand, then `review import FILE --source {strategy.source}`"
                output.tell(f"{strategy.source} ({strategy.file}) is not searched from here: {hint}", quiet=quiet)
    if not chosen:
        output.tell_findings(findings)
        raise UsageError(f"nothing to search: no strategy in {layout.queries} names a source that can be searched")
    return chosen, findings


def read_contact(layout: Layout) -> str:
    """Return the protocol's contact, empty if it has none."""
    from review.protocol import read_protocol

    return read_protocol(layout.protocol, layout.show(layout.protocol))[0].contact


def print_outcome(outcome: RunOutcome) -> None:
    """Print one search as text."""
    if outcome.hits is None:
        output.print_result(f"{outcome.source}: not sent; mend the query, or send it as it is with --anyway")
        return
    if outcome.run is None:
        output.print_result(f"{outcome.source}: {outcome.hits:,} hits")
    else:
        counts = f"{outcome.hits:,} hits, {outcome.retrieved:,} retrieved, {outcome.new:,} new"
        output.print_result(f"{outcome.source}: {counts}  ({outcome.run.id})")
    if outcome.missing:
        output.print_result(f"  missing: {', '.join(hit.id for hit in outcome.missing[:10])}")
    for line in outcome.lines:
        output.print_result(f"  #{line.line}  {line.hits:>9,}  {line.query}")
    if outcome.translation:
        output.print_result(f"  read as: {outcome.translation}")
