"""From cases and totals to the events and total of one outcome in one study."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from review.findings import Origin
from review.model import Case
from review.model import CaseId
from review.model import Place
from review.model import Study


@dataclass(frozen=True, slots=True)
class Tally:
    """Events of total, with what they were counted from.

    `cases` are those counted (empty where only a total is given), `unknown` those whose outcome is not reported or unclear and so are
    not in the total. `origins` are the lines that were read.
    """

    events: int
    total: int
    cases: tuple[CaseId, ...] = ()
    unknown: tuple[CaseId, ...] = ()
    definition: str = ""
    sources: tuple[Place, ...] = ()
    origins: tuple[Origin, ...] = ()


def count_cases(cases: Iterable[Case], outcome: str) -> Tally:
    """Count the cases with a known answer; the others are told apart, not taken as no."""
    counted: list[CaseId] = []
    unknown: list[CaseId] = []
    sources: dict[Place, None] = {}
    origins: list[Origin] = []
    events = 0
    for case in cases:
        observation = case.outcomes.get(outcome)
        if observation is None or observation.missing:
            unknown.append(case.id)
            continue
        counted.append(case.id)
        events += observation.value == "yes"
        if observation.source:
            sources[observation.source] = None
        if observation.origin:
            origins.append(observation.origin)
    return Tally(events, len(counted), tuple(counted), tuple(unknown), "", tuple(sources), tuple(origins))


def tally_outcome(study: Study, outcome: str) -> Tally | None:
    """Return the events and total of an outcome: from the cases where they are given, else the reported total.

    None if the sheet has neither.
    """
    from_cases = count_cases(study.cases, outcome)
    if from_cases.total:
        return from_cases
    for count in study.counts:
        if count.name == outcome:
            sources = (count.source,) if count.source else ()
            origins = (count.origin,) if count.origin else ()
            return Tally(count.events, count.total, (), (), count.definition, sources, origins)
    return None
