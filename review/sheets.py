"""Reads the sheets of a review and all that stands beside them: second extractors' sheets, what was settled, the certainty of the evidence."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from review.extraction.appraisal import check_appraisals
from review.extraction.appraisal import check_plan
from review.extraction.certainty import Rating
from review.extraction.certainty import parse_certainty
from review.extraction.checks import check_sheets
from review.extraction.compare import COLUMNS
from review.extraction.compare import Pair
from review.extraction.compare import Settled
from review.extraction.compare import compare_sheets
from review.extraction.compare import parse_settlements
from review.extraction.derive import check_rules
from review.extraction.overlap_candidates import check_candidates
from review.extraction.sheet import parse_sheet
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.layout import Layout
from review.marked import read_marked
from review.marked import read_several
from review.model import Record
from review.model import RecordId
from review.model import ReportId
from review.model import Study
from review.model import StudyId
from review.protocol import Protocol
from review.rows import read_rows
from review.screening.progress import Progress
from review.search.entries import Entry


def read_sheets(
    layout: Layout, protocol: Protocol, findings: list[Finding], *, holds: Callable[[RecordId], bool]
) -> dict[StudyId, Study]:
    """Read the sheets and check them with each other; the first sheet of each study id stands.

    Args:
        layout: The review's folder.
        protocol: What the sheets are held against.
        findings: Takes what is found on the way.
        holds: Whether a run holds a record.
    """
    sheets = list(_parse_all({path: layout.show(path) for path in layout.list_sheets()}, protocol, findings))
    findings += [*check_rules(protocol), *check_plan(protocol)]
    findings += [*check_sheets(sheets, holds), *check_appraisals(sheets, protocol)]
    studies: dict[StudyId, Study] = {}
    for study in sheets:
        studies.setdefault(study.id, study)
    return studies


def read_second(
    layout: Layout, protocol: Protocol, studies: Mapping[StudyId, Study], findings: list[Finding]
) -> tuple[tuple[Study, ...], tuple[Settled, ...]]:
    """Read the second extractors' sheets, and what was settled between them and the first."""
    second = tuple(_parse_all({path: layout.show(path) for path in layout.list_second()}, protocol, findings))
    for study in second:
        if study.id not in studies:
            message = f"there is no first sheet of {study.id} to compare it with"
            expected = f"{layout.show(layout.studies)}/{study.id}.yaml"
            findings.append(find("EXTRACT-058", message, study.origin, expected=expected, ids=(study.id,)))
    if not layout.settled.is_file():
        return second, ()
    words, told = parse_settlements(read_rows(layout.settled, layout.show(layout.settled), COLUMNS))
    findings += told
    return second, tuple(words)


def compare_second(
    studies: Mapping[StudyId, Study], second: Iterable[Study], settled: Sequence[Settled]
) -> Iterator[Pair]:
    """Pair the items of every study that two people extracted."""
    for study in second:
        if study.id in studies:
            yield from compare_sheets(studies[study.id], study, settled)


def read_ratings(layout: Layout, protocol: Protocol, findings: list[Finding]) -> dict[str, Rating]:
    """Read what people judged on the certainty of the evidence, by analysis; empty without the file."""
    if not layout.certainty.is_file():
        return {}
    ratings, told = parse_certainty(read_marked(layout.certainty, layout.show(layout.certainty)), protocol)
    findings += told
    return ratings


def find_shared_patients(
    studies: Iterable[Study], protocol: Protocol, entries: Iterable[Entry], report_of: dict[RecordId, ReportId]
) -> list[Finding]:
    """Report studies and cases that may be the same patients; `report_of` names the report of each record."""
    records: dict[ReportId, list[Record]] = {}
    for entry in entries:
        records.setdefault(report_of[entry.record.id], []).append(entry.record)

    def list_records(study: Study) -> Iterable[Record]:
        for report in study.reports:
            document = report_of.get(report.record)
            yield from records.get(document, ()) if document else ()

    return check_candidates(list(studies), protocol, list_records)


def match_sheets(
    studies: Iterable[Study], progress: Progress, report_of: dict[RecordId, ReportId]
) -> Iterable[Finding]:
    """Report included reports that no sheet extracts, and sheets of which no report is included."""
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


def _parse_all(paths: Mapping[Path, str], protocol: Protocol, findings: list[Finding]) -> Iterator[Study]:
    for document in read_several(paths):
        study, told = parse_sheet(document, protocol)
        findings += told
        if study is not None:
            yield study
