"""Characteristics of the studies and their patients: per study, and of all patients that sheets have one by one.

What only a report's summary tells is repeated as it states it and never averaged with others; a field without a figure says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from review.extraction.describe import QUANTILES
from review.extraction.describe import Characteristics
from review.extraction.describe import Numbers
from review.extraction.describe import Words
from review.extraction.describe import describe_arms
from review.extraction.describe import describe_patients
from review.extraction.describe import show_number
from review.extraction.describe import show_statistics
from review.extraction.describe import tell_summary
from review.model import Study
from review.model import Value
from review.numerals import count_noun
from review.numerals import format_count
from review.numerals import format_percent
from review.protocol import CaseField
from review.protocol import Protocol
from review.reporting.counting import count_patients
from review.reporting.document import Section
from review.reporting.listings import SECONDARY
from review.reporting.sections.material import Material
from review.reporting.sections.results import tell_included
from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Row
from review.reporting.table import Table
from review.reporting.table import make_group
from review.reporting.table import make_row

#: The key of the section.
CHARACTERISTICS = "included-characteristics"

NOT_REPORTED = "not reported"

#: A study with more patients than this has its texts in the sheet, not in the table.
MOST_TEXTS = 3

_AS_REPORTED = "Of a study that is known only in sum, figures are as its report states them."
_SHARES = "n/N (%) of the patients with a value."
_QUARTILES = f"Quartiles are {QUANTILES} (Hyndman and Fan 1996)."


def compose_characteristics(material: Material, tables: Sequence[Table]) -> Section:
    """Compose the section: how many studies and patients there are, and the tables of them."""
    return Section(
        CHARACTERISTICS, "Characteristics of the studies and their patients", (tell_included(material), *tables)
    )


def tabulate_characteristics(studies: Sequence[Study], protocol: Protocol) -> Table:
    """List the studies with a column per case field: from their patients, else as the report states it."""
    fields = protocol.case_fields
    rows: list[Row] = []
    for evidence in ("primary", "secondary"):
        chosen = [study for study in studies if study.evidence == evidence]
        if chosen and evidence == "secondary":
            rows.append(make_group(SECONDARY))
        described = {item.study: item for item in describe_patients(chosen, protocol)}
        rows += [_make_row(study, described[study.id], fields) for study in chosen]
    notes = (_AS_REPORTED, _SHARES, _QUARTILES)
    marks = {"choice": (1,), "number": (2,), "integer": (2,)} if rows else {}
    columns = (
        Column("study", "Study"),
        Column("design", "Design"),
        Column("patients", "Patients", "right", (0,) if rows else ()),
        *(Column(f"field-{field.name}", _name_field(field), notes=marks.get(field.type, ())) for field in fields),
    )
    return Table("characteristics", "Characteristics of the studies.", columns, tuple(rows), notes if rows else ())


def tabulate_patients(studies: Sequence[Study], protocol: Protocol) -> Table:
    """Describe all patients of the included studies that sheets have one by one, each once, and those of each arm beside them.

    What is known only in sum stands below.
    """
    chosen = [study for study in studies if study.evidence == "primary"]
    everyone = describe_patients(chosen, protocol)[-1]
    arms = describe_arms(chosen, protocol)
    shown = [arm for arm in arms if arm.cases]
    rows: list[Row] = []
    if everyone.cases:
        rows = [row for field in protocol.case_fields for row in _describe_field(field, everyone, shown)]
    labels = {field.name: _name_field(field) for field in protocol.case_fields}
    reported = [*everyone.reported, *((name, f"{arm.label}, {text}") for arm in arms for name, text in arm.reported)]
    if reported:
        rows.append(make_group("Known only in sum, as each report states it; not part of the figures above"))
        rows += [make_row(labels.get(name, name), "", text, *[""] * len(shown), depth=1) for name, text in reported]
    columns = (
        Column("field", "Characteristic"),
        Column("known", "Patients with a value", "right"),
        Column("value", "n/N (%), mean (SD), median (IQR), range", notes=(0,) if rows else ()),
        *(Column(f"arm-{arm.arm}", f"{arm.label}, {count_noun(arm.cases, 'patient')}") for arm in shown),
    )
    caption = f"The patients of the included studies: {count_noun(everyone.cases, 'patient')} known one by one."
    return Table("patients", caption, columns, tuple(rows), (_QUARTILES,) if rows else ())


def tabulate_summaries(studies: Sequence[Study], protocol: Protocol) -> Table:
    """List what reports give of outcomes that are not yes or no, as they state it: nothing is added up or averaged."""
    outcomes = {outcome.name: outcome.label for outcome in protocol.outcomes}
    arms = {arm.name: arm.label for arm in protocol.arms}
    rows = []
    for study in studies:
        for item in study.summaries:
            against = f" against {arms.get(item.versus, item.versus)}" if item.versus else ""
            unit = f" ({item.unit})" if item.unit else ""
            told = f"{show_statistics(item)}{unit}"
            arm = f"{arms.get(item.arm, item.arm) or 'all'}{against}"
            rows.append(make_row(outcomes.get(item.name, item.name), study.label, arm, told, item.definition))
    columns = (
        Column("outcome", "Outcome"),
        Column("study", "Study"),
        Column("arm", "Patients"),
        Column("value", "As reported"),
        Column("definition", "Definition of the report"),
    )
    return Table("summaries", "Outcomes that reports give as numbers.", columns, tuple(rows))


def list_patient_values(studies: Sequence[Study], protocol: Protocol) -> Iterator[Value]:
    """Yield the figures of `tabulate_patients`: `patients.<field>` for numbers, `patients.<field>.<choice>` for choices."""
    chosen = [study for study in studies if study.evidence == "primary"]
    everyone = describe_patients(chosen, protocol)[-1]
    ids = tuple(str(study.id) for study in chosen if study.cases)
    for part in everyone.described:
        key = f"patients.{part.field.name}"
        told = f"{_name_field(part.field)}, patients known one by one"
        if isinstance(part, Numbers):
            yield Value(key, _show_numbers(part), float(part.mean), total=part.known, method=told, ids=ids)
            continue
        for choice, count in part.counts:
            text = _write_share(count, part.known)
            yield Value(_name_choice(key, choice), text, count / part.known, count, part.known, method=told, ids=ids)


def name_word(words: str) -> str:
    """Give words as a part of a value's key: lower case, with hyphens between them."""
    return re.sub(r"\W+", "-", words).strip("-").casefold()


