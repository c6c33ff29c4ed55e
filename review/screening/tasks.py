"""What waits for whom: the reports at each stage, and those of them that still need one person's vote."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

from review.model import Decision
from review.model import ReportId
from review.model import Stage
from review.protocol import Protocol
from review.screening.consensus import Consensus
from review.screening.sight import Sight


def list_stage(
    stage: Stage, reports: Iterable[ReportId], consensus: Consensus, unscreened_lanes: frozenset[ReportId] = frozenset()
) -> list[ReportId]:
    """List the reports that have come to a stage, in the order given.

    Args:
        stage: The stage.
        reports: All reports.
        consensus: The standing of each report at each stage.
        unscreened_lanes: Reports that only other methods found; without a decision at title and abstract they begin at retrieval.
    """
    if stage == "title-abstract":
        return [report for report in reports if report not in unscreened_lanes or consensus.at(report, stage).votes]
    sought = [
        report
        for report in reports
        if consensus.at(report, "title-abstract").state == "include"
        or (report in unscreened_lanes and not consensus.at(report, "title-abstract").votes)
    ]
    if stage == "retrieval":
        return sought
    return [
        report
        for report in sought
        if consensus.at(report, "retrieval").state == "include"
        or (consensus.at(report, "full-text").votes and consensus.at(report, "retrieval").state != "exclude")
    ]


def list_waiting(
    stage: Stage, reports: Iterable[ReportId], who: str, sight: Sight, consensus: Consensus, protocol: Protocol
) -> list[ReportId]:
    """List the reports of a stage that need one person's vote: not voted on by that person, nor by enough others, nor settled.

    Args:
        stage: The stage.
        reports: The reports that have come to it.
        who: The person.
        sight: What the person may see.
        consensus: The standings that follow from what the person may see.
        protocol: Says how many votes the stage needs.
    """
    needed = protocol.rule(stage).screeners
    waiting = []
    for report in reports:
        voters = sight.voters.get((report, stage), frozenset())
        if who in voters or len(voters) >= needed or consensus.at(report, stage).state in {"include", "exclude"}:
            continue
        waiting.append(report)
    return waiting


@dataclass(frozen=True, slots=True)
class Conflict:
    """Votes on a report that differ; `is_own` if all are of one person, who must undo one of them."""

    report: ReportId
    stage: Stage
    votes: tuple[Decision, ...]

    @property
    def is_own(self) -> bool:
        """Whether one person voted differently on records that are one report."""
        return len({vote.by for vote in self.votes}) < len(self.votes)

    @property
    def settles(self) -> str:
        """The votes as consensus.csv names them."""
        return " ".join(f"{vote.by}={vote.verdict}" for vote in sorted(self.votes, key=lambda vote: vote.by))


def list_conflicts(reports: Sequence[ReportId], stages: Iterable[Stage], consensus: Consensus) -> list[Conflict]:
    """List the conflicts that wait to be settled, stage by stage."""
    return [
        Conflict(report, stage, standing.votes)
        for stage in stages
        for report in reports
        if (standing := consensus.at(report, stage)).state == "conflict"
    ]
