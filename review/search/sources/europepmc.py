"""Europe PMC: PubMed's records, preprints, patents and full texts, by its REST service.

By requests: the client on PyPI (pyeuropepmc) carries pandas-sized dependencies and parses before anything could be stored.

The service answers errors inside HTTP 200 (`errCode`), forgets cursors without a word (`{"version": "6.9"}`), ends by naming the
cursor that was sent, and refuses addresses of some 12,000 characters, so a long query goes by POST. No order is asked for: the one
by relevance was withdrawn in 2025 and the default is stable under a cursor. There is no key and no published limit; some ten requests
a second are borne.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from typing import ClassVar
from typing import TypeVar

from review.errors import BadResponse
from review.formats.europepmc_json import list_results
from review.formats.europepmc_json import name_result
from review.formats.json_page import as_text
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
from review.search.sources.pages import CursorLost
from review.search.sources.question import read_span
from review.search.strategy import Strategy

T = TypeVar("T")

TITLE = "Europe PMC"
PAGE_SIZE = 1000
INTERVAL_SECONDS = 0.2

#: Longer queries go by POST.
LONGEST_ADDRESS = 4_000

_DATES = {
    "pdat": "FIRST_PDATE", "edat": "CREATION_DATE", "crdt": "CREATION_DATE", "mdat": "UPDATE_DATE", "first_pdate": "FIRST_PDATE",
    "e_pdate": "E_PDATE", "p_pdate": "P_PDATE", "creation_date": "CREATION_DATE", "update_date": "UPDATE_DATE",
}  # fmt: skip


class NotThere(Exception):
    """The service has nothing under this key."""


class EuropePmc(JsonService):
    """The service (see `pages.Service`); a page has at most 1,000 records."""

    name = "europepmc"
    title = TITLE
    platform = "Europe PMC (EMBL-EBI, RESTful web service)"
    record_format = "europepmc-json"
    usual_page_size = PAGE_SIZE
    counting: ClassVar = {"resultType": "idlist", "pageSize": "1"}

    def ask(self, strategy: Strategy) -> Mapping[str, str]:
        """Put a strategy: dates become part of the query, so that what is sent can be pasted into the search page."""
        query = strategy.expand()
        span = read_span(strategy.limits, _DATES, TITLE)
        if span is not None:
            query = f"({query}) AND ({span.field}:[{span.start or '1700-01-01'} TO {span.end or '3000-12-31'}])"
        return {"query": query}

    def choose_page(self, cursor: str) -> Mapping[str, str]:
        """Ask for whole records."""
        return {"resultType": "core", "pageSize": str(self.page_size), "cursorMark": cursor}

    def read_batch(self, body: bytes) -> Batch:
        """Read what a page says; one with neither count nor results answers a cursor that was forgotten."""
        page = parse_object(body)
        check_error(page, self.settings)
        count = as_text(page.get("hitCount"))
        if not count.isdigit():
            raise CursorLost
        keys = tuple(name_result(result) or UNNAMED for result in list_results(page))
        return Batch(int(count), keys, as_text(page.get("nextCursorMark")))

    def describe(self, question: Mapping[str, str]) -> str:
        """Return the query as it was sent; the service tells nothing of how it reads one."""
        return question["query"]

    def send(
        self, what: str, place: str, parameters: Mapping[str, str], read: Callable[[dict[str, object], bytes], T]
    ) -> T:
        """Ask for anything else that the service has, such as `MED/30639647/citations`; errors in the object are sorted.

        Args:
            what: Names the question in messages.
            place: Below the service's address.
            parameters: Beside the format.
            read: Takes the object and its body.

        Raises:
            NotThere: If the service answers that it has nothing there.
            SourceError: If it gives no answer that holds.
        """

        def read_answer(answer: Answer) -> T:
            # A 404 of the service is an object; that of a server in between is a page for people.
            if answer.status == 404 and answer.body.lstrip().startswith(b"{"):
                raise NotThere
            page = parse_object(self._check(answer))
            if as_text(page.get("errCode")) == "404":
                raise NotThere
            check_error(page, self.settings)
            return read(page, answer.body)

        rows = [*parameters.items(), ("format", "json")]
        return self.transport.send(Request(what, f"{self.settings.address}{place}", rows), read_answer)

    def _check(self, answer: Answer) -> bytes:
        check_status(answer, TITLE, setting="REVIEW_EUROPEPMC_URL")
        return answer.body

    def _send(self, question: Mapping[str, str], rest: Mapping[str, str], read: Callable[[Answer], T]) -> T:
        rows = [*question.items(), *rest.items(), ("format", "json")]
        if len(question["query"].encode()) > LONGEST_ADDRESS:
            request = Request("search", f"{self.settings.address}searchPOST", rows, method="POST")
        else:
            request = Request("search", f"{self.settings.address}search", rows)
        return self.transport.send(request, read)


def check_error(page: Mapping[str, object], settings: Settings) -> None:
    """Sort an error that came as an answer.

    Raises:
        Retry: If the service failed.
        BadResponse: If the question is at fault.
    """
    code = as_text(page.get("errCode"))
    if not code:
        return
    if code.startswith("5") or not code.isdigit():
        raise Retry(f"an error inside the answer ({shorten(code, settings, 20)})")
    raise BadResponse(TITLE, f"it says: {shorten(as_text(page.get('errMsg')) or f'error {code}', settings)}")


def open_service(settings: Settings, notify: Callable[[str], None] | None = None) -> EuropePmc:
    """Return the service with a transport of its own."""
    return EuropePmc(settings, connect(TITLE, settings, INTERVAL_SECONDS, notify=notify))


def open_source(settings: Settings, notify: Callable[[str], None] | None = None) -> PagedSource:
    """Return the source with a transport of its own."""
    return PagedSource(open_service(settings, notify))
