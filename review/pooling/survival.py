"""Time to response by Kaplan and Meier, where the follow-up of each patient is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from review.errors import PoolError
from review.findings import Finding
from review.findings import find


@dataclass(frozen=True, slots=True)
class Step:
    """The curve from `months` on: patients still without response just before, responses then, and the share who have responded.

    `responded` and its limits are fractions 0..1; the limits are None where nobody, or everybody, has responded.
    """

    months: float
    at_risk: int
    responses: int
    responded: float
    ci: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class TimeToResponse:
    """A Kaplan-Meier curve of the share who have responded.

    `median_months` is None where fewer than half have responded at the end of follow-up.
    """

    patients: int
    responses: int
    steps: tuple[Step, ...]
    median_months: float | None
    findings: tuple[Finding, ...]


def estimate_time_to_response(
    months: Sequence[float], responded: Sequence[bool], *, level: float = 0.95
) -> TimeToResponse:
    """Estimate the share who have responded over time.

    Args:
        months: Time to response, or to the end of follow-up without one; 0 or more.
        responded: Whether the time ends with a response.
        level: Of the intervals, made on the scale log(-log(1 - share)).

    Raises:
        PoolError: For no patients, unequal lengths, or a time that is not a number of 0 or more.

    Source: Kaplan and Meier 1958, JASA 53: 457-481; Kalbfleisch and Prentice, The statistical analysis of failure time
    data, 2002, section 1.4, for the interval.
    """
    from statsmodels.duration.survfunc import SurvfuncRight

    from review.pooling.tails import check_level
    from review.pooling.tails import critical_value

    check_level(level)
    times, status = np.asarray(months, dtype=float), np.asarray(responded, dtype=float)
    if times.size == 0 or times.size != status.size:
        raise PoolError(
            f"{times.size} times and {status.size} outcomes were given; expected one of each for every patient"
        )
    if not (np.isfinite(times) & (times >= 0)).all():
        raise PoolError("a time to response must be 0 months or more")
    responses = int(status.sum())
    if responses == 0:
        text = f"none of {times.size} patients responded during follow-up; there is no curve"
        return TimeToResponse(times.size, 0, (), None, (find("POOL-163", text),))
    curve = SurvfuncRight(times, status)
    reach = critical_value(level)
    steps = []
    parts = zip(curve.surv_times, curve.n_risk, curve.n_events, curve.surv_prob, curve.surv_prob_se, strict=True)
    for time, at_risk, events, stay, se in parts:
        if not events:
            continue
        ci = None
        if 0 < stay < 1:
            spread = reach * se / (stay * abs(np.log(stay)))
            ci = (float(1 - stay ** np.exp(-spread)), float(1 - stay ** np.exp(spread)))
        steps.append(Step(float(time), int(at_risk), int(events), float(1 - stay), ci))
    reached = [step.months for step in steps if step.responded >= 0.5 - 1e-12]
    return TimeToResponse(times.size, responses, tuple(steps), reached[0] if reached else None, ())
