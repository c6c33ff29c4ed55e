"""`review status`: one screen on where the review stands."""

from __future__ import annotations

from review.cli import options
from review.cli import output
from review.numerals import count_noun


def run(project: options.Project = None, as_json: options.AsJson = False, quiet: options.Quiet = False) -> None:
    """Show what is done, what waits for whom, and what disagrees.

    Example: review status --project my-review
    """
    from review.standing import advise
    from review.standing import list_lines
    from review.standing import summarise

    review = options.open_project(project)
    summary = summarise(review)
    if as_json:
        output.print_json(summary)
        return
    output.print_result(review.protocol.title)
    output.print_columns(list_lines(review, summary), right=(1,))
    if not quiet:
        errors, warnings = (sum(f.level == level for f in review.findings) for level in ("error", "warning"))
        if errors or warnings:
            output.tell(f"{count_noun(errors, 'error')}, {count_noun(warnings, 'warning')}: `review check` lists them")
        output.tell(advise(review))
