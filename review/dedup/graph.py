"""Units, what the rules say on pairs of them, and what people ruled: all that groups are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from review.dedup.cluster import Clustering
from review.dedup.cluster import cluster
from review.dedup.compare import Comparison
from review.dedup.compare import compare
from review.dedup.groups import Edge
from review.dedup.normalise import Normal
from review.dedup.rule import Rule
from review.dedup.rules import BY_NAME
from review.dedup.rules import decide
from review.dedup.rulings import Ruling
from review.dedup.units import Unit
from review.findings import Finding
from review.findings import find
from review.model import RecordId

#: Weight of an edge between two units of equal content, above every other.
_IDENTICAL = 99.0


@dataclass(slots=True)
class Graph:
    """Places are positions in `units`; `normal_of` fetches the normal form of a place, from memory or from a store."""

    units: Sequence[Unit]
    edges: Sequence[Edge]
    normal_of: Callable[[int], Normal]
    merge_preprints: bool = False
    same: list[tuple[int, int]] = field(default_factory=list)
    different: list[tuple[int, int]] = field(default_factory=list)
    _by_content: dict[str, list[int]] = field(default_factory=dict)
    _forbidden: dict[tuple[int, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_content: dict[str, list[int]] = defaultdict(list)
        for place, unit in enumerate(self.units):
            by_content[unit.fingerprint].append(place)
        self._by_content = dict(by_content)

    def take_rulings(self, rulings: Iterable[Ruling]) -> list[Finding]:
        """Take up people's standing rulings; return a finding for each that names a record that is not here."""
        named = {name for ruling in rulings for name in ruling.pair}
        place_of = {name: place for place, unit in enumerate(self.units) for name in unit.ids if name in named}
        findings = []
        for ruling in sorted(rulings, key=lambda ruling: (ruling.when, ruling.pair)):
            unknown = [name for name in ruling.pair if name not in place_of]
            if unknown:
                message = f"ruling on {' and '.join(ruling.pair)}: no record {' and '.join(unknown)}"
                findings.append(find("DEDUP-003", message, ids=ruling.pair))
                continue
            pair = (place_of[ruling.left], place_of[ruling.right])
            if ruling.ruling == "different":
                self.different.append(pair)
            elif pair[0] != pair[1]:
                self.same.append(pair)
        return findings

    def cluster(self) -> Clustering:
        """Group the units along the edges that join."""
        joining = [
            (edge.score, left, right)
            for edge in self.edges
            if self.joins(edge.rule)
            for left, right in self.places(edge)
        ]
        for places in self._by_content.values():
            if len(places) > 1 and self.units[places[0]].tells:
                joining += [(_IDENTICAL, places[0], place) for place in places[1:]]
        return cluster(len(self.units), joining, contradicts=self.contradicts, same=self.same, different=self.different)

    def joins(self, rule: str) -> bool:
        """Tell whether an edge by this rule makes one group."""
        return BY_NAME[rule].outcome == "duplicate" or (self.merge_preprints and rule == "preprint")

    def places(self, edge: Edge) -> Iterator[tuple[int, int]]:
        """Yield the places that an edge between two contents ties."""
        if edge.left == edge.right:
            places = self._by_content.get(edge.left, [])
            yield from ((a, b) for at, a in enumerate(places) for b in places[at + 1 :])
        else:
            rights = self._by_content.get(edge.right, [])
            yield from ((a, b) for a in self._by_content.get(edge.left, []) for b in rights)

    def judge(self, left: int, right: int) -> tuple[Comparison, Rule | None]:
        """Compare two places and ask the rules."""
        comparison = compare(self.normal_of(left), self.normal_of(right))
        return comparison, decide(comparison)

    def contradicts(self, ours: Sequence[int], theirs: Sequence[int], edge: tuple[int, int]) -> bool:
        """Tell whether a rule forbids that two sets become one along an edge.

        What the edge itself disagrees on was weighed when it was drawn; and a set that holds both values of a field (a
        wrong page that an equal DOI outweighed) takes another record with either.
        """
        return any(self._contradict(a, b, edge, ours, theirs) for a in ours for b in theirs if (a, b) != edge)

    def _contradict(self, a: int, b: int, edge: tuple[int, int], ours: Sequence[int], theirs: Sequence[int]) -> bool:
        name = self._forbidding_field(a, b)
        if not name:
            return False
        value_a, value_b = self._value(a, name), self._value(b, name)
        if (value_a, value_b) == (self._value(edge[0], name), self._value(edge[1], name)):
            return False
        return not any(value_a == self._value(place, name) for place in theirs) and not any(
            value_b == self._value(place, name) for place in ours
        )

    def _value(self, place: int, name: str) -> object:
        return getattr(self.normal_of(place), name)

    def _forbidding_field(self, a: int, b: int) -> str:
        """Return the field on which a rule forbids the two to stand together, empty where none does."""
        key = (a, b) if a < b else (b, a)
        if key not in self._forbidden:
            rule = self.judge(*key)[1]
            self._forbidden[key] = rule.field if rule is not None and not self.joins(rule.name) else ""
        return self._forbidden[key]

    def name_of(self, place: int) -> RecordId:
        """Return the first id of a place."""
        return self.units[place].ids[0]
