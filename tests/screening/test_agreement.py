from __future__ import annotations

from review.model import Decision
from review.model import RecordId
from review.screening.agreement import CALIBRATION
from review.screening.agreement import compare_screeners
from review.screening.log import REQUIRED
from review.screening.log import parse_log
from tests.builder import make_protocol
from tests.builder import make_rows


def vote(by, verdict, record, stage="title-abstract", order=""):
    return Decision(by, "2026-01-02T08:00:00Z", stage, RecordId(record), verdict, order=order)


def compare(votes):
    return compare_screeners(votes, lambda record: None if record == "gone:1" else record)


def test_pairs_are_compared_per_stage_on_what_both_voted_on():
    votes = [
        vote("ann", "include", "a:1"), vote("ben", "include", "a:1"),
        vote("ann", "exclude", "a:2"), vote("ben", "include", "a:2"),
        vote("ann", "exclude", "a:3"), vote("cat", "exclude", "a:3"),
        vote("ann", "exclude", "a:4"),
        vote("ann", "include", "gone:1"), vote("ben", "include", "gone:1"),
        vote("ben", "include", "a:1", "full-text"), vote("cat", "include", "a:1", "full-text"),
    ]  # fmt: skip
    pairs = compare(votes)
    assert [(pair.stage, pair.left, pair.right, pair.sample, pair.table) for pair in pairs] == [
        ("title-abstract", "ann", "ben", "rest", ((1, 0), (1, 0))),
        ("title-abstract", "ann", "cat", "rest", ((0, 0), (0, 1))),
        ("full-text", "ben", "cat", "rest", ((1, 0), (0, 0))),
    ]
    assert pairs[0].differing == ("a:2",)
    assert pairs[0].agreement.n == 2


def test_the_calibration_sample_is_set_apart_from_the_rest():
    drawn = [vote(who, "include", "a:1", order=f"{CALIBRATION} seed=1") for who in ("ann", "ben")]
    ranked = [vote(who, "include", record, order="svm") for record in ("a:2", "a:3") for who in ("ann", "ben")]
    pairs = compare([*drawn, *ranked])
    assert [(pair.sample, pair.agreement.n) for pair in pairs] == [("calibration", 1), ("rest", 2), ("all", 3)]
    assert [pair.sample for pair in compare(drawn)] == ["calibration"]


def test_unsure_is_a_category_of_its_own_where_anybody_used_it():
    (pair,) = compare([vote("ann", "unsure", "a:1"), vote("ben", "exclude", "a:1")])
    assert pair.categories == ("include", "unsure", "exclude")
    assert pair.table == ((0, 0, 0), (0, 0, 1), (0, 0, 0))


def test_the_log_says_in_which_order_a_record_was_shown():
    rows = make_rows(
        "time,stage,record,decision,order\n"
        f"2026-01-02T08:00:00Z,title-abstract,a:1,include,{CALIBRATION} seed=1\n"
        "2026-01-02T08:00:01Z,title-abstract,a:2,include,\n",
        REQUIRED,
        "ann.csv",
    )
    decisions, _ = parse_log(rows, make_protocol())
    assert [decision.order for decision in decisions] == ["calibration seed=1", ""]
