"""`review pool ANALYSIS --by FIELD`: the patients of an analysis by a case field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.cli import output
from review.numerals import count_noun
from review.numerals import format_interval
from review.numerals import format_number
from review.numerals import format_share

if TYPE_CHECKING:
    from review.pooling.planned import PlannedResult
    from review.pooling.planned_cases import PatientsBy
    from review.protocol import Protocol


def group_patients(result: PlannedResult, name: str, protocol: Protocol) -> PatientsBy:
    """Return the patients of an analysis by a case field.

    Raises:
        UsageError: If the protocol has no such field.
        PoolError: If patients cannot be grouped by it.
    """
    from review.errors import UsageError
    from review.pooling.planned_cases import compare_patients

    field = next((item for item in protocol.case_fields if item.name == name), None)
    if field is None:
        known = ", ".join(item.name for item in protocol.case_fields if item.type == "choice") or "none"
        raise UsageError(f"there is no case field {name!r}; fields with choices are {known}")
    return compare_patients(result, field)


def print_patients(name: str, found: PatientsBy) -> None:
    """Print a row for each choice, and how they differ."""
    output.print_result(f"{name}, patients known one by one, by {found.field.label.lower()}")
    output.print_columns(
        [
            (
                f"  {row.label}",
                f"{row.events}/{row.total}",
                format_share(row.value),
                format_interval(row.ci_low, row.ci_high, level=row.level),
            )
            for row in found.table.rows
        ],
        right=(1, 2, 3),
    )
    pair, several = found.table.pair, found.table.homogeneity
    if pair is not None:
        output.print_result(f"  Fisher's exact test: P = {format_number(pair.p_fisher, 3)}")
    elif several is not None and several.p_exact is not None:
        output.print_result(f"  exact test of homogeneity: P = {format_number(several.p_exact, 3)}")
    if found.apart:
        output.print_result(f"  {count_noun(found.apart, 'further patient')} known only in totals")


def describe_patients(found: PatientsBy) -> dict[str, object]:
    """Return the same as JSON."""
    pair = found.table.pair
    return {
        "field": found.field.name,
        "rows": [
            {
                "choice": row.label,
                "events": row.events,
                "total": row.total,
                "estimate": row.value,
                "ci": [row.ci_low, row.ci_high],
                "cases": list(row.ids),
            }
            for row in found.table.rows
        ],
        "p_fisher": pair.p_fisher if pair else None,
        "p_exact": found.table.homogeneity.p_exact if found.table.homogeneity else None,
        "in_totals": found.apart,
    }
