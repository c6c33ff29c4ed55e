"""`review screen evidence`: what the decisions so far say about the records that nobody has read."""

from __future__ import annotations

import contextlib
from datetime import UTC
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from review.model import Decision
    from review.model import ReportId
    from review.screening.evidence import Evidence
    from review.screening.stopping import Elusion
    from review.web.board import Board


def run(
    by: Annotated[str, typer.Option("--by", help="Who screens (default: REVIEW_WHO or the account).")] = "",
    target: Annotated[
        int, typer.Option("--recall", help="The recall that is tested, in percent.", min=1, max=100)
    ] = 95,
    sample: Annotated[
        int, typer.Option("--sample", help="Draw so many unread records at random, to be read to the end.", min=0)
    ] = 0,
    at: Annotated[
        str, typer.Option("--at", help="With --sample: when it was drawn, as told then.", metavar="TIME")
    ] = "",
    model: Annotated[str, typer.Option("--model", help="For the methods text: the model that ordered.")] = "",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Show the figures on which one decides whether to read on: recall so far, a test of it, a random sample of the unread.

    Nothing is excluded. The sample is drawn once: repeat the time of its drawing to see what came of it.

    Example: review screen evidence --sample 300 --at 2026-11-24T09:30:00Z
    """
    from fractions import Fraction

    from review.screening.evidence import describe_evidence
    from review.screening.evidence import gather_evidence
    from review.screening.evidence import write_methods
    from review.screening.log import check_name
    from review.screening.models import find_model
    from review.web.board import Board
    from review.web.library import read_library

    words = find_model(model).words
    layout = options.find_layout(project)
    library = read_library(layout)
    board = Board(check_name(options.name_person(by)), layout, library)
    votes = sorted(board.mine["title-abstract"].values(), key=_read_time)
    # A vote's time may run ahead of the clock, and the sample is drawn after all votes.
    drawn_at = _parse_time(at) if at else max([datetime.now(UTC), *map(_read_time, votes[-1:])])
    seed = library.protocol.screening.seed
    elusion, left = _follow_sample(board, sample, seed, drawn_at) if sample else (None, [])
    evidence = gather_evidence(
        [vote.verdict != "exclude" for vote in votes],
        len(board.pools["title-abstract"]),
        target=Fraction(target, 100),
        elusion=elusion,
    )
    lines, methods = describe_evidence(evidence), write_methods(evidence, words, seed)
    drawn = drawn_at.isoformat().replace("+00:00", "Z") if sample else ""
    if as_json:
        output.print_json({**describe(evidence), "sample_to_read": left, "sampled_at": drawn, "methods": methods})
        return
    for line in lines:
        output.print_result(line)
    for report in left:
        output.print_result(f"to read: {report}")
    output.print_result(f"\nFor the methods: {methods}")
    if left:
        output.tell(f"Read these {len(left)}, then call with `--sample {sample} --at {drawn}`.", quiet=quiet)


def describe(evidence: Evidence) -> dict[str, object]:
    """Return the figures as JSON."""
    elusion = evidence.elusion
    return {
        "records": evidence.records,
        "read": evidence.read,
        "relevant": evidence.found,
        "read_since_last_relevant": evidence.since,
        "recall_tested": float(evidence.target),
        "p": evidence.p if evidence.found else None,
        "recall_bound": evidence.recall_bound,
        "sample": None
        if elusion is None
        else {
            "unread": elusion.unread,
            "drawn": elusion.sample,
            "relevant": elusion.found,
            "missed_bound": elusion.missed,
            "level": elusion.level,
        },
        "curve": list(evidence.curve),
    }


def _follow_sample(board: Board, size: int, seed: int, drawn_at: datetime) -> tuple[Elusion | None, list[ReportId]]:
    """Draw the sample again; return its bound once it is read, else the records that are left to read."""
    from review.screening.stopping import bound_unread
    from review.screening.stopping import draw_sample

    mine = board.mine["title-abstract"]
    unread = [
        report for report in board.pools["title-abstract"] if report not in mine or _read_time(mine[report]) > drawn_at
    ]
    sample = draw_sample(unread, size, seed)
    left = [report for report in sample if report not in mine]
    if left or not sample:
        return None, left
    found = sum(mine[report].verdict != "exclude" for report in sample)
    return bound_unread(len(unread), len(sample), found), []


def _read_time(vote: Decision) -> datetime:
    return datetime.fromisoformat(vote.time)


def _parse_time(text: str) -> datetime:
    from review.errors import UsageError

    with contextlib.suppress(ValueError):
        time = datetime.fromisoformat(text)
        if time.tzinfo is not None:
            return time
    raise UsageError(f"{text!r} is not a time with its zone; expected one as 2026-11-24T09:30:00Z")
