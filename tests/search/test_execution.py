from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from review.errors import LockedError
from review.errors import UsageError
from review.search.execution import list_versions
from review.search.file_lock import hold_lock
from review.search.runs import list_run_findings
from review.search.runs import read_runs
from review.search.settings import Settings
from review.search.settings import read_settings
from review.search.sources.eutils import connect
from review.search.sources.registry import SOURCES
from review.search.sources.registry import is_searchable
from review.search.sources.registry import open_source
from review.search.store import create_store
from review.search.store import read_head
from review.search.store import resume_store
from tests.emulator import faults
from tests.emulator.synthesis import article
from tests.search.conftest import KEY
from tests.search.conftest import codes
from tests.search.test_runs import HEAD


def test_what_the_search_found_is_kept_with_the_run(emulator, search, tmp_path):
    emulator.plan = faults.at({1}, "duplicate", tool="efetch")
    outcome = search('synthetic OR "no such phrase"[tiab]')
    queries = tmp_path / "queries"
    kept = list_run_findings(queries, read_runs(queries)[0][0])
    assert codes(kept) == ["QUERY-030", "RUN-006"]
    assert {item.message for item in kept} == {item.message for item in outcome.findings}
    assert str(kept[0].origin).endswith("-pubmed/run.json")


def test_known_items_are_looked_for_by_id_and_by_doi(emulator, search):
    emulator.corpus.add(article(70_000_001, abstract="synthetic", doi="10.5555/Made(1)<2>3.CO;2"))
    items = [str(emulator.corpus.pmids[0]), "10.5555/made(1)<2>3.co;2", "embase:77"]
    assert codes(search(known_items=items).findings) == []
    outcome = search(known_items=["1", "10.5555/nowhere"])
    assert {item.expected for item in outcome.findings} == {"pubmed:1", "doi:10.5555/nowhere"}


def test_a_run_that_another_process_is_at_is_left_alone(emulator, search, tmp_path):
    emulator.plan = faults.always("502")
    with pytest.raises(Exception, match="given up"):
        search()
    emulator.plan = None
    queries = tmp_path / "queries"
    unfinished = read_runs(queries)[0][0]
    with hold_lock(queries / "runs" / f".lock-{unfinished.id}"):
        with pytest.raises(LockedError):
            resume_store(queries, unfinished)
        outcome = search()
    assert not outcome.resumed
    assert outcome.run.id != unfinished.id
    assert codes(read_runs(queries)[1]) == ["RUN-003"]


def test_a_run_finished_by_another_is_not_taken_up(search, tmp_path):
    run = search().run
    assert resume_store(tmp_path / "queries", run) is None


def test_the_head_comes_back_from_disk(tmp_path):
    with create_store(tmp_path, HEAD) as store:
        assert store.run_id == "2026-01-02T030405Z-embase"
    run = read_runs(tmp_path)[0][0]
    assert read_head(run) == HEAD
    with create_store(tmp_path, HEAD) as store:
        assert store.run_id.endswith("-embase-2")


def test_folders_left_without_a_name_are_swept_when_old(tmp_path):
    import os

    for name, age in (("old", 7200), ("young", 60)):
        folder = tmp_path / "runs" / f".new-{name}"
        folder.mkdir(parents=True)
        os.utime(folder, (time.time() - age, time.time() - age))
    create_store(tmp_path, HEAD).close()
    assert [path.name for path in (tmp_path / "runs").glob(".new-*")] == [".new-young"]
    assert len(read_runs(tmp_path)[0]) == 1


def test_versions_name_the_tool_and_the_libraries():
    assert {"review", "python", "biopython", "requests", "lxml"} <= set(list_versions())


ENVIRONMENT = {"REVIEW_EMAIL": "reviewer@example.org"}


def test_settings_come_from_the_environment_and_the_protocol(tmp_path):
    environment = {
        **ENVIRONMENT,
        "REVIEW_EUTILS_URL": "http://127.0.0.1:81/e",
        "NCBI_API_KEY": f" {KEY} ",
        "HOME": str(tmp_path),
    }
    settings = read_settings(environment, "pubmed")
    assert (settings.address, settings.host, settings.api_key) == ("http://127.0.0.1:81/e/", "127.0.0.1:81", KEY)
    assert settings.cache_dir == tmp_path / ".cache" / "review-toolkit"
    assert KEY not in repr(settings)
    plain = read_settings({"HOME": str(tmp_path)}, "pubmed", "author@example.org")
    assert plain.address == "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
    assert (plain.email, plain.api_key) == ("author@example.org", "")


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "REVIEW_EMAIL"),
        ({"REVIEW_EMAIL": "nobody"}, "REVIEW_EMAIL"),
        ({**ENVIRONMENT, "REVIEW_EUTILS_URL": "ftp://x"}, "REVIEW_EUTILS_URL"),
        ({**ENVIRONMENT, "NCBI_API_KEY": "schlüssel"}, "NCBI_API_KEY"),
    ],
)
def test_settings_that_cannot_be_are_refused_and_not_repeated(environment, words):
    with pytest.raises(UsageError, match=words) as caught:
        read_settings(environment, "pubmed")
    assert "schlüssel" not in str(caught.value)


def test_a_home_that_cannot_be_written_is_replaced(tmp_path):
    (tmp_path / ".cache").write_text("a file")
    settings = read_settings({**ENVIRONMENT, "HOME": str(tmp_path), "USER": "some/one"}, "pubmed")
    assert settings.cache_dir.name == "review-toolkit-someone"


def test_sources_are_opened_by_name():
    assert is_searchable("pubmed")
    assert not is_searchable("embase")
    source = open_source("pubmed", ENVIRONMENT)
    assert (source.name, source.lane) == ("pubmed", "database")
    with pytest.raises(UsageError, match="review import"):
        open_source("embase", ENVIRONMENT)
    for name in SOURCES:
        assert open_source(name, {**ENVIRONMENT}).name == name


_PROCESS = """
import sys
from pathlib import Path
from review.search.execution import run_search
from review.search.settings import Settings
from review.search.sources.eutils import Eutils, connect
from review.search.sources.pubmed import PubMed
from review.search.strategy import parse_strategy
settings = Settings(sys.argv[1], "reviewer@example.org", cache_dir=Path(sys.argv[2]))
strategy, _ = parse_strategy({"source": "pubmed", "query": "synthetic"})
source = PubMed(Eutils(settings, connect(settings)), page_size=100)
print(run_search(source, strategy, Path(sys.argv[3])).retrieved)
"""


def test_two_processes_keep_to_three_requests_a_second(emulator, tmp_path):
    emulator.enforces_rate = True
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _PROCESS, emulator.url, str(tmp_path / "cache"), str(tmp_path / "queries")],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in running] == ["300", "300"]
    starts = sorted(call.started for call in emulator.calls)
    assert len(starts) == 8
    assert all(later - earlier > 0.9 for earlier, later in zip(starts, starts[3:], strict=False))
    assert 429 not in emulator.statuses


def test_the_spacing_follows_the_key(emulator, tmp_path):
    for key, interval in (("", 0.37), (KEY, 0.11)):
        transport = connect(Settings(emulator.url, "reviewer@example.org", key, cache_dir=tmp_path))
        assert transport._throttle.interval_seconds == interval
        assert transport._throttle.is_shared
