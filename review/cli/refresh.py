"""`review refresh`: every search again, and what became of what the review rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output
from review.cli.search import choose_strategies
from review.cli.search import print_outcome
from review.cli.search_services import Bar
from review.cli.search_services import Round

if TYPE_CHECKING:
    from review.model import RecordId
    from review.search.refresh import StrategyRefresh
    from review.search.strategy import Strategy
    from review.workspace import Review


def run(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Which sources, as their strategy files name them (default: all).", metavar="[SOURCE...]"),
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Send a query with unpaired brackets or quotes as it is.")
    ] = False,
    who: Annotated[str, typer.Option("--who", help="Who searches (default: the account's name).")] = "",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Run every strategy whole again, fetch what is new or changed, and tell what happened since.

    New and vanished records, known items that are not found, records that changed since they were screened; retractions,
    corrections, expressions of concern and published preprints of what is included or still in play.

    Example: review refresh --project my-review
    """
    import os
    from functools import partial

    from review.search.refresh import RefreshReport
    from review.search.refresh import refresh_strategy
    from review.search.sources.registry import open_source
    from review.watch import place_records
    from review.workspace import open_review

    before = options.open_project(project)
    strategies, findings = choose_strategies(before.layout, sources or [], quiet=quiet)
    standing = place_records(before)

    def ask(strategy: Strategy, bar: Bar) -> StrategyRefresh:
        source = open_source(strategy.source, os.environ, contact=before.protocol.contact, notify=bar.remark)
        name = options.name_person(who)
        queries = before.layout.queries
        return refresh_strategy(source, strategy, queries, standing, who=name, anyway=anyway, progress=bar.advance)

    refreshed: list[StrategyRefresh] = []
    asked = Round(quiet=quiet)
    for strategy in strategies:
        item = asked.ask(strategy.source, partial(ask, strategy))
        if item is None:
            continue
        refreshed.append(item)
        asked.runs.append(item.to_json())
        if not as_json:
            _print_refresh(item)
    report = RefreshReport(tuple(refreshed))
    findings += report.findings
    after = open_review(before.layout)
    new_references = list_new_references(before, after)
    if as_json:
        document = report.to_json()
        document["runs"] = asked.runs
        document["new_references"] = new_references
        document["unscreened"] = len(after.progress.unscreened)
        document["findings"] = [finding.to_json() for finding in findings]
        output.print_json(document)
    else:
        waiting = f"{len(after.progress.unscreened):,} references wait for screening"
        output.print_result(f"{len(new_references):,} new references after joining duplicates; {waiting}")
    asked.finish(findings)


def list_new_references(before: Review, after: Review) -> list[RecordId]:
    """Return the references of which no record was held before."""
    held = {entry.record.id for entry in before.entries}
    return [group.representative for group in after.grouping.groups if held.isdisjoint(group.members)]


def _print_refresh(item: StrategyRefresh) -> None:
    print_outcome(item.outcome)
    if item.outcome.hits is None:
        return
    since = f"since {item.previous}" if item.previous else "no earlier run"
    counts = (
        f"{len(item.new):,} new, {item.seen:,} seen, {len(item.vanished):,} vanished, {len(item.changes):,} changed"
    )
    output.print_result(f"  {since}: {counts}")
    for title, ids in (("new", item.new), ("vanished", item.vanished)):
        if ids:
            output.print_result(f"  {title}: {', '.join(ids[:10])}{' ...' if len(ids) > 10 else ''}")
    for change in item.changes[:10]:
        output.print_result(f"  changed: {change.id} ({', '.join(change.fields)})")
