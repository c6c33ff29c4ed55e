"""PubMed against the emulator, without waiting."""

from __future__ import annotations

import os

import pytest

from review.search.execution import run_search
from review.search.http import Patience
from review.search.settings import Settings
from review.search.sources.eutils import Eutils
from review.search.sources.eutils import connect
from review.search.sources.pubmed import PubMed
from review.search.strategy import parse_strategy
from review.search.throttle import Throttle
from tests.emulator import fixtures
from tests.search.scripted import Clock

emulator = fixtures.emulator
large_corpus = fixtures.large_corpus
large_emulator = fixtures.large_emulator

KEY = "f0e1d2c3b4a5968778695a4b3c2d1e0f1234"

#: Time-outs short enough for faults that are slow.
QUICK = Patience(read_seconds=5.0)


def free_throttle():
    """Return a throttle whose seconds pass at once."""
    clock = Clock(1000.0)
    return Throttle("emulator", 0.0, clock=clock, sleep=clock.sleep)


def make_source(running, *, page_size=50, key="", patience=QUICK, told=None):
    """Return PubMed as the emulator plays it; pauses between requests are skipped."""
    settings = Settings(running.url, "reviewer@example.org", key)
    notify = None if told is None else told.append
    transport = connect(settings, patience=patience, notify=notify, sleep=lambda _: None, throttle=free_throttle())
    return PubMed(Eutils(settings, transport), page_size=page_size)


def make_strategy(query="synthetic", **data):
    """Return a strategy for PubMed."""
    content = {"source": "pubmed", **({} if "lines" in data else {"query": query}), **data}
    strategy, findings = parse_strategy(content, "queries/pubmed.yaml")
    assert findings == []
    return strategy


@pytest.fixture(autouse=True)
def _skip_fsync(monkeypatch):
    """Power cuts are not tested; waiting for the disk is most of the time of a test that writes many files."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def search(emulator, tmp_path):
    """Run a strategy against the emulator and store it under tmp_path/queries."""

    def run(query="synthetic", *, source=None, queries=tmp_path / "queries", known=None, progress=None, **data):
        strategy = make_strategy(query, **data)
        return run_search(source or make_source(emulator), strategy, queries, known=known, progress=progress)

    return run


def codes(findings):
    """Return the codes of findings in order."""
    return [finding.code for finding in findings]
