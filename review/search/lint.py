"""What is surely wrong in a strategy, told before it is sent.

Only what a service would read otherwise than it was meant, without saying so. Matters of style or of recall are not looked
at: a lint that cries wolf is turned off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.search.field_tags import DATE_TAGS
from review.search.field_tags import is_known_modifier
from review.search.field_tags import is_known_tag
from review.search.strategy import Strategy
from review.search.strategy import list_references

#: With one of these the text is not a query; it is not sent unless a person insists.
BLOCKING = frozenset({"QUERY-001", "QUERY-010", "QUERY-011", "QUERY-019"})

_QUOTED = re.compile(r'"[^"]*"')
_TYPOGRAPHIC_QUOTES = re.compile("[“”„‟«»″〝〞＂]")
_TYPOGRAPHIC_ASTERISK = re.compile("[∗＊⁎✱∙⋆﹡]")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-fA-F]{1,6});")
_TAG = re.compile(r"\[([^\[\]\n]*)\]")
_TAG_ON_GROUP = re.compile(r"\)\s*\[([^\[\]\n]*)\]")
# Between terms means: beside a bracket, a quote, a tag or a line number. "signs and symptoms" is a term.
_LOWER_OPERATOR = re.compile(
    r"(?<=[\])\"])\s*\b(and|or|not|And|Or|Not)\b|#\d+\s+(and|or|not|And|Or|Not)\b|\b(and|or|not|And|Or|Not)\s*(?=[(\"]|#\d)"
)
_DATE = r"\"?(\d{4}(?:/\d{1,2}){0,2})?\"?"
_DATE_RANGE = re.compile(rf"{_DATE}\s*(?:\[([^\[\]]*)\]\s*)?:\s*{_DATE}\s*\[([^\[\]]*)\]")


def lint_strategy(strategy: Strategy) -> list[Finding]:
    """Return what is surely wrong in a strategy; an empty list means: send it."""
    findings = list(_lint_limits(strategy))
    if strategy.lines:
        findings.extend(_lint_references(strategy))
    elif strategy.source == "pubmed" and list_references(strategy.query):
        number = list_references(strategy.query)[0]
        findings.append(
            find(
                "QUERY-019",
                f"#{number} refers to a line, and this strategy has none",
                strategy.origin,
                found=f"#{number}",
            )
        )
    for number, query in [(line.number, line.query) for line in strategy.lines] or [(0, strategy.query)]:
        where = f"line #{number}: " if number else ""
        findings.extend(
            find(finding.code, where + finding.message, finding.origin, found=finding.found)
            for finding in lint_query(query, strategy.origin, pubmed=strategy.source == "pubmed")
        )
    return findings


def lint_query(query: str, origin: Origin | None = None, *, pubmed: bool = True) -> Iterator[Finding]:
    """Yield what is surely wrong in one query.

    Args:
        query: The text as it would be sent.
        origin: Where it stands.
        pubmed: Whether square brackets are field tags, as PubMed reads them; else only brackets and quotes are looked at.
    """
    if not query.strip():
        yield find("QUERY-001", "the query is empty", origin)
        return
    yield from _lint_characters(query, origin)
    if query.count('"') % 2:
        yield find("QUERY-011", "a quote is not closed", origin, found=_excerpt(query, query.rindex('"')))
        return
    bare = _QUOTED.sub(lambda match: '"' + "x" * (len(match.group()) - 2) + '"', query)
    unpaired = _find_unpaired(bare, "()[]" if pubmed else "()")
    if unpaired is not None:
        problem = "closes nothing" if bare[unpaired] in ")]" else "is not closed"
        near = _excerpt(query, unpaired)
        yield find("QUERY-010", f"'{bare[unpaired]}' {problem} near: {near}", origin, found=bare[unpaired])
    elif pubmed:
        yield from _lint_tags(bare, origin)
        yield from _lint_date_ranges(query, origin)


def _excerpt(query: str, place: int, width: int = 20) -> str:
    return " ".join(query[max(0, place - width) : place + width].split())


def _lint_characters(query: str, origin: Origin | None) -> Iterator[Finding]:
    for code, pattern, what in (
        ("QUERY-012", _TYPOGRAPHIC_QUOTES, "typographic quote"),
        ("QUERY-013", _TYPOGRAPHIC_ASTERISK, "typographic asterisk"),
        ("QUERY-021", _ENTITY, "HTML entity"),
    ):
        matches = list(pattern.finditer(query))
        if matches:
            times = f" ({len(matches)} times)" if len(matches) > 1 else ""
            near = _excerpt(query, matches[0].start())
            yield find(code, f"{what} {matches[0].group()}{times} near: {near}", origin, found=matches[0].group())


def _find_unpaired(bare: str, kinds: str) -> int | None:
    opening, closing = kinds[::2], kinds[1::2]
    open_places: list[int] = []
    for place, char in enumerate(bare):
        if char in opening:
            open_places.append(place)
        elif char in closing:
            if not open_places or opening.index(bare[open_places[-1]]) != closing.index(char):
                return place
            open_places.pop()
    return open_places[0] if open_places else None


def _lint_tags(bare: str, origin: Origin | None) -> Iterator[Finding]:
    for tag in dict.fromkeys(match.group(1) for match in _TAG.finditer(bare)):
        if not is_known_tag(tag):
            yield find(
                "QUERY-014", f"PubMed does not know the field tag [{tag}] and drops it", origin, found=f"[{tag}]"
            )
        elif not is_known_modifier(tag):
            yield find("QUERY-020", f"the modifier in [{tag}] is ignored", origin, found=f"[{tag}]")
    for match in _TAG_ON_GROUP.finditer(bare):
        yield find(
            "QUERY-015", f"the tag in )[{match.group(1)}] stands on a group and is dropped", origin, found=match.group()
        )
    for match in _LOWER_OPERATOR.finditer(bare):
        word = next(group for group in match.groups() if group)
        near = _excerpt(bare, match.start())
        yield find("QUERY-016", f"'{word}' is not an operator; write {word.upper()} near: {near}", origin, found=word)


def _lint_date_ranges(query: str, origin: Origin | None) -> Iterator[Finding]:
    for match in _DATE_RANGE.finditer(query):
        start, _, end, tag = match.groups()
        if tag.strip().casefold() not in DATE_TAGS:
            continue
        if not start or not end:
            yield find(
                "QUERY-017", f"the date range {match.group().strip()} has one end", origin, found=match.group().strip()
            )
        elif _date_key(start) > _date_key(end):
            yield find("QUERY-022", f"{match.group()} ends before it starts", origin, found=match.group())


def _date_key(date: str) -> list[int]:
    return [int(part) for part in date.split("/")]


def _lint_limits(strategy: Strategy) -> Iterator[Finding]:
    limits = strategy.limits
    if limits.has_dates and not (limits.date_from and limits.date_to):
        given = limits.date_from or limits.date_to
        yield find(
            "QUERY-017",
            f"the date limit has one end ({given}); the other is left open as {'3000' if limits.date_from else '1800'}",
            strategy.origin,
            found=given,
            expected="both 'from' and 'to'",
        )
    elif limits.has_dates and _sortable(limits.date_from) > _sortable(limits.date_to):
        yield find("QUERY-022", f"the date limit {limits.describe()} ends before it starts", strategy.origin)


def _sortable(date: str) -> list[int]:
    return [int(part) for part in date.split("/") if part.isdigit()]


def _lint_references(strategy: Strategy) -> Iterator[Finding]:
    used: set[int] = set()
    for line in strategy.lines:
        for number in list_references(line.query):
            if not 1 <= number < line.number:
                yield find(
                    "QUERY-019",
                    f"line #{line.number} refers to #{number}, which is not above it",
                    strategy.origin,
                    found=f"#{number}",
                )
            used.add(number)
    for line in strategy.lines[:-1]:
        if line.number not in used:
            yield find(
                "QUERY-018",
                f"line #{line.number} is used by no other line: {line.query}",
                strategy.origin,
                found=f"#{line.number}",
            )
