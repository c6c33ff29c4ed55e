"""The command `review`: finds the verbs, runs one, and turns errors into messages and exit codes.

A verb is a function `run` in its module of `review.cli` (or a typer app `app`, for a verb with verbs below it). The modules are light: what
is heavy is imported inside the functions.
"""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import sys
from typing import Annotated
from typing import Any

import typer
import typer.core

import review.cli
from review import __version__
from review.errors import ReviewError

#: The verbs in the order of the work; each is a module of `review.cli` (with an underscore where Python needs one).
ORDER = (
    "init",
    "search",
    "refresh",
    "import",
    "cite",
    "links",
    "convert",
    "records",
    "dedup",
    "screen",
    "extract",
    "status",
    "check",
    "prisma",
    "pool",
    "claims",
    "fill",
    "trace",
    "build",
    "serve",
)

_HELP = """Systematic reviews as folders of plain text: search, deduplicate, screen, extract, pool and report,
with every published number traceable to its patients, decisions and search hits.

Start with `review init DIR`, or `review status` inside a review folder."""

_EPILOG = "Exit codes: 0 clean; 1 findings at error level; 2 bad usage or unreadable input; 3 a service failed; 130 interrupted."


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"review {__version__}")
        raise typer.Exit


class _Ordered(typer.core.TyperGroup):
    """Lists the verbs in the order of the work, whether or not there are verbs below them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in order."""
        return sorted(super().list_commands(ctx), key=ORDER.index)


def make_app() -> typer.Typer:
    """Build the command with every verb that this version has."""
    app = typer.Typer(
        name="review",
        help=_HELP,
        epilog=_EPILOG,
        no_args_is_help=True,
        cls=_Ordered,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )

    @app.callback()
    def root(
        version: Annotated[
            bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
        ] = False,
    ) -> None:
        del version

    modules = {info.name.rstrip("_"): info.name for info in pkgutil.iter_modules(review.cli.__path__)}
    for verb in ORDER:
        if verb not in modules:
            continue
        module = importlib.import_module(f"review.cli.{modules[verb]}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=verb)
        else:
            app.command(verb)(module.run)
    return app


def main() -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        # Titles hold every script; a terminal that cannot show a letter gets a substitute instead of a crash.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    # Nearly all that a command makes lives until its end: looking for garbage so often takes a sixth of the time.
    gc.set_threshold(50_000, 20, 20)
    try:
        make_app()(standalone_mode=True)
    except ReviewError as error:
        sys.stdout.flush()
        typer.echo(f"review: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader (head, less) has gone; nothing that is written now can reach anyone.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        typer.echo(f"review: {error.filename or 'a file'}: {error.strerror or error}", err=True)
        sys.exit(2)
