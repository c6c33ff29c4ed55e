from __future__ import annotations

import json
import logging

import pytest

from review.errors import BadResponse
from review.errors import SourceRefused
from review.errors import SourceUnavailable
from review.model import Record
from review.search.execution import count_hits
from review.search.execution import run_search
from review.search.http import Patience
from review.search.payload import iter_run
from review.search.runs import check_payloads
from review.search.runs import read_ids
from review.search.runs import read_runs
from tests.emulator import faults
from tests.emulator.synthesis import article
from tests.search.conftest import KEY
from tests.search.conftest import codes
from tests.search.conftest import make_source
from tests.search.conftest import make_strategy

#: Faults that end a run by design, and those that only cost time.
FINAL = {"bad-key", "blocked-403", "blocked-200"}
TRANSIENT = sorted(set(faults.CATALOGUE) - FINAL - {"drip"})


def record_ids(queries, run):
    items = list(iter_run(queries, run))
    assert all(isinstance(item, Record) for item in items if not hasattr(item, "code"))
    return [item.id for item in items if isinstance(item, Record)]


def expected(emulator):
    return {f"pubmed:{pmid}" for pmid in emulator.corpus.pmids}


def test_every_hit_is_retrieved_once_and_identity_is_always_sent(emulator, search, tmp_path):
    outcome = search()
    assert outcome.hits == outcome.retrieved == outcome.new == 300
    assert outcome.missing == ()
    assert outcome.findings == ()
    assert outcome.translation == '"synthetic"[All Fields]'
    ids = record_ids(tmp_path / "queries", outcome.run)
    assert len(ids) == 300
    assert set(ids) == expected(emulator)
    assert {call.method for call in emulator.calls} == {"POST"}
    for call in emulator.calls:
        assert (call.params["tool"], call.params["email"]) == ("review-toolkit", "reviewer@example.org")
        assert call.params["retmode"] == "xml"
        assert "api_key" not in call.params
    # One search and a page for each fifty positions, out of the stored result.
    assert [call.tool for call in emulator.calls] == ["esearch", *["efetch"] * 6]
    assert all("WebEnv" in call.params for call in emulator.calls[1:])


def test_the_run_on_disk_is_whole_and_untouched(search, tmp_path):
    outcome = search(notes="a note", known_items=["1"])
    queries = tmp_path / "queries"
    runs, findings = read_runs(queries)
    assert runs == [outcome.run]
    assert findings == []
    assert check_payloads(queries, runs) == []
    folder = queries / "runs" / outcome.run.id
    document = json.loads((folder / "run.json").read_text())
    assert document["status"] == "complete"
    assert document["hits"] == document["retrieved"] == document["ids"]["count"] == 300
    assert document["strategy"]["text"] == "synthetic"
    assert document["requests"] == {"sent": 7, "repeated": 0}
    assert sum(item["records"] for item in document["payload"]) == 300
    assert set(document["versions"]) >= {"review", "python", "biopython", "lxml", "requests"}
    assert sorted(path.name for path in folder.iterdir()) == [
        "ids.txt", *(f"page-000{n}.xml.gz" for n in range(1, 7)), "run.json", "search-0001.xml.gz",
    ]  # fmt: skip
    assert [path.name for path in (queries / "runs").iterdir()] == [outcome.run.id]
    assert read_ids(queries, outcome.run) == sorted(read_ids(queries, outcome.run), key=int)
    assert codes(outcome.findings) == ["QUERY-040"]


@pytest.mark.parametrize("name", TRANSIENT)
def test_no_fault_loses_or_doubles_a_record(emulator, search, tmp_path, name):
    emulator.plan = faults.first_of(faults.at({1}, name, tool="esearch"), faults.at({1, 3}, name, tool="efetch"))
    outcome = search(source=make_source(emulator, page_size=150))
    assert outcome.hits == outcome.retrieved == 300
    assert outcome.missing == ()
    assert set(record_ids(tmp_path / "queries", outcome.run)) == expected(emulator)
    assert len(outcome.ids) == len(set(outcome.ids)) == 300


def test_a_rough_plan_over_everything_loses_nothing(emulator, search, tmp_path):
    emulator.plan = faults.every(2, TRANSIENT)
    outcome = search(source=make_source(emulator, page_size=10))
    assert outcome.hits == outcome.retrieved == 300
    assert set(record_ids(tmp_path / "queries", outcome.run)) == expected(emulator)
    assert outcome.run.details["requests"]["repeated"] > 15


@pytest.mark.parametrize("name", ["short-page", "record-missing"])
def test_what_a_page_lacks_is_asked_for_by_id(emulator, search, name):
    emulator.plan = faults.at({2}, name, tool="efetch")
    outcome = search()
    assert outcome.retrieved == 300
    asked_again = emulator.calls[-1] if emulator.calls[-1].tool == "efetch" else emulator.calls[-2]
    assert len(asked_again.params["id"].split(",")) == 1


