"""`review records`: list or export references."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output
from review.numerals import count_noun

if TYPE_CHECKING:
    from review.model import Record
    from review.model import RecordId
    from review.workspace import Review

STAGES = ("all", "screened", "sought", "included", "excluded")


def run(
    stage: Annotated[str, typer.Option("--stage", help=f"Which references: {', '.join(STAGES)}.")] = "all",
    format: Annotated[  # noqa: A002 (the option's name)
        str, typer.Option("--format", help="json, csv, ris, bibtex, nbib, endnote-xml or csl-json; without it, a list.")
    ] = "",
    file: Annotated[Path | None, typer.Option("--output", help="Write to this file instead of the terminal.")] = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """List or export the references (one per report, duplicates joined).

    Example: review records --stage included --format ris --output included.ris
    """
    from review.errors import UsageError
    from review.formats.export import render_records

    if stage not in STAGES:
        raise UsageError(f"there is no stage {stage!r}; stages: {', '.join(STAGES)}")
    review = options.open_project(project)
    chosen = list_references(review, stage)
    if as_json or format == "json":
        output.write_result(file, output.format_json([describe(review, record) for record in chosen]))
    elif format:
        output.write_result(file, render_records(chosen, format))
    else:
        _print_list(chosen)
        output.tell(count_noun(len(chosen), "reference"), quiet=quiet)


def list_references(review: Review, stage: str) -> list[Record]:
    """Return the references of a stage, in the order of the runs."""
    progress = review.progress
    wanted: dict[str, Sequence[RecordId]] = {
        "screened": progress.screened,
        "sought": progress.sought,
        "included": progress.included,
        "excluded": (*progress.excluded, *progress.rejected),
    }
    everything = dict.fromkeys(review.report_of[entry.record.id] for entry in review.entries)
    kept = everything if stage == "all" else {report: None for report in everything if report in set(wanted[stage])}
    return [review.references[report] for report in kept]


def describe(review: Review, record: Record) -> dict[str, object]:
    """Return the keys that the command line promises for a reference."""
    group = review.grouping.group_of()[record.id]
    sources = dict.fromkeys(entry.source for entry in review.entries if entry.record.id in group.members)
    return {
        "id": record.id,
        "title": record.title,
        "authors": [str(author) for author in record.authors],
        "year": record.year,
        "journal": record.journal,
        "volume": record.volume,
        "issue": record.issue,
        "pages": record.pages,
        "doi": record.doi,
        "pmid": record.pmid,
        "abstract": record.abstract,
        "publication_types": list(record.publication_types),
        "mesh": list(record.mesh),
        "retracted": any(review.records[member].is_retracted for member in group.members),
        "sources": list(sources),
        "members": list(group.members),
    }


def _print_list(records: Sequence[Record]) -> None:
    from review.reporting.listings import describe_record

    for record in records:
        output.print_result(f"{record.id}  {describe_record(record)}")
