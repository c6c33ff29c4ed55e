"""Denominators that tables state, and those that they do not."""

from __future__ import annotations

import pytest

from review.reporting.claims.check import check_manuscript
from review.reporting.claims.tables import find_cells
from review.reporting.claims.text import prepare


def judge(text: str) -> list[tuple[str, str]]:
    return [(item.verdict.outcome, item.text) for item in check_manuscript(prepare(text, "text.md"), ())]


def make_table(head: str, *rows: str) -> str:
    cells = head.count("|") - 1
    return "\n".join([head, "|---" * cells + "|", *rows])


@pytest.mark.parametrize("head", ["| | Rituximab (n = 8) |", "| Outcome | All, N=8 |"])
def test_a_header_gives_the_denominator(head: str) -> None:
    assert judge(make_table(head, "| Improved | 4 (50%) |")) == [("verified", "4 (50%")]
    # 5 are 60% of no group of up to 8 patients.
    assert judge(make_table(head, "| Improved | 5 (60%) |")) == [("wrong", "5 (60%")]


def test_values_may_be_missing_for_some_patients() -> None:
    assert judge(make_table("| | Rituximab (n = 8) |", "| Improved | 4 (57%) |")) == [("unverifiable", "4 (57%")]


def test_a_row_of_patients_gives_the_denominators() -> None:
    table = make_table("| | A | B |", "| Patients, n | 8 | 11 |", "| Improved | 4 (50%) | 5 (45.5%) |")
    assert [outcome for outcome, _ in judge(table)] == ["verified", "verified"]


def test_the_first_cell_of_a_row_gives_its_denominator() -> None:
    table = make_table("| Group | Improved | Died |", "| Rituximab (n = 8) | 4 (50%) | 1 (12.5%) |")
    assert [outcome for outcome, _ in judge(table)] == ["verified", "verified"]


def test_sums_of_columns_are_never_denominators() -> None:
    table = make_table("| | n (%) |", "| Pain | 8 (73%) |", "| Ulcers | 9 (82%) |", "| Total | 11 |")
    assert {outcome for outcome, _ in judge(table)} == {"unverifiable"}


def test_a_blank_line_and_a_new_head_end_a_table() -> None:
    first = make_table("| | Rituximab (n = 8) |", "| Improved | 4 (50%) |")
    second = make_table("| | n (%) |", "| Improved | 5 (62%) |")
    assert len(find_cells(first)) == 1
    assert len(find_cells(f"{first}\n\n{second}")) == 1
    assert len(find_cells(f"{first}\n{second}")) == 1


def test_a_count_of_other_things_than_patients_is_left_open() -> None:
    assert judge(make_table("| | Rituximab (n = 8) |", "| Lesions | 12 (34%) |")) == [("unverifiable", "12 (34%")]
