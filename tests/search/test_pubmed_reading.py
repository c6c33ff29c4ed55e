from __future__ import annotations

import pytest

from review.search.sources.eutils_answers import SearchAnswer
from review.search.sources.pubmed_reading import check_reading
from review.search.sources.pubmed_reading import list_diagnostics
from review.search.sources.pubmed_reading import write_term
from tests.search.conftest import codes
from tests.search.conftest import make_strategy

CLEAN = SearchAnswer(7, (), translation='"asthma"[Title]')


def answer(**fields):
    return SearchAnswer(7, (), translation='"asthma"[Title]', **fields)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"phrases_not_found": ("abcXYZ",)}, "QUERY-030"),
        ({"quoted_not_found": ('"body battery"[tiab]',)}, "QUERY-030"),
        ({"fields_not_found": ("foo",)}, "QUERY-031"),
        ({"phrases_ignored": ("of",)}, "QUERY-032"),
        ({"messages": ("Unknown sort schema 'date' ignored",)}, "QUERY-033"),
        ({"messages": ("Restrictions achieved. start and count adjusted to 0, 9999",)}, "QUERY-033"),
    ],
)
def test_what_the_service_drops_or_remarks_is_told(fields, code):
    assert codes(list_diagnostics(answer(**fields), None)) == [code]


def test_a_clean_answer_says_nothing():
    assert codes(check_reading(make_strategy("asthma[ti]"), CLEAN)) == []
    assert codes(list_diagnostics(answer(messages=("No items found.",)), None)) == []


def test_no_hits_and_unapplied_limits_are_told():
    assert codes(check_reading(make_strategy("asthma[ti]"), SearchAnswer(0, ()))) == ["QUERY-034"]
    limited = make_strategy("asthma[ti]", limits={"from": "2000", "to": "2001"})
    assert codes(check_reading(limited, CLEAN)) == ["QUERY-035"]
    applied = SearchAnswer(7, (), translation='"asthma"[Title] AND 2000/01/01:2001/12/31[Date - Publication]')
    assert codes(check_reading(limited, applied)) == []


def test_one_query_stands_for_the_strategy():
    assert write_term(make_strategy("a[ti]\n OR b[ti]")) == "a[ti] OR b[ti]"
    assert (
        write_term(make_strategy("a[ti]", limits={"to": "2001/05"})) == '(a[ti]) AND ("1800"[pdat] : "2001/05"[pdat])'
    )
