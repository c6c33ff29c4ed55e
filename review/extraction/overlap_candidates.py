"""Studies that may share patients and cases that may be one patient: doubts for a person to rule on, never a decision.

Two studies are doubtful where two of these agree: an author, a second author, the centre; years of recruitment that overlap and an agent in common count
as one of them together. Years that exclude each other, or agents of which none is common, ask for more. Two cases are doubtful where everything
that both sheets tell of them agrees, and that is enough to be no chance: three values in studies that share an author, four in studies of one centre, five in
any; and so rare that no such coincidence is expected among the cases of the two studies, or elsewhere among all (`review.extraction.likeness`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from math import prod

from review.extraction.likeness import compare_traits
from review.extraction.likeness import estimate_chances
from review.extraction.likeness import fold
from review.extraction.likeness import list_pairs
from review.extraction.likeness import list_traits
from review.extraction.patients import find_patient
from review.extraction.patients import link_cases
from review.extraction.recruitment import Period
from review.extraction.recruitment import find_period
from review.findings import Finding
from review.findings import find
from review.model import Author
from review.model import Record
from review.model import Study
from review.model import StudyId
from review.protocol import Protocol

#: Equal values that make two cases doubtful: where the studies share an author, a centre, or neither.
ENOUGH_WITH_AUTHOR = 3
ENOUGH_WITH_CENTRE = 4
ENOUGH_ALONE = 5

#: What each sign says for or against shared patients, and the sum that makes two studies doubtful.
_AUTHOR, _CENTRE, _YEARS, _AGENT = 2, 2, 1, 1
_OTHER_YEARS, _OTHER_AGENTS = -3, -1
_DOUBTFUL = 4

#: Coincidences that may be expected among the pairs of cases of two studies that share people or a centre, and among all cases elsewhere: a patient
#: counted twice is worse than a doubt too many where there is a reason for it, and not where there is none.
_EXPECTED_CLOSE, _EXPECTED_ALONE = 0.3, 0.1

#: Doubtful cases of one pair of studies that are told one by one.
MOST_TOLD = 10

_CENTRE_MARK = "centre "

_Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Setting:
    """Who studied patients, where, when and with what: `people` and centres by a folded form."""

    people: Mapping[str, str]
    period: Period | None
    agents: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What two studies have in common, as printed, and whether an author is among it."""

    shared: tuple[str, ...]
    has_author: bool
    weight: int
    excludes: bool

    @property
    def enough(self) -> int:
        """Equal values that make two of their cases doubtful; years of recruitment that exclude each other ask for one more."""
        return (ENOUGH_WITH_AUTHOR if self.has_author else ENOUGH_WITH_CENTRE) + self.excludes


def check_candidates(
    studies: Sequence[Study], protocol: Protocol, list_records: Callable[[Study], Iterable[Record]]
) -> list[Finding]:
    """Report doubtful pairs of studies and of cases on which no sheet has ruled yet.

    Args:
        studies: All sheets.
        protocol: Says which fields are compared: numbers, dates, choices and short texts.
        list_records: Gives the records of a study's reports.
    """
    close = _find_close([_describe(study, list(list_records(study)), protocol) for study in studies])
    ruled = {frozenset((study.id, overlap.study)) for study in studies for overlap in study.overlaps}
    findings = list(_tell_studies(studies, close, ruled))
    links = link_cases(studies)
    traits = [[list_traits(case, protocol) for case in study.cases] for study in studies]
    chances = estimate_chances([case for cases in traits for case in cases], protocol)
    sizes = [len(cases) for cases in traits]
    among_all = comb(sum(sizes), 2)
    told: dict[_Pair, int] = defaultdict(int)
    for (left, one), (right, other) in list_pairs(traits, close, ENOUGH_ALONE):
        pair = frozenset((studies[left].id, studies[right].id))
        first, second = studies[left].cases[one], studies[right].cases[other]
        if pair in ruled and _is_distinct(studies, pair):
            continue
        if find_patient(first.id, links) == find_patient(second.id, links):
            continue
        equal = compare_traits(traits[left][one], traits[right][other])
        likeness = close.get((left, right))
        if len(equal) < (likeness.enough if likeness else ENOUGH_ALONE):
            continue
        expected = prod(chances[name] for name in equal) * (sizes[left] * sizes[right] if likeness else among_all)
        if expected > (_EXPECTED_CLOSE if likeness else _EXPECTED_ALONE):
            continue
        told[left, right] += 1
        if told[left, right] > MOST_TOLD:
            continue
        message = (
            f"{second.id} of {studies[right].id} may be {first.id} of {studies[left].id}: equal {', '.join(equal)}"
        )
        hint = f"if so, same_as: {first.id}; if not, distinct_from: {studies[left].id} under overlap, with why"
        findings.append(find("EXTRACT-061", message, second.origin, ids=(first.id, second.id), hint=hint))
    return findings


