"""Planned analyses: rows, sums, and the refusal to count a patient twice."""

from __future__ import annotations

import dataclasses

import pytest
from scipy import stats

from review.findings import Origin
from review.model import Case
from review.model import CaseId
from review.model import Count
from review.model import Observation
from review.model import Overlap
from review.model import Study
from review.model import StudyId
from review.pooling.planned import estimate_all
from review.pooling.planned import pool_planned
from review.protocol import Analysis
from review.protocol import Outcome
from tests.builder import list_codes
from tests.builder import show

OUTCOME = Outcome("response", "Response", "smaller")
ORIGIN = Origin("protocol.yaml", 20, "analyses.A")


def make_analysis(*studies, together=True, intervals=("clopper-pearson", "wilson")):
    names = tuple(StudyId(study) for study in studies)
    return Analysis("A", "All", "response", names, together, intervals, "", ORIGIN)


def make_study(name, events=None, total=None, *, definition="", overlaps=(), cases=()):
    """A study with a total, or with cases given as `id:answer` or `id:answer=same_as`."""
    counts = () if events is None else (Count("response", events, total, definition=definition),)
    made = []
    for text in cases:
        identifier, _, rest = text.partition(":")
        answer, _, same_as = rest.partition("=")
        observation = Observation(answer) if answer in ("yes", "no") else Observation(missing=answer)
        place = Origin(f"{name}.yaml", 9)
        made.append(
            Case(CaseId(identifier), {}, {"response": observation}, CaseId(same_as) if same_as else None, place)
        )
    declared = tuple(Overlap(kind, StudyId(other), "why", Origin(f"{name}.yaml", 5)) for kind, other in overlaps)
    return Study(StudyId(name), name.title(), "primary", "", None, (), tuple(made), counts, (), declared, (), Origin(f"{name}.yaml", 1))  # fmt: skip


def pool(analysis, *studies):
    return pool_planned(analysis, {study.id: study for study in studies}, OUTCOME)


def totals(result):
    return [(str(row.study.id), row.tally.events, row.tally.total) for row in result.rows]


