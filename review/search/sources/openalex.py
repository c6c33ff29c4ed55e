"""OpenAlex: works of all fields with their references, by its API.

By requests rather than pyalex 0.21: that client has no time-out, repeats nothing unless told to (and then only over https), gives
parsed works alone, so that the answer as received cannot be kept, and takes key and address from module-wide settings. What it does
right is kept: cursors, filters as the service writes them, identification by e-mail.

A query is a text to search for, or parameters one a line: `search`, `filter`, `sort`. A free key has a dollar a day, no key a tenth or
less of it; a search costs a tenth of a cent, a filter a hundredth. When the day's money is gone, the service says so with HTTP 429
and a wait until midnight, which ends the run at once. The key goes into the address, as the service's manual has it, and is kept out of
messages and logs. HTTP 403 has meant a query that is none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Mapping
from typing import ClassVar
from typing import TypeVar

from review.errors import BadResponse
from review.errors import SourceRefused
from review.formats.json_page import as_text
from review.formats.json_page import within
from review.formats.openalex_json import list_works
from review.formats.openalex_json import name_work
from review.search.http import Answer
from review.search.http import Request
from review.search.http import Retry
from review.search.http import check_status
from review.search.settings import Settings
from review.search.sources.connection import connect
from review.search.sources.connection import parse_object
from review.search.sources.connection import shorten
from review.search.sources.json_service import JsonService
from review.search.sources.paged import PagedSource
from review.search.sources.pages import UNNAMED
from review.search.sources.pages import Batch
from review.search.sources.question import add_filters
from review.search.sources.question import read_parameters
from review.search.sources.question import read_span
from review.search.strategy import Strategy

T = TypeVar("T")

TITLE = "OpenAlex"
KEY_SETTING = "OPENALEX_API_KEY"
PAGE_SIZE = 100
INTERVAL_SECONDS = 0.1

#: A wait that is longer than this, in seconds, is not for the rate but for the next day's money.
LONGEST_WAIT_SECONDS = 600.0

_NAMES = frozenset({"search", "filter", "sort", "search.exact"})
_DATES = {
    "pdat": "publication_date", "publication_date": "publication_date", "crdt": "created_date", "edat": "created_date",
    "created_date": "created_date", "mdat": "updated_date", "updated_date": "updated_date",
}  # fmt: skip
_KEY_TROUBLE = re.compile(r"api[ _-]?key", re.IGNORECASE)
_MONEY = re.compile(r"budget|credits?\b|daily|quota|insufficient|per day|usd", re.IGNORECASE)


class OpenAlex(JsonService):
    """The service (see `pages.Service`); a page has at most 100 works."""

    name = "openalex"
    title = TITLE
    platform = "OpenAlex (OurResearch, API)"
    record_format = "openalex-json"
    usual_page_size = PAGE_SIZE
    counting: ClassVar = {"per_page": "1", "select": "id"}

    def ask(self, strategy: Strategy) -> Mapping[str, str]:
        """Put a strategy; dates become filters."""
        question = read_parameters(strategy, _NAMES, "search")
        span = read_span(strategy.limits, _DATES, TITLE)
        return add_filters(question, span, "from_", "to_")

    def choose_page(self, cursor: str) -> Mapping[str, str]:
        """Ask for whole works."""
        return {"per_page": str(self.page_size), "cursor": cursor}

    def has_forgotten(self, answer: Answer) -> bool:
        """Whether the complaint is of the cursor."""
        return answer.status == 400 and b"cursor" in answer.body.lower()

    def read_batch(self, body: bytes) -> Batch:
        """Read what a page says."""
        page = parse_object(body)
        if "error" in page and "results" not in page:
            raise Retry("an error inside the answer")
        count = as_text(within(page, "meta", "count"))
        keys = tuple(name_work(work) or UNNAMED for work in list_works(page))
        return Batch(int(count) if count.isdigit() else None, keys, as_text(within(page, "meta", "next_cursor")))

    def _check(self, answer: Answer) -> bytes:
        check_refusal(answer, self.settings)
        check_status(answer, TITLE, setting=KEY_SETTING)
        return answer.body

    def _send(self, question: Mapping[str, str], rest: Mapping[str, str], read: Callable[[Answer], T]) -> T:
        rows = [*question.items(), *rest.items(), ("mailto", self.settings.email)]
        if self.settings.api_key:
            rows.append(("api_key", self.settings.api_key))
        return self.transport.send(Request("works", f"{self.settings.address}works", rows), read)


def check_refusal(answer: Answer, settings: Settings) -> None:
    """Sort the ways in which the service says no.

    Raises:
        SourceRefused: If the key is not accepted, or the day's money is gone.
        BadResponse: If the query is none.
    """
    if answer.status < 400:
        return
    said = _read_message(answer.body)
    if answer.status == 429 or answer.status == 402:
        _check_money(answer, said, settings)
    if answer.status in {400, 401, 403} and _KEY_TROUBLE.search(said):
        raise SourceRefused(TITLE, "it does not accept the API key", hint=f"mend or unset {KEY_SETTING}")
    if answer.status in {400, 403, 404, 422} and said:
        raise BadResponse(TITLE, f"it does not take the query (HTTP {answer.status}): {shorten(said, settings)}")


def _check_money(answer: Answer, said: str, settings: Settings) -> None:
    left = _number(answer.headers.get("x-ratelimit-remaining-usd", ""))
    needed = _number(answer.headers.get("x-ratelimit-cost-required-usd", "")) or 0.0
    is_spent = left is not None and (left <= 0 or left < needed)
    wait = answer.retry_after_seconds or 0.0
    if answer.status == 402 or is_spent or wait > LONGEST_WAIT_SECONDS or (left is None and _MONEY.search(said)):
        mend = (
            "it is renewed at midnight UTC"
            if settings.api_key
            else f"a free key has ten times as much: set {KEY_SETTING}"
        )
        raise SourceRefused(
            TITLE, "the day's allowance is used up", hint=f"{mend}; run the command again, it goes on where it stopped"
        )


def _number(text: str) -> float | None:
    try:
        return float(text.lstrip("$"))
    except ValueError:
        return None


def _read_message(body: bytes) -> str:
    try:
        page = json.loads(body[:65536])
    except (ValueError, RecursionError):
        return ""
    if not isinstance(page, dict):
        return ""
    return " ".join(text for key in ("error", "message", "msg") if (text := as_text(page.get(key))))


def open_service(settings: Settings, notify: Callable[[str], None] | None = None) -> OpenAlex:
    """Return the service with a transport of its own."""
    return OpenAlex(settings, connect(TITLE, settings, INTERVAL_SECONDS, notify=notify))


def open_source(settings: Settings, notify: Callable[[str], None] | None = None) -> PagedSource:
    """Return the source with a transport of its own."""
    return PagedSource(open_service(settings, notify))
