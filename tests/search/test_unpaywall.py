from __future__ import annotations

import pytest

from review.errors import SourceRefused
from review.errors import SourceUnavailable
from review.search.settings import Settings
from review.search.sources.unpaywall import Copy
from review.search.sources.unpaywall import FullText
from review.search.sources.unpaywall import Unpaywall
from review.search.sources.unpaywall import open_unpaywall
from review.search.sources.unpaywall import read_full_text
from tests.services import clients
from tests.services import unpaywall
from tests.services.server import FAULTS
from tests.services.server import Running

OPEN = "10.5555/s0049-0172(05)67889-0"
CLOSED = "10.5555/a:1#<x>?;2-k"


@pytest.fixture
def running():
    with Running(unpaywall.Unpaywall([OPEN], [CLOSED])) as service:
        yield service


def make(running):
    return Unpaywall(*clients.make_transport(running, "Unpaywall"))


def test_a_free_copy(running):
    found = make(running).find(OPEN)
    assert (found.status, len(found.copies)) == ("green", 1)
    assert found.copies[0].pdf.endswith(".pdf")
    assert running.calls[0].params == {"email": "reviewer@example.org"}
    assert found.to_json()["license"] == "cc-by"


def test_a_closed_one_and_an_unknown_one(running):
    service = make(running)
    assert service.find(CLOSED) == FullText(CLOSED, "closed")
    assert service.find("10.5555/none") == FullText("10.5555/none", "")
    assert service.find("10.5555/none").to_json()["url"] is None
    assert len(running.calls) == 3


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_faults_that_pass(running, fault):
    running.plan = {1: fault, 2: fault}
    assert make(running).find(OPEN).status == "green"


def test_a_dead_service_is_no_closed_report(running):
    running.plan = "503"
    with pytest.raises(SourceUnavailable):
        make(running).find(OPEN)


def test_an_address_that_is_not_taken(running):
    settings, transport = clients.make_transport(running)
    service = Unpaywall(Settings(settings.address, "nobody"), transport)
    with pytest.raises(SourceRefused, match="REVIEW_EMAIL"):
        service.find(OPEN)
    assert len(running.calls) == 1


def test_only_addresses_of_the_web_are_shown_each_once():
    place = {
        "url": "https://a.example.org/x",
        "url_for_pdf": "javascript:alert(1)",
        "host_type": "publisher",
        "license": None,
    }
    page = {
        "is_oa": True,
        "oa_status": "gold",
        "best_oa_location": place,
        "oa_locations": [
            place,
            {"url": "file:///etc/passwd"},
            {"url": None, "url_for_pdf": "https://b.example.org/y.pdf"},
            3,
        ],
    }
    assert read_full_text("10.5555/x", page).copies == (
        Copy("https://a.example.org/x", "", "publisher"),
        Copy("https://b.example.org/y.pdf", "https://b.example.org/y.pdf"),
    )


def test_the_service_is_opened_with_its_settings():
    assert open_unpaywall(Settings("https://api.unpaywall.org/v2/", "reviewer@example.org")).settings.email
