"""`review import`: adopt an exported file as a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from review.cli import options
from review.cli import output


def run(
    file: Annotated[
        Path, typer.Argument(help="The file that a database or tool exported.", exists=True, dir_okay=False)
    ],
    source: Annotated[str, typer.Option("--source", help="Short name of where it comes from: embase, scopus, ...")],
    date: Annotated[
        str, typer.Option("--date", help="When the export was made (default: now).", metavar="2026-11-24")
    ] = "",
    format: Annotated[  # noqa: A002 (the option's name)
        str, typer.Option("--format", help="The file's format, where its content does not tell it.")
    ] = "",
    lane: Annotated[
        str, typer.Option("--lane", help="database, register, website, organisation or citation (PRISMA 2020).")
    ] = "",
    platform: Annotated[str, typer.Option("--platform", help="How readers know the source: Embase (Ovid).")] = "",
    hits: Annotated[int | None, typer.Option("--hits", help="How many hits the source reported.", min=0)] = None,
    who: Annotated[str, typer.Option("--who", help="Who made the export.")] = "",
    note: Annotated[str, typer.Option("--note", help="Anything else that a reader should know.")] = "",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Keep an exported file, byte for byte, as a run of its source.

    The strategy file of the source (queries/SOURCE.yaml) tells what the options do not.

    Example: review import embase.ris --source embase --date 2026-11-20 --hits 412
    """
    from datetime import UTC
    from datetime import datetime

    from review.errors import UsageError
    from review.search.adopt import ExportNote
    from review.search.adopt import adopt_export
    from review.search.strategy import LANES
    from review.workspace import open_review

    if lane and lane not in LANES:
        raise UsageError(f"there is no lane {lane!r}; PRISMA 2020 has {', '.join(LANES)}")
    before = options.open_project(project)
    export = ExportNote(source, date, format or None, lane or None, platform, hits, who, note)  # type: ignore[arg-type]
    adoption = adopt_export(
        file,
        export,
        queries_dir=before.layout.queries,
        runs=[loaded.run for loaded in before.runs],
        strategies=before.strategies,
        now=datetime.now(UTC),
    )
    after = open_review(before.layout)
    new = len(after.grouping.groups) - len(before.grouping.groups)
    parsed = adoption.parsed
    if as_json:
        run_document = {
            "source": adoption.run.source,
            "run": adoption.run.id,
            "hits": adoption.run.hits,
            "retrieved": adoption.run.retrieved,
            "read": parsed.read,
            "new": new,
            "missing": [],
            "refused": [{"line": refusal.line, "reason": refusal.reason} for refusal in parsed.refused],
            "format": parsed.format,
            "translation": "",
            "findings": [finding.to_json() for finding in adoption.findings],
        }
        output.print_json({"runs": [run_document]})
    else:
        counts = f"{parsed.read} entries read, {parsed.kept} kept, {len(parsed.refused)} refused ({parsed.format})"
        output.print_result(f"{adoption.run.id}: {counts}")
        output.print_result(f"{new} new references; {len(after.grouping.groups)} in all")
    output.tell_findings(adoption.findings, quiet=quiet)
    output.exit_by(adoption.findings)
