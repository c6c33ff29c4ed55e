"""`review cite` as a user calls it, against loopback services."""

from __future__ import annotations

import functools
import os

import pytest

import review.search.citations_pubmed
import review.search.sources.europepmc
import review.search.sources.openalex
from review.search.sources.connection import connect
from review.workspace import Layout
from review.workspace import open_review
from tests.emulator import fixtures
from tests.search.conftest import free_throttle
from tests.services import europepmc
from tests.services import openalex
from tests.services.server import Running
from tests.services.works import make_works

emulator = fixtures.emulator


@pytest.fixture(autouse=True)
def _quick(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("REVIEW_EMAIL", "reviewer@example.org")
    monkeypatch.delenv("OPENALEX_API_KEY", raising=False)
    free = {"sleep": lambda _: None, "throttle": free_throttle()}
    for module in (review.search.sources.europepmc, review.search.sources.openalex):
        monkeypatch.setattr(module, "connect", functools.partial(connect, **free))
    eutils = functools.partial(review.search.citations_pubmed.connect, **free)
    monkeypatch.setattr(review.search.citations_pubmed, "connect", eutils)


@pytest.fixture
def works(made):
    """Works of which two are the reports that the made-up review includes."""
    works = make_works(12)
    for number, report in zip((5, 9), sorted(made.open().progress.included), strict=True):
        works[number - 1].own_doi = report.removeprefix("doi:")
    return works


@pytest.fixture
def services(works, monkeypatch, emulator):
    with Running(europepmc.EuropePmc(works)) as first, Running(openalex.OpenAlex(works)) as second:
        monkeypatch.setenv("REVIEW_EUROPEPMC_URL", first.url)
        monkeypatch.setenv("REVIEW_OPENALEX_URL", second.url)
        yield {"europepmc": first, "openalex": second}


def test_all_services_in_both_directions(services, review_command, made):
    called = review_command("cite", "--json")
    assert called.code == 0
    assert called.json["directions"] == ["forward", "backward"]
    assert len(called.json["seeds"]) == 2
    runs = {item["source"]: item for item in called.json["runs"]}
    assert set(runs) == {"europepmc-citations", "openalex-citations", "pubmed-citations"}
    for name in ("europepmc-citations", "openalex-citations"):
        assert (runs[name]["hits"], runs[name]["retrieved"], runs[name]["new"], runs[name]["missing"]) == (4, 4, 4, [])
    # The two reports have no PubMed id.
    assert runs["pubmed-citations"]["hits"] == 0
    assert [item["code"] for item in runs["pubmed-citations"]["findings"]] == ["RUN-050"]
    opened = open_review(Layout(made.root))
    assert {entry.lane for entry in opened.entries if entry.source.endswith("-citations")} == {"citation"}
    assert len(opened.progress.included) == 2


def test_text_and_one_direction(services, review_command):
    called = review_command("cite", "--backward", "--service", "openalex")
    assert called.code == 0
    assert "openalex-citations: 2 linked records, 2 retrieved, 2 new" in called.out
    assert "backward from doi:10.5555/" in called.out
    assert "forward" not in called.out
    assert len(services["europepmc"].calls) == 0


def test_a_dead_service_is_exit_code_3_and_the_others_go_on(services, review_command):
    services["europepmc"].plan = "503"
    called = review_command("cite", "--forward", "--json")
    assert called.code == 3
    runs = {item["source"]: item for item in called.json["runs"]}
    assert (runs["europepmc-citations"]["hits"], runs["europepmc-citations"]["run"]) == (None, None)
    assert "given up after 7 tries" in runs["europepmc-citations"]["error"]
    assert runs["openalex-citations"]["hits"] == 2
    assert "try 2 of 7" in called.err


def test_nothing_included_and_no_such_service(services, review_command, made):
    assert review_command("cite", "--service", "scopus").code == 2
    for path in (made.root / "extraction" / "screening").glob("*.csv"):
        path.unlink()
    called = review_command("cite")
    assert called.code == 2
    assert "no report is included" in called.err


def test_help(review_command):
    called = review_command("cite", "--help")
    assert called.code == 0
    assert "Example: review cite" in called.out
