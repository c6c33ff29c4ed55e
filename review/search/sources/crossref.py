"""Crossref: what publishers deposited with their DOIs, by its REST API.

By requests rather than habanero 2.9: that client stands on another HTTP library (httpx2), repeats nothing, gathers all pages of a cursor
in memory before it returns, and gives parsed answers alone, so that they could not be stored as received nor a search be resumed.
What it does right is kept: cursors, the polite pool.

A query is a text (searched as `query.bibliographic`), or parameters one a line: `query.title`, `query.bibliographic`, `filter` and the
like. Matching is loose by design: a text finds millions of works, and only filters bound a list. The address of the asker puts requests
into the polite pool (3 lists a second). A cursor is forgotten after five minutes; it may stay the same from page to page, and the list
ends with an empty page. It moves on with every answer, also with one that is lost on the way: the page that a repeated request brings is then
the next one, which only the comparison with the count shows. So the list is fetched up to four times. Titles and abstracts are the publishers'; fewer than half of the works have an abstract.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping
from typing import ClassVar
from typing import TypeVar

from review.errors import BadResponse
from review.formats.crossref_json import list_works
from review.formats.crossref_json import name_work
from review.formats.json_page import as_maps
from review.formats.json_page import as_text
from review.formats.json_page import within
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

TITLE = "Crossref"
PAGE_SIZE = 500
INTERVAL_SECONDS = 0.37

_NAMES = frozenset(
    ("query", "filter", "query.bibliographic", "query.title", "query.author", "query.container-title", "query.affiliation",
     "query.editor", "query.publisher-name", "query.funder-name", "query.event-name", "query.standards-body-name")
)  # fmt: skip
_DATES = {
    "pdat": "pub-date", "pub-date": "pub-date", "crdt": "created-date", "edat": "created-date", "created-date": "created-date",
    "mdat": "update-date", "update-date": "update-date", "index-date": "index-date", "deposit-date": "deposit-date",
    "online-pub-date": "online-pub-date", "print-pub-date": "print-pub-date", "posted-date": "posted-date",
}  # fmt: skip


class Crossref(JsonService):
    """The service (see `pages.Service`); a page has at most 1,000 works."""

    name = "crossref"
    title = TITLE
    platform = "Crossref (REST API)"
    record_format = "crossref-json"
    ends_in_itself = False
    passes = 4
    largest: int | None = 100_000
    usual_page_size = PAGE_SIZE
    counting: ClassVar = {"rows": "0"}

    def ask(self, strategy: Strategy) -> Mapping[str, str]:
        """Put a strategy; dates become filters."""
        question = read_parameters(strategy, _NAMES, "query.bibliographic")
        span = read_span(strategy.limits, _DATES, TITLE)
        return add_filters(question, span, "from-", "until-")

    def choose_page(self, cursor: str) -> Mapping[str, str]:
        """Ask for whole works."""
        return {"rows": str(self.page_size), "cursor": cursor}

    def has_forgotten(self, answer: Answer) -> bool:
        """Whether the complaint is of the cursor."""
        return answer.status in {400, 404, 500} and b"cursor" in answer.body.lower()

    def read_batch(self, body: bytes) -> Batch:
        """Read what a page says."""
        page = parse_object(body)
        if page.get("status") not in {"ok", None}:
            raise Retry("an error inside the answer")
        count = as_text(within(page, "message", "total-results"))
        keys = tuple(name_work(work) or UNNAMED for work in list_works(page))
        return Batch(int(count) if count.isdigit() else None, keys, as_text(within(page, "message", "next-cursor")))

    def _check(self, answer: Answer) -> bytes:
        if answer.status == 400:
            raise BadResponse(
                TITLE, f"it does not take the query: {shorten(_read_failure(answer.body), self.settings)}"
            )
        check_status(answer, TITLE, setting="REVIEW_CROSSREF_URL")
        return answer.body

    def _send(self, question: Mapping[str, str], rest: Mapping[str, str], read: Callable[[Answer], T]) -> T:
        rows = [*question.items(), *rest.items(), ("mailto", self.settings.email)]
        return self.transport.send(Request("works", f"{self.settings.address}works", rows), read)


def _read_failure(body: bytes) -> str:
    """Return what a validation failure says, `HTTP 400` where it is none."""
    try:
        page = json.loads(body[:65536])
    except (ValueError, RecursionError):
        return "HTTP 400"
    said = [as_text(item.get("message")) for item in as_maps(within(page, "message"))]
    return "; ".join(text for text in said if text) or as_text(within(page, "message")) or "HTTP 400"


def open_source(settings: Settings, notify: Callable[[str], None] | None = None) -> PagedSource:
    """Return the source with a transport of its own."""
    return PagedSource(Crossref(settings, connect(TITLE, settings, INTERVAL_SECONDS, notify=notify)))
