"""A client of NCBI's E-utilities for db=pubmed: ESearch, EFetch, ESummary.

Why not `Bio.Entrez.esearch` and `efetch` for the transport: Biopython 1.88 repeats 429 and 5xx at once and without pause,
passes no time-out, ignores Retry-After, and spaces requests within one process only. Its conventions are kept (tool and
email on every request, the spacing of 0.37 s that it found safe) and its parser is used (`eutils_answers`).

Every request is a POST: the service takes both everywhere, a long strategy or list of ids does not fit an address (HTTP 414),
and an address, unlike a body, is logged by proxies, libraries and servers; the key must not be.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import TypeVar

from review import __version__
from review.search.http import Answer
from review.search.http import Patience
from review.search.http import Request
from review.search.http import Retry
from review.search.http import Transport
from review.search.settings import Settings
from review.search.sources.eutils_answers import SOURCE
from review.search.sources.eutils_answers import HistoryLost
from review.search.sources.eutils_answers import SearchAnswer
from review.search.sources.eutils_answers import check_answer
from review.search.sources.eutils_answers import parse_search
from review.search.throttle import Throttle

if TYPE_CHECKING:
    import requests

T = TypeVar("T")

#: PubMed lists and delivers the first 9,999 of a result; the manual's 10,000 is refused.
WINDOW = 9_999

#: Root element of a page of records.
RECORD_ROOT = "PubmedArticleSet"

#: Least seconds between two starts without and with a key: 3 and 10 a second with a margin, as Biopython keeps it.
INTERVAL_SECONDS = 0.37
KEYED_INTERVAL_SECONDS = 0.11

#: A list of ids that differs from its count is asked for so often in all before it is believed.
LISTING_TRIES = 3


def connect(
    settings: Settings,
    *,
    session: requests.Session | None = None,
    patience: Patience | None = None,
    notify: Callable[[str], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    throttle: Throttle | None = None,
) -> Transport:
    """Return a transport that keeps NCBI's rate over all of the user's processes (or that of the throttle given)."""
    interval = KEYED_INTERVAL_SECONDS if settings.api_key else INTERVAL_SECONDS
    throttle = throttle or Throttle(settings.host, interval, folder=settings.cache_dir)
    agent = f"{settings.tool}/{__version__} ({settings.email})"
    return Transport(SOURCE, throttle, session=session, patience=patience, notify=notify, user_agent=agent, sleep=sleep)


class Eutils:
    """The tools of the E-utilities that a review needs.

    Args:
        settings: Address, e-mail, key.
        transport: Sends and repeats.
    """

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self.settings = settings
        self.transport = transport

    def search(self, term: str, *, listed: int = WINDOW, keep: Callable[[bytes], object] | None = None) -> SearchAnswer:
        """Search; with `listed` > 0 the ids are compared with the count and asked for again where they differ.

        The last answer is returned even if they still differ: the caller must compare `len(ids)` with `count`.

        Args:
            term: The query.
            listed: How many ids to list, at most `WINDOW`; 0 asks for the count and the reading alone.
            keep: Is given the body of the answer that is returned.

        Raises:
            SourceError: If the service gives no answer that holds.
        """
        parameters = [("term", term), ("retmax", str(listed)), ("usehistory", "y" if listed else "n")]

        for attempt in range(1, LISTING_TRIES + 1):
            body, found = self._ask(
                "esearch", "ESearch", parameters, "eSearchResult", lambda body: (body, parse_search(body))
            )
            if len(found.ids) == min(found.count, listed):
                break
            if attempt < LISTING_TRIES:
                self.transport.pause(attempt)
        if keep is not None:
            keep(body)
        return found

    def fetch_slice(self, found: SearchAnswer, start: int, size: int, read: Callable[[bytes], T]) -> T:
        """Fetch the records at these positions of a stored result.

        Args:
            found: The search, made with its ids listed.
            start: First position, from 0.
            size: How many positions.
            read: Turns a whole page into a value, or raises `Retry`.

        Raises:
            HistoryLost: If the service forgot the result.
            SourceError: If the service gives no answer that holds.
        """
        stored = [("WebEnv", found.web_env), ("query_key", found.query_key)]
        position = [("retstart", str(start)), ("retmax", str(size))]

        def read_page(answer: Answer) -> T:
            return read(check_answer(answer, RECORD_ROOT))

        return self._send("efetch", "EFetch", [*stored, *position], read_page)

    def fetch_ids(self, ids: Sequence[str], read: Callable[[bytes], T]) -> T:
        """Fetch records by id, at most some hundreds at once; see `fetch_slice`."""
        return self._ask("efetch", "EFetch", [("id", ",".join(ids))], RECORD_ROOT, read)

    def find_gone(self, ids: Iterable[str]) -> set[str]:
        """Return those of some hundreds of ids for which the service says that it has no record (deleted or merged).

        Raises:
            SourceError: If the service cannot say.
        """
        asked = list(ids)

        parameters = [("id", ",".join(asked)), ("version", "2.0")]
        return self._ask("esummary", "ESummary", parameters, "eSummaryResult", _scan_summaries) & set(asked)

    def _ask(
        self,
        tool: str,
        what: str,
        parameters: Sequence[tuple[str, str]],
        root: str,
        read: Callable[[bytes], T],
    ) -> T:
        """Ask what no stored result is needed for: a service that misses one is confused and is asked again."""

        def read_body(answer: Answer) -> T:
            try:
                return read(check_answer(answer, root))
            except HistoryLost:
                raise Retry("a stored result is missed that was not asked for") from None

        return self._send(tool, what, parameters, read_body)

    def _send(self, tool: str, what: str, parameters: Sequence[tuple[str, str]], read: Callable[[Answer], T]) -> T:
        settings = self.settings
        identity = [("db", "pubmed"), ("retmode", "xml"), ("tool", settings.tool), ("email", settings.email)]
        if settings.api_key:
            identity.append(("api_key", settings.api_key))
        request = Request(what, f"{settings.address}{tool}.fcgi", [*identity, *parameters], method="POST")
        return self.transport.send(request, read)


def _scan_summaries(body: bytes) -> set[str]:
    from lxml import etree

    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        raise Retry("a summary that is not well formed") from None
    summaries = root.findall(".//DocumentSummary")
    if not summaries:
        raise Retry("a summary without entries", tries=3)
    return {
        str(item.get("uid"))
        for item in summaries
        if "cannot get document summary" in " ".join(error.text or "" for error in item.iter("error"))
    }
