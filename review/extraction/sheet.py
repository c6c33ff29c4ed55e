"""The sheet of one study: `extraction/studies/<study>.yaml` to a `Study`, checked against the protocol."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Literal
from typing import cast

from review.extraction.appraisal import read_appraisals
from review.extraction.count import read_count
from review.extraction.derive import compile_rules
from review.extraction.derive import derive_outcomes
from review.extraction.outcomes import read_answer
from review.extraction.summaries import OUTCOME_STATISTICS
from review.extraction.summaries import read_field_summary
from review.extraction.summaries import read_summaries
from review.extraction.treatments import read_treatment_counts
from review.extraction.treatments import read_treatments
from review.extraction.values import MISSING
from review.extraction.values import check_observation
from review.extraction.values import check_source
from review.extraction.values import read_arm
from review.extraction.values import read_observation
from review.fields import FieldCodes
from review.fields import Fields
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.marked import Document
from review.model import Case
from review.model import CaseId
from review.model import Count
from review.model import Observation
from review.model import Overlap
from review.model import RecordId
from review.model import Report
from review.model import Study
from review.model import StudyId
from review.model import Summary
from review.protocol import CaseField
from review.protocol import Outcome
from review.protocol import Protocol

#: The version of the sheet's format.
FORMAT = "1"

_CODES = FieldCodes(unknown="EXTRACT-001", missing="EXTRACT-002", invalid="EXTRACT-003")
_OVERLAPS: dict[str, Literal["may-include", "overlaps-with", "distinct-from"]] = {
    "may_include": "may-include",
    "overlaps_with": "overlaps-with",
    "distinct_from": "distinct-from",
}


def parse_sheet(document: Document, protocol: Protocol) -> tuple[Study | None, list[Finding]]:
    """Read one sheet. What is wrong is reported and left out; None if not even the study's id can be read."""
    findings = list(document.findings)
    if document.root is None:
        return None, findings
    fields = Fields(document.root, document.path, _CODES, findings)
    fields.choice("format", (FORMAT,), FORMAT, required=True)
    identifier = StudyId(fields.text("study", required=True))
    if not identifier:
        return None, findings
    if identifier != PurePosixPath(document.path).stem:
        message = f"the sheet of {identifier} is kept under another name"
        findings.append(find("EXTRACT-011", message, fields.place("study"), expected=f"{identifier}.yaml"))
    names: dict[str, RecordId] = {}
    reports = tuple(_read_reports(fields, names))
    _read_sources(fields, names)
    year = fields.integer("year")
    study = Study(
        id=identifier,
        label=fields.text("label", identifier),
        evidence=cast(
            "Literal['primary', 'secondary']", fields.choice("evidence", ("primary", "secondary"), "primary")
        ),
        design=fields.text("design", "not reported"),
        year=year,
        reports=reports,
        cases=tuple(_read_cases(fields, protocol, names)),
        counts=tuple(_read_counts(fields, "counts", protocol, names)),
        characteristics=tuple(_read_characteristics(fields, protocol, names)),
        overlaps=tuple(_read_overlaps(fields)),
        notes=tuple(" ".join(note.split()) for note in fields.texts("notes")),
        origin=Origin(document.path, 1),
        appraisals=tuple(read_appraisals(fields, protocol)),
        summaries=tuple(read_summaries(fields, protocol, names)),
        treatments=tuple(read_treatment_counts(fields, protocol, names)),
    )
    fields.close()
    return study, findings


def list_places(study: Study) -> Iterator[tuple[RecordId, Origin | None]]:
    """Yield every record that a sheet names, with where it names it."""
    for report in study.reports:
        yield report.record, report.origin
    for item in (*study.counts, *study.summaries, *study.characteristics, *study.treatments):
        if item.source:
            yield item.source.record, item.origin
    for case in study.cases:
        tried = (treatment.response for treatment in case.treatments)
        for observation in (*case.fields.values(), *case.outcomes.values(), *tried):
            if observation.source:
                yield observation.source.record, observation.origin


def _read_reports(fields: Fields, names: dict[str, RecordId]) -> Iterator[Report]:
    for item in fields.blocks("reports", required=True):
        record = RecordId(item.text("record", required=True))
        name = item.text("name")
        role = item.choice("role", ("main", "companion"), "main")
        kind = item.text("kind")
        item.close()
        if name:
            names[name] = record
        if record:
            yield Report(record, role, kind, item.place("record"))


def _read_sources(fields: Fields, names: dict[str, RecordId]) -> None:
    for item in fields.blocks("sources"):
        record = RecordId(item.text("record", required=True))
        names[item.text("name", required=True)] = record
        item.text("note")
        item.close()


