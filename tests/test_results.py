from __future__ import annotations

import pytest

from review.results import compute_results
from review.results import name_sources
from tests.builder import RIS
from tests.builder import make_review


def test_a_finished_review_is_no_draft(tmp_path):
    results = compute_results(make_review(tmp_path).open())
    assert (results.is_draft, results.findings) == (False, ())
    assert {value.key for value in results.values} >= {"prisma.records_screened", "pool.A.together"}
    assert [result.analysis.name for result in results.planned] == ["A"]


@pytest.mark.parametrize(
    "change",
    [
        ("extraction/studies/baker-2012.yaml", "    events: 1\n", "    events: 4\n"),
        ("extraction/screening/ann.csv", "exclude,wrong-population", "unsure,"),
        ("protocol.yaml", "adams-2010, baker-2012", "adams-2010, nobody"),
    ],
)
def test_a_review_with_errors_or_open_decisions_is_a_draft(tmp_path, change):
    made = make_review(tmp_path)
    made.change(*change)
    assert compute_results(made.open()).is_draft


def test_a_review_without_runs_is_a_draft(tmp_path):
    assert compute_results(
        make_review(tmp_path, ris=None, logs={}, sheets={}, protocol="format: 1\ntitle: x\n").open()
    ).is_draft


def test_sources_are_named_as_the_latest_run_names_them(tmp_path):
    made = make_review(tmp_path)
    made.add_run(RIS, started="2026-01-02T08:00:00Z", platform="Library (new interface)")
    made.add_run(RIS, source="web", started="2026-01-02T08:00:00Z")
    assert name_sources(made.open()) == {"library": "Library (new interface)", "web": "web"}
