"""Every code of the claims area: a sentence that raises it, and its correct twin that does not."""

from __future__ import annotations

import pytest

from review.model import Value
from review.reporting.claims.check import Judged
from review.reporting.claims.check import Tally
from review.reporting.claims.check import check_manuscript
from review.reporting.claims.judgement import KINDS
from review.reporting.claims.text import prepare

VALUES = (
    Value("pool.A.model", "47.4% (95% CI 23.7 to 72.4)", 0.47368421, 9, 19, 0.2367394, 0.72360278, ids=("a",)),
    Value("pool.A.together", "9/19 (47.4%; 95% CI 24.4 to 71.1)", 9 / 19, 9, 19, 0.24447468, 0.71135675, ids=("a",)),
    Value("pool.A.together.wilson", "9/19 (47.4%; 95% CI 27.3 to 68.3)", 9 / 19, 9, 19, 0.273298, 0.682922, ids=("a",)),
    Value("prisma.records_screened", "1,204", 1204.0),
    Value("prisma.duplicates", "806", 806.0),
    Value("prisma.database_results", "2,010", 2010.0),
    Value("prisma.dbr_assessed", "57", 57.0),
)

#: Code, sentence with a slip, the same without.
PAIRS = [
    ("CLAIM-001", "Improved were 9/19 (46.4%).", "Improved were 9/19 (47.4%)."),
    ("CLAIM-002", "Improved were 19/9 (47.4%).", "Improved were 9/19 (47.4%)."),
    ("CLAIM-003", "Of the 8 patients, 4 (50%) improved and 3 (25%) healed.", "Of the 8 patients, 4 (50%) improved and 2 (25%) healed."),
    ("CLAIM-004", "It was seen in 1 patient (13.5%).", "It was seen in 1 patient (12.5%)."),
    ("CLAIM-005", "Improved were 9/19 (47.4%; 95% CI 44.4 to 51.1).", "Improved were 9/19 (47.4%; 95% CI 24.4 to 71.1)."),
    ("CLAIM-006", "Pooled: 47.4% (95% CI 23.7 to 75.4).", "Pooled: 47.4% (95% CI 23.7 to 72.4)."),
    ("CLAIM-007", "We screened 1204 <!-- claim: prisma.nothing -->.", "We screened 1204 <!-- claim: prisma.records_screened -->."),
    ("CLAIM-008", "The mean number of ulcers was 3.15 (n = 8).", "The mean number of ulcers was 3.13 (n = 8)."),
    ("CLAIM-009", "The mean number of ulcers was 3.13 (SD 1.12, n = 8).", "The mean number of ulcers was 3.13 (SD 1.13, n = 8)."),
    ("CLAIM-010", "The mean age was 50 years (SD 43; range 24 to 71).", "The mean age was 50 years (SD 13; range 24 to 71)."),
    ("CLAIM-011", "The median age was 81 years (range 24 to 71).", "The median age was 51 years (range 24 to 71)."),
    ("CLAIM-012", "The median age was 51 years (range 74 to 31).", "The median age was 51 years (range 31 to 74)."),
    ("CLAIM-013", "The odds ratio was 2.5 (95% CI 3.1 to 5.6).", "The odds ratio was 2.5 (95% CI 1.1 to 5.6)."),
    ("CLAIM-014", "Pain fell, t(18) = 2.10, p = .15.", "Pain fell, t(18) = 2.10, p = .05."),
    ("CLAIM-015", "It was 4/8 against 1/9 (Fisher's exact test, P = 0.03).", "It was 4/8 against 1/9 (Fisher's exact test, P = 0.13)."),
    ("CLAIM-016", "Of the 20 patients, 12 improved, 5 were stable and 4 worsened.", "Of the 20 patients, 12 improved, 5 were stable and 3 worsened."),
    ("CLAIM-017", "Of these, 60% improved, 25% were stable and the remaining 25% worsened.", "Of these, 60% improved, 25% were stable and the remaining 15% worsened."),
    ("CLAIM-018", "Of 392 records, 210 duplicates were removed, leaving 192.", "Of 392 records, 210 duplicates were removed, leaving 182."),
    ("CLAIM-019", "Calcinosis improved under rituximab in 9/19 (47.4%).\n\nCalcinosis improved under rituximab in 8/19 (42.1%).", "Calcinosis improved under rituximab in 9/19 (47.4%).\n\nCalcinosis improved under rituximab in 9/19 (47.4%)."),
    ("CLAIM-020", "<!-- claim: prisma.records_screened --> No number.", "1204 <!-- claim: prisma.records_screened --> and no other number."),
]  # fmt: skip