def test_rows_and_their_sum_have_one_interval_for_each_method():
    result = pool(make_analysis("a", "b"), make_study("a", 4, 8), make_study("b", 5, 11))
    assert totals(result) == [("a", 4, 8), ("b", 5, 11)]
    assert (result.findings, result.is_refused) == ((), False)
    exact, wilson = result.together
    assert (exact.label, exact.events, exact.total, exact.value, exact.ids) == (
        "All together",
        9,
        19,
        9 / 19,
        ("a", "b"),
    )
    assert (exact.method, wilson.method) == ("clopper-pearson", "wilson")
    for row in (*(row.estimates for row in result.rows), result.together):
        for estimate in row:
            method = {"clopper-pearson": "exact", "wilson": "wilson"}[estimate.method]
            expected = stats.binomtest(estimate.events, estimate.total).proportion_ci(0.95, method)
            assert (estimate.ci_low, estimate.ci_high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_the_level_of_an_interval_is_kept():
    (estimate,) = estimate_all("x", 1, 4, ["wilson"], ("s",), level=0.8)
    expected = stats.binomtest(1, 4).proportion_ci(0.8, "wilson")
    assert (estimate.level, estimate.ci_low, estimate.ci_high) == (
        0.8,
        pytest.approx(expected.low),
        pytest.approx(expected.high),
    )


def test_one_row_or_an_analysis_that_asks_for_none_has_no_sum():
    assert pool(make_analysis("a"), make_study("a", 4, 8)).together == ()
    assert pool(make_analysis("a", "b", together=False), make_study("a", 4, 8), make_study("b", 1, 1)).together == ()


def test_a_study_without_a_sheet_is_told():
    result = pool(make_analysis("a", "z"), make_study("a", 4, 8))
    assert show(result.findings) == [
        "protocol.yaml:20: POOL-002 error: the analysis A names z, which has no sheet; expected a"
    ]
    assert "a sheet under extraction/studies" in str(pool(make_analysis("z")).findings[0])
    assert "POOL-002" not in list_codes(pool(make_analysis("a"), make_study("a", 4, 8)).findings)


def test_a_study_without_a_figure_is_told():
    result = pool(make_analysis("a", "b"), make_study("a", 4, 8), make_study("b"))
    assert show(result.findings) == [
        "b.yaml:1: POOL-003 warning: the analysis A: the sheet of b has no figure for response"
    ]
    assert totals(result) == [("a", 4, 8)]
    assert "POOL-003" not in list_codes(pool(make_analysis("a"), make_study("a", 4, 8)).findings)


def test_different_definitions_are_told():
    studies = make_study("a", 4, 8, definition="by half"), make_study("b", 5, 11, definition="at all")
    result = pool(make_analysis("a", "b"), *studies)
    assert show(result.findings) == [
        "protocol.yaml:20: POOL-004 note: the analysis A puts together studies that define response differently (a: by half; b: at all)"
    ]
    assert result.together[0].total == 19
    same = make_study("b", 5, 11, definition="by half")
    assert pool(make_analysis("a", "b"), studies[0], same).findings == ()


def test_cases_without_a_known_answer_are_left_out_and_told():
    result = pool(make_analysis("a"), make_study("a", cases=("a1:yes", "a2:unclear", "a3:not reported")))
    assert totals(result) == [("a", 1, 1)]
    assert show(result.findings) == [
        "a.yaml:1: POOL-006 warning: response of 2 of the cases of a is not known; they are left out"
    ]
    assert result.findings[0].ids == ("a2", "a3")
    assert "POOL-006" not in list_codes(pool(make_analysis("a"), make_study("a", cases=("a1:yes",))).findings)


@pytest.mark.parametrize(
    ("kind", "says"), [("may-include", "may include the patients of"), ("overlaps-with", "shares patients with")]
)
def test_a_sum_that_may_count_a_patient_twice_is_refused(kind, says):
    a, b = make_study("a", 4, 8), make_study("b", 1, 1)
    clashing = dataclasses.replace(a, overlaps=make_study("a", overlaps=[(kind, "b")]).overlaps)
    result = pool(make_analysis("a", "b"), clashing, b)
    assert (result.together, result.is_refused) == ((), True)
    assert totals(result) == [("a", 4, 8), ("b", 1, 1)]
    (finding,) = result.findings
    assert (finding.code, finding.ids) == ("POOL-001", ("a", "b"))
    assert str(finding).startswith(
        f"a.yaml:5: POOL-001 error: the analysis A is refused: a {says} b, so they may be counted twice ("
    )
    assert "POOL-001" not in list_codes(pool(make_analysis("a", "b"), a, b).findings)


@pytest.mark.parametrize("ruling_in", ["a", "b"])
def test_either_sheet_may_rule_that_no_patient_is_shared(ruling_in):
    overlaps = {"a": [("may-include", "b")], "b": []}
    overlaps[ruling_in].append(("distinct-from", "b" if ruling_in == "a" else "a"))
    studies = make_study("a", 4, 8, overlaps=overlaps["a"]), make_study("b", 1, 1, overlaps=overlaps["b"])
    result = pool(make_analysis("a", "b"), *studies)
    assert (result.findings, result.together[0].total) == ((), 9)


def test_an_overlap_matters_only_where_both_are_summed():
    may_include = make_study("a", 4, 8, overlaps=[("may-include", "b")])
    b = make_study("b", 1, 1)
    assert pool(make_analysis("a", "c"), may_include, b, make_study("c", 1, 2)).together[0].total == 10
    listed = pool(make_analysis("a", "b", together=False), may_include, b)
    assert (listed.findings, listed.is_refused) == ((), False)
    without_figure = pool(make_analysis("a", "b", "c"), may_include, make_study("b"), make_study("c", 1, 2))
    assert (list_codes(without_figure.findings), without_figure.together[0].total) == (["POOL-003"], 10)


def test_a_case_that_two_sheets_have_is_counted_once():
    home = make_study("a", cases=("a1:yes", "a2:no"))
    again = make_study("b", cases=("b1:yes=a1", "b2:yes"))
    result = pool(make_analysis("a", "b"), home, again)
    assert totals(result) == [("a", 1, 2), ("b", 1, 1)]
    assert show(result.findings) == ["b.yaml:9: POOL-005 note: the analysis A: b1 of b is a1 of a, counted there"]
    assert result.together[0].total == 3
    alone = pool(make_analysis("b"), home, again)
    assert (totals(alone), alone.findings) == ([("b", 2, 2)], ())


def test_two_sheets_that_point_to_a_third_one_count_the_patient_once():
    sheets = (
        make_study("a", cases=("a1:yes",)),
        make_study("b", cases=("b1:yes=a1",)),
        make_study("c", cases=("c1:yes=b1", "c2:no")),
    )
    result = pool(make_analysis("b", "c"), *sheets)
    assert totals(result) == [("b", 1, 1), ("c", 0, 1)]
    assert list_codes(result.findings) == ["POOL-005"]


def test_cases_that_point_to_each_other_are_counted_once_not_never():
    result = pool(
        make_analysis("a", "b"), make_study("a", cases=("a1:yes=b1",)), make_study("b", cases=("b1:yes=a1", "b2:no"))
    )
    assert totals(result) == [("a", 1, 1), ("b", 0, 1)]


def test_the_total_of_a_sheet_is_not_used_once_a_case_of_it_is_counted_elsewhere():
    again = dataclasses.replace(make_study("b", 2, 2, cases=("b1:unclear=a1",)))
    result = pool(make_analysis("a", "b"), make_study("a", cases=("a1:yes",)), again)
    assert totals(result) == [("a", 1, 1)]
    assert list_codes(result.findings) == ["POOL-005", "POOL-003"]


def test_shared_patients_that_are_named_are_not_refused():
    home = make_study("a", cases=("a1:yes", "a2:no"), overlaps=[("overlaps-with", "b")])
    again = make_study("b", cases=("b1:yes=a1", "b2:yes"))
    result = pool(make_analysis("a", "b"), home, again)
    assert (result.is_refused, result.together[0].total) == (False, 3)
    mirrored = pool(make_analysis("a", "b"), home, make_study("b", cases=("b1:yes", "b2:no")))
    assert mirrored.is_refused
    assert "same_as at each case" in str(mirrored.findings[0])


def test_three_studies_are_refitted_without_each_and_in_the_order_of_years():
    names = ("late", "early", "middle")
    studies = [
        dataclasses.replace(make_study(name, 2, 5), year=year)
        for name, year in zip(names, (2012, 1999, 2005), strict=True)
    ]
    result = pool(make_analysis(*names), *studies)
    assert [(item.study, item.total) for item in result.without] == [("Late", 10), ("Early", 10), ("Middle", 10)]
    assert [(item.study, item.total) for item in result.cumulative] == [("Middle", 10), ("Late", 15)]


def test_without_a_sum_or_a_year_nothing_is_refitted():
    pair = pool(make_analysis("one", "two"), make_study("one", 2, 5), make_study("two", 1, 4))
    assert (pair.without, pair.cumulative) == ((), ())
    names = ("one", "two", "three")
    undated = pool(make_analysis(*names), *(dataclasses.replace(make_study(name, 2, 5), year=None) for name in names))
    assert len(undated.without) == 3
    assert undated.cumulative == ()
