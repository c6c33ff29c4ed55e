"""ClinicalTrials.gov's own ways: the count on the first page alone, errors as text, its lane."""

from __future__ import annotations

import os

import pytest

from review.errors import BadResponse
from review.search.execution import run_search
from review.search.sources.clinicaltrials import ClinicalTrials
from tests.services import clients
from tests.services import ctgov
from tests.services.server import Running


@pytest.fixture(autouse=True)
def _skip_fsync(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def running():
    with Running(ctgov.ClinicalTrials(25), base="/api/v2/") as service:
        yield service


def search(running, tmp_path, query="calcinosis", **data):
    source = clients.make_source(ClinicalTrials, running)
    return run_search(source, clients.make_strategy("clinicaltrials-gov", query, **data), tmp_path / "queries")


def test_the_count_is_asked_for_once_and_pages_by_token(running, tmp_path):
    outcome = search(running, tmp_path)
    assert outcome.run.lane == "register"
    assert [call.params.get("pageToken") for call in running.calls] == [None, "NF0g10", "NF0g20"]
    assert [call.params.get("countTotal") for call in running.calls] == ["true", None, None]
    assert {call.params["query.term"] for call in running.calls} == {"calcinosis"}


def test_a_query_that_cannot_be_parsed(running, tmp_path):
    with pytest.raises(BadResponse, match="no viable alternative"):
        run_search(
            clients.make_source(ClinicalTrials, running),
            clients.make_strategy("clinicaltrials-gov", "(calcinosis"),
            tmp_path / "queries",
            anyway=True,
        )
    assert len(running.calls) == 1


def test_parameters_and_dates(running, tmp_path):
    outcome = search(
        running,
        tmp_path,
        "query.cond = calcinosis\nquery.intr = rituximab\nfilter.advanced = AREA[Phase]PHASE3",
        limits={"from": "2019", "to": "2020"},
    )
    first = running.calls[0].params
    assert (first["query.cond"], first["query.intr"]) == ("calcinosis", "rituximab")
    dated = "AREA[StudyFirstPostDate]RANGE[2019-01-01,2020-12-31]"
    assert first["filter.advanced"] == f"(AREA[Phase]PHASE3) AND {dated}"
    assert dated in outcome.translation
    assert search(running, tmp_path, limits={"date": "mdat", "from": "2019/05"}).translation.endswith(
        "filter.advanced=AREA[LastUpdatePostDate]RANGE[2019-05-01,MAX]"
    )
