from __future__ import annotations

import pytest

from review.findings import Origin
from review.model import Decision
from review.model import Record
from review.model import RecordId
from review.screening.changes import check_changes
from review.screening.changes import hash_shown
from tests.builder import list_codes
from tests.builder import show

BARE = Record(RecordId("a:1"), "Calcinosis in two patients")
WHOLE = BARE.evolve(abstract="Both improved.")


def check(then, now, *, shown=None):
    mark = hash_shown(then) if shown is None else shown
    origin = Origin("ann.csv", 2)
    vote = Decision("ann", "2026-01-02T08:00:00Z", "title-abstract", BARE.id, "exclude", shown=mark, origin=origin)
    return list(check_changes([vote], lambda record: now))


@pytest.mark.parametrize(
    ("then", "now", "code"),
    [
        (WHOLE, WHOLE.evolve(publication_types=("Retracted Publication",)), "SCREEN-015"),
        (BARE, WHOLE, "SCREEN-016"),
        (WHOLE, WHOLE.evolve(abstract="Neither improved."), "SCREEN-017"),
        (WHOLE, WHOLE.evolve(title="Calcinosis in three patients"), "SCREEN-017"),
        (WHOLE, BARE, "SCREEN-017"),
    ],
)
def test_a_record_that_reads_differently_is_told(then, now, code):
    assert list_codes(check(then, now)) == [code]
    assert list_codes(check(now, now)) == []


def test_the_message_says_what_changed():
    assert show(check(WHOLE, WHOLE.evolve(title="Other", abstract="Other"))) == [
        "ann.csv:2: SCREEN-017 warning: ann decided exclude on a:1 at title-abstract, and its title and abstract changed since"
    ]


@pytest.mark.parametrize(
    "title", ["Calcinosis in two patients.", "CALCINOSIS  in two patients", "Calcinosis, in two-patients"]
)
def test_punctuation_spaces_and_case_are_no_change(title):
    assert check(WHOLE, WHOLE.evolve(title=title)) == []


@pytest.mark.parametrize("shown", ["", "sha256:abc", "none-none-none"])
def test_a_log_that_does_not_say_what_was_shown_is_passed_over(shown):
    assert check(BARE, WHOLE, shown=shown) == []


def test_a_record_that_no_run_holds_is_told_elsewhere():
    assert check(BARE, None) == []
