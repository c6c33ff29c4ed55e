"""`review extract import`: a table of cases to a new sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from review.cli import options
from review.cli import output


def run(
    file: Annotated[
        Path, typer.Argument(help="A CSV or an Excel workbook with one row per case.", exists=True, dir_okay=False)
    ],
    study: Annotated[str, typer.Argument(help="The study's id, which becomes its file's name: smith-2014.")],
    record: Annotated[
        list[str] | None,
        typer.Option(
            "--record", help="A report of the study, the main one first (default: the included one of that name)."
        ),
    ] = None,
    sheet: Annotated[
        str, typer.Option("--sheet", help="The sheet of the workbook (default: the one with a column case).")
    ] = "",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Make a new sheet from a table: columns `case`, the case fields, `outcome:NAME`, and beside each `:record`, `:place`, `:words`.

    `review extract export` writes such tables. Nothing is overwritten; what cannot be taken over is told, as is what Excel has changed.

    Example: review extract import table2.xlsx smith-2014 --record pubmed:24000000
    """
    from review.cli.extract_new import find_reports
    from review.cli.extract_schema import write_schema
    from review.errors import UsageError
    from review.extraction.sheet import parse_sheet
    from review.extraction.table import render_cases
    from review.extraction.template import STUDY_ID
    from review.extraction.template import render_template
    from review.extraction.workbook_reading import ENDINGS
    from review.extraction.workbook_reading import OTHER_ENDINGS
    from review.extraction.workbook_reading import read_workbook
    from review.files import write_new
    from review.findings import sort_findings
    from review.marked import parse_marked
    from review.rows import read_rows

    if not STUDY_ID.fullmatch(study):
        raise UsageError(f"{study!r} cannot be a study's id: small letters, digits, hyphens, as in smith-2014")
    review = options.open_project(project)
    layout = review.layout
    path = layout.studies / f"{study}.yaml"
    if file.suffix.lower() in (*ENDINGS, *OTHER_ENDINGS):
        rows = read_workbook(file, str(file), review.protocol, sheet)
    elif sheet:
        raise UsageError(f"--sheet is for workbooks; {file} is none")
    else:
        rows = read_rows(file, str(file), ("case",))
    cases, count, findings = render_cases(rows, review.protocol, study)
    if not count:
        output.tell_findings(findings, quiet=quiet)
        raise UsageError(f"{file} has no case of {study}; nothing was written")
    reports = find_reports(review, study, record)
    head = render_template(review.protocol, study, reports, cases=0, schema=f"../{layout.sheet_schema.name}")
    text = head.replace("\n# Totals as reported", f"\n{cases}\n# Totals as reported", 1)
    try:
        write_new(path, text.encode())
    except FileExistsError as error:
        raise UsageError(f"{layout.show(path)} is there already; nothing was written") from error
    write_schema(layout, review.protocol)
    _, told = parse_sheet(parse_marked(text, layout.show(path)), review.protocol)
    findings = sort_findings([*findings, *told])
    if as_json:
        output.print_json(
            {"path": layout.show(path), "cases": count, "findings": [finding.to_json() for finding in findings]}
        )
    else:
        output.print_result(f"{layout.show(path)}: {count} cases")
    output.tell_findings(findings, quiet=quiet or as_json)
    output.exit_by(findings)
