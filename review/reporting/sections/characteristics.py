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
from review.extraction.describe import describe_patients
from review.extraction.describe import show_number
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
    columns = (
        Column("study", "Study"),
        Column("design", "Design"),
        Column("patients", "Patients", "right"),
        *(Column(f"field-{field.name}", _name_field(field)) for field in fields),
    )
    notes = (
        "Counts are n/N (%) of the patients with a value.",
        _QUARTILES,
        "As reported: the study is known only in sum.",
    )
    caption = "Characteristics of the studies."
    return Table("characteristics", caption, columns, tuple(rows), notes if rows else ())


def tabulate_patients(studies: Sequence[Study], protocol: Protocol) -> Table:
    """Describe all patients of the included studies that sheets have one by one, each once; below, what is known only in sum."""
    chosen = [study for study in studies if study.evidence == "primary"]
    everyone = describe_patients(chosen, protocol)[-1]
    rows = [row for field in protocol.case_fields for row in _describe_field(field, everyone)] if everyone.cases else []
    labels = {field.name: _name_field(field) for field in protocol.case_fields}
    if everyone.reported:
        rows.append(make_group("Known only in sum, as each report states it; not part of the figures above"))
        rows += [make_row(labels.get(name, name), "", text, depth=1) for name, text in everyone.reported]
    columns = (
        Column("field", "Characteristic"),
        Column("known", "Patients with a value", "right"),
        Column("value", "n/N (%), mean (SD), median (IQR), range"),
    )
    caption = f"The patients of the included studies: {count_noun(everyone.cases, 'patient')} known one by one."
    return Table("patients", caption, columns, tuple(rows), (_QUARTILES,) if rows else ())


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


def _describe_field(field: CaseField, everyone: Characteristics) -> Iterator[Row]:
    part = next((item for item in everyone.described if item.field.name == field.name), None)
    if field.type in ("text", "date"):
        return
    if part is None:
        yield make_row(_name_field(field), f"0/{format_count(everyone.cases)}", NOT_REPORTED)
        return
    key = f"patients.{field.name}"
    known = Cell(f"{format_count(part.known)}/{format_count(everyone.cases)}", part.known)
    if isinstance(part, Numbers):
        yield make_row(_name_field(field), known, Cell(_show_numbers(part), key=key))
        return
    yield make_row(_name_field(field), known, "")
    for choice, count in part.counts:
        cell = Cell(_write_share(count, part.known), count / part.known, key=_name_choice(key, choice))
        yield make_row(choice, "", cell, depth=1)


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
