"""The table of a forest plot has its numbers, and says how they were made."""

from __future__ import annotations

import pytest

from review.reporting.estimates_table import tabulate_estimates
from review.reporting.forest import draw_forest
from review.reporting.forest_rows import ForestGroup
from tests.reporting.estimates import make_estimate
from tests.reporting.estimates import make_summary
from tests.reporting.layout import read_texts
from tests.reporting.test_forest import EXAMPLE


def test_rows_and_footnotes() -> None:
    table = tabulate_estimates(
        "response", "Clinical response.", [ForestGroup(EXAMPLE.rows, "All")], [make_summary()], notes=["A note."]
    )
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["All"],
        ["Series", "4", "8", "50.0 (15.7 to 84.3)", "42.1%"],
        ["Published total", "5", "11", "45.5 (16.7 to 76.6)", "57.9%"],
        ["Single case", "1", "1", "100.0 (2.5 to 100.0)", "–"],
        ["Random effects (REML)", "9", "19", "47.4 (24.4 to 71.1)", "100.0%"],
    ]
    assert table.rows[1].cells[3].value == 0.5
    assert table.footnotes == (
        "95% confidence intervals of the studies: Clopper-Pearson.",
        "Knapp-Hartung. 95% prediction interval 10.0 to 90.0. Heterogeneity: I² = 58%; τ² = 0.310; Q = 45.20, df = 19 (P < 0.001).",
        "A note.",
    )
    assert table.rows[-1].cells[0].notes == (1,)


def test_the_table_and_the_plot_say_the_same() -> None:
    table = tabulate_estimates("t", "", [EXAMPLE], [make_summary()])
    shown = {text for text, _ in read_texts(draw_forest([EXAMPLE], [make_summary()]))}
    assert {cell.text for row in table.rows for cell in row.cells} <= shown


def test_no_column_of_weights_where_there_are_none() -> None:
    table = tabulate_estimates("t", "", [ForestGroup((make_estimate("a", 1, 2),))])
    assert [column.key for column in table.columns] == ["study", "events", "total", "estimate"]


def test_nothing_cannot_be_tabulated() -> None:
    with pytest.raises(ValueError, match="at least one study"):
        tabulate_estimates("t", "", [])
