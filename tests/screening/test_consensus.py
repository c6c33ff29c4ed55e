from __future__ import annotations

import dataclasses

import pytest

from review.findings import Origin
from review.model import Decision
from review.model import RecordId
from review.protocol import ScreeningPlan
from review.protocol import StageRule
from review.screening.consensus import Settlement
from review.screening.consensus import describe_conflict
from review.screening.consensus import parse_settles
from review.screening.consensus import reach_consensus
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import show

ONE = make_protocol()
TWO = dataclasses.replace(ONE, screeners=2)

#: a:1 and b:1 are entries of one report.
GROUPS = {"a:1": "a:1", "b:1": "a:1", "a:2": "a:2"}


def vote(by, verdict, record="a:1", reason="", stage="title-abstract"):
    origin = Origin(f"extraction/screening/{by}.csv", 2)
    return Decision(by, "2026-01-02T08:00:00Z", stage, RecordId(record), verdict, reason, origin=origin)


def settle(verdict, settles, record="a:1", reason="", stage="title-abstract"):
    decision = dataclasses.replace(vote("chris", verdict, record, reason, stage), origin=Origin("consensus.csv", 2))
    return Settlement(decision, parse_settles(settles))


def reach(votes, settlements=(), protocol=TWO):
    return reach_consensus(votes, settlements, GROUPS.get, protocol)


@pytest.mark.parametrize(
    ("verdicts", "protocol", "state"),
    [
        (["include"], ONE, "include"),
        (["unsure"], ONE, "unsure"),
        (["include"], TWO, "waiting"),
        (["include", "include"], TWO, "include"),
        (["exclude", "exclude"], TWO, "exclude"),
        (["include", "exclude"], TWO, "conflict"),
        (["include", "unsure"], TWO, "conflict"),
        (["include", "exclude"], ONE, "conflict"),
        (["include", "include", "exclude"], TWO, "conflict"),
    ],
)
def test_equal_votes_agree_and_others_conflict(verdicts, protocol, state):
    agreed, findings = reach([vote(f"s{n}", verdict) for n, verdict in enumerate(verdicts)], protocol=protocol)
    assert agreed.at("a:1", "title-abstract").state == state
    assert findings == []
    assert agreed.at("a:2", "title-abstract").state == "waiting"


def test_votes_on_the_entries_of_one_report_are_votes_on_the_report():
    agreed, findings = reach([vote("ann", "include"), vote("ben", "include", "b:1")])
    assert agreed.at("a:1", "title-abstract").state == "include"
    assert findings == []


def test_one_person_who_voted_twice_on_a_report_is_one_vote():
    agreed, findings = reach([vote("ann", "include"), vote("ann", "include", "b:1")])
    assert (agreed.at("a:1", "title-abstract").state, findings) == ("waiting", [])


def test_one_person_who_decided_differently_on_a_report_is_told():
    agreed, findings = reach([vote("ann", "include"), vote("ann", "exclude", "b:1")], protocol=ONE)
    assert agreed.at("a:1", "title-abstract").state == "conflict"
    assert show(findings) == [
        "extraction/screening/ann.csv:2: SCREEN-011 error: ann decided include on a:1 and exclude on b:1, which are one report"
    ]
    assert "SCREEN-011" not in list_codes(
        reach([vote("ann", "include"), vote("ann", "exclude", "a:2")], protocol=ONE)[1]
    )


@pytest.mark.parametrize("settlements", [[], [settle("include", "", record="z:9")]])
def test_a_record_that_no_run_holds_is_told(settlements):
    agreed, findings = reach([vote("ann", "include", "z:9")] if not settlements else [], settlements)
    assert list_codes(findings) == ["SCREEN-010"]
    assert "z:9" in str(findings[0])
    assert agreed.standings == {}
    assert "SCREEN-010" not in list_codes(reach([vote("ann", "include")])[1])


def test_the_primary_reason_is_the_first_of_the_protocol():
    votes = [vote("ann", "exclude", reason="no-data"), vote("ben", "exclude", reason="wrong-population")]
    assert reach(votes)[0].at("a:1", "title-abstract").reason == "wrong-population"
    assert reach(votes[:1] * 1, protocol=ONE)[0].at("a:1", "title-abstract").reason == "no-data"
    assert reach([vote("ann", "exclude")], protocol=ONE)[0].at("a:1", "title-abstract").reason == ""


