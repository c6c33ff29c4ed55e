"""From pairs to groups."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence

from review.dedup.cluster import Forest
from review.dedup.cluster import cluster


def never(ours: Sequence[int], theirs: Sequence[int], edge: tuple[int, int]) -> bool:
    return False


def apart(*pairs: tuple[int, int]) -> Callable[[Sequence[int], Sequence[int], tuple[int, int]], bool]:
    def contradicts(ours: Sequence[int], theirs: Sequence[int], edge: tuple[int, int]) -> bool:
        return any((a, b) in pairs or (b, a) in pairs for a in ours for b in theirs)

    return contradicts


def test_edges_make_groups() -> None:
    assert cluster(4, [(1.0, 0, 1), (1.0, 1, 2)], contradicts=never).sets == [[0, 1, 2], [3]]


def test_the_stronger_edge_decides_where_two_contradict() -> None:
    edges = [(5.0, 0, 1), (9.0, 1, 2)]
    clustering = cluster(3, edges, contradicts=apart((0, 2)))
    assert clustering.sets == [[0], [1, 2]]
    assert clustering.blocked == [(0, 1)]


def test_rulings_hold_against_the_records() -> None:
    clustering = cluster(2, [], contradicts=apart((0, 1)), same=[(0, 1)])
    assert clustering.sets == [[0, 1]]


def test_rulings_that_contradict_are_told() -> None:
    clustering = cluster(3, [], contradicts=never, same=[(0, 1), (1, 2)], different=[(0, 2)])
    assert clustering.sets == [[0, 1], [2]]
    assert clustering.conflicts == [(1, 2)]


def test_no_edge_crosses_a_ruling() -> None:
    clustering = cluster(3, [(9.0, 0, 1), (9.0, 1, 2)], contradicts=never, different=[(0, 2)])
    assert clustering.sets == [[0, 1], [2]]


def test_forest_knows_its_members() -> None:
    forest = Forest(5)
    forest.join(3, 4)
    forest.join(0, 4)
    assert sorted(forest.held(3)) == [0, 3, 4]
    assert forest.find(4) == 0
    assert forest.sets() == [[0, 3, 4], [1], [2]]
