"""Values of case fields: what was typed, against what the protocol allows."""

from __future__ import annotations

import re
from fractions import Fraction

from review.extraction.slips import suggest_mend
from review.extraction.spans import make_date_span
from review.fields import Fields
from review.findings import Origin
from review.findings import find
from review.marked import Block
from review.marked import Text
from review.model import Missing
from review.model import Observation
from review.model import Place
from review.model import RecordId
from review.numerals import format_number
from review.numerals import parse_number
from review.protocol import CaseField
from review.protocol import Outcome
from review.protocol import Protocol

MISSING: tuple[Missing, ...] = ("not reported", "not applicable", "unclear")
OPERATORS = ("=", "<", "<=", ">", ">=", "~")

#: What stands in a new sheet for a value that nobody has read yet.
TO_DO = "to be extracted"

#: The answers of a yes-or-no outcome.
ANSWERS = ("yes", "no")


def find_missing(text: str) -> Missing | None:
    """Return the word for an absent value that the text is, in any case (`Not reported`); None for a value."""
    folded = text.casefold()
    return next((word for word in MISSING if word == folded), None)


def read_place(fields: Fields, names: dict[str, RecordId], key: str = "source") -> Place | None:
    """Read where a figure was read: `source: {record: paper, place: Results, words: "four of eight"}`, or a name alone."""
    node = fields.get(key)
    if node is None:
        return None
    if isinstance(node, Text):
        return Place(names.get(node, RecordId(node)))
    if not isinstance(node, Block):
        fields.refuse(key, "a list", "the name of a source, or record, place and words")
        return None
    inside = fields.below(node, key)
    record = inside.text("record", required=True)
    place = Place(names.get(record, RecordId(record)), inside.text("place"), inside.text("words"))
    inside.close()
    return place


def read_observation(
    fields: Fields, key: str, names: dict[str, RecordId], field: CaseField | None = None
) -> Observation | None:
    """Read one value of a case: plain (`54`, `not reported`) or with its source (`{value: 54, source: ...}`).

    A value in another unit (`{value: 2, unit: years}`) is converted by the factor that the protocol declares for the field.
    """
    node = fields.get(key)
    origin = fields.place(key)
    if node is None:
        return None
    if isinstance(node, Text):
        text = " ".join(node.split())
        if text == TO_DO:
            message = f"{origin.key} is still to be extracted"
            fields.findings.append(find("EXTRACT-045", message, origin, expected=f"a value, or {', '.join(MISSING)}"))
            return None
        missing = find_missing(text)
        if missing:
            return Observation(missing=missing, origin=origin)
        operator, value = split_operator(text)
        return Observation(value=value, op=operator, origin=origin)
    if not isinstance(node, Block):
        fields.refuse(key, "a list", "a value, or value and source")
        return None
    inside = fields.below(node, key)
    observation = read_parts(inside, names, origin, field)
    inside.close()
    return observation


def read_parts(
    inside: Fields, names: dict[str, RecordId], origin: Origin, field: CaseField | None = None
) -> Observation | None:
    """Read the parts of a value with its source, without asking whether there are others; None if it has no value that can be used."""
    text = inside.text("value", required=True)
    operator = inside.choice("op", OPERATORS, "=")
    source = read_place(inside, names)
    note = inside.text("note")
    unit = inside.text("unit") if field is not None and field.unit else ""
    if not text:
        return None
    missing = find_missing(text)
    if missing:
        return Observation(missing=missing, source=source, note=note, origin=origin)
    if field is not None:
        converted = convert_number(text, unit, field, inside)
        if converted is None:
            return None
        text, note = converted[0], join_notes(converted[1], note)
    return Observation(value=text, op=operator, source=source, note=note, origin=origin)


def convert_number(text: str, unit: str, wanted: CaseField | Outcome, inside: Fields) -> tuple[str, str] | None:
    """Return a number in the unit that the protocol wants, and what it was read from (empty where it is in that unit already).

    None, and a finding, where the protocol declares no factor for the unit. A text that is no number stays as it is.
    """
    factor = find_factor(unit, wanted, inside)
    if factor is None:
        return None
    if factor == 1:
        return text, ""
    try:
        value = parse_number(text) * factor
    except ValueError:
        return text, ""
    plain = str(value.numerator) if value.denominator == 1 else format_number(value, 6).rstrip("0").rstrip(".")
    return plain, f"read as {text} {unit}"


