"""From the decisions of another program to rows of our logs: matched to reports, reasons in the protocol's codes."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

from review.findings import Finding
from review.findings import find
from review.model import ReportId
from review.model import Stage
from review.model import Verdict
from review.protocol import Protocol
from review.screening.exchange.ballot import Ballot
from review.screening.exchange.ballot import Mark
from review.screening.exchange.matching import Matcher


@dataclass(frozen=True, slots=True)
class Adopted:
    """A decision that can be taken over; `who` is the name of the other program, empty where it names nobody."""

    who: str
    stage: Stage
    record: ReportId
    verdict: Verdict
    reason: str
    note: str


def adopt_ballots(
    ballots: Sequence[Ballot], matcher: Matcher, protocol: Protocol, stage: Stage
) -> tuple[list[Adopted], list[Finding]]:
    """Match decisions to reports; whatever cannot be taken over is a finding.

    Args:
        ballots: The references with their decisions in file order.
        matcher: Finds reports.
        protocol: Has the reasons.
        stage: The stage that the decisions are of.
    """
    findings: list[Finding] = []
    adopted: dict[tuple[str, ReportId], tuple[Adopted, Ballot]] = {}
    contradicted: set[tuple[str, ReportId]] = set()
    for ballot in ballots:
        title = ballot.record.title or "(no title)"
        if ballot.problem:
            findings.append(find("SCREEN-033", f"{title}: {ballot.problem}", ballot.origin))
            continue
        if not ballot.marks:
            continue
        reports = matcher.find(ballot.record)
        if len(reports) != 1:
            code, what = (
                ("SCREEN-031", "several records have this title") if reports else ("SCREEN-030", "no record matches")
            )
            findings.append(find(code, f"{title}: {what}", ballot.origin, ids=reports))
            continue
        for mark in ballot.marks:
            decision, told = _adopt(mark, reports[0], ballot, protocol, stage)
            findings.extend(told)
            if decision is None:
                continue
            key = (mark.who, reports[0])
            held = adopted.get(key)
            if held is not None and held[0].verdict != decision.verdict:
                contradicted.add(key)
                message = f"{title}: {held[0].verdict} in one row and {decision.verdict} in another"
                findings.append(find("SCREEN-033", message, ballot.origin, ids=(reports[0],)))
            adopted.setdefault(key, (decision, ballot))
    return [decision for key, (decision, _) in adopted.items() if key not in contradicted], findings


def _adopt(
    mark: Mark, report: ReportId, ballot: Ballot, protocol: Protocol, stage: Stage
) -> tuple[Adopted | None, Iterable[Finding]]:
    code, unknown = _match_reasons(mark.reasons, protocol, stage)
    findings = []
    title = ballot.record.title or "(no title)"
    if unknown:
        expected = " | ".join(reason.label for reason in protocol.reasons)
        findings.append(
            find("SCREEN-032", f"{title}: {', '.join(unknown)}", ballot.origin, expected=expected, ids=(report,))
        )
    if stage == "full-text" and mark.verdict == "exclude" and not code:
        message = f"{title}: excluded at full text, but for no reason that the protocol has"
        findings.append(find("SCREEN-033", message, ballot.origin, ids=(report,)))
        return None, findings
    parts = [mark.note, *(f"reason: {reason}" for reason in unknown), f"decided {mark.time}" if mark.time else ""]
    note = "; ".join(part for part in parts if part)
    return Adopted(mark.who, stage, report, mark.verdict, code, note), findings


def _match_reasons(words: Iterable[str], protocol: Protocol, stage: Stage) -> tuple[str, list[str]]:
    """Return the primary one of the reasons that the protocol has, and the words that match none."""
    found, unknown = set(), []
    for word in words:
        code = next(
            (item.code for item in protocol.reasons if _fold(word) in {_fold(item.code), _fold(item.label)}), ""
        )
        if code:
            found.add(code)
        else:
            unknown.append(word)
    primary = next((item.code for item in protocol.reasons if item.code in found and stage in item.stages), "")
    return primary, unknown


def _fold(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
