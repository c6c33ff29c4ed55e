"""Tables of judgements: the appraisal of each study, and the summary of findings with the certainty of the evidence.

Judgements are entered by people; the numbers beside them are computed.

Source: Guyatt G, et al. GRADE guidelines: 1. J Clin Epidemiol 2011;64:383-94 (summary of findings, domains that lower the certainty).
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from review.model import Estimate
from review.numerals import format_count
from review.numerals import format_interval
from review.numerals import format_percent
from review.numerals import format_share
from review.reporting.appraisal import AppraisalItem
from review.reporting.appraisal import AppraisedStudy
from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_row

Certainty = Literal["high", "moderate", "low", "very low"]

#: Filled of four circles, as summaries of findings print the certainty.
_CIRCLES: Mapping[Certainty, int] = {"high": 4, "moderate": 3, "low": 2, "very low": 1}


@dataclass(frozen=True, slots=True)
class OutcomeFinding:
    """One outcome of a summary of findings.

    `studies` and `patients` are counts; `estimate` None where nothing was pooled, then `result` says it in words. `reasons` maps a domain (risk of bias,
    inconsistency, indirectness, imprecision, publication bias) to why it lowers the certainty.
    """

    outcome: str
    studies: int
    patients: int
    certainty: Certainty
    estimate: Estimate | None = None
    result: str = ""
    reasons: Mapping[str, str] | None = None


def tabulate_appraisal(studies: Sequence[AppraisedStudy], items: Sequence[AppraisalItem], *, tool: str) -> Table:
    """List the judgements of each study, one column per item of the subset in use; the items' words are the footnotes.

    Raises:
        ValueError: If two items have one key.
    """
    columns = (
        Column("study", "Study"),
        *(Column(item.key, item.mark, "center", (place,)) for place, item in enumerate(items)),
    )
    rows = tuple(
        make_row(study.label, *(study.judgements.get(item.key, "not judged") for item in items)) for study in studies
    )
    marks = ", ".join(item.mark for item in items)
    caption = f"Appraisal of the included studies with {tool} (items {marks})."
    return Table("appraisal", caption, columns, rows, tuple(item.text for item in items))


def tabulate_findings(findings: Sequence[OutcomeFinding]) -> Table:
    """Make the summary of findings: an outcome per row, its evidence, its result and the certainty with its reasons below."""
    notes: list[str] = []
    rows = []
    for finding in findings:
        marks = []
        for domain, reason in (finding.reasons or {}).items():
            text = f"{domain.capitalize()}: {reason}"
            if text not in notes:
                notes.append(text)
            marks.append(notes.index(text))
        certainty = Cell(f"{_draw_circles(finding.certainty)} {finding.certainty}", notes=tuple(marks))
        rows.append(make_row(finding.outcome, finding.studies, finding.patients, _describe_result(finding), certainty))
    columns = (
        Column("outcome", "Outcome"),
        Column("studies", "Studies", "right"),
        Column("patients", "Patients", "right"),
        Column("result", "Result"),
        Column("certainty", "Certainty of the evidence (GRADE)"),
    )
    return Table("summary-of-findings", "Summary of findings.", columns, tuple(rows), tuple(notes))


def _draw_circles(certainty: Certainty) -> str:
    filled = _CIRCLES[certainty]
    return "⊕" * filled + "◯" * (4 - filled)


def _describe_result(finding: OutcomeFinding) -> Cell:
    estimate = finding.estimate
    if estimate is None:
        return Cell(finding.result or "not pooled")
    interval = format_interval(estimate.ci_low, estimate.ci_high, level=estimate.level)
    counts = f"{format_count(estimate.events)}/{format_count(estimate.total)}"
    if estimate.total > 0 and estimate.value * estimate.total == estimate.events:
        share = format_percent(estimate.events, estimate.total)
    else:
        share = format_share(estimate.value)
    return Cell(f"{counts}; {share} ({interval})", estimate.value)
