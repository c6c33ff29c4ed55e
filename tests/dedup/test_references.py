"""References are composed when they are asked for, and the same as if all had been."""

from __future__ import annotations

import pytest

from review.dedup.compose import compose_record
from review.dedup.references import References
from tests.builder import ADAMS
from tests.builder import BAKER
from tests.builder import CLARK
from tests.builder import make_review


def test_each_is_what_its_records_compose(tmp_path):
    review = make_review(tmp_path).open()
    assert set(review.references) == {ADAMS, BAKER, CLARK}
    assert len(review.references) == 3
    for group in review.grouping.groups:
        members = [review.records[member] for member in group.members]
        composed = compose_record(members).record.evolve(id=group.representative)
        assert review.references[group.representative] == composed


def test_none_is_composed_before_it_is_asked_for():
    references = References({}, {})
    assert ADAMS not in references
    with pytest.raises(KeyError):
        references[ADAMS]


def test_asking_whether_it_is_there_composes_nothing(tmp_path):
    review = make_review(tmp_path).open()
    assert ADAMS in review.references
    assert review.references._composed == {}
