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
from review.extraction.outcomes import make_field
from review.extraction.plausibility import NOT_REACHED
from review.extraction.sheet import FORMAT
from review.extraction.summaries import OUTCOME_STATISTICS
from review.extraction.summaries import STATISTICS
from review.extraction.summaries import WHOLE
from review.extraction.values import ANSWERS
from review.extraction.values import MISSING
from review.extraction.values import OPERATORS
from review.extraction.wording import TELL_STATISTIC
from review.extraction.wording import list_units
from review.extraction.wording import tell_field
from review.extraction.wording import tell_outcome
from review.protocol import AppraisalPlan
from review.protocol import CaseField
from review.protocol import Outcome
from review.protocol import Protocol

Schema = dict[str, object]

#: A number as text, with an inequality or without.
_NUMBER_TEXT = r"^(<=|>=|<|>|~)?\s*[+-]?(\d+(\.\d*)?|\.\d+)$"
_DATE_TEXT = r"^\d{4}(-\d{2}(-\d{2})?)?$"

_TEXT: Schema = {"type": ["string", "number"]}
_NOTE: Schema = {**_TEXT, "description": "Anything that a reader should know"}

#: Numbers and dates as text. The message is a word of the editors' own, which other validators leave alone.
_NUMBER_AS_TEXT: Schema = {
    "type": "string",
    "pattern": _NUMBER_TEXT,
    "patternErrorMessage": f"Expected a number with a decimal point, such as 54, < 20 or 5.5, or one of: {', '.join(MISSING)}",
}
_DATE_AS_TEXT: Schema = {
    "type": "string",
    "pattern": _DATE_TEXT,
    "patternErrorMessage": f"Expected a date as 2019-03-31, 2019-03 or 2019, or one of: {', '.join(MISSING)}",
}
_NUMBER: Schema = {"anyOf": [{"type": "number"}, _NUMBER_AS_TEXT]}
_WHOLE: Schema = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\d+$"}]}
_WORDS: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


