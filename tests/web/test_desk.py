from __future__ import annotations

import contextlib
import dataclasses
import threading
from pathlib import Path

import pytest

from review.screening.log import COLUMNS
from review.screening.logfile import open_log
from review.screening.order import FixedOrder
from review.web.desk import NOTE_LIMIT
from review.web.desk import Choice
from review.web.desk import Desk
from review.web.desk import RefusedError
from review.web.library import read_library
from review.workspace import Layout
from tests.web.folders import SCREENING
from tests.web.folders import TITLES
from tests.web.folders import brief
from tests.web.folders import make_folder
from tests.web.folders import name_record
from tests.web.folders import read_log
from tests.web.folders import vote

FIRST = "title-abstract"


@pytest.fixture
def root(tmp_path):
    make_folder(tmp_path)
    return tmp_path


@contextlib.contextmanager
def sit(root: Path, who: str = "ann", **options):
    layout = Layout(root)
    with open_log(layout.screening / f"{who}.csv", COLUMNS, "test") as log:
        yield Desk(who, layout, read_library(layout), log, **options)


def choose(number, verdict="include", stage=FIRST, **others):
    return Choice(stage, name_record(number), verdict, **others)


def numbers(reports):
    return [int(report.rpartition(".")[2]) for report in reports]


def test_records_come_in_the_order_of_the_runs(root):
    with sit(root) as desk:
        assert numbers(desk.offer(FIRST, 3)) == [0, 1, 2]
        assert numbers(desk.offer(FIRST, 3, [name_record(0)])) == [1, 2, 3]
        assert desk.locate(FIRST, name_record(2)) == (3, "file")
        assert desk.offer("retrieval", 3) == []


def test_a_decision_is_a_row_with_what_was_shown_and_where(root):
    with sit(root) as desk:
        desk.decide(choose(1, "exclude", reason="wrong-population", note="hands"))
        (row,) = read_log(root)
        assert (row["decision"], row["reason"], row["note"]) == ("exclude", "wrong-population", "hands")
        assert (row["position"], row["order"]) == ("2", "file")
        assert row["shown"].endswith("-current")
        assert numbers(desk.offer(FIRST, 2)) == [0, 2]
        tally = desk.count(FIRST)
        assert (tally.total, tally.left, tally.include, tally.exclude) == (6, 5, 0, 1)


def test_undo_is_a_row_and_the_record_waits_again(root):
    with sit(root) as desk:
        desk.decide(choose(0))
        desk.decide(choose(1, "exclude"))
        assert desk.undo(FIRST).record == name_record(1)
        assert desk.undo(FIRST).record == name_record(0)
        with pytest.raises(RefusedError, match="nothing to undo"):
            desk.undo(FIRST)
        assert numbers(desk.offer(FIRST, 2)) == [0, 1]
    assert brief(read_log(root)) == [("0", "include"), ("1", "exclude"), ("1", "undo"), ("0", "undo")]


def test_decisions_are_still_there_at_the_next_sitting(root):
    with sit(root) as desk:
        desk.decide(choose(0))
        desk.decide(choose(1, "unsure"))
    with sit(root) as desk:
        assert numbers(desk.offer(FIRST, 1)) == [2]
        assert [decision.verdict for _, decision in desk.list_mine(FIRST)] == ["unsure", "include"]
        assert desk.undo(FIRST).record == name_record(1)


