"""OpenAlex's own ways: keys, the day's money, parameters, dates."""

from __future__ import annotations

import logging
import os

import pytest

from review.errors import BadResponse
from review.errors import SourceRefused
from review.errors import UsageError
from review.search.execution import count_hits
from review.search.execution import run_search
from review.search.http import Answer
from review.search.sources.openalex import OpenAlex
from review.search.sources.openalex import check_refusal
from tests.services import clients
from tests.services import openalex
from tests.services.server import Running
from tests.services.works import make_works

KEY = "a1b2c3d4e5f6SECRET"


@pytest.fixture(autouse=True)
def _skip_fsync(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def running():
    with Running(openalex.OpenAlex(make_works(35))) as service:
        yield service


def search(running, tmp_path, query="calcinosis", *, key="", **data):
    source = clients.make_source(OpenAlex, running, key=key)
    return run_search(source, clients.make_strategy("openalex", query, **data), tmp_path / "queries")


def test_the_key_and_the_address_are_sent_and_the_key_is_nowhere_else(running, tmp_path, caplog):
    running.service.keys = {KEY}
    caplog.set_level(logging.DEBUG)
    running.plan = {2: "503"}
    outcome = search(running, tmp_path, key=KEY)
    assert outcome.retrieved == 35
    assert {(call.params["api_key"], call.params["mailto"]) for call in running.calls} == {
        (KEY, "reviewer@example.org")
    }
    assert "GET" in caplog.text
    assert KEY not in caplog.text
    for path in (tmp_path / "queries").rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes()


def test_no_key_sends_none(running, tmp_path):
    search(running, tmp_path)
    assert not any("api_key" in call.params for call in running.calls)


def test_a_refused_key_ends_the_run_at_once(running, tmp_path):
    running.service.keys = {"another"}
    with pytest.raises(SourceRefused, match="OPENALEX_API_KEY") as raised:
        search(running, tmp_path, key=KEY)
    assert KEY not in str(raised.value)
    assert raised.value.exit_code == 3
    assert len(running.calls) == 1


def test_the_day_s_money_is_gone(running, tmp_path):
    running.service.money = 2
    with pytest.raises(SourceRefused, match=r"allowance is used up; a free key .* OPENALEX_API_KEY"):
        search(running, tmp_path)
    assert len(running.calls) == 3
    running.service.money = None
    outcome = search(running, tmp_path)
    assert outcome.resumed
    assert outcome.retrieved == 35
    assert len(running.calls) == 5


@pytest.mark.parametrize(
    ("status", "headers", "body", "is_final"),
    [
        (429, {"x-ratelimit-remaining-usd": "0.5"}, b'{"error":"Rate limit exceeded"}', False),
        (429, {"x-ratelimit-remaining-usd": "0.0005", "x-ratelimit-cost-required-usd": "0.001"}, b"{}", True),
        (429, {"retry-after": "40000"}, b"", True),
        (429, {"retry-after": "1"}, b"not JSON", False),
        (402, {}, b"{}", True),
        (503, {}, b"[]", False),
        (200, {}, b"", False),
    ],
)
def test_the_rate_and_the_money_are_told_apart(status, headers, body, is_final):
    settings = clients.Settings("http://127.0.0.1/", "reviewer@example.org")
    answer = Answer(status, headers, body)
    if is_final:
        with pytest.raises(SourceRefused):
            check_refusal(answer, settings)
    else:
        check_refusal(answer, settings)


def test_a_filter_that_is_none_is_the_query_s_fault(running, tmp_path):
    with pytest.raises(BadResponse, match="author_name is not a valid field"):
        search(running, tmp_path, "filter: author_name:doe")
    assert len(running.calls) == 1


def test_parameters_one_a_line_and_dates(running, tmp_path):
    outcome = search(
        running,
        tmp_path,
        "search: calcinosis AND rituximab\nfilter = type:article",
        limits={"from": "2000", "to": "2024/06"},
    )
    first = running.calls[0].params
    assert first["search"] == "calcinosis AND rituximab"
    assert first["filter"] == "type:article,from_publication_date:2000-01-01,to_publication_date:2024-06-30"
    assert outcome.translation == f"search=calcinosis AND rituximab&filter={first['filter']}"


def test_a_parameter_given_twice(running, tmp_path):
    with pytest.raises(UsageError, match="filter is given twice"):
        search(running, tmp_path, "filter: type:article\nfilter: type:review")


def test_a_dry_run_asks_for_no_works(running):
    outcome = count_hits(clients.make_source(OpenAlex, running), clients.make_strategy("openalex"))
    assert outcome.hits == 35
    assert running.calls[0].params["select"] == "id"
    assert running.calls[0].params["per_page"] == "1"


def test_pages_of_at_most_a_hundred(running, tmp_path):
    outcome = run_search(
        clients.make_source(OpenAlex, running, page_size=100), clients.make_strategy("openalex"), tmp_path / "queries"
    )
    assert outcome.retrieved == 35
    assert len(running.calls) == 1
