"""`review claims`: the numbers in a manuscript."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.model import Value


def run(
    files: Annotated[
        list[Path], typer.Argument(help="Manuscripts: md, txt, html, docx, tex, pdf.", exists=True, dir_okay=False)
    ],
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Check the proportions in a manuscript against arithmetic, and against the review where there is one.

    A claim followed by <!-- claim: KEY --> must equal that value of values.json; <!-- claim: ignore, WHY --> silences one.
    Exit code 1 if a claim is wrong or stale.

    Example: review claims manuscript.docx
    """
    from review.reporting.claims.check import Tally
    from review.reporting.claims.check import check_manuscript
    from review.reporting.claims.documents import read_manuscript

    values = _list_values(project)
    judged = [item for path in files for item in check_manuscript(read_manuscript(path, str(path)), values)]
    tally = Tally(tuple(judged))
    if as_json:
        output.print_json(tally.to_json())
    else:
        for outcome in ("wrong", "stale"):
            for item in tally.select(outcome):
                verdict = item.verdict
                output.print_result(
                    f'{item.file}:{item.line}:{item.column}: {verdict.code} {outcome}: "{item.text}"; expected {verdict.expected}'
                )
        for item in tally.select("unverifiable"):
            output.tell(
                f'{item.file}:{item.line}:{item.column}: not verifiable: "{item.text}" (no total, or not in the review)',
                quiet=quiet,
            )
        counts = [
            f"{len(tally.select(outcome))} {outcome}" for outcome in ("verified", "wrong", "stale", "unverifiable")
        ]
        output.print_result(f"{len(judged)} claims recognised: {', '.join(counts)}")
    if tally.select("wrong") or tally.select("stale"):
        raise typer.Exit(1)


def _list_values(project: Path | None) -> Sequence[Value]:
    """Return the numbers of the review, none where the command is run outside of one."""
    from review.errors import ProjectError
    from review.results import compute_results

    try:
        review = options.open_project(project)
    except ProjectError:
        if project is not None:
            raise
        return ()
    return compute_results(review).values
