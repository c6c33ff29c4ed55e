"""Tables that list what the review holds: studies, runs, reports excluded at full text."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping

from review.model import Record
from review.model import ReportId
from review.model import Study
from review.model import Summary
from review.numerals import format_count
from review.protocol import Protocol
from review.reporting.counting import count_patients
from review.reporting.table import Column
from review.reporting.table import Row
from review.reporting.table import Table
from review.reporting.table import make_group
from review.reporting.table import make_row
from review.search.entries import Loaded


def tabulate_studies(studies: Iterable[Study], protocol: Protocol) -> Table:
    """List the sheets: design, patients, reports and what is stated on the patients, as stated."""
    sheets = list(studies)
    primary = [study for study in sheets if study.evidence == "primary"]
    secondary = [study for study in sheets if study.evidence == "secondary"]
    rows = [_make_study_row(study, protocol) for study in primary]
    if secondary:
        rows.append(make_group("Published evidence known only through another publication; not an included study"))
        rows += [_make_study_row(study, protocol) for study in secondary]
    columns = (
        Column("study", "Study"),
        Column("design", "Design"),
        Column("patients", "Patients", "right"),
        Column("reports", "Reports"),
        Column("characteristics", "Characteristics"),
    )
    return Table("studies", "Studies and their patients, as reported.", columns, tuple(rows))


def _make_study_row(study: Study, protocol: Protocol) -> Row:
    return make_row(
        study.label,
        study.design,
        count_patients(study),
        "; ".join(f"{report.record} ({report.role})" for report in study.reports),
        "; ".join(_describe_characteristics(study, protocol)) or "not reported",
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
    rejected: Mapping[ReportId, str], records: Mapping[ReportId, Record], protocol: Protocol
) -> Table:
    """List the reports excluded at full text with their primary reason."""
    labels = {reason.code: reason.label for reason in protocol.reasons}
    rows = tuple(
        make_row(describe_record(records[report]), str(report), labels.get(reason, reason))
        for report, reason in rejected.items()
    )
    columns = (Column("report", "Report"), Column("id", "Record"), Column("reason", "Reason"))
    return Table("excluded", "Reports excluded at full text, with the primary reason.", columns, rows)


def describe_record(record: Record) -> str:
    """Write a short reference: first author, year, title, journal."""
    first = record.authors[0].family if record.authors else ""
    lead = " ".join(
        part for part in (f"{first} et al." if len(record.authors) > 1 else first, str(record.year or "")) if part
    )
    title = record.title or "(no title)"
    tail = record.journal_abbreviation or record.journal
    return " ".join(part if part.endswith(("?", "!", ".")) else f"{part}." for part in (lead, title, tail) if part)


def _describe_characteristics(study: Study, protocol: Protocol) -> Iterable[str]:
    fields = {field.name: field for field in protocol.case_fields}
    for item in study.characteristics:
        field = fields.get(item.name)
        label = field.label if field else item.name
        if isinstance(item, Summary):
            parts = [
                f"{name.upper() if name in ('iqr', 'sd') else name} {' to '.join(numbers)}"
                for name, numbers in item.statistics.items()
            ]
            unit = f" {field.unit}" if field and field.unit else ""
            yield f"{label}: {', '.join(parts)}{unit}"
        else:
            yield f"{label} {item.choice}: {item.events}/{item.total}"
    for case in study.cases:
        stated = [
            f"{fields[name].label.lower()} {observation.op if observation.op != '=' else ''}{observation.value}"
            for name, observation in case.fields.items()
            if not observation.missing
        ]
        if stated:
            yield f"{case.id}: {', '.join(stated)}"
