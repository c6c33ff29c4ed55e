"""Europe PMC's own ways: POST for long queries, errors inside HTTP 200, forgotten cursors, wrong counts, dates."""

from __future__ import annotations

import os

import pytest

from review.errors import BadResponse
from review.errors import SourceUnavailable
from review.errors import UsageError
from review.search.execution import count_hits
from review.search.execution import run_search
from review.search.sources.europepmc import EuropePmc
from review.search.sources.registry import open_source
from tests.search.conftest import codes
from tests.services import clients
from tests.services import europepmc
from tests.services.server import Running
from tests.services.works import make_works


@pytest.fixture(autouse=True)
def _skip_fsync(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def running():
    with Running(europepmc.EuropePmc(make_works(35, preprints={3}))) as service:
        yield service


def search(running, tmp_path, query="calcinosis", **data):
    source = clients.make_source(EuropePmc, running)
    return run_search(source, clients.make_strategy("europepmc", query, **data), tmp_path / "queries")


def test_whole_records_are_asked_for_by_cursor(running, tmp_path):
    search(running, tmp_path)
    assert [call.params["cursorMark"] for call in running.calls] == ["*", "AoI10", "AoI20", "AoI30"]
    assert {call.params["resultType"] for call in running.calls} == {"core"}
    assert {call.method for call in running.calls} == {"GET"}
    assert not any("sort" in call.params for call in running.calls)


def test_a_long_query_goes_by_post(running, tmp_path):
    query = " OR ".join(f"(TITLE:calcinosis{number} AND ABSTRACT:rituximab)" for number in range(300))
    outcome = search(running, tmp_path, query)
    assert outcome.retrieved == 35
    assert {(call.method, call.path) for call in running.calls} == {("POST", "searchPOST")}
    assert running.calls[0].params["query"] == query


def test_an_error_inside_200_that_is_the_query_s(running, tmp_path):
    with pytest.raises(BadResponse, match="the query cannot be read"):
        search(running, tmp_path, "unparsable")
    assert len(running.calls) == 1
    with pytest.raises(BadResponse):
        count_hits(clients.make_source(EuropePmc, running), clients.make_strategy("europepmc", "unparsable"))


def test_an_error_inside_200_that_is_the_service_s(running, tmp_path):
    with pytest.raises(SourceUnavailable, match="an error inside the answer"):
        search(running, tmp_path, "broken")
    assert len(running.calls) == 7


def test_a_forgotten_cursor_means_that_all_is_fetched_anew(running, tmp_path):
    running.service.forgets = {"AoI20"}
    outcome = search(running, tmp_path)
    assert (outcome.hits, outcome.retrieved) == (35, 35)
    assert codes(outcome.findings) == ["RUN-042"]
    assert len(running.calls) == 7


class Forgetful(set):
    def discard(self, item):
        """It forgets for good."""


def test_cursors_that_are_always_forgotten_end_the_run(running, tmp_path):
    running.service.forgets = Forgetful({"AoI20"})
    with pytest.raises(SourceUnavailable, match="forgot where the list of hits goes on, 4 times"):
        search(running, tmp_path)


def test_a_count_that_is_too_high_is_an_error_after_two_passes(running, tmp_path):
    running.service.hit_count = 40
    outcome = search(running, tmp_path)
    assert (outcome.hits, outcome.retrieved) == (40, 35)
    assert codes(outcome.findings) == ["RUN-009"]
    assert "in 2 passes" in outcome.findings[0].message


def test_a_count_that_is_too_low_is_told(running, tmp_path):
    running.service.hit_count = 33
    outcome = search(running, tmp_path)
    assert (outcome.hits, outcome.retrieved) == (35, 35)
    assert codes(outcome.findings) == ["RUN-041"]


def test_a_record_on_two_pages_counts_once(running, tmp_path):
    running.service.doubles = True
    outcome = search(running, tmp_path)
    assert outcome.retrieved == len(set(outcome.ids)) == 35
    assert codes(outcome.findings) == ["RUN-006"]


def test_a_count_that_changes_on_the_way_is_told(running, tmp_path):
    strategy = clients.make_strategy("europepmc")
    source = clients.make_source(EuropePmc, running)

    def add(page):
        running.service.works = make_works(36, preprints={3})

    outcome = run_search(source, strategy, tmp_path / "queries", progress=add)
    assert (outcome.hits, outcome.retrieved) == (36, 36)
    assert codes(outcome.findings) == ["RUN-008"]


@pytest.mark.parametrize(
    ("limits", "sent"),
    [
        ({"from": "2000", "to": "2025/02"}, "(calcinosis) AND (FIRST_PDATE:[2000-01-01 TO 2025-02-28])"),
        ({"date": "crdt", "from": "2000/03/04"}, "(calcinosis) AND (CREATION_DATE:[2000-03-04 TO 3000-12-31])"),
        ({"date": "e_pdate", "to": "2024/02"}, "(calcinosis) AND (E_PDATE:[1700-01-01 TO 2024-02-29])"),
    ],
)
def test_dates_become_part_of_the_query(running, tmp_path, limits, sent):
    outcome = search(running, tmp_path, limits=limits)
    assert outcome.translation == sent
    assert running.calls[0].params["query"] == sent


def test_a_date_that_the_service_does_not_have(running, tmp_path):
    with pytest.raises(UsageError, match="mdat"):
        search(running, tmp_path, limits={"date": "dcom", "from": "2000"})


def test_known_items_by_record_id(running, tmp_path):
    known = ["doi:10.5555/made.3", "doi:10.5555/made.4", "30000005", "doi:10.5555/made.99"]
    outcome = search(running, tmp_path, known_items=known)
    assert codes(outcome.findings) == ["QUERY-040"]
    assert "10.5555/made.99" in outcome.findings[0].message
    missed = search(running, tmp_path, known_items=["39999999"])
    assert codes(missed.findings) == ["QUERY-040"]


@pytest.mark.parametrize("name", ["europepmc", "openalex", "crossref", "clinicaltrials-gov"])
def test_the_address_comes_from_the_environment(name, tmp_path):
    environment = {"REVIEW_EMAIL": "reviewer@example.org", "HOME": str(tmp_path)}
    variable = {
        "europepmc": "EUROPEPMC",
        "openalex": "OPENALEX",
        "crossref": "CROSSREF",
        "clinicaltrials-gov": "CTGOV",
    }[name]
    source = open_source(name, {**environment, f"REVIEW_{variable}_URL": "http://127.0.0.1:9/x"})
    assert source.service.settings.address == "http://127.0.0.1:9/x/"
    assert source.name == name
    assert source.platform
    assert open_source(name, environment).service.settings.address.startswith("https://")


def test_an_entry_that_is_no_record_is_named(running, tmp_path):
    write = running.service.write

    def drop_id(work):
        result = write(work)
        return {name: value for name, value in result.items() if work.number != 4 or name != "id"}

    running.service.write = drop_id
    outcome = search(running, tmp_path)
    assert (outcome.hits, outcome.retrieved) == (35, 34)
    assert [(hit.id, hit.reason) for hit in outcome.missing] == [("(without id)", "no record")]
    assert codes(outcome.findings) == ["RUN-002"]
