"""What stays between groups: pairs that a person must judge, and different reports that belong together."""

from __future__ import annotations

from collections.abc import Sequence

from review.dedup.companions import link_of
from review.dedup.companions import propose_companion
from review.dedup.evidence import tell_fields
from review.dedup.graph import Graph
from review.dedup.groups import Doubt
from review.dedup.rules import BY_NAME
from review.model import Link
from review.model import RecordId

#: Score and places of the strongest edge between two groups.
_Best = dict[tuple[int, int], tuple[float, int, int]]


def collect_leftovers(
    graph: Graph, sets: Sequence[Sequence[int]], blocked: Sequence[tuple[int, int]], stands_for: Sequence[RecordId]
) -> tuple[tuple[Doubt, ...], tuple[Link, ...]]:
    """Return doubtful pairs, likeliest first, and companions, by id; one of either for a pair of groups.

    Args:
        graph: The graph that was clustered.
        sets: Its groups, as places.
        blocked: Edges that were not followed because the groups contradict each other.
        stands_for: The id that stands for each group, in the order of `sets`.
    """
    set_of = {place: number for number, members in enumerate(sets) for place in members}
    doubts, links = _strongest(graph, set_of, {_ordered(a, b) for a, b in blocked})
    # A doubt that no field of its own speaks against yields to a contradiction between others of the two groups.
    doubts = {pair: best for pair, best in doubts.items() if pair not in links or _has_own_reason(graph, best)}
    queue = sorted((-score, *_names(graph, left, right), left, right) for score, left, right in doubts.values())
    shown = tuple(_doubt(graph, -score, left, right) for score, _, _, left, right in queue)
    companions = []
    for pair, (_, left, right) in links.items():
        comparison, rule = graph.judge(left, right)
        proposal = propose_companion(comparison, rule) if rule is not None and pair not in doubts else None
        if rule is not None and proposal is not None:
            companions.append(link_of(stands_for[pair[0]], stands_for[pair[1]], proposal[0], rule.name, proposal[1]))
    return shown, tuple(sorted(companions, key=lambda link: (link.left, link.right)))


def _strongest(graph: Graph, set_of: dict[int, int], stopped: set[tuple[int, int]]) -> tuple[_Best, _Best]:
    """Return the strongest doubtful edge and the strongest companion edge between each two groups."""
    apart = {_ordered(set_of[a], set_of[b]) for a, b in graph.different}
    doubts: _Best = {}
    links: _Best = {}
    for edge in graph.edges:
        outcome = BY_NAME[edge.rule].outcome
        for left, right in graph.places(edge):
            pair = _ordered(set_of[left], set_of[right])
            if pair[0] == pair[1]:
                continue
            candidate = (edge.score, left, right)
            if outcome == "different":
                links[pair] = max(links.get(pair, candidate), candidate)
            elif pair not in apart and (outcome == "doubtful" or _ordered(left, right) in stopped):
                doubts[pair] = max(doubts.get(pair, candidate), candidate)
    return doubts, links


def _has_own_reason(graph: Graph, best: tuple[float, int, int]) -> bool:
    rule = graph.judge(best[1], best[2])[1]
    return rule is not None and (rule.forbids or rule.outcome == "duplicate")


def _doubt(graph: Graph, score: float, left: int, right: int) -> Doubt:
    comparison, rule = graph.judge(left, right)
    reason = rule.sentence if rule is not None else ""
    if rule is not None and rule.outcome == "duplicate":
        reason = f"{reason}, but other records of the two groups contradict each other"
    a, b = _names(graph, left, right)
    return Doubt(a, b, score, (reason, *tell_fields(comparison)))


def _names(graph: Graph, left: int, right: int) -> tuple[RecordId, RecordId]:
    a, b = sorted((graph.name_of(left), graph.name_of(right)))
    return a, b


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a <= b else (b, a)
