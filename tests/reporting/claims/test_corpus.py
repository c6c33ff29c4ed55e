"""What the checker finds and misses on the sentences of `corpus`; docs/claims.md prints these figures."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from review.reporting.claims.check import Judged
from review.reporting.claims.check import check_manuscript
from review.reporting.claims.text import prepare
from tests.reporting.claims.corpus import FALSE
from tests.reporting.claims.corpus import ORDINARY
from tests.reporting.claims.corpus import TRUE

#: Of all changes of one digit in the true claims of a kind, the share in percent that must be caught. Means, spreads and intervals are only bounded by their
#: neighbours: most other digits are possible too.
SENSITIVITY = {
    "proportion": 98,
    "share": 79,
    "mean": 57,
    "spread": 24,
    "interval": 25,
    "test": 66,
    "comparison": 75,
    "partition": 98,
    "flow": 100,
    "repeated": 100,
}


@cache
def judge(text: str) -> list[Judged]:
    return check_manuscript(prepare(text, "text.md"), ())


def list_alarms(text: str) -> list[str]:
    return [f"{item.kind}: {item.text}" for item in judge(text) if item.verdict.outcome in {"wrong", "stale"}]


def test_there_are_enough_sentences_of_every_kind() -> None:
    assert len(TRUE) + len(FALSE) >= 150
    assert len(ORDINARY) >= 150
    assert len(set(ORDINARY)) == len(ORDINARY)
    assert {kind for kind, _ in TRUE} == {kind for kind, _ in FALSE} == set(SENSITIVITY)


@pytest.mark.parametrize(("kind", "text"), TRUE)
def test_true_claims_are_recognised_and_right(kind: str, text: str) -> None:
    assert list_alarms(text) == []
    assert kind == "repeated" or [
        item for item in judge(text) if item.kind == kind and item.verdict.outcome == "verified"
    ]


@pytest.mark.parametrize(("kind", "text"), FALSE)
def test_false_claims_are_caught_by_their_kind(kind: str, text: str) -> None:
    assert {item.kind for item in judge(text) if item.verdict.outcome == "wrong"} == {kind}


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_sentences_raise_no_alarm(text: str) -> None:
    assert list_alarms(text) == []


def test_all_ordinary_sentences_together_raise_no_alarm() -> None:
    assert list_alarms("\n\n".join(ORDINARY)) == []


def count_digits(kind: str, text: str) -> tuple[int, int]:
    """Change every digit of the claims of a kind into the nine others: how many changes there are, and how many are caught."""
    spans = [(item.start, item.end) for item in judge(text) if item.kind == kind] or [(text.rindex("9/19"), len(text))]
    manuscript = prepare(text, "text.md")
    changed = caught = 0
    for start, end in spans:
        for place in range(manuscript.offsets[start], manuscript.offsets[end - 1] + 1):
            for digit in set("0123456789") - {text[place]} if text[place].isdigit() else ():
                changed += 1
                other = check_manuscript(prepare(text[:place] + digit + text[place + 1 :], "text.md"), ())
                caught += any(item.verdict.outcome == "wrong" for item in other)
    return changed, caught


@pytest.mark.slow
def test_changes_of_one_digit_are_caught_as_often_as_documented() -> None:
    changed, caught = Counter(), Counter()
    for kind, text in TRUE:
        counts = count_digits(kind, text)
        changed[kind] += counts[0]
        caught[kind] += counts[1]
    missed = {
        kind: f"{caught[kind]} of {changed[kind]}"
        for kind, least in SENSITIVITY.items()
        if 100 * caught[kind] < least * changed[kind]
    }
    assert missed == {}
