"""`review screen replay`: whether the order in which records were shown can be computed again from the log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from review.cli import options
from review.cli import output


def run(
    by: Annotated[str, typer.Option("--by", help="Whose log (default: REVIEW_WHO or the account).")] = "",
    model: Annotated[str, typer.Option("--model", help="The model that ordered, as the log names it.")] = "",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Compute the order of titles and abstracts again, decision by decision, and compare it with the log.

    Example: review screen replay --by screener-1
    """
    from review.rows import read_rows
    from review.screening.live import LiveRanker
    from review.screening.log import REQUIRED
    from review.screening.log import check_name
    from review.screening.log import name_screener
    from review.screening.log import parse_log
    from review.screening.models import find_model
    from review.screening.order import draw_calibration
    from review.screening.replay import Shown
    from review.screening.replay import join_places
    from review.screening.replay import replay_log
    from review.web.library import read_library

    chosen = find_model(model)
    layout = options.find_layout(project)
    who = check_name(options.name_person(by))
    library = read_library(layout)
    plan = library.protocol.screening
    shown: list[Shown] = []
    for path in layout.list_logs():
        rows = read_rows(path, layout.show(path), REQUIRED)
        if name_screener(rows.path) == who:
            shown += join_places(rows, parse_log(rows, library.protocol)[0])
    shown.sort(key=lambda item: datetime.fromisoformat(item.decision.time))
    pool = [report for report in library.reports if report not in library.unscreened]
    criteria = " ".join(text for _, texts in library.protocol.eligibility for text in texts)
    output.tell(f"Replaying {len(shown)} decisions ...", quiet=quiet)
    result = replay_log(
        shown,
        LiveRanker(library.reports, library.show, library.report_of.get, chosen, criteria=criteria, seed=plan.seed),
        chosen.name,
        report_of=library.report_of.get,
        pool=pool,
        first=tuple(draw_calibration(pool, plan.calibration, plan.seed)) if plan.calibration else (),
    )
    if as_json:
        output.print_json(
            {
                "same": len(result.same),
                "elsewhere": [
                    {"time": item.decision.time, "record": item.decision.record, "position": item.position}
                    for item in result.other
                ],
                "unranked": len(result.unranked),
            }
        )
        return
    output.print_result(
        f"{len(result.same)} shown where they stand again, {len(result.other)} elsewhere, {len(result.unranked)} not ranked"
    )
    for item in result.other:
        where = f"{item.decision.origin}: " if item.decision.origin else ""
        output.print_result(f"{where}{item.decision.record} was shown at {item.position} ({item.order})")
    if result.other:
        output.tell(
            "The records or the log have changed since, or another version of the ranking ordered them.", quiet=quiet
        )
