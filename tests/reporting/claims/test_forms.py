"""Proportions and shares: numbers that count, and words and numbers that do not."""

from __future__ import annotations

import pytest

from review.model import Value
from review.reporting.claims.check import check_manuscript
from review.reporting.claims.estimates import find_intervals
from review.reporting.claims.estimates import judge_keyed_interval
from review.reporting.claims.forms import find_claims
from review.reporting.claims.known import KnownValues
from review.reporting.claims.sentences import split_sentences
from review.reporting.claims.text import prepare


def find(text: str) -> list[tuple[int, int | None]]:
    return [(claim.events, claim.total) for claim in find_claims(split_sentences(text), text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Twenty one of 42 (50%) improved.", [(21, 42)]),
        ("Thirteen patients out of 17 (76%) were satisfied.", [(13, 17)]),
        ("Sixteen (40%) of the total 40 ulcers healed.", [(16, 40)]),
        ("In one (12.5%) it failed.", [(1, None)]),
        ("It rose in 30% (n = 6).", [(6, None)]),
        ("One hundred twenty-four of 900 (14%) answered.", []),
        ("One hundred and twenty-four of 900 (14%) answered.", []),
        ("All but one centre (93%) took part.", []),
        ("A rate above > 4 (12%) is high.", []),
        ("At least one of six risks (38%) was found.", []),
        ("One third (32%) of all reports agree.", []),
        ("One in five patients (21%) is at risk.", []),
        ("The two most frequent signs (38%) were these.", []),
        ("It was rarer than the other one (77%).", []),
        ("It was 1/5 of the patients (21%).", []),
        ("Strains 4/91 and IB88 clusters (96%) are alike.", []),
        ("In 638 (40%) of the 1985 sample it was given.", [(638, None)]),
        ("Survey 2 asked nearly all nurses (99%).", []),
        ("A total of 15 041 (78.1%) patients were seen.", []),
    ],
)
def test_counts_and_what_is_none(text: str, found: list[tuple[int, int | None]]) -> None:
    assert find(text)[: len(found) or None] == found


def judge(text: str) -> list[str]:
    return [item.verdict.outcome for item in check_manuscript(prepare(text, "text.md"), ())]


def test_a_percentage_above_100_and_one_of_nobody_are_wrong() -> None:
    assert judge("It was 9/19 (147%).") == ["wrong"]
    assert judge("It was 0/0 (0%).") == ["wrong"]
    assert judge("It was seen in 0 patients (0%).") == ["unverifiable"]
    assert judge("It was seen in 0 patients (5%).") == ["wrong"]


def test_a_percentage_that_was_cut_off_is_told_as_such() -> None:
    (item,) = check_manuscript(prepare("It was 7/45 (15.5%).", "text.md"), ())
    assert item.verdict.expected == "15.6% for 7/45 (it was cut off, not rounded)"


def test_a_share_of_another_group_is_no_slip() -> None:
    text = "Of 20 patients, 4 (20%) fell ill; pain fell in 10/20 (50%) and 5 (25%) slept. Later 3 (60%) had a relapse."
    assert "wrong" not in judge(text + " These 5 women were old.")
    assert judge(text.replace("3 (60%)", "3 (25%)"))[-1] == "wrong"


def test_intervals_in_percent_and_as_fractions() -> None:
    known = KnownValues((Value("pool.A.model", "47.4% (95% CI 23.7 to 72.4)", 0.474, 9, 19, 0.237, 0.724),))
    for text in ("It was 47.4% (95% CI 23.7 to 72.4).", "It was 47.4% (95% CI 0.237 to 0.724)."):
        (interval,) = find_intervals(split_sentences(text)[0])
        assert judge_keyed_interval(interval, "pool.A.model", known).outcome == "verified"
        assert judge_keyed_interval(interval, "pool.B.model", known).code == "CLAIM-007"
