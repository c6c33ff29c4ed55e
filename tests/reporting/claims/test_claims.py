"""Claims in sentences: recognised, judged, and no alarm where there is nothing to say."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.model import Value
from review.reporting.claims.check import Judged
from review.reporting.claims.check import Tally
from review.reporting.claims.check import check_manuscript
from review.reporting.claims.forms import find_claims
from review.reporting.claims.known import KnownValues
from review.reporting.claims.sentences import split_sentences
from review.reporting.claims.text import prepare
from review.reporting.claims.verdict import is_rounding
from review.results import compute_results
from review.workspace import Layout
from review.workspace import open_review

VALUES = (
    Value("pool.main.together", "9/19 (47.4%)", 9 / 19, 9, 19),
    Value("prisma.records_screened", "1,204", 1204.0),
    Value("prisma.database_results", "2,010", 2010.0),
)


def judge(text: str, values: tuple[Value, ...] = ()) -> list[Judged]:
    return check_manuscript(prepare(text, "text.md"), values)


def outcomes(text: str, values: tuple[Value, ...] = ()) -> list[str]:
    return [item.verdict.outcome for item in judge(text, values)]


#: Sentences whose claims are right: how many are recognised in each.
RIGHT = {
    "Calcinosis improved in 9/19 (47.4%) patients.": 1,
    "Calcinosis improved in 4 of 8 patients (50%).": 1,
    "Improvement was seen in four of the eight patients (50%).": 1,
    "In 4 (50%) of 8 patients pain fell.": 1,
    "Improvement was reported in 45.5% of the cases (5 out of 11).": 1,
    "Pain fell in 36.4% [4/11; 95% CI 10.9 to 69.2].": 1,
    "Of the 8 patients, 4 (50%) had limited disease.": 1,
    "One of eight (12.5 %) stopped.": 1,
    "Infections occurred in 1/8 (12.5%) and 1/8 (13%) by another rounding.": 2,
    "Response rate was 45·5% (5/11).": 1,
    "Response 1,204 of 2,010 (59.9%) in the register.": 1,
    "None of 8 (0%) died.": 1,
    "All 8/8 (100%) were alive.": 1,
    "Improved: 9/19 (47.4%; 95% CI 24.4 to 71.1).": 1,
    "Improved: 9/19 (47.4%, 95% CI 27.3–68.3).": 1,
    "Improved in 5/11, 45.5%.": 1,
    "Twenty-one of 42 (50%) were women.": 1,
    "Five patients (45 per cent) of 11 improved.": 1,
}

#: Sentences with one wrong claim, and the code that tells it.
WRONG = {
    "Calcinosis improved in 9/19 (46.4%) patients.": "CLAIM-001",
    "Calcinosis improved in 4 of 8 patients (5%).": "CLAIM-001",
    "In 5 (50%) of 8 patients pain fell.": "CLAIM-001",
    "Improvement was reported in 45.5% of the cases (6 out of 11).": "CLAIM-001",
    "Improved: 11/8 (72.7%).": "CLAIM-002",
    "Infections occurred in 1 patient (13.5%).": "CLAIM-004",
    "Improved: 9/19 (47.4%; 95% CI 50.1 to 71.1).": "CLAIM-005",
    "Improved: 9/19 (47.4%; 95% CI 44.4 to 51.1).": "CLAIM-005",
    "Of the 8 patients, 4 (50%) improved. Two of these patients (35%) healed.": "CLAIM-004",
    "Of the 8 patients, 4 (50%) improved. Pain fell in 6 patients (75%), and 1 (12.5%) fell ill. Three patients (25%) healed.": "CLAIM-003",
}

#: Ordinary text of papers in which nothing is a claim, or nothing is wrong.
ORDINARY = (
    "Blood pressure was 120/80 mmHg (90% of the day).",
    "Visual acuity was 6/12 in the right eye.",
    "Published on 12/11 (2018), see pages 262-269.",
    "Patients were seen at 2/3 of the visits.",
    "Pain fell by at least 50% on the visual analogue scale.",
    "The interquartile range was 7.5-36 months (95% CI 5 to 40).",
    "A significant reduction (≥20%) was required.",
    "Hands were the most affected (87.5% of lesions).",
    "Figure 2 (90% zoom) shows the hand.",
    "Doses of 375 mg/m2 (4 weekly infusions) were given.",
    "In 2019 (12% more than in 2018) the register grew.",
    "The mean age was 53 years (SD 12; 95% CI 45 to 61).",
    "The score was 8/10 points.",
    "Ratios of 1:40 (ANA) and 1/80 were found.",
    "The odds ratio was 2.5 (95% CI 1.1 to 5.6).",
    "Version 3.1 (50% faster) was used.",
    "Reference 4 (50% overlap) is the same trial.",
    "The test used p < 0.05 (5% level).",
    "Grade 3 (10% or more of the skin) was rare.",
    "At week 24 (50% of the study time) pain fell.",
    "Group 1 (40% women) and group 2 (60% women) were alike.",
    "Table 1 (100% complete) lists the agents.",
    "Doses up to 1 g (50% of the maximum) were given.",
)


@pytest.mark.parametrize("text", RIGHT)
def test_right_claims_are_verified(text: str) -> None:
    assert outcomes(text) == ["verified"] * RIGHT[text]


@pytest.mark.parametrize("text", WRONG)
def test_wrong_claims_are_told_with_their_code(text: str) -> None:
    wrong = [item for item in judge(text) if item.verdict.outcome == "wrong"]
    assert [item.verdict.code for item in wrong] == [WRONG[text]]
    assert wrong[0].verdict.expected


@pytest.mark.parametrize("text", RIGHT)
def test_right_claims_raise_none_of_the_codes(text: str) -> None:
    assert {item.verdict.code for item in judge(text)} <= {""}


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_raises_no_alarm(text: str) -> None:
    assert [item for item in judge(text, VALUES) if item.verdict.outcome in {"wrong", "stale"}] == []


def test_a_keyed_claim_is_stale_when_the_value_moved() -> None:
    text = "Improved in 8/19 (42.1%) <!-- claim: pool.main.together --> of patients."
    (item,) = judge(text, VALUES)
    assert (item.verdict.outcome, item.verdict.code, item.verdict.expected) == ("stale", "CLAIM-006", "9/19 (47.4%)")
    assert outcomes(text.replace("8/19 (42.1%)", "9/19 (47.4%)"), VALUES) == ["verified"]


def test_an_unknown_key_is_wrong() -> None:
    (item,) = judge("Improved in 9/19 (47.4%) <!-- claim: pool.other -->.", VALUES)
    assert item.verdict.code == "CLAIM-007"


def test_a_claim_is_silenced_only_with_a_reason() -> None:
    silenced = "They printed 9/19 (46%) <!-- claim: ignore, quoted from the paper as printed -->."
    tally = Tally(tuple(judge(silenced)))
    assert tally.select("wrong") == []
    assert tally.to_json()["ignored"]
    assert Tally(tuple(judge("They printed 9/19 (46%) <!-- claim: ignore -->."))).select("wrong")


@pytest.mark.parametrize(
    ("printed", "outcome"), [("1204", "verified"), ("1,214", "stale"), ("1240", "stale"), ("77", "unverifiable")]
)
def test_counts_of_a_flow_are_compared_with_the_review(printed: str, outcome: str) -> None:
    text = f"After removal of duplicates, {printed} records remained."
    assert outcomes(text, VALUES) == [outcome]


def test_places_are_those_of_the_file() -> None:
    text = "# Title\n\nOf the patients,\nimproved were 9/19 (46%).\n"
    (item,) = judge(text)
    assert (item.line, item.column) == (4, 15)
    assert item.text == "9/19 (46%"


def test_nothing_recognised_is_said() -> None:
    document = Tally(tuple(judge("No number here."))).to_json()
    assert document["recognised"] == 0
    assert document["verified"] == 0


@given(events=st.integers(0, 200), total=st.integers(1, 200), digits=st.integers(0, 2))
def test_every_right_percentage_is_a_rounding_and_its_neighbours_are_not(events: int, total: int, digits: int) -> None:
    if events > total:
        events, total = total, events
    exact = Fraction(100 * events, total)
    printed = Fraction(round(exact * 10**digits), 10**digits)
    assert is_rounding(events, total, printed, digits)
    assert not is_rounding(events, total, printed + Fraction(2, 10**digits), digits)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    manuscript = prepare(text, "any.md")
    for claim in find_claims(split_sentences(manuscript.text), manuscript.text):
        line, column = manuscript.place(claim.start)
        assert line >= 1
        assert column >= 1


def test_the_documents_of_the_example_pass(shared: Path, repository: Path) -> None:
    values = compute_results(open_review(Layout(repository))).values
    judged = [
        item
        for path in sorted((shared / "mission").iterdir())
        for item in check_manuscript(prepare(path.read_text(encoding="utf-8"), path.name), values)
    ]
    assert {item.verdict.outcome for item in judged} == {"verified"}
    texts = " | ".join(item.text for item in judged)
    for claim in ("4 (50%", "1 patient (12.5%", "45.5% of the cases (5 out of 11", "392", "182"):
        assert claim in texts


#: Kinds whose numbers are settled by others; a mean or a spread is only within what is possible.
SETTLED = {"proportion", "share", "count", "partition", "flow"}


@pytest.mark.slow
def test_a_changed_digit_in_the_documents_is_caught(shared: Path, repository: Path) -> None:
    """Every change of one digit in a claim that is settled by its numbers or by the review is caught."""
    values = KnownValues(compute_results(open_review(Layout(repository))).values)
    changed = 0
    missed = []
    for path in sorted((shared / "mission").iterdir()):
        raw = path.read_text(encoding="utf-8")
        manuscript = prepare(raw, path.name)
        for item in check_manuscript(manuscript, values):
            if item.kind not in SETTLED:
                continue
            start, end = manuscript.offsets[item.start], manuscript.offsets[item.end - 1] + 1
            for place in range(start, end):
                for digit in set("0123456789") - {raw[place]} if raw[place].isdigit() else ():
                    text = raw[:place] + digit + raw[place + 1 :]
                    judged = check_manuscript(prepare(text, path.name), values)
                    changed += 1
                    if not any(other.verdict.outcome in {"wrong", "stale"} for other in judged):
                        missed.append(text[start:end])
    assert changed == 270
    assert missed == []
