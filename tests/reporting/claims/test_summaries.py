"""Means and medians: which number of a sentence is one, what stands behind it, and whether it is of whole numbers."""

from __future__ import annotations

import pytest

from review.protocol import CaseField
from review.reporting.claims.sentences import split_sentences
from review.reporting.claims.summaries import Summary
from review.reporting.claims.summaries import find_summaries
from review.reporting.claims.summaries import judge_summaries
from review.reporting.claims.summaries import name_whole


def find(text: str, whole: tuple[str, ...] = ()) -> list[Summary]:
    return [summary for sentence in split_sentences(text) for summary in find_summaries(sentence, whole)]


def judge(text: str, total: int | None = None) -> list[tuple[str, str]]:
    found = [item for sentence in split_sentences(text) for item in judge_summaries(sentence, (), total)]
    return [(item.kind, item.verdict.outcome) for item in found]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The mean score fell from 50.1 to 30.9 (range, 25-38).", "30.9"),
        ("The mean fell from 50.1 by half (range, 25-58).", "50.1"),
        ("Mean score for the 6 patients with data was 62.5 (range 25-85).", "62.5"),
        ("The mean IKDC 2000 score of 49.2 (range 30.1 to 64.7) rose.", "49.2"),
        ("Mean age of the 5 patients was 23 years (range 14-30).", "23"),
        ("The mean PHQ-9 score was 11.8 (range 4-20).", "11.8"),
        ("The median (IQR) skin score was 14 (9-22).", "14"),
    ],
)
def test_the_number_of_a_statistic_is_found_among_others(text: str, value: str) -> None:
    (summary,) = find(text)
    assert float(summary.value.value) == float(value)
    assert [outcome for _, outcome in judge(text)] in (["verified"], [])


@pytest.mark.parametrize(
    "text",
    [
        "The mean size was 18 × 11 mm (198 mm2; range, 80-500 mm2).",
        "The mean ratio was 4:1.",
        "The mean lay between 3 and 5.",
        "The mean value was 2,9 (range 3,1 to 4,2).",
        "The average of the indexes after 12 months.",
    ],
)
def test_what_is_no_single_number_is_left_alone(text: str) -> None:
    assert judge(text) == []


def test_limits_in_another_unit_are_not_compared() -> None:
    assert find("Median follow-up was 2 years (range 6-48 months).")[0].span is None
    assert find("Median follow-up was 24 months (range 6-48 months).")[0].span is not None


def test_falls_may_have_the_larger_limit_first() -> None:
    assert judge("The mean change was -4.3 (range -0.4 to -9.6).") == [("spread", "verified")]


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("The mean (SD) age was 50 (43) years, range 24 to 71.", [("spread", "wrong")]),
        ("The mean age was 50 years (SD -3; range 24 to 71).", [("spread", "wrong")]),
        ("The mean age was 50 years (SD 4; range 24 to 71; n = 5).", [("spread", "wrong")]),
        ("The mean score was 50 (SD 4; range 24 to 71; n = 5).", [("spread", "verified")]),
        ("The median was 50 (IQR 40-60; range 45-71).", [("spread", "wrong")]),
        ("The mean number of ulcers was 3.2 (n = 12).", [("mean", "unverifiable")]),
        ("The mean number of ulcers was 3 (n = 8).", []),
        ("The mean number of ulcers per month was 3.15 (n = 8).", []),
        ("The mean age was 53.21 years (n = 8).", []),
    ],
)
def test_spreads_and_means(text: str, outcomes: list[tuple[str, str]]) -> None:
    assert judge(text) == outcomes


@pytest.mark.parametrize(("value", "outcome"), [("3.12", "verified"), ("3.14", "unverifiable"), ("3.19", "wrong")])
def test_a_mean_without_n_is_of_the_text_s_patients_or_of_fewer(value: str, outcome: str) -> None:
    # 3.14 is 22 of 7 patients; 3.19 is of no number up to 8.
    assert judge(f"The mean number of cycles was {value}.", 8) == [("mean", outcome)]


def test_the_protocol_says_which_fields_are_whole() -> None:
    fields = (
        CaseField("age_years", "Age", "integer", unit="years"),
        CaseField("ulcer_burden", "Burden of ulcers", "integer"),
        CaseField("dose", "Dose", "number"),
    )
    whole = name_whole(fields)
    assert set(whole) == {"age", "age years", "burden of ulcers", "ulcer burden"}
    assert find("The mean age was 53.21 years (n = 8).", whole)[0].is_whole
    assert find("The mean burden of ulcers was 2.15 (n = 8).", whole)[0].is_whole
    assert not find("The mean dose was 2.15 (n = 8).", whole)[0].is_whole


def test_the_number_of_patients_must_be_the_only_one() -> None:
    assert find("The mean number of ulcers was 3.1 in 8 patients.")[0].n == 8
    assert find("Of 9 patients, the mean number of ulcers was 3.1 in 8 patients.")[0].n is None
    assert [summary.n for summary in find("Mean number of ulcers was 3.1 (n = 8) and mean number of joints 2.2 (n = 9).")] == [8, 9]  # fmt: skip
