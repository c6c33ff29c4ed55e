"""The folder of a review: the only module that knows its file names, and the way to open it as one value."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from review import cache
from review.dedup.compose import compose_record
from review.dedup.grouping import group_records
from review.dedup.groups import Grouping
from review.dedup.references import References
from review.dedup.rulings import Ruling
from review.dedup.rulings import parse_rulings
from review.errors import FormatError
from review.errors import ProjectError
from review.extraction.appraisal import check_appraisals
from review.extraction.appraisal import check_plan
from review.extraction.certainty import Rating
from review.extraction.certainty import parse_certainty
from review.extraction.checks import check_sheets
from review.extraction.compare import COLUMNS as SETTLED_COLUMNS
from review.extraction.compare import Pair
from review.extraction.compare import Settled
from review.extraction.compare import compare_sheets
from review.extraction.compare import parse_settlements as parse_settled
from review.extraction.derive import check_rules
from review.extraction.overlap_candidates import check_candidates
from review.extraction.sheet import parse_sheet
from review.files import hash_file
from review.files import read_snapshot
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.findings import sort_findings
from review.formats.result import Refusal
from review.formats.result import explain_refusal
from review.marked import read_marked
from review.marked import read_several
from review.model import Decision
from review.model import Record
from review.model import RecordId
from review.model import ReportId
from review.model import Run
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
from review.search.entries import list_entries
from review.search.payload import read_payload
from review.search.runs import check_payloads
from review.search.runs import list_payload
from review.search.runs import list_run_findings
from review.search.runs import read_runs
from review.search.runs import run_origin
from review.search.strategy import Strategy
from review.search.strategy import read_strategy

#: Lanes that PRISMA 2020 draws as "other methods": they have no screening box.
OTHER_LANES = frozenset({"website", "organisation", "citation"})


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything of a review is kept."""

    root: Path

    @property
    def protocol(self) -> Path:
        """The plan."""
        return self.root / "protocol.yaml"

    @property
    def queries(self) -> Path:
        """Strategies, and the runs below them."""
        return self.root / "queries"

    @property
    def rulings(self) -> Path:
        """People's rulings on pairs of records."""
        return self.queries / "duplicates.csv"

    @property
    def screening(self) -> Path:
        """The logs of decisions."""
        return self.root / "extraction" / "screening"

    @property
    def consensus(self) -> Path:
        """The rows that settle conflicts."""
        return self.screening / "consensus.csv"

    @property
    def studies(self) -> Path:
        """The sheets."""
        return self.root / "extraction" / "studies"

    @property
    def second(self) -> Path:
        """The sheets of second extractors, for comparison."""
        return self.root / "extraction" / "second"

    @property
    def settled(self) -> Path:
        """What was settled where two extractors differed."""
        return self.root / "extraction" / "settled.csv"

    @property
    def certainty(self) -> Path:
        """What people judged on the certainty of the evidence."""
        return self.root / "extraction" / "certainty.yaml"

    @property
    def sheet_schema(self) -> Path:
        """The schema of the sheets, for editors."""
        return self.root / "extraction" / "sheet.schema.json"

    @property
    def output(self) -> Path:
        """What is built."""
        return self.root / "output"

    def show(self, path: Path) -> str:
        """Name a path as findings do: relative to the folder, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def list_strategies(self) -> list[Path]:
        """The strategy files in order."""
        return sorted(self.queries.glob("*.yaml"))

    def list_logs(self) -> list[Path]:
        """The screening logs in order."""
        return sorted(path for path in self.screening.glob("*.csv") if path != self.consensus)

    def list_sheets(self) -> list[Path]:
        """The sheets in order."""
        return sorted(self.studies.glob("*.yaml"))

    def list_second(self) -> list[Path]:
        """The second extractors' sheets in order."""
        return sorted(self.second.glob("*.yaml"))

    def list_inputs(self) -> list[Path]:
        """Every file that outputs are made of, in order."""
        singles = [self.protocol, self.rulings, self.consensus, self.settled, self.certainty]
        runs = sorted(path for path in (self.queries / "runs").glob("*/*") if not _is_hidden(path, self.queries))
        several = [*self.list_strategies(), *runs, *self.list_logs(), *self.list_sheets(), *self.list_second()]
        return sorted(path for path in (*singles, *several) if path.is_file())


