from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime

import pytest

from review.errors import SourceUnavailable
from review.model import RecordId
from review.search.execution import run_search
from review.search.refresh import refresh
from review.search.refresh import refresh_strategy
from review.search.runs import read_runs
from review.search.watch import Standing
from tests.emulator import faults
from tests.emulator.corpus import Corpus
from tests.emulator.server import Emulator
from tests.emulator.synthesis import article
from tests.emulator.synthesis import synthesise
from tests.search.conftest import codes
from tests.search.conftest import make_source
from tests.search.conftest import make_strategy

NOBODY = Standing()
FIRST = datetime(2025, 6, 1, tzinfo=UTC)
LATER = datetime(2025, 11, 26, tzinfo=UTC)
#: After every date of the made-up records.
LONG_AFTER = datetime(2045, 1, 1, tzinfo=UTC)


def record(pmid):
    return RecordId(f"pubmed:{pmid}")


@pytest.fixture
def searched(emulator, tmp_path):
    """A search that was made half a year ago; returns a function that refreshes it."""
    queries = tmp_path / "queries"
    run_search(make_source(emulator), make_strategy(), queries, now=lambda: FIRST)
    emulator.calls.clear()

    def run(standing=NOBODY, **data):
        strategy = make_strategy(**data)
        return refresh_strategy(make_source(emulator), strategy, queries, standing, now=lambda: LATER)

    run.queries = queries
    return run


def test_an_unchanged_search_costs_a_handful_of_requests(tmp_path):
    with Emulator(Corpus(synthesise(5000))) as running:
        queries = tmp_path / "queries"
        run_search(make_source(running, page_size=500), make_strategy(), queries, now=lambda: LONG_AFTER)
        running.calls.clear()
        pmids = running.corpus.pmids
        standing = Standing(frozenset(map(record, pmids[:20])), frozenset(map(record, pmids)))
        report = refresh_strategy(
            make_source(running, page_size=500), make_strategy(), queries, standing, now=lambda: LONG_AFTER
        )
    assert len(running.calls) <= 5
    assert (report.new, report.vanished, report.changes) == ((), (), ())
    assert report.seen == report.outcome.hits == report.outcome.retrieved == 5000
    assert report.findings == report.outcome.findings == ()


def test_new_vanished_and_retracted_are_told(emulator, searched):
    first, second, third = emulator.corpus.pmids[10:13]
    for pmid in (60_000_001, 60_000_002):
        emulator.corpus.add(article(pmid, abstract="synthetic newcomer", entered=date(2025, 11, 1)))
    emulator.corpus.remove(second)
    emulator.corpus.add(
        article(
            first,
            "A study.",
            abstract="synthetic study",
            publication_types=("Journal Article", "Retracted Publication"),
            relations=[("RetractionIn", "J Imagin Med. 2025", "60000002")],
            revised=date(2025, 10, 1),
        )
    )
    report = searched(Standing(included=frozenset({record(first)}), in_play=frozenset({record(second), record(third)})))
    assert report.new == (record(60_000_001), record(60_000_002))
    assert report.vanished == (record(second),)
    assert report.seen == 299
    assert (report.outcome.hits, report.outcome.retrieved, report.outcome.new) == (301, 301, 2)
    assert sorted(codes(report.findings)) == ["RUN-020", "RUN-025", "RUN-026"]
    assert report.findings[0].level == "error"
    assert "PMID 60000002" in report.findings[0].message
    assert [change.id for change in report.changes] == [record(first)]
    assert "publication_types" in report.changes[0].fields
    assert report.to_json()["vanished"] == [record(second)]
    assert report.outcome.run.details["received"] == 4
    assert report.outcome.run.details["held"] == 297


def test_a_ruling_silences_the_retraction(emulator, searched):
    pmid = emulator.corpus.pmids[0]
    emulator.corpus.add(
        article(pmid, abstract="synthetic", publication_types=("Retracted Publication",), revised=date(2025, 10, 1))
    )
    included = frozenset({record(pmid)})
    assert "RUN-020" in codes(searched(Standing(included)).findings)
    assert "RUN-020" not in codes(searched(Standing(included, ruled=included)).findings)


