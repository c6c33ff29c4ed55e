from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.extraction import spans
from review.extraction.spans import Span

numbers = st.integers(-4, 4).map(Fraction)
typed = st.tuples(numbers, st.sampled_from(["=", "<", "<=", ">", ">="]))

#: Candidates for a value: halves, so that open limits are told from closed ones.
GRID = [Fraction(half, 2) for half in range(-14, 15)]


def members(span):
    """The numbers of the grid in a span."""
    return [
        x
        for x in GRID
        if (span.low is None or x > span.low or (x == span.low and not span.open_low))
        and (span.high is None or x < span.high or (x == span.high and not span.open_high))
    ]


def make(pair):
    return spans.make_span(*pair)


@given(typed)
def test_a_span_is_what_an_inequality_leaves(pair):
    value, sign = pair
    signs = {
        "=": lambda x: x == value, "<": lambda x: x < value, "<=": lambda x: x <= value,
        ">": lambda x: x > value, ">=": lambda x: x >= value,
    }  # fmt: skip
    assert members(make(pair)) == [x for x in GRID if signs[sign](x)]


@given(typed, typed)
def test_a_comparison_is_known_only_where_every_value_agrees(left, right):
    one, other = make(left), make(right)
    pairs = [(x, y) for x in members(one) for y in members(other)]
    for answer, test in (
        (spans.is_less(one, other), lambda x, y: x < y),
        (spans.is_equal(one, other), lambda x, y: x == y),
    ):
        possible = {test(x, y) for x, y in pairs}
        if answer is None:
            assert possible == {True, False}
        else:
            assert possible == {answer}


@given(typed, typed)
def test_sums_and_products_hold_every_possible_result(left, right):
    one, other = make(left), make(right)
    total, product, quotient = spans.add(one, other), spans.multiply(one, other), spans.divide(one, other)
    for x in members(one):
        for y in members(other):
            assert holds(total, x + y)
            assert product is None or holds(product, x * y)
            assert quotient is None or holds(quotient, x / y)
    assert (product is None) == (one.point is None and other.point is None)
    assert (quotient is None) == (not other.point)


@given(typed)
def test_mirrors_and_absolute_values(pair):
    span = make(pair)
    assert all(holds(spans.negate(span), -x) and holds(spans.absolute(span), abs(x)) for x in members(span))


def holds(span, value):
    low = span.low is None or value > span.low or (value == span.low and not span.open_low)
    return low and (span.high is None or value < span.high or (value == span.high and not span.open_high))


def test_the_absolute_value_of_a_bounded_span():
    assert spans.absolute(Span(Fraction(-3), Fraction(2), open_low=True)) == Span(
        Fraction(0), Fraction(3), open_high=True
    )
    assert spans.absolute(Span(Fraction(-2), Fraction(2), open_low=True)) == Span(Fraction(0), Fraction(2))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019-12", date(2019, 12, 1), date(2019, 12, 31)),
        ("2019-03-31", date(2019, 3, 31), date(2019, 3, 31)),
    ],
)
def test_a_date_is_the_days_that_it_may_be(text, first, last):
    assert spans.make_date_span(text) == Span(Fraction(first.toordinal()), Fraction(last.toordinal()))


@pytest.mark.parametrize(
    "text",
    ["", "2019-13", "2019-02-30", "2019-00", "2019-3-1", "19-03-01", "20190301", "2019-W01", "2019-03-31T1", "٢٠١٩"],
)
def test_what_is_no_date(text):
    with pytest.raises(ValueError, match=r"."):
        spans.make_date_span(text)


TRUTHS = [True, False, None]


@given(st.lists(st.sampled_from(TRUTHS), max_size=4))
def test_and_or_and_not_are_those_of_kleene(values):
    possible = [[value] if value is not None else [True, False] for value in values]
    worlds = [[]]
    for options in possible:
        worlds = [[*world, option] for world in worlds for option in options]
    for answer, combine in ((spans.all_of(values), all), (spans.any_of(values), any)):
        results = {combine(world) for world in worlds}
        assert results == ({True, False} if answer is None else {answer})
    assert [spans.negate_truth(value) for value in TRUTHS] == [False, True, None]
