"""Checks across sheets: ids, records, cases printed twice, overlaps, and answers that a rule contradicts."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from review.extraction.patients import is_circular
from review.extraction.patients import link_cases
from review.extraction.sheet import list_places
from review.extraction.totals import check_arms
from review.extraction.totals import check_summaries
from review.extraction.totals import check_totals
from review.extraction.treatments import check_treatments
from review.findings import Finding
from review.findings import find
from review.model import CaseId
from review.model import RecordId
from review.model import Study
from review.model import StudyId


def check_sheets(studies: Sequence[Study], holds: Callable[[RecordId], bool]) -> list[Finding]:
    """Check the sheets of a review against each other and against its records.

    Args:
        studies: All sheets that could be read.
        holds: Whether a run holds this record.
    """
    checks: Iterable[Iterable[Finding]] = (
        check_study_ids(studies),
        check_records(studies, holds),
        check_cases(studies),
        check_overlaps(studies),
        check_totals(studies),
        check_arms(studies),
        check_summaries(studies),
        check_derived(studies),
        check_treatments(studies),
    )
    return [finding for check in checks for finding in check]


def check_study_ids(studies: Sequence[Study]) -> Iterator[Finding]:
    """Two sheets have one study id."""
    seen: dict[StudyId, Study] = {}
    for study in studies:
        first = seen.setdefault(study.id, study)
        if first is not study:
            message = f"the study {study.id} has a sheet already: {first.origin.path if first.origin else ''}"
            yield find("EXTRACT-012", message, study.origin, ids=(study.id,))


def check_records(studies: Sequence[Study], holds: Callable[[RecordId], bool]) -> Iterator[Finding]:
    """A sheet names a record that no run holds."""
    for study in studies:
        told: set[RecordId] = set()
        for record, origin in list_places(study):
            if record and record not in told and not holds(record):
                told.add(record)
                hint = "give an id as `review records` prints it, or the name of a report or source of this sheet"
                yield find("EXTRACT-013", f"no run holds the record {record}", origin, found=record, hint=hint)


def check_cases(studies: Sequence[Study]) -> Iterator[Finding]:
    """One case stands in two sheets, or is said to be a case that does not exist."""
    homes: dict[CaseId, Study] = {}
    for study in studies:
        for case in study.cases:
            other = homes.setdefault(case.id, study)
            if other is not study:
                message = f"the case {case.id} is in the sheet of {other.id} too"
                hint = "give it an id of its own and say same_as, so that it is counted once"
                yield find("EXTRACT-030", message, case.origin, ids=(case.id,), hint=hint)
    links = link_cases(studies)
    for study in studies:
        for case in study.cases:
            if not case.same_as:
                continue
            problem = ""
            if case.same_as not in homes:
                problem = "which no sheet has"
            elif homes[case.same_as] is study:
                problem = "a case of the same sheet"
            elif is_circular(case.id, links):
                problem = "which is said to be this one in turn"
            if problem:
                message = f"the case {case.id} is said to be {case.same_as}, {problem}"
                yield find("EXTRACT-031", message, case.origin, found=case.same_as, ids=(case.id,))


def check_overlaps(studies: Sequence[Study]) -> Iterator[Finding]:
    """An overlap names a study without a sheet."""
    known = {study.id for study in studies}
    for study in studies:
        for overlap in study.overlaps:
            if overlap.study not in known or overlap.study == study.id:
                message = f"{study.id} {overlap.kind.replace('-', ' ')} {overlap.study}, which has no sheet of its own"
                yield find(
                    "EXTRACT-032", message, overlap.origin, found=overlap.study, expected=" | ".join(sorted(known))
                )


def check_derived(studies: Sequence[Study]) -> Iterator[Finding]:
    """A case's values and the answer that is reported for it do not agree."""
    for study in studies:
        for case in study.cases:
            for name, derivation in case.derived.items():
                reported = case.outcomes.get(name)
                if reported is None or not derivation.value or reported.value in ("", derivation.value):
                    continue
                message = f"{name} of {case.id} is reported as {reported.value}, but follows as {derivation.value} from the rule"
                yield find(
                    "EXTRACT-042",
                    message,
                    reported.origin,
                    found=reported.value,
                    expected=f"{derivation.value} ({derivation.rule})",
                    ids=(case.id,),
                )
