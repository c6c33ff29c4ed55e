"""What every service that pages owes, whichever it is: tested once for all of them."""

from __future__ import annotations

import json
import os

import pytest

from review.errors import SourceUnavailable
from review.search.execution import count_hits
from review.search.execution import run_search
from review.search.refresh import refresh_strategy
from review.search.runs import check_payloads
from review.search.runs import read_ids
from review.search.runs import read_runs
from review.search.sources.clinicaltrials import ClinicalTrials
from review.search.sources.contract import Known
from review.search.sources.crossref import Crossref
from review.search.sources.europepmc import EuropePmc
from review.search.sources.openalex import OpenAlex
from review.search.watch import Standing
from review.workspace import Layout
from review.workspace import open_review
from tests.search.conftest import codes
from tests.services import clients
from tests.services import crossref
from tests.services import ctgov
from tests.services import europepmc
from tests.services import openalex
from tests.services.server import FAULTS
from tests.services.server import Running
from tests.services.works import make_works

KINDS = {
    "europepmc": (EuropePmc, lambda: europepmc.EuropePmc(make_works(35, preprints={3, 30}))),
    "openalex": (OpenAlex, lambda: openalex.OpenAlex(make_works(35, preprints={3, 30}))),
    "crossref": (Crossref, lambda: crossref.Crossref(make_works(35, preprints={3, 30}))),
    "clinicaltrials-gov": (ClinicalTrials, lambda: ctgov.ClinicalTrials(35)),
}


def expected_ids(name):
    if name == "clinicaltrials-gov":
        return {f"clinicaltrials-gov:NCT{number:08d}" for number in range(1, 36)}
    works = make_works(35, preprints={3, 30})
    return {f"doi:{work.doi}" if name == "crossref" else work.record_id for work in works}


