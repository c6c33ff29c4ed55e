"""Forest plots of means, rates and comparisons: linear, or logarithmic around one."""

from __future__ import annotations

import pytest
from matplotlib.lines import Line2D

from review.findings import Origin
from review.model import StudyId
from review.pooling.measured import Figure
from review.pooling.measured import Layout
from review.pooling.measured import Measure
from review.pooling.measured import MeasuredResult
from review.pooling.measured import MeasuredRow
from review.protocol import Analysis
from review.protocol import ForestPlan
from review.protocol import Outcome
from review.reporting.axis import LogAxis
from review.reporting.figure import Drawing
from review.reporting.measured_forest import draw_measured
from tests.reporting.layout import find_faults
from tests.reporting.layout import read_texts
from tests.reporting.planned import make_study

RATIO = Measure("odds-ratio", "Odds ratio (95% CI)")
DIFFERENCE = Measure("risk-difference", "Risk difference (95% CI)", 1, is_share=True)
MEAN = Measure("mean", "Mean, mm (95% CI)")
ROWS = (Figure(4.33, (0.39, 48.6)), Figure(0.78, (0.22, 2.7)), Figure(0.17, (1e-7, 4.2)), Figure(None))
MODEL = Figure(0.95, (0.3, 3.0))


def make_measured(
    measure: Measure = RATIO, figures: tuple[Figure, ...] = ROWS, model: Figure | None = MODEL, layout: str = "default"
) -> MeasuredResult:
    plan = ForestPlan(layout, "given")
    origin = Origin("protocol.yaml", 1)
    analysis = Analysis(
        "M", "Comparison", "response", (), together=True, intervals=("wilson",), note="", origin=origin, figure=plan
    )
    rows = tuple(
        MeasuredRow(
            f"Study {place}, with a long name",
            make_study(StudyId(f"study-{place}"), "", 2000),
            ("3/12", "1/14"),
            (figure,),
        )
        for place, figure in enumerate(figures)
    )
    pooled = None if model is None else MeasuredRow("Random-effects model", None, ("", ""), (model,))
    basis = Layout(("Treated, n/N", "Control, n/N"), (measure,), "Method")
    outcome = Outcome("response", "Response", "")
    return MeasuredResult(analysis, outcome, basis, rows, None, pooled, 0.2, is_refused=False, findings=())


def show(drawing: Drawing | None) -> list[str]:
    assert drawing is not None
    return [text for text, _ in read_texts(drawing)]


@pytest.mark.parametrize("layout", ["default", "revman", "jama"])
@pytest.mark.parametrize("width", [None, 241.0, 374.0])
@pytest.mark.parametrize("measure", [RATIO, DIFFERENCE, MEAN], ids=lambda measure: measure.key)
def test_text_fits(measure: Measure, width: float | None, layout: str) -> None:
    drawing = draw_measured(make_measured(measure, layout=layout), width=width)
    assert drawing is not None
    assert find_faults(drawing) == []


def test_a_ratio_stands_on_a_logarithmic_scale_around_one() -> None:
    drawing = draw_measured(make_measured())
    shown = show(drawing)
    assert {"0.01", "1", "Odds ratio", "0.95 (0.30 to 3.00)", "not estimable"} <= set(shown)
    assert "not applicable" not in shown
    assert drawing.caption == "Response: odds ratio with 95% confidence interval. Diamonds: random-effects model."
    dashed = [artist for artist in drawing.figure.artists if isinstance(artist, Line2D) and artist.is_dashed()]
    assert dashed
    assert drawing.alt.startswith("Forest plot. Study 0, with a long name: 4.33 (0.39 to 48.60); ")


def test_a_share_is_printed_in_percent() -> None:
    figures = (Figure(0.18, (-0.1, 0.45)), Figure(-0.06, (-0.33, 0.22)))
    shown = show(draw_measured(make_measured(DIFFERENCE, figures, None)))
    assert {"-20", "0", "20", "40", "Risk difference, %"} <= set(shown)


def test_a_mean_has_no_line_of_no_effect() -> None:
    drawing = draw_measured(make_measured(MEAN, (Figure(4.8, (3.6, 6.0)),), None))
    assert drawing is not None
    assert not [artist for artist in drawing.figure.artists if isinstance(artist, Line2D) and artist.is_dashed()]


def test_without_any_estimate_nothing_is_drawn() -> None:
    assert draw_measured(make_measured(figures=(Figure(None), Figure(None)), model=None)) is None


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(-1.0, 1.0, [0.1, 0.3, 1, 3, 10]), (-0.4, 0.4, [0.5, 1, 2]), (-3, 3, [0.01, 1, 100]), (0.35, 0.4, None)],
)
def test_ratios_have_round_ticks(low: float, high: float, ticks: list[float] | None) -> None:
    found = [10**tick for tick in LogAxis(0, 100, low, high).ticks(6 if ticks != [0.01, 1, 100] else 4)]
    assert found == pytest.approx(ticks or [10**low, 10**high])
