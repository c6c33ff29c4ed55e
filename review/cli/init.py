"""`review init`: a new review folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from review.cli import options
from review.cli import output


def run(
    folder: Annotated[Path, typer.Argument(help="The folder to make.", metavar="DIR")],
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Make a review folder with a commented protocol, a strategy, an example sheet and .gitattributes. Never overwrites.

    Example: review init my-review
    """
    from review.scaffold.folder import create_folder

    made, kept = create_folder(folder)
    if as_json:
        output.print_json({"folder": str(folder), "made": made, "kept": kept})
        return
    for name in made:
        output.print_result(f"{folder / name}")
    for name in kept:
        output.tell(f"{folder / name} was there already and stays as it is", quiet=quiet)
    output.tell(
        f"Next: edit {folder / 'protocol.yaml'}, then `review import FILE --source NAME --project {folder}`.",
        quiet=quiet,
    )
