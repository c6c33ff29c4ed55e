from __future__ import annotations

import numpy as np
import pytest

from review.errors import PoolError
from review.pooling.counts import StudyCount
from review.pooling.effects import compute_effects
from review.pooling.influence import leave_one_out
from review.pooling.pool import pool_counts
from review.pooling.sensitivity import examine_sensitivity

COUNTS = (("a", 4, 8, "2019"), ("b", 5, 11, "2012"), ("c", 1, 9, "2016"), ("d", 7, 10, "2008"))


def make_rows(counts=COUNTS):
    return [StudyCount(name, events, total, {"year": year}, 1) for name, events, total, year in counts]


def expit(x):
    return 1 / (1 + np.exp(-x))


def test_leaving_out_equals_the_batch_of_the_inverse_variance_model():
    rows = make_rows()
    found = examine_sensitivity(rows, pool_counts(rows, method="REML"))
    effects = compute_effects([row.events for row in rows], [row.total for row in rows])
    expected = leave_one_out(effects.y, effects.v)
    # Both are REML to its own convergence, a relative 1e-8 or less; the estimate is rounded nowhere.
    assert [item.estimate for item in found.without] == pytest.approx([expit(one.beta) for one in expected], abs=1e-7)
    assert [item.tau2 for item in found.without] == pytest.approx([one.tau2 for one in expected], abs=1e-6)
    assert [item.study for item in found.without] == ["a", "b", "c", "d"]


def test_each_variant_is_the_model_of_what_is_left():
    rows = make_rows()
    whole = pool_counts(rows)
    found = examine_sensitivity(rows, whole)
    alone = pool_counts(rows[1:])
    assert (found.without[0].estimate, found.without[0].ci) == (alone.estimate, alone.ci)
    assert (found.without[0].events, found.without[0].total, found.without[0].k) == (13, 30, 3)
    assert found.without[0].shift == pytest.approx(alone.estimate - whole.estimate)


def test_studies_are_added_in_the_order_asked_for_and_end_at_the_whole():
    rows = make_rows()
    whole = pool_counts(rows)
    found = examine_sensitivity(rows, whole, order="year")
    assert [item.study for item in found.cumulative] == ["b", "c", "a"]
    assert found.cumulative[-1].estimate == pytest.approx(whole.estimate, abs=1e-9)
    assert [item.k for item in found.cumulative] == [2, 3, 4]


def test_numbers_sort_as_numbers_and_words_come_last():
    rows = make_rows((("a", 4, 8, "10"), ("b", 5, 11, "9"), ("c", 1, 9, "unknown")))
    found = examine_sensitivity(rows, pool_counts(rows), order="year")
    assert [item.study for item in found.cumulative] == ["a", "c"]


def test_a_study_without_the_column_is_named():
    rows = [*make_rows(), StudyCount("e", 1, 2, {}, 1)]
    with pytest.raises(PoolError, match=r"e: no value in the column 'year'"):
        examine_sensitivity(rows, pool_counts(rows), order="year")


@pytest.mark.parametrize("count", [1, 2])
def test_below_three_studies_only_the_prior_can_be_changed(count):
    rows = make_rows()[:count]
    found = examine_sensitivity(rows, pool_counts(rows))
    assert (found.without, found.cumulative, found.influence, found.regression, found.ranks) == ((), (), (), None, None)
    assert found.beliefs[0].prior == "HN1_N0_1.5"
    assert all(0 < item.ci[0] < item.median < item.ci[1] < 1 for item in found.beliefs)


def test_small_study_tests_below_ten_studies_carry_their_caution():
    rows = make_rows()
    found = examine_sensitivity(rows, pool_counts(rows))
    assert "POOL-130" in {finding.code for finding in found.findings}
    document = found.to_json([row.study for row in rows])
    assert document["small_studies"]["regression"]["p"] == found.regression.p
    assert [item["study"] for item in document["influence"]] == ["a", "b", "c", "d"]


def test_no_event_at_all_still_gives_every_look():
    rows = make_rows((("a", 0, 8, "1"), ("b", 0, 5, "2"), ("c", 0, 1, "3")))
    found = examine_sensitivity(rows, pool_counts(rows))
    assert [item.events for item in found.without] == [0, 0, 0]
    assert found.beliefs[0].median < 0.1
