"""An update of a review, from a folder with the previous version's runs, sheets and counts."""

from __future__ import annotations

import pytest

from review.reporting.gallery import choose_flow
from review.reporting.previous import check_previous
from review.results import compute_results
from tests.builder import MadeReview
from tests.reporting.updates import make_update


def read_numbers(made: MadeReview) -> tuple[dict[str, int], list[str]]:
    results = compute_results(made.open())
    assert not results.is_draft
    return {box.key: box.n for box in results.boxes}, [finding.code for finding in results.findings]


def test_an_update_counts_what_came_since(tmp_path):
    numbers, codes = read_numbers(make_update(tmp_path / "review"))
    assert numbers == {
        "previous_studies": 3,
        "previous_reports": 4,
        "database_results": 3,
        "duplicates": 1,
        "records_screened": 2,
        "records_excluded": 0,
        "dbr_sought_reports": 2,
        "dbr_notretrieved_reports": 0,
        "dbr_assessed": 2,
        "dbr_excluded": 0,
        "new_studies": 1,
        "new_reports": 1,
        "new_cases": 1,
        "added_reports": 1,
        "withdrawn_studies": 1,
        "withdrawn_reports": 2,
        "total_studies": 3,
        "total_reports": 4,
    }
    assert [code for code in codes if code.startswith("PRISMA")] == []


def test_the_studies_of_the_meta_analysis_are_counted_on_wish(tmp_path):
    boxes = {
        box.key: box for box in compute_results(make_update(tmp_path, extra="flow: {meta_analysis: A}\n").open()).boxes
    }
    assert boxes["total_studies_ma"].ids == ("adams-2010", "baker-2012", "davis-2020")
    assert boxes["total_reports_ma"].n == 4


def test_a_study_whose_paper_the_previous_searches_found_is_not_new(tmp_path):
    results = compute_results(make_update(tmp_path, included="[adams-2010]").open())
    found = {finding.code: finding for finding in results.findings}
    assert found["PRISMA-024"].ids == ("baker-2012",)


@pytest.mark.parametrize(("included", "runs", "told"), [("[nobody]", "", "nobody"), ("[adams-2010]", "gone", "gone")])
def test_a_previous_version_that_names_what_is_not_there_is_told(tmp_path, included, runs, told):
    made = make_update(tmp_path, included=included)
    if runs:
        made.change("protocol.yaml", "runs: [", f"runs: [{runs}, ")
    review = made.open()
    (finding,) = check_previous(review.protocol.previous, review.runs, review.studies, "protocol.yaml")
    assert (finding.code, finding.found) == ("PRISMA-032", told)


def test_what_is_there_is_not_told(tmp_path):
    review = make_update(tmp_path).open()
    codes = [
        each.code for each in check_previous(review.protocol.previous, review.runs, review.studies, "protocol.yaml")
    ]
    assert "PRISMA-032" not in codes
    assert list(check_previous(None, review.runs, review.studies, "protocol.yaml")) == []


def test_the_notes_say_what_was_not_counted_and_what_was_withdrawn(tmp_path):
    notes = choose_flow(make_update(tmp_path).open().protocol).footnotes
    assert notes[0] == "Previous version: Okoro 2019."
    assert notes[-1] == "No longer included: Evans 2005 (retracted)."
    assert any("not counted again" in note for note in notes)