def test_a_record_delivered_twice_counts_once_and_is_told(emulator, search):
    emulator.plan = faults.at({2}, "duplicate", tool="efetch")
    outcome = search()
    assert outcome.retrieved == 300
    assert codes(outcome.findings) == ["RUN-006"]
    assert len(outcome.findings[0].ids) == 1


def test_a_record_not_asked_for_is_told_and_not_counted(emulator, search):
    emulator.plan = faults.at({1}, faults.foreign_record(article(99)), tool="efetch")
    outcome = search()
    assert outcome.hits == outcome.retrieved == 300
    assert codes(outcome.findings) == ["RUN-007"]
    assert outcome.run.details["extra"] == ["99"]


def test_hits_that_are_never_delivered_are_named(emulator, search):
    gone, kept_back = emulator.corpus.pmids[10], emulator.corpus.pmids[200]
    emulator.service.undelivered |= {kept_back}

    def forget(call):
        """After the search the record is deleted."""
        if call.tool == "efetch" and gone in emulator.corpus:
            emulator.corpus.remove(gone)

    emulator.plan = forget
    outcome = search()
    assert (outcome.hits, outcome.retrieved) == (300, 298)
    assert {hit.id: hit.reason for hit in outcome.missing} == {
        str(gone): "no record",
        str(kept_back): "not delivered",
    }
    assert codes(outcome.findings) == ["RUN-001", "RUN-002"]
    assert outcome.findings[0].ids == (f"pubmed:{kept_back}",)
    assert outcome.to_json()["missing"] == sorted([str(gone), str(kept_back)], key=int)


def test_where_the_service_cannot_say_why_the_hit_stays_undelivered(emulator, search):
    emulator.service.undelivered |= {emulator.corpus.pmids[7]}
    emulator.plan = faults.always("502", tool="esummary")
    outcome = search()
    assert [hit.reason for hit in outcome.missing] == ["not delivered"]


def test_a_lost_result_is_searched_again_and_compared(emulator, search):
    emulator.plan = faults.at({3}, "lost-history", tool="efetch")
    outcome = search()
    assert outcome.retrieved == 300
    assert codes(outcome.findings) == ["RUN-010"]
    assert emulator.count_calls("esearch") == 2


def test_a_result_lost_again_and_again_is_fetched_by_id(emulator, search):
    emulator.service.history.expire_after = 1
    outcome = search()
    assert outcome.retrieved == 300
    assert set(codes(outcome.findings)) == {"RUN-010"}
    assert any("id" in call.params for call in emulator.calls if call.tool == "efetch")


def test_a_lost_result_that_comes_back_different_keeps_the_first_ids(emulator, search):
    first = set(expected(emulator))

    def plan(call):
        if call.tool == "efetch" and call.nth == 3:
            emulator.corpus.add(article(55_000_000, abstract="synthetic newcomer"))
            return faults.CATALOGUE["lost-history"]
        return None

    emulator.plan = plan
    outcome = search()
    assert {f"pubmed:{item}" for item in outcome.ids} == first
    assert outcome.retrieved == 300
    assert codes(outcome.findings) == ["RUN-008"]
    assert "55000000" in outcome.findings[0].ids


def test_a_zero_is_the_services_answer_and_says_so(emulator, search, tmp_path):
    outcome = search("zzzunknownword")
    assert (outcome.hits, outcome.retrieved) == (0, 0)
    assert "QUERY-034" in codes(outcome.findings)
    assert "QUERY-030" in codes(outcome.findings)
    assert outcome.run.details["status"] == "complete"
    assert record_ids(tmp_path / "queries", outcome.run) == []
    assert emulator.count_calls("efetch") == 0


@pytest.mark.parametrize("name", ["502", "empty", "html-200", "backend-502", "reset", "429-as-200"])
def test_a_dead_service_is_no_zero_and_leaves_the_run_unfinished(emulator, search, tmp_path, name):
    emulator.plan = faults.always(name)
    with pytest.raises(SourceUnavailable, match="given up after 7 tries") as caught:
        search()
    assert caught.value.exit_code == 3
    assert len(emulator.calls) == 7
    runs, findings = read_runs(tmp_path / "queries")
    assert runs[0].hits is None
    assert codes(findings) == ["RUN-003"]


@pytest.mark.parametrize("name", sorted(FINAL))
def test_a_refusal_ends_the_run_at_the_first_call(emulator, search, name):
    emulator.plan = faults.at({4}, name)
    with pytest.raises(SourceRefused, match="NCBI_API_KEY"):
        search()
    assert len(emulator.calls) == 4