def _is_hidden(path: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(below).parts)


def find_project(start: Path) -> Layout:
    """Find the review that a folder belongs to: the nearest parent with a protocol.yaml.

    Raises:
        ProjectError: If there is none.
    """
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / "protocol.yaml").is_file():
            return Layout(candidate)
    raise ProjectError(
        f"{start}: no review here: neither this folder nor one above has a protocol.yaml; "
        "make one with `review init DIR`, or name the folder with --project DIR"
    )


@dataclass(frozen=True)
class Review:
    """A review opened: everything read, grouped and counted, and what is wrong with it.

    `entries` are the records in PRISMA's sense, `grouping` joins them to reports, `progress` follows the reports. `studies` has the
    first sheet of each study id, `second` the sheets of second extractors and `settled` what was settled between the two, `ratings` the certainty of each analysis that people judged.
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
    def compared(self) -> tuple[Pair, ...]:
        """The items of the studies that two people extracted, each as both sheets have it."""
        return tuple(
            pair
            for study in self.second
            if study.id in self.studies
            for pair in compare_sheets(self.studies[study.id], study, self.settled)
        )

    @cached_property
    def report_of(self) -> dict[RecordId, ReportId]:
        """The record that stands for its report, by record id."""
        return {member: group.representative for group in self.grouping.groups for member in group.members}


def open_review(layout: Layout) -> Review:
    """Read a review and follow every stage. What is wrong becomes findings; only a missing folder is an exception."""
    protocol, findings = read_protocol(layout.protocol, layout.show(layout.protocol))
    strategies = _read_strategies(layout, findings)
    rulings = _read_rulings(layout, findings)
    held = _read_holdings(layout, rulings, findings)
    runs, entries, grouping = held.runs, held.entries, held.grouping
    report_of = {member: group.representative for group in grouping.groups for member in group.members}
    votes = _read_votes(layout, protocol, findings)
    settlements = _read_settlements(layout, protocol, findings)
    agreed, told = consensus.reach_consensus(votes, settlements, report_of.get, protocol)
    findings += told
    findings += check_changes(votes, _compose_shown(entries, grouping))
    progress, told = follow_reports(_order_reports(entries, report_of), agreed, _find_unscreened(entries, report_of))
    findings += told
    studies = _read_sheets(layout, protocol, findings, holds=lambda record: record in report_of)
    findings += _match_sheets(studies.values(), progress, report_of)
    second, settled = _read_second(layout, protocol, findings)
    ratings = _read_ratings(layout, protocol, findings)
    findings += _find_shared_patients(studies.values(), protocol, entries, report_of)
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
        ratings=ratings,
        findings=tuple(sort_findings(findings)),
    )


def hash_inputs(layout: Layout) -> dict[str, str]:
    """Return the SHA-256 of every input file by its shown path."""
    return {layout.show(path): hash_file(path) for path in layout.list_inputs()}


def _read_strategies(layout: Layout, findings: list[Finding]) -> list[Strategy]:
    strategies = []
    for path in layout.list_strategies():
        strategy, told = read_strategy(path, layout.show(path))
        findings += told
        if strategy is not None:
            strategies.append(strategy)
    return strategies


@dataclass(frozen=True, slots=True)
class _Holdings:
    """What follows from the runs and the rulings alone, so that it can be kept from one command to the next."""

    runs: tuple[Loaded, ...]
    entries: tuple[Entry, ...]
    grouping: Grouping
    findings: tuple[Finding, ...]


def _read_holdings(layout: Layout, rulings: list[Ruling], findings: list[Finding]) -> _Holdings:
    runs, told = read_runs(layout.queries)
    findings += told
    findings += check_payloads(layout.queries, runs)
    findings += [finding for run in runs for finding in list_run_findings(layout.queries, run)]
    complete = [run for run in runs if run.details.get("status") == "complete"]
    files = [layout.queries / "runs" / run.id / item.file for run in complete for item in list_payload(run)]
    present = [path for path in files if path.is_file()]
    is_large = sum(path.stat().st_size for path in present) >= cache.SMALLEST_BYTES
    key = ""
    if is_large:
        named = [f"{run.id} {run.source} {run.lane} {run.started}" for run in complete]
        key = cache.make_key(
            [*named, *(f"{layout.show(path)} {hash_file(path)}" for path in present), *map(repr, rulings)]
        )
        kept = cache.load_entry(key)
        if isinstance(kept, _Holdings):
            findings += kept.findings
            return kept
    read: list[Finding] = []
    loaded = tuple(Loaded(run, tuple(_read_records(layout, run, read))) for run in complete)
    entries = list_entries(loaded)
    grouping = group_records([entry.record for entry in entries], rulings=rulings)
    held = _Holdings(loaded, entries, grouping, (*read, *grouping.findings))
    findings += held.findings
    if is_large:
        cache.keep_entry(key, held)
    return held


def _read_records(layout: Layout, run: Run, findings: list[Finding]) -> Iterable[Record]:
    for item in list_payload(run):
        try:
            for part in read_payload(layout.queries, run, item):
                if isinstance(part, Record):
                    yield part
                else:
                    path = run_origin(layout.queries, run.id, item.file).path
                    findings.append(explain_refusal(part, path) if isinstance(part, Refusal) else part)
        except FormatError as error:
            origin = run_origin(layout.queries, run.id, item.file)
            findings.append(find("RUN-005", f"payload {item.file} cannot be read: {error.problem}", origin))


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


def _read_sheets(
    layout: Layout, protocol: Protocol, findings: list[Finding], *, holds: Callable[[RecordId], bool]
) -> dict[StudyId, Study]:
    sheets: list[Study] = []
    for document in read_several({path: layout.show(path) for path in layout.list_sheets()}):
        study, told = parse_sheet(document, protocol)
        findings += told
        if study is not None:
            sheets.append(study)
    findings += [*check_rules(protocol), *check_plan(protocol)]
    findings += [*check_sheets(sheets, holds), *check_appraisals(sheets, protocol)]
    studies: dict[StudyId, Study] = {}
    for study in sheets:
        studies.setdefault(study.id, study)
    return studies


def _read_second(
    layout: Layout, protocol: Protocol, findings: list[Finding]
) -> tuple[tuple[Study, ...], tuple[Settled, ...]]:
    sheets = []
    for document in read_several({path: layout.show(path) for path in layout.list_second()}):
        study, told = parse_sheet(document, protocol)
        findings += told
        if study is not None:
            sheets.append(study)
    if not layout.settled.is_file():
        return tuple(sheets), ()
    words, told = parse_settled(read_rows(layout.settled, layout.show(layout.settled), SETTLED_COLUMNS))
    findings += told
    return tuple(sheets), tuple(words)


def _read_ratings(layout: Layout, protocol: Protocol, findings: list[Finding]) -> dict[str, Rating]:
    if not layout.certainty.is_file():
        return {}
    ratings, told = parse_certainty(read_marked(layout.certainty, layout.show(layout.certainty)), protocol)
    findings += told
    return ratings


def _find_shared_patients(
    studies: Iterable[Study], protocol: Protocol, entries: Iterable[Entry], report_of: dict[RecordId, ReportId]
) -> list[Finding]:
    records: dict[ReportId, list[Record]] = {}
    for entry in entries:
        records.setdefault(report_of[entry.record.id], []).append(entry.record)

    def list_records(study: Study) -> Iterable[Record]:
        for report in study.reports:
            document = report_of.get(report.record)
            yield from records.get(document, ()) if document else ()

    return check_candidates(list(studies), protocol, list_records)


def _match_sheets(
    studies: Iterable[Study], progress: Progress, report_of: dict[RecordId, ReportId]
) -> Iterable[Finding]:
    extracted: set[ReportId] = set()
    included = set(progress.included)
    for study in studies:
        if study.evidence != "primary":
            continue
        reports = {report_of[report.record] for report in study.reports if report.record in report_of}
        extracted |= reports
        if reports and not reports & included:
            message = f"no report of {study.id} is included at full text"
            yield find("SCREEN-021", message, study.origin, ids=(str(study.id),))
    for report in progress.included:
        if report not in extracted:
            message = f"{report} is included, but no sheet extracts it"
            yield find("SCREEN-020", message, Origin("extraction/studies"), ids=(report,))
