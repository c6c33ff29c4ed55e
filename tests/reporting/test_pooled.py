"""Tables and plots of planned analyses."""

from __future__ import annotations

import pytest

from review.pooling.planned_models import PlannedCount
from review.pooling.pool import pool_counts
from review.reporting.planned_figures import draw_multiverse
from review.reporting.planned_figures import draw_planned
from review.reporting.pooled import describe_model
from review.reporting.pooled import describe_refusal
from review.reporting.pooled import tabulate_planned
from review.results import pool_analyses
from tests.builder import PROTOCOL
from tests.builder import make_review
from tests.reporting.layout import read_texts

SUM = "Sum of the patients above; the interval assumes one common proportion behind all studies."
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
        ("Random-intercept model", "2/3", "66.7", "7.4 to 100.0", "not applicable"),
    ]
    assert [row.kind for row in table.rows] == ["body", "body", "total", "body"]
    assert table.footnotes[0] == SUM
    assert [cell.notes for cell in table.rows[-1].cells] == [(1,), (), (), (1,), ()]


def test_what_a_reader_must_know_stands_below_the_table(made):
    made.change(BAKER_PATH, "    total: 1\n", "    total: 1\n    definition: by half\n")
    made.change(BAKER_PATH, "design:", "evidence: secondary\ndesign:")
    made.change("extraction/studies/adams-2010.yaml", "value: no,", "value: unclear,")
    made.change("protocol.yaml", "    outcome: response", "    note: Two notes.\n    outcome: response")
    table = tabulate_planned(pool(made))
    assert (*table.footnotes[:4], table.footnotes[5]) == (
        "1 further patient without a known outcome.",
        "Defined as: by half.",
        "Known only in total, through another publication.",
        SUM,
        "Two notes.",
    )
    assert [row.cells[0].notes for row in table.rows] == [(0,), (1, 2), (3,), (4,)]


def test_one_footnote_serves_all_rows_that_need_it(made):
    for path, old in ((BAKER_PATH, "counts:\n"), ("extraction/studies/adams-2010.yaml", "cases:\n")):
        made.change(path, old, f"evidence: secondary\n{old}")
    table = tabulate_planned(pool(made))
    assert [row.cells[0].notes for row in table.rows] == [(0,), (0,), (1,), (2,)]


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


def test_the_model_says_where_its_interval_comes_from_and_what_it_is_worth(made):
    result = pool(made)
    note = tabulate_planned(result).footnotes[-1]
    assert note == describe_model(result.model)
    assert note.startswith(
        "Random-intercept logistic model; the proportion is that of the median study; interval by profile likelihood, "
        "not by the column's method. "
    )
    assert "Two studies say next to nothing" in note
    assert all(f"({code})" in note for code in result.model.warnings)


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([0, 0, 0], "it has no estimate of its own here, and the sum stands in for it"),
        ([3, 0, 3], "it has no estimate here, and no proportion is excluded"),
    ],
)
def test_a_model_without_an_estimate_says_so(events, says):
    model = pool_counts([PlannedCount(str(place), x, 3) for place, x in enumerate(events)])
    assert describe_model(model).startswith(f"Random-intercept logistic model; {says}. ")


def test_the_multiverse_is_drawn_with_the_planned_analysis_marked(made):
    drawing = draw_multiverse(pool(made))
    assert drawing is not None
    assert drawing.caption.startswith("Response under 6 specifications")
    assert drawing.caption.endswith("A triangle marks the planned analysis.")
    assert "random-intercept logistic" in [text for text, *_place in read_texts(drawing.figure)]


def test_without_a_sum_there_is_neither_model_nor_multiverse(made):
    made.change(BAKER_PATH, "counts:\n", "overlap: {may_include: adams-2010, why: w}\ncounts:\n")
    result = pool(made)
    assert (result.model, result.multiverse, draw_multiverse(result)) == (None, None, None)
