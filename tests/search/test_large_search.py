"""Results beyond the window: complete, resumable at any point."""

from __future__ import annotations

import pytest

from review.errors import SourceUnavailable
from review.search.execution import run_search
from review.search.runs import check_payloads
from review.search.runs import read_ids
from review.search.runs import read_runs
from tests.emulator import faults
from tests.search.conftest import codes
from tests.search.conftest import make_source
from tests.search.conftest import make_strategy

TOTAL = 21_000


class Killed(BaseException):
    """What a kill looks like from inside: nothing is caught, nothing is tidied."""


def kill_after(source, count):
    """Let the source send so many more requests, then kill it at the next."""
    sent = source.eutils.transport.sent
    original = source.eutils.transport._exchange

    def exchange(request, start):
        if source.eutils.transport.sent >= sent + count:
            raise Killed
        return original(request, start)

    source.eutils.transport._exchange = exchange
    return source


@pytest.fixture
def queries(tmp_path):
    return tmp_path / "queries"


def check_complete(queries, outcome, corpus):
    assert outcome.hits == outcome.retrieved == TOTAL
    assert outcome.missing == ()
    assert read_ids(queries, outcome.run) == [str(pmid) for pmid in sorted(corpus.pmids)]
    assert sum(item.records for item in outcome.run.details["payload"]) == TOTAL


def test_more_than_two_windows_are_retrieved_completely(large_emulator, large_corpus, queries):
    outcome = run_search(make_source(large_emulator, page_size=500), make_strategy(), queries)
    check_complete(queries, outcome, large_corpus)
    assert outcome.findings == ()
    assert large_emulator.count_calls("esearch") <= 12
    # The window's edge is never asked for: a page there would be cut without a word.
    assert all(int(call.params.get("retstart", 0)) <= 9_998 for call in large_emulator.calls)


def test_killed_again_and_again_it_goes_on_where_it_stopped(large_emulator, large_corpus, queries):
    sent = []
    for count in (0, 1, 3, 6, 12, 20):
        with pytest.raises(Killed):
            run_search(kill_after(make_source(large_emulator, page_size=500), count), make_strategy(), queries)
        sent.append(len(large_emulator.calls))
    runs, findings = read_runs(queries)
    assert len(runs) == 1
    assert codes(findings) == ["RUN-003"]
    outcome = run_search(make_source(large_emulator, page_size=500), make_strategy(), queries)
    check_complete(queries, outcome, large_corpus)
    assert outcome.resumed
    assert outcome.run.id == runs[0].id
    pages = [call for call in large_emulator.calls if call.tool == "efetch"]
    assert len(pages) <= TOTAL / 500 + 10
    assert not list((queries / "runs" / outcome.run.id).glob("*resume*"))


def check_small(queries, outcome, emulator):
    assert outcome.hits == outcome.retrieved == len(emulator.corpus)
    assert outcome.missing == ()
    assert sum(item.records for item in outcome.run.details["payload"]) == len(emulator.corpus)
    assert check_payloads(queries, [outcome.run]) == []


def test_a_failed_service_is_taken_up_again_with_what_was_received(emulator, queries):
    emulator.plan = lambda call: faults.CATALOGUE["502"] if call.nth > 4 and call.tool == "efetch" else None
    with pytest.raises(SourceUnavailable):
        run_search(make_source(emulator), make_strategy(), queries)
    emulator.plan = None
    emulator.forget_history()
    calls = len(emulator.calls)
    outcome = run_search(make_source(emulator), make_strategy(), queries)
    check_small(queries, outcome, emulator)
    assert codes(outcome.findings) == ["RUN-010"]
    # The lost result is noticed by one page, the two pages that were missing follow.
    assert sum(call.tool == "efetch" for call in emulator.calls[calls:]) == 3


def test_a_page_damaged_on_disk_is_fetched_again(emulator, queries):
    with pytest.raises(Killed):
        run_search(kill_after(make_source(emulator), 5), make_strategy(), queries)
    folder = next((queries / "runs").glob("2*"))
    pages = sorted(folder.glob("page-*"))
    assert len(pages) == 4
    pages[0].write_bytes(pages[0].read_bytes()[:1000])
    pages[1].write_bytes(b"")
    check_small(queries, run_search(make_source(emulator), make_strategy(), queries), emulator)


@pytest.mark.parametrize("text", ["{", '{"stage": "done"}'])
def test_a_damaged_plan_is_made_anew(emulator, queries, text):
    with pytest.raises(Killed):
        run_search(kill_after(make_source(emulator), 3), make_strategy(), queries)
    folder = next((queries / "runs").glob("2*"))
    (folder / "resume.json").write_text(text)
    check_small(queries, run_search(make_source(emulator), make_strategy(), queries), emulator)


@pytest.mark.parametrize("count", range(4))
def test_killed_at_any_request_nothing_is_lost(emulator, queries, count):
    with pytest.raises(Killed):
        run_search(kill_after(make_source(emulator, page_size=100), count), make_strategy(), queries)
    check_small(queries, run_search(make_source(emulator, page_size=100), make_strategy(), queries), emulator)
    assert len(emulator.calls) <= 6


def test_another_strategy_does_not_take_up_the_run(emulator, queries):
    with pytest.raises(Killed):
        run_search(kill_after(make_source(emulator), 3), make_strategy(), queries)
    outcome = run_search(make_source(emulator), make_strategy("asthma"), queries)
    assert not outcome.resumed
    assert codes(read_runs(queries)[1]) == ["RUN-003"]


def test_a_count_that_changed_before_the_resumption_is_told(emulator, queries):
    with pytest.raises(Killed):
        run_search(kill_after(make_source(emulator), 3), make_strategy(), queries)
    emulator.corpus.remove(emulator.corpus.pmids[0])
    outcome = run_search(make_source(emulator), make_strategy(), queries)
    assert "RUN-008" in codes(outcome.findings)
    assert outcome.hits == 300


def test_hits_that_are_counted_and_never_listed_are_an_error(emulator, queries):
    emulator.plan = faults.always("count-up", tool="esearch")
    outcome = run_search(make_source(emulator), make_strategy(), queries)
    assert "RUN-009" in codes(outcome.findings)
    assert outcome.hits == 303
    assert outcome.retrieved == 300
