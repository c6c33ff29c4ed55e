"""Records to groups: normalise, find candidates, compare, decide, cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from review.dedup.candidates import BLOCK_CAP
from review.dedup.candidates import find_blocks
from review.dedup.candidates import find_pairs
from review.dedup.cluster import cluster
from review.dedup.companions import link_of
from review.dedup.companions import propose_companion
from review.dedup.compare import compare
from review.dedup.evidence import tell_fields
from review.dedup.evidence import weigh
from review.dedup.groups import Doubt
from review.dedup.groups import Edge
from review.dedup.groups import Group
from review.dedup.groups import Grouping
from review.dedup.normalise import Normal
from review.dedup.normalise import normalise
from review.dedup.rules import BY_NAME
from review.dedup.rules import decide
from review.dedup.rulings import Ruling
from review.dedup.rulings import settle_rulings
from review.findings import Finding
from review.findings import find
from review.model import Link
from review.model import Record
from review.model import RecordId

#: Weight of an edge between two units of equal content, above every other.
_IDENTICAL = 99.0


@dataclass(frozen=True, slots=True)
class Unit:
    """What is compared once: one content, with the ids of all records that have it."""

    normal: Normal
    ids: tuple[RecordId, ...]


def group_records(
    records: Sequence[Record],
    *,
    rulings: Sequence[Ruling] = (),
    held: Grouping | None = None,
    merge_preprints: bool = False,
) -> Grouping:
    """Group the records that are entries of one report.

    The outcome does not depend on the order of the records. Entries with one id count as one record.

    Args:
        records: All records, those of earlier refreshes included.
        rulings: People's rulings; they win over the rules.
        held: The outcome of an earlier call on some of these records: pairs whose content was compared then are not
            compared again. The outcome is the same as without it.
        merge_preprints: Whether a preprint and its article count as one report; by default they are companions.
    """
    normals, findings = _distinct(records)
    standing = settle_rulings(rulings)
    units = make_units(
        normals, {name for pair, ruling in standing.items() if ruling.ruling == "different" for name in pair}
    )
    edges, capped = find_edges(units, held)
    findings += [
        find("DEDUP-005", f"more than {BLOCK_CAP} records share the key {key[1:]!r}", found=key) for key in capped
    ]
    graph = _Graph(units, edges, merge_preprints=merge_preprints)
    findings += graph.rule(standing.values())
    clustering = cluster(
        len(units), graph.joining(), contradicts=graph.contradicts, same=graph.same, different=graph.different
    )
    findings += [_contradiction(units, a, b) for a, b in clustering.conflicts]
    groups = sorted((_make_group(units, members) for members in clustering.sets), key=lambda group: group.members)
    doubtful, companions = graph.leftovers(clustering.sets, clustering.blocked)
    return Grouping(
        groups=tuple(groups),
        doubtful=doubtful,
        companions=companions,
        findings=tuple(findings),
        edges=tuple(edges),
        fingerprints={RecordId(normal.id): normal.fingerprint for normal in normals},
    )


def _distinct(records: Sequence[Record]) -> tuple[list[Normal], list[Finding]]:
    """Normalise; keep one entry per id, the most complete one, in the order of ids."""
    by_id: dict[str, list[Normal]] = defaultdict(list)
    for record in records:
        by_id[record.id].append(normalise(record))
    kept = []
    findings = []
    for name in sorted(by_id):
        entries = sorted(by_id[name], key=lambda entry: (-entry.weight, entry.fingerprint))
        kept.append(entries[0])
        for other in entries[1:]:
            rule = None if other.fingerprint == entries[0].fingerprint else decide(compare(entries[0], other))
            if rule is not None and rule.forbids:
                message = f"{name}: entries with this id are different documents ({rule.sentence})"
                findings.append(find("DEDUP-004", message, found=name, ids=(name,)))
                break
    findings += [
        find("DEDUP-006", f"{normal.id} has no title", ids=(normal.id,))
        for normal in kept
        if not normal.title.wordings and not normal.doi and not normal.pmid
    ]
    return kept, findings


def make_units(normals: Iterable[Normal], apart: set[RecordId]) -> list[Unit]:
    """Collect records of equal content, in the order of contents.

    A record whose content tells too little (`Editorial` and nothing else), or that a person keeps apart from another,
    is a unit of its own.
    """
    held: dict[tuple[str, str], list[Normal]] = defaultdict(list)
    for normal in normals:
        own = "" if normal.tells and normal.id not in apart else normal.id
        held[normal.fingerprint, own].append(normal)
    return [
        Unit(normals[0], tuple(RecordId(normal.id) for normal in normals))
        for normals in (sorted(held[key], key=lambda normal: normal.id) for key in sorted(held))
    ]


def find_edges(units: Sequence[Unit], held: Grouping | None = None) -> tuple[list[Edge], list[str]]:
    """Return what the rules say on every pair of candidates worth keeping, and the keys that too many records share.

    Edges kept: duplicates, doubts, and companions. Where `held` is given, contents that it knows are not compared again,
    unless a key has become too common since: then the pairs that it gave are no longer there, and all is done anew.
    """
    normals = [unit.normal for unit in units]
    blocks, capped = find_blocks(normals)
    edges: dict[tuple[str, str], Edge] = {}
    fresh: frozenset[int] | None = None
    if held is not None and not capped:
        known = set(held.fingerprints.values())
        here = {normal.fingerprint for normal in normals}
        fresh = frozenset(place for place, normal in enumerate(normals) if normal.fingerprint not in known)
        edges = {(edge.left, edge.right): edge for edge in held.edges if edge.left in here and edge.right in here}
    for left, right in find_pairs(blocks.values(), fresh):
        a, b = normals[left], normals[right]
        if (a.fingerprint, b.fingerprint) in edges:
            continue
        comparison = compare(a, b)
        rule = decide(comparison)
        if rule is not None and (rule.outcome != "different" or propose_companion(comparison, rule)):
            edges[a.fingerprint, b.fingerprint] = Edge(a.fingerprint, b.fingerprint, rule.name, weigh(comparison))
    return [edges[key] for key in sorted(edges)], capped


@dataclass(slots=True)
class _Graph:
    """Units, what the rules say on pairs of them, and what people ruled."""

    units: Sequence[Unit]
    edges: Sequence[Edge]
    merge_preprints: bool
    same: list[tuple[int, int]] = field(default_factory=list)
    different: list[tuple[int, int]] = field(default_factory=list)
    _by_content: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _forbidden: dict[tuple[int, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, unit in enumerate(self.units):
            self._by_content[unit.normal.fingerprint].append(place)

    def rule(self, rulings: Iterable[Ruling]) -> list[Finding]:
        """Take up people's rulings; return what is wrong with them."""
        place_of = {name: place for place, unit in enumerate(self.units) for name in unit.ids}
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

    def joining(self) -> list[tuple[float, int, int]]:
        """Return the edges along which groups grow."""
        joining = [
            (edge.score, left, right)
            for edge in self.edges
            if self._joins(edge.rule)
            for left, right in self._places(edge)
        ]
        for places in self._by_content.values():
            if len(places) > 1 and self.units[places[0]].normal.tells:
                joining += [(_IDENTICAL, places[0], place) for place in places[1:]]
        return joining

    def _joins(self, rule: str) -> bool:
        return BY_NAME[rule].outcome == "duplicate" or (self.merge_preprints and rule == "preprint")

    def _places(self, edge: Edge) -> list[tuple[int, int]]:
        if edge.left == edge.right:
            places = self._by_content[edge.left]
            return [(a, b) for at, a in enumerate(places) for b in places[at + 1 :]]
        return [(a, b) for a in self._by_content.get(edge.left, ()) for b in self._by_content.get(edge.right, ())]

    def contradicts(self, ours: Sequence[int], theirs: Sequence[int], edge: tuple[int, int]) -> bool:
        """Tell whether a rule forbids that two sets become one along an edge.

        What the edge itself disagrees on was weighed when it was drawn; and a set that holds both values of a field (a
        wrong page that an equal DOI outweighed) takes another record with either.
        """
        for a in ours:
            for b in theirs:
                field = self._forbidding_field(a, b)
                if not field or (a, b) == edge:
                    continue
                value_a, value_b = (getattr(self.units[place].normal, field) for place in (a, b))
                ends = [getattr(self.units[place].normal, field) for place in edge]
                if (value_a, value_b) == tuple(ends):
                    continue
                if value_a in (getattr(self.units[place].normal, field) for place in theirs):
                    continue
                if value_b in (getattr(self.units[place].normal, field) for place in ours):
                    continue
                return True
        return False

    def _forbidding_field(self, a: int, b: int) -> str:
        key = (a, b) if a < b else (b, a)
        if key not in self._forbidden:
            rule = decide(compare(self.units[key[0]].normal, self.units[key[1]].normal))
            self._forbidden[key] = (
                rule.field if rule is not None and rule.forbids and not self._joins(rule.name) else ""
            )
        return self._forbidden[key]

    def leftovers(
        self, sets: Sequence[list[int]], blocked: Sequence[tuple[int, int]]
    ) -> tuple[tuple[Doubt, ...], tuple[Link, ...]]:
        """Return the doubtful pairs and the companions between groups: one each for a pair of groups, the strongest."""
        set_of = {place: number for number, members in enumerate(sets) for place in members}
        apart = {_ordered(set_of[a], set_of[b]) for a, b in self.different}
        stopped = {_ordered(a, b) for a, b in blocked}
        doubts: dict[tuple[int, int], tuple[float, int, int]] = {}
        links: dict[tuple[int, int], tuple[float, int, int]] = {}
        for edge in self.edges:
            outcome = BY_NAME[edge.rule].outcome
            for left, right in self._places(edge):
                pair = _ordered(set_of[left], set_of[right])
                if pair[0] == pair[1]:
                    continue
                if outcome == "different":
                    links[pair] = max(links.get(pair, (-99.0, 0, 0)), (edge.score, left, right))
                elif pair not in apart and (outcome == "doubtful" or _ordered(left, right) in stopped):
                    doubts[pair] = max(doubts.get(pair, (-99.0, 0, 0)), (edge.score, left, right))
        # A doubt without a contradiction does not outweigh one that other records of the two groups have.
        open_pairs = {
            pair for pair, (_, left, right) in doubts.items() if pair not in links or self._is_against(left, right)
        }
        doubts = {pair: doubt for pair, doubt in doubts.items() if pair in open_pairs}
        links = {pair: link for pair, link in links.items() if pair not in doubts}
        queue = sorted((-score, self._ids(left, right), left, right) for score, left, right in doubts.values())
        shown = tuple(self._doubt(-score, left, right) for score, _, left, right in queue)
        companions = sorted(
            (self._companion(sets, pair, left, right) for pair, (_, left, right) in links.items()),
            key=lambda link: (link.left, link.right),
        )
        return shown, tuple(companions)

    def _is_against(self, left: int, right: int) -> bool:
        rule = decide(compare(self.units[left].normal, self.units[right].normal))
        return rule is not None and (rule.forbids or rule.outcome == "duplicate")

    def _ids(self, left: int, right: int) -> tuple[RecordId, RecordId]:
        a, b = sorted((self.units[left].ids[0], self.units[right].ids[0]))
        return a, b

    def _doubt(self, score: float, left: int, right: int) -> Doubt:
        comparison = compare(self.units[left].normal, self.units[right].normal)
        rule = decide(comparison)
        reason = rule.sentence if rule is not None else ""
        if rule is not None and rule.outcome == "duplicate":
            reason = f"{reason}, but other records of the two groups contradict each other"
        a, b = self._ids(left, right)
        return Doubt(a, b, score, (reason, *tell_fields(comparison)))

    def _companion(self, sets: Sequence[list[int]], pair: tuple[int, int], left: int, right: int) -> Link:
        comparison = compare(self.units[left].normal, self.units[right].normal)
        rule = decide(comparison)
        assert rule is not None
        proposal = propose_companion(comparison, rule)
        assert proposal is not None
        a, b = (_make_group(self.units, sets[number]).representative for number in pair)
        return link_of(a, b, proposal[0], rule.name, proposal[1])


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a <= b else (b, a)


def _make_group(units: Sequence[Unit], members: Sequence[int]) -> Group:
    """Collect the ids; the most complete record stands for the group."""
    best = min(
        members,
        key=lambda place: (
            -units[place].normal.weight,
            not units[place].normal.pmid,
            -len(units[place].normal.abstract),
            units[place].ids[0],
        ),
    )
    ids = sorted(name for place in members for name in units[place].ids)
    return Group(tuple(ids), units[best].ids[0])


def _contradiction(units: Sequence[Unit], left: int, right: int) -> Finding:
    a, b = units[left].ids[0], units[right].ids[0]
    message = f"{a} and {b} are ruled the same, but another ruling keeps their groups apart"
    return find("DEDUP-002", message, ids=(a, b))
