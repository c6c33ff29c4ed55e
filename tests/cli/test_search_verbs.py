"""`review search` and `review refresh` as a user calls them, against the emulator."""

from __future__ import annotations

import functools
import json
import sys

import pytest

import review.search.sources.pubmed
from review.cli.main import main
from tests.emulator import faults
from tests.emulator import fixtures
from tests.emulator.synthesis import article
from tests.search.conftest import free_throttle

emulator = fixtures.emulator

PROTOCOL = """\
format: 1
title: A made-up review
question: Who, what, compared with what?
contact: reviewer@example.org
eligibility:
  population: Patients
screening:
  screeners: 1
reasons:
  - {code: wrong-population, label: Other population}
outcomes:
  response: {label: Response, response: In words}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A review with one strategy, in which nobody waits between requests."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("REVIEW_EMAIL", raising=False)
    connect = functools.partial(review.search.sources.pubmed.connect, sleep=lambda _: None, throttle=free_throttle())
    monkeypatch.setattr(review.search.sources.pubmed, "connect", connect)
    root = tmp_path / "review"
    (root / "queries").mkdir(parents=True)
    (root / "protocol.yaml").write_text(PROTOCOL)
    (root / "queries" / "pubmed.yaml").write_text("source: pubmed\nquery: synthetic\n")
    (root / "queries" / "embase.yaml").write_text("source: embase\nquery: exp asthma/\n")
    return root


@pytest.fixture
def call(folder, monkeypatch, capsys):
    """Run the command in the folder; gives its exit code, stdout and stderr."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["review", *words, "--project", str(folder)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return run


def test_a_dry_run_shows_hits_and_reading_and_stores_nothing(emulator, folder, call):
    code, out, err = call("search", "--dry-run")
    assert code == 0
    assert "pubmed: 300 hits" in out
    assert 'read as: "synthetic"[All Fields]' in out
    assert "embase" in err
    assert not (folder / "queries" / "runs").exists()
    assert {tuple(sorted(call.params)) for call in emulator.calls} == {
        ("db", "email", "retmax", "retmode", "term", "tool", "usehistory")
    }


def test_a_search_prints_what_is_promised(emulator, folder, call):
    code, out, _ = call("search", "pubmed", "--json")
    assert code == 0
    (entry,) = json.loads(out)["runs"]
    assert entry["source"] == "pubmed"
    assert (entry["hits"], entry["retrieved"], entry["new"], entry["missing"]) == (300, 300, 300, [])
    assert entry["translation"] == '"synthetic"[All Fields]'
    assert entry["findings"] == []
    assert (folder / "queries" / "runs" / entry["run"] / "run.json").is_file()


def test_a_dead_service_is_exit_code_3_and_no_zero(emulator, call):
    emulator.plan = faults.always("502")
    code, out, err = call("search", "pubmed", "--json")
    assert code == 3
    (entry,) = json.loads(out)["runs"]
    assert (entry["hits"], entry["run"]) == (None, None)
    assert "given up after 7 tries" in entry["error"]
    assert "try 2 of 7" in err


def test_a_refused_key_is_exit_code_3_at_once(emulator, call, monkeypatch):
    monkeypatch.setenv("NCBI_API_KEY", "f0e1d2c3b4a5")
    emulator.keys = {"another"}
    code, out, err = call("search", "pubmed")
    assert code == 3
    assert "NCBI_API_KEY" in err
    assert "f0e1d2c3b4a5" not in out + err
    assert len(emulator.calls) == 1


def test_a_trap_in_the_query_is_exit_code_1(emulator, folder, call):
    (folder / "queries" / "pubmed.yaml").write_text("source: pubmed\nquery: synthetic AND asthma[foo]\n")
    code, _, err = call("search", "pubmed", "--dry-run")
    assert code == 1
    assert "queries/pubmed.yaml:2: QUERY-014 error" in err
    assert len(emulator.calls) == 1


def test_a_query_that_is_none_is_not_sent(emulator, folder, call):
    (folder / "queries" / "pubmed.yaml").write_text("source: pubmed\nquery: (synthetic\n")
    code, out, _ = call("search", "pubmed")
    assert code == 1
    assert "not sent" in out
    assert emulator.calls == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("search", "scopus"), "no strategy"),
        (("search", "embase"), "review import"),
        (("refresh", "embase"), "review import"),
    ],
)
def test_a_source_that_cannot_be_searched_is_bad_usage(call, words, told):
    code, _, err = call(*words)
    assert code == 2
    assert told in err


def test_without_an_address_to_write_to_nothing_is_sent(emulator, folder, call):
    (folder / "protocol.yaml").write_text(PROTOCOL.replace("contact: reviewer@example.org\n", ""))
    code, _, err = call("search", "pubmed")
    assert code == 2
    assert "REVIEW_EMAIL" in err
    assert emulator.calls == []


def test_a_refresh_tells_new_vanished_and_retracted(emulator, folder, call):
    assert call("search", "pubmed")[0] == 0
    kept, gone = emulator.corpus.pmids[:2]
    screening = folder / "extraction" / "screening"
    screening.mkdir(parents=True)
    (screening / "a.csv").write_text(
        "time,stage,record,decision,reason,note\n"
        + "".join(
            f"2026-01-01T00:00:0{number}Z,{stage},pubmed:{kept},include,,\n"
            for number, stage in enumerate(("title-abstract", "retrieval", "full-text"))
        )
    )
    emulator.corpus.add(article(70_000_001, "Quite another thing.", abstract="synthetic", doi=""))
    emulator.corpus.add(article(kept, abstract="synthetic", publication_types=("Retracted Publication",)))
    emulator.corpus.remove(gone)
    code, out, err = call("refresh", "--json")
    report = json.loads(out)
    assert report["new"] == report["new_references"] == ["pubmed:70000001"]
    assert report["vanished"] == [f"pubmed:{gone}"]
    assert (report["runs"][0]["hits"], report["runs"][0]["retrieved"], report["seen"]) == (300, 300, 299)
    assert [item["code"] for item in report["findings"] if item["level"] == "error"] == ["RUN-020"]
    assert code == 1
    assert "RUN-020" in err
    row = f"2026-01-02T00:00:00Z,full-text,pubmed:{kept},include,,retraction concerns another figure\n"
    log = screening / "a.csv"
    log.write_text(log.read_text() + row)
    code, out, _ = call("refresh")
    assert code == 0
    assert "0 new, 300 seen, 0 vanished" in out


def test_a_refresh_of_a_dead_service_is_exit_code_3(emulator, call):
    emulator.plan = faults.always("reset")
    code, out, _ = call("refresh", "--json")
    assert code == 3
    assert json.loads(out)["runs"][0]["hits"] is None
