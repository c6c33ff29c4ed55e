"""Studies that may share patients and cases that may be one patient: doubts for a person to rule on, never a decision.

Two studies are doubtful where they share two authors or more, or one author and a centre. Two cases are doubtful where everything that both
sheets tell of them agrees, and that is enough to be no chance: three values in studies that share an author, five in any.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import combinations

from review.extraction.patients import find_patient
from review.extraction.patients import link_cases
from review.findings import Finding
from review.findings import find
from review.model import Author
from review.model import Case
from review.model import Record
from review.model import Study
from review.model import StudyId
from review.numerals import parse_number
from review.protocol import Protocol

#: Equal values that make two cases doubtful: where the studies share an author, and where they do not.
ENOUGH_WITH_AUTHOR = 3
ENOUGH_ALONE = 5

#: Doubtful cases of one pair of studies that are told one by one.
MOST_TOLD = 10

_Place = tuple[int, int]


def check_candidates(
    studies: Sequence[Study], protocol: Protocol, list_records: Callable[[Study], Iterable[Record]]
) -> list[Finding]:
    """Report doubtful pairs of studies and of cases on which no sheet has ruled yet.

    Args:
        studies: All sheets.
        protocol: Says which fields are compared: numbers, dates and choices.
        list_records: Gives the records of a study's reports.
    """
    people = [_name_people(list_records(study)) for study in studies]
    close = _find_close(people)
    ruled = {frozenset((study.id, overlap.study)) for study in studies for overlap in study.overlaps}
    findings = list(_tell_studies(studies, close, ruled))
    links = link_cases(studies)
    traits = [[_list_traits(case, protocol) for case in study.cases] for study in studies]
    told: dict[_Place, int] = defaultdict(int)
    for (left, one), (right, other) in _list_pairs(traits, close):
        pair = frozenset((studies[left].id, studies[right].id))
        first, second = studies[left].cases[one], studies[right].cases[other]
        if pair in ruled and _is_distinct(studies, pair):
            continue
        if find_patient(first.id, links) == find_patient(second.id, links):
            continue
        equal = _compare(traits[left][one], traits[right][other])
        enough = ENOUGH_WITH_AUTHOR if (left, right) in close else ENOUGH_ALONE
        if len(equal) < enough:
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
    studies: Sequence[Study], close: Mapping[_Place, Sequence[str]], ruled: set[frozenset[StudyId]]
) -> Iterator[Finding]:
    for (left, right), shared in sorted(close.items()):
        first, second = studies[left], studies[right]
        if len(shared) < 2 or frozenset((first.id, second.id)) in ruled:
            continue
        if any(case.same_as for case in (*first.cases, *second.cases)):
            links = link_cases((first, second))
            patients = [{find_patient(case.id, links) for case in study.cases} for study in (first, second)]
            if patients[0] & patients[1]:
                continue
        message = f"{second.id} may share patients with {first.id}: both have {', '.join(shared)}"
        hint = "say overlaps_with, may_include or distinct_from under overlap, with why"
        yield find("EXTRACT-060", message, second.origin, ids=(first.id, second.id), hint=hint)


def _is_distinct(studies: Sequence[Study], pair: frozenset[StudyId]) -> bool:
    return any(
        overlap.kind == "distinct-from" and frozenset((study.id, overlap.study)) == pair
        for study in studies
        if study.id in pair
        for overlap in study.overlaps
    )


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def _name_people(records: Iterable[Record]) -> dict[str, str]:
    """Return the authors and centres of a study's reports by a folded form."""
    named: dict[str, str] = {}
    for record in records:
        for author in record.authors:
            key = _fold(author.family)
            if key:
                named[f"{key} {_fold(author.initials)[:1]}"] = _show(author)
            for centre in author.affiliations:
                # The first two parts name department and house; the rest is the postal address.
                folded = _fold(",".join(centre.split(",")[:2]))
                if folded:
                    named[f"centre {folded}"] = centre.split(",")[0].strip()
    return named


def _show(author: Author) -> str:
    return f"{author.family} {author.initials}".strip()


def _find_close(people: Sequence[Mapping[str, str]]) -> dict[_Place, list[str]]:
    """Return the pairs of studies that share an author, with the authors and centres that they share."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place, named in enumerate(people):
        for key in named:
            holders[key].append(place)
    shared: dict[_Place, list[str]] = defaultdict(list)
    for key, places in holders.items():
        for left, right in combinations(places, 2):
            shared[left, right].append(key)
    return {
        pair: [people[pair[0]][key] for key in sorted(keys)]
        for pair, keys in shared.items()
        if any(not key.startswith("centre ") for key in keys)
    }


def _list_traits(case: Case, protocol: Protocol) -> dict[str, str]:
    """Return what is known for sure of a case, in a comparable form."""
    traits = {}
    for field in protocol.case_fields:
        observation = case.fields.get(field.name)
        if observation is None or observation.missing or observation.op != "=" or field.type == "text":
            continue
        is_number = field.type in ("number", "integer")
        traits[field.name] = str(parse_number(observation.value)) if is_number else observation.value
    return traits


def _compare(left: Mapping[str, str], right: Mapping[str, str]) -> list[str]:
    """Return the fields on which two cases agree; none if they differ on any."""
    both = [name for name in left if name in right]
    return both if all(left[name] == right[name] for name in both) else []


def _list_pairs(
    traits: Sequence[Sequence[Mapping[str, str]]], close: Mapping[_Place, object]
) -> Iterator[tuple[_Place, _Place]]:
    """Yield the pairs of cases that are worth a comparison, each once, in order."""
    for left, right in sorted(close):
        for one in range(len(traits[left])):
            for other in range(len(traits[right])):
                yield (left, one), (right, other)
    # Elsewhere five values must agree, so two cases are met by the first five that the one of them has.
    buckets: dict[tuple[str, ...], list[_Place]] = defaultdict(list)
    for place, cases in enumerate(traits):
        for number, known in enumerate(cases):
            if len(known) >= ENOUGH_ALONE:
                for names in combinations(sorted(known)[:8], ENOUGH_ALONE):
                    buckets[tuple(f"{name}={known[name]}" for name in names)].append((place, number))
    seen: set[tuple[_Place, _Place]] = set()
    for places in buckets.values():
        for first, second in combinations(places, 2):
            if first[0] != second[0] and (first[0], second[0]) not in close and (first, second) not in seen:
                seen.add((first, second))
                yield first, second
