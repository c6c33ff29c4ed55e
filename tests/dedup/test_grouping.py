"""Records to groups."""

from __future__ import annotations

import random

from review.dedup.grouping import group_records
from review.dedup.rulings import Ruling
from review.model import Author
from review.model import Record
from review.model import RecordId


def record(
    name: str, title: str = "Sodium thiosulfate for calcinosis cutis in systemic sclerosis", **fields: object
) -> Record:
    """Make a record with the fields of a usual article."""
    usual: dict[str, object] = {
        "authors": (Author("Moreau", "Anna"), Author("Okafor", "Ben")),
        "year": 2015,
        "journal": "Journal of Rheumatology",
        "volume": "42",
        "issue": "3",
        "pages": "101-109",
    }
    return Record(id=RecordId(name), title=title, **(usual | fields))  # type: ignore[arg-type]


def members(records: list[Record], **options: object) -> set[tuple[str, ...]]:
    grouping = group_records(records, **options)  # type: ignore[arg-type]
    return {group.members for group in grouping.groups}


def test_same_report_in_two_sources_is_one_group() -> None:
    a = record("a")
    b = record("b", journal="J Rheumatol", pages="101-9", authors=(Author("Moreau", "A"), Author("Okafor", "B")))
    assert members([a, b]) == {("a", "b")}


def test_every_record_is_in_exactly_one_group() -> None:
    records = [record("a"), record("b"), record("c", title="Another paper on quite another matter entirely")]
    grouping = group_records(records)
    assert sorted(member for group in grouping.groups for member in group.members) == ["a", "b", "c"]


def test_order_of_records_does_not_matter() -> None:
    records = [
        record("a"),
        record("b", pages=""),
        record("c", volume="", pages=""),
        record("d", pages="301-309", volume="50", year=2019),
    ]
    expected = group_records(records)
    for seed in range(5):
        random.Random(seed).shuffle(records)
        assert group_records(records) == expected


def test_ruling_different_keeps_identical_records_apart() -> None:
    ruling = Ruling(RecordId("b"), RecordId("a"), "different", "am", "2026-01-01")
    assert members([record("a"), record("b")], rulings=[ruling]) == {("a",), ("b",)}


def test_ruling_same_joins_what_the_rules_keep_apart() -> None:
    other = record("b", title="Quite another title on quite another matter", pages="900")
    ruling = Ruling(RecordId("a"), RecordId("b"), "same", "am", "2026-01-01")
    assert members([record("a"), other], rulings=[ruling]) == {("a", "b")}