def test_a_settlement_of_the_votes_as_they_are_stands():
    votes = [vote("ann", "include"), vote("ben", "exclude", reason="no-data")]
    agreed, findings = reach(votes, [settle("exclude", "ben=exclude; ann=include", reason="wrong-population")])
    standing = agreed.at("a:1", "title-abstract")
    assert (standing.state, standing.reason, len(standing.votes)) == ("exclude", "wrong-population", 3)
    assert findings == []


def test_a_settlement_of_other_votes_is_stale():
    votes = [vote("ann", "include"), vote("ben", "exclude")]
    agreed, findings = reach(votes, [settle("exclude", "ann=unsure ben=exclude")])
    assert agreed.at("a:1", "title-abstract").state == "conflict"
    assert list_codes(findings) == ["SCREEN-012"]
    assert str(findings[0]) == (
        "consensus.csv:2: SCREEN-012 error: the settlement of a:1 is stale: the votes it settles are not those of now; "
        "expected ann=include ben=exclude"
    )
    assert "SCREEN-012" not in list_codes(reach(votes, [settle("exclude", "ann=include ben=exclude")])[1])


def test_the_last_settlement_stands_and_undo_withdraws_it():
    votes = [vote("ann", "include"), vote("ben", "exclude")]
    first, second = settle("exclude", "ann=include ben=exclude"), settle("include", "ann=include ben=exclude")
    assert reach(votes, [first, second])[0].at("a:1", "title-abstract").state == "include"
    assert reach(votes, [first, settle("undo", "")])[0].at("a:1", "title-abstract").state == "conflict"
    assert reach(votes, [settle("undo", ""), second])[0].at("a:1", "title-abstract").state == "include"


def test_a_settlement_is_of_its_stage_alone():
    votes = [vote("ann", "include"), vote("ben", "exclude")]
    agreed, _ = reach(votes, [settle("include", "ann=include ben=exclude", stage="full-text")])
    assert agreed.at("a:1", "title-abstract").state == "conflict"


def test_settled_votes_are_read_from_their_cell():
    assert parse_settles("ann=include  ben=exclude") == (("ann", "include"), ("ben", "exclude"))
    assert parse_settles("ann=include;ben=exclude") == (("ann", "include"), ("ben", "exclude"))
    assert parse_settles("") == ()


def test_a_conflict_is_told_with_who_said_what():
    agreed, _ = reach([vote("ann", "include"), vote("ben", "exclude")])
    finding = describe_conflict("a:1", "title-abstract", agreed.at("a:1", "title-abstract"))
    assert str(finding) == (
        "extraction/screening/ann.csv:2: SCREEN-013 warning: a:1: votes at title-abstract disagree (ann include, ben exclude)"
    )


def test_where_one_include_suffices_it_outweighs_the_other_votes():
    plan = ScreeningPlan(stages=(StageRule("title-abstract", 2, either_include=True),))
    protocol = dataclasses.replace(TWO, screening=plan)
    for verdicts, state in (
        (["include", "exclude"], "include"),
        (["unsure", "include"], "include"),
        (["include"], "waiting"),
        (["exclude", "unsure"], "conflict"),
        (["exclude", "exclude"], "exclude"),
    ):
        votes = [vote(f"s{n}", verdict) for n, verdict in enumerate(verdicts)]
        assert reach(votes, protocol=protocol)[0].at("a:1", "title-abstract").state == state


def test_a_stage_may_need_fewer_votes_than_another():
    plan = ScreeningPlan(stages=(StageRule("retrieval", 1),))
    protocol = dataclasses.replace(TWO, screening=plan)
    agreed, _ = reach([vote("ann", "include", stage=stage) for stage in ("retrieval", "full-text")], protocol=protocol)
    assert (agreed.at("a:1", "retrieval").state, agreed.at("a:1", "full-text").state) == ("include", "waiting")


def test_who_settles_may_be_named_in_the_protocol():
    votes = [vote("ann", "include"), vote("ben", "exclude")]
    settlement = settle("exclude", "ann=include ben=exclude")
    for names, codes in (((), []), (("chris",), []), (("dana",), ["SCREEN-018"])):
        protocol = dataclasses.replace(TWO, screening=ScreeningPlan(settled_by=names))
        agreed, findings = reach(votes, [settlement], protocol)
        assert list_codes(findings) == codes
        assert agreed.at("a:1", "title-abstract").state == "exclude"
