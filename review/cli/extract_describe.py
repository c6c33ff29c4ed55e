"""`review extract describe`: the characteristics of the patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from review.extraction.describe import Characteristics
    from review.extraction.treatments import AgentTally


def run(project: options.Project = None, as_json: options.AsJson = False, quiet: options.Quiet = False) -> None:
    """Describe the patients of each study, of all and of each arm: from case rows where there are some, else as the report prints it.

    With agents in the protocol, the responders to each follow.

    Example: review extract describe --json
    """
    from review.extraction.describe import QUANTILES
    from review.extraction.describe import describe_arms
    from review.extraction.describe import describe_patients
    from review.reporting.sections.treatments import tally_treatments

    review = options.open_project(project)
    studies = list(review.studies.values())
    described = [*describe_patients(studies, review.protocol), *describe_arms(studies, review.protocol)]
    tallies = tally_treatments(studies, review.protocol)
    if as_json:
        groups, agents = [_to_json(item) for item in described], [_tally_to_json(item) for item in tallies]
        output.print_json({"quantiles": QUANTILES, "groups": groups, "treatments": agents})
        return
    labels = {field.name: field.label for field in review.protocol.case_fields}
    for item in described:
        output.print_result(f"{item.label}: {item.cases} cases")
        for part in item.described:
            unit = f" ({part.field.unit})" if part.field.unit else ""
            output.print_result(f"  {part.field.label}{unit}: {part}")
        for name, text in item.reported:
            output.print_result(f"  {labels.get(name, name)}: {text}")
    for tally in tallies:
        responded = "no sum, patients may be shared" if tally.shared else f"{tally.events}/{tally.total} responded"
        unknown = f", {tally.unknown} without a known response" if tally.unknown else ""
        output.print_result(
            f"{tally.agent}: {responded}{unknown} ({', '.join(study.label for study in tally.studies)})"
        )
    output.tell(f"IQR: {QUANTILES}.", quiet=quiet)


def _tally_to_json(item: AgentTally) -> dict[str, object]:
    return {
        "agent": item.agent,
        "events": item.events,
        "total": item.total,
        "unknown": item.unknown,
        "studies": [str(study.id) for study in item.studies],
        "shared": [list(pair) for pair in item.shared],
    }


def _to_json(item: Characteristics) -> dict[str, object]:
    return {
        "study": item.study,
        "arm": item.arm,
        "label": item.label,
        "cases": item.cases,
        "fields": {part.field.name: str(part) for part in item.described},
        "reported": [{"field": name, "text": text} for name, text in item.reported],
    }
