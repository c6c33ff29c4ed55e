"""`review extract form`: a sheet as a form in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from review.cli import options
from review.cli import output


def run(
    study: Annotated[str, typer.Argument(help="The study, whose sheet `review extract new` has written.")],
    who: Annotated[str, typer.Option("--who", help="Who extracts (default: REVIEW_WHO or the account).")] = "",
    second: Annotated[bool, typer.Option("--second", help="The second extractor's sheet.")] = False,
    port: Annotated[
        int, typer.Option("--port", help="The port on 127.0.0.1; 0 takes the sheet's own, else a free one.", min=0)
    ] = 0,
    pdfs: options.Pdfs = None,
    no_browser: options.NoBrowser = False,
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Fill a sheet in the browser, with its report at the side and the checks as you type.

    Saving changes the lines of what you changed and nothing else; a file that was changed meanwhile is left as it is.

    Example: review extract form smith-2014
    """
    from review.errors import UsageError
    from review.extraction.template import STUDY_ID
    from review.web.sitting import serve_form

    if not STUDY_ID.fullmatch(study):
        raise UsageError(f"{study!r} cannot be a study's id: small letters, digits, hyphens, as in smith-2014")
    layout = options.find_layout(project)
    output.tell("Reading the review ...", quiet=quiet)

    serve_form(
        layout,
        study,
        options.name_person(who),
        is_second=second,
        port=port,
        pdfs=pdfs,
        opens_browser=not no_browser,
        announce=output.make_announcer(as_json=as_json, quiet=quiet),
    )
