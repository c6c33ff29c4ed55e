from __future__ import annotations

import pytest

from review.model import Record
from review.model import RecordId
from review.model import Relation
from review.search.watch import Standing
from review.search.watch import check_changes
from review.search.watch import check_standing
from review.search.watch import compare_records
from review.search.watch import find_changes
from tests.search.conftest import codes

ID = RecordId("pubmed:1")
INCLUDED = Standing(included=frozenset({ID}))
IN_PLAY = Standing(in_play=frozenset({ID}))


def make(**fields):
    return Record(ID, "A title", **fields)


def check(record, standing=INCLUDED):
    return codes(check_standing({record.id: record}, standing))


RETRACTED = make(publication_types=("Retracted Publication",))


@pytest.mark.parametrize("record", [RETRACTED, make(relations=(Relation("retraction-in", text="J. 2020"),))])
def test_a_retraction_is_an_error_when_included_and_a_warning_in_play(record):
    assert check(record) == ["RUN-020"]
    assert check(record, IN_PLAY) == ["RUN-021"]
    assert check(record, Standing(INCLUDED.included, ruled=frozenset({ID}))) == []
    assert check(record, Standing()) == []


def test_a_retraction_notice_is_not_retracted():
    notice = make(relations=(Relation("retraction-of", "2"),), publication_types=("Retraction of Publication",))
    assert check(notice) == []


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("expression-of-concern-in", "RUN-022"),
        ("erratum-in", "RUN-023"),
        ("corrected-and-republished-in", "RUN-023"),
        ("update-in", "RUN-023"),
        ("comment-in", None),
        ("erratum-for", None),
    ],
)
def test_notices_have_their_codes(kind, code):
    assert check(make(relations=(Relation(kind, "7"),))) == ([code] if code else [])


def test_a_preprint_that_was_published_is_told():
    preprint = make(publication_types=("Preprint",), relations=(Relation("update-in", "7", text="J. 2021"),))
    assert check(preprint) == ["RUN-024"]
    assert check(make(publication_types=("Preprint",))) == []


def test_what_was_read_counts_as_change_and_indexing_does_not():
    before = make(abstract="one", mesh=("A",), status="In-Process")
    assert compare_records(before, make(abstract="one ", mesh=("A", "B"), status="MEDLINE")) == ()
    assert compare_records(before, make(abstract="two")) == ("abstract",)
    assert compare_records(before, make(abstract="one", relations=(Relation("comment-in", "3"),))) == ()
    assert compare_records(before, make(abstract="one", relations=(Relation("erratum-in", "3"),))) == ("relations",)


def test_changes_are_told_for_what_is_or_may_be_included():
    changes = find_changes({ID: make(), RecordId("pubmed:2"): make()}, {ID: make(abstract="new")})
    assert [change.to_json() for change in changes] == [{"id": ID, "fields": ["abstract"]}]
    assert codes(check_changes(changes, INCLUDED)) == ["RUN-025"]
    assert codes(check_changes(changes, IN_PLAY)) == ["RUN-025"]
    assert check_changes(changes, Standing()) == []
