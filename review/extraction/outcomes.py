"""What a case tells of an outcome: yes or no, a count with its exposure, a number, or a time and whether the event ended it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from review.extraction.slips import suggest_choice
from review.extraction.values import ANSWERS
from review.extraction.values import MISSING
from review.extraction.values import check_observation
from review.extraction.values import convert_number
from review.extraction.values import join_notes
from review.extraction.values import read_observation
from review.extraction.values import read_parts
from review.extraction.values import read_place
from review.extraction.values import split_operator
from review.fields import Fields
from review.findings import find
from review.marked import Block
from review.marked import Text
from review.model import Observation
from review.model import RecordId
from review.numerals import parse_number
from review.protocol import CaseField
from review.protocol import Outcome


def make_field(outcome: Outcome) -> CaseField:
    """Return the field that holds the number of an outcome: the count, the measured value or the time.

    A binary outcome's has the choices yes and no. Counts and times are 0 or more where the protocol says nothing else.
    """
    if outcome.type == "binary":
        return CaseField(outcome.name, outcome.label, "choice", choices=ANSWERS)
    if outcome.type == "continuous":
        return CaseField(
            outcome.name, outcome.label, "number", outcome.unit, outcome.low, outcome.high, units=outcome.units
        )
    low = Fraction(0) if outcome.low is None else outcome.low
    if outcome.type == "count":
        # The unit is that of the exposure; a count has none.
        return CaseField(outcome.name, outcome.label, "integer", "", low, outcome.high)
    return CaseField(outcome.name, outcome.label, "number", outcome.unit, low, outcome.high, units=outcome.units)


def read_answer(fields: Fields, names: dict[str, RecordId], outcome: Outcome) -> Observation | None:
    """Read what a case tells of an outcome, as its type wants it; what is not allowed is reported and gives None."""
    key = outcome.name
    if outcome.type == "binary":
        return _read_word(fields, key, names)
    field = make_field(outcome)
    if outcome.type == "count":
        observation = _read_count(fields, key, names, outcome, field)
    elif outcome.type == "continuous":
        observation = read_observation(fields, key, names, field)
    else:
        observation = _read_time(fields, key, names, outcome)
    return observation if observation is not None and check_observation(observation, field, fields) else None


def _read_word(fields: Fields, key: str, names: dict[str, RecordId]) -> Observation | None:
    observation = read_observation(fields, key, names)
    if observation is None or observation.missing or observation.value in ANSWERS:
        return observation
    fields.refuse(key, observation.value, " | ".join((*ANSWERS, *MISSING)), suggest_choice(observation.value, ANSWERS))
    return None


def _read_count(
    fields: Fields, key: str, names: dict[str, RecordId], outcome: Outcome, field: CaseField
) -> Observation | None:
    node = fields.get(key)
    if not isinstance(node, Block):
        return read_observation(fields, key, names, field)
    inside = fields.below(node, key)
    exposure = _read_exposure(inside, outcome)
    observation = read_parts(inside, names, fields.place(key), field)
    inside.close()
    if observation is None or exposure is None:
        return None
    time, note = exposure
    return replace(observation, exposure=time, note=join_notes(note, observation.note))


def _read_exposure(inside: Fields, outcome: Outcome) -> tuple[str, str] | None:
    """Return the time in which a count was made and what it was read from; empty where it is not said, None where it is wrong."""
    text, unit = inside.text("exposure"), inside.text("unit")
    if not text:
        return "", ""
    if not outcome.unit:
        inside.refuse("exposure", text, f"a unit: of {outcome.name} in the protocol, that it is measured in")
        return None
    try:
        is_time = parse_number(text) > 0
    except ValueError:
        is_time = False
    if not is_time:
        inside.refuse("exposure", text, f"a time above 0, in {outcome.unit}")
        return None
    converted = convert_number(text, unit, outcome, inside)
    return converted and (converted[0], f"exposure {converted[1]}" if converted[1] else "")


def _read_time(fields: Fields, key: str, names: dict[str, RecordId], outcome: Outcome) -> Observation | None:
    node = fields.get(key)
    if node is None:
        return None
    if isinstance(node, Text) or (isinstance(node, Block) and "value" in node):
        # A word for its absence, with its source or without.
        observation = read_observation(fields, key, names)
        if observation is None or observation.missing:
            return observation
        fields.refuse(key, observation.value, f"{{time: 14, event: yes}} in {outcome.unit}, or {', '.join(MISSING)}")
        return None
    if not isinstance(node, Block):
        fields.refuse(key, "a list", "{time: 14, event: yes}")
        return None
    inside = fields.below(node, key)
    time, event = inside.text("time", required=True), inside.text("event", required=True)
    unit, source, note = inside.text("unit"), read_place(inside, names), inside.text("note")
    inside.close()
    if event and event not in ANSWERS:
        inside.refuse(
            "event",
            event,
            "yes, or no where the patient was followed no longer (censored)",
            suggest_choice(event, ANSWERS),
        )
        return None
    if not time or not event:
        return None
    if split_operator(time)[0] != "=":
        message = f"{inside.where}.time is {time!r}: a time to an event has no sign"
        hint = "a patient who was followed for 14 without the event is {time: 14, event: no}"
        inside.findings.append(
            find("EXTRACT-016", message, inside.place("time"), found=time, expected="a number", hint=hint)
        )
        return None
    converted = convert_number(time, unit, outcome, inside)
    if converted is None:
        return None
    value, read_from = converted
    return Observation(
        value=value,
        source=source,
        note=join_notes(read_from, note),
        origin=fields.place(key),
        event="yes" if event == "yes" else "no",
    )
