"""Means and SDs of whole numbers: against all lists of small whole numbers, one by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.numerals import format_number
from review.reporting.claims.bounds import largest_sd_squared
from review.reporting.claims.bounds import least_sd_squared
from review.reporting.claims.grim import has_power
from review.reporting.claims.grim import is_mean_possible
from review.reporting.claims.grim import is_sd_possible
from review.reporting.claims.grim import list_nearest
from review.reporting.claims.printed import Printed


def compute_squares(numbers: tuple[int, ...]) -> Fraction:
    mean = Fraction(sum(numbers), len(numbers))
    return sum(((number - mean) ** 2 for number in numbers), Fraction(0))


@pytest.mark.parametrize("n", [2, 3, 5, 7])
@pytest.mark.parametrize("digits", [1, 2])
def test_a_mean_is_possible_exactly_if_some_whole_numbers_have_it(n: int, digits: int) -> None:
    real = {format_number(Fraction(total, n), digits) for total in range(10 * n)}
    for step in range(10 * 10**digits - 10**digits):
        text = format_number(Fraction(step, 10**digits), digits)
        # Both roundings of a tie are accepted, so that a few more are possible than are printed half up.
        assert is_mean_possible(Printed.read(text), n) or text not in real
        if not is_mean_possible(Printed.read(text), n):
            assert text not in real


def test_both_roundings_of_a_tie_are_means() -> None:
    assert is_mean_possible(Printed.read("3.12"), 8)
    assert is_mean_possible(Printed.read("3.13"), 8)
    assert not is_mean_possible(Printed.read("3.14"), 8)
    assert list_nearest(Printed.read("3.15"), 8) == ["3.13", "3.25"]


def test_a_mean_has_power_only_with_few_patients() -> None:
    assert has_power(Printed.read("3.1"), 9)
    assert not has_power(Printed.read("3.1"), 10)
    assert not has_power(Printed.read("3"), 2)


@given(st.lists(st.integers(0, 12), min_size=2, max_size=12), st.integers(0, 3), st.sampled_from([0, 1]))
def test_the_mean_and_sd_of_real_whole_numbers_are_always_possible(
    numbers: list[int], digits: int, population: int
) -> None:
    n = len(numbers)
    squares = compute_squares(tuple(numbers))
    mean = Printed.read(format_number(Fraction(sum(numbers), n), digits))
    sd = Printed.read(format_number(float(squares / (n - 1 + population)) ** 0.5, digits))
    assert is_mean_possible(mean, n)
    assert is_sd_possible(mean, sd, n)


def test_an_sd_that_no_whole_numbers_have_is_denied() -> None:
    real = set()
    for numbers in combinations_with_replacement(range(12), 4):
        if sum(numbers) == 14:
            squares = float(compute_squares(numbers))
            real |= {format_number((squares / divisor) ** 0.5, 2) for divisor in (3, 4)}
    mean = Printed.read("3.50")
    for step in range(100, 300):
        text = format_number(Fraction(step, 100), 2)
        assert is_sd_possible(mean, Printed.read(text), 4) >= (text in real)
    assert not is_sd_possible(mean, Printed.read("1.20"), 4)


@given(st.lists(st.integers(0, 50), min_size=2, max_size=9))
def test_the_sd_of_real_numbers_keeps_its_bounds(numbers: list[int]) -> None:
    n = len(numbers)
    low, high = Printed(Fraction(min(numbers))), Printed(Fraction(max(numbers)))
    mean = Printed.read(format_number(Fraction(sum(numbers), n), 1))
    squares = compute_squares(tuple(numbers))
    assert squares / (n - 1) <= largest_sd_squared(low, high, n, mean)
    assert squares / (n - 1) <= largest_sd_squared(low, high, None, mean)
    assert squares / n >= least_sd_squared(low, high, n)


def test_a_mean_of_nobody_cannot_be() -> None:
    with pytest.raises(ValueError, match="0 numbers"):
        is_mean_possible(Printed.read("1.5"), 0)
