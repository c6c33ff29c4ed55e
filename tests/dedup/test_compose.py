"""The record of a group."""

from __future__ import annotations

import pytest

from review.dedup.compose import compose_record
from tests.dedup.builder import article
from tests.dedup.builder import bare


def test_each_field_comes_from_the_record_that_has_it_best() -> None:
    pubmed = article("pubmed:1", pmid="1", abstract="Short.", journal="J Rheumatol", mesh=("Calcinosis",))
    embase = article(
        "embase:2", abstract="A much longer abstract.", pages="101", keywords=("scleroderma",), doi="10.1234/a"
    )
    composed = compose_record([embase, pubmed])
    assert composed.record.abstract == "A much longer abstract."
    assert composed.record.pages == "101-109"
    assert composed.record.journal == "Journal of Rheumatology"
    assert composed.record.doi == "10.1234/a"
    assert composed.record.mesh == ("Calcinosis",)
    assert composed.provenance["abstract"] == ("embase:2",)
    assert composed.provenance["pages"] == ("pubmed:1",)
    assert composed.provenance["title"] == ("embase:2", "pubmed:1")
    assert composed.members == ("embase:2", "pubmed:1")


def test_every_value_that_differs_is_kept_with_its_records() -> None:
    composed = compose_record([article("a", pages="101-109"), article("b", pages="101")])
    assert {value.value: value.ids for value in composed.values["pages"]} == {"101-109": ("a",), "101": ("b",)}
    assert "title" not in composed.values


def test_the_year_of_the_issue_is_preferred() -> None:
    online = article(
        "a", year=2014, volume="", issue="", pages="1-9", abstract="We treated.", doi="10.1234/a", pmid="1"
    )
    printed = article("b", year=2015, abstract="")
    composed = compose_record([online, printed])
    assert composed.record.year == 2015
    assert composed.provenance["year"] == ("b",)


def test_lists_are_joined_without_repeats() -> None:
    composed = compose_record([article("a", issn=("1", "2")), article("b", issn=("2", "3"))])
    assert composed.record.issn == ("1", "2", "3")


def test_sections_stay_with_their_abstract() -> None:
    from review.model import AbstractSection

    structured = article("a", abstract="Aim: skin.", abstract_sections=(AbstractSection("AIM", "skin."),))
    plain = article("b", abstract="Aim: skin. All of the text.")
    assert compose_record([structured, plain]).record.abstract_sections == ()
    assert compose_record([structured]).record.abstract_sections == structured.abstract_sections


def test_the_order_of_members_does_not_matter() -> None:
    records = [article("a", pages="101"), bare("b", abstract="We treated."), article("c", journal="J Rheumatol")]
    assert compose_record(records) == compose_record(records[::-1])


def test_a_group_of_one_is_its_record() -> None:
    assert compose_record([article("a")]).record == article("a")


def test_no_records_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        compose_record([])
