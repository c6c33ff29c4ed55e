from __future__ import annotations

import pytest

from review.reporting.document import Items
from review.reporting.document import Terms
from review.reporting.document import read_runs
from review.reporting.sections.methods import compose_methods
from review.reporting.sections.methods import list_gaps
from tests.reporting.sections.rich import gather
from tests.reporting.sections.rich import make_bare
from tests.reporting.sections.rich import make_rich


def tell(section):
    """The words of every part, by its key."""
    told = {}
    for part in section.subsections:
        lines = []
        for block in part.blocks:
            if isinstance(block, Items):
                lines += [read_runs(item) for item in block.items]
            elif isinstance(block, Terms):
                lines += [f"{term.name}: {' '.join(read_runs(text) for text in term.texts)}" for term in block.terms]
            else:
                lines.append(read_runs(block.runs))
        told[part.key.removeprefix("methods-")] = " ".join(lines)
    return told


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    return tell(compose_methods(gather(make_rich(tmp_path_factory.mktemp("rich")))))


def test_selection_tells_who_voted_and_how_conflicts_were_settled(rich):
    assert (
        "Title and abstract: 8 votes by 2 people (ann, ben); the protocol asks for 2 independent decisions on each "
        "report; conflicts were settled by cat." in rich["selection"]
    )
    assert "calibration, file" in rich["selection"]


def test_sources_are_told_with_date_and_kind(rich):
    assert rich["sources"].startswith(
        "library (database): records imported from a file, on 2026-01-01; 5 records received"
    )
    assert "any study register" in rich["sources"]


def test_duplicates_are_told_with_rulings(tmp_path, rich):
    assert "Of 5 records from databases and registers, 1 was a duplicate; 4 reports remained." in rich["deduplication"]
    assert "Nobody ruled on a pair by hand." in rich["deduplication"]
    made = make_rich(tmp_path)
    made.write(
        "queries/duplicates.csv",
        "left,right,ruling,by,when,why\n"
        "doi:10.5555/adams.2010,doi:10.5555/baker.2012,different,cat,2026-01-02T08:00:00Z,\n"
        "doi:10.5555/baker.2012,doi:10.5555/adams.2010,different,ann,2026-01-03T08:00:00Z,\n",
    )
    told = tell(compose_methods(gather(made)))["deduplication"]
    assert "People ruled on 1 pair (ann): 0 the same report, 1 different ones." in told


def test_the_other_parts_say_what_the_files_hold(rich):
    assert rich["registration"] == "Registration: PROSPERO CRD42099999999"
    assert "9 of 10 values (90.0%)" in rich["collection"]
    assert "2 of its 8 items, declared for the whole review: selection, exposure" in rich["appraisal"]
    assert "Appraised so far: 1 of 3 studies, by author-1." in rich["appraisal"]
    assert "Alternative rule, young: age_years < 60." in rich["items"]
    assert "each study left out in turn (A)" in rich["synthesis"]
    assert "no analysis has 10 studies or more" in rich["reporting-bias"]
    assert "The certainty of 1 of 1 analysis was judged by GRADE, by author-1." in rich["certainty"]


def test_what_was_not_done_is_said(rich):
    assert "No source was searched with a strategy" in rich["gaps"]
    assert "Citations of the included reports were not searched." in rich["gaps"]
    assert "second screener" not in rich["gaps"]
    assert "second person" not in rich["gaps"]


def test_a_review_by_one_person_says_so(tmp_path):
    from tests.builder import make_review

    made = make_review(tmp_path)
    made.write("queries/pubmed.yaml", "source: pubmed\nquery: calcinosis\n")
    gaps = list_gaps(gather(made))
    assert gaps == [
        "The review was not registered.",
        "No source was searched with a strategy; all records were imported from files.",
        "The strategy of queries/pubmed.yaml was not run.",
        "No study register was searched.",
        "Citations of the included reports were not searched.",
        "Title and abstract: no second screener.",
        "Full text: no second screener.",
        "No study was extracted by a second person.",
        "No included study was appraised.",
        "Reporting bias was not assessed: no analysis has 10 studies or more.",
        "The certainty of the evidence was not judged.",
    ]


def test_a_figure_without_a_source_is_not_said_to_have_one(tmp_path):
    made = make_rich(tmp_path)
    made.change("extraction/studies/baker-2012.yaml", "    total: 1\n    source: paper\n", "    total: 1\n")
    assert "7 of 8 figures name the report" in tell(compose_methods(gather(made)))["collection"]


def test_nothing_is_claimed_of_an_empty_review(tmp_path):
    told = tell(compose_methods(gather(make_bare(tmp_path))))
    assert told["selection"] == "Nobody has screened a record yet."
    assert told["collection"] == "No study has been extracted yet."
    assert told["sources"] == "No search has been run and no file imported."
    assert told["deduplication"] == "There is no record yet, so none was compared."
    assert told["eligibility"] == "The protocol states no criteria of eligibility."
    assert told["gaps"].startswith("The protocol does not say whether the review is registered.")
