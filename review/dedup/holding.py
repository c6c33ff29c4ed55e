"""What a refresh starts from, as text: edges and contents of the last time, to be kept as a cache."""

from __future__ import annotations

import json

from review import __version__
from review.dedup.groups import Edge
from review.dedup.groups import Held
from review.dedup.rules import BY_NAME

#: Raised whenever normal forms or rules change, so that old edges are not mixed with new ones.
REVISION = 1
_FORMAT = f"review-dedup {REVISION} {__version__}"


def render_held(held: Held) -> str:
    """Return the text of a cache file; equal values give equal text."""
    lines = [_FORMAT, *sorted(held.fingerprints), ""]
    lines += [json.dumps((edge.left, edge.right, edge.rule, edge.score)) for edge in held.edges]
    return "\n".join(lines) + "\n"


def parse_held(text: str) -> Held | None:
    """Read the text of a cache file; None where it is of another version or damaged, so that all is compared anew."""
    lines = text.splitlines()
    if not lines or lines[0] != _FORMAT or "" not in lines:
        return None
    cut = lines.index("")
    try:
        rows = [json.loads(line) for line in lines[cut + 1 :]]
        edges = tuple(Edge(str(left), str(right), str(rule), float(score)) for left, right, rule, score in rows)
    except (TypeError, ValueError):
        return None
    if not text.endswith("\n") or any(edge.rule not in BY_NAME for edge in edges):
        return None
    return Held(edges, frozenset(lines[1:cut]))
