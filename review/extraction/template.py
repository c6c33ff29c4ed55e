"""A new sheet from the protocol: every field with what belongs into it, nothing filled in that nobody has read.

What is still to be read says so (`to be extracted`), which is a finding until it is replaced: a template must not pass for data.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace

from review.extraction.appraisal import list_items
from review.extraction.appraisal_tools import TOOLS
from review.extraction.sheet import FORMAT
from review.extraction.values import MISSING
from review.extraction.values import TO_DO
from review.extraction.wording import tell_field
from review.extraction.wording import tell_outcome
from review.model import Record
from review.protocol import OutcomeType
from review.protocol import Protocol

#: A study's id: it is a file's name on every system.
STUDY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")

_HEAD = """\
# A value is plain (54), or says where it was read:
#   {{value: 54, source: {{record: paper, place: page 3, words: 54-year-old}}}}
# An inequality has its sign: {{value: 20, op: "<", source: paper}}. Missing is a word: {missing}.
# Replace each "{to_do}" by what the report says; `review extract check {study}` tells what is left.
"""


#: The statistics of a summary that papers print most often.
_SUMMARIES: dict[OutcomeType, str] = {
    "count": "events: 0, person_time: 0",
    "continuous": "n: 0, mean: 0, sd: 0",
    "time-to-event": "n: 0, events: 0, median: 0, median_ci: [0, 0]",
}


def suggest_study_id(record: Record) -> str:
    """Return an id after the first author and year: `smith-2014`; `study` stands in where the record lacks the name."""
    family = record.authors[0].family if record.authors else ""
    plain = unicodedata.normalize("NFKD", family).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "study"
    return f"{name[:60]}-{record.year}" if record.year else name[:60]


def render_template(
    protocol: Protocol, study: str, reports: Sequence[Record], *, cases: int = 1, schema: str = ""
) -> str:
    """Write a sheet to be filled in.

    Args:
        protocol: Says which fields and outcomes there are.
        study: The study's id.
        reports: Its reports, the main one first.
        cases: How many cases are prepared; 0 for a study that gives only totals.
        schema: Where editors find the schema, relative to the sheet; empty for none.
    """
    lines = [f"# yaml-language-server: $schema={schema}"] if schema else []
    lines += _HEAD.format(missing=", ".join(MISSING), to_do=TO_DO, study=study).splitlines()
    lines += [f"format: {FORMAT}", f"study: {study}"]
    main = reports[0]
    author = main.authors[0].family if main.authors else study
    lines += [f"label: {quote_text(f'{author} {main.year}' if main.year else author)}", "evidence: primary"]
    lines += ["design: not reported  # case report, case series, cohort study, ..."]
    if main.year:
        lines.append(f"year: {main.year}")
    lines += ["", "reports:"]
    for number, record in enumerate(reports):
        name, role = ("paper", "main") if number == 0 else (f"companion-{number}", "companion")
        lines += [
            f"  # {_shorten(record.title)}",
            f"  - {{record: {quote_text(record.id)}, name: {name}, role: {role}}}",
        ]
    lines += ["", *_list_cases(protocol, study, cases), "", *_list_totals(protocol), *_list_appraisals(protocol)]
    return "\n".join(lines) + "\n"


def quote_text(text: str) -> str:
    """Return a text as YAML takes it: plain where that is safe, also inside of brackets, else in double quotes."""
    folded = " ".join(text.split())
    if re.fullmatch(r"[^\W_](?:[\w./()+-]|:(?=\S)| (?=[\w(]))*", folded) and not folded.endswith(":"):
        return folded
    escaped = folded.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in escaped) + '"'


def _list_cases(protocol: Protocol, study: str, cases: int) -> Iterator[str]:
    if not cases:
        return
    yield "cases:"
    for number in range(1, cases + 1):
        yield f"  - case: {study}-{number}"
        if protocol.arms:
            yield f"    arm: {TO_DO}" + (f"  # {' | '.join(arm.name for arm in protocol.arms)}" if number == 1 else "")
        for item in protocol.case_fields:
            if number == 1:
                yield f"    # {_shorten(tell_field(item))}"
            yield f"    {item.name}: {TO_DO}"
        if protocol.outcomes:
            yield "    outcomes:"
        for outcome in protocol.outcomes:
            if number == 1:
                yield f"      # {_shorten(tell_outcome(replace(outcome, rule='')))}"
            if outcome.rule and number == 1:
                yield f"      # derived from the values by: {_shorten(outcome.rule)}; give what the report says, if it does"
            yield f"      {outcome.name}: {TO_DO}"


def _list_totals(protocol: Protocol) -> Iterator[str]:
    yield "# Totals as reported; where cases are given too, both must agree."
    arm = f", arm: {quote_text(protocol.arms[0].name)}" if protocol.arms else ""
    yield "# counts:"
    for outcome in protocol.outcomes:
        if outcome.type == "binary":
            yield f"#   - {{outcome: {outcome.name}{arm}, events: 0, total: 0, definition: as the report says, source: {{record: paper, place: page}}}}"
    if any(outcome.type != "binary" for outcome in protocol.outcomes):
        yield ""
        yield "# summaries:"
    for outcome in protocol.outcomes:
        if outcome.type != "binary":
            unit = f", unit: {quote_text(outcome.unit)}" if outcome.unit else ""
            yield f"#   - {{outcome: {outcome.name}{arm}, {_SUMMARIES[outcome.type]}{unit}, definition: as the report says, source: {{record: paper, place: page}}}}"
    yield ""
    yield "# characteristics:"
    for item in protocol.case_fields:
        if item.type == "choice":
            yield f"#   - {{field: {item.name}, choice: {quote_text(item.choices[0]) if item.choices else ''}, events: 0, total: 0, source: paper}}"
        elif item.type in ("number", "integer"):
            yield f"#   - {{field: {item.name}, median: 0, iqr: [0, 0], range: [0, 0], source: paper}}"
    if protocol.treatments:
        yield ""
        yield "# Responders by agent as reported; a patient known one by one has the same key with agent, response and dose."
        yield "# treatments:"
        for agent in protocol.treatments.agents:
            yield f"#   - {{agent: {quote_text(agent)}, events: 0, total: 0, source: {{record: paper, place: page}}}}"
    yield ""
    yield "# Patients that another study may have too: may_include, overlaps_with or distinct_from."
    yield "# overlap:"
    yield "#   overlaps_with: [another-study]"
    yield "#   why: where it is said"


def _list_appraisals(protocol: Protocol) -> Iterator[str]:
    plans = [(plan, TOOLS[plan.tool]) for plan in protocol.appraisals if plan.tool in TOOLS]
    if not plans:
        return
    yield ""
    yield "# Each answer with its reason; keep the tools that fit the design."
    yield "# appraisal:"
    for plan, tool in plans:
        yield f"#   - tool: {tool.key}  # {tool.citation}"
        yield "#     answers:"
        for item in list_items(tool, plan):
            yield f"#       {item.key}: {{answer: unclear, reason: why}}  # {item.asks}"
        yield f"#     overall: {{judgement: {tool.judgements[0]}, reason: why}}  # {' | '.join(tool.judgements)}"


def _shorten(text: str) -> str:
    folded = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return folded if len(folded) <= 150 else f"{folded[:147]}..."
