"""Summaries of a sheet: statistics of a case field or an outcome over a study's patients, as printed."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from fractions import Fraction

from review.extraction.outcomes import make_field
from review.extraction.plausibility import NOT_REACHED
from review.extraction.plausibility import find_contradictions
from review.extraction.values import check_source
from review.extraction.values import find_factor
from review.extraction.values import read_arm
from review.extraction.values import read_place
from review.extraction.values import tell_range
from review.fields import Fields
from review.findings import find
from review.model import RecordId
from review.model import Summary
from review.numerals import parse_number
from review.protocol import CaseField
from review.protocol import Outcome
from review.protocol import OutcomeType
from review.protocol import Protocol

#: Statistics of a number and how many numbers each has.
STATISTICS = {"mean": 1, "sd": 1, "median": 1, "iqr": 2, "range": 2, "n": 1}

#: Statistics of an outcome by its type; a binary one has counts: instead.
OUTCOME_STATISTICS: Mapping[OutcomeType, Mapping[str, int]] = {
    "binary": {},
    "count": {"n": 1, "events": 1, "person_time": 1},
    "continuous": {"n": 1, "mean": 1, "sd": 1, "median": 1, "iqr": 2, "range": 2},
    "time-to-event": {
        "n": 1, "events": 1, "person_time": 1, "median": 1, "median_ci": 2, "hazard_ratio": 1, "hazard_ratio_ci": 2,
    },
}  # fmt: skip

#: Statistics that are numbers of patients or events.
WHOLE = ("n", "events")
#: Statistics of a time that may not have been reached.
_MAY_BE_UNREACHED = ("median", "median_ci")
#: Statistics in the unit of what is measured, which its limits hold for.
_LIMITED = ("mean", "median", "iqr", "range")


def read_summaries(fields: Fields, protocol: Protocol, names: dict[str, RecordId]) -> Iterator[Summary]:
    """Read `summaries:`; one of an unknown outcome, of another type, or that cannot be is reported and left out."""
    seen: set[tuple[str, str, str]] = set()
    for item in fields.blocks("summaries"):
        name = item.text("outcome", required=True)
        outcome = protocol.outcome(name)
        if outcome is None:
            if name and protocol.is_usable:
                message = f"the outcome {name} is not in the protocol"
                expected = " | ".join(known.name for known in protocol.outcomes)
                item.findings.append(find("EXTRACT-014", message, item.place("outcome"), found=name, expected=expected))
            continue
        if outcome.type == "binary":
            message = f"{name} is a binary outcome; {item.where} is a summary"
            expected = "counts: with events and total"
            item.findings.append(find("EXTRACT-019", message, item.place("outcome"), found=name, expected=expected))
            continue
        summary = _read_summary(item, outcome, protocol, names)
        if summary is None:
            continue
        key = (summary.name, summary.arm, summary.versus)
        if key in seen:
            of_arm = f" of the arm {summary.arm}" if summary.arm else ""
            message = f"the outcome {name}{of_arm} is summarised twice in this sheet"
            item.findings.append(find("EXTRACT-023", message, item.place("outcome"), found=name))
            continue
        seen.add(key)
        yield summary


def read_field_summary(
    item: Fields, name: str, field: CaseField | None, arm: str, names: dict[str, RecordId]
) -> Summary | None:
    """Read the statistics of a case field; None if there is none, or they contradict each other (both reported)."""
    statistics = {key: item.numbers(key, length) for key, length in STATISTICS.items()}
    present = {key: numbers for key, numbers in statistics.items() if numbers}
    source, note = read_place(item, names), item.text("note")
    item.close()
    check_source(source, item, "field")
    if not present:
        if not item.block.keys() & STATISTICS.keys():
            item.refuse("field", f"{name} without a statistic", " | ".join(STATISTICS))
        return None
    summary = Summary(name, present, source, note, item.place("field"), arm=arm)
    return summary if _is_possible(summary, field, item) else None


def _read_summary(item: Fields, outcome: Outcome, protocol: Protocol, names: dict[str, RecordId]) -> Summary | None:
    known = OUTCOME_STATISTICS[outcome.type]
    statistics = {key: _read_numbers(item, key, length, outcome) for key, length in known.items()}
    present = {key: numbers for key, numbers in statistics.items() if numbers}
    arm = read_arm(item, protocol)
    compared = outcome.type == "time-to-event"
    versus = read_arm(item, protocol, "versus") if compared else ""
    unit = item.text("unit") if outcome.unit else ""
    definition, source, note = item.text("definition"), read_place(item, names), item.text("note")
    item.close()
    check_source(source, item, "outcome")
    if not present:
        if not item.block.keys() & known.keys():
            item.refuse("outcome", f"{outcome.name} without a statistic", " | ".join(known))
        return None
    factor = find_factor(unit, outcome, item)
    if factor is None or not _is_compared(item, present, arm, versus):
        return None
    summary = Summary(
        outcome.name,
        present,
        source,
        note,
        item.place("outcome"),
        definition,
        arm,
        versus,
        unit if unit != outcome.unit else "",
        factor,
    )
    return summary if _is_possible(summary, make_field(outcome), item) else None


def _read_numbers(item: Fields, key: str, length: int, outcome: Outcome) -> tuple[str, ...]:
    if key in WHOLE:
        whole = item.integer(key)
        return () if whole is None else (str(whole),)
    if outcome.type == "time-to-event" and key in _MAY_BE_UNREACHED:
        texts = tuple(" ".join(text.split()) for text in item.texts(key))
        if len(texts) == length and NOT_REACHED in texts:
            if all(text == NOT_REACHED or _is_number(text) for text in texts):
                return texts
            item.refuse(key, ", ".join(texts), f"numbers, or {NOT_REACHED}")
            return ()
    return item.numbers(key, length)


def _is_compared(item: Fields, present: Mapping[str, object], arm: str, versus: str) -> bool:
    """Whether a hazard ratio says of which arm it is, against which other one; reported if not."""
    if not present.keys() & {"hazard_ratio", "hazard_ratio_ci"}:
        return True
    if not arm or not versus:
        lacking = "versus" if arm else "arm"
        if lacking not in item.block:
            message = f"{lacking} of {item.where} is missing: a hazard ratio is that of one arm against another"
            item.findings.append(
                find("EXTRACT-002", message, item.place(), expected=f"{lacking}: an arm of the protocol")
            )
        return False
    if arm == versus:
        item.refuse("versus", versus, "another arm than the one compared with it")
    return arm != versus


def _is_possible(summary: Summary, field: CaseField | None, item: Fields) -> bool:
    """Report statistics that contradict each other or the protocol's limits; return whether there are none."""
    problems = list(find_contradictions(summary.statistics))
    if field is not None:
        problems += _find_outside(summary, field)
    for key, problem, expected in problems:
        found = ", ".join(summary.statistics[key])
        message = f"{item.where}: {problem}"
        item.findings.append(find("EXTRACT-025", message, item.place(key), found=found, expected=expected))
    return not problems


def _find_outside(summary: Summary, field: CaseField) -> Iterator[tuple[str, str, str]]:
    low, high = field.low, field.high
    for key in _LIMITED:
        values = [
            parse_number(text) * summary.factor for text in summary.statistics.get(key, ()) if text != NOT_REACHED
        ]
        if any((low is not None and value < low) or (high is not None and value > high) for value in values):
            found = " to ".join(summary.statistics[key])
            yield (
                key,
                f"{key} {found} is outside the range of the protocol",
                f"{tell_range(low, high)} {field.unit}".strip(),
            )


def _is_number(text: str) -> bool:
    try:
        return isinstance(parse_number(text), Fraction)
    except ValueError:
        return False
