"""The records of the worked example: groups equal their gold, or the difference is one that the records do not tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from review.dedup.grouping import group_records
from review.dedup.groups import Grouping
from review.dedup.rulings import Ruling
from review.model import Author
from review.model import Record
from review.model import RecordId

#: Gold groups that only a person can join, and why.
NEEDS_A_RULING = {
    "D_DELUCA": "one entry holds neither title, authors nor identifier",
    "D_ADVRHEUM": "one entry holds a year and nothing else",
    "D_VITIELLO2012": "one entry holds a PMC number that no other has",
    "D_VARGAS": "the Spanish title and a year, no author or journal",
    "D_DELGADO": "the Spanish title and a year, no author or journal",
    "D_BALIN": "a copy with the title cut, no year or journal: asked",
    "D_NCT02663895": "brief and official title of a register entry, one without its number: asked",
    "D_HAROUNA": "a copy dated five years later, no author or journal: asked",
}

pytestmark = pytest.mark.shared


def to_author(name: str) -> Author:
    if any(word in name for word in ("Group", "Consortium")):
        return Author(name, is_collective=True)
    family, comma, given = name.partition(",")
    return Author(family.strip(), given.strip() if comma else "")


def to_record(entry: dict[str, object]) -> Record:
    other = entry.get("other_ids") or {}
    text = {key: str(value) for key, value in entry.items() if value is not None}
    return Record(
        id=RecordId(text["id"]),
        title=text["title"],
        authors=tuple(to_author(name) for name in entry["authors"] or ()),  # type: ignore[attr-defined]
        year=entry["year"],  # type: ignore[arg-type]
        journal=text.get("journal", ""),
        journal_abbreviation=text.get("iso_abbrev", ""),
        volume=text.get("volume", ""),
        issue=text.get("issue", ""),
        pages=text.get("pages", ""),
        doi=text.get("doi", ""),
        pmid=text.get("pmid", ""),
        pmcid=other.get("pmcid", ""),  # type: ignore[attr-defined]
        epub_date=text.get("epub_date", ""),
        publication_types=tuple(entry["publication_types"] or ()),  # type: ignore[arg-type]
        registrations=(other["nct"],) if "nct" in other else (),  # type: ignore[index,operator]
    )


@pytest.fixture(scope="module")
def records(shared: Path) -> list[Record]:
    entries = json.loads((shared / "example" / "records.json").read_text(encoding="utf-8"))
    return [to_record(entry) for entry in entries]


@pytest.fixture(scope="module")
def gold(shared: Path) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in json.loads((shared / "example" / "gold.json").read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def grouping(records: list[Record]) -> Grouping:
    return group_records(records)


def test_no_two_reports_are_merged(grouping: Grouping, gold: dict[str, dict[str, str]]) -> None:
    for group in grouping.groups:
        assert len({gold[member]["dup_group"] or member for member in group.members}) == 1


def test_what_is_left_apart_needs_a_ruling(grouping: Grouping, gold: dict[str, dict[str, str]]) -> None:
    group_of = grouping.group_of()
    found: dict[str, set[RecordId]] = {}
    for name, row in gold.items():
        found.setdefault(row["dup_group"] or name, set()).add(group_of[RecordId(name)].representative)
    assert {name for name, representatives in found.items() if len(representatives) > 1} == set(NEEDS_A_RULING)


def test_rulings_make_the_groups_equal_to_the_gold(records: list[Record], gold: dict[str, dict[str, str]]) -> None:
    members: dict[str, list[str]] = {}
    for name, row in gold.items():
        members.setdefault(row["dup_group"] or name, []).append(name)
    rulings = [
        Ruling(RecordId(members[name][0]), RecordId(other), "same", "am", "2026-01-01")
        for name in NEEDS_A_RULING
        for other in members[name][1:]
    ]
    grouping = group_records(records, rulings=rulings)
    assert {frozenset(group.members) for group in grouping.groups} == {frozenset(names) for names in members.values()}


def test_companions_are_of_one_study(grouping: Grouping, gold: dict[str, dict[str, str]]) -> None:
    assert grouping.companions
    for link in grouping.companions:
        left, right = gold[link.left]["study_group"], gold[link.right]["study_group"]
        assert left == right or link.kind == "version-of"