def _read_cases(fields: Fields, protocol: Protocol, names: dict[str, RecordId]) -> Iterator[Case]:
    known = {field.name: field for field in protocol.case_fields}
    outcomes = {outcome.name: outcome for outcome in protocol.outcomes}
    book = compile_rules(protocol)
    seen: dict[str, int] = {}
    for item in fields.blocks("cases"):
        identifier = CaseId(item.text("case", required=True))
        if not identifier:
            continue
        line = item.place("case").line or 0
        if identifier in seen:
            message = f"the case {identifier} stands here and in line {seen[identifier]}"
            item.findings.append(find("EXTRACT-030", message, item.place("case"), ids=(identifier,)))
            continue
        seen[identifier] = line
        same_as = item.text("same_as")
        arm = read_arm(item, protocol)
        item.text("note")
        values = dict(_read_values(item, known, names))
        inside = item.fields("outcomes")
        answers = dict(_read_answers(inside, outcomes, protocol, names)) if inside else {}
        tried = tuple(read_treatments(item, protocol, names))
        item.close()
        patient = CaseId(same_as) if same_as else None
        case = Case(identifier, values, answers, patient, item.place("case"), arm=arm, treatments=tried)
        yield derive_outcomes(case, book)


def _read_values(
    item: Fields, known: dict[str, CaseField], names: dict[str, RecordId]
) -> Iterator[tuple[str, Observation]]:
    for name, field in known.items():
        observation = read_observation(item, name, names, field)
        if observation is None and field.is_required and name not in item.block.lines:
            message = f"{name} of {item.where} is missing, which the protocol requires"
            item.findings.append(
                find("EXTRACT-044", message, item.place(), expected=f"a value, or one of: {', '.join(MISSING)}")
            )
        if observation and check_observation(observation, field, item):
            check_source(observation.source or observation.missing, item, name)
            yield name, observation


def _read_answers(
    inside: Fields, outcomes: dict[str, Outcome], protocol: Protocol, names: dict[str, RecordId]
) -> Iterator[tuple[str, Observation]]:
    for name in inside.block.lines:
        outcome = outcomes.get(name)
        if outcome is None:
            inside.get(name)
            if protocol.is_usable:
                message = f"the outcome {name} is not in the protocol"
                expected = " | ".join(sorted(outcomes))
                inside.findings.append(find("EXTRACT-014", message, inside.place(name), found=name, expected=expected))
            continue
        observation = read_answer(inside, names, outcome)
        if observation is not None:
            check_source(observation.source or observation.missing, inside, name)
            yield name, observation
    inside.close()


def _read_counts(fields: Fields, key: str, protocol: Protocol, names: dict[str, RecordId]) -> Iterator[Count]:
    seen: set[tuple[str, str]] = set()
    for number, item in enumerate(fields.blocks(key)):
        name = item.text("outcome", required=True)
        arm = read_arm(item, protocol)
        count = read_count(item, name, names, f"{key}[{number}]", arm=arm)
        if count is None or not name:
            continue
        outcome = protocol.outcome(name)
        if protocol.is_usable and outcome is None:
            message = f"the outcome {name} is not in the protocol"
            expected = " | ".join(outcome.name for outcome in protocol.outcomes)
            item.findings.append(find("EXTRACT-014", message, item.place("outcome"), found=name, expected=expected))
        elif outcome is not None and outcome.type != "binary":
            message = f"{name} is a {outcome.type} outcome; {key}[{number}] has events of a total"
            expected = f"summaries: with {', '.join(OUTCOME_STATISTICS[outcome.type])}"
            item.findings.append(find("EXTRACT-019", message, item.place("outcome"), found=name, expected=expected))
        elif (name, arm) in seen:
            of_arm = f" of the arm {arm}" if arm else ""
            message = f"the outcome {name}{of_arm} is counted twice in this sheet"
            item.findings.append(find("EXTRACT-023", message, item.place("outcome"), found=name))
        else:
            seen.add((name, arm))
            yield count


def _read_characteristics(fields: Fields, protocol: Protocol, names: dict[str, RecordId]) -> Iterator[Count | Summary]:
    known = {field.name: field for field in protocol.case_fields}
    for number, item in enumerate(fields.blocks("characteristics")):
        name = item.text("field", required=True)
        where = f"characteristics[{number}]"
        if name and name not in known and protocol.is_usable:
            message = f"the field {name} is not in the protocol"
            item.findings.append(
                find("EXTRACT-015", message, item.place("field"), found=name, expected=" | ".join(known))
            )
        arm = read_arm(item, protocol)
        choice = item.text("choice")
        if choice:
            is_allowed = _check_choice(choice, known.get(name), item)
            count = read_count(item, name, names, where, choice=choice, arm=arm)
            if count is not None and is_allowed:
                yield count
            continue
        summary = read_field_summary(item, name, known.get(name), arm, names)
        if summary is not None:
            yield summary


def _check_choice(choice: str, field: CaseField | None, item: Fields) -> bool:
    if field is None or choice in field.choices:
        return True
    message = f"{item.where}.choice is {choice!r}: not one of the choices of {field.name}"
    expected = " | ".join(field.choices) or "a field with choices"
    item.findings.append(find("EXTRACT-016", message, item.place("choice"), found=choice, expected=expected))
    return False


def _read_overlaps(fields: Fields) -> Iterator[Overlap]:
    inside = fields.fields("overlap")
    if inside is None:
        return
    why = inside.text("why", required=True)
    for key, kind in _OVERLAPS.items():
        for study in inside.texts(key):
            yield Overlap(kind, StudyId(str(study)), why, Origin(fields.path, study.line, f"overlap.{key}"))
    inside.close()
