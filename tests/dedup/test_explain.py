"""Why two records are one, or are not."""

from __future__ import annotations

from review.dedup.explain import explain_pair
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
