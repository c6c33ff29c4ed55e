from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies

from review.model import Decision
from review.model import Record
from review.model import RecordId
from review.screening.live import LiveRanker
from review.screening.live import mix_random
from review.screening.models import find_model


def ids(*numbers):
    return [RecordId(f"a:{number}") for number in numbers]


@given(strategies.integers(0, 50), strategies.integers(0, 70), strategies.integers(2, 9))
def test_a_fixed_share_is_drawn_at_random_wherever_one_begins(count, read, every):
    ranked = ids(*range(count))
    mixed, by_chance = mix_random(ranked, list(reversed(ranked)), read, every)
    assert sorted(mixed) == sorted(ranked)
    places = [read + place for place, report in enumerate(mixed, start=1) if report in by_chance]
    assert places == [place for place in range(read + 1, read + count + 1) if place % every == 0]
    likeliest = [report for report in mixed if report not in by_chance]
    assert likeliest == [report for report in ranked if report not in by_chance]


def test_the_random_ones_are_the_first_of_the_draw():
    mixed, by_chance = mix_random(ids(1, 2, 3, 4), ids(4, 3, 2, 1), 0, 2)
    assert (mixed, by_chance) == (ids(1, 4, 2, 3), ids(4, 3))


@pytest.fixture
def ranker():
    words = {
        0: "gout in the tropics",
        1: "calcinosis of the hands",
        2: "calcinosis and penicillamine",
        3: "gout and diet",
        4: "calcinosis of the hip",
    }
    records = {
        RecordId(f"a:{number}"): Record(RecordId(f"a:{number}"), text, abstract=f"{text} {text}")
        for number, text in words.items()
    }
    reports = list(records)
    report_of = {**{report: report for report in reports}, RecordId("b:1"): reports[1]}
    return LiveRanker(reports, records.__getitem__, report_of.get, find_model(""), criteria="calcinosis", seed=3)


def vote(number, verdict, source="a"):
    return Decision("ann", "2026-01-02T08:00:00Z", "title-abstract", RecordId(f"{source}:{number}"), verdict)


def test_before_any_decision_the_criteria_rank(ranker):
    order = ranker([])
    assert set(list(order)[:3]) == set(ids(1, 2, 4))
    assert (order.model, order.seed) == (find_model("").name, 3)


def test_decisions_rank_the_rest(ranker):
    order = list(ranker([vote(1, "include", "b"), vote(0, "exclude"), vote(4, "unsure"), vote(9, "include")]))
    assert order == ids(2, 3)
    assert next(iter(ranker([vote(0, "include"), vote(1, "exclude"), vote(2, "exclude")]))) == RecordId("a:3")
