"""`review extract export`: cases as CSV or as an Excel workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from review.cli import options
from review.cli import output


def run(
    studies: Annotated[
        list[str] | None, typer.Argument(help="The studies (default: all).", metavar="[STUDY]...")
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option(
            "--output", help="Write here instead of to the terminal; a workbook if it ends in .xlsx.", metavar="FILE"
        ),
    ] = None,
    long: Annotated[
        bool,
        typer.Option("--long", help="One row per value, for R; with --output its dictionary is written beside it."),
    ] = False,
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the cases as a table: one row per case, each value with its source; `--long` for R.

    Example: review extract export --output cases.xlsx
    """
    from review.errors import UsageError
    from review.extraction.table import render_dictionary
    from review.extraction.table import render_long
    from review.extraction.table import render_wide
    from review.extraction.workbook import render_workbook
    from review.reporting.package import pack_again

    review = options.open_project(project)
    unknown = [name for name in studies or () if name not in review.studies]
    if unknown:
        raise UsageError(
            f"there is no sheet of {', '.join(unknown)}; sheets: {', '.join(review.studies) or 'none yet'}"
        )
    chosen = [study for name, study in review.studies.items() if not studies or name in studies]
    is_workbook = target is not None and target.suffix.lower() == ".xlsx"
    if is_workbook and long:
        raise UsageError("the long table is for R; name a .csv file")
    if is_workbook:
        data = pack_again(render_workbook(chosen, review.protocol))
    else:
        data = (render_long if long else render_wide)(chosen, review.protocol).encode()
    written = [str(target)] if target else []
    if target is not None or not as_json:
        output.write_result(target, data)
    if long and target is not None:
        beside = target.with_name(f"{target.stem}-dictionary.csv")
        output.write_result(beside, render_dictionary(review.protocol).encode())
        written.append(str(beside))
    cases = sum(len(study.cases) for study in chosen)
    if as_json:
        output.print_json({"studies": len(chosen), "cases": cases, "files": written})
    output.tell(f"{cases} cases of {len(chosen)} studies", quiet=quiet or as_json)
