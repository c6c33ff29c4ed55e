"""Tables of judgements: the appraisal of each study, and the summary of findings with the certainty of the evidence.

Judgements are entered by people; the numbers beside them are computed.

Source: Guyatt G, et al. GRADE guidelines: 1. J Clin Epidemiol 2011;64:383-94 (summary of findings, domains that lower the certainty).
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from review.extraction.certainty import LEVELS
from review.extraction.certainty import Certainty
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

#: Printed where nobody has judged the certainty.
NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class OutcomeFinding:
    """One outcome of a summary of findings.

    `studies` and `patients` are counts, `patients` None where some may be counted twice or their number is not known; `certainty` is None where nobody has judged it. `estimate` is None where nothing was pooled, then
    `result` says it in words. `reasons` maps a domain (risk of bias, inconsistency, indirectness, imprecision, publication bias) to what was
    judged on it and why. `key` is that of the estimate in `values.json`.
    """

    outcome: str
    studies: int
    patients: int | None
    certainty: Certainty | None
    estimate: Estimate | None = None
    result: str = ""
    reasons: Mapping[str, str] | None = None
    key: str = ""


def tabulate_appraisal(
    studies: Sequence[AppraisedStudy],
    items: Sequence[AppraisalItem],
    *,
    tool: str,
    of: int | None = None,
    key: str = "appraisal",
) -> Table:
    """List the judgements of each study, one column per item of the subset in use, and the overall judgement with its reason.

    The items' words are the footnotes. Answers are never added up.

    Args:
        studies: One row each; of one that nobody appraised every judgement is open.
        items: The items of the declared subset.
        tool: Its name, for the caption.
        of: How many items the tool has, where the subset is smaller.
        key: Of the table.

    Raises:
        ValueError: If two items have one key.
    """
    columns = (
        Column("study", "Study"),
        *(Column(item.key, item.mark, "center", (place,)) for place, item in enumerate(items)),
        Column("overall-judgement", "Overall judgement"),
        Column("overall-reason", "Reason"),
    )
    rows = tuple(
        make_row(
            study.label,
            *(study.judgements.get(item.key, "not judged") for item in items),
            study.overall or "not judged",
            study.reason or "none given",
        )
        for study in studies
    )
    marks = ", ".join(item.mark for item in items)
    subset = f"; the declared subset of the tool's {of}" if of is not None and of != len(items) else ""
    caption = f"Appraisal of the included studies with {tool} (items {marks}{subset})."
    return Table(key, caption, columns, rows, tuple(item.text for item in items))


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
        level = finding.certainty
        certainty = Cell(f"{_draw_circles(level)} {level}" if level else NOT_JUDGED, notes=tuple(marks))
        patients = "not given" if finding.patients is None else finding.patients
        rows.append(make_row(finding.outcome, finding.studies, patients, _describe_result(finding), certainty))
    columns = (
        Column("outcome", "Outcome"),
        Column("studies", "Studies", "right"),
        Column("patients", "Patients", "right"),
        Column("result", "Result"),
        Column("certainty", "Certainty of the evidence (GRADE)"),
    )
    return Table("summary-of-findings", "Summary of findings.", columns, tuple(rows), tuple(notes))


def _draw_circles(certainty: Certainty) -> str:
    filled = len(LEVELS) - LEVELS.index(certainty)
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
    return Cell(f"{counts}; {share} ({interval})", estimate.value, key=finding.key)
