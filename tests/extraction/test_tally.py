from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.extraction.tally import count_cases
from review.extraction.tally import tally_outcome
from review.findings import Origin
from review.model import Case
from review.model import CaseId
from review.model import Count
from review.model import Observation
from review.model import Place
from review.model import RecordId
from review.model import Study
from review.model import StudyId

PAPER = Place(RecordId("pubmed:1"), "Table 1")


def make_case(number, answer):
    """A case whose outcome is yes, no, a word for missing, or not in the sheet (None)."""
    outcomes = {}
    if answer in ("yes", "no"):
        outcomes["response"] = Observation(answer, source=PAPER, origin=Origin("s.yaml", number))
    elif answer:
        outcomes["response"] = Observation(missing=answer)
    return Case(CaseId(f"c{number}"), {}, outcomes)


def make_study(*answers, counts=()):
    cases = tuple(make_case(number, answer) for number, answer in enumerate(answers, 1))
    return Study(StudyId("s"), "S", "primary", "", None, (), cases, counts)


TOTAL = Count("response", 3, 9, definition="by half", source=PAPER, origin=Origin("s.yaml", 30))


@given(st.lists(st.sampled_from(["yes", "no", "not reported", "unclear", "not applicable", None]), max_size=12))
def test_every_case_is_counted_or_told_apart(answers):
    tally = count_cases(make_study(*answers).cases, "response")
    assert tally.events == answers.count("yes")
    assert tally.total == answers.count("yes") + answers.count("no")
    assert sorted((*tally.cases, *tally.unknown)) == sorted(f"c{n}" for n in range(1, len(answers) + 1))


def test_the_lines_and_sources_that_were_counted_are_kept():
    tally = count_cases(make_study("yes", "no", "unclear").cases, "response")
    assert [origin.line for origin in tally.origins] == [1, 2]
    assert tally.sources == (PAPER,)


def test_an_answer_without_a_source_or_place_counts():
    case = Case(CaseId("c"), {}, {"response": Observation("yes")})
    tally = count_cases([case], "response")
    assert (tally.events, tally.total, tally.sources, tally.origins) == (1, 1, (), ())


def test_cases_come_before_the_total():
    tally = tally_outcome(make_study("yes", counts=(TOTAL,)), "response")
    assert (tally.events, tally.total, tally.cases, tally.definition) == (1, 1, ("c1",), "")


def test_the_total_is_used_where_no_case_has_an_answer():
    tally = tally_outcome(make_study("not reported", counts=(TOTAL,)), "response")
    assert (tally.events, tally.total, tally.cases, tally.unknown) == (3, 9, (), ())
    assert (tally.definition, tally.sources, tally.origins) == ("by half", (PAPER,), (Origin("s.yaml", 30),))
    bare = dataclasses.replace(TOTAL, source=None, origin=None)
    assert tally_outcome(make_study(counts=(bare,)), "response").sources == ()


@pytest.mark.parametrize("study", [make_study(), make_study("unclear"), make_study(counts=(TOTAL,))])
def test_an_outcome_without_a_figure_has_no_tally(study):
    assert tally_outcome(study, "death") is None
