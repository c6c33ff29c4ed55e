"""A review opened: everything read and grouped, and every stage followed, as one value."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from review.dedup.compose import compose_record
from review.dedup.groups import Grouping
from review.dedup.references import References
from review.dedup.rulings import Ruling
from review.dedup.rulings import parse_rulings
from review.errors import FormatError
from review.extraction.certainty import Rating
from review.extraction.compare import Pair
from review.extraction.compare import Settled
from review.extraction.compare import check_pairs
from review.files import read_snapshot
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.findings import sort_findings
from review.holdings import read_holdings
from review.layout import Layout
from review.layout import find_project
from review.layout import hash_inputs
from review.model import Decision
from review.model import Record
from review.model import RecordId
from review.model import ReportId
from review.model import Study
from review.model import StudyId
from review.protocol import Protocol
from review.protocol import read_protocol
from review.rows import read_rows
from review.screening import consensus
from review.screening import log
from review.screening.changes import check_changes
from review.screening.consensus import Consensus
from review.screening.consensus import Settlement
from review.screening.progress import Progress
from review.screening.progress import follow_reports
from review.search.entries import Entry
from review.search.entries import Loaded
from review.search.strategy import Strategy
from review.search.strategy import read_strategy
from review.sheets import compare_second
from review.sheets import find_shared_patients
from review.sheets import match_sheets
from review.sheets import read_ratings
from review.sheets import read_second
from review.sheets import read_sheets

#: Who opens a review names its folder, so that the names are found here, too.
__all__ = ["OTHER_LANES", "Layout", "Review", "find_project", "hash_inputs", "open_review"]

#: Lanes that PRISMA 2020 draws as "other methods": they have no screening box.
OTHER_LANES = frozenset({"website", "organisation", "citation"})


@dataclass(frozen=True)
class Review:
    """A review opened: everything read, grouped and counted, and what is wrong with it.

    `entries` are the records in PRISMA's sense, `grouping` joins them to reports, `progress` follows the reports. `studies` has the
    first sheet of each study id, `second` the sheets of second extractors, `settled` what was settled between the two, `compared` the
    items of the studies that two people extracted, each as both sheets have it; `ratings` the certainty of each analysis that people judged.
    """

    layout: Layout
    protocol: Protocol
    strategies: tuple[Strategy, ...]
    runs: tuple[Loaded, ...]
    entries: tuple[Entry, ...]
    rulings: tuple[Ruling, ...]
    grouping: Grouping
    votes: tuple[Decision, ...]
    settlements: tuple[Settlement, ...]
    consensus: Consensus
    progress: Progress
    studies: dict[StudyId, Study]
    second: tuple[Study, ...]
    settled: tuple[Settled, ...]
    compared: tuple[Pair, ...]
    ratings: dict[str, Rating]
    findings: tuple[Finding, ...]

    @cached_property
    def records(self) -> dict[RecordId, Record]:
        """The records by id, each as its first source has it."""
        records: dict[RecordId, Record] = {}
        for entry in self.entries:
            records.setdefault(entry.record.id, entry.record)
        return records

    @cached_property
    def references(self) -> References:
        """The reports by the id that stands for them, each composed field by field from the best of its records."""
        return References({group.representative: group for group in self.grouping.groups}, self.records)

    @cached_property
    def report_of(self) -> dict[RecordId, ReportId]:
        """The record that stands for its report, by record id."""
        return {member: group.representative for group in self.grouping.groups for member in group.members}


def open_review(layout: Layout) -> Review:
    """Read a review and follow every stage. What is wrong becomes findings; only a missing folder is an exception."""
    protocol, findings = read_protocol(layout.protocol, layout.show(layout.protocol))
    strategies = _read_strategies(layout, findings)
    rulings = _read_rulings(layout, findings)
    held = read_holdings(layout, rulings, findings)
    runs, entries, grouping = held.runs, held.entries, held.grouping
    report_of = {member: group.representative for group in grouping.groups for member in group.members}
    votes = _read_votes(layout, protocol, findings)
    settlements = _read_settlements(layout, protocol, findings)
    agreed, told = consensus.reach_consensus(votes, settlements, report_of.get, protocol)
    findings += told
    findings += check_changes(votes, _compose_shown(entries, grouping))
    progress, told = follow_reports(_order_reports(entries, report_of), agreed, _find_unscreened(entries, report_of))
    findings += told
    studies = read_sheets(layout, protocol, findings, holds=lambda record: record in report_of)
    findings += match_sheets(studies.values(), progress, report_of)
    second, settled = read_second(layout, protocol, studies, findings)
    compared = tuple(compare_second(studies, second, settled))
    findings += check_pairs(compared)
    ratings = read_ratings(layout, protocol, findings)
    findings += find_shared_patients(studies.values(), protocol, entries, report_of)
    if not runs:
        findings.append(find("PROJECT-007", "no search has been run and no file imported", Origin("queries")))
    return Review(
        layout=layout,
        protocol=protocol,
        strategies=tuple(strategies),
        runs=runs,
        entries=entries,
        rulings=tuple(rulings),
        grouping=grouping,
        votes=tuple(votes),
        settlements=tuple(settlements),
        consensus=agreed,
        progress=progress,
        studies=studies,
        second=second,
        settled=settled,
        compared=compared,
        ratings=ratings,
        findings=tuple(sort_findings(findings)),
    )


def _read_strategies(layout: Layout, findings: list[Finding]) -> list[Strategy]:
    strategies = []
    for path in layout.list_strategies():
        strategy, told = read_strategy(path, layout.show(path))
        findings += told
        if strategy is not None:
            strategies.append(strategy)
    return strategies


def _read_rulings(layout: Layout, findings: list[Finding]) -> list[Ruling]:
    if not layout.rulings.is_file():
        return []
    shown = layout.show(layout.rulings)
    try:
        snapshot = read_snapshot(layout.rulings)
    except FormatError as error:
        findings.append(find("PROJECT-020", error.problem, Origin(shown, error.line), hint=error.hint))
        return []
    if snapshot.is_guessed:
        message = "the file is not UTF-8; it was read as Windows-1252"
        findings.append(find("PROJECT-018", message, Origin(shown, 1), hint="save it as UTF-8"))
    rulings, told = parse_rulings(snapshot.text, shown)
    findings += told
    return rulings


def _read_votes(layout: Layout, protocol: Protocol, findings: list[Finding]) -> list[Decision]:
    decisions: list[Decision] = []
    for path in layout.list_logs():
        parsed, told = log.parse_log(read_rows(path, layout.show(path), log.REQUIRED), protocol)
        decisions += parsed
        findings += told
    return log.stand(decisions)


def _read_settlements(layout: Layout, protocol: Protocol, findings: list[Finding]) -> list[Settlement]:
    if not layout.consensus.is_file():
        return []
    rows = read_rows(layout.consensus, layout.show(layout.consensus), consensus.COLUMNS[:5])
    settlements, told = consensus.parse_settlements(rows, protocol)
    findings += told
    return settlements


def _compose_shown(entries: Iterable[Entry], grouping: Grouping) -> Callable[[RecordId], Record | None]:
    """Return a look-up of the record that a screener is shown for an id: composed of all records of its report."""
    records = {entry.record.id: entry.record for entry in entries}
    groups = grouping.group_of()
    composed: dict[ReportId, Record] = {}

    def look_up(identifier: RecordId) -> Record | None:
        group = groups.get(identifier)
        if group is None:
            return None
        if group.representative not in composed:
            members = [records[member] for member in group.members]
            composed[group.representative] = members[0] if len(members) == 1 else compose_record(members).record
        return composed[group.representative]

    return look_up


def _order_reports(entries: Iterable[Entry], report_of: dict[RecordId, ReportId]) -> list[ReportId]:
    return list(dict.fromkeys(report_of[entry.record.id] for entry in entries))


def _find_unscreened(entries: Iterable[Entry], report_of: dict[RecordId, ReportId]) -> frozenset[ReportId]:
    in_main = {report_of[entry.record.id] for entry in entries if entry.lane not in OTHER_LANES}
    return frozenset(report_of[entry.record.id] for entry in entries) - in_main
