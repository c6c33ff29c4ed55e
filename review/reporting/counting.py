"""Fill the boxes of the flow diagram: from entries, groups, progress and sheets to numbers with the ids behind each.

Source: units and boxes as the glossary of the PRISMA 2020 statement defines them, BMJ 2021;372:n71.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from review.extraction.patients import find_repeated
from review.extraction.patients import link_cases
from review.model import Box
from review.model import BoxLine
from review.model import CaseId
from review.model import RecordId
from review.model import ReportId
from review.model import Study
from review.model import StudyId
from review.model import Unit
from review.protocol import Protocol
from review.reporting.ledger import Documents
from review.screening.progress import Progress
from review.search.entries import Entry

_MAIN = {"database": "database_results", "register": "register_results"}
_OTHER = {"website": "website_results", "organisation": "organisation_results", "citation": "citations_results"}


@dataclass(frozen=True, slots=True)
class Flow:
    """What the flow diagram counts: the entries, the report of each record, the reports' progress, the sheets.

    `titles` names a source for readers; `report_of` maps a record id to the one that stands for its report. `earlier` are source and id of
    the records that the searches of the previous version had found.
    """

    entries: Sequence[Entry]
    report_of: Mapping[RecordId, ReportId]
    progress: Progress
    studies: Sequence[Study]
    protocol: Protocol
    titles: Mapping[str, str] = field(default_factory=dict)
    earlier: frozenset[tuple[str, RecordId]] = frozenset()

    def report(self, entry: Entry) -> ReportId:
        """The report of an entry."""
        return self.report_of[entry.record.id]


def count_boxes(flow: Flow) -> tuple[tuple[Box, ...], Documents]:
    """Count everything that the diagram shows; the second value is what the identities need to be checked."""
    lane = _Lanes(flow)
    progress = flow.progress
    boxes = [*_count_previous(flow.protocol), *lane.count_sources()]
    boxes += [
        _box("duplicates", "records", lane.duplicates),
        _box("records_screened", "records", lane.keys(progress.screened)),
        _box("records_excluded", "records", lane.keys(progress.excluded)),
        *_when(_box("records_waiting", "records", lane.keys(progress.unscreened))),
    ]
    for prefix, reports in (("dbr", lane.main), ("other", lane.other)):
        if prefix == "dbr" or lane.has_other:
            boxes += _count_reports(prefix, progress, reports, flow.protocol)
    study_of = _map_studies(flow)
    boxes += _count_included(flow, lane.before, study_of)
    documents = Documents(
        report_of={entry.key: flow.report(entry) for entry in flow.entries},
        study_of=study_of,
        cases_of={study.id: count_patients(study) for study in _list_new(flow)},
        cases_printed_twice=len(_find_repeated(flow)),
        known_from_databases=frozenset(lane.known_from_databases),
        screened_before=frozenset(lane.screened_before),
        studies_before=frozenset(study_of[report] for report in lane.before if report in study_of),
    )
    return tuple(boxes), documents


def count_patients(study: Study) -> int:
    """Return how many patients a study has: its cases, or the largest total that it reports."""
    return len(study.cases) or max((count.total for count in study.counts), default=0)


class _Lanes:
    """The entries by lane: which are the first of their report, which are duplicates."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.duplicates: list[str] = []
        self.known_from_databases: list[str] = []
        self.screened_before: list[str] = []
        self.has_other = False
        self._first: dict[ReportId, str] = {}
        self._sources: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        others: dict[ReportId, None] = {}
        old, entries = _part_entries(flow)
        self.before = frozenset(flow.report(entry) for entry in old)
        for entry in entries:
            report = flow.report(entry)
            if report in self.before:
                self.screened_before.append(entry.key)
            if entry.lane in _MAIN:
                self._sources[_MAIN[entry.lane]][entry.source].append(entry.key)
                if report in self._first or report in self.before:
                    self.duplicates.append(entry.key)
                else:
                    self._first[report] = entry.key
            else:
                self.has_other = True
                self._sources[_OTHER[entry.lane]][entry.source].append(entry.key)
                others[report] = None
        self.main = frozenset(self._first)
        self.other = frozenset(others) - self.main - self.before
        if self.has_other:
            known = self.main | self.before
            self.known_from_databases = [
                entry.key for entry in entries if entry.lane in _OTHER and flow.report(entry) in known
            ]

    def count_sources(self) -> Iterable[Box]:
        for key in (*_MAIN.values(), *_OTHER.values()):
            sources = self._sources.get(key, {})
            if not sources and key != "database_results":
                continue
            titles = self.flow.titles
            lines = tuple(BoxLine(titles.get(name, name), len(keys), tuple(keys)) for name, keys in sources.items())
            ids = tuple(identifier for keys in sources.values() for identifier in keys)
            yield Box(key, len(ids), "records", ids, lines)

    def keys(self, reports: Iterable[ReportId]) -> list[str]:
        """The first entry of each report of the main lanes: the record that was screened for it."""
        return [self._first[report] for report in reports if report in self._first]


def _part_entries(flow: Flow) -> tuple[list[Entry], list[Entry]]:
    """Part the entries that the previous version had from those that came since."""
    old: list[Entry] = []
    new: list[Entry] = []
    for entry in flow.entries:
        (old if (entry.source, entry.record.id) in flow.earlier else new).append(entry)
    return old, new


