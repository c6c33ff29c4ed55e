"""Records to groups."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.dedup.candidates import BLOCK_CAP
from review.dedup.compare import compare
from review.dedup.grouping import group_records
from review.dedup.normalise import normalise
from review.dedup.rules import decide
from review.dedup.rulings import Ruling
from review.model import Record
from review.model import RecordId
from tests.dedup.builder import TITLE
from tests.dedup.builder import article
from tests.dedup.builder import bare
from tests.dedup.strategies import literatures


def groups(records: list[Record], **options: object) -> set[tuple[str, ...]]:
    return {group.members for group in group_records(records, **options).groups}  # type: ignore[arg-type]


def rule(left: str, right: str, ruling: str, when: str = "2026-01-01") -> Ruling:
    return Ruling(RecordId(left), RecordId(right), ruling, "am", when)  # type: ignore[arg-type]


def codes(records: list[Record], *rulings: Ruling) -> list[str]:
    return [finding.code for finding in group_records(records, rulings=rulings).findings]


def test_no_records_give_no_groups() -> None:
    assert group_records([]).groups == ()


def test_same_report_in_two_sources_is_one_group() -> None:
    assert groups([article(), article("b", journal="J Rheumatol", pages="101-9")]) == {("a", "b")}


def test_the_most_complete_record_stands_for_the_group() -> None:
    records = [bare("a"), article("b", abstract="We treated patients.", pmid="1"), article("c")]
    assert group_records(records).groups[0].representative == "b"


def test_a_bare_record_does_not_chain_two_reports() -> None:
    abstract = article(
        "a", issue="Suppl 2", pages="A51", volume="41", year=2014, journal="Annals of the Rheumatic Diseases"
    )
    paper = article("c")
    grouping = group_records([abstract, bare("b"), paper])
    assert len(grouping.groups) == 2
    assert not any({"a", "c"} <= set(group.members) for group in grouping.groups)


def test_identical_entries_are_one_however_little_they_say() -> None:
    assert groups([bare("a"), bare("b")]) == {("a", "b")}


def test_identical_stock_titles_without_a_place_are_not_one() -> None:
    assert len(groups([bare("a", "Editorial"), bare("b", "Editorial")])) == 2


def test_many_identical_entries_are_one_group() -> None:
    records = [article(f"r{number:04}") for number in range(BLOCK_CAP + 50)]
    assert [len(group.members) for group in group_records(records).groups] == [BLOCK_CAP + 50]


def test_preprint_and_article_are_companions_unless_asked() -> None:
    records = [
        article(doi="10.1234/x"),
        bare("b", journal="medRxiv", doi="10.1101/2015.01", authors="Moreau, A", year=2015),
    ]
    grouping = group_records(records)
    assert len(grouping.groups) == 2
    assert [(link.left, link.right, link.kind) for link in grouping.companions] == [("a", "b", "preprint-of")]
    assert groups(records, merge_preprints=True) == {("a", "b")}


def test_ruling_different_keeps_identical_entries_apart() -> None:
    assert groups([article(), article("b")], rulings=[rule("b", "a", "different")]) == {("a",), ("b",)}


def test_ruling_same_joins_what_the_rules_keep_apart() -> None:
    other = article("b", "Quite another title on quite another matter", pages="900")
    assert groups([article(), other], rulings=[rule("a", "b", "same")]) == {("a", "b")}


def test_a_third_record_follows_into_a_group_that_a_person_made() -> None:
    other = article("b", doi="10.1234/b", pages="201-209")
    third = article("c", doi="10.1234/b", pages="201-209", issue="")
    assert groups([article(doi="10.1234/a"), other, third], rulings=[rule("a", "b", "same")]) == {("a", "b", "c")}


def test_taking_a_ruling_back_undoes_the_merge() -> None:
    rulings = [rule("a", "b", "different"), rule("b", "a", "same", "2026-02-01")]
    assert groups([article(), article("b")], rulings=rulings) == {("a", "b")}


def test_a_ruling_holds_between_whole_groups() -> None:
    records = [article("a"), article("b", pages="101"), article("c", pages="101", issue="")]
    parted = groups(records, rulings=[rule("a", "c", "different")])
    assert not any({"a", "c"} <= set(members) for members in parted)


def test_contradicting_rulings_are_a_finding() -> None:
    records = [article("a"), article("b"), article("c")]
    rulings = [rule("a", "b", "same"), rule("b", "c", "same"), rule("a", "c", "different")]
    assert codes(records, *rulings) == ["DEDUP-002"]
    assert codes(records, *rulings[:2]) == []


def test_ruling_on_an_unknown_record_is_a_finding() -> None:
    assert codes([article("a")], rule("a", "z", "same")) == ["DEDUP-003"]


def test_one_id_for_two_documents_is_a_finding() -> None:
    other = article("a", "Quite another title on quite another matter", authors="Smith, J", pages="900")
    assert codes([article("a"), other]) == ["DEDUP-004"]
    assert codes([article("a"), article("a", pages="")]) == []


def test_a_key_that_too_many_share_is_a_finding() -> None:
    records = [article(f"r{number:04}", f"{TITLE} {number}", volume=str(number)) for number in range(BLOCK_CAP + 1)]
    assert "DEDUP-005" in codes(records)
    assert "DEDUP-005" not in codes(records[:50])


def test_a_record_without_title_and_identifier_is_a_finding() -> None:
    assert codes([bare("a", "")]) == ["DEDUP-006"]
    assert codes([bare("a", "", doi="10.1234/a")]) == []


def test_blocked_edges_are_asked() -> None:
    records = [
        article("a", doi="10.1234/a", volume="", issue="", pages=""),
        article("b", volume="", issue="", pages=""),
        article("c", doi="10.1234/c", volume="", issue="", pages=""),
    ]
    grouping = group_records(records)
    assert len(grouping.groups) == 2
    assert len(grouping.doubtful) == 1
    assert "contradict" in grouping.doubtful[0].reasons[0]


@given(literatures(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_of_records_does_not_matter(records: list[Record], random: object) -> None:
    expected = group_records(records)
    shuffled = list(records)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert group_records(shuffled) == expected


@given(literatures())
@settings(max_examples=60, deadline=None)
def test_every_record_is_in_exactly_one_group(records: list[Record]) -> None:
    grouping = group_records(records)
    assert sorted(member for group in grouping.groups for member in group.members) == [record.id for record in records]
    assert all(group.representative in group.members for group in grouping.groups)


@given(literatures(), st.data())
@settings(max_examples=60, deadline=None)
def test_people_win(records: list[Record], data: st.DataObject) -> None:
    if len(records) < 2:
        return
    left, right = data.draw(
        st.lists(st.sampled_from([record.id for record in records]), min_size=2, max_size=2, unique=True)
    )
    judgement = data.draw(st.sampled_from(["same", "different"]))
    group_of = group_records(records, rulings=[rule(left, right, judgement)]).group_of()
    assert (group_of[left] == group_of[right]) is (judgement == "same")


@given(literatures())
@settings(max_examples=60, deadline=None)
def test_doubts_and_companions_lie_between_groups(records: list[Record]) -> None:
    grouping = group_records(records)
    group_of = grouping.group_of()
    for pair in (*grouping.doubtful, *grouping.companions):
        assert group_of[pair.left] != group_of[pair.right]


def test_two_documents_that_contradict_never_share_a_group_by_one_rule_alone() -> None:
    left, right = article(doi="10.1234/a"), article("b", doi="10.1234/b", pages="201-209")
    decided = decide(compare(normalise(left), normalise(right)))
    assert decided is not None
    assert decided.forbids