def test_a_window_that_does_not_know_the_decision_is_refused(root):
    with sit(root) as desk:
        first = desk.decide(choose(0))
        with pytest.raises(RefusedError) as refusal:
            desk.decide(choose(0, "exclude"))
        assert refusal.value.is_outdated
        assert refusal.value.current == first
        desk.decide(choose(0, "exclude", known=first.time))
    assert brief(read_log(root)) == [("0", "include"), ("0", "exclude")]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (choose(99), "no such report"),
        (choose(0, "undo"), "no decision of any stage"),
        (choose(0, stage="lunch"), "no decision of any stage"),
        (choose(0, "exclude", reason="none"), "none is no reason"),
        (choose(0, "exclude", reason="no-data"), "no-data is no reason"),
        (choose(0, "include", reason="wrong-population"), "no reason for this decision"),
        (choose(0, "exclude", stage="full-text"), "needs a reason"),
        (choose(0, note="x" * (NOTE_LIMIT + 1)), "longer than"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_not_written(root, choice, words):
    with sit(root) as desk, pytest.raises(RefusedError, match=words):
        desk.decide(choice)
    assert read_log(root) == []


def test_the_vote_of_another_is_nowhere_on_the_desk_before_both_have_voted(root):
    vote(root, "ben", [(FIRST, 0, "exclude", "wrong-population")], note="secret")
    with sit(root) as desk:
        assert desk.count(FIRST).others == {"ben": 1}
        assert desk.list_conflicts() == []
        assert "secret" not in tell_all(desk)
        desk.decide(choose(0))
        (conflict,) = desk.list_conflicts()
        assert conflict.settles == "ann=include ben=exclude"
        assert "secret" in tell_all(desk)
        desk.undo(FIRST)
        assert desk.list_conflicts() == []
        assert "secret" not in tell_all(desk)


def tell_all(value: object, depth: int = 6) -> str:
    """Everything that can be reached from a value."""
    if depth == 0:
        return ""
    if isinstance(value, dict):
        return " ".join(tell_all(part, depth - 1) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(tell_all(part, depth - 1) for part in value)
    names = [
        *getattr(value, "__dict__", {}),
        *(name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())),
    ]
    return f"{value!r} " + " ".join(tell_all(getattr(value, name), depth - 1) for name in names if hasattr(value, name))


def test_a_record_with_enough_votes_does_not_wait_for_a_third_person(root):
    vote(root, "ben", [(FIRST, 0, "include")])
    vote(root, "cat", [(FIRST, 0, "include")])
    with sit(root) as desk:
        assert numbers(desk.offer(FIRST, 1)) == [1]


def test_stages_follow_from_what_is_agreed(root):
    vote(root, "ben", [(FIRST, 0, "include"), (FIRST, 1, "exclude")])
    with sit(root) as desk:
        desk.decide(choose(0))
        desk.decide(choose(1, "exclude"))
        desk.refresh()
        assert numbers(desk.offer("retrieval", 9)) == [0]
        desk.decide(choose(0, stage="retrieval"))
        desk.refresh()
        assert numbers(desk.offer("full-text", 9)) == [0]
        desk.decide(choose(0, "exclude", stage="full-text", reason="no-data"))
        assert desk.offer("full-text", 9) == []


def test_votes_that_come_in_meanwhile_are_seen(root):
    with sit(root) as desk:
        desk.decide(choose(0))
        vote(root, "ben", [(FIRST, 0, "include")])
        desk.refresh()
        assert numbers(desk.offer("retrieval", 9)) == [0]


def test_a_conflict_is_settled_by_a_row_that_names_its_votes(root):
    vote(root, "ben", [(FIRST, 0, "include")])
    vote(root, "cat", [(FIRST, 0, "exclude")])
    with sit(root) as desk:
        with pytest.raises(RefusedError, match="others by now"):
            desk.settle(choose(0), "ben=include cat=include")
        desk.settle(choose(0, note="both read it again"), "ben=include cat=exclude")
        assert desk.list_conflicts() == []
        assert numbers(desk.offer("retrieval", 9)) == [0]
        (row,) = read_log(root, "consensus")
        assert (row["by"], row["settles"]) == ("ann", "ben=include cat=exclude")
        desk.unsettle()
        assert len(desk.list_conflicts()) == 1
        with pytest.raises(RefusedError, match="nothing was settled"):
            desk.unsettle()


def test_only_whom_the_protocol_names_may_settle(tmp_path):
    make_folder(tmp_path, screening=SCREENING + "  settled_by: [dana]\n")
    vote(tmp_path, "ben", [(FIRST, 0, "include")])
    vote(tmp_path, "cat", [(FIRST, 0, "exclude")])
    with sit(tmp_path) as desk, pytest.raises(RefusedError, match="names others"):
        desk.settle(choose(0), "ben=include cat=exclude")
    with sit(tmp_path, "dana") as desk:
        desk.settle(choose(0), "ben=include cat=exclude")


def test_two_votes_of_one_person_on_one_report_are_not_settled_but_undone(tmp_path):
    made = make_folder(tmp_path)
    vote(tmp_path, "ben", [(FIRST, 0, "include"), (FIRST, 5, "exclude")])
    vote(tmp_path, "cat", [(FIRST, 0, "include")])
    made.write(
        "queries/duplicates.csv",
        f"left,right,ruling,by,when,why\n{name_record(0)},{name_record(5)},same,ben,2026-01-01,x\n",
    )
    with sit(tmp_path) as desk:
        (conflict,) = desk.list_conflicts()
        assert conflict.is_own
        with pytest.raises(RefusedError, match="must be undone"):
            desk.settle(dataclasses.replace(choose(0), record=conflict.report), conflict.settles)


def test_the_calibration_sample_comes_first_and_is_the_same_for_all(tmp_path):
    make_folder(tmp_path, screening=SCREENING + "  calibration: {records: 2, seed: 5}\n")
    drawn = []
    for who in ("ann", "ben"):
        with sit(tmp_path, who) as desk:
            reports = desk.offer(FIRST, 6)
            assert sorted(numbers(reports)) == list(range(len(TITLES)))
            drawn.append(reports[:2])
            desk.decide(dataclasses.replace(choose(0), record=reports[0]))
            assert [desk.locate(FIRST, report)[1] for report in reports[:3]] == ["calibration seed=5"] * 2 + ["file"]
    assert drawn[0] == drawn[1]
    assert read_log(tmp_path)[0]["order"] == "calibration seed=5"


def test_a_ranker_orders_anew_after_each_decision(root):
    asked, ranked = [], threading.Event()

    def rank(votes):
        asked.append(len(votes))
        ranked.set()
        return FixedOrder((name_record(4), name_record(3)), "toy", 7, frozenset({name_record(3)}))

    with sit(root, rank=rank) as desk:
        wait_until(lambda: numbers(desk.offer(FIRST, 3)) == [4, 3, 0])
        desk.decide(choose(4))
        wait_until(lambda: asked[-1] == 1)
        assert numbers(desk.offer(FIRST, 2)) == [3, 0]
        desk.decide(choose(3))
    assert [row["order"] for row in read_log(root)] == ["toy seed=7", "random seed=7"]


def wait_until(condition):
    pause = threading.Event()
    for _ in range(500):
        if condition():
            return
        pause.wait(0.01)
    pytest.fail("it did not happen within 5 s")


def test_the_pace_is_of_the_last_minutes(root):
    clock = iter([0.0, 10.0, 20.0])
    with sit(root, timer=lambda: next(clock)) as desk:
        assert desk.count(FIRST).pace is None
        for number in range(3):
            desk.decide(choose(number))
        assert desk.count(FIRST).pace == pytest.approx(6.0)


def test_the_log_has_the_place_where_a_record_stood_when_it_was_offered(root):
    orders = iter([(4, 3, 2), (2, 3, 4)])
    with sit(
        root, rank=lambda votes: FixedOrder(tuple(map(name_record, next(orders, (2,)))), "toy", votes=len(votes))
    ) as desk:
        wait_until(lambda: numbers(desk.offer(FIRST, 2)) == [4, 3])
        desk.decide(choose(4))
        wait_until(lambda: numbers(desk.list_waiting(FIRST))[0] == 2)
        desk.decide(choose(3))
        desk.decide(choose(2))
    assert [(row["position"], row["order"]) for row in read_log(root)][:2] == [
        ("1", "toy votes=0"),
        ("2", "toy votes=0"),
    ]
    assert read_log(root)[2]["order"].startswith("toy votes=")
