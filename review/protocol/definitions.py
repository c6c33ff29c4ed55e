"""The parts of a protocol that define what sheets hold: time points, arms, case fields and outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from review.fields import Fields
from review.numerals import parse_number
from review.protocol.plan import OUTCOME_TYPES
from review.protocol.plan import ROLES
from review.protocol.plan import Arm
from review.protocol.plan import CaseField
from review.protocol.plan import Direction
from review.protocol.plan import FieldType
from review.protocol.plan import Outcome
from review.protocol.plan import OutcomeType
from review.protocol.plan import TimePoint

#: Keys that only a binary outcome has, and those that it does not have.
_ONLY_BINARY = ("response", "rule", "alternative_rules")
_ONLY_NUMBERS = ("definition", "unit", "range", "units")

#: What an outcome of each type says instead.
_WANTED: dict[OutcomeType, str] = {
    "binary": "response: in words when a patient counts, and type: count | continuous | time-to-event for numbers",
    "count": "definition: in words what is counted; rules are for binary outcomes",
    "continuous": "definition: in words what is measured; rules are for binary outcomes",
    "time-to-event": "definition: in words what the event is; rules are for binary outcomes",
}


def read_time_point(name: str, item: Fields) -> TimePoint:
    """Read a time point: its label and the event that it is counted from."""
    time = TimePoint(name, item.text("label", name.replace("_", " ")), item.text("after", required=True))
    item.close()
    return time


def _read_time(item: Fields, times: tuple[str, ...]) -> str:
    time = item.text("time_point")
    if time and time not in times:
        item.refuse("time_point", time, " | ".join(times) or "a name under time_points:")
        return ""
    return time


def _read_units(item: Fields) -> Iterator[tuple[str, Fraction]]:
    inside = item.fields("units")
    if inside is None:
        return
    for name in inside.block:
        text = inside.text(name)
        number, _, divisor = text.partition("/")
        try:
            factor = parse_number(number) / (parse_number(divisor) if divisor else 1)
        except (ValueError, ZeroDivisionError):
            factor = Fraction(0)
        if factor > 0:
            yield name, factor
        elif text:
            inside.refuse(name, text, "a number above 0, such as 12 or 1/7")


def read_arm(name: str, item: Fields) -> Arm:
    """Read an arm: its label, interventions and dose."""
    arm = Arm(
        name,
        item.text("label", name.replace("_", " ")),
        tuple(" ".join(text.split()) for text in item.texts("interventions")),
        item.text("dose"),
        item.place(),
    )
    item.close()
    return arm


def read_case_field(name: str, item: Fields, times: tuple[str, ...]) -> CaseField:
    """Read a case field; a range the wrong way round, choices or units that cannot be used are refused."""
    kind = item.choice("type", ("number", "integer", "choice", "text", "date"), "text", required=True)
    low, high = _read_range(item)
    field = CaseField(
        name=name,
        label=item.text("label", name.replace("_", " ")),
        type=cast("FieldType", kind),
        unit=item.text("unit"),
        low=low,
        high=high,
        choices=tuple(str(choice) for choice in item.texts("choices")),
        units=tuple(_read_units(item)),
        is_required=item.flag("required"),
        time_point=_read_time(item, times),
        role=item.choice("role", ROLES),
    )
    item.close()
    if field.role and (kind not in {"number", "integer"} or not field.unit):
        item.refuse("role", field.role, "a number with a unit:")
    if kind == "choice" and not field.choices:
        item.refuse("choices", "empty", "a list of the words that may stand there")
    if field.units and (kind != "number" or not field.unit):
        item.refuse("units", "given", "a number with a unit: that they are converted to")
    return field


def read_outcome(name: str, item: Fields, times: tuple[str, ...]) -> Outcome:
    """Read an outcome; what does not belong to its type is refused."""
    kind = cast("OutcomeType", item.choice("type", OUTCOME_TYPES, "binary"))
    alternatives = item.fields("alternative_rules")
    rules = tuple((key, alternatives.text(key)) for key in alternatives.block) if alternatives else ()
    rule, is_binary = item.text("rule"), kind == "binary"
    low, high = _read_range(item)
    better = item.choice("better", ("lower", "higher"))
    outcome = Outcome(
        name=name,
        label=item.text("label", name.replace("_", " ")),
        response=item.text("response"),
        origin=item.place(),
        rule=rule if is_binary else "",
        alternatives=rules if is_binary else (),
        rule_origin=item.place("rule"),
        time_point=_read_time(item, times),
        type=kind,
        definition=item.text("definition"),
        unit=item.text("unit", required=kind == "time-to-event"),
        low=low,
        high=high,
        units=tuple(_read_units(item)),
        better=cast("Direction", better) if better else None,
    )
    item.close()
    _check_outcome(outcome, item)
    return outcome


def _check_outcome(outcome: Outcome, item: Fields) -> None:
    unwanted = _ONLY_NUMBERS if outcome.type == "binary" else _ONLY_BINARY
    for key in unwanted:
        if key in item.block:
            item.refuse(key, f"given for a {outcome.type} outcome", _WANTED[outcome.type])
    if outcome.units and not outcome.unit:
        item.refuse("units", "given", "a unit: that they are converted to")
    if outcome.type in ("count", "time-to-event") and outcome.low is not None and outcome.low < 0:
        item.refuse("range", str(outcome.low), "0 or more")


def _read_range(item: Fields) -> tuple[Fraction | None, Fraction | None]:
    span = item.numbers("range", 2)
    if not span:
        return None, None
    low, high = parse_number(span[0]), parse_number(span[1])
    if low > high:
        item.refuse("range", ", ".join(span), "the lower number first")
    return low, high
