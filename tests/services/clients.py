"""Clients of the loopback services that do not wait, and strategies for them."""

from __future__ import annotations

from review.search.http import Patience
from review.search.settings import Settings
from review.search.sources.connection import connect
from review.search.sources.paged import PagedSource
from review.search.strategy import parse_strategy
from tests.search.conftest import free_throttle

#: Time-outs short enough for faults that are slow.
QUICK = Patience(read_seconds=5.0)


def make_transport(running, title="Service", *, key="", told=None, patience=QUICK):
    """Return settings for a running service, and a transport to it."""
    settings = Settings(running.url, "reviewer@example.org", key)
    notify = None if told is None else told.append
    transport = connect(
        title, settings, 0.0, patience=patience, notify=notify, sleep=lambda _: None, throttle=free_throttle()
    )
    return settings, transport


def make_service(kind, running, *, page_size=10, **options):
    """Return the client of a kind of service for a running one."""
    settings, transport = make_transport(running, kind.title, **options)
    return kind(settings, transport, page_size=page_size)


def make_source(kind, running, **options):
    """Return the source of a kind of service for a running one."""
    return PagedSource(make_service(kind, running, **options))


def make_strategy(source, query="calcinosis", **data):
    """Return a strategy for a source."""
    content = {"source": source, **({} if "lines" in data else {"query": query}), **data}
    strategy, findings = parse_strategy(content, f"queries/{source}.yaml")
    assert findings == []
    return strategy
