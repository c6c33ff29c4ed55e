from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.extraction.passages import even_out
from review.extraction.passages import find_nearest
from review.extraction.passages import holds_quote

TEXT = """Four patients (50%) improved. Pain fell by 0.5 points (P < 0.05), −5 mm on the scale, after 1–7 cycles;
titre 1:40; 3.12 ± 2.1 (range, 1-7); the “best” response was unim-
proved calci-
nosis in a well-known 54-year-old woman. The ﬁrst dose was 10.5 mg, then 15 mg, <20 mg, and 1,234 units; limit ≥ 3."""


@pytest.mark.parametrize(
    "quote",
    [
        "Four patients (50%)",
        "Four  patients\n(50 %)",
        "P<0.05",
        "-5 mm",
        "1-7 cycles",
        "1–7 cycles",
        "3.12 ± 2.1 (range, 1-7)",
        "3.12±2.1",
        'the "best" response',
        "unimproved calcinosis",
        "well-known 54-year-old",
        "first dose was 10.5 mg",
        "limit >= 3",
        "limit ≥3.",
        "Four patients ... fell by 0.5 points",
        "Four patients […] titre 1:40",
        "titre 1:40",
        "1,234 units",
    ],
)
def test_what_printing_changes_does_not_matter(quote):
    assert holds_quote(even_out(TEXT), quote)


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "...",
        "0.05 points",
        "0 5 points",
        "P > 0.05",
        "P = 0.05",
        "P <= 0.05",
        "5 mm on the scale",
        "+5 mm",
        "7 cycles",
        "1 7 cycles",
        "5 mg",
        "0.5 mg",
        "20 mg",
        "(50",
        "50",
        "3.12",
        "2.1",
        "3.1",
        "1,23",
        "234 units",
        "improved calcinosis",
        "the first",
        "patients (50%) improved. Pain rose",
        "titre 1:40 ... Four patients",
        "limit >",
    ],
)
def test_what_numbers_say_does(quote):
    assert not holds_quote(even_out(TEXT), quote)


@given(st.text(alphabet="ab 05.,-<>=±%", max_size=30))
def test_evening_out_twice_changes_nothing(text):
    assert even_out(even_out(text)) == even_out(text)


@given(st.integers(0, 999), st.integers(0, 999))
def test_only_the_same_number_is_found(typed, read):
    for form in ("took {} mg daily", "{}", "P<{}", "-{} points", "({}/9)"):
        assert holds_quote(even_out(f"She {form.format(read)} long"), form.format(typed)) is (typed == read)


def test_the_nearest_passage_is_shown():
    nearest = find_nearest(TEXT, "Four patients (60%) improved")
    assert nearest.text == "Four patients (50%) improved."
    assert nearest.score > 80
    assert find_nearest("A 61-year-old\nman fell ill.", "16-year-old man").text == "61-year-old man"
    assert find_nearest("", "x") == ("", 0.0)
    assert find_nearest("short", "a much longer quote than the text").text == "short"
