from __future__ import annotations

import pytest

from review.numerals import NOT_ESTIMABLE
from review.pooling.measured import Figure
from review.pooling.measured import Measure
from review.reporting.measured import describe_measured
from review.reporting.measured import list_measured_values
from review.reporting.measured import show_figure
from review.reporting.measured import tabulate_measured
from review.reporting.table import render_csv
from tests.pooling.test_measured import SECOND
from tests.pooling.test_measured import run


@pytest.mark.parametrize(
    ("figure", "measure", "text"),
    [
        (Figure(4.75, (3.2, 5)), Measure("mean", "Mean"), "4.75 (3.20 to 5.00)"),
        (Figure(0.5, (0.09, 0.994)), Measure("by", "By", 1, is_share=True), "50.0% (9.0 to 99.4)"),
        (Figure(0.0), Measure("by", "By", 1, is_share=True), "0.0%"),
        (Figure(None), Measure("mean", "Mean"), NOT_ESTIMABLE),
    ],
)
def test_a_figure_is_written_with_its_interval(figure, measure, text):
    assert show_figure(figure, measure) == text


def test_a_table_says_what_its_columns_are_and_how_they_were_made():
    table = tabulate_measured(run("flares"))
    assert [column.title for column in table.columns] == [
        "Study", "Events", "Person-time, months", "Events per 100 months (95% CI)",
    ]  # fmt: skip
    assert [row.kind for row in table.rows] == ["body", "body", "total", "total"]
    assert render_csv(table).splitlines()[1:4] == [
        "s,5,36,13.89 (4.51 to 32.41)",
        "t,12,240,5.00 (2.58 to 8.73)",
        "All together,17,276,6.16 (3.59 to 9.86)",
    ]
    assert "exact Poisson intervals" in table.footnotes[-1]
    assert table.footnotes[-1].endswith("on the log scale; between-study variance 0.380.")
    assert table.footnotes[0] == "From single patients."


def test_every_kind_of_analysis_has_a_table():
    for name, title in (("pain", "Mean, points (95% CI)"), ("relapse", "Event by 12 months (95% CI)"), ("doses", "Risk ratio (95% CI)")):  # fmt: skip
        table = tabulate_measured(run(name))
        assert title in [column.title for column in table.columns]
        assert table.key == f"pooled-{name}"
    assert "High dose against Low dose." in tabulate_measured(run("doses")).footnotes[-1]
    assert "Defined as: on paper." in tabulate_measured(run("pain")).footnotes
    assert tabulate_measured(run("relapse")).footnotes[-1].endswith("; no model is given here.")


def test_a_refusal_and_secondary_evidence_are_said():
    text = (
        SECOND.replace("study: t\n", "study: t\nevidence: secondary\n")
        + "overlap: {overlaps_with: s, why: one centre}\n"
    )
    table = tabulate_measured(run("flares", second=text))
    assert table.caption.endswith("No result of all studies is given: patients may be counted twice.")
    assert "Known only through another publication." in table.footnotes
    assert len(table.rows) == 2


def test_json_has_rows_and_model():
    told = describe_measured(run("pain"))
    assert (told["type"], told["together"], told["refused"]) == ("continuous", None, False)
    first = told["studies"][0]
    assert (first["study"], first["basis"]["Patients"], first["from_cases"]) == ("s", 2, True)
    assert first["figures"]["mean"]["estimate"] == 4.75
    assert set(told["model"]) >= {"figures", "tau2"}
    assert describe_measured(run("relapse"))["model"] is None


def test_every_figure_is_a_value_with_the_patients_behind_it():
    results = [run(name) for name in ("pain", "flares", "relapse", "doses")]
    values = {value.key: value for value in list_measured_values(results)}
    assert values["measured.pain.s.mean"].ids == ("s-1", "s-2")
    assert values["measured.pain.t.mean"].ids == ("t",)
    assert values["measured.pain.model.mean"].ids == ("s", "t")
    assert values["measured.flares.together.rate"].text == "6.16 (3.59 to 9.86)"
    assert (values["measured.relapse.s.by-12"].ci_low, values["measured.relapse.s.by-12"].level) == (None, None)
    assert "measured.relapse.s.by-60" not in values
    assert values["measured.doses.s.risk-ratio"].ids == ("s-1", "s-2", "s-3")
    keys = {cell.key for result in results for row in tabulate_measured(result).rows for cell in row.cells if cell.key}
    assert keys == set(values)