def _tell_studies(
    studies: Sequence[Study], close: Mapping[_Pair, _Likeness], ruled: set[frozenset[StudyId]]
) -> Iterator[Finding]:
    for (left, right), likeness in sorted(close.items()):
        first, second = studies[left], studies[right]
        if likeness.weight < _DOUBTFUL or frozenset((first.id, second.id)) in ruled:
            continue
        if any(case.same_as for case in (*first.cases, *second.cases)):
            links = link_cases((first, second))
            patients = [{find_patient(case.id, links) for case in study.cases} for study in (first, second)]
            if patients[0] & patients[1]:
                continue
        message = f"{second.id} may share patients with {first.id}: both have {', '.join(likeness.shared)}"
        hint = "say overlaps_with, may_include or distinct_from under overlap, with why"
        yield find("EXTRACT-060", message, second.origin, ids=(first.id, second.id), hint=hint)


def _is_distinct(studies: Sequence[Study], pair: frozenset[StudyId]) -> bool:
    return any(
        overlap.kind == "distinct-from" and frozenset((study.id, overlap.study)) == pair
        for study in studies
        if study.id in pair
        for overlap in study.overlaps
    )


def _describe(study: Study, records: Sequence[Record], protocol: Protocol) -> _Setting:
    agents = {treatment.agent for case in study.cases for treatment in case.treatments}
    agents |= {count.name for count in study.treatments}
    arms = {case.arm for case in study.cases} | {count.arm for count in study.counts}
    agents |= {agent for arm in protocol.arms if arm.name in arms for agent in arm.interventions}
    period = find_period((record.abstract for record in records), study.year)
    return _Setting(_name_people(records), period, frozenset(agents))


def _name_people(records: Iterable[Record]) -> dict[str, str]:
    """Return the authors and centres of a study's reports by a folded form."""
    named: dict[str, str] = {}
    for record in records:
        for author in record.authors:
            key = fold(author.family)
            if key:
                named[f"{key} {fold(author.initials)[:1]}"] = _show(author)
            for centre in author.affiliations:
                # The first two parts name department and house; the rest is the postal address.
                folded = fold(",".join(centre.split(",")[:2]))
                if folded:
                    named[f"{_CENTRE_MARK}{folded}"] = centre.split(",")[0].strip()
    return named


def _show(author: Author) -> str:
    return f"{author.family} {author.initials}".strip()


def _find_close(settings: Sequence[_Setting]) -> dict[_Pair, _Likeness]:
    """Return the pairs of studies that share an author or a centre, with all that they share."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place, setting in enumerate(settings):
        for key in setting.people:
            holders[key].append(place)
    shared: dict[_Pair, list[str]] = defaultdict(list)
    for key, places in holders.items():
        for pair in combinations(places, 2):
            shared[pair].append(key)
    return {(left, right): _weigh(settings[left], settings[right], keys) for (left, right), keys in shared.items()}


def _weigh(left: _Setting, right: _Setting, keys: Sequence[str]) -> _Likeness:
    authors = [key for key in keys if not key.startswith(_CENTRE_MARK)]
    shared = [left.people[key] for key in sorted(keys)]
    weight = min(len(authors), 2) * _AUTHOR + (len(authors) < len(keys)) * _CENTRE
    excludes = False
    if left.period and right.period:
        excludes = left.period.excludes(right.period)
        weight += _OTHER_YEARS * excludes
        if left.period.overlaps(right.period):
            weight += _YEARS
            shared.append("years of recruitment")
    if left.agents and right.agents:
        common = left.agents & right.agents
        weight += _AGENT if common else _OTHER_AGENTS
        shared += sorted(common)
    return _Likeness(tuple(shared), bool(authors), weight, excludes)
