"""Funnel plots place studies by estimate and precision."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matplotlib.patches import Circle
from matplotlib.patches import Polygon

from review.reporting.figure import Drawing
from review.reporting.funnel import FunnelPoint
from review.reporting.funnel import draw_funnel
from tests.reporting.layout import find_faults

POINTS = (
    FunnelPoint("Smith", -1.0, 0.2, 80),
    FunnelPoint("Jones", 0.5, 0.9, 6),
    FunnelPoint("added", -2.5, 0.9, 6, is_filled=True),
)


def read_circles(drawing: Drawing) -> list[Circle]:
    return [artist for artist in drawing.figure.artists if isinstance(artist, Circle)]


@pytest.mark.parametrize("against", ["se", "total"])
@pytest.mark.parametrize("points", [POINTS, POINTS[:1]], ids=["three", "one"])
def test_text_fits(points: tuple[FunnelPoint, ...], against: str) -> None:
    assert find_faults(draw_funnel(points, -0.5, against=against)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("against", ["se", "total"])
def test_the_more_precise_study_stands_higher(against: str) -> None:
    smith, jones, added = read_circles(draw_funnel(POINTS, -0.5, against=against))  # type: ignore[arg-type]
    assert smith.center[1] < jones.center[1]
    assert smith.center[0] < jones.center[0]
    assert jones.center[1] == added.center[1]
    assert added.get_facecolor() == (1.0, 1.0, 1.0, 1.0)


def test_the_region_holds_its_share_around_the_centre() -> None:
    drawing = draw_funnel(POINTS, -0.5)
    (region,) = [artist for artist in drawing.figure.artists if isinstance(artist, Polygon)]
    apex, left, right = region.get_xy()[:3]
    assert (left[0] + right[0]) / 2 == pytest.approx(apex[0])
    smith, jones, _ = read_circles(drawing)
    per_unit = (jones.center[0] - smith.center[0]) / 1.5
    assert (right[0] - apex[0]) / per_unit == pytest.approx(1.959964 * 0.9 * 1.05, rel=1e-5)


def test_caption_and_words() -> None:
    drawing = draw_funnel(POINTS, -0.5, outcome="Clinical response")
    assert drawing.caption.startswith("Funnel plot: Clinical response. Shaded: where 95% of studies")
    assert "Open circles" in drawing.caption
    assert "Smith: -1, standard error 0.2" in drawing.alt
    assert "Open circles" not in draw_funnel(POINTS[:2], -0.5).caption


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        draw_funnel([], 0.0)
    with pytest.raises(ValueError, match="positive"):
        draw_funnel([replace(POINTS[0], se=0.0)], 0.0)


def test_against_patients_the_region_is_that_of_chance() -> None:
    points = [FunnelPoint("Smith", 40.0, 0.0, 100), FunnelPoint("Jones", 10.0, 0.0, 25)]
    drawing = draw_funnel(points, 50.0, against="total", spread=50.0, bounds=(0.0, 100.0))
    assert find_faults(drawing) == []
    (region,) = [artist for artist in drawing.figure.artists if isinstance(artist, Polygon)]
    smith, jones = read_circles(drawing)
    per_unit = (smith.center[0] - jones.center[0]) / 30
    centre = smith.center[0] + 10 * per_unit
    # At the top, 5% above the largest study, the edges stand 1.96 standard errors from the centre.
    top = min(region.get_xy()[:, 1])
    edges = sorted(x for x, y in region.get_xy() if y == pytest.approx(top))
    reach = 1.959964 * 50 / 105**0.5 * per_unit
    assert [edges[0], edges[-1]] == pytest.approx([centre - reach, centre + reach], rel=1e-5)
    assert drawing.caption.startswith("Funnel plot. Shaded: where 95% of studies")
    assert "Shaded" not in draw_funnel(points, 50.0, against="total").caption