def _make_row(study: Study, described: Characteristics, fields: Sequence[CaseField]) -> Row:
    parts = {part.field.name: part for part in described.described}
    cells = []
    for field in fields:
        reported = [text for name, text in described.reported if name == field.name]
        part = parts.get(field.name)
        if part is not None:
            cells.append("; ".join([str(part), *reported]) if described.cases > 1 else _show_single(part))
        elif field.type in ("text", "date"):
            cells.append(_list_texts(study, field))
        else:
            cells.append("; ".join(reported) or _list_limits(study, field) or NOT_REPORTED)
    return make_row(study.label, study.design, count_patients(study), *cells)


def _show_single(part: Numbers | Words) -> str:
    """Show the value of a study's only patient: a mean of one says nothing more."""
    if isinstance(part, Numbers):
        return show_number(part.mean)
    return next(choice for choice, count in part.counts if count)


def _show_numbers(part: Numbers) -> str:
    return tell_summary(part) if part.known > 1 else f"{show_number(part.mean)} (one patient)"


def _list_texts(study: Study, field: CaseField) -> str:
    values = [
        observation.value
        for case in study.cases
        if (observation := case.fields.get(field.name)) is not None and not observation.missing
    ]
    if len(values) > MOST_TEXTS:
        return f"told of {len(values)} of {len(study.cases)} patients, in the sheet"
    return "; ".join(values) or NOT_REPORTED


def _list_limits(study: Study, field: CaseField) -> str:
    """List the values that are given only as an inequality, as typed."""
    limits = [
        f"{observation.op} {observation.value}"
        for case in study.cases
        if (observation := case.fields.get(field.name)) is not None and not observation.missing
    ]
    return "; ".join(limits) if len(limits) <= MOST_TEXTS else f"only inequalities, of {len(limits)} patients"


def _describe_field(field: CaseField, everyone: Characteristics, arms: Sequence[Characteristics]) -> Iterator[Row]:
    if field.type in ("text", "date"):
        return
    part, others = _find_part(everyone, field), [_find_part(arm, field) for arm in arms]
    if part is None:
        none = [NOT_REPORTED] * len(arms)
        yield make_row(_name_field(field), f"0/{format_count(everyone.cases)}", NOT_REPORTED, *none)
        return
    key = f"patients.{field.name}"
    known = Cell(f"{format_count(part.known)}/{format_count(everyone.cases)}", part.known)
    if isinstance(part, Numbers):
        told = (_show_numbers(other) if isinstance(other, Numbers) else NOT_REPORTED for other in others)
        yield make_row(_name_field(field), known, Cell(_show_numbers(part), key=key), *told)
        return
    yield make_row(_name_field(field), known, "", *[""] * len(arms))
    for place, (choice, count) in enumerate(part.counts):
        cell = Cell(_write_share(count, part.known), count / part.known, key=_name_choice(key, choice))
        told = (
            _write_share(other.counts[place][1], other.known) if isinstance(other, Words) else NOT_REPORTED
            for other in others
        )
        yield make_row(choice, "", cell, *told, depth=1)


def _find_part(described: Characteristics, field: CaseField) -> Numbers | Words | None:
    return next((item for item in described.described if item.field.name == field.name), None)


def _name_field(field: CaseField) -> str:
    return (
        f"{field.label}, {field.unit}"
        if field.unit and field.unit.casefold() not in field.label.casefold()
        else field.label
    )


def _name_choice(key: str, choice: str) -> str:
    return f"{key}.{name_word(choice)}"


def _write_share(count: int, known: int) -> str:
    return f"{format_count(count)}/{format_count(known)} ({format_percent(count, known)})"
