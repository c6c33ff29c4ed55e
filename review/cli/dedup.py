"""`review dedup`: groups of duplicates, doubtful pairs, people's rulings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output
from review.model import RecordId

if TYPE_CHECKING:
    from review.dedup.rulings import Judgement
    from review.dedup.rulings import Ruling
    from review.workspace import Layout
    from review.workspace import Review

Pair = tuple[str, str]


def run(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Group these exported files instead of the review's records.", exists=True, dir_okay=False),
    ] = None,
    table: Annotated[
        Path | None, typer.Option("--output", help="With files: write file,row,cluster,kept here.", metavar="CSV")
    ] = None,
    merge_preprints: Annotated[
        bool, typer.Option("--merge-preprints", help="With files: count a preprint and its article as one report.")
    ] = False,
    explain: Annotated[
        Pair | None, typer.Option("--explain", help="Say why two records are one report, or are not.", metavar="A B")
    ] = None,
    same: Annotated[
        Pair | None, typer.Option("--same", help="Rule that two records are one report.", metavar="A B")
    ] = None,
    different: Annotated[
        Pair | None, typer.Option("--different", help="Rule that two records are different reports.", metavar="A B")
    ] = None,
    why: Annotated[str, typer.Option("--why", help="With a ruling: the reason.")] = "",
    by: Annotated[
        str, typer.Option("--by", help="With a ruling: who rules (default: REVIEW_WHO or the account).")
    ] = "",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Group the entries that are one report, list the pairs that a person must judge, and keep people's rulings.

    With files, no review is needed: review dedup pubmed.nbib embase.ris --output clusters.csv

    Example: review dedup --same pubmed:22221908 doi:10.1016/j.semarthrit.2011.11.007 --why "same article"
    """
    if files:
        _group_files(files, table, merge_preprints=merge_preprints, as_json=as_json, quiet=quiet)
        return
    review = options.open_project(project)
    if explain:
        _explain(review, explain, as_json=as_json)
        return
    if same or different:
        for pair, judgement in ((same, "same"), (different, "different")):
            if pair:
                _rule(review, pair, judgement, options.name_person(by), why)  # type: ignore[arg-type]
        from review.workspace import open_review

        review = open_review(review.layout)
    if as_json:
        output.print_json(summarise(review))
    else:
        _print_groups(review)
        if review.grouping.doubtful:
            output.tell("Rule with `review dedup --same A B --why ...` or `--different A B`.", quiet=quiet)
    findings = [finding for finding in review.findings if finding.code.startswith("DEDUP")]
    output.tell_findings([finding for finding in findings if finding.level != "note"], quiet=quiet)
    output.exit_by(findings)


def _print_groups(review: Review) -> None:
    grouping = review.grouping
    output.print_result(f"{len(review.entries):,} records, {len(grouping.groups):,} references")
    for group in grouping.groups:
        others = [member for member in group.members if member != group.representative]
        if others:
            output.print_result(f"{group.representative} = {', '.join(others)}")
    if grouping.doubtful:
        output.print_result(f"\n{len(grouping.doubtful)} doubtful pairs, the likeliest first:")
    for doubt in grouping.doubtful:
        output.print_result(f"{doubt.left} ? {doubt.right}: {'; '.join(doubt.reasons)}")
    if grouping.companions:
        output.print_result(f"\n{len(grouping.companions)} pairs that may be reports of one study:")
    for link in grouping.companions:
        output.print_result(f"{link.left} {link.kind} {link.right}: {link.reason}")


def summarise(review: Review) -> dict[str, object]:
    """Return records, clusters, duplicates, doubtful pairs, the groups and the companions."""
    grouping = review.grouping
    return {
        "records": len(review.entries),
        "clusters": len(grouping.groups),
        "duplicates": len(review.entries) - len(grouping.groups),
        "doubtful": [
            {"left": doubt.left, "right": doubt.right, "score": doubt.score, "reasons": list(doubt.reasons)}
            for doubt in grouping.doubtful
        ],
        "groups": [
            {"representative": group.representative, "members": list(group.members)} for group in grouping.groups
        ],
        "companions": [
            {"left": link.left, "right": link.right, "kind": link.kind, "reason": link.reason}
            for link in grouping.companions
        ],
    }


def _group_files(files: list[Path], table: Path | None, *, merge_preprints: bool, as_json: bool, quiet: bool) -> None:
    from review.dedup.listing import Entry
    from review.dedup.listing import list_clusters
    from review.findings import Finding
    from review.formats.registry import iterate_file
    from review.formats.result import Refusal
    from review.formats.result import explain_refusal

    entries: list[Entry] = []
    findings: list[Finding] = []
    for path in files:
        row = 0
        for item in iterate_file(path, shown_as=str(path)):
            if isinstance(item, Finding):
                findings.append(item)
                continue
            row += 1
            if isinstance(item, Refusal):
                findings.append(explain_refusal(item, str(path)))
            else:
                entries.append(Entry(str(path), row, item))
    listing = list_clusters(entries, merge_preprints=merge_preprints)
    if table:
        output.write_result(table, listing.to_csv().encode())
    if as_json:
        output.print_json(listing.to_json())
    elif not table:
        output.write_result(None, listing.to_csv().encode())
    counts = listing.to_json()
    remark = "{records:,} records, {clusters:,} clusters, {duplicates:,} duplicates".format(**counts)
    output.tell(f"{remark}, {len(listing.grouping.doubtful)} doubtful pairs", quiet=quiet)
    output.tell_findings([finding for finding in findings if finding.level != "note"], quiet=quiet)


def _explain(review: Review, pair: Pair, *, as_json: bool) -> None:
    from dataclasses import asdict

    from review.dedup.explain import explain_pair
    from review.dedup.explain import tell_membership

    _check_held(review, pair)
    left, right = (review.records[RecordId(identifier)] for identifier in pair)
    explanation = explain_pair(left, right, rulings=review.rulings)
    if as_json:
        output.print_json({"left": left.id, "right": right.id, **asdict(explanation)})
    else:
        output.print_result(str(explanation))
        for line in tell_membership(review.grouping, left.id, right.id):
            output.print_result(line)


def _check_held(review: Review, pair: Pair) -> None:
    from review.errors import UsageError

    for identifier in pair:
        if identifier not in review.records:
            raise UsageError(f"no run holds {identifier}; ids are printed by `review records`")


def _rule(review: Review, pair: Pair, judgement: Judgement, by: str, why: str) -> None:
    from datetime import UTC
    from datetime import datetime

    from review.dedup.rulings import Ruling
    from review.errors import UsageError
    from review.search.run_document import format_time

    _check_held(review, pair)
    if pair[0] == pair[1]:
        raise UsageError(f"{pair[0]} is one record; a ruling is on two")
    ruling = Ruling(RecordId(pair[0]), RecordId(pair[1]), judgement, by, format_time(datetime.now(UTC)), why)
    _append(review.layout, ruling)


def _append(layout: Layout, ruling: Ruling) -> None:
    from review.dedup.rulings import COLUMNS
    from review.dedup.rulings import render_ruling
    from review.files import read_snapshot
    from review.files import write_new
    from review.files import write_over
    from review.rows import render_row

    line = render_ruling(ruling)
    if not layout.rulings.exists():
        write_new(layout.rulings, (render_row(COLUMNS) + line).encode())
        return
    snapshot = read_snapshot(layout.rulings)
    head = snapshot.text if snapshot.text.endswith("\n") or not snapshot.text else snapshot.text + "\n"
    write_over(snapshot, (head or render_row(COLUMNS)) + line)
