"""The tables of the sections, each once: they stand in the report and as files of their own."""

from __future__ import annotations

from collections.abc import Iterator

from review.extraction.compare import measure_fields
from review.reporting.listings import collect_notes
from review.reporting.listings import tabulate_close_calls
from review.reporting.listings import tabulate_excluded
from review.reporting.sections.agreement import tabulate_extractors
from review.reporting.sections.agreement import tabulate_screeners
from review.reporting.sections.appraisal import list_appraisal_tables
from review.reporting.sections.certainty import tabulate_certainty
from review.reporting.sections.certainty import tabulate_summary
from review.reporting.sections.characteristics import tabulate_characteristics
from review.reporting.sections.characteristics import tabulate_patients
from review.reporting.sections.characteristics import tabulate_summaries
from review.reporting.sections.material import Material
from review.reporting.sections.sensitivity import list_sensitivity_tables
from review.reporting.sections.treatments import tabulate_treatments
from review.reporting.table import Table


def list_section_tables(material: Material) -> Iterator[Table]:
    """Yield the tables that have rows, and that of reports excluded at full text in any case, in the order of the report."""
    optional = list(_list_optional(material))
    yield from (table for table in optional if table.rows)
    progress, notes = material.progress, collect_notes(material.votes, material.report_of)
    yield tabulate_excluded(progress.rejected, material.references, material.protocol, notes)


def _list_optional(material: Material) -> Iterator[Table]:
    protocol, studies, planned = material.protocol, material.studies, material.planned
    yield tabulate_screeners(material.agreement)
    yield tabulate_extractors(measure_fields(material.compared), protocol)
    yield tabulate_characteristics(studies, protocol)
    yield tabulate_patients(studies, protocol)
    yield tabulate_treatments(studies, protocol)
    yield tabulate_summaries(studies, protocol)
    yield from list_appraisal_tables(material.included, protocol)
    yield from list_sensitivity_tables(planned, studies, protocol)
    yield tabulate_summary(planned, material.ratings, material.measured)
    yield tabulate_certainty(material.ratings)
    yield tabulate_close_calls(
        material.progress.excluded, material.references, protocol, material.votes, material.report_of
    )
