"""`review cite`: citation chasing from the included reports."""

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
    from review.search.citations import Direction
    from review.search.citations import Seed
    from review.search.execution import RunOutcome
    from review.workspace import Review


def run(
    forward: Annotated[
        bool, typer.Option("--forward", help="Follow the works that cite the included reports.")
    ] = False,
    backward: Annotated[bool, typer.Option("--backward", help="Follow the works that they cite.")] = False,
    services: Annotated[
        list[str] | None,
        typer.Option("--service", help="Where to follow: europepmc, openalex, pubmed (default: all).", metavar="NAME"),
    ] = None,
    who: Annotated[str, typer.Option("--who", help="Who searches (default: the account's name).")] = "",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Search for what cites the included reports and what they cite; without an option, both.

    Each service gives a run of its own, which PRISMA counts as citation searching. Links are incomplete everywhere, so that more than one
    service is asked. An interrupted run goes on where it stopped.

    Example: review cite --backward --service openalex
    """
    import os
    from functools import partial

    from review.search.citations import SERVICES
    from review.search.citations import open_chaser
    from review.search.citations import run_citations

    review = options.open_project(project)
    seeds = find_seeds(review)
    directions = choose_directions(forward=forward, backward=backward)
    held = {entry.record.id for entry in review.entries}

    def ask(name: str, bar: Bar) -> RunOutcome:
        return run_citations(
            open_chaser(name, os.environ, contact=review.protocol.contact, notify=bar.remark),
            seeds,
            directions,
            review.layout.queries,
            who=options.name_person(who),
            held=held,
            progress=bar.advance,
        )

    findings: list[Finding] = []
    asked = Round(quiet=quiet)
    for name in services or sorted(SERVICES):
        outcome = asked.ask(f"{name}-citations", partial(ask, name), shown_as=f"citations, {name}")
        if outcome is None:
            continue
        findings += outcome.findings
        asked.runs.append(outcome.to_json())
        if not as_json:
            print_outcome(outcome)
    if as_json:
        output.print_json({"seeds": [seed.id for seed in seeds], "directions": directions, "runs": asked.runs})
    asked.finish(findings)


def find_seeds(review: Review) -> list[Seed]:
    """Return the included reports as seeds.

    Raises:
        UsageError: If nothing is included yet.
    """
    from review.errors import UsageError
    from review.search.citations import list_seeds

    included = [review.references[report] for report in review.progress.included if report in review.references]
    if not included:
        raise UsageError("no report is included at full text yet, so there is nothing to follow citations from")
    return list_seeds(included)


def choose_directions(*, forward: bool, backward: bool) -> list[Direction]:
    """Return the directions asked for; without a choice, both."""
    directions: list[Direction] = []
    if forward or not backward:
        directions.append("forward")
    if backward or not forward:
        directions.append("backward")
    return directions


def print_outcome(outcome: RunOutcome) -> None:
    """Print one run as text."""
    counts = f"{outcome.hits:,} linked records, {outcome.retrieved:,} retrieved, {outcome.new:,} new"
    output.print_result(f"{outcome.source}: {counts}  ({outcome.run.id if outcome.run else ''})")
    for line in outcome.lines:
        output.print_result(f"  {line.hits:>7,}  {line.query}")
