"""`review links`, as a function: what it asks, prints and says of failures."""

from __future__ import annotations

import functools
import json

import pytest
import typer

import review.search.sources.unpaywall
from review.cli import links
from review.errors import UsageError
from review.search.sources.connection import connect
from tests.search.conftest import free_throttle
from tests.services import unpaywall
from tests.services.server import Running


@pytest.fixture
def running(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("REVIEW_EMAIL", "reviewer@example.org")
    quick = functools.partial(connect, sleep=lambda _: None, throttle=free_throttle())
    monkeypatch.setattr(review.search.sources.unpaywall, "connect", quick)
    with Running(unpaywall.Unpaywall(["10.5555/adams.2010"])) as service:
        monkeypatch.setenv("REVIEW_UNPAYWALL_URL", service.url)
        yield service


def test_links_of_the_included_reports(running, made, capsys):
    links.run(stage="included", project=made.root, as_json=True)
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(rows) == {"doi:10.5555/adams.2010", "doi:10.5555/baker.2012"}
    assert rows["doi:10.5555/adams.2010"]["status"] == "green"
    assert (rows["doi:10.5555/baker.2012"]["known"], rows["doi:10.5555/baker.2012"]["url"]) == (False, None)


def test_as_text(running, made, capsys):
    links.run(stage="sought", project=made.root)
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("green    doi:10.5555/adams.2010  https://") for line in lines)
    assert any(line.startswith("unknown  doi:10.5555/baker.2012  no free copy known") for line in lines)


def test_a_dead_service_is_exit_code_3_and_nothing_is_called_closed(running, made, capsys):
    running.plan = "503"
    with pytest.raises(typer.Exit) as ended:
        links.run(stage="included", project=made.root, as_json=True, quiet=True)
    assert ended.value.exit_code == 3
    assert {row["known"] for row in json.loads(capsys.readouterr().out)} == {None}
    assert len(running.calls) == 7


def test_there_is_no_other_stage(running, made):
    with pytest.raises(UsageError, match="no stage 'all'"):
        links.run(stage="all", project=made.root)
