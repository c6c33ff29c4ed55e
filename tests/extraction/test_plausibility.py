from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.extraction.plausibility import find_contradictions
from review.extraction.printed import read_printed
from tests.builder import list_codes
from tests.extraction.typed import change_sheet
from tests.extraction.typed import read_sheet


def find_keys(**given):
    texts = {key: tuple(text.split()) if text != "not reached" else (text,) for key, text in given.items()}
    return [key for key, _, _ in find_contradictions(texts)]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"n": "0"}, "n"),
        ({"sd": "-1"}, "sd"),
        ({"person_time": "0"}, "person_time"),
        ({"hazard_ratio": "0"}, "hazard_ratio"),
        ({"iqr": "7 3"}, "iqr"),
        ({"range": "7 3", "mean": "5"}, "range"),
        ({"mean": "9.2", "range": "3.0 9.0"}, "mean"),
        ({"median": "1", "range": "3 9"}, "median"),
        ({"median": "1", "iqr": "3 9"}, "median"),
        ({"iqr": "3 9", "range": "1 5"}, "iqr"),
        ({"iqr": "1 3", "range": "3 5"}, "iqr"),
        ({"median": "1", "median_ci": "3 9"}, "median"),
        ({"hazard_ratio": "0.5", "hazard_ratio_ci": "0.7 2"}, "hazard_ratio"),
        ({"events": "5", "n": "4"}, "events"),
        ({"n": "1", "sd": "2"}, "sd"),
        # Two values 0 and 10 have the largest SD, 7.07.
        ({"n": "2", "range": "0.0 10.0", "sd": "7.2"}, "sd"),
        ({"n": "10", "range": "0.0 10.0", "sd": "5.4"}, "sd"),
        # All in the middle but two: sqrt(50 / 9) = 2.357.
        ({"n": "10", "range": "0.0 10.0", "sd": "2.2"}, "sd"),
        ({"n": "10", "mean": "5", "median": "9", "sd": "2"}, "mean"),
    ],
)
def test_what_cannot_be_is_told(given, key):
    assert find_keys(**given) == [key]


@pytest.mark.parametrize(
    "given",
    [
        {"n": "2", "range": "0 10", "sd": "7.1", "mean": "5.0", "median": "5"},
        {"n": "10", "range": "0 10", "sd": "2.4"},
        {"n": "10", "range": "0 10", "sd": "5.3"},
        {"mean": "9.04", "range": "3 9.0"},
        {"median": "not reached", "n": "4", "events": "1"},
        {"iqr": "3 3", "median": "3", "range": "3 3", "sd": "0", "n": "4"},
        {"sd": "2"},
        {},
    ],
)
def test_what_can_be_is_not(given):
    assert find_keys(**given) == []


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=9), st.sampled_from([0, 1, 10]))
def test_no_summary_of_real_values_is_refused(values, places):
    """However a summary is rounded, the values that it is of can have it."""
    numbers = [value / 7 for value in values]
    digits = {0: 0, 1: 1, 10: 3}[places]

    def show(value):
        return f"{value:.{digits}f}"

    quarters = statistics.quantiles(numbers, n=4, method="inclusive")
    given = {
        "n": str(len(numbers)),
        "mean": show(statistics.fmean(numbers)),
        "sd": show(statistics.stdev(numbers)),
        "median": show(statistics.median(numbers)),
        "iqr": f"{show(quarters[0])} {show(quarters[2])}",
        "range": f"{show(min(numbers))} {show(max(numbers))}",
    }
    assert find_keys(**given) == []


def test_an_impossible_summary_of_a_sheet_is_an_error():
    _, findings = change_sheet("sd: 1.8", "sd: 4.8")
    assert list_codes(findings) == ["EXTRACT-025"]
    assert "summaries[1]: sd 4.8 is too large of 2 patients in 3.5 to 6.0; expected 1.8 or less" in str(findings[0])
    assert "EXTRACT-025" not in list_codes(read_sheet()[1])


@pytest.mark.parametrize(
    ("text", "low", "high", "digits"),
    [("53.5", 53.45, 53.55, 1), ("7", 6.5, 7.5, 0), ("0.250", 0.2495, 0.2505, 3), ("-2", -2.5, -1.5, 0), ("1.5e1", 14.5, 15.5, 0)],
)  # fmt: skip
def test_a_printed_number_stands_for_a_range(text, low, high, digits):
    printed = read_printed(text)
    assert (float(printed.low), float(printed.high), printed.digits) == (low, high, digits)
    assert printed.may_be(printed.value)
    assert not printed.may_be(math.nextafter(high, math.inf) + 0.01)
    assert printed.show(1 / 3) == f"{1 / 3:.{digits}f}"
