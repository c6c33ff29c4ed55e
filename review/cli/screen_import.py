"""`review screen import`: decisions made in other programs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from review.screening.exchange.adoption import Adopted
    from review.workspace import Review


def run(
    file: Annotated[
        Path,
        typer.Argument(
            help="An ASReview project or export, a Rayyan or Covidence CSV, or RIS with labels.", metavar="FILE"
        ),
    ],
    by: Annotated[
        str,
        typer.Option(
            "--by",
            help="Whose log takes the decisions (default: the names in the file, else REVIEW_WHO or the account).",
        ),
    ] = "",
    only: Annotated[str, typer.Option("--only", help="Take the decisions of this person of the file alone.")] = "",
    stage: Annotated[
        str,
        typer.Option("--stage", help="The stage that the decisions are of: title-abstract, retrieval or full-text."),
    ] = "title-abstract",
    decision: Annotated[
        str,
        typer.Option(
            "--decision",
            help="What a record without a label means, for a file that holds one list: include or exclude.",
        ),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be taken over, write nothing.")] = False,
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Take over decisions from another program; what matches no record is listed, nothing is guessed.

    Example: review screen import rayyan.csv --only "Ann B" --by screener-1
    """
    from review.errors import UsageError
    from review.protocol import STAGES
    from review.screening.exchange.adoption import adopt_ballots
    from review.screening.exchange.matching import Matcher
    from review.screening.exchange.reading import read_ballots
    from review.screening.log import VERDICTS

    if stage not in STAGES:
        raise UsageError(f"there is no stage {stage!r}; stages: {', '.join(STAGES)}")
    if decision and decision not in VERDICTS:
        raise UsageError(f"there is no decision {decision!r}; decisions: {', '.join(VERDICTS)}")
    review = options.open_project(project)
    assumed = decision or None
    ballots, findings = read_ballots(file.read_bytes(), str(file), assumed)
    matcher = Matcher(review.records, review.report_of)
    adopted, told = adopt_ballots(ballots, matcher, review.protocol, stage)
    names = sorted({item.who for item in adopted if item.who})
    if by and len(names) > 1 and not only:
        raise UsageError(f"the file has decisions of {', '.join(names)}: choose one with --only, or leave --by out")
    chosen = [item for item in adopted if not only or item.who == only]
    written = {
        who: _write(review, who, [item for item in chosen if _name_log(item, by) == who], file.name, dry_run=dry_run)
        for who in sorted({_name_log(item, by) for item in chosen})
    }
    findings += told
    summary = {
        "read": len(ballots),
        "labelled": sum(bool(ballot.marks) for ballot in ballots),
        "written": {who: counts["new"] for who, counts in written.items()},
        "unchanged": {who: counts["unchanged"] for who, counts in written.items()},
        "findings": [finding.to_json() for finding in findings],
    }
    if as_json:
        output.print_json(summary)
    else:
        verb = "would be written" if dry_run else "written"
        for who, counts in written.items():
            output.print_result(
                f"{who}: {counts['new']:,} decisions {verb}, {counts['unchanged']:,} were there already"
            )
        output.print_result(f"{summary['labelled']:,} of {summary['read']:,} references have a label")
    output.tell_findings(findings, quiet=quiet, most=200)
    output.exit_by(findings)


def _name_log(item: Adopted, by: str) -> str:
    """Return whose log takes a decision: a name of another program as a log may have it (`Ann B.` is `ann-b`)."""
    from review.screening.log import check_name

    if by or not item.who:
        return check_name(options.name_person(by))
    return check_name(re.sub(r"[^\w.]+", "-", item.who.casefold()).strip("-."))


def _write(review: Review, who: str, items: Sequence[Adopted], source: str, *, dry_run: bool) -> Counter[str]:
    from review.screening.log import COLUMNS
    from review.screening.logfile import open_log

    standing = {
        (vote.stage, review.report_of[vote.record]): (vote.verdict, vote.reason)
        for vote in review.votes
        if vote.by == who and vote.record in review.report_of
    }
    new = [item for item in items if standing.get((item.stage, item.record)) != (item.verdict, item.reason)]
    if new and not dry_run:
        with open_log(review.layout.screening / f"{who}.csv", COLUMNS, "review screen import") as log:
            for item in new:
                cells = {"stage": item.stage, "record": item.record, "decision": item.verdict, "reason": item.reason}
                log.append({**cells, "note": item.note, "order": f"import {source}"})
    return Counter(new=len(new), unchanged=len(items) - len(new))
