from __future__ import annotations

import decimal
from decimal import ROUND_HALF_UP
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.numerals import format_count
from review.numerals import format_interval
from review.numerals import format_number
from review.numerals import format_percent
from review.numerals import format_proportion
from review.numerals import format_share
from review.numerals import parse_number
from review.numerals import round_half_up

#: Enough digits that the reference never rounds before it is asked to.
EXACT = decimal.Context(prec=400, rounding=ROUND_HALF_UP)


def quantize(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), context=EXACT)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**9), max_value=10**9), st.integers(0, 8)
)
def test_decimals_round_half_away_from_zero(value, digits):
    expected = quantize(value, digits)
    assert round_half_up(Fraction(value), digits) == Fraction(expected)
    assert format_number(Fraction(value), digits) == format(abs(expected) if expected == 0 else expected, "f")


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15), st.integers(0, 6))
def test_floats_round_as_their_shortest_decimal_form(value, digits):
    assert round_half_up(value, digits) == Fraction(quantize(Decimal(repr(value)), digits))


@given(st.integers(1, 5000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))), st.integers(0, 3))
def test_percentages_round_on_the_exact_fraction(counts, digits):
    events, total = counts
    exact = EXACT.divide(Decimal(100 * events), Decimal(total))
    assert format_percent(events, total, digits) == f"{quantize(exact, digits)}%"


@pytest.mark.parametrize(
    ("events", "total", "digits", "text"),
    [
        (1, 8, 1, "12.5%"),
        (1, 8, 0, "13%"),
        (5, 8, 0, "63%"),
        (1, 16, 1, "6.3%"),
        (9, 19, 1, "47.4%"),
        (0, 8, 1, "0.0%"),
        (8, 8, 1, "100.0%"),
        (1, 3, 0, "33%"),
    ],
)
def test_the_percentages_that_half_even_gets_wrong(events, total, digits, text):
    assert format_percent(events, total, digits) == text


@pytest.mark.parametrize(("value", "digits", "text"), [(0.285, 2, "0.29"), (2.675, 2, "2.68"), (1.005, 2, "1.01")])
def test_a_float_means_the_number_that_a_person_sees(value, digits, text):
    assert format_number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "digits", "thousands", "text"),
    [
        (-0.04, 1, False, "0.0"),
        (-0.05, 1, False, "-0.1"),
        (0.05, 2, False, "0.05"),
        (20788, 0, True, "20,788"),
        (1234567.891, 2, True, "1,234,567.89"),
        (10**30 + 1, 0, False, "1" + "0" * 29 + "1"),
        (1e-7, 3, False, "0.000"),
    ],
)
def test_numbers_print_with_exactly_the_digits_asked_for(value, digits, thousands, text):
    assert format_number(value, digits, thousands=thousands) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_a_number_has_no_printed_form(value):
    with pytest.raises(ValueError, match="no printed form"):
        format_number(value)


@pytest.mark.parametrize(("events", "total"), [(9, 8), (-1, 8), (0, 0), (1, -1)])
def test_what_is_not_a_proportion_is_refused(events, total):
    with pytest.raises(ValueError, match="not a proportion"):
        format_percent(events, total)


def test_proportions_print_with_their_counts_and_interval():
    assert format_proportion(9, 19) == "9/19 (47.4%)"
    assert format_proportion(9, 19, (0.2445, 0.7114)) == "9/19 (47.4%; 95% CI 24.5 to 71.1)"
    assert format_proportion(1, 8, (0.003, 0.5), level=0.9, digits=0) == "1/8 (13%; 90% CI 0 to 50)"


def test_the_level_of_an_interval_prints_without_needless_decimals():
    assert format_interval(0.1, 0.2, level=0.999) == "99.9% CI 10.0 to 20.0"
    assert format_interval(0.1, 0.2, level=0.9) == "90% CI 10.0 to 20.0"


def test_counts_and_shares():
    assert format_count(20788) == "20,788"
    assert format_count(12) == "12"
    assert format_share(0.125, 0) == "13%"
    assert format_share(0.5) == "50.0%"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**12), max_value=10**12))
def test_a_decimal_is_read_exactly(value):
    assert parse_number(f" {value:f} ") == Fraction(value)


@pytest.mark.parametrize(
    ("text", "value"), [("3.12", "3.12"), (".5", "0.5"), ("5.", "5"), ("-5", "-5"), ("1e3", "1000"), ("2.5E-1", "0.25")]
)
def test_numbers_as_people_type_them(text, value):
    assert parse_number(text) == Fraction(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "3,5",
        "1/2",
        "1_000",
        "five",
        "nan",
        "inf",
        "٣",
        "1e999999999",
        "1e-999999999",
        "9" * 5000,
        "0x10",
        "1 000",
    ],
)
def test_anything_else_is_not_a_number(text):
    with pytest.raises(ValueError, match="not a number"):
        parse_number(text)
