"""A JSON Schema of the sheets of one review, for editors: completion, hover and red lines as one types.

An editor reads YAML 1.2 with types (`54` is a number, `no` a word), so that each value may be a number or its text. What a schema
cannot say (totals against cases, sources, other sheets) is left to `review check`.

Source: JSON Schema, draft 2020-12; yaml-language-server's `# yaml-language-server: $schema=` line.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping

from review.extraction.appraisal import list_items
from review.extraction.appraisal_tools import TOOLS
from review.extraction.appraisal_tools import Tool
from review.extraction.sheet import FORMAT
from review.extraction.summaries import STATISTICS
from review.extraction.values import ANSWERS
from review.extraction.values import MISSING
from review.extraction.values import OPERATORS
from review.numerals import format_number
from review.protocol import AppraisalPlan
from review.protocol import CaseField
from review.protocol import Outcome
from review.protocol import Protocol

Schema = dict[str, object]

#: A number as text, with an inequality or without.
_NUMBER_TEXT = r"^(<=|>=|<|>|~)?\s*[+-]?(\d+(\.\d*)?|\.\d+)$"
_DATE_TEXT = r"^\d{4}(-\d{2}(-\d{2})?)?$"

_TEXT: Schema = {"type": ["string", "number"]}
_WORDS: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


def make_schema(protocol: Protocol) -> Schema:
    """Return the schema of the sheets that a protocol asks for."""
    fields = {item.name: _make_field(item) for item in protocol.case_fields}
    required = ["case", *(item.name for item in protocol.case_fields if item.is_required)]
    outcomes = {
        item.name: _describe(_make_value({"enum": list(ANSWERS)}), _tell_outcome(item)) for item in protocol.outcomes
    }
    case = _make_object(
        {
            "case": _describe(_TEXT, "The patient's id, unique among all sheets: smith-2014-1"),
            **fields,
            "outcomes": _describe(_make_object(outcomes), "Yes, no, or a word for missing, as the report says it"),
            "same_as": _describe(_TEXT, "The case of another sheet that is the same patient"),
            "note": _TEXT,
        },
        required,
    )
    sheet = {
        "format": {"enum": [FORMAT, int(FORMAT)]},
        "study": _describe({"type": "string"}, "The study's id, which is the file's name"),
        "label": _describe({"type": "string"}, "How tables name the study: Smith 2014"),
        "evidence": _describe(
            {"enum": ["primary", "secondary"]},
            "secondary: known only through another publication, never counted as included",
        ),
        "design": _describe({"type": "string"}, "case report, case series, cohort study, ..."),
        "year": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\d{4}$"}]},
        "reports": _make_list(_make_report()),
        "sources": _make_list(_make_object({"record": _TEXT, "name": _TEXT, "note": _TEXT}, ["record", "name"])),
        "cases": _describe(_make_list(case), "One entry per patient"),
        "counts": _describe(_make_list(_make_count(protocol)), "Totals as reported"),
        "characteristics": _make_list(_make_characteristic(protocol)),
        "overlap": _make_object(
            {"may_include": _WORDS, "overlaps_with": _WORDS, "distinct_from": _WORDS, "why": {"type": "string"}},
            ["why"],
        ),
        "notes": _WORDS,
    }
    appraisals = [_make_appraisal(plan, TOOLS[plan.tool]) for plan in protocol.appraisals if plan.tool in TOOLS]
    if appraisals:
        sheet["appraisal"] = _make_list({"anyOf": appraisals})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Sheet of a study: {protocol.title}",
        **_make_object(sheet, ["format", "study", "reports"]),
    }


def _make_object(properties: Mapping[str, object], required: Iterable[str] = ()) -> Schema:
    schema: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    names = list(required)
    return {**schema, "required": names} if names else schema


def _make_list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _describe(schema: Schema, text: str) -> Schema:
    return {**schema, "description": text}


def _make_source() -> Schema:
    place = {"record": _TEXT, "place": _TEXT, "words": _TEXT}
    return _describe(
        {"anyOf": [{"type": "string"}, _make_object(place, ["record"])]},
        "Where the figure was read: the name of a report or source, or record, place (page, table) and words",
    )


def _make_value(value: Schema, units: Iterable[str] = ()) -> Schema:
    plain: Schema = {"anyOf": [value, {"enum": list(MISSING)}]}
    parts: dict[str, object] = {
        "value": plain,
        "op": {"enum": list(OPERATORS)},
        "source": _make_source(),
        "note": _TEXT,
    }
    if names := list(units):
        parts["unit"] = {"enum": names}
    return {"anyOf": [value, {"enum": list(MISSING)}, _make_object(parts, ["value"])]}


def _make_field(item: CaseField) -> Schema:
    units = [item.unit, *(name for name, _ in item.units)] if item.unit else []
    return _describe(_make_value(_make_plain(item), units), tell_field(item))


def _make_plain(item: CaseField) -> Schema:
    if item.type == "choice":
        # A choice such as 1 is a number to the editor.
        return {
            "enum": [*item.choices, *(int(choice) for choice in item.choices if choice.isascii() and choice.isdigit())]
        }
    if item.type == "date":
        return {
            "anyOf": [{"type": "string", "pattern": _DATE_TEXT}, {"type": "integer", "minimum": 1000, "maximum": 9999}]
        }
    if item.type == "text":
        return dict(_TEXT)
    number: Schema = {"type": item.type}
    if not item.units:
        # A value in another unit has other limits.
        number |= {
            key: int(end) if end.denominator == 1 else float(end)
            for key, end in (("minimum", item.low), ("maximum", item.high))
            if end is not None
        }
    return {"anyOf": [number, {"type": "string", "pattern": _NUMBER_TEXT}]}


def tell_field(item: CaseField) -> str:
    """Say what belongs into a field: `Age: number in years, 0 to 110`."""
    parts = [item.type if item.type != "choice" else " | ".join(item.choices)]
    if item.unit:
        parts[0] += f" in {item.unit}"
    if item.low is not None and item.high is not None:
        low, high = (format_number(end, 0 if end.denominator == 1 else 2) for end in (item.low, item.high))
        parts.append(f"{low} to {high}")
    if item.units:
        parts.append("also in " + ", ".join(name for name, _ in item.units))
    if item.time_point:
        parts.append(f"at {item.time_point}")
    if item.is_required:
        parts.append("required")
    return f"{item.label}: {', '.join(parts)}"


def _tell_outcome(outcome: Outcome) -> str:
    text = f"{outcome.label}: {outcome.response}" if outcome.response else outcome.label
    return f"{text} (derived by the rule: {outcome.rule})" if outcome.rule else text


def _make_report() -> Schema:
    return _make_object(
        {
            "record": _describe(_TEXT, "The record's id as `review records` prints it"),
            "name": _describe(_TEXT, "A short name for use as a source"),
            "role": {"enum": ["main", "companion"]},
            "kind": _describe({"type": "string"}, "conference abstract, preprint, ..."),
        },
        ["record"],
    )


def _make_appraisal(plan: AppraisalPlan, tool: Tool) -> Schema:
    answer: Schema = {"enum": list(tool.answers)}
    with_reason = _make_object({"answer": answer, "reason": _TEXT}, ["answer"])
    answers = {item.key: _describe({"anyOf": [answer, with_reason]}, item.asks) for item in list_items(tool, plan)}
    overall = {"judgement": {"enum": list(tool.judgements)}, "reason": _TEXT}
    return _describe(
        _make_object(
            {
                "tool": {"const": tool.key},
                "by": _TEXT,
                "answers": _make_object(answers),
                "overall": _make_object(overall, ["judgement"]),
            },
            ["tool", "answers"],
        ),
        f"{tool.name} ({tool.citation})",
    )


def _make_count(protocol: Protocol) -> Schema:
    whole: Schema = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\d+$"}]}
    return _make_object(
        {
            "outcome": {"enum": [outcome.name for outcome in protocol.outcomes]},
            "events": whole,
            "total": whole,
            "definition": _describe(_TEXT, "When the report counts a patient as an event, in its own sense"),
            "source": _make_source(),
            "note": _TEXT,
        },
        ["outcome", "events", "total"],
    )


def _make_characteristic(protocol: Protocol) -> Schema:
    number: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _NUMBER_TEXT}]}
    statistics: dict[str, object] = {
        key: number if length == 1 else {"type": "array", "items": number, "minItems": length, "maxItems": length}
        for key, length in STATISTICS.items()
    }
    choices = dict.fromkeys(choice for item in protocol.case_fields for choice in item.choices)
    return _make_object(
        {
            "field": {"enum": [item.name for item in protocol.case_fields]},
            "choice": {"enum": list(choices)},
            "events": {"type": ["integer", "string"]},
            "total": {"type": ["integer", "string"]},
            **statistics,
            "source": _make_source(),
            "note": _TEXT,
        },
        ["field"],
    )
