"""What belongs into a sheet, in words: for the template, the schema that editors read, the form and workbooks."""

from __future__ import annotations

from review.extraction.outcomes import make_field
from review.extraction.values import tell_range
from review.protocol import CaseField
from review.protocol import Outcome

#: What each statistic of a summary is.
TELL_STATISTIC = {
    "n": "Patients that the numbers are of",
    "mean": "Mean",
    "sd": "Standard deviation, not standard error",
    "median": "Median",
    "iqr": "First and third quartile",
    "range": "Smallest and largest value",
    "events": "How many events, or patients with the event",
    "person_time": "Exposure or follow-up of all patients together",
    "median_ci": "Limits of the median's 95% confidence interval",
    "hazard_ratio": "Hazard ratio of arm against versus",
    "hazard_ratio_ci": "Limits of the hazard ratio's 95% confidence interval",
}


def tell_field(item: CaseField) -> str:
    """Say what belongs into a field: `Age: number in years, 0 to 110`."""
    return f"{item.label}: {_tell_value(item, item.type)}"


def _tell_value(item: CaseField, kind: str) -> str:
    parts = [kind if item.type != "choice" else " | ".join(item.choices)]
    if item.unit:
        parts[0] += f" in {item.unit}"
    if item.low is not None or item.high is not None:
        parts.append(tell_range(item.low, item.high).replace("..", " to "))
    if item.units:
        parts.append("also in " + ", ".join(name for name, _ in item.units))
    if item.time_point:
        parts.append(f"at {item.time_point}")
    if item.is_required:
        parts.append("required")
    return ", ".join(parts)


def tell_outcome(outcome: Outcome) -> str:
    """Say what an outcome is and how a case tells it: `Pain: on a scale; number in points, 0 to 10`."""
    text = f"{outcome.label}: {outcome.meaning}" if outcome.meaning else outcome.label
    if outcome.type == "binary":
        return f"{text} (derived by the rule: {outcome.rule})" if outcome.rule else text
    field = make_field(outcome)
    at = f", at {outcome.time_point}" if outcome.time_point else ""
    if outcome.type == "continuous":
        return f"{text}; {_tell_value(field, 'number')}{at}"
    if outcome.type == "time-to-event":
        how = "event: no where follow-up ended without it"
        return f"{text}; {{time: 14, event: yes}} with the time as {_tell_value(field, 'number')}; {how}"
    exposure = (
        f", with the exposure in {' or '.join(list_units(outcome))}: {{value: 3, exposure: 12}}" if outcome.unit else ""
    )
    return f"{text}; {_tell_value(field, 'whole number')}{exposure}{at}"


def list_units(item: CaseField | Outcome) -> list[str]:
    """Return the units that a value may have, the one it is kept in first; none where it has no unit."""
    return [item.unit, *(name for name, _ in item.units)] if item.unit else []