@pytest.fixture(autouse=True)
def _skip_fsync(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture(params=sorted(KINDS))
def kind(request):
    return request.param


@pytest.fixture
def running(kind):
    with Running(KINDS[kind][1]()) as service:
        yield service


@pytest.fixture
def queries(tmp_path):
    return tmp_path / "queries"


def make_source(kind, running, **options):
    return clients.make_source(KINDS[kind][0], running, **options)


def search(kind, running, queries, query="calcinosis", *, known=None, progress=None, source=None, **data):
    strategy = clients.make_strategy(kind, query, **data)
    return run_search(source or make_source(kind, running), strategy, queries, known=known, progress=progress)


def test_every_hit_is_retrieved_once(kind, running, queries):
    outcome = search(kind, running, queries)
    assert outcome.hits == outcome.retrieved == outcome.new == 35
    assert (outcome.missing, outcome.findings) == ((), ())
    assert set(outcome.ids) == expected_ids(kind)
    assert len(running.calls) == 4
    for call in running.calls:
        assert "reviewer@example.org" in call.headers["user-agent"]
    runs, findings = read_runs(queries)
    assert (runs, findings, check_payloads(queries, runs)) == ([outcome.run], [], [])
    assert read_ids(queries, outcome.run) == sorted(outcome.ids, key=lambda item: (len(item), item))
    assert outcome.run.lane == ("register" if kind == "clinicaltrials-gov" else "database")


def test_the_review_reads_the_records_back(kind, running, tmp_path, queries):
    outcome = search(kind, running, queries)
    (tmp_path / "protocol.yaml").write_text("format: 1\ntitle: A made-up review\n")
    review = open_review(Layout(tmp_path))
    assert {entry.record.id for entry in review.entries} == set(outcome.ids)
    assert {entry.source for entry in review.entries} == {kind}
    assert len(review.entries) == 35
    assert all(entry.record.title and entry.record.abstract and entry.record.year for entry in review.entries)


def test_a_dry_run_counts_and_stores_nothing(kind, running, queries):
    outcome = count_hits(make_source(kind, running), clients.make_strategy(kind))
    assert (outcome.hits, outcome.run) == (35, None)
    assert "calcinosis" in outcome.translation
    assert len(running.calls) == 1
    assert not queries.exists()


def test_nothing_found_is_said(kind, running, queries):
    outcome = search(kind, running, queries, "nothing")
    assert (outcome.hits, outcome.retrieved) == (0, 0)
    assert codes(outcome.findings) == ["RUN-040"]
    assert len(running.calls) == 1
    assert codes(count_hits(make_source(kind, running), clients.make_strategy(kind, "nothing")).findings) == ["RUN-040"]


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_no_fault_loses_or_doubles_a_record(kind, running, queries, fault):
    running.plan = {1: fault, 3: fault, 4: fault}
    outcome = search(kind, running, queries)
    assert outcome.hits == outcome.retrieved == 35
    assert set(outcome.ids) == expected_ids(kind)
    assert outcome.findings == ()
    # Crossref's cursor moves on with an answer that was lost, so its list is fetched once more.
    assert outcome.run.details["requests"] == {"sent": 10 if kind == "crossref" else 7, "repeated": 3}
    assert len(list((queries / "runs" / outcome.run.id).glob("page-*"))) == 4


@pytest.mark.parametrize("fault", ["503", "html", "empty", "hang-up"])
def test_a_dead_service_is_given_up_and_is_no_zero(kind, running, queries, fault):
    running.plan = fault
    told = []
    with pytest.raises(SourceUnavailable, match="given up after 7 tries") as raised:
        search(kind, running, queries, source=make_source(kind, running, told=told))
    assert raised.value.exit_code == 3
    assert len(running.calls) == 7
    assert len(told) == 6
    (run,) = read_runs(queries)[0]
    assert (run.details["status"], run.hits) == ("unfinished", None)


class Killed(BaseException):
    pass


def test_a_search_killed_three_times_goes_on_where_it_stopped(kind, running, queries):
    def kill(page):
        raise Killed

    for _ in range(3):
        with pytest.raises(Killed):
            search(kind, running, queries, progress=kill)
    outcome = search(kind, running, queries)
    assert outcome.resumed
    assert set(outcome.ids) == expected_ids(kind)
    assert outcome.retrieved == 35
    assert len(running.calls) == 4
    assert len(read_runs(queries)[0]) == 1


def test_a_damaged_page_is_fetched_anew_with_those_behind_it(kind, running, queries):
    source = make_source(kind, running)
    stop = iter([False, False, True])

    def kill(page):
        if next(stop):
            raise Killed

    with pytest.raises(Killed):
        search(kind, running, queries, progress=kill, source=source)
    (folder,) = (queries / "runs").glob("2*")
    (folder / "page-0002.json.gz").write_bytes(b"no gzip")
    outcome = search(kind, running, queries)
    assert set(outcome.ids) == expected_ids(kind)
    assert outcome.retrieved == 35


def test_a_refresh_fetches_all_and_names_what_was_held(kind, running, queries):
    first = search(kind, running, queries)
    held = frozenset(list(first.ids)[:20]) | {"doi:10.1/gone"}
    again = search(kind, running, queries, known=Known(held, first.run.started))
    assert again.retrieved == 35
    assert set(again.fetched_known) == set(list(first.ids)[:20])
    assert not again.changes_unknown
    assert again.new == 0


def test_lines_are_counted_each(kind, running, queries):
    outcome = search(kind, running, queries, lines=["calcinosis", "nothing", "#1 OR #2"])
    assert [line.hits for line in outcome.lines] == [35, 0, 0]
    assert len(running.calls) == 3
    dry = count_hits(make_source(kind, running), clients.make_strategy(kind, lines=["calcinosis", "#1"]))
    assert [line.hits for line in dry.lines] == [35, 35]


def test_pages_are_kept_as_received(kind, running, queries):
    outcome = search(kind, running, queries)
    import gzip

    path = queries / "runs" / outcome.run.id / "page-0001.json.gz"
    assert isinstance(json.loads(gzip.decompress(path.read_bytes())), dict)
    document = json.loads((queries / "runs" / outcome.run.id / "run.json").read_text())
    assert {item["format"] for item in document["payload"]} == {KINDS[kind][0].record_format}
    assert sum(item["records"] for item in document["payload"]) == 35


def test_a_refresh_tells_new_vanished_and_changed_records(kind, running, queries):
    if kind == "clinicaltrials-gov":
        pytest.skip("its studies do not change")
    strategy = clients.make_strategy(kind)
    search(kind, running, queries)
    works = make_works(36, preprints={3, 30})
    works[4].title = "Another title"
    running.service.works = [work for work in works if work.number != 10]
    name = {
        number: (f"doi:{works[number - 1].doi}" if kind == "crossref" else works[number - 1].record_id)
        for number in (5, 10, 36)
    }
    standing = Standing(included=frozenset({name[5]}))
    found = refresh_strategy(make_source(kind, running), strategy, queries, standing)
    assert (found.new, found.vanished, found.seen) == ((name[36],), (name[10],), 34)
    assert [(change.id, change.fields) for change in found.changes] == [(name[5], ("title",))]
    assert {"RUN-025", "RUN-026"} <= set(codes(found.findings))
