"""Citation searching at three services, from links to the records that a review reads back."""

from __future__ import annotations

import os

import pytest

from review.errors import SourceRefused
from review.errors import SourceUnavailable
from review.errors import UsageError
from review.search.citations import DIRECTIONS
from review.search.citations import Seed
from review.search.citations import list_seeds
from review.search.citations import open_chaser
from review.search.citations import run_citations
from review.search.citations import write_question
from review.search.citations_europepmc import EuropePmcCitations
from review.search.citations_openalex import OpenAlexCitations
from review.search.citations_pubmed import PubMedCitations
from review.search.citations_pubmed import check_links
from review.search.citations_pubmed import parse_links
from review.search.http import Answer
from review.search.http import Retry
from review.search.runs import read_runs
from review.search.settings import Settings
from review.search.sources.europepmc import EuropePmc
from review.search.sources.eutils import Eutils
from review.search.sources.eutils import connect
from review.search.sources.openalex import OpenAlex
from review.workspace import Layout
from review.workspace import open_review
from tests.emulator import faults
from tests.emulator import fixtures
from tests.search.conftest import codes
from tests.search.conftest import free_throttle
from tests.services import clients
from tests.services import europepmc
from tests.services import openalex
from tests.services.server import FAULTS
from tests.services.server import Running
from tests.services.works import make_works

emulator = fixtures.emulator

LOOSE = [
    {"title": "A made-up chapter", "authorString": "Old A.", "pubYear": 1971, "match": "N"},
    {"doi": "10.5555/loose.2", "pubYear": 1980},
    {"unstructuredInformation": "Personal communication, 1969", "match": "N"},
]


