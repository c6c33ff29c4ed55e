"""`review extract describe`: the characteristics of the patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from review.extraction.describe import Characteristics


def run(project: options.Project = None, as_json: options.AsJson = False, quiet: options.Quiet = False) -> None:
    """Describe the patients of each study, of all and of each arm: from case rows where there are some, else as the report prints it.

    Example: review extract describe --json
    """
    from review.extraction.describe import QUANTILES
    from review.extraction.describe import describe_arms
    from review.extraction.describe import describe_patients

    review = options.open_project(project)
    studies = list(review.studies.values())
    described = [*describe_patients(studies, review.protocol), *describe_arms(studies, review.protocol)]
    if as_json:
        output.print_json({"quantiles": QUANTILES, "groups": [_to_json(item) for item in described]})
        return
    labels = {field.name: field.label for field in review.protocol.case_fields}
    for item in described:
        output.print_result(f"{item.label}: {item.cases} cases")
        for part in item.described:
            unit = f" ({part.field.unit})" if part.field.unit else ""
            output.print_result(f"  {part.field.label}{unit}: {part}")
        for name, text in item.reported:
            output.print_result(f"  {labels.get(name, name)}: {text}")
    output.tell(f"IQR: {QUANTILES}.", quiet=quiet)


def _to_json(item: Characteristics) -> dict[str, object]:
    return {
        "study": item.study,
        "arm": item.arm,
        "label": item.label,
        "cases": item.cases,
        "fields": {part.field.name: str(part) for part in item.described},
        "reported": [{"field": name, "text": text} for name, text in item.reported],
    }
