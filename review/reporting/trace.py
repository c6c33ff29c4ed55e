"""From a published number back to what it is made of: sheets, patients, lines, records, decisions, runs."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property

from review.errors import UsageError
from review.extraction.tally import Answered
from review.findings import Origin
from review.model import Case
from review.model import Decision
from review.model import Observation
from review.model import Place
from review.model import RecordId
from review.model import ReportId
from review.model import Study
from review.model import StudyId
from review.model import Value
from review.pooling.planned import PlannedResult
from review.pooling.planned import StudyRow
from review.search.entries import Entry


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a number rests on, and what that rests on in turn.

    `kind` is value, study, case, figure, source, report, record, run or decision; `id` names it where it has a name; `origin` is the line that says so.
    """

    kind: str
    text: str
    id: str = ""
    origin: Origin | None = None
    steps: tuple[Step, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return the step and those below it."""
        return {
            "kind": self.kind,
            "id": self.id,
            "text": self.text,
            "path": self.origin.path if self.origin else None,
            "line": self.origin.line if self.origin else None,
            "steps": [step.to_json() for step in self.steps],
        }


@dataclass(frozen=True)
class Evidence:
    """What a review holds, as tracing needs it.

    `runs_of` gives the runs of each source, `report_of` the report of each record, `studies` the sheets.
    """

    values: Sequence[Value]
    planned: Sequence[PlannedResult]
    entries: Sequence[Entry]
    report_of: Mapping[RecordId, ReportId]
    votes: Sequence[Decision]
    runs_of: Mapping[str, Sequence[str]]
    studies: Mapping[StudyId, Study] = field(default_factory=dict)

    @cached_property
    def entry_of(self) -> dict[str, Entry]:
        """The entries by key."""
        return {entry.key: entry for entry in self.entries}

    @cached_property
    def entries_of(self) -> dict[RecordId, list[Entry]]:
        """The entries of each report."""
        found: dict[RecordId, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            found[self.report_of[entry.record.id]].append(entry)
        return found

    @cached_property
    def patient_of(self) -> dict[str, tuple[Study, Case]]:
        """The patients known one by one, each with the study that tells of them."""
        return {str(case.id): (study, case) for study in self.studies.values() for case in study.cases}

    @cached_property
    def votes_of(self) -> dict[RecordId, list[Decision]]:
        """The decisions on each report."""
        found: dict[RecordId, list[Decision]] = defaultdict(list)
        for vote in self.votes:
            if vote.record in self.report_of:
                found[self.report_of[vote.record]].append(vote)
        return found


def trace_value(key: str, evidence: Evidence) -> Step:
    """Walk a number back to its patients, decisions and search hits.

    Args:
        key: A key of values.json.
        evidence: The review.

    Raises:
        UsageError: If there is no such key; the message names the nearest ones.
    """
    value = next((item for item in evidence.values if item.key == key), None)
    if value is None:
        keys = [item.key for item in evidence.values]
        near = difflib.get_close_matches(key, keys, 4) or [name for name in keys if name.startswith(key)][:8]
        advice = f"did you mean {', '.join(near)}?" if near else "keys stand in output/values.json"
        raise UsageError(f"there is no value {key!r}; {advice}")
    if key.startswith("pool."):
        steps = tuple(_trace_rows(value, evidence))
    else:
        steps = tuple(_trace_identifier(identifier, evidence) for identifier in value.ids)
    return Step("value", f"{value.text}" + (f" ({value.method})" if value.method else ""), key, None, steps)


def render_trace(step: Step, depth: int = 0) -> Iterator[str]:
    """Write a trace as indented lines, each with the file and line that says so."""
    where = f"  [{step.origin}]" if step.origin else ""
    name = f"{step.id}: " if step.id and step.id != step.text else ""
    yield f"{'  ' * depth}{step.kind} {name}{step.text}{where}"
    for below in step.steps:
        yield from render_trace(below, depth + 1)


def _trace_identifier(identifier: str, evidence: Evidence) -> Step:
    """Trace what is counted by its id: a study, a patient, a record or report; anything else is a source by name."""
    study = evidence.studies.get(StudyId(identifier))
    if study is not None:
        reports = (trace_report(str(report.record), evidence) for report in study.reports)
        return Step("study", study.label, identifier, study.origin, tuple(reports))
    if identifier in evidence.patient_of:
        owner, case = evidence.patient_of[identifier]
        return Step("case", f"of {owner.label}", identifier, case.origin)
    # A patient known only in total is named by the study with a number behind it.
    owner_of_total = evidence.studies.get(StudyId(identifier.rpartition("/")[0]))
    if owner_of_total is not None:
        return Step("case", f"of {owner_of_total.label}, known only in total", identifier, owner_of_total.origin)
    if identifier in evidence.entry_of or RecordId(identifier) in evidence.report_of:
        return trace_report(identifier, evidence)
    return Step("source", identifier, identifier)


def _trace_rows(value: Value, evidence: Evidence) -> Iterator[Step]:
    name = value.key.split(".")[1]
    for result in evidence.planned:
        if result.analysis.name != name:
            continue
        for row in result.rows:
            if str(row.study.id) in value.ids:
                yield trace_row(row, evidence)


def trace_row(row: StudyRow, evidence: Evidence) -> Step:
    """Trace a study's row of an analysis: its patients or its total, then the reports that say so."""
    tally = row.tally
    counted = "from its patients" if tally.answered else "as a total"
    figures = [_trace_case(item) for item in tally.answered]
    figures += [
        Step("figure", f"{count.events}/{count.total}", "", count.origin, _list_sources(count.source))
        for count in tally.counts
    ]
    named = dict.fromkeys(
        [*(report.record for report in row.study.reports), *(place.record for place in tally.sources)]
    )
    reports = [trace_report(str(record), evidence) for record in named if record in evidence.report_of]
    text = f"{row.study.label}: {tally.events}/{tally.total}, {counted}"
    return Step("study", text, str(row.study.id), row.study.origin, (*figures, *reports))


def _trace_case(item: Answered) -> Step:
    """Trace one patient: the answer that was counted, and the values that it rests on."""
    how = "by the protocol's rule" if item.is_derived else "as reported"
    return Step(
        "case", f"{item.answer}, {how}", item.case, item.origin, tuple(_trace_figure(value) for value in item.used)
    )


def _trace_figure(value: Observation) -> Step:
    name = value.origin.key.rpartition(".")[2] if value.origin and value.origin.key else ""
    sign = "" if value.op == "=" else f"{value.op} "
    return Step("figure", f"{sign}{value.missing or value.value}", name, value.origin, _list_sources(value.source))


def _list_sources(place: Place | None) -> tuple[Step, ...]:
    if place is None:
        return ()
    words = f'"{place.words}"' if place.words else ""
    return (Step("source", ", ".join(part for part in (place.place, words) if part) or "named", place.record),)


def trace_report(identifier: str, evidence: Evidence) -> Step:
    """Trace a record or report: its entries with their runs, and the decisions on any record of its group."""
    entry = evidence.entry_of.get(identifier)
    record = entry.record.id if entry else RecordId(identifier)
    report = evidence.report_of.get(record, record)
    entries = evidence.entries_of.get(report, [])
    steps = [*_trace_entries(entries, evidence), *_trace_votes(evidence.votes_of.get(report, []))]
    title = entries[0].record.title if entries else ""
    return Step("report", title or identifier, identifier, None, tuple(steps))


def _trace_entries(entries: Iterable[Entry], evidence: Evidence) -> Iterator[Step]:
    for entry in entries:
        runs = ", ".join(evidence.runs_of.get(entry.source, ())) or entry.source
        yield Step("record", f"found in {runs}", entry.key, entry.record.origin)


def _trace_votes(votes: Iterable[Decision]) -> Iterator[Step]:
    for vote in votes:
        reason = f" ({vote.reason})" if vote.reason else ""
        yield Step("decision", f"{vote.by}: {vote.verdict}{reason} at {vote.stage}, {vote.time}", "", vote.origin)
