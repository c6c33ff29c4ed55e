"""What the checker finds and misses on the sentences of `corpus`; docs/claims.md prints these figures."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from review.numerals import format_percent
from review.reporting.claims.check import Judged
from review.reporting.claims.check import check_manuscript
from review.reporting.claims.judgement import KINDS
from review.reporting.claims.text import prepare
from tests.reporting.claims.corpus import FALSE
from tests.reporting.claims.corpus import ORDINARY
from tests.reporting.claims.corpus import TRUE

_ROW = re.compile(r"\| (\w+) \| (\d+) of (\d+) \| (\d+) of (\d+) \| (\d+) of (\d+) \((\d+\.\d)%\) \|")


def read_figures(repository: Path) -> dict[str, tuple[int, ...]]:
    """The table of docs/claims.md: by kind, true ones recognised of all, false ones caught of all, changes caught of all."""
    text = (repository / "docs" / "claims.md").read_text("utf-8")
    return {row[0]: tuple(map(int, row[1:7])) for row in _ROW.findall(text)}


@cache
def judge(text: str) -> list[Judged]:
    return check_manuscript(prepare(text, "text.md"), ())


def list_alarms(text: str) -> list[str]:
    return [f"{item.kind}: {item.text}" for item in judge(text) if item.verdict.outcome in {"wrong", "stale"}]


def test_there_are_enough_sentences_of_every_kind() -> None:
    assert len(TRUE) + len(FALSE) >= 150
    assert len(ORDINARY) >= 150
    assert len(set(ORDINARY)) == len(ORDINARY)
    assert {kind for kind, _ in TRUE} == {kind for kind, _ in FALSE} == {*KINDS} - {"count", "number"}


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
def test_the_documented_figures_are_those_measured(repository: Path) -> None:
    measured = {}
    for kind in dict.fromkeys(kind for kind, _ in TRUE):
        right = [text for other, text in TRUE if other == kind]
        false = sum(other == kind for other, _ in FALSE)
        counts = [count_digits(kind, text) for text in right]
        changed, caught = (sum(count[place] for count in counts) for place in (0, 1))
        measured[kind] = (len(right), len(right), false, false, caught, changed)
    assert read_figures(repository) == measured


def test_the_documented_shares_are_those_of_their_counts(repository: Path) -> None:
    for *_, caught, changed, share in _ROW.findall((repository / "docs" / "claims.md").read_text("utf-8")):
        assert format_percent(int(caught), int(changed)) == f"{share}%"
