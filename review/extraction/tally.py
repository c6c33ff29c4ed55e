"""From cases and totals to the events and total of one outcome in one study."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from review.findings import Origin
from review.model import Case
from review.model import CaseId
from review.model import Observation
from review.model import Place
from review.model import Study


@dataclass(frozen=True, slots=True)
class Tally:
    """Events of total, with what they were counted from.

    `cases` are those counted (empty where only a total is given), `unknown` those whose outcome is not reported or unclear and so are
    not in the total. `derived` are those counted whose answer follows from their values by the protocol's rule; the others are taken
    as reported. `origins` are the lines that were read.
    """

    events: int
    total: int
    cases: tuple[CaseId, ...] = ()
    unknown: tuple[CaseId, ...] = ()
    definition: str = ""
    sources: tuple[Place, ...] = ()
    origins: tuple[Origin, ...] = ()
    derived: tuple[CaseId, ...] = ()


def count_cases(cases: Iterable[Case], outcome: str, *, as_reported: bool = False) -> Tally:
    """Count the cases with a known answer; the others are told apart, not taken as no.

    Args:
        cases: Those of one study.
        outcome: Its name in the protocol.
        as_reported: Take the report's answer before that of the protocol's rule, not after it.
    """
    counted: list[CaseId] = []
    unknown: list[CaseId] = []
    derived: list[CaseId] = []
    sources: dict[Place, None] = {}
    origins: dict[Origin, None] = {}
    events = 0
    for case in cases:
        value, used, is_derived = _answer(case, outcome, as_reported=as_reported)
        if not value:
            unknown.append(case.id)
            continue
        counted.append(case.id)
        if is_derived:
            derived.append(case.id)
        events += value == "yes"
        sources |= {item.source: None for item in used if item.source}
        origins |= {item.origin: None for item in used if item.origin}
    return Tally(
        events, len(counted), tuple(counted), tuple(unknown), "", tuple(sources), tuple(origins), tuple(derived)
    )


def _answer(case: Case, outcome: str, *, as_reported: bool) -> tuple[str, tuple[Observation, ...], bool]:
    """Return yes, no or nothing, what it was read from, and whether a rule made it."""
    reported, derivation = case.outcomes.get(outcome), case.derived.get(outcome)
    answers: list[tuple[str, tuple[Observation, ...], bool]] = []
    if derivation is not None and derivation.value:
        answers.append((derivation.value, derivation.used, True))
    if reported is not None and not reported.missing:
        answers.append((reported.value, (reported,), False))
    if not answers:
        return "", (), False
    return answers[-1 if as_reported else 0]


def tally_outcome(study: Study, outcome: str) -> Tally | None:
    """Return the events and total of an outcome: from the cases where they are given, else the reported total.

    The answer of a case is what the protocol's rule makes of its values; where they leave it open, what the report says.

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
