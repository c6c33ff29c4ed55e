from __future__ import annotations

import itertools
import random

import pytest

from review.errors import BadResponse
from review.search.sources.eutils import WINDOW
from review.search.sources.eutils_answers import SearchAnswer
from review.search.sources.partition import HIGHEST_UID
from review.search.sources.partition import UidRange
from review.search.sources.partition import first_ranges
from review.search.sources.partition import walk_ranges


def make_search(uids, asked):
    def search(part):
        asked.append(part)
        found = [uid for uid in uids if part.low <= uid <= part.high]
        return SearchAnswer(len(found), tuple(str(uid) for uid in sorted(found, reverse=True)[:WINDOW]))

    return search


def newest(uids):
    return tuple(str(uid) for uid in sorted(uids, reverse=True)[:WINDOW])


@pytest.mark.parametrize(
    "uids",
    [
        random.Random(1).sample(range(1, 42_000_000), 31_000),
        range(30_000_000, 30_010_000),
        [*range(1, 9_990), *range(41_000_000, 41_009_990)],
        [*range(1, 10_001), HIGHEST_UID],
    ],
)
def test_the_parts_tile_the_whole(uids):
    asked = []
    parts = list(walk_ranges(first_ranges(newest(uids)), make_search(uids, asked)))
    listed = [item for _, answer in parts for item in answer.ids]
    assert len(listed) == len(set(listed)) == len(uids)
    assert {int(item) for item in listed} == set(uids)
    assert all(answer.count <= WINDOW for _, answer in parts)
    assert len(asked) < 60


def test_what_is_still_to_do_is_kept_up_to_date():
    uids = range(1, 25_001)
    pending = first_ranges(newest(uids))
    asked = []
    first, _ = next(walk_ranges(pending, make_search(uids, asked)))
    rest = list(walk_ranges(pending, make_search(uids, asked)))
    covered = sorted([first, *(part for part, _ in rest)], key=lambda part: part.low)
    assert sum(len([uid for uid in uids if part.low <= uid <= part.high]) for part in covered) == 25_000


def test_a_service_that_ignores_ranges_is_found_out():
    whole = SearchAnswer(12_000, tuple(str(uid) for uid in range(12_000, 12_000 - WINDOW, -1)))
    with pytest.raises(BadResponse, match="outside of the range"):
        list(walk_ranges(first_ranges(whole.ids), lambda _: whole))


def test_a_single_id_beyond_the_window_ends_the_division():
    with pytest.raises(BadResponse, match="the id 5"):
        list(walk_ranges([UidRange(5, 5)], lambda _: SearchAnswer(20_000, ())))


def test_a_part_of_a_query_is_written_with_its_range():
    assert UidRange(1, 7500).restrict("a OR b") == "(a OR b) AND 1:7500[UID]"


def test_without_ids_the_ranges_still_cover_everything():
    ranges = first_ranges(())
    assert (ranges[0].low, ranges[-1].high) == (1, HIGHEST_UID)
    assert all(after.low == before.high + 1 for before, after in itertools.pairwise(ranges))
