"""ClinicalTrials.gov: registered studies, by version 2 of its API. A register is a lane of its own in the PRISMA 2020 diagram.

By requests: the client on PyPI (pytrials) has neither time-outs nor pages. The count comes only when asked for, and with the first page
alone. A page without a token for the next is the last. A query that cannot be parsed is answered with HTTP 400 and a line of text.
There is no key and no published limit; the site's robots.txt asks for one request a second.

A query is a text (searched as `query.term`), or parameters one a line: `query.cond`, `query.intr`, `filter.advanced` and the like.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from typing import ClassVar
from typing import TypeVar

from review.errors import BadResponse
from review.formats.ctgov_json import list_studies
from review.formats.ctgov_json import name_study
from review.formats.json_page import as_text
from review.model import Lane
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


class ClinicalTrials(JsonService):
    """The service (see `pages.Service`); a page has at most 1,000 studies."""

    name = "clinicaltrials-gov"
    title = TITLE
    platform = "ClinicalTrials.gov (NLM, API v2)"
    lane: Lane = "register"
    record_format = "ctgov-json"
    first = "(first page)"
    usual_page_size = PAGE_SIZE
    counting: ClassVar = {"pageSize": "1", "countTotal": "true", "fields": "NCTId"}

    def ask(self, strategy: Strategy) -> Mapping[str, str]:
        """Put a strategy; dates become an advanced filter."""
        question = read_parameters(strategy, _NAMES, "query.term")
        span = read_span(strategy.limits, _DATES, TITLE)
        if span is not None:
            dated = f"AREA[{span.field}]RANGE[{span.start or 'MIN'},{span.end or 'MAX'}]"
            given = question.get("filter.advanced", "")
            question["filter.advanced"] = f"({given}) AND {dated}" if given else dated
        return question

    def choose_page(self, cursor: str) -> Mapping[str, str]:
        """Ask for whole studies, and on the first page for their count."""
        begin = {"countTotal": "true"} if cursor == self.first else {"pageToken": cursor}
        return {"pageSize": str(self.page_size), **begin}

    def has_forgotten(self, answer: Answer) -> bool:
        """Whether the complaint is of the page's token."""
        return answer.status == 400 and b"token" in answer.body.lower()

    def read_batch(self, body: bytes) -> Batch:
        """Read what a page says."""
        page = parse_object(body)
        if "studies" not in page:
            raise Retry("an answer without studies")
        count = as_text(page.get("totalCount"))
        keys = tuple(name_study(study) or UNNAMED for study in list_studies(page))
        return Batch(int(count) if count.isdigit() else None, keys, as_text(page.get("nextPageToken")))

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
