"""Why two records are one, or are not."""

from __future__ import annotations

from review.dedup.explain import explain_pair
from review.dedup.explain import tell_membership
from review.dedup.grouping import group_records
from review.dedup.rulings import Ruling
from review.model import RecordId
from tests.dedup.builder import article
from tests.dedup.builder import bare


def test_the_rule_and_the_fields_are_told() -> None:
    explanation = explain_pair(article(), article("b", journal="J Rheumatol", pages="101-9"))
    assert explanation.outcome == "duplicate"
    assert "same title and page" in explanation.by
    text = str(explanation)
    assert "first page same" in text
    assert "DOI missing" in text


def test_a_veto_is_told() -> None:
    explanation = explain_pair(article(doi="10.1234/a"), article("b", doi="10.1234/b", pages="201-209"))
    assert explanation.outcome == "different"
    assert "DOI" in explanation.reason


def test_a_ruling_is_told_with_its_author() -> None:
    ruling = Ruling(RecordId("b"), RecordId("a"), "different", "am", "2026-01-01", "two centres")
    explanation = explain_pair(article(), article("b"), rulings=[ruling])
    assert explanation.outcome == "different"
    assert "am on 2026-01-01" in explanation.by
    assert explanation.reason == "two centres"


def test_identical_entries_are_told() -> None:
    assert explain_pair(bare("a"), bare("b")).by == "identical entries"


def test_nothing_in_common_is_told() -> None:
    other = article(
        "b", "Another matter altogether: a survey of hospitals", authors="", volume="", issue="", pages="", journal=""
    )
    explanation = explain_pair(article(), other)
    assert (explanation.outcome, explanation.by) == ("different", "no rule")


def test_the_order_of_the_two_does_not_matter() -> None:
    left, right = article(), article("b", pages="")
    assert explain_pair(left, right) == explain_pair(right, left)


A, B, C = RecordId("a"), RecordId("b"), RecordId("c")


def test_the_rule_that_joined_two_records_is_told() -> None:
    bare_copy = article("b", doi="10.1234/a", journal="", pages="", volume="", issue="")
    said = tell_membership(group_records([article("a", doi="10.1234/a"), bare_copy]), A, B)
    assert said == ("a and b are in one group", "a = b: same DOI and title")


def test_a_chain_is_told_step_by_step() -> None:
    records = [
        article("a", doi="10.1234/a", pages="101-109", volume=""),
        article("b", doi="10.1234/a", journal="", pages="", volume="", issue=""),
        article("c", journal="J Rheumatol", pages="", volume="", issue=""),
    ]
    said = tell_membership(group_records(records), A, C)
    assert said[0] == "a and c are in one group"
    assert len(said) >= 2


def test_a_group_made_by_a_person_is_told() -> None:
    other = article("b", "Another matter altogether: a survey of hospitals", pages="900")
    grouping = group_records([article("a"), other], rulings=[Ruling(A, B, "same")])
    assert "ruling" in tell_membership(grouping, A, B)[0]


def test_companions_and_doubts_between_groups_are_told() -> None:
    asked = group_records([article("a", doi="10.1234/a", pages=""), article("b", doi="10.1234/b")])
    assert any("DOI" in line for line in tell_membership(asked, A, B)[1:])
    apart = group_records([article("a"), article("b", "Another matter altogether: a survey of hospitals", pages="900")])
    assert tell_membership(apart, A, B) == ("a and b are in two groups",)


def test_identical_entries_are_told_in_a_group() -> None:
    assert tell_membership(group_records([article("a"), article("b")]), A, B)[1] == "a = b: identical entries"
