from __future__ import annotations

import pytest

from review.search.lint import lint_query
from review.search.lint import lint_strategy
from review.search.strategy import parse_strategy


def lint(query):
    return [finding.code for finding in lint_query(query)]


SOUND = [
    '("Calcinosis"[Mesh] OR calcinos*[tiab] OR "dystrophic calcification"[Title/Abstract]) AND rituximab[tw]',
    "asthma [tiab] NOT (animals[mh] NOT humans[mh:noexp])",
    '"[18F]FDG"[tiab]',
    "signs and symptoms[mh]",
    '"rituximab and calcinosis"[tiab:~3] AND asthma[ad]',
    '2000:2025[dp] AND "2015"[PDAT] : "3000"[PDAT]',
    '("2000/01/01"[Date - Publication] : "2020/12/31"[Date - Publication]) AND english[la]',
    "Behçet’s disease[tiab] AND medline[sb] AND 1:7500[UID]",
    'asthma/therapy[majr:noexp] OR "Proc Natl Acad Sci U S A"[Journal:__jid7505876]',
    "cat or dog",
]


@pytest.mark.parametrize("query", SOUND)
def test_a_sound_query_is_silent(query):
    assert lint(query) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "QUERY-001"),
        ("   ", "QUERY-001"),
        ("(asthma[ti] AND zinc[ti]", "QUERY-010"),
        ("asthma[ti]) AND zinc[ti]", "QUERY-010"),
        ("asthma[ti AND zinc", "QUERY-010"),
        ("(asthma[ti)]", "QUERY-010"),
        ('"asthma[ti] AND zinc', "QUERY-011"),
        ("“heart attack”[tiab]", "QUERY-012"),
        ("calcinos∗[tiab]", "QUERY-013"),
        ("calcinos＊[tiab]", "QUERY-013"),
        ("asthma[foo]", "QUERY-014"),
        ("asthma[]", "QUERY-014"),
        ("(asthma OR copd)[tiab]", "QUERY-015"),
        ("(asthma OR copd) [tiab]", "QUERY-015"),
        ("asthma[ti] or copd[ti]", "QUERY-016"),
        ("(a) And (b)", "QUERY-016"),
        ('asthma and "zinc"', "QUERY-016"),
        ("asthma[ti] AND 2000:[dp]", "QUERY-017"),
        ("asthma[mh:~3]", "QUERY-020"),
        ("asthma[ti:noexp]", "QUERY-020"),
        ('"BMJ Simulation &amp; Technology"[jour]', "QUERY-021"),
        ("2020:2010[dp]", "QUERY-022"),
        ('"2020/05"[pdat] : "2020/04/30"[pdat]', "QUERY-022"),
    ],
)
def test_each_trap_has_its_code(query, code):
    assert lint(query) == [code]


def test_words_of_other_query_languages_are_left_alone():
    assert list(lint_query('TITLE:"a b" AND x[foo] or (y)', pubmed=False)) == []


def strategy_codes(**data):
    strategy, _ = parse_strategy({"source": "pubmed", **data}, "queries/pubmed.yaml")
    return [finding.code for finding in lint_strategy(strategy)]


def test_lines_are_linted_with_their_numbers():
    strategy, _ = parse_strategy({"source": "pubmed", "lines": ["asthma[foo]", "zinc[ti]", "#1 or #2"]})
    findings = lint_strategy(strategy)
    assert [finding.code for finding in findings] == ["QUERY-014", "QUERY-016"]
    assert findings[0].message.startswith("line #1: ")


def test_a_line_that_nothing_uses_is_named_and_the_last_is_the_result():
    assert strategy_codes(lines=["a[ti]", "b[ti]", "#1"]) == ["QUERY-018"]
    assert strategy_codes(lines=["a[ti]", "b[ti]", "#1 AND #2"]) == []


@pytest.mark.parametrize("lines", [["a", "#2"], ["a", "#1 AND #7"], ["#3", "a", "#1 AND #2"]])
def test_a_reference_that_is_not_above_blocks(lines):
    assert "QUERY-019" in strategy_codes(lines=lines)


def test_a_query_without_lines_cannot_refer_to_one():
    assert strategy_codes(query="#1 AND asthma") == ["QUERY-019"]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"from": "2000"}, ["QUERY-017"]),
        ({"to": "2000/01"}, ["QUERY-017"]),
        ({"from": "2001", "to": "2000"}, ["QUERY-022"]),
        ({"from": "2000", "to": "2001"}, []),
    ],
)
def test_limits_need_both_ends_in_order(limits, expected):
    assert strategy_codes(query="a[ti]", limits=limits) == expected