@pytest.fixture(autouse=True)
def _skip_fsync(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def works():
    """Thirty works, each citing the one before; 5 and 20 are cited by 25, and 5 cites a preprint."""
    made = make_works(30, preprints={3})
    made[24].cites += [5, 20]
    made[4].cites += [3]
    return made


def seeds_of(works, *numbers):
    return [Seed(works[n - 1].record_id, pmid=works[n - 1].pmid, doi=works[n - 1].doi) for n in numbers]


def make_europepmc(running, **options):
    return EuropePmcCitations(clients.make_service(EuropePmc, running, page_size=1000), **options)


def make_openalex(running, **options):
    return OpenAlexCitations(clients.make_service(OpenAlex, running, page_size=2, **options))


MAKERS = {"europepmc": make_europepmc, "openalex": make_openalex}
SERVICES = {"europepmc": europepmc.EuropePmc, "openalex": openalex.OpenAlex}


@pytest.fixture(params=sorted(MAKERS))
def kind(request):
    return request.param


@pytest.fixture
def running(kind, works):
    with Running(SERVICES[kind](works)) as service:
        yield service


def chase(kind, running, tmp_path, seeds, directions=DIRECTIONS, **options):
    return run_citations(MAKERS[kind](running), seeds, directions, tmp_path / "queries", **options)


def test_both_directions_give_each_linked_work_once(kind, running, works, tmp_path):
    outcome = chase(kind, running, tmp_path, seeds_of(works, 5, 20), held={works[3].record_id})
    # 5 is cited by 6 and 25 and cites 4 and 3; 20 is cited by 21 and 25 and cites 19.
    assert set(outcome.ids) == {works[n - 1].record_id for n in (3, 4, 6, 19, 21, 25)}
    assert (outcome.hits, outcome.retrieved, outcome.new) == (6, 6, 5)
    assert [(line.query, line.hits) for line in outcome.lines] == [
        ("forward from pubmed:30000005", 2),
        ("forward from pubmed:30000020", 2),
        ("backward from pubmed:30000005", 2),
        ("backward from pubmed:30000020", 1),
    ]
    assert outcome.findings == ()


def test_the_review_reads_them_as_citation_searching(kind, running, works, tmp_path):
    outcome = chase(kind, running, tmp_path, seeds_of(works, 5))
    (tmp_path / "protocol.yaml").write_text("format: 1\ntitle: A made-up review\n")
    review = open_review(Layout(tmp_path))
    assert {entry.record.id for entry in review.entries} == set(outcome.ids)
    assert {(entry.lane, entry.source) for entry in review.entries} == {("citation", f"{kind}-citations")}
    (loaded,) = review.runs
    assert (loaded.run.kind, loaded.run.lane) == ("citation", "citation")
    assert loaded.run.strategy.splitlines()[1:] == ["pubmed:30000005"]
    assert all(entry.record.abstract for entry in review.entries)


@pytest.mark.parametrize(("direction", "numbers"), [("forward", (6, 25)), ("backward", (4, 3))])
def test_one_direction_alone(kind, running, works, tmp_path, direction, numbers):
    outcome = chase(kind, running, tmp_path, seeds_of(works, 5), [direction])
    assert set(outcome.ids) == {works[n - 1].record_id for n in numbers}


def test_reports_without_pubmed_id_are_found_by_doi(kind, running, works, tmp_path):
    outcome = chase(kind, running, tmp_path, [Seed(works[4].record_id, doi=works[4].doi)], ["backward"])
    assert set(outcome.ids) == {works[3].record_id, works[2].record_id}


def test_unknown_reports_and_empty_lists_are_told(kind, running, works, tmp_path):
    unknown = [Seed("doi:10.5555/none", doi="10.5555/none"), Seed("import:1")]
    outcome = chase(kind, running, tmp_path, [*seeds_of(works, 30), *unknown])
    assert set(outcome.ids) == {works[28].record_id}
    assert codes(outcome.findings) == ["RUN-050", "RUN-051"]
    assert set(outcome.findings[0].ids) == {"doi:10.5555/none", "import:1"}
    assert "no citing works of 1 included report: pubmed:30000030" in outcome.findings[1].message


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_no_fault_loses_a_link(kind, running, works, tmp_path, fault):
    running.plan = dict.fromkeys((1, 3, 5, 7), fault)
    outcome = chase(kind, running, tmp_path, seeds_of(works, 5, 20))
    assert set(outcome.ids) == {works[n - 1].record_id for n in (3, 4, 6, 19, 21, 25)}
    assert outcome.findings == ()


def test_a_dead_service_is_given_up(kind, running, works, tmp_path):
    running.plan = "503"
    with pytest.raises(SourceUnavailable):
        chase(kind, running, tmp_path, seeds_of(works, 5))
    (run,) = read_runs(tmp_path / "queries")[0]
    assert (run.details["status"], run.hits) == ("unfinished", None)


def test_an_interrupted_run_asks_nothing_twice(kind, running, works, tmp_path):
    class Killed(BaseException):
        pass

    def kill(page):
        raise Killed

    with pytest.raises(Killed):
        chase(kind, running, tmp_path, seeds_of(works, 5, 20), progress=kill)
    outcome = chase(kind, running, tmp_path, seeds_of(works, 5, 20))
    assert outcome.resumed
    assert outcome.retrieved == 6
    asked = [(call.path, tuple(sorted(call.params.items()))) for call in running.calls]
    assert len(asked) == len(set(asked))
    other = chase(kind, running, tmp_path, seeds_of(works, 5))
    assert not other.resumed
    assert len(read_runs(tmp_path / "queries")[0]) == 2
    document = outcome.run.details["payload"]
    assert "unknown" not in {item.format for item in document}


@pytest.mark.parametrize("answer", ["none", "404", "200"])
def test_a_report_that_europe_pmc_does_not_have(works, tmp_path, answer):
    with Running(europepmc.EuropePmc(works)) as running:
        running.service.unknown = answer
        seeds = [*seeds_of(works, 5), *pubmed_seeds(99999999)]
        outcome = run_citations(make_europepmc(running), seeds, ["backward"], tmp_path / "queries")
    assert outcome.retrieved == 2
    assert [(item.code, item.ids) for item in outcome.findings] == [("RUN-050", ("pubmed:99999999",))]


def test_links_of_a_report_that_the_search_does_not_find(works, tmp_path):
    with Running(europepmc.EuropePmc(works)) as running:
        running.service.unsearchable = {5}
        outcome = run_citations(make_europepmc(running), seeds_of(works, 5), ["backward"], tmp_path / "queries")
    assert outcome.retrieved == 2
    assert outcome.findings == ()


def test_loose_references_of_europe_pmc_are_records_too(works, tmp_path):
    with Running(europepmc.EuropePmc(works)) as running:
        running.service.loose = {"30000005": LOOSE}
        outcome = run_citations(
            make_europepmc(running, page_size=2), seeds_of(works, 5), ["backward"], tmp_path / "queries"
        )
        again = run_citations(make_europepmc(running), seeds_of(works, 5), ["backward"], tmp_path / "again")
    assert outcome.ids == again.ids
    assert len(outcome.ids) == 4
    assert (outcome.hits, outcome.retrieved) == (4, 4)
    assert "doi:10.5555/loose.2" in outcome.ids
    assert codes(outcome.findings) == ["RUN-052"]
    (tmp_path / "protocol.yaml").write_text("format: 1\ntitle: A made-up review\n")
    review = open_review(Layout(tmp_path))
    assert {entry.record.id for entry in review.entries} == set(outcome.ids)


def test_linked_records_that_do_not_come_are_named(works, tmp_path):
    with Running(europepmc.EuropePmc(works)) as running:
        running.service.hidden = {4}
        outcome = run_citations(make_europepmc(running), seeds_of(works, 5), ["backward"], tmp_path / "queries")
    assert (outcome.hits, outcome.retrieved) == (2, 1)
    assert [hit.id for hit in outcome.missing] == ["MED/30000004"]
    assert "RUN-053" in codes(outcome.findings)


def test_the_day_s_money_of_openalex_ends_the_run(works, tmp_path):
    with Running(openalex.OpenAlex(works)) as running:
        running.service.money = 2
        with pytest.raises(SourceRefused, match="allowance is used up"):
            run_citations(make_openalex(running), seeds_of(works, 5, 20), DIRECTIONS, tmp_path / "queries")
        assert len(running.calls) == 3
        running.service.money = None
        outcome = run_citations(make_openalex(running), seeds_of(works, 5, 20), DIRECTIONS, tmp_path / "queries")
    assert outcome.resumed
    assert outcome.retrieved == 6


def test_many_references_are_fetched_in_parts(works, tmp_path):
    many = make_works(140)
    many[139].cites = list(range(1, 140))
    for kind, make in MAKERS.items():
        with Running(SERVICES[kind](many)) as running:
            outcome = run_citations(make(running), seeds_of(many, 140), ["backward"], tmp_path / kind)
            assert outcome.retrieved == len(set(outcome.ids)) == 139


def test_the_question_is_the_strategy(works):
    text = write_question(seeds_of(works, 5, 20), ["backward", "forward"])
    assert text.splitlines() == [
        "Citation searching: works that cite and works cited by these 2 included reports",
        "pubmed:30000005",
        "pubmed:30000020",
    ]
    assert list_seeds([]) == []


def test_there_is_no_other_service():
    with pytest.raises(UsageError, match="openalex"):
        open_chaser("scopus", {"REVIEW_EMAIL": "reviewer@example.org"})
    opened = [
        open_chaser(name, {"REVIEW_EMAIL": "reviewer@example.org"}) for name in ("europepmc", "openalex", "pubmed")
    ]
    assert [item.name for item in opened] == ["europepmc-citations", "openalex-citations", "pubmed-citations"]


def make_pubmed(running, key=""):
    settings = Settings(running.url, "reviewer@example.org", key)
    return PubMedCitations(
        Eutils(settings, connect(settings, sleep=lambda _: None, throttle=free_throttle())), page_size=3
    )


def pubmed_seeds(*pmids):
    return [Seed(f"pubmed:{pmid}", pmid=str(pmid)) for pmid in pmids]


@pytest.fixture
def linked(emulator):
    """Two records with links that the service knows."""
    pmids = emulator.corpus.pmids[:8]
    emulator.service.links.extra = {
        "pubmed_pubmed_citedin": {pmids[0]: [pmids[2], pmids[3]], pmids[1]: [pmids[3], pmids[4]]},
        "pubmed_pubmed_refs": {pmids[0]: [pmids[5]], pmids[1]: []},
    }
    return pmids


def test_pubmed_s_links(emulator, linked, tmp_path):
    seeds = [*pubmed_seeds(*linked[:2]), *pubmed_seeds(99999999), Seed("doi:10.5555/x", doi="10.5555/x")]
    outcome = run_citations(make_pubmed(emulator, "0123456789abcdef"), seeds, DIRECTIONS, tmp_path / "queries")
    assert {f"pubmed:{linked[n]}" for n in (2, 3, 4, 5)} <= set(outcome.ids)
    assert outcome.hits == outcome.retrieved == len(outcome.ids)
    assert "RUN-050" in codes(outcome.findings)
    (unknown,) = [item for item in outcome.findings if item.code == "RUN-050"]
    assert set(unknown.ids) == {"pubmed:99999999", "doi:10.5555/x"}
    asked = [call for call in emulator.calls if call.tool == "elink"]
    assert len(asked) == 2
    assert all(call.method == "POST" and len(call.lists["id"]) == 3 for call in asked)
    assert {call.params["tool"] for call in asked} == {"review-toolkit"}
    (tmp_path / "protocol.yaml").write_text("format: 1\ntitle: A made-up review\n")
    assert {entry.record.id for entry in open_review(Layout(tmp_path)).entries} == set(outcome.ids)


def test_pubmed_s_links_under_a_rough_plan(emulator, linked, tmp_path):
    calm = run_citations(make_pubmed(emulator), pubmed_seeds(*linked[:2]), DIRECTIONS, tmp_path / "calm")
    emulator.plan = faults.every(
        2, ["503", "empty", "truncated"] if "truncated" in faults.CATALOGUE else ["503", "empty"]
    )
    rough = run_citations(make_pubmed(emulator), pubmed_seeds(*linked[:2]), DIRECTIONS, tmp_path / "rough")
    assert set(rough.ids) == set(calm.ids)


def test_an_interrupted_run_of_pubmed_goes_on(emulator, linked, tmp_path):
    class Killed(BaseException):
        pass

    def kill(page):
        raise Killed

    with pytest.raises(Killed):
        run_citations(make_pubmed(emulator), pubmed_seeds(*linked[:2]), DIRECTIONS, tmp_path / "queries", progress=kill)
    outcome = run_citations(make_pubmed(emulator), pubmed_seeds(*linked[:2]), DIRECTIONS, tmp_path / "queries")
    assert outcome.resumed
    assert outcome.retrieved == outcome.hits
    assert len([call for call in emulator.calls if call.tool == "elink"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        b'{"header":{"type":"elink","version":"0.3"},"linksets":[],"ERROR":"NCBI C++ Exception:\n    Error: TXCLIENT"}',
        b'{"error":"API rate limit exceeded","count":"11"}',
        b"",
        b'<?xml version="1.0"?>',
        b"<eLinkResult></eLinkResult>",
        b"<html><body>busy</body></html>",
    ],
)
def test_answers_that_are_no_links(body):
    with pytest.raises(Retry):
        check_links(Answer(200, {}, body))


def test_a_refused_key_is_final():
    with pytest.raises(SourceRefused, match="API key"):
        check_links(Answer(400, {}, b'{"error":"API key invalid","api-key":"0123","type":"invalid"}'))


def test_links_with_scores_and_without():
    body = (
        b'{"linksets":[{"ids":["1"],"linksetdbs":[{"linkname":"pubmed_pubmed_refs","links":["2",{"id":"3","score":""},"1"]},'
        b'{"linkname":"other","links":["9"]}]},{"ids":["4"]}]}'
    )
    assert parse_links(body, "pubmed_pubmed_refs") == {"1": ("2", "3"), "4": ()}
