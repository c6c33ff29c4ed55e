"""`review screen`: the screening page, and the verbs below it.

Each verb below is the function `run` of a module `review.cli.screen_<verb>`, as the verbs of `review` itself are modules of `review.cli`.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Annotated

import typer

import review.cli
from review.cli import options
from review.cli import output

#: The verbs below `review screen` in the order of the work.
ORDER = ("next", "import", "export", "agreement", "evidence", "replay", "simulate")

_PREFIX = "screen_"

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def run(
    context: typer.Context,
    by: Annotated[str, typer.Option("--by", help="Who screens (default: REVIEW_WHO or the account).")] = "",
    machine: Annotated[
        str,
        typer.Option("--machine", help="This machine's name, for who screens on several: each keeps a log of its own."),
    ] = "",
    model: Annotated[
        str,
        typer.Option(
            "--rank", help="Show the likeliest first, by this model (`presumed-1`), instead of the order of the runs."
        ),
    ] = "",
    port: Annotated[int, typer.Option("--port", help="The port on 127.0.0.1; 0 takes a free one.", min=0)] = 0,
    pdfs: options.Pdfs = None,
    no_browser: options.NoBrowser = False,
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Screen titles, abstracts and full texts in the browser; every decision is a row of a plain log.

    Example: review screen --by screener-1
    """
    if context.invoked_subcommand is not None:
        return
    from review.web.sitting import serve_screening

    layout = options.find_layout(project)
    output.tell("Reading the records ...", quiet=quiet)

    serve_screening(
        layout,
        options.name_person(by),
        machine=machine,
        model=model,
        port=port,
        pdfs=pdfs,
        opens_browser=not no_browser,
        announce=output.make_announcer(as_json=as_json, quiet=quiet),
    )


def _add_verbs() -> None:
    modules = {
        info.name.removeprefix(_PREFIX).rstrip("_"): info.name for info in pkgutil.iter_modules(review.cli.__path__)
    }
    for verb in ORDER:
        if verb in modules and modules[verb].startswith(_PREFIX):
            app.command(verb)(importlib.import_module(f"review.cli.{modules[verb]}").run)


_add_verbs()
