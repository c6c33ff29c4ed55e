"""Forest plots show what was computed, sized by weight, and no text is cut or overlapping."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from matplotlib.patches import Rectangle

from review.model import Estimate
from review.reporting.figure import check_drawing
from review.reporting.forest import draw_forest
from review.reporting.forest import name_method
from review.reporting.forest_rows import LAYOUTS
from review.reporting.forest_rows import ForestGroup
from review.reporting.forest_rows import Heterogeneity
from review.reporting.forest_rows import LayoutKey
from review.reporting.forest_rows import SortKey
from review.reporting.forest_rows import format_heterogeneity
from review.reporting.forest_rows import format_p
from review.reporting.forest_rows import sort_rows
from tests.reporting.estimates import LONG
from tests.reporting.estimates import make_estimate
from tests.reporting.estimates import make_studies
from tests.reporting.estimates import make_summary
from tests.reporting.layout import find_faults
from tests.reporting.layout import read_texts

EXAMPLE = ForestGroup(
    (
        make_estimate("Series", 4, 8, 8 / 19, (0.157, 0.843)),
        make_estimate("Published total", 5, 11, 11 / 19, (0.167, 0.766)),
        make_estimate("Single case", 1, 1, None, (0.025, 1.0)),
    )
)


def read_squares(figure: Figure) -> list[Rectangle]:
    return [artist for artist in figure.artists if isinstance(artist, Rectangle)]


def read_shapes(figure: Figure, corners: int) -> list[Polygon]:
    return [each for each in figure.artists if isinstance(each, Polygon) and len(each.get_xy()) == corners + 1]


@pytest.mark.parametrize("layout", list(LAYOUTS))
@pytest.mark.parametrize("count", [1, 3, 20, 60])
def test_text_fits_whatever_the_number_of_studies(count: int, layout: LayoutKey) -> None:
    studies = make_studies(count)
    half = (count + 1) // 2
    groups = [
        ForestGroup(
            studies[:half],
            "Case series of patients who were given the drug at least once " * 2,
            make_summary("Subtotal"),
        ),
        *([ForestGroup(studies[half:], "Case reports", make_summary("Subtotal"))] if count > 1 else []),
    ]
    drawing = draw_forest(groups, [make_summary()], layout=layout, notes=["A note below the plot. " * 10])
    assert find_faults(drawing) == []


def test_sixty_studies_with_plain_names_fit_a_page() -> None:
    drawing = draw_forest([ForestGroup(make_studies(60, ["Smith", "Иванов", "García-López"]))], [make_summary()])
    assert check_drawing(drawing) == []


def test_the_texts_are_those_of_the_data() -> None:
    shown = [text for text, _ in read_texts(draw_forest([EXAMPLE], [make_summary("All together")], notes=["A note."]))]
    for expected in (
        "Study",
        "Events",
        "Total",
        "% (95% CI)",
        "Weight",
        "Series",
        "50.0 (15.7 to 84.3)",
        "42.1%",
        "–",
        "45.5 (16.7 to 76.6)",
    ):
        assert expected in shown
    assert "47.4 (24.4 to 71.1)" in shown
    assert "(10.0 to 90.0)" in shown
    assert "Heterogeneity: I² = 58%; τ² = 0.310; Q = 45.20, df = 19 (P < 0.001)" in shown
    assert "A note." in shown
    assert "Proportion, %" in shown


def test_layouts_speak_their_journals_language() -> None:
    revman = [text for text, _ in read_texts(draw_forest([EXAMPLE], [make_summary()], layout="revman"))]
    assert "Study or Subgroup" in revman
    assert "50.0 [15.7, 84.3]" in revman
    jama = [text for text, _ in read_texts(draw_forest([EXAMPLE], [make_summary()], layout="jama"))]
    assert "Source" in jama
    assert "4/8" in jama
    assert "Heterogeneity: I² = 58%; Q = 45.20, df = 19 (P < .001)" in jama


def test_the_area_of_a_square_is_proportional_to_the_weight() -> None:
    figure = draw_forest([EXAMPLE], [make_summary()]).figure
    first, second, third = read_squares(figure)
    areas = [square.get_width() ** 2 for square in (first, second)]
    assert areas[0] / areas[1] == pytest.approx(8 / 11)
    assert third.get_facecolor() == (1.0, 1.0, 1.0, 1.0)


def test_without_weights_all_squares_are_alike_and_there_is_no_column() -> None:
    rows = (make_estimate("Omitting A", 4, 8), make_estimate("Omitting B", 5, 11))
    drawing = draw_forest([ForestGroup(rows)])
    first, second = read_squares(drawing.figure)
    assert first.get_width() == second.get_width()
    assert first.get_facecolor() != (1.0, 1.0, 1.0, 1.0)
    assert "Weight" not in [text for text, _ in read_texts(drawing)]
    assert "square" not in drawing.caption


def test_an_interval_beyond_the_axis_ends_in_an_arrow() -> None:
    whole = draw_forest([EXAMPLE])
    cut = draw_forest([EXAMPLE], limits=(0.2, 0.8))
    assert len(read_shapes(whole.figure, 3)) == 0
    # Two ends of the first study, the lower end of the second, both of the third.
    assert len(read_shapes(cut.figure, 3)) == 5
    assert "Arrows" in cut.caption
    assert "Arrows" not in whole.caption


def test_a_summary_is_a_diamond_over_its_interval() -> None:
    (diamond,) = read_shapes(draw_forest([EXAMPLE], [make_summary()]).figure, 4)
    squares = read_squares(draw_forest([EXAMPLE]).figure)
    xs = sorted(x for x, _ in diamond.get_xy())
    per_unit = (xs[-1] - xs[0]) / (0.711 - 0.244)
    centres = [square.get_x() + square.get_width() / 2 for square in squares]
    assert (centres[0] - centres[1]) == pytest.approx(per_unit * (0.5 - 5 / 11), rel=0.2)


def test_the_caption_names_the_interval_and_what_the_marks_are() -> None:
    drawing = draw_forest([EXAMPLE], [make_summary()], outcome="Clinical response")
    assert drawing.caption == (
        "Clinical response: events of total, percentage with 95% confidence interval (Clopper-Pearson). "
        "The area of a square is proportional to the weight of the study. Open squares: not part of the pooled result. "
        "Diamonds: pooled results with their intervals (Knapp-Hartung). Bars: prediction intervals."
    )
    assert "Series: 4/8 (50.0%; 95% CI 15.7 to 84.3)" in drawing.alt
    assert drawing.title == "Clinical response"


@pytest.mark.parametrize(
    ("sort", "order"),
    [("given", "bca"), ("label", "abc"), ("value", "cab"), ("total", "bca"), ("weight", "abc")],
)
def test_studies_are_sorted_as_asked(sort: SortKey, order: str) -> None:
    rows = [make_estimate("b", 1, 30, 0.2), make_estimate("c", 9, 10, None), make_estimate("a", 4, 8, 0.8)]
    assert "".join(row.label for row in sort_rows(rows, sort)) == order


@pytest.mark.parametrize(
    ("p", "default", "jama"),
    [
        (0.0004, "P < 0.001", "P < .001"),
        (0.0041, "P = 0.004", "P = .004"),
        (0.045, "P = 0.05", "P = .05"),
        (0.999, "P > 0.99", "P > .99"),
    ],
)
def test_p_values(p: float, default: str, jama: str) -> None:
    assert format_p(p, LAYOUTS["default"]) == default
    assert format_p(p, LAYOUTS["jama"]) == jama


def test_heterogeneity_says_only_what_is_known() -> None:
    assert format_heterogeneity(Heterogeneity(i2=0.0), LAYOUTS["default"]) == "Heterogeneity: I² = 0%"
    assert format_heterogeneity(Heterogeneity(), LAYOUTS["default"]) == "Heterogeneity: not estimable"


def test_a_percentage_follows_from_the_counts_not_from_a_binary_fraction() -> None:
    row = Estimate("x", 1, 8, 0.125, 0.0, 0.5, "wilson")
    assert "13 (0 to 50)" in [text for text, _ in read_texts(draw_forest([ForestGroup((row,))], digits=0))]


def test_names_of_methods() -> None:
    assert [name_method(name) for name in ("clopper-pearson", "midp", "REML, Knapp-Hartung")] == [
        "Clopper-Pearson",
        "mid-P",
        "REML, Knapp-Hartung",
    ]


@pytest.mark.parametrize("limits", [(0.5, 0.5), (-0.1, 1.0), (0.0, 100.0)])
def test_senseless_limits_are_refused(limits: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="limits"):
        draw_forest([EXAMPLE], limits=limits)


def test_nothing_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="at least one study"):
        draw_forest([ForestGroup(())])


def test_long_names_are_kept_whole() -> None:
    drawing = draw_forest([ForestGroup(make_studies(5))], [make_summary()])
    shown = "".join(text for text, _ in read_texts(drawing)).replace(" ", "")
    assert all(name.replace(" ", "") in shown for name in LONG)


def test_without_weights_the_largest_study_comes_first() -> None:
    rows = [make_estimate("small", 1, 4), make_estimate("large", 3, 40), make_estimate("middle", 2, 9)]
    assert [row.label for row in sort_rows(rows, "weight")] == ["large", "middle", "small"]
