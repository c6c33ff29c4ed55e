"""Cases as CSV both ways: a wide table with one row per case for spreadsheets, a long one with its dictionary for R.

In the wide table each outcome is a column `outcome:<name>`: of a count the number, with `outcome:<name>:exposure`; of a time to an event the time, with
`outcome:<name>:event`. Each field has a column of its value as typed (`< 20`, `not reported`) and, where any case has one, columns `<field>:record`,
`<field>:place` and `<field>:words` of its source, and `<field>:note`. An empty cell means that the sheet does not have the field; it
never means missing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from review.extraction.outcomes import make_field
from review.extraction.template import quote_text
from review.extraction.values import ANSWERS
from review.extraction.values import MISSING
from review.extraction.values import find_missing
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.model import Case
from review.model import Observation
from review.model import Study
from review.protocol import Outcome
from review.protocol import OutcomeType
from review.protocol import Protocol
from review.rows import Row
from review.rows import Rows

#: The columns that every wide table begins with; only `case` must be in one that is imported.
HEAD = ("study", "case", "same_as", "arm")

#: The columns of the long table.
LONG = (
    "study", "case", "variable", "kind", "value", "op", "missing", "unit", "record", "place", "words", "note", "arm", "exposure", "event",
)  # fmt: skip

#: The columns of the dictionary of the long table.
DICTIONARY = ("variable", "kind", "label", "type", "unit", "low", "high", "choices", "definition")

_PARTS = ("record", "place", "words", "note", "exposure", "event")
_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def render_wide(studies: Iterable[Study], protocol: Protocol) -> str:
    """Write one row per case."""
    return _write(list_wide(studies, protocol))


def list_wide(studies: Iterable[Study], protocol: Protocol) -> list[list[str]]:
    """Return the header and one row per case, as they are: nothing is guarded against being computed."""
    studies = list(studies)
    names = [*(field.name for field in protocol.case_fields), *(f"outcome:{item.name}" for item in protocol.outcomes)]
    rows = [(study, case, _list_values(case)) for study in studies for case in study.cases]
    columns = [name for name in HEAD if name != "arm" or any(case.arm for _, case, _ in rows)]
    for name in names:
        columns.append(name)
        columns += [
            f"{name}:{part}" for part in _PARTS if any(_read_part(values.get(name), part) for _, _, values in rows)
        ]
    table = []
    for study, case, values in rows:
        cells = {"study": str(study.id), "case": str(case.id), "same_as": str(case.same_as or ""), "arm": case.arm}
        for name, observation in values.items():
            cells[name] = _show(observation)
            cells |= {f"{name}:{part}": _read_part(observation, part) for part in _PARTS}
        table.append([cells.get(column, "") for column in columns])
    return [columns, *table]


def render_long(studies: Iterable[Study], protocol: Protocol) -> str:
    """Write one row per value of a case, derived answers besides the reported ones, for R and the like."""
    units = {("field", field.name): field.unit for field in protocol.case_fields}
    # The unit of a count is that of its exposure; a number of events has none.
    units |= {("reported", item.name): item.unit for item in protocol.outcomes}
    rows: list[Sequence[str]] = [LONG]
    for study in studies:
        for case in study.cases:
            groups: tuple[tuple[str, Mapping[str, Observation]], ...] = (
                ("field", case.fields),
                ("reported", case.outcomes),
            )
            for kind, group in groups:
                for name, item in group.items():
                    record, place, words, note, exposure, event = (_read_part(item, part) for part in _PARTS)
                    value = (item.value, item.op, item.missing or "", units.get((kind, name), ""))
                    rows.append(
                        (study.id, case.id, name, kind, *value, record, place, words, note, case.arm, exposure, event)
                    )
            for name, derived in case.derived.items():
                missing = "" if derived.value else "unclear"
                answer = (derived.value or "", "=", missing, "")
                rows.append((study.id, case.id, name, "derived", *answer, "", "", "", derived.rule, case.arm, "", ""))
    return _write(rows)


def render_dictionary(protocol: Protocol) -> str:
    """Write what the variables of the long table are."""
    return _write(list_dictionary(protocol))


def list_dictionary(protocol: Protocol) -> list[Sequence[str]]:
    """Return the header of the dictionary and a row per variable."""
    rows: list[Sequence[str]] = [DICTIONARY]
    for field in protocol.case_fields:
        ends = [str(float(end)) if end is not None else "" for end in (field.low, field.high)]
        rows.append((field.name, "field", field.label, field.type, field.unit, *ends, " | ".join(field.choices), ""))
    for outcome in protocol.outcomes:
        rows += _list_definitions(outcome)
    if protocol.arms:
        told = "; ".join(f"{arm.name}: {arm.label}" + (f" ({arm.dose})" if arm.dose else "") for arm in protocol.arms)
        names = " | ".join(arm.name for arm in protocol.arms)
        rows.append(("arm", "column", "Arm", "choice", "", "", "", names, told))
    return rows


def _list_definitions(outcome: Outcome) -> Iterator[Sequence[str]]:
    if outcome.type == "binary":
        answers = " | ".join((*ANSWERS, *MISSING))
        yield (outcome.name, "reported", outcome.label, "choice", "", "", "", answers, outcome.response)
        if outcome.rule:
            yield (outcome.name, "derived", outcome.label, "choice", "", "", "", " | ".join(ANSWERS), outcome.rule)
        return
    field = make_field(outcome)
    ends = [str(float(end)) if end is not None else "" for end in (field.low, field.high)]
    yield (outcome.name, "reported", outcome.label, outcome.type, outcome.unit, *ends, "", outcome.meaning)
    if outcome.type == "count" and outcome.unit:
        told = "the time in which it was counted (column exposure)"
        yield (f"{outcome.name}:exposure", "reported", outcome.label, "number", outcome.unit, "", "", "", told)
    if outcome.type == "time-to-event":
        told = "whether the event ended the time; no: censored (column event)"
        yield (f"{outcome.name}:event", "reported", outcome.label, "choice", "", "", "", " | ".join(ANSWERS), told)


def render_cases(rows: Rows, protocol: Protocol, study: str) -> tuple[str, int, list[Finding]]:
    """Turn a wide table into the `cases:` of a sheet, to be put below its reports.

    Args:
        rows: The table; its column `study` may be left out, else only the rows of this study are taken.
        protocol: Says which columns there are.
        study: The study's id.

    Returns:
        The YAML text, the number of cases in it, and a finding for every column or row that was left out.
    """
    findings = list(rows.findings)
    outcomes = [f"outcome:{item.name}" for item in protocol.outcomes]
    known = {*HEAD, "note"} | {
        column
        for name in (*(field.name for field in protocol.case_fields), *outcomes)
        for column in (name, *(f"{name}:{part}" for part in _PARTS))
    }
    for column in rows.columns:
        if column not in known:
            message = f"the column {column} is no case field of the protocol; it was left out"
            findings.append(find("EXTRACT-065", message, Origin(rows.path, 1), found=column))
    lines, count = ["cases:"], 0
    for row in rows.rows:
        if "study" in rows.columns and row["study"].strip() != study:
            continue
        if not row["case"].strip():
            message = "the row names no case; it was left out"
            findings.append(find("EXTRACT-065", message, Origin(rows.path, row.line), expected="case"))
            continue
        count += 1
        lines += _list_lines(row, protocol)
    return ("\n".join(lines) + "\n" if count else ""), count, findings


def _list_lines(row: Row, protocol: Protocol) -> Iterator[str]:
    yield f"  - case: {quote_text(_read(row, 'case'))}"
    for name in ("same_as", "arm", "note"):
        if row[name].strip():
            yield f"    {name}: {quote_text(_read(row, name))}"
    for field in protocol.case_fields:
        if row[field.name].strip():
            yield f"    {field.name}: {_render_value(row, field.name)}"
    answers = [item for item in protocol.outcomes if row[f"outcome:{item.name}"].strip()]
    if answers:
        yield "    outcomes:"
    for item in answers:
        yield f"      {item.name}: {_render_value(row, f'outcome:{item.name}', item.type)}"


def _render_value(row: Row, name: str, kind: OutcomeType = "binary") -> str:
    text = _read(row, name)
    value, op = text, ""
    for sign in ("<=", ">=", "<", ">", "~"):
        if text.startswith(sign) and text != sign:
            value, op = text.removeprefix(sign).strip(), sign
            break
    parts = {part: _read(row, f"{name}:{part}") for part in _PARTS}
    if not op and not any(parts.values()):
        return quote_text(value)
    is_time = kind == "time-to-event" and find_missing(value) is None
    inside = [f"{'time' if is_time else 'value'}: {quote_text(value)}"]
    inside += [f"{part}: {quote_text(parts[part])}" for part in ("event", "exposure") if parts[part]]
    if op:
        inside.append(f'op: "{op}"')
    source = [f"{part}: {quote_text(parts[part])}" for part in _PARTS[:3] if parts[part]]
    if source:
        inside.append(f"source: {{{', '.join(source)}}}")
    if parts["note"]:
        inside.append(f"note: {quote_text(parts['note'])}")
    return f"{{{', '.join(inside)}}}"


def _list_values(case: Case) -> dict[str, Observation]:
    return {**case.fields, **{f"outcome:{name}": item for name, item in case.outcomes.items()}}


def _show(observation: Observation) -> str:
    if observation.missing:
        return observation.missing
    return observation.value if observation.op == "=" else f"{observation.op} {observation.value}"


def _read_part(observation: Observation | None, part: str) -> str:
    if observation is None:
        return ""
    if part in ("note", "exposure", "event"):
        return str(getattr(observation, part) or "")
    return str(getattr(observation.source, part)) if observation.source else ""


def _write(rows: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([guard_text(str(cell)) for cell in row] for row in rows)
    return stream.getvalue()


def _read(row: Row, column: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from computing it."""
    text = row[column].strip()
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_SIGNS) else text


def guard_text(cell: str) -> str:
    """Keep a spreadsheet from computing a text: one that begins as a formula gets an apostrophe, numbers do not.

    So does one that begins with such an apostrophe already, which would be lost on the way back.
    """
    if not cell.lstrip("'").startswith(_SIGNS) or cell == "=":
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
