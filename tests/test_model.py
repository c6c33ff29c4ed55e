from __future__ import annotations

import pytest

from review.model import Author
from review.model import Record
from review.model import RecordId
from review.model import Relation

RECORD = Record(RecordId("doi:10.1/x"), "A title")


@pytest.mark.parametrize(
    ("given", "initials"),
    [
        ("Francisco Javier", "FJ"),
        ("FJ", "FJ"),
        ("F.J.", "FJ"),
        ("Jean-Paul", "JP"),
        ("", ""),
        ("anna", "A"),
        ("ANNA", "A"),
    ],
)
def test_initials(given, initials):
    assert Author("X", given).initials == initials


def test_an_author_prints_family_name_first():
    assert str(Author("Adams", "Ruth")) == "Adams, Ruth"
    assert str(Author("Calcinosis Group", is_collective=True)) == "Calcinosis Group"


@pytest.mark.parametrize(
    ("record", "is_retracted"),
    [
        (RECORD, False),
        (RECORD.evolve(publication_types=("Journal Article", "Retracted Publication")), True),
        (RECORD.evolve(publication_types=("Retraction of Publication",)), False),
        (RECORD.evolve(relations=(Relation("retraction-in", pmid="1"),)), True),
        (RECORD.evolve(relations=(Relation("retraction-of", pmid="1"), Relation("erratum-in"))), False),
    ],
)
def test_a_record_is_retracted_if_its_source_says_so(record, is_retracted):
    assert record.is_retracted is is_retracted


def test_a_change_makes_a_copy():
    assert RECORD.evolve(title="Another").title == "Another"
    assert RECORD.title == "A title"


def test_where_a_record_was_read_does_not_make_it_another_one():
    from review.findings import Origin

    assert RECORD.evolve(origin=Origin("a.ris", 3)) == RECORD
