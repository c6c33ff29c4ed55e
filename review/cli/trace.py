"""`review trace`: from a published number back to what it is made of."""

from __future__ import annotations

from typing import Annotated

import typer

from review.cli import options
from review.cli import output


def run(
    key: Annotated[str, typer.Argument(help="A key of output/values.json, such as pool.A.together.", metavar="KEY")],
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Walk a published number back to its sheets and patients, the decisions on its reports, and the runs that found them.

    Example: review trace pool.A.together
    """
    from review.reporting.trace import render_trace
    from review.reporting.trace import trace_value
    from review.results import compute_results
    from review.results import gather_evidence

    del quiet
    review = options.open_project(project)
    results = compute_results(review)
    step = trace_value(key, gather_evidence(review, results))
    if as_json:
        output.print_json(step.to_json())
        return
    for line in render_trace(step):
        output.print_result(line)
