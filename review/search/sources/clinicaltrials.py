"""ClinicalTrials.gov: registered studies, by version 2 of its API. A register is a lane of its own in the PRISMA 2020 diagram.

By requests: the client on PyPI (pytrials) has neither time-outs nor pages. The count comes only when asked for, and with the first page
alone. A page without a token for the next is the last. A query that cannot be parsed is answered with HTTP 400 and a line of text.
There is no key and no published limit; the site's robots.txt asks for one request a second.

A query is a text (searched as `query.term`), or parameters one a line: `query.cond`, `query.intr`, `filter.advanced` and the like.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from typing import TypeVar

from review.errors import BadResponse
from review.formats.ctgov_json import list_studies
from review.formats.ctgov_json import name_study
from review.formats.json_page import as_text
from review.model import Lane
from review.search.http import Answer
from review.search.http import Request
from review.search.http import Retry
from review.search.http import Transport
from review.search.http import check_status
from review.search.settings import Settings
from review.search.sources.connection import connect
from review.search.sources.connection import parse_object
from review.search.sources.connection import shorten
from review.search.sources.paged import PagedSource
from review.search.sources.pages import UNNAMED
from review.search.sources.pages import Batch
from review.search.sources.pages import CursorLost
from review.search.sources.question import read_parameters
from review.search.sources.question import read_span
from review.search.strategy import Strategy

T = TypeVar("T")

TITLE = "ClinicalTrials.gov"
PAGE_SIZE = 500
INTERVAL_SECONDS = 1.0

_NAMES = frozenset(
    ("query.cond", "query.term", "query.locn", "query.titles", "query.intr", "query.outc", "query.spons", "query.lead", "query.id",
     "query.patient", "filter.overallStatus", "filter.geo", "filter.ids", "filter.advanced", "filter.synonyms", "aggFilters", "sort")
)  # fmt: skip
_DATES = {
    "pdat": "StudyFirstPostDate", "edat": "StudyFirstPostDate", "crdt": "StudyFirstPostDate", "mdat": "LastUpdatePostDate",
    "studyfirstpostdate": "StudyFirstPostDate", "lastupdatepostdate": "LastUpdatePostDate", "startdate": "StartDate",
    "completiondate": "CompletionDate", "resultsfirstpostdate": "ResultsFirstPostDate",
}  # fmt: skip


class ClinicalTrials:
    """The service (see `pages.Service`).

    Args:
        settings: Address and e-mail.
        transport: Sends and repeats.
        page_size: Studies asked for at once, at most 1,000.
    """

    name = "clinicaltrials-gov"
    title = TITLE
    platform = "ClinicalTrials.gov (NLM, API v2)"
    lane: Lane = "register"
    record_format = "ctgov-json"
    first = "(first page)"
    ends_in_itself = True
    passes = 2
    largest: int | None = None

    def __init__(self, settings: Settings, transport: Transport, *, page_size: int = PAGE_SIZE) -> None:
        self.settings = settings
        self.transport = transport
        self.page_size = page_size

    def ask(self, strategy: Strategy) -> Mapping[str, str]:
        """Put a strategy; dates become an advanced filter."""
        question = read_parameters(strategy, _NAMES, "query.term")
        span = read_span(strategy.limits, _DATES, TITLE)
        if span is not None:
            dated = f"AREA[{span.field}]RANGE[{span.start or 'MIN'},{span.end or 'MAX'}]"
            given = question.get("filter.advanced", "")
            question["filter.advanced"] = f"({given}) AND {dated}" if given else dated
        return question

    def count(self, question: Mapping[str, str]) -> int:
        """Ask how many studies there are."""

        def read(answer: Answer) -> int:
            total = self.read_batch(self._check(answer)).total
            if total is None:
                raise Retry("an answer without a count")
            return total

        return self._send(question, {"pageSize": "1", "countTotal": "true", "fields": "NCTId"}, read)

    def fetch(self, question: Mapping[str, str], cursor: str, read: Callable[[Answer], T]) -> T:
        """Ask for a page of studies."""

        def read_page(answer: Answer) -> T:
            if cursor != self.first and answer.status == 400 and b"token" in answer.body.lower():
                raise CursorLost
            self._check(answer)
            return read(answer)

        begin = {"countTotal": "true"} if cursor == self.first else {"pageToken": cursor}
        return self._send(question, {"pageSize": str(self.page_size), **begin}, read_page)

    def read_batch(self, body: bytes) -> Batch:
        """Read what a page says."""
        page = parse_object(body)
        if "studies" not in page:
            raise Retry("an answer without studies")
        count = as_text(page.get("totalCount"))
        keys = tuple(name_study(study) or UNNAMED for study in list_studies(page))
        return Batch(int(count) if count.isdigit() else None, keys, as_text(page.get("nextPageToken")))

    def describe(self, question: Mapping[str, str]) -> str:
        """Return the parameters as they were sent."""
        return "&".join(f"{name}={value}" for name, value in question.items())

    def _check(self, answer: Answer) -> bytes:
        if answer.status == 400:
            said = shorten(answer.body[:2000].decode("utf-8", "replace"), self.settings)
            raise BadResponse(TITLE, f"it does not take the query: {said or 'HTTP 400'}")
        check_status(answer, TITLE, setting="REVIEW_CTGOV_URL")
        return answer.body

    def _send(self, question: Mapping[str, str], rest: Mapping[str, str], read: Callable[[Answer], T]) -> T:
        rows = [*question.items(), *rest.items(), ("format", "json")]
        return self.transport.send(Request("studies", f"{self.settings.address}studies", rows), read)


def open_source(settings: Settings, notify: Callable[[str], None] | None = None) -> PagedSource:
    """Return the source with a transport of its own."""
    return PagedSource(ClinicalTrials(settings, connect(TITLE, settings, INTERVAL_SECONDS, notify=notify)))
