"""A refresh compares only what is new, and gives what doing all at once gives."""

from __future__ import annotations

from unittest import mock

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.dedup import candidates
from review.dedup import edges
from review.dedup.grouping import group_records
from review.dedup.holding import parse_held
from review.dedup.holding import render_held
from review.model import Record
from tests.dedup.builder import TITLE
from tests.dedup.builder import article
from tests.dedup.strategies import literatures


@given(literatures(), st.integers(0, 14), st.booleans())
@settings(max_examples=120, deadline=None)
def test_refresh_equals_all_at_once(records: list[Record], cut: int, changed: bool) -> None:
    before = records[:cut]
    if changed and before:
        before = [before[0].evolve(title="What it was called before the source corrected it"), *before[1:]]
    held = group_records(before).held
    assert group_records(records, held=held) == group_records(records)


@given(literatures())
@settings(max_examples=30, deadline=None)
def test_held_survives_its_file(records: list[Record]) -> None:
    held = group_records(records).held
    assert parse_held(render_held(held)) == held


def test_held_records_are_not_compared_again() -> None:
    records = [article("a"), article("b", pages="101"), article("c", pages="101", issue="")]
    held = group_records(records).held
    new = article("d", "Another matter altogether: a survey of hospitals", authors="Smith, J", volume="7")
    with mock.patch.object(edges, "draw_edge", wraps=edges.draw_edge) as drawn:
        group_records([*records, new], held=held)
    assert drawn.call_count == 0


def test_a_key_grown_above_the_cap_makes_all_be_compared_anew() -> None:
    records = [article(f"r{number:04}", f"{TITLE} {number}", volume=str(number)) for number in range(31)]
    with mock.patch.object(candidates, "BLOCK_CAP", 30):
        held = group_records(records[:-1]).held
        assert group_records(records, held=held) == group_records(records)


def test_a_file_of_another_version_is_not_used() -> None:
    text = render_held(group_records([article("a"), article("b", pages="101")]).held)
    assert parse_held(text.replace("review-dedup", "review-other", 1)) is None
    assert parse_held(text[:-3]) is None
    assert parse_held(text.replace("same title", "some title")) is None
    assert parse_held("") is None
