"""Two arms compared on a binary outcome: risk ratio, risk difference or odds ratio of each study, and their random-effects result."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from review.errors import PoolError
from review.extraction.tally import Tally
from review.extraction.tally import tally_outcome
from review.findings import Finding
from review.findings import find
from review.model import Study
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
from review.protocol import Analysis
from review.protocol import Outcome
from review.protocol import Protocol

_TITLES = {"risk-ratio": "Risk ratio", "risk-difference": "Risk difference", "odds-ratio": "Odds ratio"}


class Contrast(NamedTuple):
    """An effect on the model's scale (the log of a ratio, or a difference) with its variance and interval there."""

    y: float
    v: float
    ci: Interval


def plan_arms(analysis: Analysis, outcome: Outcome, protocol: Protocol) -> Plan:
    """Say how a comparison of two arms is done.

    Args:
        analysis: Names the two arms and the measure.
        outcome: What is counted.
        protocol: Has the arms' labels.
    """
    first, second = analysis.compare
    labels = [arm.label if (arm := protocol.arm(name)) is not None else name for name in (first, second)]
    is_ratio = analysis.measure != "risk-difference"
    measure = Measure(
        analysis.measure, f"{_TITLES[analysis.measure]} (95% CI)", 2 if is_ratio else 1, is_share=not is_ratio
    )
    scale = ", on the log scale" if is_ratio else ""
    halves = "; half a patient is added to all four cells of a study that has an empty one" if is_ratio else ""
    interval = (
        "Normal intervals of the logarithms"
        if is_ratio
        else "Differences in percentage points, with Newcombe's intervals"
    )
    method = f"{labels[0]} against {labels[1]}. {interval}{halves}. {MODEL}{scale}"

    def fit(rows: Sequence[MeasuredRow]) -> tuple[MeasuredRow | None, float | None, list[Finding]]:
        model, findings = fit_rows(rows)
        if model is None:
            return None, None, findings
        back = math.exp if is_ratio else float
        low, high = model.ci
        figure = Figure(back(model.beta), (back(low), back(high)))
        return MeasuredRow("Random-effects model", None, ("", ""), (figure,)), model.tau2, findings

    def read(study: Study) -> tuple[MeasuredRow | None, list[Finding]]:
        return read_arms(study, outcome, (first, second), analysis.measure)

    return Plan(Layout((f"{labels[0]}, n/N", f"{labels[1]}, n/N"), (measure,), method), read, None, fit)


def read_arms(
    study: Study, outcome: Outcome, arms: tuple[str, str], measure: str
) -> tuple[MeasuredRow | None, list[Finding]]:
    """Return the row of a study: events and patients of both arms from its cases where they are given, else from its counts."""
    tallies = [tally_outcome(study, outcome.name, arm=arm) for arm in arms]
    lacking = [arm for arm, tally in zip(arms, tallies, strict=True) if tally is None]
    if tallies[0] is None or tallies[1] is None:
        if tally_outcome(study, outcome.name) is None:
            return None, [find("POOL-003", f"the sheet of {study.id} has no figure for {outcome.name}")]
        message = f"the sheet of {study.id} has no {outcome.name} of {', '.join(lacking)}"
        return None, [find("POOL-007", message, expected="cases or counts of both arms")]
    first, second = tallies[0], tallies[1]
    unknown = (*first.unknown, *second.unknown)
    findings = []
    if unknown:
        message = f"{outcome.name} of {len(unknown)} of the cases of {study.id} is not known; they are left out"
        findings.append(find("POOL-006", message, ids=unknown))
    basis = (f"{first.events}/{first.total}", f"{second.events}/{second.total}")
    definition = "; ".join(dict.fromkeys(filter(None, (first.definition, second.definition))))
    cases = (*first.cases, *second.cases) if first.cases and second.cases else ()
    effect = _compare(first, second, measure)
    if effect is None:
        message = (
            f"{study.id} has no event, or only events, in both arms: its {_TITLES[measure].lower()} is not defined"
        )
        findings.append(find("POOL-008", message))
        return MeasuredRow(study.label, study, basis, (Figure(None),), None, None, cases, definition), findings
    back = math.exp if measure != "risk-difference" else float
    figure = Figure(back(effect.y), (back(effect.ci[0]), back(effect.ci[1])))
    v = effect.v if effect.v > 0 else None
    return MeasuredRow(study.label, study, basis, (figure,), effect.y, v, cases, definition), findings


def _compare(first: Tally, second: Tally, measure: str) -> Contrast | None:
    return compare_counts(first.events, first.total, second.events, second.total, measure=measure)


def compare_counts(e1: int, n1: int, e2: int, n2: int, *, measure: str, level: float = LEVEL) -> Contrast | None:
    """Compare events of two groups.

    Args:
        e1: Events of the first group, 0..n1.
        n1: Its patients, 1 or more.
        e2: Events of the second group, 0..n2.
        n2: Its patients, 1 or more.
        measure: A name of `review.protocol.MEASURES`.
        level: Of the interval.

    Returns:
        None for a ratio where nobody, or for the odds ratio everybody too, had the event in both groups.

    Raises:
        PoolError: For an unknown measure.

    Source: Cochrane Handbook 6.5, section 10.4; Newcombe 1998, Stat Med 17:873-890, method 10, for the interval of a difference.
    """
    if measure not in _TITLES:
        raise PoolError(f"no measure is called {measure!r}; expected one of {', '.join(_TITLES)}")
    if measure == "risk-difference":
        from statsmodels.stats.proportion import confint_proportions_2indep

        low, high = confint_proportions_2indep(e1, n1, e2, n2, method="newcomb", compare="diff", alpha=1 - level)
        p1, p2 = e1 / n1, e2 / n2
        return Contrast(p1 - p2, p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2, (float(low), float(high)))
    if e1 + e2 == 0 or (measure == "odds-ratio" and e1 + e2 == n1 + n2):
        return None
    cells = (e1, n1 - e1, e2, n2 - e2)
    a, b, c, d = (cell + 0.5 * (0 in cells) for cell in cells)
    if measure == "risk-ratio":
        y, v = math.log(a / (a + b)) - math.log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    else:
        y, v = math.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d
    half = critical_value(level) * math.sqrt(v)
    return Contrast(y, v, (y - half, y + half))
