"""Means of a continuous outcome: of each study with its t interval, and their random-effects mean."""

from __future__ import annotations

import math
from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple

from review.findings import Finding
from review.findings import find
from review.model import CaseId
from review.model import Observation
from review.model import Study
from review.model import Summary
from review.numerals import parse_number
from review.pooling.intervalmodel import MODEL
from review.pooling.intervalmodel import fit_rows
from review.pooling.measured import LEVEL
from review.pooling.measured import Figure
from review.pooling.measured import Interval
from review.pooling.measured import Layout
from review.pooling.measured import Measure
from review.pooling.measured import MeasuredRow
from review.pooling.measured import Plan
from review.pooling.tails import critical_value
from review.protocol import Outcome

_NEEDED = ("n", "mean", "sd")


class Group(NamedTuple):
    """So many patients with this mean and SD (n - 1); `sd` is None for one patient."""

    n: int
    mean: float
    sd: float | None


def plan_means(outcome: Outcome) -> Plan:
    """Say how an analysis of means is done."""
    unit = f", {outcome.unit}" if outcome.unit else ""
    method = f"Means with t intervals. {MODEL}; it estimates the mean of the studies' means"
    return Plan(
        Layout(("Patients", "SD"), (Measure("mean", f"Mean{unit} (95% CI)"),), method),
        lambda study: read_mean(study, outcome),
        None,
        _fit,
    )


def read_mean(study: Study, outcome: Outcome) -> tuple[MeasuredRow | None, list[Finding]]:
    """Return the row of a study: from its cases where they are given, else from its summaries, arms combined."""
    known = list_known(study, outcome)
    exact = {case: item for case, item in known.items() if item.op in ("=", "~")}
    findings = list(tell_unknown(study, outcome, len(known)))
    if len(exact) < len(known):
        message = f"{outcome.name} of {len(known) - len(exact)} of the cases of {study.id} is an inequality; they are left out"
        findings.append(find("POOL-009", message))
    if exact:
        values = [float(parse_number(item.value)) for item in exact.values()]
        mean = math.fsum(values) / len(values)
        sd = (
            math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
            if len(values) > 1
            else None
        )
        return _make_row(study, Group(len(values), mean, sd), cases=tuple(exact)), findings
    summaries = choose_summaries(study, outcome.name)
    groups = [group for summary in summaries if (group := _read_group(summary)) is not None]
    if not groups or len(groups) < len(summaries):
        return None, [*findings, tell_lacking(study, outcome, summaries, "n, mean and sd")]
    definition = "; ".join(dict.fromkeys(summary.definition for summary in summaries if summary.definition))
    return _make_row(study, combine_groups(groups), definition=definition), findings


def list_known(study: Study, outcome: Outcome) -> dict[CaseId, Observation]:
    """Return what the cases of a study tell of an outcome, those that tell nothing left out."""
    answers = ((case.id, case.outcomes.get(outcome.name)) for case in study.cases)
    return {case: answer for case, answer in answers if answer is not None and not answer.missing}


def tell_unknown(study: Study, outcome: Outcome, known: int) -> Iterator[Finding]:
    """Say how many cases are left out since their answer is not known; nothing where none is known."""
    unknown = len(study.cases) - known
    if known and unknown:
        message = f"{outcome.name} of {unknown} of the cases of {study.id} is not known; they are left out"
        yield find("POOL-006", message)


def choose_summaries(study: Study, outcome: str) -> list[Summary]:
    """Return a study's summary of all its patients, else those of its arms."""
    own = [summary for summary in study.summaries if summary.name == outcome and not summary.versus]
    return [summary for summary in own if not summary.arm] or own


def tell_lacking(study: Study, outcome: Outcome, summaries: Sequence[Summary], needed: str) -> Finding:
    """Say that a study has no figure for the outcome, or not those that are needed."""
    if not summaries:
        return find("POOL-003", f"the sheet of {study.id} has no figure for {outcome.name}")
    given = ", ".join(dict.fromkeys(key for summary in summaries for key in summary.statistics))
    message = f"the sheet of {study.id} gives {given} of {outcome.name}"
    return find("POOL-007", message, summaries[0].origin, found=given, expected=needed)


def combine_groups(groups: Sequence[Group]) -> Group:
    """Combine groups of patients into one, exactly.

    Args:
        groups: One or more; those of several patients have an SD.

    Source: Cochrane Handbook for Systematic Reviews of Interventions 6.5, table 6.5.a.
    """
    n = sum(group.n for group in groups)
    mean = math.fsum(group.n * group.mean for group in groups) / n
    within = math.fsum((group.n - 1) * (group.sd or 0.0) ** 2 for group in groups)
    between = math.fsum(group.n * (group.mean - mean) ** 2 for group in groups)
    return Group(n, mean, math.sqrt((within + between) / (n - 1)) if n > 1 else None)


def interval_mean(group: Group, level: float = LEVEL) -> Interval | None:
    """Return Student's interval of a mean; None for one patient."""
    if group.sd is None:
        return None
    half = critical_value(level, group.n - 1) * group.sd / math.sqrt(group.n)
    return group.mean - half, group.mean + half


def _read_group(summary: Summary) -> Group | None:
    if any(key not in summary.statistics for key in _NEEDED):
        return None
    n = int(summary.statistics["n"][0])
    mean, sd = (float(parse_number(summary.statistics[key][0]) * summary.factor) for key in ("mean", "sd"))
    return Group(n, mean, sd if n > 1 else None)


def _make_row(study: Study, group: Group, *, cases: tuple[CaseId, ...] = (), definition: str = "") -> MeasuredRow:
    weighs = group.sd is not None and group.sd > 0
    return MeasuredRow(
        study.label,
        study,
        (group.n, "not estimable" if group.sd is None else group.sd),
        (Figure(group.mean, interval_mean(group)),),
        group.mean,
        group.sd**2 / group.n if weighs and group.sd is not None else None,
        cases,
        definition,
    )


def _fit(rows: Sequence[MeasuredRow]) -> tuple[MeasuredRow | None, float | None, list[Finding]]:
    model, findings = fit_rows(rows)
    if model is None:
        return None, None, findings
    patients = sum(int(row.basis[0]) for row in rows if row.v is not None)
    return (
        MeasuredRow("Random-effects model", None, (patients, ""), (Figure(model.beta, model.ci),)),
        model.tau2,
        findings,
    )
