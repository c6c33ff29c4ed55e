"""Judgements of people stand beside computed numbers."""

from __future__ import annotations

from review.model import Estimate
from review.reporting.appraisal import AppraisalItem
from review.reporting.appraisal import AppraisedStudy
from review.reporting.appraisal_table import OutcomeFinding
from review.reporting.appraisal_table import tabulate_appraisal
from review.reporting.appraisal_table import tabulate_findings

ITEMS = (AppraisalItem("selection", "1", "Whole experience"), AppraisalItem("exposure", "2", "Exposure ascertained"))


def test_each_study_has_its_judgements_and_items_are_footnotes() -> None:
    studies = [
        AppraisedStudy("Smith 2014", {"selection": "yes"}, "low concern", "all patients of the centre"),
        AppraisedStudy("Jones 2015", {}),
    ]
    table = tabulate_appraisal(studies, ITEMS, tool="Murad 2018", of=2)
    assert table.caption == "Appraisal of the included studies with Murad 2018 (items 1, 2)."
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Smith 2014", "yes", "not judged", "low concern", "all patients of the centre"],
        ["Jones 2015", "not judged", "not judged", "not judged", "none given"],
    ]
    assert table.footnotes == ("Whole experience", "Exposure ascertained")
    assert table.columns[2].notes == (1,)


def test_a_subset_is_declared_in_the_heading() -> None:
    table = tabulate_appraisal([], ITEMS, tool="Murad 2018", of=8, key="appraisal-murad-2018")
    assert table.key == "appraisal-murad-2018"
    assert table.caption.endswith("(items 1, 2; the declared subset of the tool's 8).")


def test_what_nobody_judged_is_a_visible_gap() -> None:
    table = tabulate_findings([OutcomeFinding("Response", 1, 3, None)])
    assert table.rows[0].cells[4].text == "not judged"


def test_summary_of_findings() -> None:
    pooled = Estimate("All", 9, 19, 9 / 19, 0.244, 0.711, "clopper-pearson")
    model = Estimate("All", 9, 19, 0.45, 0.2, 0.7, "REML")
    table = tabulate_findings(
        [
            OutcomeFinding(
                "Response",
                2,
                19,
                "very low",
                pooled,
                reasons={"imprecision": "19 patients", "risk of bias": "case series"},
            ),
            OutcomeFinding("Radiology", 1, 8, "low", model, reasons={"risk of bias": "case series"}),
            OutcomeFinding("Pain", 1, 3, "moderate", result="improved in all reports"),
            OutcomeFinding("Death", 0, 0, "high"),
        ]
    )
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Response", "2", "19", "9/19; 47.4% (95% CI 24.4 to 71.1)", "⊕◯◯◯ very low"],
        ["Radiology", "1", "8", "9/19; 45.0% (95% CI 20.0 to 70.0)", "⊕⊕◯◯ low"],
        ["Pain", "1", "3", "improved in all reports", "⊕⊕⊕◯ moderate"],
        ["Death", "0", "0", "not pooled", "⊕⊕⊕⊕ high"],
    ]
    assert table.footnotes == ("Imprecision: 19 patients", "Risk of bias: case series")
    assert table.rows[0].cells[4].notes == (0, 1)
    assert table.rows[1].cells[4].notes == (1,)
