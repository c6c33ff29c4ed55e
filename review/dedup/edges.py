"""What the rules say on pairs, as edges worth keeping: duplicates, doubts and companions."""

from __future__ import annotations

from collections.abc import Sequence

from review.dedup.candidates import find_blocks
from review.dedup.candidates import find_pairs
from review.dedup.companions import propose_companion
from review.dedup.compare import can_tie
from review.dedup.compare import compare
from review.dedup.evidence import weigh
from review.dedup.groups import Edge
from review.dedup.groups import Held
from review.dedup.normalise import Normal
from review.dedup.rules import decide


def draw_edge(left: Normal, right: Normal) -> Edge | None:
    """Compare two contents; return the edge, its ends in order, None where nothing ties the two."""
    if right.fingerprint < left.fingerprint:
        left, right = right, left
    if not can_tie(left, right):
        return None
    comparison = compare(left, right)
    rule = decide(comparison)
    if rule is None or (rule.outcome == "different" and propose_companion(comparison, rule) is None):
        return None
    return Edge(left.fingerprint, right.fingerprint, rule.name, weigh(comparison))


def find_edges(normals: Sequence[Normal], held: Held | None = None) -> tuple[list[Edge], list[str]]:
    """Return the edges between candidates, and the keys that too many records share.

    Args:
        normals: Contents in order of their fingerprints.
        held: An earlier outcome, whose contents are not compared with each other again. Where a key has become too
            common, so that pairs found then would not be found now, all is compared anew.
    """
    blocks, capped = find_blocks(normals)
    edges: dict[tuple[str, str], Edge] = {}
    fresh: frozenset[int] | None = None
    if held is not None and not capped:
        here = {normal.fingerprint for normal in normals}
        fresh = frozenset(place for place, normal in enumerate(normals) if normal.fingerprint not in held.fingerprints)
        edges = {(edge.left, edge.right): edge for edge in held.edges if edge.left in here and edge.right in here}
    compared = set(edges)
    for left, right in find_pairs(blocks.values(), fresh):
        pair = (normals[left].fingerprint, normals[right].fingerprint)
        if pair in compared:
            continue
        edge = draw_edge(normals[left], normals[right])
        if edge is not None:
            compared.add(pair)
            edges[pair] = edge
    return [edges[key] for key in sorted(edges)], capped
