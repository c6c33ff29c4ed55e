"""Make a review folder: a protocol, a strategy, an example sheet, settings for git."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from review.errors import UsageError
from review.files import write_new

#: Files of a new folder, by the name they get there.
FILES = {
    "protocol.yaml": "protocol.yaml",
    "queries/pubmed.yaml": "queries/pubmed.yaml",
    "extraction/example-sheet.yaml": "extraction/example-sheet.yaml",
    ".gitattributes": "gitattributes",
}


def create_folder(target: Path) -> tuple[list[str], list[str]]:
    """Make a review folder; files that are there already stay as they are.

    Returns:
        The files made, and those left as they were, relative to the folder.

    Raises:
        UsageError: If there is a review already, or the name is taken by a file.
    """
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file; name a folder that is new or empty")
    if (target / "protocol.yaml").exists():
        raise UsageError(f"{target} is a review already (it has a protocol.yaml); nothing was written")
    source = importlib.resources.files("review.scaffold") / "files"
    made, kept = [], []
    for name, template in FILES.items():
        try:
            write_new(target / name, (source / template).read_bytes())
        except FileExistsError:
            kept.append(name)
        else:
            made.append(name)
    for folder in ("queries/runs", "extraction/screening", "extraction/studies"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    return made, kept
