"""`review extract`: the verbs around the sheets of studies.

Each verb below is the function `run` of a module `review.cli.extract_<verb>`, as the verbs of `review` itself are modules of `review.cli`.
"""

from __future__ import annotations

import importlib
import pkgutil

import typer

import review.cli

#: The verbs below `review extract` in the order of the work.
ORDER = ("new", "form", "check", "compare", "describe", "schema", "export", "import")

_PREFIX = "extract_"

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def run() -> None:
    """Write, check and compare the sheets of studies.

    Example: review extract new smith-2014 --record pubmed:24000000
    """


def _add_verbs() -> None:
    modules = {
        info.name.removeprefix(_PREFIX).rstrip("_"): info.name
        for info in pkgutil.iter_modules(review.cli.__path__)
        if info.name.startswith(_PREFIX)
    }
    for verb in ORDER:
        if verb in modules:
            app.command(verb)(importlib.import_module(f"review.cli.{modules[verb]}").run)


_add_verbs()
