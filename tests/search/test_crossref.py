"""Crossref's own ways: a cursor that moves on by itself, validation failures, parameters, the polite pool."""

from __future__ import annotations

import os

import pytest

from review.errors import BadResponse
from review.search.execution import count_hits
from review.search.execution import run_search
from review.search.sources.crossref import Crossref
from tests.search.conftest import codes
from tests.services import clients
from tests.services import crossref
from tests.services.server import Running
from tests.services.works import make_works


@pytest.fixture(autouse=True)
def _skip_fsync(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def running():
    with Running(crossref.Crossref(make_works(35))) as service:
        yield service


def search(running, tmp_path, query="calcinosis", **data):
    source = clients.make_source(Crossref, running)
    return run_search(source, clients.make_strategy("crossref", query, **data), tmp_path / "queries")


def test_a_text_is_searched_in_the_polite_pool(running, tmp_path):
    search(running, tmp_path)
    assert {call.params["query.bibliographic"] for call in running.calls} == {"calcinosis"}
    assert {call.params["mailto"] for call in running.calls} == {"reviewer@example.org"}
    assert len({call.params["cursor"] for call in running.calls}) == 2


def test_a_cursor_that_is_no_longer_valid(running, tmp_path):
    running.service.forgets = 1
    outcome = search(running, tmp_path)
    assert outcome.retrieved == 35
    assert codes(outcome.findings) == ["RUN-042"]


def test_a_count_that_is_too_high_is_told_after_all_passes(running, tmp_path):
    running.service.total = 37
    outcome = search(running, tmp_path)
    assert (outcome.hits, outcome.retrieved) == (37, 35)
    assert codes(outcome.findings) == ["RUN-009"]
    assert "in 4 passes" in outcome.findings[0].message


def test_a_filter_that_is_none(running, tmp_path):
    with pytest.raises(BadResponse, match="there is no such filter"):
        search(running, tmp_path, "query.title: calcinosis\nfilter: bad:1")
    assert len(running.calls) == 1


def test_parameters_and_dates(running, tmp_path):
    search(
        running,
        tmp_path,
        "query.title = calcinosis\nfilter = type:journal-article",
        limits={"date": "crdt", "from": "2019/03"},
    )
    first = running.calls[0].params
    assert first["query.title"] == "calcinosis"
    assert first["filter"] == "type:journal-article,from-created-date:2019-03-01"


def test_a_dry_run_asks_for_no_works(running):
    assert count_hits(clients.make_source(Crossref, running), clients.make_strategy("crossref")).hits == 35
    assert running.calls[0].params["rows"] == "0"


def test_a_text_that_finds_everything_is_not_fetched(running, tmp_path):
    running.service.total = 2_531_297
    with pytest.raises(BadResponse, match=r"finds 2,531,297 records.*bound the strategy by filters"):
        search(running, tmp_path)
    assert len(running.calls) == 1
    assert count_hits(clients.make_source(Crossref, running), clients.make_strategy("crossref")).hits == 2_531_297
