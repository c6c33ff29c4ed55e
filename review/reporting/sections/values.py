"""The numbers that the sections of the report add to `values.json`."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence

from review.extraction.compare import Pair
from review.extraction.compare import measure_fields
from review.model import Decision
from review.model import RecordId
from review.model import ReportId
from review.model import Study
from review.model import Value
from review.pooling.planned import PlannedResult
from review.protocol import Protocol
from review.reporting.sections.agreement import list_agreement_values
from review.reporting.sections.characteristics import list_patient_values
from review.reporting.sections.results import list_heterogeneity_values
from review.reporting.sections.sensitivity import list_sensitivity_values
from review.reporting.sections.treatments import list_treatment_values
from review.screening.agreement import compare_screeners


def list_section_values(
    protocol: Protocol,
    studies: Sequence[Study],
    planned: Sequence[PlannedResult],
    votes: Sequence[Decision],
    report_of: Callable[[RecordId], ReportId | None],
    compared: Sequence[Pair],
) -> Iterator[Value]:
    """Yield every number of the sections with its key.

    `patients.<field>[.<choice>]` for the patients known one by one, `treatments.<agent>` for responders, `pool.<analysis>.tau2`, `.i2` and `.q` for heterogeneity,
    `pool.<analysis>.without.<study>` and `pool.<analysis>.rules.<rule>` for sensitivity, `agreement.<stage>.<sample>.<left>.<right>` for kappa,
    `agreement.extraction` for the values on which two extractors agree.
    """
    yield from list_patient_values(studies, protocol)
    yield from list_treatment_values(studies, protocol)
    yield from list_heterogeneity_values(planned)
    yield from list_sensitivity_values(planned, studies, protocol)
    yield from list_agreement_values(compare_screeners(votes, report_of), measure_fields(compared))
