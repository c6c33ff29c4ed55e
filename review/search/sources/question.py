"""The question that a strategy puts to a service whose query is more than one text: its parameters, and its dates.

A query is plain text, or one parameter a line with the service's own names:

    query: |
      query.cond = calcinosis
      query.intr = rituximab
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection
from collections.abc import Mapping
from typing import NamedTuple

from review.errors import UsageError
from review.search.strategy import Limits
from review.search.strategy import Strategy

_LINE = re.compile(r"\s*([A-Za-z][\w.-]*)\s*[=:]\s*(\S.*?)\s*")


class Span(NamedTuple):
    """A span of days, ISO 8601, both ends in it; an empty end is open. `field` is the service's name of the date."""

    field: str
    start: str
    end: str


def read_parameters(strategy: Strategy, names: Collection[str], plain: str) -> dict[str, str]:
    """Return the parameters of a strategy's query: those it names, else its text under the name `plain`.

    A text is taken for parameters only if every line begins with one of the service's names.

    Raises:
        UsageError: If a parameter is given twice.
    """
    rows = [row for row in strategy.query.splitlines() if row.strip()]
    matches = [_LINE.fullmatch(row) for row in rows]
    if strategy.lines or not all(match and match[1] in names for match in matches):
        return {plain: strategy.expand()}
    found: dict[str, str] = {}
    for match in matches:
        if match is not None:
            if match[1] in found:
                raise UsageError(f"{strategy.file or strategy.source}: the parameter {match[1]} is given twice")
            found[match[1]] = match[2]
    return found


def read_span(limits: Limits, fields: Mapping[str, str], service: str) -> Span | None:
    """Return the span that the limits ask for, None if they ask for none.

    Args:
        limits: Dates as `YYYY`, `YYYY/MM` or `YYYY/MM/DD`.
        fields: Name of a date in a strategy (as PubMed has it, and as the service has it) -> the service's name.
        service: For the message.

    Raises:
        UsageError: If the service has no such date.
    """
    if not limits.has_dates:
        return None
    field = fields.get(limits.date_field.lower())
    if field is None:
        raise UsageError(
            f"{service} cannot be limited by the date '{limits.date_field}'; known are {', '.join(sorted(fields))}"
        )
    return Span(field, _first_day(limits.date_from), _last_day(limits.date_to))


def add_filters(question: dict[str, str], span: Span | None, start: str, end: str) -> dict[str, str]:
    """Add a span of days to the parameter `filter`, as services write it that have filters with commas between.

    Args:
        question: The parameters; they are changed.
        span: None adds nothing.
        start: What stands before the date's name for the first day, such as `from-`.
        end: The same for the last day.
    """
    if span is not None:
        parts = [question["filter"]] if question.get("filter") else []
        parts += [f"{start}{span.field}:{span.start}"] if span.start else []
        parts += [f"{end}{span.field}:{span.end}"] if span.end else []
        question["filter"] = ",".join(parts)
    return question


def _first_day(date: str) -> str:
    year, month, day = _split(date)
    return f"{year}-{month or 1:02d}-{day or 1:02d}" if year else ""


def _last_day(date: str) -> str:
    year, month, day = _split(date)
    if not year:
        return ""
    month = month or 12
    return f"{year}-{month:02d}-{day or calendar.monthrange(int(year), min(max(month, 1), 12))[1]:02d}"


def _split(date: str) -> tuple[str, int, int]:
    parts = date.split("/") if date else [""]
    numbers = [int(part) for part in parts[1:] if part.isdigit()]
    return parts[0], *([*numbers, 0, 0][:2])  # type: ignore[return-value]
