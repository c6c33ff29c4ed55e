"""Swimmer plots give every case a row, also where its follow-up is not known."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from matplotlib.patches import Rectangle

from review.reporting.swimmer import SwimmerCase
from review.reporting.swimmer import SwimmerEvent
from review.reporting.swimmer import draw_swimmer
from tests.reporting.estimates import LONG
from tests.reporting.layout import find_faults
from tests.reporting.layout import read_texts

CASES = (
    SwimmerCase("Case 1", 24.0, "improved", (SwimmerEvent(0, "cycle"), SwimmerEvent(6, "cycle")), is_ongoing=True),
    SwimmerCase("Case 2", 12.0, "worse", (SwimmerEvent(3, "relapse"),)),
    SwimmerCase("Case 3", None, "not reported"),
)


@pytest.mark.parametrize("count", [3, 60])
def test_text_fits(count: int) -> None:
    cases = [replace(CASES[place % 3], label=f"{LONG[place % 5]} {place}") for place in range(count)]
    assert find_faults(draw_swimmer(cases, outcome="Response of the calcinosis at the end")) == []


def test_a_bar_is_as_long_as_the_followup() -> None:
    drawing = draw_swimmer(CASES)
    first, second = [artist for artist in drawing.figure.artists if isinstance(artist, Rectangle)]
    assert first.get_width() == pytest.approx(2 * second.get_width())
    shown = [text for text, _ in read_texts(drawing)]
    assert "follow-up not reported" in shown
    assert {"improved", "worse", "not reported", "cycle", "relapse"} <= set(shown)
    assert "Case 1: improved, follow-up 24 months, cycle at 0, cycle at 6" in drawing.alt
    assert "Case 3: not reported, follow-up not reported" in drawing.alt


def test_arrows_are_told_where_there_are_any() -> None:
    assert "Arrows" in draw_swimmer(CASES).caption
    assert "Arrows" not in draw_swimmer(CASES[1:]).caption


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one case with a follow-up"):
        draw_swimmer(CASES[2:])
    with pytest.raises(ValueError, match="5 kinds of events"):
        draw_swimmer([replace(CASES[0], events=tuple(SwimmerEvent(1, f"kind {place}") for place in range(5)))])


def test_the_usual_responses_always_look_alike() -> None:
    def read_colours(*responses: str) -> list[tuple[float, ...]]:
        drawing = draw_swimmer([SwimmerCase(str(place), 5.0, each) for place, each in enumerate(responses)])
        return [artist.get_facecolor() for artist in drawing.figure.artists if isinstance(artist, Rectangle)]

    yes, no, unknown = read_colours("yes", "no", "not known")
    assert read_colours("not known", "no", "yes") == [unknown, no, yes]
    # They differ in grey print as well.
    greys = [0.299 * red + 0.587 * green + 0.114 * blue for red, green, blue, _ in (yes, no, unknown)]
    assert min(abs(one - other) for one, other in pairwise(greys)) > 0.1


def test_the_unit_of_time_is_told() -> None:
    drawing = draw_swimmer(CASES[:1], title="Observed", unit="weeks")
    assert "Observed, weeks" in [text for text, _ in read_texts(drawing)]
    assert "follow-up 24 weeks" in drawing.alt
