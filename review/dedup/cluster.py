"""From pairs to groups: the strongest agreement first, and never two records in one group that contradict each other."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field


@dataclass(slots=True)
class Forest:
    """Disjoint sets of positions that know their members."""

    size: int
    members: dict[int, list[int]] = field(init=False)
    _root: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._root = list(range(self.size))
        self.members = {}

    def find(self, place: int) -> int:
        """Return the root of a position's set."""
        root = place
        while self._root[root] != root:
            root = self._root[root]
        while self._root[place] != root:
            self._root[place], place = root, self._root[place]
        return root

    def held(self, place: int) -> list[int]:
        """Return the members of a position's set."""
        root = self.find(place)
        return self.members.get(root) or [root]

    def join(self, left: int, right: int) -> None:
        """Make one set of two; the smaller position becomes the root."""
        a, b = sorted((self.find(left), self.find(right)))
        if a == b:
            return
        merged = self.held(a) + self.held(b)
        self._root[b] = a
        self.members.pop(b, None)
        self.members[a] = merged

    def sets(self) -> list[list[int]]:
        """Return all sets, each ascending, ordered by their first member."""
        roots = [place for place in range(self.size) if self._root[place] == place]
        return [sorted(self.held(root)) for root in roots]


@dataclass(frozen=True, slots=True)
class Clustering:
    """Sets of positions; edges that were not followed because the sets contradict each other; rulings that contradict."""

    sets: list[list[int]]
    blocked: list[tuple[int, int]]
    conflicts: list[tuple[int, int]]


def cluster(
    size: int,
    edges: Iterable[tuple[float, int, int]],
    *,
    contradicts: Callable[[Sequence[int], Sequence[int], tuple[int, int]], bool],
    same: Sequence[tuple[int, int]] = (),
    different: Sequence[tuple[int, int]] = (),
) -> Clustering:
    """Group positions 0..size-1.

    Edges are followed by falling score (ties by position). Before two sets become one, it is asked whether records
    across them contradict each other, so that no chain of near matches joins two documents. People's rulings come first: `same` joins
    whatever the records say, and no edge crosses a `different`.

    Args:
        size: Number of positions.
        edges: Score and the two positions.
        contradicts: Whether two sets hold records that can never stand together, given the edge between them.
        same: Pairs ruled to be one, in the order in which they hold.
        different: Pairs ruled to be apart.
    """
    apart: dict[int, set[int]] = {}
    for left, right in different:
        apart.setdefault(left, set()).add(right)
        apart.setdefault(right, set()).add(left)
    forest, ruled = Forest(size), Forest(size)
    conflicts = []
    for left, right in same:
        if _kept_apart(forest.held(left), forest.held(right), apart):
            conflicts.append((left, right))
            continue
        forest.join(left, right)
        ruled.join(left, right)
    blocked = []
    for _, left, right in sorted(edges, key=lambda edge: (-edge[0], edge[1], edge[2])):
        if forest.find(left) == forest.find(right):
            continue
        ours, theirs = forest.held(left), forest.held(right)
        if _kept_apart(ours, theirs, apart):
            continue
        # Records that a person joined to an end of this edge may differ from the other end: that was seen.
        ours = [place for place in ours if place == left or ruled.find(place) != ruled.find(left)]
        theirs = [place for place in theirs if place == right or ruled.find(place) != ruled.find(right)]
        if contradicts(ours, theirs, (left, right)):
            blocked.append((left, right))
            continue
        forest.join(left, right)
    return Clustering(forest.sets(), blocked, conflicts)


def _kept_apart(ours: list[int], theirs: list[int], apart: dict[int, set[int]]) -> bool:
    if not apart:
        return False
    others = set(theirs)
    return any(place in apart and not apart[place].isdisjoint(others) for place in ours)
