"""The forest plot of a table of counts."""

from __future__ import annotations

import pytest

from review.pooling.planned_models import PlannedCount
from review.pooling.pool import pool_counts
from review.reporting.figure import Drawing
from review.reporting.pooled_forest import draw_pooled
from review.reporting.pooled_forest import summarise_pooled
from tests.reporting.layout import find_faults
from tests.reporting.layout import read_texts

ROWS = [
    PlannedCount(name, events, total, moderators={"region": region})
    for name, events, total, region in (
        ("Smith 2001", 3, 12, "Europe"),
        ("Jones 2003", 7, 20, "Europe"),
        ("Ng 2008", 0, 9, "Asia"),
        ("Tanaka 2010", 11, 31, "Asia"),
        ("Tanaka 2010", 5, 8, "Asia"),
    )
]


def show(drawing: Drawing) -> list[str]:
    return [text for text, _ in read_texts(drawing)]


@pytest.mark.parametrize("layout", ["default", "revman", "jama"])
@pytest.mark.parametrize("by", [None, "region"])
@pytest.mark.parametrize("method", ["REML", "GLMM"])
def test_the_plot_of_a_table_fits(layout, by, method):
    assert find_faults(draw_pooled(pool_counts(ROWS, method=method, by=by), layout=layout)) == []


def test_weights_add_up_over_the_groups():
    result = pool_counts(ROWS, method="REML", by="region")
    shown = show(draw_pooled(result))
    assert {"Asia", "Europe", "Random effects (REML)", "100.0%"} <= set(shown)
    europe = sum(row.weight or 0.0 for row in result.studies[:2])
    assert f"{100 * europe:.1f}%" in shown
    assert any(text.startswith("Between groups: χ² = ") and "df = 1 (P" in text for text in shown)


def test_a_model_of_the_counts_has_no_weights_and_names_its_test():
    shown = show(draw_pooled(pool_counts(ROWS)))
    assert "Weight" not in shown
    assert "Random effects (GLMM)" in shown
    assert any("likelihood-ratio χ²" in text for text in shown)


def test_a_model_without_an_estimate_has_no_diamond():
    result = pool_counts([PlannedCount("A", 0, 3), PlannedCount("B", 3, 3)])
    assert list(summarise_pooled(result)) == []
    assert "100.0 (29.2 to 100.0)" in show(draw_pooled(result))


def test_the_caption_names_the_interval_of_the_studies():
    result = pool_counts(ROWS, ci_study="wilson")
    assert "(Wilson)" in draw_pooled(result, interval="wilson", outcome="Response").caption
