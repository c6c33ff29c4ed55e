from __future__ import annotations

import pytest

from review.formats.dates import find_year
from review.formats.dates import parse_date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2018//", "2018"),
        ("2018/03/01", "2018-03-01"),
        ("2018/03/01/", "2018-03-01"),
        ("2019/01", "2019-01"),
        ("1999/08//undefined", "1999-08"),
        ("2018 May-Jun", "2018-05"),
        ("2020 May 20", "2020-05-20"),
        ("20160419", "2016-04-19"),
        ("September  1, 2021", "2021-09-01"),
        ("Mar 3 2015", "2015-03-03"),
        ("7/31/2024 14:00", "2024-07-31"),
        ("31/7/2024", "2024-07-31"),
        ("2015/october", "2015-10"),
        ("12 janvier 2004", "2004-01-12"),
        ("c1998", "1998"),
        ("99", ""),
        ("YEAR/MONTH/DAY/", ""),
        ("2018-13-40", "2018"),
    ],
)
def test_parse_date(text: str, date: str) -> None:
    assert parse_date(text) == date


def test_a_date_without_year_takes_the_one_given() -> None:
    assert parse_date("JUN 13", year=2019) == "2019-06-13"
    assert parse_date("JUN 13") == ""


@pytest.mark.parametrize(
    ("text", "year"), [("0000", None), ("in press", None), ("2019a", 2019), ("12345", None), ("1348", None)]
)
def test_find_year(text: str, year: int | None) -> None:
    assert find_year(text) == year
