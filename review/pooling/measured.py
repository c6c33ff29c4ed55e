"""Planned analyses of what is not a single proportion: a row per study with its figures, all together, and the model's result.

What each kind of outcome gives is in `review.pooling.means`, `rates`, `eventtimes` and `arms`; here are the values that they share.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace

from review.findings import Finding
from review.findings import find
from review.model import CaseId
from review.model import Study
from review.model import StudyId
from review.pooling.planned import check_double_counting
from review.pooling.planned import choose_studies
from review.protocol import Analysis
from review.protocol import Outcome

Interval = tuple[float, float]

#: The level of every interval.
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of estimates: `title` says what it is and in which unit, `digits` are the decimals that are printed.

    A share is a fraction 0..1 that is printed as a percentage.
    """

    key: str
    title: str
    digits: int = 2
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """An estimate with its interval; None where the data bear none."""

    value: float | None
    ci: Interval | None = None


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """A study, or all together: what it rests on (one entry per title of `Layout.basis`) and one figure per measure.

    `study` is None for more than one. `y` and `v` are estimate and sampling variance on the model's scale; None where the row cannot be
    weighted. `cases` are the patients that the figures were computed from, empty where they are known only in total.
    """

    label: str
    study: Study | None
    basis: tuple[float | str, ...]
    figures: tuple[Figure, ...]
    y: float | None = None
    v: float | None = None
    cases: tuple[CaseId, ...] = ()
    definition: str = ""

    @property
    def is_from_cases(self) -> bool:
        """Whether the figures were computed from single patients."""
        return bool(self.cases)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of an analysis are headed; `method` says below the table how the figures were made."""

    basis: tuple[str, ...]
    measures: tuple[Measure, ...]
    method: str


@dataclass(frozen=True, slots=True)
class MeasuredResult:
    """What an analysis gives.

    `together` is the patients of all studies as one group, `model` the random-effects model of the rows; each is None where it is not
    asked for, cannot be given, or where patients may be counted twice (`is_refused`). `tau2` is the model's between-study variance, on its own scale.
    """

    analysis: Analysis
    outcome: Outcome
    layout: Layout
    rows: tuple[MeasuredRow, ...]
    together: MeasuredRow | None
    model: MeasuredRow | None
    tau2: float | None
    is_refused: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a kind of analysis does: its layout, the row of a study, all rows as one group, and the model.

    `read` returns None for the row, with findings that say why, where the study has no figure. `add_up` and `fit` get two rows or more; each is None where the kind has no such result.
    """

    layout: Layout
    read: Callable[[Study], tuple[MeasuredRow | None, list[Finding]]]
    add_up: Callable[[Sequence[MeasuredRow]], MeasuredRow | None] | None
    fit: Callable[[Sequence[MeasuredRow]], tuple[MeasuredRow | None, float | None, list[Finding]]] | None


def run_plan(plan: Plan, analysis: Analysis, outcome: Outcome, studies: Mapping[StudyId, Study]) -> MeasuredResult:
    """Compute an analysis: the rows, and what they give together unless patients may be counted twice.

    Args:
        plan: What its kind does.
        analysis: What is asked.
        outcome: What it is of.
        studies: The sheets by study id.
    """
    chosen, findings = choose_studies(analysis, studies)
    rows: list[MeasuredRow] = []
    for study in chosen:
        row, found = plan.read(study)
        findings += [_place(finding, analysis, study) for finding in found]
        if row is not None:
            rows.append(row)
    if not rows:
        message = f"the analysis {analysis.name} has no row: no study has the figures that it needs"
        findings.append(find("POOL-010", message, analysis.origin))
    kept = [row.study for row in rows if row.study is not None]
    clashes = list(check_double_counting([studies[study.id] for study in kept], analysis)) if analysis.together else []
    findings += clashes
    together = model = tau2 = None
    if analysis.together and len(rows) > 1 and not clashes:
        together = plan.add_up(rows) if plan.add_up is not None else None
        if plan.fit is not None:
            model, tau2, found = plan.fit(rows)
            findings += [_place(finding, analysis, None) for finding in found]
    return MeasuredResult(
        analysis, outcome, plan.layout, tuple(rows), together, model, tau2, bool(clashes), tuple(findings)
    )


def _place(finding: Finding, analysis: Analysis, study: Study | None) -> Finding:
    """Say which analysis and study a finding is of, where it does not say so itself."""
    origin = finding.origin or (analysis.origin if study is None else study.origin)
    ids = finding.ids or (() if study is None else (str(study.id),))
    return replace(finding, message=f"the analysis {analysis.name}: {finding.message}", origin=origin, ids=ids)
