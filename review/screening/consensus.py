"""From the votes of screeners to one standing per report and stage.

With one screener per stage his vote is the consensus. With more, equal votes agree; different ones are a conflict until a row of
`consensus.csv` settles it: it names the votes that it settles, and is stale once one of them changes. Where one include suffices, an
include among the votes that a stage needs outweighs the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Literal
from typing import cast

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.model import Decision
from review.model import RecordId
from review.model import ReportId
from review.model import Stage
from review.protocol import Protocol
from review.rows import Row
from review.rows import Rows
from review.screening.log import parse_log

#: Columns of consensus.csv; `by` is who settled, `settles` lists the votes as `screener=decision` separated by spaces.
COLUMNS = ("time", "by", "stage", "record", "decision", "reason", "note", "settles")

State = Literal["include", "exclude", "unsure", "waiting", "conflict"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is decided on one report at one stage; `reason` is the primary reason of an exclusion."""

    state: State
    votes: tuple[Decision, ...] = ()
    reason: str = ""


WAITING = Standing("waiting")


@dataclass(frozen=True, slots=True)
class Settlement:
    """A row of consensus.csv: the decision that stands, and the votes that it settles."""

    decision: Decision
    settles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Consensus:
    """The standing of every report at every stage that somebody voted on."""

    standings: dict[tuple[ReportId, Stage], Standing]

    def at(self, group: ReportId, stage: Stage) -> Standing:
        """Return the standing of a report at a stage; waiting where nobody voted."""
        return self.standings.get((group, stage), WAITING)


def reach_consensus(
    votes: Sequence[Decision],
    settlements: Sequence[Settlement],
    group_of: Callable[[RecordId], ReportId | None],
    protocol: Protocol,
) -> tuple[Consensus, list[Finding]]:
    """Combine votes and settlements.

    Args:
        votes: The votes that stand (see `review.screening.log.stand`).
        settlements: The rows of consensus.csv in file order; the last one on a report and stage stands, `undo` withdraws it.
        group_of: Gives the group of a record id, None for an id that no run holds.
        protocol: Says how many screeners a stage needs, and the rank of the reasons.
    """
    findings: list[Finding] = []
    by_place: dict[tuple[ReportId, Stage], list[Decision]] = defaultdict(list)
    for vote in votes:
        group = group_of(vote.record)
        if group is None:
            message = f"{vote.record} was decided on, but no run holds it"
            findings.append(find("SCREEN-010", message, vote.origin, found=vote.record, ids=(vote.record,)))
            continue
        by_place[group, vote.stage].append(vote)
    settled: dict[tuple[ReportId, Stage], Settlement] = {}
    for settlement in settlements:
        group = group_of(settlement.decision.record)
        if group is None:
            message = f"{settlement.decision.record} was settled, but no run holds it"
            findings.append(find("SCREEN-010", message, settlement.decision.origin, ids=(settlement.decision.record,)))
            continue
        place = (group, settlement.decision.stage)
        settled[place] = settlement
        if cast("str", settlement.decision.verdict) == "undo":
            del settled[place]
        else:
            findings.extend(_check_settler(settlement, protocol))
    standings: dict[tuple[ReportId, Stage], Standing] = {}
    for place in sorted(by_place.keys() | settled.keys()):
        standing, told = _settle(by_place.get(place, []), settled.get(place), protocol)
        standings[place] = standing
        findings.extend(told)
    return Consensus(standings), findings


def _check_settler(settlement: Settlement, protocol: Protocol) -> Iterable[Finding]:
    named, decision = protocol.screening.settled_by, settlement.decision
    if named and decision.by not in named:
        message = f"{decision.by} settled {decision.record}, but the protocol names others"
        yield find("SCREEN-018", message, decision.origin, found=decision.by, expected=" | ".join(named))


def _settle(
    votes: list[Decision], settlement: Settlement | None, protocol: Protocol
) -> tuple[Standing, Iterable[Finding]]:
    findings: list[Finding] = []
    per_person: dict[str, Decision] = {}
    for vote in votes:
        other = per_person.get(vote.by)
        if other is not None and other.verdict != vote.verdict:
            # One person voted on two records that were found to be duplicates later.
            message = f"{vote.by} decided {other.verdict} on {other.record} and {vote.verdict} on {vote.record}, which are one report"
            findings.append(find("SCREEN-011", message, vote.origin, ids=(other.record, vote.record)))
            return Standing("conflict", tuple(votes)), findings
        per_person[vote.by] = vote
    standing = tuple(per_person.values())
    if settlement is not None:
        now = {(vote.by, str(vote.verdict)) for vote in standing}
        if now == set(settlement.settles):
            decision = settlement.decision
            return Standing(decision.verdict, (*standing, decision), decision.reason), findings
        message = f"the settlement of {settlement.decision.record} is stale: the votes it settles are not those of now"
        expected = " ".join(sorted(f"{who}={verdict}" for who, verdict in now))
        findings.append(find("SCREEN-012", message, settlement.decision.origin, expected=expected))
    rule = protocol.rule(votes[0].stage) if votes else None
    verdicts = {vote.verdict for vote in standing}
    is_complete = rule is not None and len(standing) >= rule.screeners
    if rule is not None and rule.either_include and "include" in verdicts:
        # Not before all have voted: that a report moves on would tell the others how the first one voted.
        return Standing("include" if is_complete else "waiting", standing), findings
    if len(verdicts) > 1:
        return Standing("conflict", standing), findings
    if not is_complete:
        return Standing("waiting", standing), findings
    ranks = {reason.code: rank for rank, reason in enumerate(protocol.reasons)}
    reasons = sorted((vote.reason for vote in standing if vote.reason), key=lambda code: ranks.get(code, len(ranks)))
    return Standing(standing[0].verdict, standing, reasons[0] if reasons else ""), findings


def parse_settles(text: str) -> tuple[tuple[str, str], ...]:
    """Read the votes that a settlement names: `screener-1=include screener-2=exclude`."""
    pairs = (part.partition("=") for part in text.replace(";", " ").split())
    return tuple((who, verdict) for who, _, verdict in pairs)


def parse_settlements(rows: Rows, protocol: Protocol) -> tuple[list[Settlement], list[Finding]]:
    """Read the rows of consensus.csv in file order; `by` says who settled."""
    decisions, findings = parse_log(rows, protocol)
    cells = {row.line: row for row in rows.rows}
    settlements = []
    for decision in decisions:
        row = cells[decision.origin.line] if decision.origin and decision.origin.line else Row(0, {})
        settlements.append(Settlement(replace(decision, by=row["by"]), parse_settles(row["settles"])))
    return settlements, findings


def describe_conflict(group: ReportId, stage: Stage, standing: Standing) -> Finding:
    """Return the finding that says who disagrees."""
    votes = ", ".join(f"{vote.by} {vote.verdict}" for vote in standing.votes)
    origin = standing.votes[0].origin if standing.votes else Origin("extraction/screening")
    return find("SCREEN-013", f"{group}: votes at {stage} disagree ({votes})", origin, ids=(group,))
