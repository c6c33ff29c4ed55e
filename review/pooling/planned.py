"""Planned analyses: for one outcome, a row per study and all studies together, refused where patients may be counted twice."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from functools import cached_property

from review.extraction.overlap_bounds import describe_choices
from review.extraction.patients import find_repeated
from review.extraction.patients import link_cases
from review.extraction.patients import list_shared
from review.extraction.tally import Tally
from review.extraction.tally import tally_outcome
from review.findings import Finding
from review.findings import find
from review.model import Estimate
from review.model import Study
from review.model import StudyId
from review.pooling.intervals import interval
from review.pooling.multiverse import Multiverse
from review.pooling.planned_models import PlannedCount
from review.pooling.planned_models import model_rows
from review.pooling.planned_models import run_planned_multiverse
from review.pooling.pooled import PooledResult
from review.pooling.sensitivity import Variant
from review.pooling.sensitivity import add_each
from review.pooling.sensitivity import leave_each_out
from review.protocol import Analysis
from review.protocol import Outcome

#: Of more studies none is left out in turn: each hardly moves the sum, and every refit takes its time.
MOST_REFITS = 60


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One study in an analysis: what was counted, and the proportion with one interval per method asked for."""

    study: Study
    tally: Tally
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True)
class PlannedResult:
    """What an analysis gives; the models are computed when they are asked for.

    `together` is the sum of the rows with one interval per method: a proportion of all patients that assumes one common
    proportion behind all studies. It is empty where the analysis does not ask for it, has a single row, or where patients may be counted
    twice (`is_refused`).
    """

    analysis: Analysis
    outcome: Outcome | None
    rows: tuple[StudyRow, ...]
    together: tuple[Estimate, ...]
    is_refused: bool
    findings: tuple[Finding, ...]

    @cached_property
    def model(self) -> PooledResult | None:
        """The default model of the rows, beside their sum and with warnings of its own; None where there is no sum."""
        return model_rows(self.counts, level=self.together[0].level) if self.together else None

    @cached_property
    def multiverse(self) -> Multiverse | None:
        """What other defensible choices would have given; None where there is no sum.

        A study known only in total, through another publication, is doubtful: its patients cannot be looked at.
        """
        return run_planned_multiverse(self.counts, level=self.together[0].level) if self.together else None

    @cached_property
    def without(self) -> tuple[Variant, ...]:
        """The model without each study in turn; empty where there is no sum, below three studies and above `MOST_REFITS`."""
        if self.model is None or not 2 < len(self.rows) <= MOST_REFITS:
            return ()
        return leave_each_out(self.counts, self.model)

    @cached_property
    def cumulative(self) -> tuple[Variant, ...]:
        """The model of the first two studies by year, the first three, ...; empty as `without`, or where a year is not known."""
        if self.model is None or not 2 < len(self.rows) <= MOST_REFITS:
            return ()
        if any(row.study.year is None for row in self.rows):
            return ()
        return add_each(self.counts, self.model, order="year")

    @property
    def counts(self) -> list[PlannedCount]:
        """The rows as counts of patients; `year` is their only moderator, left out where it is not known."""
        return [
            PlannedCount(
                row.study.label,
                row.tally.events,
                row.tally.total,
                row.study.evidence == "secondary",
                {"year": str(row.study.year)} if row.study.year else {},
            )
            for row in self.rows
        ]


def pool_planned(analysis: Analysis, studies: Mapping[StudyId, Study], outcome: Outcome | None) -> PlannedResult:
    """Compute one planned analysis.

    Args:
        analysis: What is asked.
        studies: The sheets by study id.
        outcome: The definition of the outcome; None if the protocol lacks it.
    """
    chosen, findings = choose_studies(analysis, studies)
    rows: list[StudyRow] = []
    for study in chosen:
        tally = tally_outcome(study, analysis.outcome)
        if tally is None:
            message = f"the analysis {analysis.name}: the sheet of {study.id} has no figure for {analysis.outcome}"
            findings.append(find("POOL-003", message, study.origin, ids=(study.id,)))
            continue
        if tally.unknown:
            message = (
                f"{analysis.outcome} of {len(tally.unknown)} of the cases of {study.id} is not known; they are left out"
            )
            findings.append(find("POOL-006", message, study.origin, ids=tally.unknown))
        ids = (str(study.id),)
        rows.append(
            StudyRow(study, tally, estimate_all(study.label, tally.events, tally.total, analysis.intervals, ids))
        )
    findings += _compare_definitions(analysis, rows)
    clashes = (
        list(check_double_counting([studies[row.study.id] for row in rows], analysis)) if analysis.together else []
    )
    findings += clashes
    together: tuple[Estimate, ...] = ()
    if analysis.together and len(rows) > 1 and not clashes:
        events, total = (sum(getattr(row.tally, part) for row in rows) for part in ("events", "total"))
        everyone = tuple(str(row.study.id) for row in rows)
        together = estimate_all("All together", events, total, analysis.intervals, everyone)
    return PlannedResult(analysis, outcome, tuple(rows), together, bool(clashes), tuple(findings))


