"""Which cases of several sheets are one patient: what the sheets say with same_as, and one id in two sheets."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from review.model import CaseId
from review.model import Overlap
from review.model import Study
from review.model import StudyId


def link_cases(studies: Iterable[Study]) -> dict[CaseId, CaseId]:
    """Return what the sheets say of their cases: a case and the one that it is the same as."""
    return {case.id: case.same_as for study in studies for case in study.cases if case.same_as}


def find_repeated(
    counted: Sequence[Study], links: Mapping[CaseId, CaseId]
) -> dict[tuple[StudyId, CaseId], tuple[StudyId, CaseId]]:
    """Find the cases whose patient another case stands for, each with that case.

    The case that the others refer to stands for the patient if it is among those counted, else the first one.

    Args:
        counted: The studies whose patients are counted together.
        links: The links of all sheets, since two cases may be the same as a third one that is not counted.
    """
    cases = [(study.id, case.id) for study in counted for case in study.cases]
    patients = {identifier: find_patient(identifier, links) for _, identifier in cases}
    standing: dict[CaseId, tuple[StudyId, CaseId]] = {}
    for place in sorted(cases, key=lambda place: patients[place[1]] != place[1]):
        standing.setdefault(patients[place[1]], place)
    return {place: standing[patients[place[1]]] for place in cases if standing[patients[place[1]]] != place}


def find_patient(case: CaseId, links: Mapping[CaseId, CaseId]) -> CaseId:
    """Follow the links of a case to the one that names the patient; of cases that refer to each other the least id does."""
    trail = [case]
    while (following := links.get(trail[-1])) is not None:
        if following in trail:
            return min(trail[trail.index(following) :])
        trail.append(following)
    return trail[-1]


def is_circular(case: CaseId, links: Mapping[CaseId, CaseId]) -> bool:
    """Whether the links of a case lead back to it, so that no case stands for the patient by what the sheets say."""
    seen: set[CaseId] = set()
    following = links.get(case)
    while following is not None and following not in seen:
        if following == case:
            return True
        seen.add(following)
        following = links.get(following)
    return False


def list_shared(studies: Sequence[Study]) -> Iterator[tuple[Study, Overlap, Study]]:
    """Yield the pairs of studies whose patients may be the same, each with the statement of a sheet that says so.

    A pair that a sheet rules to be distinct is left out, and one of which some cases are named as the same: these are then counted once.
    """
    chosen = {study.id: study for study in studies}
    ruled = {
        frozenset((study.id, overlap.study))
        for study in studies
        for overlap in study.overlaps
        if overlap.kind == "distinct-from"
    }
    for study in studies:
        for overlap in study.overlaps:
            other = chosen.get(overlap.study)
            if other is None or overlap.kind == "distinct-from" or frozenset((study.id, other.id)) in ruled:
                continue
            if overlap.kind == "overlaps-with" and _names_shared_cases(study, other):
                continue
            yield study, overlap, other


def _names_shared_cases(left: Study, right: Study) -> bool:
    """Whether one sheet names cases of the other as its own."""
    ids = [{case.id for case in study.cases} for study in (left, right)]
    return any(case.same_as in ids[1] for case in left.cases) or any(case.same_as in ids[0] for case in right.cases)
