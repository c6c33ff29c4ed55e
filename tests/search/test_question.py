from __future__ import annotations

import pytest

from review.errors import UsageError
from review.search.sources.question import Span
from review.search.sources.question import read_parameters
from review.search.sources.question import read_span
from review.search.strategy import Limits
from review.search.strategy import Strategy
from review.search.strategy import StrategyLine

NAMES = {"query.cond", "query.term", "filter"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("calcinosis AND\n rituximab", {"plain": "calcinosis AND rituximab"}),
        ("query.cond = a b\n\nfilter: x:1,y:2", {"query.cond": "a b", "filter": "x:1,y:2"}),
        ("query.cond=a\nand more", {"plain": "query.cond=a and more"}),
        ("title: a", {"plain": "title: a"}),
    ],
)
def test_a_query_is_text_or_parameters(query, expected):
    assert read_parameters(Strategy("x", query=query), NAMES, "plain") == expected


def test_lines_are_written_out():
    lines = (StrategyLine(1, "filter: a"), StrategyLine(2, "#1 OR b"))
    assert read_parameters(Strategy("x", lines=lines), NAMES, "plain") == {"plain": "(filter: a) OR b"}


def test_a_parameter_given_twice():
    with pytest.raises(UsageError, match=r"queries/x\.yaml: the parameter filter is given twice"):
        read_parameters(Strategy("x", query="filter: a\nfilter: b", file="queries/x.yaml"), NAMES, "plain")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2000", "2001", ("2000-01-01", "2001-12-31")),
        ("2000/2", "2000/2", ("2000-02-01", "2000-02-29")),
        ("2000/02/03", "2000/04/05", ("2000-02-03", "2000-04-05")),
        ("", "2000/11", ("", "2000-11-30")),
        ("1999", "", ("1999-01-01", "")),
    ],
)
def test_spans_run_from_the_first_day_to_the_last(start, end, expected):
    assert read_span(Limits("pdat", start, end), {"pdat": "D"}, "Service") == Span("D", *expected)


def test_no_dates_and_unknown_dates():
    assert read_span(Limits(stated=("language: none",)), {"pdat": "D"}, "Service") is None
    with pytest.raises(UsageError, match="Service cannot be limited by the date 'edat'; known are pdat"):
        read_span(Limits("edat", "2000", ""), {"pdat": "D"}, "Service")
