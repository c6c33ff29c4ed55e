"""`review screen export`: decisions for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from review.model import Decision
    from review.model import ReportId
    from review.model import Stage
    from review.workspace import Review


def run(
    by: Annotated[str, typer.Option("--by", help="Whose decisions (default: what all agree on or was settled).")] = "",
    stage: Annotated[str, typer.Option("--stage", help="title-abstract, retrieval or full-text.")] = "title-abstract",
    format: Annotated[  # noqa: A002 (the option's name)
        str, typer.Option("--format", help="csv (ASReview, spreadsheets) or ris (labels in the notes).")
    ] = "csv",
    file: Annotated[Path | None, typer.Option("--output", help="Write to this file instead of the terminal.")] = None,
    project: options.Project = None,
    quiet: options.Quiet = False,
) -> None:
    """Write all references with their decisions, for ASReview, Rayyan, Covidence, a reference manager or a spreadsheet.

    Example: review screen export --by screener-1 --output screened.csv
    """
    from review.errors import UsageError
    from review.protocol import STAGES
    from review.screening.exchange.writing import Labelled
    from review.screening.exchange.writing import render_labelled

    if stage not in STAGES:
        raise UsageError(f"there is no stage {stage!r}; stages: {', '.join(STAGES)}")
    review = options.open_project(project)
    decisions = _choose(review, stage, by)
    if by and not decisions:
        raise UsageError(f"{by} has decided on nothing at {stage}")
    reports = dict.fromkeys(review.report_of[entry.record.id] for entry in review.entries)
    items = [Labelled(report, review.records[report], decisions.get(report)) for report in reports]
    output.write_result(file, render_labelled(items, format))
    output.tell(f"{len(decisions):,} of {len(items):,} references have a decision", quiet=quiet)


def _choose(review: Review, stage: Stage, by: str) -> dict[ReportId, Decision]:
    from review.model import Decision

    if by:
        return {
            report: vote
            for vote in review.votes
            if vote.by == by and vote.stage == stage and (report := review.report_of.get(vote.record)) is not None
        }
    chosen = {}
    for report in set(review.report_of.values()):
        standing = review.consensus.at(report, stage)
        if standing.state in {"include", "exclude", "unsure"}:
            last = standing.votes[-1]
            people = " ".join(dict.fromkeys(vote.by for vote in standing.votes))
            chosen[report] = Decision(people, last.time, stage, report, standing.state, standing.reason, last.note)
    return chosen
