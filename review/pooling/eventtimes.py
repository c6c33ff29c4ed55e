"""Times to an event: events over person-time, and the share with the event at stated times by Kaplan and Meier."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from review.findings import Finding
from review.findings import find
from review.model import Observation
from review.model import Study
from review.numerals import parse_number
from review.pooling.means import choose_summaries
from review.pooling.means import list_known
from review.pooling.means import tell_lacking
from review.pooling.means import tell_unknown
from review.pooling.measured import LEVEL
from review.pooling.measured import Figure
from review.pooling.measured import Layout
from review.pooling.measured import Measure
from review.pooling.measured import MeasuredRow
from review.pooling.measured import Plan
from review.pooling.rates import PER
from review.pooling.rates import interval_rate
from review.pooling.survival import estimate_time_to_response
from review.protocol import Outcome


def plan_event_times(outcome: Outcome, times: Sequence[Fraction]) -> Plan:
    """Say how an analysis of times to an event is done.

    Args:
        outcome: What is waited for.
        times: When the share with the event is wanted, in the outcome's unit; empty for the rate alone.
    """
    shares = tuple(
        Measure(f"by-{_show(time)}", f"Event by {_show(time)} {outcome.unit} (95% CI)", 1, is_share=True)
        for time in times
    )
    rate = Measure("rate", f"Events per {PER} {outcome.unit} (95% CI)")
    method = "Rates with exact Poisson intervals"
    if times:
        method += (
            "; shares by Kaplan and Meier from single patients, intervals on the scale log(-log). All together: the patients of all "
            "studies as one group, as if they had one common curve; studies without single patients are in its rate alone"
        )
    layout = Layout(("Patients", "Events", f"Person-time, {outcome.unit}"), (rate, *shares), method)

    def add_up(rows: Sequence[MeasuredRow]) -> MeasuredRow:
        # A row stands for its cases, or for its summary, never for both.
        singles = [
            item
            for row in rows
            if row.study is not None and row.is_from_cases
            for item in list_known(row.study, outcome).values()
        ]
        patients = sum(int(row.basis[0]) for row in rows) if all(row.basis[0] != "" for row in rows) else ""
        events, time = sum(int(row.basis[1]) for row in rows), math.fsum(float(row.basis[2]) for row in rows)
        return MeasuredRow(
            "All together", None, (patients, events, time), (_make_rate(events, time), *estimate_shares(singles, times))
        )

    return Plan(layout, lambda study: read_event_times(study, outcome, times), add_up, None)


def read_event_times(
    study: Study, outcome: Outcome, times: Sequence[Fraction]
) -> tuple[MeasuredRow | None, list[Finding]]:
    """Return the row of a study: from its cases where they are given, else from its summaries, arms added up."""
    known = list_known(study, outcome)
    findings = list(tell_unknown(study, outcome, len(known)))
    if known:
        events = sum(item.event == "yes" for item in known.values())
        over = float(sum((parse_number(item.value) for item in known.values()), Fraction(0)))
        if not over > 0:
            message = f"the cases of {study.id} were followed for no time at all"
            return None, [*findings, find("POOL-007", message, expected="times above 0")]
        figures = (_make_rate(events, over), *estimate_shares(list(known.values()), times))
        return MeasuredRow(study.label, study, (len(known), events, over), figures, cases=tuple(known)), findings
    summaries = choose_summaries(study, outcome.name)
    if not summaries or any(
        key not in summary.statistics for summary in summaries for key in ("events", "person_time")
    ):
        return None, [tell_lacking(study, outcome, summaries, "times of single patients, or events and person_time")]
    events = sum(int(summary.statistics["events"][0]) for summary in summaries)
    over = float(
        sum((parse_number(summary.statistics["person_time"][0]) * summary.factor for summary in summaries), Fraction(0))
    )
    has_n = all("n" in summary.statistics for summary in summaries)
    patients = sum(int(summary.statistics["n"][0]) for summary in summaries) if has_n else ""
    definition = "; ".join(dict.fromkeys(summary.definition for summary in summaries if summary.definition))
    empty = tuple(Figure(None) for _ in times)
    row = MeasuredRow(
        study.label, study, (patients, events, over), (_make_rate(events, over), *empty), definition=definition
    )
    return row, []


def estimate_shares(
    known: Sequence[Observation], times: Sequence[Fraction], *, level: float = LEVEL
) -> tuple[Figure, ...]:
    """Estimate the share with the event by each time.

    A share has no value where everybody left earlier, still without the event for some; no interval where it is 0 or 1.

    Args:
        known: Times of single patients; may be empty.
        times: In the unit of the patients' times.
        level: Of the intervals.

    Source: Kaplan and Meier 1958, JASA 53:457-481; see `review.pooling.survival`.
    """
    if not known or not times:
        return tuple(Figure(None) for _ in times)
    months = [float(parse_number(item.value)) for item in known]
    curve = estimate_time_to_response(months, [item.event == "yes" for item in known], level=level)
    figures = []
    for time in times:
        reached = [step for step in curve.steps if step.months <= time]
        has_all = bool(reached) and reached[-1].ci is None and reached[-1].responded > 0
        if max(months) < time and not has_all:
            figures.append(Figure(None))
        elif reached:
            figures.append(Figure(reached[-1].responded, reached[-1].ci))
        else:
            figures.append(Figure(0.0))
    return tuple(figures)


def _make_rate(events: int, person_time: float) -> Figure:
    low, high = interval_rate(events, person_time)
    return Figure(PER * events / person_time, (PER * low, PER * high))


def _show(time: Fraction) -> str:
    return f"{float(time):g}"
