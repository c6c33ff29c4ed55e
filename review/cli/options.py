"""Options that every verb has, and how a verb opens the review that it works on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

if TYPE_CHECKING:
    from review.workspace import Layout
    from review.workspace import Review

Project = Annotated[
    Path | None,
    typer.Option(
        "--project", help="The review's folder (default: the nearest parent with protocol.yaml).", metavar="DIR"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print results only, no progress and no remarks.")]

Pdfs = Annotated[
    Path | None, typer.Option("--pdfs", help="The folder with full texts (default: pdfs/ in the review's folder).")
]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Print the address, do not open it.")]


def find_layout(project: Path | None) -> Layout:
    """Find the review's folder.

    Raises:
        ProjectError: If the folder (or, without one, no parent of the current folder) has a protocol.yaml.
    """
    from review.errors import ProjectError
    from review.workspace import Layout
    from review.workspace import find_project

    if project is None:
        return find_project(Path())
    if not (project / "protocol.yaml").is_file():
        what = "has no protocol.yaml" if project.is_dir() else "is not a folder"
        raise ProjectError(f"{project}: {what}; make a review there with `review init {project}`")
    return Layout(project.resolve())


def open_project(project: Path | None) -> Review:
    """Open the review; see `find_layout` for the error."""
    from review.workspace import open_review

    return open_review(find_layout(project))


def name_person(given: str) -> str:
    """Return who rules or decides: the name given, else the account's name."""
    return given or os.environ.get("REVIEW_WHO", "") or os.environ.get("USER", "") or "unknown"
