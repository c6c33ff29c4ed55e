"""Tables and plots of planned analyses."""

from __future__ import annotations

import pytest

from review.reporting.pooled import describe_refusal
from review.reporting.pooled import draw_planned
from review.reporting.pooled import tabulate_planned
from review.results import pool_analyses
from tests.builder import PROTOCOL
from tests.builder import make_review
from tests.reporting.layout import read_texts

BAKER_PATH = "extraction/studies/baker-2012.yaml"


@pytest.fixture
def made(tmp_path):
    return make_review(tmp_path)


def pool(made):
    review = made.open()
    (result,) = pool_analyses(review, review.protocol.analyses)
    return result


def texts(table):
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def test_a_row_for_each_study_and_the_sum_below(made):
    table = tabulate_planned(pool(made))
    assert (table.key, table.caption) == ("pooled-A", "Both studies: response.")
    assert [column.title for column in table.columns] == [
        "Study", "Events/patients", "%", "95% CI, Clopper-Pearson", "95% CI, Wilson",
    ]  # fmt: skip
    assert texts(table) == [
        ("Adams 2010", "1/2", "50.0", "1.3 to 98.7", "9.5 to 90.5"),
        ("Baker 2012", "1/1", "100.0", "2.5 to 100.0", "20.7 to 100.0"),
        ("All together", "2/3", "66.7", "9.4 to 99.2", "20.8 to 93.9"),
    ]
    assert [row.kind for row in table.rows] == ["body", "body", "total"]
    assert table.footnotes == (
        "Sum of the patients above; the interval assumes one common proportion behind all studies.",
    )


def test_what_a_reader_must_know_stands_below_the_table(made):
    made.change(BAKER_PATH, "    total: 1\n", "    total: 1\n    definition: by half\n")
    made.change(BAKER_PATH, "design:", "evidence: secondary\ndesign:")
    made.change("extraction/studies/adams-2010.yaml", "value: no,", "value: unclear,")
    made.change("protocol.yaml", "    outcome: response", "    note: Two notes.\n    outcome: response")
    table = tabulate_planned(pool(made))
    assert table.footnotes == (
        "1 further patient without a known outcome.",
        "Defined as: by half.",
        "Known only in total, through another publication.",
        "Sum of the patients above; the interval assumes one common proportion behind all studies.",
        "Two notes.",
    )
    assert [row.cells[0].notes for row in table.rows] == [(0,), (1, 2), (3,)]


def test_one_footnote_serves_all_rows_that_need_it(made):
    for path, old in ((BAKER_PATH, "counts:\n"), ("extraction/studies/adams-2010.yaml", "cases:\n")):
        made.change(path, old, f"evidence: secondary\n{old}")
    table = tabulate_planned(pool(made))
    assert [row.cells[0].notes for row in table.rows] == [(0,), (0,), (1,)]


def test_a_refused_sum_is_explained_and_not_given(made):
    made.change(BAKER_PATH, "counts:\n", "overlap: {may_include: adams-2010, why: w}\ncounts:\n")
    result = pool(made)
    sentence = "No sum is given: patients may be counted twice (baker-2012 and adams-2010)."
    assert describe_refusal(result) == sentence
    table = tabulate_planned(result)
    assert table.caption == f"Both studies: response. {sentence}"
    assert [row.kind for row in table.rows] == ["body", "body"]
    assert sentence in " ".join(text for text, _ in read_texts(draw_planned(result))).replace("\n", " ")


def test_an_analysis_without_rows_has_an_empty_table_and_no_plot(tmp_path):
    result = pool(make_review(tmp_path, sheets={}))
    table = tabulate_planned(result)
    assert (table.rows, table.columns[3].title) == ((), "95% CI, Clopper-Pearson")
    with pytest.raises(ValueError, match="at least one"):
        draw_planned(result)


def test_an_outcome_that_is_not_defined_is_shown_by_its_name(tmp_path):
    made = make_review(tmp_path, protocol=PROTOCOL.replace("    outcome: response", "    outcome: death"))
    assert tabulate_planned(pool(made)).caption == "Both studies: death."


def test_the_plot_shows_the_leading_interval(made):
    drawing = draw_planned(pool(made))
    assert "2/3" in drawing.alt or "66.7" in drawing.alt
    assert "Clopper-Pearson" in drawing.caption
