from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.findings import Origin
from review.model import Decision
from review.model import RecordId
from review.protocol import STAGES
from review.screening.consensus import Consensus
from review.screening.consensus import Standing
from review.screening.progress import follow_reports
from tests.builder import list_codes

A = RecordId("a:1")


def standing(state, stage, reason=""):
    if state == "waiting":
        return Standing("waiting")
    verdict = "include" if state == "conflict" else state
    vote = Decision("ann", "2026-01-02T08:00:00Z", stage, A, verdict, reason, origin=Origin("ann.csv", 2))
    return Standing(state, (vote,), reason)


def follow(*states, lanes=frozenset()):
    standings = {(A, stage): standing(state, stage, "no-data") for stage, state in zip(STAGES, states, strict=True)}
    return follow_reports([A], Consensus(standings), lanes)


PLACES = ("unscreened", "excluded", "not_retrieved", "unretrieved", "rejected", "undecided", "included")


@pytest.mark.parametrize(
    ("states", "place"),
    [
        (("waiting", "waiting", "waiting"), "unscreened"),
        (("unsure", "waiting", "waiting"), "unscreened"),
        (("conflict", "waiting", "waiting"), "unscreened"),
        (("exclude", "waiting", "waiting"), "excluded"),
        (("include", "waiting", "waiting"), "unretrieved"),
        (("include", "unsure", "waiting"), "unretrieved"),
        (("include", "exclude", "waiting"), "not_retrieved"),
        (("include", "include", "waiting"), "undecided"),
        (("include", "include", "conflict"), "undecided"),
        (("include", "waiting", "unsure"), "undecided"),
        (("include", "waiting", "include"), "included"),
        (("include", "include", "include"), "included"),
        (("include", "waiting", "exclude"), "rejected"),
    ],
)
def test_where_a_report_is(states, place):
    progress, findings = follow(*states)
    assert [name for name in PLACES if A in getattr(progress, name)] == [place]
    assert (progress.conflicts == (A,)) is ("conflict" in states)
    assert (list_codes(findings) == ["SCREEN-013"]) is ("conflict" in states)
    assert "SCREEN-014" not in list_codes(findings)


@given(st.lists(st.tuples(*[st.sampled_from(["include", "exclude", "unsure", "waiting", "conflict"])] * 3), max_size=8))
def test_every_report_is_in_exactly_one_place_of_each_stage(states):
    reports = [RecordId(f"a:{number}") for number in range(len(states))]
    standings = {
        (report, stage): standing(state, stage, "no-data")
        for report, row in zip(reports, states, strict=True)
        for stage, state in zip(STAGES, row, strict=True)
    }
    progress, _ = follow_reports(reports, Consensus(standings))
    everything = [report for name in PLACES for report in getattr(progress, name)]
    assert sorted(everything) == sorted(reports)
    assert len(progress.sought) == sum(len(getattr(progress, name)) for name in PLACES[2:])
    assert len(progress.assessed) == sum(len(getattr(progress, name)) for name in PLACES[4:])
    assert sorted(progress.screened) == sorted(set(reports) - set(progress.unscreened))


def test_the_reason_of_a_rejected_report_is_kept():
    assert follow("include", "include", "exclude")[0].rejected == {A: "no-data"}


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (("exclude", "waiting", "include"), "decided on at full-text, but it is not included at title-abstract"),
        (("waiting", "include", "include"), "decided on at retrieval, but it is not included at title-abstract"),
        (("include", "exclude", "include"), "decided on at full-text, but it is not included at retrieval"),
    ],
)
def test_a_decision_at_a_stage_that_was_not_reached_is_told(states, words):
    _, findings = follow(*states)
    assert list_codes(findings) == ["SCREEN-014"]
    assert words in str(findings[0])
    assert findings[0].origin == ("ann.csv", 2, "")


def test_reports_of_other_methods_are_sought_without_screening():
    lanes = frozenset([A])
    assert follow("waiting", "waiting", "waiting", lanes=lanes)[0].unretrieved == (A,)
    assert follow("waiting", "waiting", "include", lanes=lanes)[0].included == (A,)
    assert follow("exclude", "waiting", "waiting", lanes=lanes)[0].excluded == (A,)