def make_schema(protocol: Protocol) -> Schema:
    """Return the schema of the sheets that a protocol asks for."""
    fields = {item.name: _make_field(item) for item in protocol.case_fields}
    required = ["case", *(item.name for item in protocol.case_fields if item.is_required)]
    outcomes = {
        item.name: {"title": item.label, **_describe(_make_answer(item), tell_outcome(item))}
        for item in protocol.outcomes
    }
    case = _make_object(
        {
            "case": _describe(_TEXT, "The patient's id, unique among all sheets: smith-2014-1"),
            **fields,
            **_make_arm(protocol),
            "outcomes": _describe(
                _make_object(outcomes), "What the report says of each outcome, or a word for missing"
            ),
            **_make_treatments(protocol),
            "same_as": _describe(_TEXT, "The case of another sheet that is the same patient"),
            "note": _NOTE,
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
        "year": _describe(
            {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\d{4}$"}]},
            "The year of the main report",
        ),
        "reports": _describe(_make_list(_make_report()), "The documents of the study, the main one first"),
        "sources": _describe(
            _make_list(_make_object({"record": _TEXT, "name": _TEXT, "note": _NOTE}, ["record", "name"])),
            "Other documents that figures were read in, by a short name",
        ),
        "cases": _describe(_make_list(case), "One entry per patient"),
        "counts": _describe(_make_list(_make_count(protocol)), "Totals of binary outcomes as reported"),
        **_make_summaries(protocol),
        **_make_treatment_counts(protocol),
        "characteristics": _describe(
            _make_list(_make_characteristic(protocol)), "Case fields summed up over the patients, as reported"
        ),
        "overlap": _describe(
            _make_object(
                {
                    "may_include": _describe(_WORDS, "Studies whose patients the totals may contain"),
                    "overlaps_with": _describe(_WORDS, "Studies that share some of the patients"),
                    "distinct_from": _describe(_WORDS, "Studies that share no patient, though it may look so"),
                    "why": _describe({"type": "string"}, "Where it is said, or how it is known"),
                },
                ["why"],
            ),
            "Patients that another study may have, too",
        ),
        "notes": _describe(_WORDS, "Anything that a reader of the whole sheet should know"),
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


def _make_value(value: Schema, units: Iterable[str] = (), others: Mapping[str, object] | None = None) -> Schema:
    plain: Schema = {"anyOf": [value, {"enum": list(MISSING)}]}
    parts: dict[str, object] = {
        "value": plain,
        "op": _describe(
            {"enum": list(OPERATORS)}, "The sign before the number, where the report gives a limit; ~ is about"
        ),
        "source": _make_source(),
        "note": _NOTE,
        **(others or {}),
    }
    if names := list(units):
        parts["unit"] = {"enum": names}
    with_source = {"title": "value with its source", **_make_object(parts, ["value"])}
    return {"anyOf": [value, {"enum": list(MISSING)}, with_source]}


def _make_field(item: CaseField) -> Schema:
    return {"title": item.label, **_describe(_make_value(_make_plain(item), list_units(item)), tell_field(item))}


def _make_plain(item: CaseField) -> Schema:
    if item.type == "choice":
        # A choice such as 1 is a number to the editor.
        return {
            "enum": [*item.choices, *(int(choice) for choice in item.choices if choice.isascii() and choice.isdigit())]
        }
    if item.type == "date":
        return {"anyOf": [_DATE_AS_TEXT, {"type": "integer", "minimum": 1000, "maximum": 9999}]}
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
    return {"anyOf": [number, _NUMBER_AS_TEXT]}


def _make_answer(outcome: Outcome) -> Schema:
    if outcome.type == "binary":
        return _make_value({"enum": list(ANSWERS)})
    field = make_field(outcome)
    if outcome.type == "continuous":
        return _make_value(_make_plain(field), list_units(outcome))
    if outcome.type == "count":
        return _make_value(
            _make_plain(field),
            list_units(outcome),
            {"exposure": _describe(_NUMBER, _tell_exposure(outcome))} if outcome.unit else {},
        )
    words: Schema = {"enum": list(MISSING)}
    absent = _make_object({"value": words, "source": _make_source(), "note": _NOTE}, ["value"])
    units: dict[str, object] = {"unit": {"enum": list_units(outcome)}}
    time = _make_object(
        {
            "time": _describe(_make_plain(field), f"Until the event, or until follow-up ended, in {outcome.unit}"),
            "event": _describe({"enum": list(ANSWERS)}, "yes: the event ended the time; no: follow-up did (censored)"),
            **units,
            "source": _make_source(),
            "note": _NOTE,
        },
        ["time", "event"],
    )
    return {"anyOf": [words, time, absent]}


def _tell_exposure(outcome: Outcome) -> str:
    return f"The time in which it was counted (person-time), in {outcome.unit}"


def _make_arm(protocol: Protocol) -> dict[str, object]:
    """Return the key `arm`; none where the protocol has no arms."""
    if not protocol.arms:
        return {}
    told = "; ".join(
        f"{arm.name}: {', '.join(part for part in (arm.label, *arm.interventions, arm.dose) if part)}"
        for arm in protocol.arms
    )
    return {"arm": _describe({"enum": [arm.name for arm in protocol.arms]}, f"The arm of the protocol. {told}")}


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


def _make_treatments(protocol: Protocol) -> dict[str, object]:
    """Return the key of a case for the agents that were tried; none where the protocol lists no agents."""
    plan = protocol.treatments
    if plan is None:
        return {}
    response = _describe(_make_value({"enum": list(ANSWERS)}), plan.response or "Whether the patient responded")
    entry = _make_object(
        {"agent": {"enum": list(plan.agents)}, "response": response, "dose": _TEXT}, ["agent", "response"]
    )
    return {"treatments": _describe(_make_list(entry), "Each agent that the patient was given, with its own response")}


def _make_treatment_counts(protocol: Protocol) -> dict[str, object]:
    plan = protocol.treatments
    if plan is None:
        return {}
    parts = {"events": _WHOLE, "total": _WHOLE, "definition": _TEXT, "source": _make_source(), "note": _NOTE}
    entry = _make_object({"agent": {"enum": list(plan.agents)}, **parts}, ["agent", "events", "total"])
    return {"treatments": _describe(_make_list(entry), "Responders of the patients who were given an agent, as totals")}


def _make_count(protocol: Protocol) -> Schema:
    return _make_object(
        {
            "outcome": {"enum": [outcome.name for outcome in protocol.outcomes if outcome.type == "binary"]},
            **_make_arm(protocol),
            "events": _WHOLE,
            "total": _WHOLE,
            "definition": _describe(_TEXT, "When the report counts a patient as an event, in its own sense"),
            "source": _make_source(),
            "note": _NOTE,
        },
        ["outcome", "events", "total"],
    )


def _make_summaries(protocol: Protocol) -> dict[str, object]:
    """Return the key `summaries`, whose entries have the statistics of their outcome's type; none where all outcomes are binary."""
    kinds = [_make_summary(outcome, protocol) for outcome in protocol.outcomes if outcome.type != "binary"]
    if not kinds:
        return {}
    return {"summaries": _describe(_make_list({"anyOf": kinds}), "Statistics of the other outcomes as reported")}


def _make_summary(outcome: Outcome, protocol: Protocol) -> Schema:
    statistics = {
        key: _describe(_make_statistic(key, length), TELL_STATISTIC[key])
        for key, length in OUTCOME_STATISTICS[outcome.type].items()
    }
    parts: dict[str, object] = {"outcome": _describe({"const": outcome.name}, tell_outcome(outcome)), **statistics}
    parts |= _make_arm(protocol)
    if outcome.type == "time-to-event" and protocol.arms:
        versus: Schema = {"enum": [arm.name for arm in protocol.arms]}
        parts["versus"] = _describe(versus, "The arm that the hazard ratio compares with")
    if outcome.unit:
        parts["unit"] = _describe({"enum": list_units(outcome)}, f"Of the numbers, if not {outcome.unit}")
    parts["definition"] = _describe(_TEXT, "What the report means by it, in its own sense")
    return _make_object({**parts, "source": _make_source(), "note": _NOTE}, ["outcome"])


def _make_statistic(key: str, length: int) -> Schema:
    if key in WHOLE:
        return dict(_WHOLE)
    number: Schema = {"anyOf": [_NUMBER, {"const": NOT_REACHED}]} if key.startswith("median") else _NUMBER
    return number if length == 1 else {"type": "array", "items": number, "minItems": length, "maxItems": length}


def _make_characteristic(protocol: Protocol) -> Schema:
    statistics = {
        key: _describe(_make_statistic(key, length), TELL_STATISTIC[key]) for key, length in STATISTICS.items()
    }
    choices = dict.fromkeys(choice for item in protocol.case_fields for choice in item.choices)
    return _make_object(
        {
            "field": {"enum": [item.name for item in protocol.case_fields]},
            **_make_arm(protocol),
            "choice": {"enum": list(choices)},
            "events": {"type": ["integer", "string"]},
            "total": {"type": ["integer", "string"]},
            **statistics,
            "source": _make_source(),
            "note": _NOTE,
        },
        ["field"],
    )
