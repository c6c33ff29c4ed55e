"""Tables that list what the review holds: studies, runs, reports excluded at full text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from review.model import Decision
from review.model import Record
from review.model import RecordId
from review.model import ReportId
from review.model import Study
from review.numerals import format_count
from review.protocol import Protocol
from review.reporting.counting import count_patients
from review.reporting.table import Column
from review.reporting.table import Row
from review.reporting.table import Table
from review.reporting.table import make_group
from review.reporting.table import make_row
from review.search.entries import Loaded

#: The heading of studies that only another publication tells of.
SECONDARY = "Published evidence known only through another publication; not an included study"


def tabulate_studies(studies: Iterable[Study]) -> Table:
    """List the sheets: design, year, patients, reports."""
    sheets = list(studies)
    primary = [study for study in sheets if study.evidence == "primary"]
    secondary = [study for study in sheets if study.evidence == "secondary"]
    rows = [_make_study_row(study) for study in primary]
    if secondary:
        rows.append(make_group(SECONDARY))
        rows += [_make_study_row(study) for study in secondary]
    columns = (
        Column("study", "Study"),
        Column("design", "Design"),
        Column("year", "Year", "right"),
        Column("patients", "Patients", "right"),
        Column("reports", "Reports"),
        Column("notes", "Notes"),
    )
    return Table("studies", "Studies and their reports.", columns, tuple(rows))


def _make_study_row(study: Study) -> Row:
    return make_row(
        study.label,
        study.design,
        str(study.year or "not reported"),
        count_patients(study),
        "; ".join(f"{report.record} ({report.role})" for report in study.reports),
        " ".join(study.notes),
    )


def tabulate_runs(runs: Iterable[Loaded]) -> Table:
    """List the runs: source, when, what was found and received, and what the run says of itself."""
    rows = tuple(
        make_row(
            str(loaded.run.details.get("platform") or "") or loaded.run.source,
            loaded.run.started[:10],
            loaded.run.kind,
            "not stated" if loaded.run.hits is None else format_count(loaded.run.hits),
            loaded.run.retrieved,
            loaded.run.note,
        )
        for loaded in runs
    )
    columns = (
        Column("source", "Source"),
        Column("date", "Date"),
        Column("kind", "Kind"),
        Column("hits", "Hits", "right"),
        Column("retrieved", "Records", "right"),
        Column("note", "Note"),
    )
    return Table("runs", "Searches and imports.", columns, rows)


def tabulate_excluded(
    rejected: Mapping[ReportId, str],
    records: Mapping[ReportId, Record],
    protocol: Protocol,
    notes: Mapping[ReportId, str] | None = None,
) -> Table:
    """List the reports excluded at full text with their primary reason and what the screeners noted (`collect_notes`)."""
    labels = {reason.code: reason.label for reason in protocol.reasons}
    noted = notes or {}
    rows = tuple(
        make_row(describe_record(records[report]), str(report), labels.get(reason, reason), noted.get(report, ""))
        for report, reason in rejected.items()
    )
    columns = (
        Column("report", "Report"),
        Column("id", "Record"),
        Column("reason", "Reason"),
        Column("note", "What the screeners noted"),
    )
    return Table("excluded", "Reports excluded at full text, with the primary reason.", columns, rows)


def tabulate_close_calls(
    excluded: Iterable[ReportId],
    records: Mapping[ReportId, Record],
    protocol: Protocol,
    votes: Sequence[Decision],
    report_of: Mapping[RecordId, ReportId],
) -> Table:
    """List the reports excluded at title and abstract although somebody voted include or unsure: near misses, beside those of the full text."""
    labels = {reason.code: reason.label for reason in protocol.reasons}
    cast = [vote for vote in votes if vote.stage == "title-abstract" and vote.record in report_of]
    by_report: dict[ReportId, list[Decision]] = defaultdict(list)
    for vote in cast:
        by_report[report_of[vote.record]].append(vote)
    notes = collect_notes(cast, report_of)
    rows = []
    for report in excluded:
        given = by_report.get(report, [])
        if any(vote.verdict != "exclude" for vote in given):
            told = ", ".join(f"{vote.by}: {vote.verdict}" for vote in given)
            reasons = dict.fromkeys(labels.get(vote.reason, vote.reason) for vote in given if vote.reason)
            rows.append(
                make_row(describe_record(records[report]), str(report), told, "; ".join(reasons), notes.get(report, ""))
            )
    columns = (
        Column("report", "Report"),
        Column("id", "Record"),
        Column("votes", "Votes"),
        Column("reason", "Reason"),
        Column("note", "What the screeners noted"),
    )
    return Table("close-calls", "Excluded at title and abstract, though not by every vote.", columns, tuple(rows))


def collect_notes(votes: Iterable[Decision], report_of: Mapping[RecordId, ReportId]) -> dict[ReportId, str]:
    """Collect what screeners noted on each report, each remark once, in the order of the votes."""
    remarks: dict[ReportId, dict[str, None]] = defaultdict(dict)
    for vote in votes:
        if vote.note and vote.record in report_of:
            remarks[report_of[vote.record]][vote.note] = None
    return {report: "; ".join(told) for report, told in remarks.items()}


def describe_record(record: Record) -> str:
    """Write a short reference: first author, year, title, journal."""
    first = record.authors[0].family if record.authors else ""
    lead = " ".join(
        part for part in (f"{first} et al." if len(record.authors) > 1 else first, str(record.year or "")) if part
    )
    title = record.title or "(no title)"
    tail = record.journal_abbreviation or record.journal
    return " ".join(part if part.endswith(("?", "!", ".")) else f"{part}." for part in (lead, title, tail) if part)
