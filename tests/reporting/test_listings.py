"""Tables of studies, runs and excluded reports."""

from __future__ import annotations

import pytest

from review.model import Author
from review.model import Record
from review.model import RecordId
from review.reporting.listings import describe_record
from review.reporting.listings import tabulate_excluded
from review.reporting.listings import tabulate_runs
from review.reporting.listings import tabulate_studies
from tests.builder import ADAMS
from tests.builder import LOG
from tests.builder import make_review


def texts(table):
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def test_studies_are_listed_with_what_is_stated_of_their_patients(tmp_path):
    made = make_review(tmp_path)
    made.change(
        "extraction/studies/adams-2010.yaml", "{value: 54, source: paper}", "{value: 54, op: '>', source: paper}"
    )
    made.change(
        "extraction/studies/baker-2012.yaml",
        "counts:\n",
        "characteristics:\n"
        "  - {field: sex, choice: female, events: 1, total: 1, source: paper}\n"
        "  - {field: age_years, median: 54, iqr: [50, 60], source: paper}\n"
        "  - {field: cycles, mean: 2, source: paper}\n"
        "counts:\n",
    )
    review = made.open()
    assert texts(tabulate_studies(review.studies.values(), review.protocol)) == [
        ("Adams 2010", "case series", "2", f"{ADAMS} (main)", "adams-2010-1: age >54, sex female"),
        (
            "Baker 2012",
            "case report",
            "1",
            "doi:10.5555/baker.2012 (main)",
            "Sex female: 1/1; Age: median 54, IQR 50 to 60 years; Cycles: mean 2",
        ),
    ]


def test_a_study_that_states_nothing_and_a_field_that_is_not_in_the_protocol(tmp_path):
    made = make_review(tmp_path)
    review = made.open()
    assert texts(tabulate_studies([review.studies["baker-2012"]], review.protocol))[0][4] == "not reported"
    made.change(
        "extraction/studies/baker-2012.yaml",
        "counts:\n",
        "characteristics:\n  - {field: weight, mean: 2, source: paper}\ncounts:\n",
    )
    review = made.open()
    assert texts(tabulate_studies([review.studies["baker-2012"]], review.protocol))[0][4] == "weight: mean 2"


def test_runs_are_listed_with_what_is_not_stated(tmp_path):
    made = make_review(tmp_path)
    made.add_run(started="2026-01-01T09:00:00Z", source="web", platform="Web of Science")
    assert texts(tabulate_runs(made.open().runs)) == [
        ("library", "2026-01-01", "import", "not stated", "4", ""),
        ("Web of Science", "2026-01-01", "import", "not stated", "4", ""),
    ]


def test_reports_excluded_at_full_text_are_listed_with_their_reason(tmp_path):
    log = LOG.replace(f"full-text,{ADAMS},include,,", f"full-text,{ADAMS},exclude,no-data,")
    review = make_review(tmp_path, logs={"ann": log}).open()
    table = tabulate_excluded(review.progress.rejected, review.records, review.protocol)
    assert texts(table) == [
        (
            "Adams et al. 2010. Penicillamine in two patients with calcinosis of the hands. Journal of Invented Medicine.",
            ADAMS,
            "No outcome given",
        )
    ]


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (Record(RecordId("x:1"), ""), "(no title)."),
        (Record(RecordId("x:1"), "A title."), "A title."),
        (Record(RecordId("x:1"), "A", (Author("Adams"),), 2010), "Adams 2010. A."),
        (
            Record(RecordId("x:1"), "A", (Author("Adams"), Author("B")), 2010, "J", "J Abbr."),
            "Adams et al. 2010. A. J Abbr.",
        ),
        (Record(RecordId("x:1"), "Why?", year=2010), "2010. Why?"),
    ],
)
def test_short_references(record, text):
    assert describe_record(record) == text
