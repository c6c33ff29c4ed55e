"""How much two cases tell the same: fields with equal values, and none that differ.

Numbers, dates and choices must agree where both cases have them. Short texts (a site) and the agents that were tried count where they agree, but do
not speak against a pair where they differ: people word the same thing in many ways, and reports leave agents out.

The more cases a review has, the more of them agree by chance. How often two different patients agree on a field is estimated from the cases themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections import defaultdict
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from itertools import combinations
from math import comb

from review.model import Case
from review.numerals import parse_number
from review.protocol import Protocol

#: Words of a text that names something, such as a site; longer ones tell a story.
_MOST_WORDS = 4

#: Values of a case that are combined when pairs are looked for among all cases.
_MOST_COMBINED = 8

_AGENTS = "treatments"

#: How often two patients agree on a field of a type, before any case is seen, and how many pairs of cases that guess is worth.
_GUESSED = {"number": 1 / 20, "integer": 1 / 10, "date": 1 / 50, "text": 1 / 5}
_GUESSED_AGENTS = 1 / 5
_GUESS_WEIGHT = 200

#: The number of a study and of a case in it.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known for sure of a case, in a comparable form by field: what must agree, and what only counts if it does."""

    strict: dict[str, str] = field(default_factory=dict)
    loose: dict[str, str] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, str]:
        """All of it."""
        return self.strict | self.loose


def list_traits(case: Case, protocol: Protocol) -> Traits:
    """Return what is known for sure of a case."""
    traits = Traits()
    for item in protocol.case_fields:
        observation = case.fields.get(item.name)
        if observation is None or observation.missing or observation.op != "=":
            continue
        if item.type == "text":
            text = fold(observation.value)
            if text and text.count(" ") < _MOST_WORDS:
                traits.loose[item.name] = text
        elif item.type in ("number", "integer"):
            traits.strict[item.name] = str(parse_number(observation.value))
        else:
            traits.strict[item.name] = observation.value
    if case.treatments:
        traits.loose[_AGENTS] = " + ".join(sorted({treatment.agent for treatment in case.treatments}))
    return traits


def compare_traits(left: Traits, right: Traits) -> list[str]:
    """Return the fields on which two cases agree; none if they differ on any that must."""
    both = [name for name in left.strict if name in right.strict]
    if any(left.strict[name] != right.strict[name] for name in both):
        return []
    return both + [name for name in left.loose if left.loose[name] == right.loose.get(name)]


def estimate_chances(traits: Iterable[Traits], protocol: Protocol) -> dict[str, float]:
    """Return by field how often two different patients agree on it, 0..1: the share of agreeing pairs, drawn towards a guess where cases are few."""
    values: dict[str, Counter[str]] = defaultdict(Counter)
    for item in traits:
        for name, value in item.known.items():
            values[name][value] += 1
    guessed = {
        item.name: 1 / max(2, len(item.choices)) if item.type == "choice" else _GUESSED[item.type]
        for item in protocol.case_fields
    } | {_AGENTS: _GUESSED_AGENTS}
    chances = {}
    for name, guess in guessed.items():
        counts = values[name]
        agreeing = sum(comb(count, 2) for count in counts.values())
        chances[name] = (agreeing + _GUESS_WEIGHT * guess) / (comb(counts.total(), 2) + _GUESS_WEIGHT)
    return chances


def list_pairs(
    traits: Sequence[Sequence[Traits]], close: Collection[tuple[int, int]], enough: int
) -> Iterator[tuple[Place, Place]]:
    """Yield the pairs of cases of different studies that are worth a comparison, each once, in order.

    Args:
        traits: Those of each case of each study.
        close: Pairs of studies of which all cases are compared.
        enough: Equal values that pairs of other studies must have.
    """
    for left, right in sorted(close):
        for one in range(len(traits[left])):
            for other in range(len(traits[right])):
                yield (left, one), (right, other)
    # Elsewhere some values must agree, so two cases are met by any that many which one of them has.
    buckets: dict[tuple[str, ...], list[Place]] = defaultdict(list)
    for place, cases in enumerate(traits):
        for number, case in enumerate(cases):
            known = case.known
            for names in combinations(sorted(known)[:_MOST_COMBINED], enough):
                buckets[tuple(f"{name}={known[name]}" for name in names)].append((place, number))
    seen: set[tuple[Place, Place]] = set()
    for places in buckets.values():
        for first, second in combinations(places, 2):
            if first[0] != second[0] and (first[0], second[0]) not in close and (first, second) not in seen:
                seen.add((first, second))
                yield first, second


def fold(text: str) -> str:
    """Return a text in small letters without accents and signs."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.findall(r"[a-z0-9]+", plain))
