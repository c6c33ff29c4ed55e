from __future__ import annotations

import pytest

from review.model import Value
from review.reporting.fill.printed import FORMS
from review.reporting.fill.printed import Printed
from review.reporting.fill.printed import list_forms
from tests.reporting.fill.manuscripts import VALUES
from tests.reporting.fill.manuscripts import make_printed


def test_every_form_prints_what_the_table_of_forms_shows():
    assert list_forms(VALUES[0]) == FORMS


@pytest.mark.parametrize(
    ("events", "total", "percent", "percent0"),
    [
        (1, 8, "12.5%", "13%"),
        (5, 8, "62.5%", "63%"),
        (1, 16, "6.3%", "6%"),
        (0, 8, "0.0%", "0%"),
        (1, 2000, "0.1%", "0%"),
    ],
)
def test_shares_are_rounded_half_up_on_the_exact_fraction(events, total, percent, percent0):
    forms = list_forms(Value("k", "t", events / total, events, total))
    assert (forms["percent"], forms["percent0"]) == (percent, percent0)


def test_the_share_of_a_model_is_its_own_and_not_that_of_its_counts():
    assert list_forms(VALUES[2])["percent"] == "46.0%"
    assert list_forms(Value("k", "t", 0.47368421, 9, 19))["percent"] == "47.4%"


def test_a_value_has_only_the_forms_that_it_has_numbers_for():
    assert list_forms(VALUES[4]) == {"text": "1,122"}
    assert set(list_forms(Value("k", "t", 0.5, 2, 4))) == {"text", "counts", "events", "total", "percent", "percent0"}
    assert list_forms(Value("rate", "3.2 per year", 3.2, 16, 5)) == {"text": "3.2 per year"}
    assert list_forms(Value("large", "t", 0.5, 1000, 2000))["events"] == "1,000"


def test_a_key_is_found_with_a_suffix_and_without():
    printed = make_printed()
    assert printed.find("pool.A.together") == printed.find("pool.A.together.text") == VALUES[0].text
    assert printed.find("pool.A.together.events") == "9"
    assert printed.find("pool.A.multiverse.low") == "45.5%"
    for key in ("pool.A", "pool.A.together.", "pool.A.together.mean", "prisma.records_screened.percent", "", ".text"):
        assert printed.find(key) is None


def test_near_keys_are_offered():
    printed = make_printed()
    assert printed.list_near("pool.A.togehter")[0] == "pool.A.together"
    assert printed.list_near("pool.A.togehter.percent")[0] == "pool.A.together.percent"
    assert printed.list_near("pool.A.together.per") == tuple(f"pool.A.together.{form}" for form in FORMS)
    assert printed.list_near("prisma.records_screened.percent") == ("prisma.records_screened.text",)
    assert printed.list_near("zzz") == ()


def test_values_of_which_nothing_is_printed_are_unused():
    used = ["pool.A.together.percent", "pool.A.multiverse.low", "unknown"]
    assert make_printed().list_unused(used) == sorted(
        value.key for value in VALUES if value.key not in {"pool.A.together", "pool.A.multiverse.low"}
    )
    assert Printed([]).list_unused([]) == []