def find_factor(unit: str, wanted: CaseField | Outcome, inside: Fields) -> Fraction | None:
    """Return how many of the wanted unit one of this unit is, 1 for no unit; None, and a finding, where the protocol does not say."""
    if not unit or unit == wanted.unit:
        return Fraction(1)
    factor = dict(wanted.units).get(unit)
    if factor is None:
        message = f"{inside.where} is given in {unit}, for which the protocol declares no factor"
        expected = " | ".join((*filter(None, [wanted.unit]), *(name for name, _ in wanted.units))) or "no unit"
        inside.findings.append(find("EXTRACT-043", message, inside.place("unit"), found=unit, expected=expected))
    return factor


def join_notes(*notes: str) -> str:
    """Return one note of several, empty ones left out."""
    return "; ".join(note for note in notes if note)


def read_arm(item: Fields, protocol: Protocol, key: str = "arm") -> str:
    """Read the name of an arm; empty where there is none, or one that the protocol does not define (reported)."""
    name = item.text(key)
    if name == TO_DO:
        message = f"{item.where}.{key} is still to be extracted"
        item.findings.append(find("EXTRACT-045", message, item.place(key), expected="an arm of the protocol"))
        return ""
    if not name or not protocol.is_usable or protocol.arm(name) is not None:
        return name
    message = f"the arm {name} of {item.where} is not in the protocol"
    expected = " | ".join(arm.name for arm in protocol.arms) or "a name under arms: of the protocol"
    item.findings.append(find("EXTRACT-018", message, item.place(key), found=name, expected=expected))
    return ""


def check_source(source: Place | Missing | None, item: Fields, key: str) -> None:
    """Report a figure that does not say where it was read; a word for its absence needs no source."""
    if source is None:
        message = f"{item.where}.{key}".strip(".") + " has no source"
        item.findings.append(
            find("EXTRACT-017", message, item.place(key), expected="source: where the figure was read")
        )


def check_observation(observation: Observation, field: CaseField, fields: Fields) -> bool:
    """Report a value that the protocol does not allow for the field; return whether it is allowed."""
    if observation.missing:
        return True
    problem, expected = _find_problem(observation, field)
    if not problem:
        return True
    origin = observation.origin or Origin(fields.path)
    message = f"{origin.key} is {observation.value!r}: {problem}"
    fields.findings.append(
        find(
            "EXTRACT-016",
            message,
            origin,
            found=observation.value,
            expected=expected,
            hint=suggest_mend(observation.value, field),
        )
    )
    return False


def _find_problem(observation: Observation, field: CaseField) -> tuple[str, str]:
    value = observation.value
    if observation.op != "=" and field.type in ("choice", "date"):
        return f"a {field.type} has no {observation.op}", "the value alone"
    if field.type == "choice":
        return (
            ("", "") if value in field.choices else ("not one of the choices", " | ".join((*field.choices, *MISSING)))
        )
    if field.type == "date":
        try:
            make_date_span(value)
        except ValueError:
            return "not a date", "2019-03-31, 2019-03 or 2019"
        return "", ""
    if field.type == "text":
        return "", ""
    try:
        number = parse_number(value)
    except ValueError:
        hint = "a decimal point, not a comma" if re.fullmatch(r"-?\d+,\d+", value) else "a number"
        return "not a number", f"{hint}, or one of: {', '.join(MISSING)}"
    if field.type == "integer" and number.denominator != 1:
        return "not a whole number", "a whole number"
    if (field.low is not None and number < field.low) or (field.high is not None and number > field.high):
        return "outside the range of the protocol", f"{tell_range(field.low, field.high)} {field.unit}".strip()
    return "", ""


def tell_range(low: Fraction | None, high: Fraction | None) -> str:
    """Write the limits of a number: `0..110`, or `0 or more`; empty without limits."""
    ends = ["" if end is None else format_number(end, 0 if end.denominator == 1 else 2) for end in (low, high)]
    if all(ends):
        return "..".join(ends)
    return f"{ends[0]} or more" if ends[0] else f"{ends[1]} or less" if ends[1] else ""


def split_operator(text: str) -> tuple[str, str]:
    """Return the sign before a value and the value: `>` and `5` of `>5`, `=` and the text itself where there is no sign."""
    match = re.fullmatch(r"(<=|>=|<|>|~)\s*(\S.*)", text)
    return (match.group(1), match.group(2)) if match else ("=", text)
