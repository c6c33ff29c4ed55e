"""`review extract new`: a sheet from the protocol's template."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from review.model import Record
    from review.model import ReportId
    from review.workspace import Review


def run(
    study: Annotated[str, typer.Argument(help="The study's id, which is its file's name: smith-2014.")],
    record: Annotated[
        list[str] | None,
        typer.Option(
            "--record", help="A report of the study, the main one first (default: the included one of that name)."
        ),
    ] = None,
    cases: Annotated[int, typer.Option("--cases", help="How many patients to prepare.", min=0, max=1000)] = 1,
    second: Annotated[
        bool, typer.Option("--second", help="Write the second extractor's sheet, for `review extract compare`.")
    ] = False,
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a commented sheet for a study, and the schema that editors check it with. Nothing is overwritten.

    Example: review extract new smith-2014 --record pubmed:24000000 --cases 3
    """
    from review.cli.extract_schema import write_schema
    from review.errors import UsageError
    from review.extraction.template import STUDY_ID
    from review.extraction.template import render_template
    from review.files import write_new

    if not STUDY_ID.fullmatch(study):
        raise UsageError(f"{study!r} cannot be a study's id: small letters, digits, hyphens, as in smith-2014")
    review = options.open_project(project)
    layout = review.layout
    folder = layout.second if second else layout.studies
    path = folder / f"{study}.yaml"
    reports = find_reports(review, study, record, second=second)
    text = render_template(review.protocol, study, reports, cases=cases, schema=f"../{layout.sheet_schema.name}")
    try:
        write_new(path, text.encode())
    except FileExistsError as error:
        raise UsageError(f"{layout.show(path)} is there already; nothing was written") from error
    write_schema(layout, review.protocol)
    written = layout.show(path)
    if as_json:
        output.print_json({"path": written, "study": study, "records": [report.id for report in reports]})
    else:
        output.print_result(written)
    output.tell(f"Fill it in, then run `review extract check {study}`.", quiet=quiet)


def find_reports(review: Review, study: str, record: list[str] | None, *, second: bool = False) -> list[Record]:
    """Return the reports that are named, else the one that the study's name stands for.

    Raises:
        UsageError: If no run holds one of them, or the name does not tell.
    """
    return [_look_up(review, name) for name in record] if record else [_guess(review, study, second=second)]


def _look_up(review: Review, name: str) -> Record:
    from review.errors import UsageError
    from review.model import RecordId

    report = review.report_of.get(RecordId(name))
    if report is None:
        raise UsageError(f"no run holds {name}; ids are printed by `review records`")
    return review.references[report]


def _guess(review: Review, study: str, *, second: bool) -> Record:
    """Return the one report that the study's name stands for."""
    from review.errors import UsageError
    from review.extraction.template import suggest_study_id

    first = next((sheet for name, sheet in review.studies.items() if name == study), None)
    if second and first is not None and first.reports:
        return _look_up(review, first.reports[0].record)
    waiting = {report: suggest_study_id(review.references[report]) for report in list_waiting(review)}
    found = [report for report, name in waiting.items() if name == study]
    if len(found) == 1:
        return review.references[found[0]]
    told = "; ".join(f"{report} ({name})" for report, name in list(waiting.items())[:20]) or "none"
    raise UsageError(f"name the report of {study} with --record ID; included and without a sheet: {told}")


def list_waiting(review: Review) -> list[ReportId]:
    """Return the included reports that no sheet extracts."""
    extracted = {
        review.report_of[report.record]
        for sheet in review.studies.values()
        for report in sheet.reports
        if report.record in review.report_of
    }
    return [report for report in review.progress.included if report not in extracted]
