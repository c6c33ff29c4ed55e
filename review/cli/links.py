"""`review links`: where the full texts of reports can be had for free."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from review.model import Record
    from review.search.sources.unpaywall import FullText
    from review.workspace import Review

STAGES = ("unretrieved", "sought", "included")


def run(
    stage: Annotated[
        str,
        typer.Option("--stage", help="Of which reports: unretrieved (sought, not at hand yet), sought or included."),
    ] = "unretrieved",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Ask Unpaywall where the reports that are sought can be read for free.

    Nothing is downloaded or stored, and no count changes.

    Example: review links --stage included
    """
    import os

    from review.errors import SourceError
    from review.search.settings import read_settings
    from review.search.sources.unpaywall import open_unpaywall

    review = options.open_project(project)
    reports = choose_reports(review, stage)
    settings = read_settings(os.environ, "unpaywall", review.protocol.contact)
    service = open_unpaywall(settings, lambda text: output.tell(text, quiet=quiet))
    rows: list[dict[str, object]] = []
    failure: SourceError | None = None
    for record in reports:
        found: FullText | None = None
        if record.doi and failure is None:
            try:
                found = service.find(record.doi)
            except SourceError as error:
                # What one question could not be told, the next will not be either; the reports are listed without it.
                failure = error
                output.tell(f"review: {error}")
        rows.append(describe(record, found))
        if not as_json and failure is None:
            output.print_result(write_line(record, found))
    if as_json:
        output.print_json(rows)
    if failure is not None:
        raise typer.Exit(failure.exit_code)


def choose_reports(review: Review, stage: str) -> list[Record]:
    """Return the reports of a stage, in the order of the runs.

    Raises:
        UsageError: If there is no such stage.
    """
    from review.errors import UsageError

    if stage not in STAGES:
        raise UsageError(f"there is no stage {stage!r}; stages: {', '.join(STAGES)}")
    return [review.references[report] for report in getattr(review.progress, stage) if report in review.references]


def describe(record: Record, found: FullText | None) -> dict[str, object]:
    """Return the JSON entry of a report; `known` is None where the service was not asked, or could not say."""
    entry: dict[str, object] = {"id": record.id, "title": record.title, "pmcid": record.pmcid or None}
    if found is None:
        return {**entry, "doi": record.doi or None, "known": None, "status": None, "url": None, "pdf": None}
    return {**entry, "known": bool(found.status), **found.to_json()}


def write_line(record: Record, found: FullText | None) -> str:
    """Return the line of a report: its status and the best address; Europe PMC's copy where there is one."""
    place = found.copies[0].pdf or found.copies[0].url if found and found.copies else ""
    if not place and record.pmcid:
        place = f"https://europepmc.org/articles/{record.pmcid}"
    status = "no DOI" if found is None else found.status or "unknown"
    return f"{status:8} {record.id}  {place or 'no free copy known'}"
