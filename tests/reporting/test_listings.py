"""Tables of studies, runs and excluded reports."""

from __future__ import annotations

import pytest

from review.model import Author
from review.model import Record
from review.model import RecordId
from review.reporting.listings import SECONDARY
from review.reporting.listings import collect_notes
from review.reporting.listings import describe_record
from review.reporting.listings import tabulate_close_calls
from review.reporting.listings import tabulate_excluded
from review.reporting.listings import tabulate_runs
from review.reporting.listings import tabulate_studies
from tests.builder import ADAMS
from tests.builder import CLARK
from tests.builder import LOG
from tests.builder import LOG_HEAD
from tests.builder import PROTOCOL
from tests.builder import make_review


def texts(table):
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def test_studies_are_listed_with_their_reports(tmp_path):
    made = make_review(tmp_path)
    made.change("extraction/studies/baker-2012.yaml", "year: 2012\n", "evidence: secondary\nnotes: [One., Two.]\n")
    table = tabulate_studies(made.open().studies.values())
    assert texts(table) == [
        ("Adams 2010", "case series", "2010", "2", f"{ADAMS} (main)", ""),
        (SECONDARY,),
        ("Baker 2012", "case report", "not reported", "1", "doi:10.5555/baker.2012 (main)", "One. Two."),
    ]


def test_runs_are_listed_with_what_is_not_stated(tmp_path):
    made = make_review(tmp_path)
    made.add_run(started="2026-01-01T09:00:00Z", source="web", platform="Web of Science")
    assert texts(tabulate_runs(made.open().runs)) == [
        ("library", "2026-01-01", "import", "not stated", "4", ""),
        ("Web of Science", "2026-01-01", "import", "not stated", "4", ""),
    ]


def test_reports_excluded_at_full_text_are_listed_with_their_reason(tmp_path):
    log = LOG.replace(f"full-text,{ADAMS},include,,", f"full-text,{ADAMS},exclude,no-data,pain only")
    review = make_review(tmp_path, logs={"ann": log}).open()
    notes = collect_notes(review.votes, review.report_of)
    table = tabulate_excluded(review.progress.rejected, review.references, review.protocol, notes)
    assert texts(table) == [
        (
            "Adams et al. 2010. Penicillamine in two patients with calcinosis of the hands. Journal of Invented Medicine.",
            ADAMS,
            "No outcome given",
            "pain only",
        )
    ]


def test_close_calls_are_those_excluded_against_a_vote(tmp_path):
    second = LOG_HEAD + f"2026-01-02T09:00:00Z,title-abstract,{CLARK},unsure,,gout or calcinosis?\n"
    made = make_review(
        tmp_path, protocol=PROTOCOL.replace("screeners: 1", "screeners: 2"), logs={"ann": LOG, "ben": second}
    )
    made.write(
        "extraction/screening/consensus.csv",
        "time,by,stage,record,decision,reason,note,settles\n"
        f"2026-01-02T10:00:00Z,cat,title-abstract,{CLARK},exclude,wrong-population,,ann=exclude ben=unsure\n",
    )
    review = made.open()
    table = tabulate_close_calls(
        review.progress.excluded, review.references, review.protocol, review.votes, review.report_of
    )
    assert [row[2:] for row in texts(table)] == [("ann: exclude, ben: unsure", "No calcinosis", "gout or calcinosis?")]
    alone = make_review(tmp_path / "alone").open()
    assert (
        tabulate_close_calls(
            alone.progress.excluded, alone.references, alone.protocol, alone.votes, alone.report_of
        ).rows
        == ()
    )


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
