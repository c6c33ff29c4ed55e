"""`review serve`: the pages of a review at one address."""

from __future__ import annotations

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
    pdfs: options.Pdfs = None,
    no_browser: options.NoBrowser = False,
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Open the dashboard in the browser: where the review stands, what waits, findings, forms, screening and the report.

    Example: review serve --who screener-1
    """
    from review.web.sitting import serve_review

    layout = options.find_layout(project)

    serve_review(
        layout,
        who,
        port=port,
        pdfs=pdfs,
        opens_browser=not no_browser,
        announce=output.make_announcer(as_json=as_json, quiet=quiet),
    )
