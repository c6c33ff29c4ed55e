"""The test of recall, the bound of a random sample: golden values, edges, direction."""

from __future__ import annotations

import json
from fractions import Fraction
from math import comb

import pytest

from review.errors import UsageError
from review.model import RecordId
from review.screening.stopping import assess_recall
from review.screening.stopping import bound_unread
from review.screening.stopping import draw_sample
from review.screening.stopping import size_sample
from review.screening.stopping import trace_recall


@pytest.fixture(scope="module")
def golden(shared):
    return json.loads((shared / "data" / "screening" / "golden" / "stopping.json").read_text())


def test_the_test_gives_the_golden_values_of_made_up_runs(golden):
    for case in golden["toys"]:
        labels = [True] * case["ones"] + [False] * case["zeros"]
        p = assess_recall(labels, case["N"], Fraction(str(case["tau"])))
        assert p == pytest.approx(case["p"], rel=1e-9), case


def test_the_bound_gives_the_golden_values(golden):
    for case in golden["elusion"]:
        bound = bound_unread(case["unscreened"], case["sample"], case["found"])
        assert bound.bound == case["max_missed_95"]


@pytest.mark.parametrize(
    ("ones", "zeros", "records", "target", "p"),
    [(20, 480, 1000, "0.95", 0.260053), (19, 381, 500, "0.95", 0.0428794), (10, 300, 400, "0.9", 0.0527981), (0, 100, 200, "0.95", 0.5)],
)  # fmt: skip
def test_the_test_gives_the_published_values(ones, zeros, records, target, p):
    assert assess_recall([True] * ones + [False] * zeros, records, Fraction(target)) == pytest.approx(p, rel=1e-5)


def test_p_by_hand():
    # 3 relevant, then 2 irrelevant, of 8: recall below 2/3 needs 5 relevant in all, so 2 among the 5 that were unread after the third.
    labels = [True, True, True, False, False]
    by_hand = comb(3, 2) / comb(5, 2)
    assert assess_recall(labels, 8, Fraction(2, 3)) == pytest.approx(by_hand)


def test_nothing_read_and_everything_read():
    assert assess_recall([], 10) == 1.0
    assert assess_recall([True, False, False], 3) == 0.0
    assert assess_recall([False] * 9, 10) > 0.05


def test_unread_too_few_to_hide_what_is_missing():
    assert assess_recall([True] * 40 + [False] * 58, 100) == 0.0


def test_p_falls_while_only_irrelevant_records_come():
    values = [assess_recall([True] * 20 + [False] * count, 1000) for count in range(0, 900, 100)]
    assert values == sorted(values, reverse=True)


def test_counts_that_cannot_be_are_refused():
    with pytest.raises(UsageError, match="4 records cannot have been read of 3"):
        assess_recall([False] * 4, 3)
    with pytest.raises(UsageError, match=r"recall of 1\.2"):
        assess_recall([True], 3, Fraction(6, 5))
    for unread, sample, found in ((10, 11, 0), (10, 5, 6), (10, 0, 0)):
        with pytest.raises(UsageError, match="cannot be"):
            bound_unread(unread, sample, found)
    with pytest.raises(UsageError, match="level 1"):
        bound_unread(10, 5, 0, 1.0)
    with pytest.raises(UsageError, match="no sample"):
        size_sample(0, 1)


def test_the_bound_is_exact():
    for unread, sample, found in ((30, 10, 0), (30, 10, 2), (12, 12, 3), (50, 1, 1)):
        bound = bound_unread(unread, sample, found).bound

        def chance(relevant, unread=unread, sample=sample, found=found):
            ways = (comb(relevant, k) * comb(unread - relevant, sample - k) for k in range(found + 1))
            return sum(ways) / comb(unread, sample)

        assert chance(bound) >= 0.05 - 1e-12
        assert bound == unread - sample + found or chance(bound + 1) < 0.05


def test_a_sample_of_all_leaves_nothing_open():
    assert bound_unread(40, 40, 3).missed == 0


def test_the_size_of_a_sample_is_the_smallest_that_does():
    size = size_sample(1500, 13)
    assert bound_unread(1500, size, 0).bound <= 13 < bound_unread(1500, size - 1, 0).bound
    assert size_sample(20, 0) == 19 or bound_unread(20, size_sample(20, 0), 0).bound == 0


def test_the_sample_depends_on_the_seed_and_the_ids_alone():
    ids = [RecordId(f"pubmed:{n}") for n in range(200)]
    drawn = draw_sample(ids, 20, 7)
    assert drawn == draw_sample(reversed(ids), 20, 7)
    assert drawn != draw_sample(ids, 20, 8)
    assert set(draw_sample(ids[:-1], 20, 7)) >= set(drawn) - {ids[-1]}
    assert len(draw_sample(ids, 500, 7)) == 200


def test_the_recall_curve_counts_what_was_found():
    assert trace_recall([True, False, True]) == (1, 1, 2)
    assert trace_recall([]) == ()
