"""`review prisma`: the numbers of the flow diagram and the records behind them."""

from __future__ import annotations

from typing import Annotated

import typer

from review.cli import options
from review.cli import output


def run(
    explain: Annotated[str, typer.Option("--explain", help="List the records behind a number.", metavar="BOX")] = "",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Count the PRISMA 2020 flow diagram; exit code 1 if its numbers do not add up.

    Example: review prisma --explain records_screened
    """
    from review.errors import UsageError
    from review.reporting.listings import describe_record
    from review.reporting.prisma import choose_template
    from review.reporting.prisma import describe_key
    from review.reporting.prisma_export import export_json
    from review.results import compute_results

    review = options.open_project(project)
    results = compute_results(review)
    findings = [finding for finding in results.findings if finding.code.startswith("PRISMA")]
    boxes = {box.key: box for box in results.boxes}
    if explain:
        box = boxes.get(explain)
        if box is None:
            raise UsageError(f"there is no box {explain!r}; boxes: {', '.join(boxes)}")
        if as_json:
            output.print_json(export_json([box]))
            return
        records = {entry.key: entry.record for entry in review.entries} | {
            str(key): record for key, record in review.references.items()
        }
        for identifier in box.ids:
            record = records.get(identifier)
            output.print_result(f"{identifier}  {describe_record(record)}" if record else identifier)
        output.tell(f"{box.key}: {box.n} {box.unit}", quiet=quiet)
        return
    if as_json:
        output.print_json(export_json(results.boxes, findings))
    else:
        template = choose_template(results.boxes)
        rows: list[tuple[str, str, str, str]] = []
        for box in results.boxes:
            rows.append((box.key, f"{box.n:,}", box.unit, describe_key(box.key, template).strip(" :*")))
            rows += [("", f"{line.n:,}", "", f"  {line.label}") for line in box.lines]
        output.print_columns(rows, right=(1,))
        output.tell(
            "draft: the review is unfinished, or a number would be wrong" if results.is_draft else "",
            quiet=quiet or not results.is_draft,
        )
    output.tell_findings(findings, quiet=quiet)
    output.exit_by(findings)
