"""`review fill`: the review's numbers into a manuscript."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output
from review.numerals import count_noun

if TYPE_CHECKING:
    from review.reporting.fill.filling import Filling


def run(
    file: Annotated[Path, typer.Argument(help="A manuscript: docx, md, qmd, Rmd, tex.", exists=True, dir_okay=False)],
    target: Annotated[
        Path | None,
        typer.Option("--output", help="Write here (default: NAME-filled beside the manuscript).", metavar="FILE"),
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write over the manuscript itself.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over a file that is there already.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 if a place does not say what the review gives.")
    ] = False,
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Fill a manuscript with values of the review by their keys, and fill it again when they have moved.

    In Word a key stands in a placeholder {{pool.A.together}}, the tag of a content control (review:pool.A.together.percent) or a field (DOCVARIABLE
    pool.A.together); in Markdown and LaTeX in a placeholder or between marks. With an unknown key nothing is written. Exit code 1 then.

    Example: review fill manuscript.docx --in-place
    """
    from review.errors import UsageError
    from review.findings import count_errors
    from review.reporting.fill.manuscript import fill_manuscript
    from review.reporting.fill.manuscript import find_lock
    from review.reporting.fill.manuscript import write_manuscript
    from review.reporting.fill.printed import Printed
    from review.results import compute_results

    if in_place and target is not None:
        raise UsageError("--in-place and --output exclude each other")
    place = file if in_place else target or file.with_name(f"{file.stem}-filled{file.suffix}")
    if not in_place and place.resolve() == file.resolve():
        raise UsageError(f"{place} is the manuscript itself; say --in-place to write over it")
    if not (check or in_place or overwrite) and place.exists():
        raise UsageError(f"{place} is there already; say --overwrite, or name another file with --output")
    printed = Printed(compute_results(options.open_project(project)).values)
    lock = find_lock(file)
    if lock is not None:
        output.tell(f"{file} is open in a program ({lock.name}); what is not saved yet is not seen", quiet=quiet)
    filled = fill_manuscript(file, str(file), printed)
    filling = filled.filling
    is_written = not check and not count_errors(filling.findings)
    if is_written:
        write_manuscript(filled, place, overwrite=overwrite)
    findings = [*filling.findings, *(filling.list_stale() if check else ())]
    if as_json:
        output.print_json(
            {
                "file": str(file),
                "output": str(place) if is_written else None,
                "places": [item.to_json() for item in filling.places],
                "changed": sum(item.is_changed for item in filling.places),
                "unused": filling.list_unused(),
                "findings": [finding.to_json() for finding in findings],
            }
        )
    else:
        _print_places(filling, str(place) if is_written else "")
    output.tell_findings(findings, quiet=quiet or as_json)
    output.exit_by(findings)


def _print_places(filling: Filling, written: str) -> None:
    """Print what changed; where something stood against it, nothing did."""
    changed = [item for item in filling.places if item.is_changed]
    if written:
        for item in changed:
            output.print_result(f"{item.place}: {item.key}: {f'{item.old} -> ' if item.old else ''}{item.new}")
    summary = f"{count_noun(len(filling.places), 'place')}, {len(changed)} {'changed' if written else 'to change'}"
    summary += f"; {count_noun(len(filling.list_unused()), 'value')} of the review not used"
    output.print_result(f"{written or 'nothing written'}: {summary}")
