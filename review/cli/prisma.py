"""`review prisma`: the numbers of the flow diagram and the records behind them."""

from __future__ import annotations

from typing import Annotated

import typer

from review.cli import options
from review.cli import output
from review.cli.figure_file import Dpi
from review.cli.figure_file import FigureChoice
from review.cli.figure_file import FigureFile
from review.cli.figure_file import ForJournal
from review.cli.figure_file import Width
from review.cli.figure_file import save_figure
from review.cli.prisma_explain import explain_box


def run(
    explain: Annotated[
        str,
        typer.Option("--explain", help="List what is behind a number, or a part of it: dbr_excluded.2.", metavar="BOX"),
    ] = "",
    figure: FigureFile = None,
    width: Width = "",
    dpi: Dpi = 600,
    journal: ForJournal = "general",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Count the PRISMA 2020 flow diagram; exit code 1 if its numbers do not add up.

    Example: review prisma --explain records_screened

    Example: review prisma --figure flow.tiff --width 2-columns --dpi 600
    """
    from review.reporting.prisma import choose_template
    from review.reporting.prisma import describe_key
    from review.reporting.prisma_export import export_json
    from review.results import compute_results

    review = options.open_project(project)
    results = compute_results(review)
    if explain:
        explain_box(explain, review, results.boxes, as_json=as_json, quiet=quiet)
        return
    findings = [finding for finding in results.findings if finding.code.startswith("PRISMA")]
    if figure is not None:
        from review.reporting.flow import draw_flow
        from review.reporting.gallery import choose_flow

        shown = choose_flow(review.protocol)
        choice = FigureChoice(figure, width, dpi, journal)
        findings += save_figure(
            lambda points: draw_flow(results.boxes, options=shown, draft=results.is_draft, width=points),
            choice,
            quiet=quiet,
        )
        if not as_json:
            output.tell_findings(findings, quiet=quiet)
            output.exit_by(findings)
            return
    if as_json:
        output.print_json(export_json(results.boxes, findings))
    else:
        template = choose_template(results.boxes)
        rows: list[tuple[str, str, str, str]] = []
        for box in results.boxes:
            rows.append((box.key, f"{box.n:,}", box.unit, describe_key(box.key, template).strip(" :*")))
            rows += [("", f"{line.n:,}", "", f"  {line.label}") for line in box.lines]
        output.print_columns(rows, right=(1,))
        output.tell(
            "draft: the review is unfinished, or a number would be wrong" if results.is_draft else "",
            quiet=quiet or not results.is_draft,
        )
    output.tell_findings(findings, quiet=quiet)
    output.exit_by(findings)
