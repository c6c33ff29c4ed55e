"""How PubMed read a strategy: the query as it is sent, and what the service dropped from it or remarked."""

from __future__ import annotations

from collections.abc import Iterator

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.search.sources.eutils_answers import SearchAnswer
from review.search.strategy import Strategy

OPEN_START = "1800"
OPEN_END = "3000"

_NO_ITEMS = "no items found"


def write_term(strategy: Strategy) -> str:
    """Return the one query that stands for the whole strategy, limits included.

    Date limits become part of the query, not parameters beside it: what is sent can then be pasted into PubMed as it is,
    and the service ignores a parameter of which one end is missing.
    """
    term = strategy.expand()
    limits = strategy.limits
    if not limits.has_dates:
        return term
    start, end = limits.date_from or OPEN_START, limits.date_to or OPEN_END
    return f'({term}) AND ("{start}"[{limits.date_field}] : "{end}"[{limits.date_field}])'


def list_diagnostics(answer: SearchAnswer, origin: Origin | None, where: str = "") -> Iterator[Finding]:
    """Yield what the service said about one query.

    Args:
        answer: Its answer.
        origin: Where the strategy stands.
        where: Put before the messages, for example `line #2: `.
    """
    for phrase in dict.fromkeys((*answer.phrases_not_found, *answer.quoted_not_found)):
        yield find("QUERY-030", f"{where}PubMed does not find and drops {phrase}", origin, found=phrase)
    for field in dict.fromkeys(answer.fields_not_found):
        yield find("QUERY-031", f"{where}PubMed does not know and drops the field {field}", origin, found=field)
    for phrase in dict.fromkeys(answer.phrases_ignored):
        yield find("QUERY-032", f"{where}PubMed ignores {phrase}", origin, found=phrase)
    for message in dict.fromkeys(answer.messages):
        if not message.lower().startswith(_NO_ITEMS):
            yield find("QUERY-033", f"{where}PubMed remarks: {' '.join(message.split())[:300]}", origin)


def check_reading(strategy: Strategy, answer: SearchAnswer) -> Iterator[Finding]:
    """Yield what is wrong with the answer to the whole strategy."""
    yield from list_diagnostics(answer, strategy.origin)
    if answer.count == 0:
        yield find("QUERY-034", "PubMed answered and has no hits", strategy.origin)
    if strategy.limits.has_dates and answer.translation and "[date - " not in answer.translation.lower():
        yield find(
            "QUERY-035",
            f"the date limit ({strategy.limits.describe()}) is not in PubMed's translation",
            strategy.origin,
            found=answer.translation[:300],
        )
