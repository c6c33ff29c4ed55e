from __future__ import annotations

import pytest

from review.errors import UsageError
from review.search.strategy import LONGEST_QUERY
from review.search.strategy import Strategy
from review.search.strategy import StrategyLine
from review.search.strategy import list_references
from review.search.strategy import parse_strategy
from review.search.strategy import split_lines


def codes(findings):
    return [finding.code for finding in findings]


def test_reads_a_query_with_known_items_and_limits():
    strategy, findings = parse_strategy(
        {
            "source": "PubMed",
            "query": "asthma[tiab]\n  AND zinc[tiab]\n",
            "known_items": [30639647, "10.1000/X1", {"id": "pmid: 12"}],
            "limits": {"date": "pdat", "from": "2000-01-01", "to": 2025, "language": "none"},
            "notes": "checked",
        },
        "queries/pubmed.yaml",
        {"query": 2}.get,
    )
    assert findings == []
    assert strategy.source == "pubmed"
    assert strategy.lane == "database"
    assert strategy.known_items == ("pubmed:30639647", "doi:10.1000/x1", "pubmed:12")
    assert strategy.limits.describe() == "pdat 2000/01/01 to 2025; language: none"
    assert strategy.expand() == "asthma[tiab] AND zinc[tiab]"
    assert str(strategy.origin) == "queries/pubmed.yaml:2"


def test_lines_are_written_out_with_brackets_and_quotes_left_alone():
    strategy, _ = parse_strategy({"source": "pubmed", "lines": ["a[ti] OR b[ti]", '"drug #1"[tiab]', "#1 AND #2"]})
    assert strategy.expand() == '(a[ti] OR b[ti]) AND ("drug #1"[tiab])'
    assert strategy.expand(1) == "a[ti] OR b[ti]"
    assert strategy.text.splitlines()[2] == "#3 #1 AND #2"


@pytest.mark.parametrize("text", ["#1 asthma\n#2 zinc\n#3 #1 AND #2", "1. asthma\n2. zinc\n3. #1 AND #2"])
def test_a_pasted_strategy_is_read_line_by_line(text):
    assert [line.query for line in split_lines(text)] == ["asthma", "zinc", "#1 AND #2"]


@pytest.mark.parametrize("text", ["asthma\nAND zinc", "#1 AND #2", "#2 asthma\n#1 zinc", "5 fluorouracil"])
def test_an_ordinary_query_is_not_taken_for_lines(text):
    assert split_lines(text) == ()


def test_a_line_that_refers_below_itself_is_refused():
    strategy = Strategy("pubmed", lines=(StrategyLine(1, "#2"), StrategyLine(2, "asthma")))
    with pytest.raises(UsageError, match="#2, which is not above"):
        strategy.expand()


def test_lines_that_double_thirty_times_are_refused_before_they_are_built():
    lines = [StrategyLine(1, "x" * 100), *(StrategyLine(n, f"#{n - 1} OR #{n - 1}") for n in range(2, 40))]
    with pytest.raises(UsageError, match=f"{LONGEST_QUERY:,}"):
        Strategy("pubmed", lines=tuple(lines)).expand()


def test_references_in_quotes_do_not_count():
    assert list_references('#1 AND "no #2" OR #13') == [1, 13]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"source": "pubmed"},
        {"query": "x"},
        {"source": "pubmed", "query": "x", "lines": ["y"]},
        {"source": "  ", "query": "x"},
    ],
)
def test_a_strategy_that_cannot_run_is_a_finding(data):
    strategy, findings = parse_strategy(data)
    assert strategy is None
    assert set(codes(findings)) == {"QUERY-001"}


def test_misspelt_entries_are_findings_and_nothing_is_guessed():
    strategy, findings = parse_strategy(
        {
            "source": "embase",
            "query": "x",
            "know_items": [],
            "known_items": ["no id"],
            "lane": "else",
            "hits": "many",
            "limits": {"from": "last year"},
        }
    )
    assert sorted(codes(findings)) == ["QUERY-002", "QUERY-002", "QUERY-002", "QUERY-003", "QUERY-004"]
    assert strategy.hits is None
    assert strategy.known_items == ()


def test_registers_have_their_own_lane_and_exports_say_where_they_were_made():
    register, _ = parse_strategy({"source": "ClinicalTrials.gov", "query": "x"})
    export, findings = parse_strategy(
        {"source": "Embase", "query": "x", "platform": "Ovid", "date": "2025-11-02", "hits": "1,204", "who": "DJ"}
    )
    assert register.lane == "register"
    assert (export.platform, export.date, export.hits, export.who) == ("Ovid", "2025-11-02", 1204, "DJ")
    assert findings == []


def test_the_hash_follows_what_is_asked_and_not_the_notes():
    one, _ = parse_strategy({"source": "pubmed", "query": "a", "notes": "x"})
    two, _ = parse_strategy({"source": "pubmed", "query": "a", "notes": "y"})
    three, _ = parse_strategy({"source": "pubmed", "query": "a", "limits": {"from": 2000, "to": 2001}})
    assert one.sha256 == two.sha256 != three.sha256