def test_a_wrong_key_is_refused_and_shown_nowhere(emulator, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    emulator.keys = {"right"}
    told = []
    emulator.plan = faults.at({1, 2}, "503")
    source = make_source(emulator, key=KEY, told=told)
    with pytest.raises(SourceRefused) as caught:
        run_search(source, make_strategy(), tmp_path)
    assert emulator.calls[-1].params["api_key"] == KEY
    assert KEY not in f"{caught.value!r} {caught.value} {told} {caplog.text} {source.eutils.settings!r}"
    for path in tmp_path.rglob("*"):
        assert KEY.encode() not in (path.read_bytes() if path.is_file() else b"")


def test_a_right_key_is_sent_and_stored_nowhere(emulator, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    emulator.keys = {KEY}
    outcome = run_search(make_source(emulator, key=KEY), make_strategy(), tmp_path)
    assert outcome.retrieved == 300
    assert KEY not in caplog.text
    for path in tmp_path.rglob("*"):
        assert KEY.encode() not in (path.read_bytes() if path.is_file() else b"")


def test_a_long_strategy_fits(emulator, search):
    query = " OR ".join(f"nothing{number}[tiab]" for number in range(900)) + " OR synthetic"
    assert len(query) > emulator.longest_url
    assert search(query).retrieved == 300


def test_lines_are_run_as_such_with_their_hits(emulator, search):
    outcome = search(lines=["asthma[tiab]", "sepsis[tiab]", "#1 OR #2"])
    hits = [line.hits for line in outcome.lines]
    assert [line.query for line in outcome.lines] == ["asthma[tiab]", "sepsis[tiab]", "#1 OR #2"]
    assert hits[2] == outcome.hits == outcome.retrieved
    assert max(hits[:2]) <= hits[2] <= sum(hits[:2])
    assert emulator.calls[2].params["term"] == "(asthma[tiab]) OR (sepsis[tiab])"
    assert outcome.run.strategy == "#1 asthma[tiab]\n#2 sepsis[tiab]\n#3 #1 OR #2"


def test_a_phrase_dropped_in_one_line_is_told_with_the_line(search):
    outcome = search(lines=["zzzunknown[tiab]", "synthetic", "#1 OR #2"])
    assert any(item.message.startswith("line #1: ") for item in outcome.findings if item.code == "QUERY-030")


def test_date_limits_become_part_of_the_query(emulator, search):
    whole = search().hits
    outcome = search(limits={"date": "edat", "from": "2015", "to": "2015/03/31"})
    searches = [call for call in emulator.calls if call.tool == "esearch"]
    assert searches[-1].params["term"] == '(synthetic) AND ("2015"[edat] : "2015/03/31"[edat])'
    assert 0 < outcome.hits < whole
    assert outcome.run.details["limits"] == "edat 2015 to 2015/03/31"
    assert outcome.findings == ()


def test_a_limit_with_one_end_is_completed(emulator, search):
    outcome = search(limits={"date": "edat", "from": "2015/02"})
    assert '"3000"[edat]' in emulator.calls[0].params["term"]
    assert codes(outcome.findings) == ["QUERY-017"]


def test_a_limit_that_the_service_did_not_apply_is_told(emulator, search):
    outcome = search(limits={"date": "nodate", "from": "2015", "to": "2016"})
    assert "QUERY-035" in codes(outcome.findings)


def test_a_dry_run_counts_reads_and_stores_nothing(emulator, tmp_path):
    outcome = count_hits(make_source(emulator), make_strategy('synthetic AND "no such phrase"[tiab]'))
    assert outcome.run is None
    assert outcome.hits is not None
    assert "QUERY-030" in codes(outcome.findings)
    assert outcome.to_json()["run"] is None
    lines = count_hits(make_source(emulator), make_strategy(lines=["asthma[tiab]", "synthetic", "#1 AND #2"]))
    assert len(lines.lines) == 3
    assert emulator.count_calls("efetch") == 0
    assert list(tmp_path.iterdir()) == []


def test_a_query_that_is_none_is_not_sent_unless_one_insists(emulator, search, tmp_path):
    outcome = search("(asthma[tiab]")
    assert outcome.hits is None
    assert outcome.run is None
    assert codes(outcome.findings) == ["QUERY-010"]
    assert emulator.calls == []
    assert count_hits(make_source(emulator), make_strategy("(asthma[tiab]")).hits is None
    assert count_hits(make_source(emulator), make_strategy("(asthma[tiab]"), anyway=True).hits is not None


def test_progress_is_told_page_by_page(search):
    pages = []
    search(progress=pages.append)
    assert [page.received for page in pages] == [50, 100, 150, 200, 250, 300]
    assert {page.wanted for page in pages} == {300}


def test_an_answer_that_cannot_be_meant_ends_the_search(emulator, search):
    emulator.plan = faults.always(faults.error_text("Invalid db name specified: pubmed"), tool="esearch")
    with pytest.raises(BadResponse, match="REVIEW_EUTILS_URL"):
        search()
    assert len(emulator.calls) == 1


def test_an_answer_that_drips_is_asked_for_again(emulator, tmp_path):
    emulator.plan = faults.at({1}, faults.drip(0.05), tool="esearch")
    patience = Patience(slow_seconds=0.02, least_bytes_per_second=1e9)
    outcome = run_search(make_source(emulator, patience=patience), make_strategy("synthetic AND asthma"), tmp_path)
    assert outcome.hits == outcome.retrieved > 0
    assert outcome.run.details["requests"]["repeated"] >= 1
