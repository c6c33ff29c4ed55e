"""Rates of counted events over person-time: of each study with its exact interval, of all together, and their random-effects rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.model import CaseId
from review.model import Study
from review.numerals import parse_number
from review.pooling.intervalmodel import MODEL
from review.pooling.intervalmodel import fit_rows
from review.pooling.means import choose_summaries
from review.pooling.means import list_known
from review.pooling.means import tell_lacking
from review.pooling.means import tell_unknown
from review.pooling.measured import LEVEL
from review.pooling.measured import Figure
from review.pooling.measured import Interval
from review.pooling.measured import Layout
from review.pooling.measured import Measure
from review.pooling.measured import MeasuredRow
from review.pooling.measured import Plan
from review.pooling.tails import check_level
from review.pooling.tails import chi_squared_quantile
from review.protocol import Outcome

_NEEDED = ("events", "person_time")

#: Rates are given per so many units of person-time.
PER = 100


def plan_rates(outcome: Outcome) -> Plan:
    """Say how an analysis of rates is done."""
    title = f"Events per {PER} {outcome.unit or 'units of person-time'} (95% CI)"
    method = (
        "Rates with exact Poisson intervals. All together: the events over the person-time of all studies, as if they had one common rate. "
        f"{MODEL}, on the log scale"
    )
    return Plan(
        Layout(
            ("Events", f"Person-time, {outcome.unit}" if outcome.unit else "Person-time"),
            (Measure("rate", title),),
            method,
        ),
        lambda study: read_rate(study, outcome),
        _add_up,
        _fit,
    )


def read_rate(study: Study, outcome: Outcome) -> tuple[MeasuredRow | None, list[Finding]]:
    """Return the row of a study: from its cases where they are given, else from its summaries, arms added up."""
    known = list_known(study, outcome)
    usable = {case: item for case, item in known.items() if item.op == "=" and item.exposure}
    findings = list(tell_unknown(study, outcome, len(known)))
    if known and len(usable) < len(known):
        message = f"{len(known) - len(usable)} of the cases of {study.id} have no exact {outcome.name} with its exposure; they are left out"
        findings.append(find("POOL-009", message))
    if usable:
        events = sum((parse_number(item.value) for item in usable.values()), Fraction(0))
        time = sum((parse_number(item.exposure) for item in usable.values()), Fraction(0))
        return _make_row(study.label, study, int(events), float(time), cases=tuple(usable)), findings
    summaries = choose_summaries(study, outcome.name)
    if not summaries or any(key not in summary.statistics for summary in summaries for key in _NEEDED):
        return None, [*findings, tell_lacking(study, outcome, summaries, "events and person_time")]
    total = sum(int(summary.statistics["events"][0]) for summary in summaries)
    over = sum(
        (parse_number(summary.statistics["person_time"][0]) * summary.factor for summary in summaries), Fraction(0)
    )
    definition = "; ".join(dict.fromkeys(summary.definition for summary in summaries if summary.definition))
    return _make_row(study.label, study, total, float(over), definition=definition), findings


def interval_rate(events: int, person_time: float, level: float = LEVEL) -> Interval:
    """Return the exact interval of a Poisson rate; its lower limit is 0 without events.

    Args:
        events: 0 or more.
        person_time: Above 0.
        level: Confidence level between 0 and 1.

    Raises:
        PoolError: For fewer events than none, no person-time, or an impossible level.

    Source: Garwood 1936, Biometrika 28:437-442.
    """
    check_level(level)
    if events < 0 or not person_time > 0:
        raise PoolError(f"{events} events in {person_time} of person-time give no rate")
    tail = (1 - level) / 2
    low = chi_squared_quantile(tail, 2 * events) / 2 if events else 0.0
    return low / person_time, chi_squared_quantile(1 - tail, 2 * events + 2) / 2 / person_time


def _make_row(
    label: str, study: Study | None, events: int, time: float, *, cases: tuple[CaseId, ...] = (), definition: str = ""
) -> MeasuredRow:
    low, high = interval_rate(events, time)
    return MeasuredRow(
        label,
        study,
        (events, time),
        (Figure(PER * events / time, (PER * low, PER * high)),),
        math.log(PER * events / time) if events else None,
        1 / events if events else None,
        cases,
        definition,
    )


def _add_up(rows: Sequence[MeasuredRow]) -> MeasuredRow:
    return _make_row(
        "All together", None, sum(int(row.basis[0]) for row in rows), math.fsum(float(row.basis[1]) for row in rows)
    )


def _fit(rows: Sequence[MeasuredRow]) -> tuple[MeasuredRow | None, float | None, list[Finding]]:
    without = [row.label for row in rows if row.v is None]
    if without:
        # Leaving out the studies without events would make the rate too high.
        message = (
            f"{', '.join(without)} has no event, so that its log rate has no variance; the rate of all together stands"
        )
        return None, None, [find("POOL-008", message)]
    model, findings = fit_rows(rows)
    if model is None:
        return None, None, findings
    low, high = model.ci
    figure = Figure(math.exp(model.beta), (math.exp(low), math.exp(high)))
    basis = (sum(int(row.basis[0]) for row in rows), math.fsum(float(row.basis[1]) for row in rows))
    return MeasuredRow("Random-effects model", None, basis, (figure,)), model.tau2, findings