def choose_studies(analysis: Analysis, studies: Mapping[StudyId, Study]) -> tuple[list[Study], list[Finding]]:
    """Return the studies that an analysis names, without the cases that another one of them counts, and what a reader must know.

    Args:
        analysis: What is asked.
        studies: The sheets by study id.
    """
    findings: list[Finding] = []
    chosen: list[Study] = []
    for name in analysis.studies:
        study = studies.get(name)
        if study is None:
            message = f"the analysis {analysis.name} names {name}, which has no sheet"
            expected = " | ".join(sorted(studies)) or "a sheet under extraction/studies"
            findings.append(find("POOL-002", message, analysis.origin, found=name, expected=expected))
        else:
            chosen.append(study)
    chosen, dropped = _drop_repeated_cases(chosen, analysis, studies.values())
    return chosen, findings + dropped


def estimate_all(
    label: str, events: int, total: int, methods: Sequence[str], ids: tuple[str, ...], level: float = 0.95
) -> tuple[Estimate, ...]:
    """Return the proportion once per interval method; see `review.pooling.intervals` for the methods."""
    estimates = []
    for method in methods:
        low, high = interval(events, total, method=method, level=level)
        estimates.append(Estimate(label, events, total, events / total, low, high, method, level, None, ids))
    return tuple(estimates)


def check_double_counting(studies: Sequence[Study], analysis: Analysis) -> Iterator[Finding]:
    """Report the pairs of studies whose patients may be counted twice, unless a sheet says how they overlap.

    It does so with distinct_from, or, where some patients are the same, with same_as at each of these cases.
    """
    for study, overlap, other in list_shared(studies):
        says = "may include the patients of" if overlap.kind == "may-include" else "shares patients with"
        message = f"the analysis {analysis.name} is refused: {study.id} {says} {other.id}, so they may be counted twice"
        hint = "pool one of the two, or rule how they overlap: distinct_from in one of the sheets"
        if overlap.kind == "overlaps-with":
            hint += ", or same_as at each case that both have"
        choices = describe_choices(study, other, analysis.outcome)
        if choices:
            hint += f": {choices}"
        yield find("POOL-001", message, overlap.origin, ids=(study.id, other.id), hint=hint)


def _drop_repeated_cases(
    chosen: Sequence[Study], analysis: Analysis, known: Iterable[Study]
) -> tuple[list[Study], list[Finding]]:
    repeated = find_repeated(chosen, link_cases(known))
    kept: list[Study] = []
    findings: list[Finding] = []
    for study in chosen:
        cases = []
        for case in study.cases:
            home = repeated.get((study.id, case.id))
            if home is None:
                cases.append(case)
            else:
                message = (
                    f"the analysis {analysis.name}: {case.id} of {study.id} is {home[1]} of {home[0]}, counted there"
                )
                findings.append(find("POOL-005", message, case.origin, ids=dict.fromkeys((case.id, home[1]))))
        # Without its repeated cases a sheet's totals no longer say who is in them, so the cases must carry the count.
        whole = len(cases) == len(study.cases)
        kept.append(study if whole else replace(study, cases=tuple(cases), counts=(), summaries=()))
    return kept, findings


def _compare_definitions(analysis: Analysis, rows: Sequence[StudyRow]) -> Iterator[Finding]:
    stated = {row.tally.definition: row.study.id for row in rows if row.tally.definition}
    if len(stated) > 1:
        parts = "; ".join(f"{study}: {definition}" for definition, study in stated.items())
        message = (
            f"the analysis {analysis.name} puts together studies that define {analysis.outcome} differently ({parts})"
        )
        yield find("POOL-004", message, analysis.origin, ids=tuple(stated.values()))
