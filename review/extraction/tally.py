"""From cases and totals to the events and total of one outcome in one study."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from review.findings import Origin
from review.model import Case
from review.model import CaseId
from review.model import Count
from review.model import Observation
from review.model import Place
from review.model import Study


@dataclass(frozen=True, slots=True)
class Answered:
    """A case whose answer is known.

    `used` are the values that it follows from by the protocol's rule (`is_derived`), or the answer itself as reported. `origin` is the
    case's own line.
    """

    case: CaseId
    answer: Literal["yes", "no"]
    used: tuple[Observation, ...]
    is_derived: bool
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Tally:
    """Events of total, with what they were counted from.

    `answered` are the cases counted (empty where only totals are given, which are `counts` then: one, or one of each arm), `unknown` those
    whose outcome is not reported or unclear and so are not in the total.
    """

    events: int
    total: int
    answered: tuple[Answered, ...] = ()
    unknown: tuple[CaseId, ...] = ()
    counts: tuple[Count, ...] = ()

    @property
    def cases(self) -> tuple[CaseId, ...]:
        """The cases counted."""
        return tuple(item.case for item in self.answered)

    @property
    def derived(self) -> tuple[CaseId, ...]:
        """The cases whose answer follows from their values by the protocol's rule."""
        return tuple(item.case for item in self.answered if item.is_derived)

    @property
    def definition(self) -> str:
        """How the report defines the outcome, where it gives a total."""
        return "; ".join(dict.fromkeys(count.definition for count in self.counts if count.definition))

    @property
    def sources(self) -> tuple[Place, ...]:
        """Where the figures were read, each place once."""
        places = [value.source for value in self._read() if value.source]
        return tuple(dict.fromkeys(places))

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The lines that say so, each once."""
        lines = [value.origin for value in self._read() if value.origin]
        return tuple(dict.fromkeys(lines))

    def _read(self) -> list[Observation | Count]:
        values: list[Observation | Count] = [value for item in self.answered for value in item.used]
        return [*values, *self.counts]


def count_cases(cases: Iterable[Case], outcome: str, *, as_reported: bool = False) -> Tally:
    """Count the cases with a known answer; the others are told apart, not taken as no.

    Args:
        cases: Those of one study.
        outcome: Its name in the protocol.
        as_reported: Take the report's answer before that of the protocol's rule, not after it.
    """
    answered: list[Answered] = []
    unknown: list[CaseId] = []
    for case in cases:
        known = _answer(case, outcome, as_reported=as_reported)
        if known is None:
            unknown.append(case.id)
        else:
            answered.append(known)
    events = sum(item.answer == "yes" for item in answered)
    return Tally(events, len(answered), tuple(answered), tuple(unknown))


def _answer(case: Case, outcome: str, *, as_reported: bool) -> Answered | None:
    """Return the answer that counts, None where neither the rule nor the report gives one."""
    reported, derivation = case.outcomes.get(outcome), case.derived.get(outcome)
    answers: list[Answered] = []
    if derivation is not None and derivation.value:
        answers.append(Answered(case.id, derivation.value, derivation.used, is_derived=True, origin=case.origin))
    if reported is not None and reported.value in ("yes", "no"):
        value: Literal["yes", "no"] = "yes" if reported.value == "yes" else "no"
        answers.append(Answered(case.id, value, (reported,), is_derived=False, origin=case.origin))
    return answers[-1 if as_reported else 0] if answers else None


def select_arm(cases: Iterable[Case], arm: str) -> list[Case]:
    """Return the cases of an arm; of no arm in particular, all."""
    return [case for case in cases if not arm or case.arm == arm]


def tally_outcome(study: Study, outcome: str, *, arm: str = "") -> Tally | None:
    """Return the events and total of an outcome: from the cases where they are given, else the reported total.

    The answer of a case is what the protocol's rule makes of its values; where they leave it open, what the report says. A total of the
    whole study goes before those of its arms, which are added up.

    Args:
        study: The sheet.
        outcome: Its name in the protocol.
        arm: The arm whose patients are counted; empty for all.

    Returns:
        None if the sheet has neither.
    """
    from_cases = count_cases(select_arm(study.cases, arm), outcome)
    if from_cases.total:
        return from_cases
    counts = [count for count in study.counts if count.name == outcome]
    chosen = [count for count in counts if count.arm == arm] or ([] if arm else counts)
    if not chosen:
        return None
    return Tally(sum(count.events for count in chosen), sum(count.total for count in chosen), counts=tuple(chosen))
