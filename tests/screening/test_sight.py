from __future__ import annotations

import dataclasses

import pytest

from review.model import Decision
from review.model import RecordId
from review.protocol import ScreeningPlan
from review.protocol import StageRule
from review.screening.sight import open_sight
from tests.builder import make_protocol

TWO = dataclasses.replace(make_protocol(), screeners=2)
GROUPS = {"a:1": "a:1", "b:1": "a:1", "a:2": "a:2"}


def vote(by, verdict, record="a:1", stage="title-abstract"):
    return Decision(by, "2026-01-02T08:00:00Z", stage, RecordId(record), verdict)


def see(who, *votes, protocol=TWO):
    return open_sight(votes, who, GROUPS.get, protocol)


def test_the_vote_of_another_is_hidden_until_both_have_voted():
    sight = see("ann", vote("ben", "include"))
    assert sight.votes == ()
    assert sight.count_others(("a:1", "title-abstract"), "ann") == 1
    assert len(see("ann", vote("ben", "include"), vote("ann", "exclude")).votes) == 2


def test_votes_on_the_entries_of_one_report_are_on_one_place():
    assert len(see("ann", vote("ben", "include", "b:1"), vote("ann", "exclude", "a:1")).votes) == 2


def test_a_vote_at_another_stage_opens_nothing():
    sight = see("ann", vote("ann", "include"), vote("ben", "include", stage="full-text"))
    assert [seen.by for seen in sight.votes] == ["ann"]


def test_with_three_screeners_two_votes_open_nothing():
    three = dataclasses.replace(TWO, screeners=3)
    votes = [vote("ann", "include"), vote("ben", "exclude")]
    assert [seen.by for seen in see("ann", *votes, protocol=three).votes] == ["ann"]
    assert len(see("ann", *votes, vote("cat", "include"), protocol=three).votes) == 3


def test_whoever_did_not_vote_sees_what_is_complete():
    assert len(see("chris", vote("ann", "include"), vote("ben", "exclude")).votes) == 2


def test_each_stage_has_its_own_number_of_votes():
    plan = ScreeningPlan(stages=(StageRule("retrieval", 1),))
    protocol = dataclasses.replace(TWO, screening=plan)
    assert len(see("ann", vote("ben", "include", stage="retrieval"), protocol=protocol).votes) == 1
    assert see("ann", vote("ben", "include"), protocol=protocol).votes == ()


@pytest.mark.parametrize(("who", "seen"), [("ben", 1), ("ann", 0)])
def test_a_vote_on_a_record_that_no_run_holds_is_seen_by_its_own_person(who, seen):
    assert len(see(who, vote("ben", "include", "gone:1")).votes) == seen
