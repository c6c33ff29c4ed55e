"""The figures of a planned analysis: each where its data make sense, none where they do not."""

from __future__ import annotations

import dataclasses

import pytest
from matplotlib.patches import Circle
from matplotlib.patches import Rectangle

from review.protocol import ForestPlan
from review.reporting.figure import Drawing
from review.reporting.figure import check_drawing
from review.reporting.planned_figures import draw_cumulative
from review.reporting.planned_figures import draw_followup
from review.reporting.planned_figures import draw_leave_one_out
from review.reporting.planned_figures import draw_multiverse
from review.reporting.planned_figures import draw_planned
from review.reporting.planned_figures import draw_planned_funnel
from review.reporting.publication import JOURNALS
from tests.reporting.layout import find_faults
from tests.reporting.layout import read_texts
from tests.reporting.planned import FOLLOWUP
from tests.reporting.planned import make_patients
from tests.reporting.planned import make_result

#: Latin, Greek, Cyrillic, Chinese, Arabic, and a word longer than any column.
SCRIPTS = (
    "Narváez J, Pirola JP, Lluch J, Juarez P, Nolla JM, Valenzuela A. A retrospective description of cases",
    "Παπαδόπουλος και συνεργάτες, αναδρομική μελέτη",
    "Исследование кальциноза при системной склеродермии",
    "系统性硬化症钙质沉着的回顾性研究",
    "الدراسة متعددة المراكز",
    "Rechtsschutzversicherungsgesellschaftsangestelltenstudie",
)
POINTS_PER_CM = 72 / 2.54


def show(drawing: Drawing | None) -> list[str]:
    assert drawing is not None
    return [text for text, _ in read_texts(drawing)]


@pytest.mark.parametrize("layout", ["default", "revman", "jama"])
@pytest.mark.parametrize("count", [1, 2, 3, 10, 30, 60])
def test_a_forest_plot_of_any_size_fits_a_page(count: int, layout: str) -> None:
    result = make_result(count, names=SCRIPTS, figure=ForestPlan(layout, "given"))
    drawing = draw_planned(result)
    assert find_faults(drawing) == []
    assert [finding.code for finding in check_drawing(drawing)] in ([], ["FIGURE-002"])
    assert drawing.text_sizes[0] >= 6


@pytest.mark.parametrize("layout", ["default", "revman", "jama"])
@pytest.mark.parametrize("width", [width for journal in JOURNALS.values() for width in journal.columns])
def test_a_forest_plot_fits_the_columns_of_every_journal(width: float, layout: str) -> None:
    drawing = draw_planned(make_result(5, figure=ForestPlan(layout, "given")), width=width * POINTS_PER_CM)
    assert find_faults(drawing) == []
    assert drawing.width_cm <= width + 0.05


def test_the_protocol_chooses_layout_and_order() -> None:
    planned = make_result(4, names=("B", "A", "D", "C"), figure=ForestPlan("jama", "label"))
    shown = show(draw_planned(planned))
    assert "Source" in shown
    assert [text for text in shown if text[:1] in "ABCD" and len(text) == 6] == ["A 1961", "B 1960", "C 1963", "D 1962"]
    assert "Study" in show(draw_planned(planned, layout="default", sort="given"))


def test_from_three_studies_on_the_model_stands_below_the_sum() -> None:
    assert "Random-intercept model" not in show(draw_planned(make_result(2)))
    shown = show(draw_planned(make_result(5)))
    assert "Random-intercept model" in shown
    assert "95% prediction interval" in shown
    assert any("likelihood-ratio χ²" in text for text in shown)


def test_each_study_is_left_out_in_turn() -> None:
    result = make_result(6)
    drawing = draw_leave_one_out(result)
    shown = show(drawing)
    assert find_faults(drawing) == []
    assert sum(text.startswith("Without") for text in shown) == 6
    assert {"Study left out", "All studies"} <= set(shown)
    assert drawing.caption.startswith("Leave-one-out analysis: Clinical response. Each row pools the other studies.")
    assert "6 studies; random-intercept model, intervals by profile likelihood" in drawing.caption
    assert drawing.alt.startswith("Leave-one-out analysis. Without ")


def test_studies_are_added_by_year() -> None:
    drawing = draw_cumulative(make_result(6))
    shown = show(drawing)
    assert find_faults(drawing) == []
    assert sum(text.startswith("+ ") for text in shown) + sum("الدراسة" in text and "+" in text for text in shown) >= 4
    assert "All studies" not in shown
    assert "Each row pools its study and all above it, by year." in drawing.caption


@pytest.mark.parametrize("draw", [draw_leave_one_out, draw_cumulative])
def test_refits_of_too_few_or_too_many_studies_or_without_a_sum_are_not_drawn(draw) -> None:
    assert draw(make_result(2)) is None
    assert draw(make_result(5, together=False)) is None


def test_a_row_without_an_estimate_is_named_below() -> None:
    # Without the third study none has a proportion between none and all.
    drawing = draw_leave_one_out(make_result(3, names=("A", "B", "C")))
    assert "Not estimable: Without C 1962." in show(drawing)
    assert draw_cumulative(make_result(3)) is None


def test_a_funnel_is_drawn_from_ten_studies_on_with_a_warning() -> None:
    assert draw_planned_funnel(make_result(9)) is None
    assert draw_planned_funnel(make_result(12, together=False)) is None
    drawing = draw_planned_funnel(make_result(12))
    assert find_faults(drawing) == []
    assert "12 studies: asymmetry may come from studies that were not published" in drawing.caption
    assert sum(isinstance(artist, Circle) for artist in drawing.figure.artists) == 12


def test_the_multiverse_is_drawn() -> None:
    drawing = draw_multiverse(make_result(4))
    assert find_faults(drawing) == []
    assert draw_multiverse(make_result(1)) is None


@pytest.mark.parametrize("count", [1, 8, 40, 60])
def test_patients_are_drawn_with_follow_up_and_response(count: int) -> None:
    drawing = draw_followup(make_patients([str(3 + 7 * place % 60) for place in range(count)]), FOLLOWUP)
    assert find_faults(drawing) == []
    assert check_drawing(drawing) == []
    assert {"Clinical response", "Follow-up, months", "no"} <= set(show(drawing))


def test_a_follow_up_that_is_not_a_number_is_told_in_words() -> None:
    drawing = draw_followup(make_patients(["12", ">= 24", "< 6", "not reported", "unclear"]), FOLLOWUP)
    shown = show(drawing)
    assert {"follow-up < 6 months", "follow-up not reported", "follow-up unclear"} <= set(shown)
    assert "Arrows: followed at least so long." in drawing.caption
    bars = [artist for artist in drawing.figure.artists if isinstance(artist, Rectangle)]
    assert [bars[1].get_width() / bars[0].get_width()] == pytest.approx([0.5])
    assert {"not known", "yes", "no"} <= set(shown)


@pytest.mark.parametrize("followups", [["not reported"], ["12"] * 61])
def test_without_a_follow_up_or_with_more_patients_than_rows_there_is_no_swimmer(followups: list[str]) -> None:
    assert draw_followup(make_patients(followups), FOLLOWUP) is None


def test_studies_without_patients_one_by_one_have_no_swimmer() -> None:
    assert draw_followup(make_result(3), dataclasses.replace(FOLLOWUP, unit="weeks")) is None