def test_a_retraction_without_a_new_date_is_found_by_its_type(emulator, searched):
    """The date of revision may lag behind; the publication type is asked for as well."""
    pmid = emulator.corpus.pmids[20]
    emulator.corpus.add(article(pmid, abstract="synthetic", publication_types=("Retracted Publication",)))
    report = searched(Standing())
    assert [change.id for change in report.changes] == [record(pmid)]
    # Once held as retracted it is not fetched again and again.
    assert searched(Standing()).outcome.run.details["received"] == 0


def test_a_change_is_found_by_its_date_and_named(emulator, searched):
    pmid = emulator.corpus.pmids[30]
    emulator.corpus.add(article(pmid, "Another title.", abstract="synthetic", revised=date(2025, 11, 1)))
    report = searched(Standing(in_play=frozenset({record(pmid)})))
    assert "title" in report.changes[0].fields
    assert codes(report.findings) == ["RUN-025"]
    assert codes(searched(Standing(in_play=frozenset({record(pmid)}))).findings) == []


def test_an_included_report_that_vanished_is_still_watched(emulator, searched):
    pmid = emulator.corpus.pmids[5]
    emulator.corpus.add(article(pmid, "Other words.", publication_types=("Retracted Publication",)))
    report = searched(Standing(included=frozenset({record(pmid)})))
    assert report.vanished == (record(pmid),)
    assert sorted(codes(report.findings)) == ["RUN-020", "RUN-025", "RUN-026"]
    formats = {item.format for item in report.outcome.run.details["payload"]}
    assert "watched-pubmed-xml" in formats
    assert report.outcome.hits == report.outcome.retrieved == 299


def test_where_dates_of_change_are_not_served_the_reports_at_stake_are_compared(emulator, searched, monkeypatch):
    monkeypatch.setattr("review.search.sources.pubmed_plan.is_dated", lambda *_: False)
    pmid = emulator.corpus.pmids[40]
    emulator.corpus.add(article(pmid, "Another title.", abstract="synthetic", revised=date(2025, 11, 1)))
    report = searched(Standing(included=frozenset({record(pmid)})))
    assert sorted(codes(report.findings)) == ["RUN-025", "RUN-027"]


def test_a_changed_strategy_is_told(searched):
    report = searched(query="synthetic OR nothing")
    assert "RUN-028" in codes(report.findings)


def test_the_first_refresh_is_a_whole_search(emulator, tmp_path):
    report = refresh([(make_source(emulator), make_strategy())], tmp_path, Standing())
    assert len(report.new) == 300
    assert report.strategies[0].previous == ""
    assert report.to_json()["seen"] == 0


def test_what_came_from_elsewhere_is_watched_from_the_first_search_on(emulator, tmp_path):
    found, elsewhere = emulator.corpus.pmids[3], 70_000_009
    retracted = ("Retracted Publication",)
    emulator.corpus.add(article(found, abstract="synthetic", publication_types=retracted))
    emulator.corpus.add(article(elsewhere, publication_types=retracted))
    standing = Standing(included=frozenset({record(found), record(elsewhere), RecordId("doi:10.1/x")}))
    report = refresh_strategy(make_source(emulator), make_strategy(), tmp_path, standing)
    assert (report.outcome.hits, report.outcome.retrieved, report.previous) == (300, 300, "")
    assert codes(report.findings) == ["RUN-020", "RUN-020"]


def test_a_strategy_that_is_not_sent_gives_no_numbers(emulator, searched):
    report = searched(query="(synthetic")
    assert report.outcome.hits is None
    assert emulator.calls == []


def test_a_refresh_that_fails_leaves_the_last_run_as_it_was(emulator, searched):
    emulator.plan = faults.always("502")
    with pytest.raises(SourceUnavailable):
        searched()
    runs, findings = read_runs(searched.queries)
    assert codes(findings) == ["RUN-003"]
    emulator.plan = None
    report = searched()
    assert report.outcome.resumed
    assert (report.outcome.hits, report.outcome.retrieved, report.new) == (300, 300, ())
    assert len(read_runs(searched.queries)[0]) == len(runs)
