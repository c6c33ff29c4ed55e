"""Specification curves sort results and show the choices behind each."""

from __future__ import annotations

import itertools

import pytest
from matplotlib.patches import Circle
from matplotlib.patches import Rectangle

from review.reporting.specification import Specification
from review.reporting.specification import draw_specification_curve
from tests.reporting.layout import find_faults
from tests.reporting.layout import read_texts

MODELS = ("random effects (REML)", "common effect", "beta-binomial with a very long name that has to be wrapped")
GRID = tuple(
    Specification({"Model": model, "Interval": interval}, 0.3 + 0.07 * place, 0.1, 0.9, is_main=place == 0)
    for place, (model, interval) in enumerate(itertools.product(MODELS, ("Wilson", "Clopper-Pearson")))
)


@pytest.mark.parametrize("specifications", [GRID, GRID[:1], GRID * 40], ids=["six", "one", "many"])
def test_text_fits(specifications: tuple[Specification, ...]) -> None:
    drawing = draw_specification_curve(specifications)
    assert find_faults(drawing) == []
    assert drawing.width_cm <= 19.06


def test_results_rise_and_each_has_one_choice_of_every_factor() -> None:
    drawing = draw_specification_curve(tuple(reversed(GRID)), outcome="Clinical response")
    circles = [artist for artist in drawing.figure.artists if isinstance(artist, Circle)]
    assert [circle.center[1] for circle in circles] == sorted((circle.center[1] for circle in circles), reverse=True)
    marks = [artist for artist in drawing.figure.artists if isinstance(artist, Rectangle)]
    assert len(marks) == 2 * len(GRID)
    assert {"Model", "Interval", "Wilson", "common effect"} <= {text for text, _ in read_texts(drawing)}
    assert drawing.caption == (
        "Clinical response under 6 specifications, with intervals: 30.0 to 65.0%. A triangle marks the planned analysis."
    )


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        draw_specification_curve([])
    with pytest.raises(ValueError, match="same factors"):
        draw_specification_curve([GRID[0], Specification({"Model": "x"}, 0.1, 0.0, 0.2)])
