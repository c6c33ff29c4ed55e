"""The patients of a planned analysis by the choices of a case field."""

from __future__ import annotations

from dataclasses import dataclass

from review.errors import PoolError
from review.pooling.cases import Patient
from review.pooling.cases import SubgroupTable
from review.pooling.cases import tabulate_response
from review.pooling.planned import PlannedResult
from review.protocol import CaseField


@dataclass(frozen=True, slots=True)
class PatientsBy:
    """Response by the choices of a case field; `apart` counts the patients who are known only in totals and so are not in it."""

    field: CaseField
    table: SubgroupTable
    apart: int


def compare_patients(result: PlannedResult, field: CaseField, *, level: float = 0.95) -> PatientsBy:
    """Tabulate the response of the patients who are known one by one, by the choices of a field.

    Args:
        result: The analysis; its rows count no patient twice.
        field: A field with choices.
        level: Of the intervals.

    Raises:
        PoolError: If the field has no choices, or fewer than two of them have patients with a known response.
    """
    if field.type != "choice":
        raise PoolError(f"{field.name} is a {field.type}; patients are grouped by a field with choices")
    patients: list[Patient] = []
    apart = 0
    for row in result.rows:
        if not row.tally.answered:
            apart += row.tally.total
            continue
        responses = {item.case: item.answer == "yes" for item in row.tally.answered}
        for case in row.study.cases:
            if case.id not in responses and case.id not in row.tally.unknown:
                continue
            observation = case.fields.get(field.name)
            known = observation is not None and not observation.missing
            covariates: dict[str, float | str] = {field.name: observation.value} if observation and known else {}
            patients.append(Patient(str(case.id), str(row.study.id), responses.get(case.id), covariates))
    return PatientsBy(field, tabulate_response(patients, field.name, level=level), apart)
