"""`review screen next`: what waits for a person's vote."""

from __future__ import annotations

from typing import Annotated

import typer

from review.cli import options
from review.cli import output


def run(
    by: Annotated[str, typer.Option("--by", help="Who screens (default: REVIEW_WHO or the account).")] = "",
    stage: Annotated[
        str,
        typer.Option(
            "--stage", help="title-abstract, retrieval or full-text (default: the first where anything waits)."
        ),
    ] = "",
    most: Annotated[int, typer.Option("--most", help="List this many at most.", min=1)] = 10,
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """List the records that wait for a person's vote, without showing how others voted.

    Example: review screen next --by screener-1 --most 5
    """
    from review.errors import UsageError
    from review.protocol import STAGES
    from review.screening.log import check_name
    from review.web.board import Board
    from review.web.library import read_library

    if stage and stage not in STAGES:
        raise UsageError(f"there is no stage {stage!r}; stages: {', '.join(STAGES)}")
    layout = options.find_layout(project)
    library = read_library(layout)
    board = Board(check_name(options.name_person(by)), layout, library)
    chosen = next((key for key in STAGES if (key == stage if stage else board.waiting[key])), STAGES[0])
    reports = board.find_next(chosen, most)
    if as_json:
        records = [
            {"id": report, "title": library.show(report).title, "year": library.show(report).year} for report in reports
        ]
        output.print_json({"stage": chosen, "waiting": len(board.waiting[chosen]), "records": records})
        return
    for report in reports:
        record = library.show(report)
        output.print_result(f"{report}  {record.title} ({record.year or 'n.d.'})")
    output.tell(f"{len(board.waiting[chosen]):,} wait at {chosen}; `review screen` opens the page", quiet=quiet)
