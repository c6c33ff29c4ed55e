"""`review serve`: the pages of a review at one address."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from review.cli import options
from review.cli import output


def run(
    who: Annotated[
        str, typer.Option("--who", help="Who screens and extracts; without a name there is no screening page.")
    ] = "",
    port: Annotated[
        int, typer.Option("--port", help="The port on 127.0.0.1; 0 takes the folder's own, else a free one.", min=0)
    ] = 0,
    pdfs: Annotated[
        Path | None, typer.Option("--pdfs", help="The folder with full texts (default: pdfs/ in the review's folder).")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, do not open it.")] = False,
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Open the dashboard in the browser: where the review stands, what waits, findings, forms, screening and the report.

    Example: review serve --who screener-1
    """
    from review.web.sitting import serve_review

    layout = options.find_layout(project)

    def announce(address: str) -> None:
        if as_json:
            output.print_json({"address": address})
        else:
            output.print_result(address)
        output.tell("Open this address in a browser; Ctrl-C ends.", quiet=quiet)

    serve_review(layout, who, port=port, pdfs=pdfs, opens_browser=not no_browser, announce=announce)
