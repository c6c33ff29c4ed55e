"""`review build`: everything into output/."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from review.manifest import Current
    from review.workspace import Layout


def run(
    final: Annotated[bool, typer.Option("--final", help="Refuse while findings at error level stand.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Make everything anew, even if nothing has changed.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if output/ is not what a build would write.")
    ] = False,
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Write PRISMA counts and diagram, pooled tables, forest plots, values, findings and the report into output/.

    Same inputs give the same bytes. Exit code 1 if a finding at error level stands; what can be built is a draft then.

    Example: review build --final
    """
    from review.manifest import compare_outputs
    from review.manifest import note_current
    from review.manifest import read_current
    from review.manifest import write_outputs
    from review.workspace import open_review

    layout = options.find_layout(project)
    current = None if again or check or final else read_current(layout)
    if current is not None:
        _tell_current(layout, current, as_json=as_json, quiet=quiet)
        return
    # The figures' library takes its time to load, so it waits until something must be made.
    from review.build import build_outputs
    from review.build import refuse_unfinished

    review = open_review(layout)
    built = build_outputs(review)
    if check:
        differing = compare_outputs(review.layout, built.files)
        if as_json:
            output.print_json({"differing": differing})
        else:
            for path in differing:
                output.print_result(f"output/{path} is not what a build would write")
        if differing:
            raise typer.Exit(1)
        output.tell("output/ is up to date", quiet=quiet)
        return
    if final:
        refuse_unfinished(built.results)
    written, removed = write_outputs(review.layout, built.files)
    note_current(review.layout)
    if as_json:
        output.print_json(
            {
                "output": str(review.layout.output),
                "files": list(built.files),
                "written": written,
                "removed": removed,
                "draft": built.results.is_draft,
                "findings": [finding.to_json() for finding in built.results.findings],
            }
        )
    else:
        state = " (draft)" if built.results.is_draft else ""
        output.print_result(
            f"{len(built.files)} files in {review.layout.output}{state}: {len(written)} written, {len(removed)} removed"
        )
        output.print_result(f"open {review.layout.output / 'report.html'}")
    output.tell_findings([f for f in built.results.findings if f.level != "note"], quiet=quiet)
    output.exit_by(built.results.findings)


def _tell_current(layout: Layout, current: Current, *, as_json: bool, quiet: bool) -> None:
    state = " (draft)" if current.is_draft else ""
    if as_json:
        document = {"output": str(layout.output), "files": current.files, "written": [], "removed": []}
        output.print_json({**document, "draft": current.is_draft, "findings": current.findings})
    else:
        output.print_result(f"{len(current.files)} files in {layout.output}{state}: 0 written, 0 removed")
        output.print_result(f"open {layout.output / 'report.html'}")
    errors = sum(finding["level"] == "error" for finding in current.findings)
    if errors:
        output.tell(f"{errors} findings at error level: `review check` lists them", quiet=quiet)
        raise typer.Exit(1)
