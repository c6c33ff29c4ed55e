"""Unpaywall: where the full text of a report can be had for free. It is no search: it finds nothing and counts for nothing.

By requests: the client on PyPI (unpywall) wants pandas and has no time-out. The service wants an e-mail address with every question (HTTP
422 without), answers 404 for a DOI that it does not know, and asks for at most 100,000 questions a day.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from review.errors import SourceRefused
from review.formats.json_page import as_map
from review.formats.json_page import as_maps
from review.formats.json_page import as_text
from review.identifiers import normal_doi
from review.search.http import Answer
from review.search.http import Request
from review.search.http import Retry
from review.search.http import Transport
from review.search.settings import Settings
from review.search.sources.connection import connect
from review.search.sources.connection import parse_object
from review.search.sources.connection import read_object

TITLE = "Unpaywall"
INTERVAL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Copy:
    """A place where a report can be read: `host` is publisher or repository, `version` as the service names it."""

    url: str
    pdf: str = ""
    host: str = ""
    license: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class FullText:
    """What the service knows of a DOI.

    `status` is gold, hybrid, bronze, green or closed; empty for a DOI that the service does not know. `copies` are free ones, the best
    first.
    """

    doi: str
    status: str
    copies: tuple[Copy, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return the entry of `review links --json`."""
        best = self.copies[0] if self.copies else Copy("")
        return {
            "doi": self.doi,
            "status": self.status or None,
            "url": best.url or None,
            "pdf": best.pdf or None,
            "host": best.host or None,
            "license": best.license or None,
            "version": best.version or None,
            "others": [copy.pdf or copy.url for copy in self.copies[1:]],
        }


class Unpaywall:
    """The service.

    Args:
        settings: Address and e-mail.
        transport: Sends and repeats.
    """

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self.settings = settings
        self.transport = transport

    def find(self, doi: str) -> FullText:
        """Ask for the copies of one report.

        Args:
            doi: In normal form.

        Raises:
            SourceError: If the service cannot say.
        """

        def read(answer: Answer) -> FullText:
            if answer.status == 422:
                raise SourceRefused(TITLE, "it does not take the e-mail address", hint="look at REVIEW_EMAIL")
            if answer.status == 404 and "message" in _parse_gently(answer.body):
                return FullText(doi, "")
            page = read_object(answer, TITLE, setting="REVIEW_UNPAYWALL_URL")
            if normal_doi(as_text(page.get("doi"))) != doi:
                raise Retry("an answer on another DOI", tries=3)
            return read_full_text(doi, page)

        # A DOI may hold any character; those that part an address are escaped.
        place = quote(doi, safe="/:()")
        request = Request("a full text", f"{self.settings.address}{place}", [("email", self.settings.email)])
        return self.transport.send(request, read)


def read_full_text(doi: str, page: Mapping[str, object]) -> FullText:
    """Read an answer: the best copy first, then the others, each address once."""
    copies: dict[str, Copy] = {}
    for place in [as_map(page.get("best_oa_location")), *as_maps(page.get("oa_locations"))]:
        url = as_text(place.get("url")) or as_text(place.get("url_for_landing_page"))
        pdf = as_text(place.get("url_for_pdf"))
        # Only addresses of the web are shown: they will be clicked.
        urls = [text for text in (url, pdf) if text.startswith(("https://", "http://"))]
        if urls:
            copies.setdefault(
                urls[0],
                Copy(
                    urls[0],
                    pdf if pdf in urls else "",
                    *(as_text(place.get(key)) for key in ("host_type", "license", "version")),
                ),
            )
    status = as_text(page.get("oa_status")) or ("closed" if page.get("is_oa") is False else "")
    return FullText(doi, status or "closed", tuple(copies.values()))


def _parse_gently(body: bytes) -> Mapping[str, object]:
    try:
        return parse_object(body)
    except Retry:
        return {}


def open_unpaywall(settings: Settings, notify: Callable[[str], None] | None = None) -> Unpaywall:
    """Return the service with a transport of its own."""
    return Unpaywall(settings, connect(TITLE, settings, INTERVAL_SECONDS, notify=notify))