def _count_previous(protocol: Protocol) -> Iterable[Box]:
    if protocol.previous:
        yield Box("previous_studies", protocol.previous.studies, "studies", reported=True)
        yield Box("previous_reports", protocol.previous.reports, "reports", reported=True)


def _count_reports(prefix: str, progress: Progress, lane: frozenset[ReportId], protocol: Protocol) -> Iterable[Box]:
    def within(reports: Iterable[ReportId]) -> list[ReportId]:
        return [report for report in reports if report in lane]

    rejected = {report: reason for report, reason in progress.rejected.items() if report in lane}
    by_reason: dict[str, list[ReportId]] = defaultdict(list)
    for report, reason in rejected.items():
        by_reason[reason].append(report)
    ranks = {reason.code: rank for rank, reason in enumerate(protocol.reasons)}
    labels = {reason.code: reason.label for reason in protocol.reasons}
    lines = tuple(
        BoxLine(labels.get(code, code), len(by_reason[code]), tuple(by_reason[code]))
        for code in sorted(by_reason, key=lambda code: (ranks.get(code, len(ranks)), code))
    )
    yield _box(f"{prefix}_sought_reports", "reports", within(progress.sought))
    yield _box(f"{prefix}_notretrieved_reports", "reports", within(progress.not_retrieved))
    yield _box(f"{prefix}_assessed", "reports", [*rejected, *within(progress.included)])
    yield Box(f"{prefix}_excluded", len(rejected), "reports", tuple(rejected), lines)
    waiting = [*within(progress.unretrieved), *within(progress.undecided)]
    if waiting:
        # A report whose full text is at hand counts as assessed once it is decided on, so that the numbers add up meanwhile.
        yield _box(f"{prefix}_waiting", "reports", waiting)


def _count_included(flow: Flow, before: Collection[str], study_of: Mapping[str, str]) -> Iterable[Box]:
    studies = _list_new(flow)
    previous = flow.protocol.previous
    old = {str(name) for name in previous.included} if previous else set()
    found = [report for report in flow.progress.included if report not in before]
    reports = [report for report in found if study_of.get(report) not in old]
    # A new report of a study that the previous version had is neither a new study nor a report of one.
    added = [report for report in found if study_of.get(report) in old]
    names = [str(study.id) for study in studies]
    repeated = _find_repeated(flow)
    yield _box("new_studies", "studies", names)
    yield _box("new_reports", "reports", reports)
    yield _box("new_cases", "cases", [name for study in studies for name in _name_patients(study, repeated)])
    if previous:
        gone = previous.withdrawn
        lost = sum(item.reports for item in gone)
        yield from _when(_box("added_reports", "reports", added))
        if gone:
            yield Box("withdrawn_studies", len(gone), "studies", tuple(item.study for item in gone), reported=True)
            yield Box("withdrawn_reports", lost, "reports", reported=True)
        yield Box("total_studies", previous.studies + len(names) - len(gone), "studies", reported=True)
        total = previous.reports + len(reports) + len(added) - lost
        yield Box("total_reports", total, "reports", reported=True)


def count_pooled(flow: Flow, pooled: Iterable[StudyId]) -> tuple[Box, ...]:
    """Count the included studies that a meta-analysis pools, and their included reports; nothing where it pools none.

    Args:
        flow: What the flow diagram counts.
        pooled: The studies of the analyses that are the review's meta-analysis.
    """
    previous = flow.protocol.previous
    counted = {study.id for study in _list_included(flow)} | set(previous.included if previous else ())
    names = [name for name in dict.fromkeys(pooled) if name in counted]
    if not names:
        return ()
    study_of = _map_studies(flow)
    reports = [report for report in flow.progress.included if study_of.get(report) in set(names)]
    return _box("total_studies_ma", "studies", names), *_when(_box("total_reports_ma", "reports", reports))


def _name_patients(study: Study, repeated: Collection[tuple[StudyId, CaseId]]) -> list[str]:
    """Name the patients of a study: by their case ids, or numbered where only totals are known."""
    if study.cases:
        return [str(case.id) for case in study.cases if (study.id, case.id) not in repeated]
    return [f"{study.id}/{number}" for number in range(1, count_patients(study) + 1)]


def _find_repeated(flow: Flow) -> Collection[tuple[StudyId, CaseId]]:
    return find_repeated(_list_new(flow), link_cases(flow.studies))


def _list_new(flow: Flow) -> list[Study]:
    """List the included studies that the previous version did not have."""
    previous = flow.protocol.previous
    old = set(previous.included) if previous else set()
    return [study for study in _list_included(flow) if study.id not in old]


def _list_included(flow: Flow) -> list[Study]:
    included = set(flow.progress.included)
    return [
        study
        for study in flow.studies
        if study.evidence == "primary"
        and any(flow.report_of.get(report.record) in included for report in study.reports)
    ]


def _map_studies(flow: Flow) -> dict[str, str]:
    return {
        str(flow.report_of[report.record]): str(study.id)
        for study in _list_included(flow)
        for report in study.reports
        if report.record in flow.report_of
    }


def _box(key: str, unit: Unit, ids: Iterable[str]) -> Box:
    listed = tuple(str(identifier) for identifier in ids)
    return Box(key, len(listed), unit, listed)


def _when(box: Box) -> Iterable[Box]:
    return (box,) if box.n else ()
