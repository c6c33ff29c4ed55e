from __future__ import annotations

import dataclasses

import pytest

from review.model import Decision
from review.model import RecordId
from review.screening.consensus import COLUMNS
from review.screening.consensus import parse_settlements
from review.screening.consensus import reach_consensus
from review.screening.pace import measure_pace
from review.screening.sight import open_sight
from review.screening.tasks import list_conflicts
from review.screening.tasks import list_stage
from review.screening.tasks import list_waiting
from tests.builder import make_protocol
from tests.builder import make_rows

TWO = dataclasses.replace(make_protocol(), screeners=2)
REPORTS = [RecordId(f"a:{number}") for number in range(5)]


def vote(by, number, verdict, stage="title-abstract"):
    return Decision(by, "2026-01-02T08:00:00Z", stage, RecordId(f"a:{number}"), verdict)


def both(number, verdict, stage="title-abstract"):
    return [vote("ann", number, verdict, stage), vote("ben", number, verdict, stage)]


def group_of(record):
    return record if record in REPORTS else None


def stages(votes, unscreened=()):
    agreed, _ = reach_consensus(votes, [], group_of, TWO)
    lanes = frozenset(RecordId(f"a:{number}") for number in unscreened)
    return [
        "".join(report[2] for report in list_stage(stage, REPORTS, agreed, lanes))
        for stage in ("title-abstract", "retrieval", "full-text")
    ]


def test_reports_come_to_a_stage_once_the_one_before_includes_them():
    votes = [*both(0, "include"), *both(1, "include"), *both(2, "exclude"), vote("ann", 3, "include")]
    assert stages(votes) == ["01234", "01", ""]
    assert stages([*votes, *both(0, "include", "retrieval"), *both(1, "exclude", "retrieval")]) == ["01234", "01", "0"]


def test_reports_that_only_other_methods_found_begin_at_retrieval():
    assert stages([], unscreened=(4,)) == ["0123", "4", ""]
    assert stages([*both(4, "exclude")], unscreened=(4,)) == ["01234", "", ""]


def test_a_report_that_was_assessed_without_a_word_on_retrieval_is_at_full_text():
    assert stages([*both(0, "include"), vote("ann", 0, "include", "full-text")]) == ["01234", "0", "0"]


def waiting(who, *votes, stage="title-abstract"):
    sight = open_sight(votes, who, group_of, TWO)
    agreed, _ = reach_consensus(sight.votes, [], group_of, TWO)
    return "".join(report[2] for report in list_waiting(stage, REPORTS, who, sight, agreed, TWO))


def test_what_waits_for_a_person_needs_a_vote_and_that_persons():
    votes = (*both(0, "include"), vote("ann", 1, "unsure"), vote("ben", 2, "exclude"))
    assert waiting("ann", *votes) == "234"
    assert waiting("ben", *votes) == "134"
    assert waiting("cat", *votes) == "1234"


def test_conflicts_name_the_votes_that_are_to_be_settled():
    agreed, _ = reach_consensus([vote("ben", 0, "exclude"), vote("ann", 0, "include")], [], group_of, TWO)
    (conflict,) = list_conflicts(REPORTS, ["title-abstract", "full-text"], agreed)
    assert (conflict.settles, conflict.is_own) == ("ann=include ben=exclude", False)


def test_settlements_are_read_with_who_settled():
    text = ",".join(COLUMNS) + "\n2026-01-02T08:00:00Z,chris,title-abstract,a:0,include,,why,ann=include ben=exclude\n"
    (settlement,), findings = parse_settlements(make_rows(text, COLUMNS[:5], "consensus.csv"), TWO)
    assert findings == []
    assert (settlement.decision.by, settlement.decision.note) == ("chris", "why")
    assert settlement.settles == (("ann", "include"), ("ben", "exclude"))


@pytest.mark.parametrize(
    ("times", "pace"),
    [
        ([], None),
        ([5.0], None),
        ([0.0, 10.0, 20.0], 6.0),
        # A pause is no time spent on a record, and what was long ago counts no more.
        ([0.0, 10.0, 400.0, 410.0], 6.0),
        ([0.0, 1.0, 2.0, 1000.0, 1030.0], 2.0),
        ([0.0, 0.0], None),
    ],
)
def test_the_pace_is_of_the_time_worked(times, pace):
    assert measure_pace(times) == pace