def judge(text: str, values: tuple[Value, ...] = VALUES) -> list[Judged]:
    return check_manuscript(prepare(text, "text.md"), values)


def list_codes(text: str) -> list[str]:
    return [item.verdict.code for item in judge(text) if item.verdict.code]


@pytest.mark.parametrize(("code", "slip", "right"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_a_slip_raises_its_code_and_the_right_sentence_none(code: str, slip: str, right: str) -> None:
    assert list_codes(slip) == [code]
    assert list_codes(right) == []
    assert judge(right)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("47.4% (95% CI 23.7 to 72.4) <!-- claim: pool.A.model -->", "verified"),
        ("47.4% (95% CI 23.7 to 72.9) <!-- claim: pool.A.model -->", "stale"),
        ("9/19 (47.4%; 95% CI 24.4 to 71.1) <!-- claim: pool.A.together -->", "verified"),
        ("9/19 (47.4%; 95% CI 27.3 to 68.3) <!-- claim: pool.A.together -->", "verified"),
        ("9/19 (47.4%; 95% CI 24.4 to 71.9) <!-- claim: pool.A.together -->", "stale"),
        ("a share of 47% <!-- claim: pool.A.together -->", "verified"),
        ("a share of 48% <!-- claim: pool.A.together -->", "stale"),
        ("9 <!-- claim: pool.A.together.events --> patients", "verified"),
        ("8 <!-- claim: pool.A.together.events --> patients", "stale"),
        ("at least 24.4% <!-- claim: pool.A.together.low --> of them", "verified"),
        ("9/19 (47.4%) <!-- claim: pool.A.together.percent -->", "verified"),
        ("8 <!-- claim: pool.A.together.colour --> patients", "wrong"),
        ("we screened 1,204 <!-- claim: prisma.records_screened --> of them", "verified"),
        ("we screened 1,205 <!-- claim: prisma.records_screened --> of them", "stale"),
        ("in <!-- value: pool.A.together -->9/19 (47.4%; 95% CI 24.4 to 71.1)<!-- /value --> of them", "verified"),
        ("in <!-- value: pool.A.together -->8/19 (42.1%)<!-- /value --> of them", "stale"),
        ("<!-- value: prisma.records_screened -->1,205<!-- /value --> were screened", "stale"),
    ],
)
def test_tagged_numbers_are_compared_with_their_value(text: str, outcome: str) -> None:
    assert [item.verdict.outcome for item in judge(text)] == [outcome]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("We screened 1,204 records.", "verified"),
        ("We screened 1,304 records.", "stale"),
        ("In total, 806 duplicates were found.", "verified"),
        ("In total, 816 duplicates were found.", "stale"),
        ("We assessed 57 full texts.", "verified"),
        ("We assessed 56 full texts.", "unverifiable"),
    ],
)
def test_counts_of_the_flow_are_matched_where_only_one_value_can_be_meant(text: str, outcome: str) -> None:
    assert [item.verdict.outcome for item in judge(text)] == [outcome]


def test_a_number_that_two_values_have_is_no_match() -> None:
    twins = (
        Value("pool.A.x", "4/8 (50.0%)", 0.5, 4, 8, ids=("x",)),
        Value("pool.B.y", "4/8 (50.0%)", 0.5, 4, 8, ids=("y",)),
    )
    assert [item.verdict.outcome for item in judge("It improved in 4 patients (50%).", twins)] == ["unverifiable"]
    assert [item.verdict.outcome for item in judge("It improved in 4 patients (50%).", twins[:1])] == ["verified"]


def test_a_contradiction_names_both_places() -> None:
    text = next(slip for code, slip, _ in PAIRS if code == "CLAIM-019")
    (item,) = [item for item in judge(text) if item.kind == "repeated"]
    assert (item.line, item.other_line) == (3, 1)
    assert item.to_json()["other"] == {"line": 1, "column": item.column}


def test_what_was_looked_for_is_told_also_where_nothing_was_found() -> None:
    document = Tally(tuple(judge("No number here."))).to_json()
    assert document["kinds"] == dict.fromkeys(KINDS, 0)


def test_a_reason_silences_all_that_is_said_of_the_same_words() -> None:
    text = "Of the 20 patients, 12 improved, 5 were stable and 4 worsened <!-- claim: ignore, one patient died -->."
    tally = Tally(tuple(judge(text)))
    assert tally.select("wrong") == []
    assert [item.ignored for item in tally.judged] == ["one patient died"]
