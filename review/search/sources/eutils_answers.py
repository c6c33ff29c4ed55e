"""What an answer of the E-utilities is: errors under any status sorted, search results and record pages read.

The service reports failures inside HTTP 200, as XML, HTML, JSON or text, and cuts answers short. Nothing here trusts a
status alone: an answer holds if its root element is the one asked for and the document is whole.

Biopython's parser reads ESearch (`Bio.Entrez.read`): it knows the shape and holds. Its DOCTYPE is replaced first, because
the parser would fetch a DTD that it does not have from the network, without a time-out. EFetch pages are only scanned for
their ids with lxml: Biopython cannot stream them (Biopython issue 1027).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from review.errors import BadResponse
from review.errors import SourceRefused
from review.search.http import Answer
from review.search.http import Retry
from review.search.http import check_status

SOURCE = "PubMed"
KEY_SETTING = "NCBI_API_KEY"

_HEAD_BYTES = 4096
_ROOT = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>)?\s*(?:<!--.*?-->\s*)*(?:<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)?\s*(?:<!--.*?-->\s*)*"
    rb"<([A-Za-z_][\w.-]*)",
    re.DOTALL,
)
_ERROR = re.compile(rb"<ERROR>(.*?)</ERROR>", re.DOTALL)
_BLOCKED = re.compile(rb"WWW Error Blocked|temporarily blocked|misuse/abuse|<title>[^<]*Access Denied", re.IGNORECASE)
_ESEARCH_PROLOG = (
    b'<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
    b'"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
)


class HistoryLost(Exception):
    """The service no longer has the stored result that was asked for."""


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """An ESearch result. `count` is of all hits; `ids` are those listed, in the service's order, without repeats."""

    count: int
    ids: tuple[str, ...]
    translation: str = ""
    web_env: str = ""
    query_key: str = ""
    phrases_not_found: tuple[str, ...] = ()
    quoted_not_found: tuple[str, ...] = ()
    fields_not_found: tuple[str, ...] = ()
    phrases_ignored: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    repeated: int = 0


class DeliveredRecord(NamedTuple):
    """A record in an EFetch page: its PubMed id and version."""

    pmid: str
    version: str


def check_answer(answer: Answer, root: str) -> bytes:
    """Return the body of an answer that holds: XML with this root element, closed at its end.

    Raises:
        Retry: For what may pass: overload, broken back ends, cut, empty or foreign bodies.
        HistoryLost: If the stored result is gone.
        SourceRefused: If the key is bad or the address blocked.
        BadResponse: If the question itself is at fault.
    """
    body = answer.body.removeprefix(b"\xef\xbb\xbf")
    head = body[:_HEAD_BYTES]
    stripped = head.lstrip()
    if stripped.startswith(b"{"):
        _check_json(body, answer)
    match = _ROOT.match(head)
    found = match.group(1).decode() if match else ""
    if answer.status == 403 or (found.lower() in {"html", ""} and _BLOCKED.search(body[:65536])):
        raise SourceRefused(
            SOURCE,
            "NCBI has blocked this address",
            hint="stop, wait, and write to eutils@ncbi.nlm.nih.gov; set REVIEW_EMAIL and NCBI_API_KEY",
        )
    errors = _ERROR.findall(body[:65536]) if found.startswith("e") else []
    if errors:
        _sort_error(errors[0].decode("utf-8", "replace"), answer)
    if answer.status == 400:
        raise Retry("HTTP 400 without a known reason", tries=4)
    if answer.status == 414:
        raise BadResponse(SOURCE, "the query is too long for the service (HTTP 414)")
    check_status(answer, SOURCE, setting=KEY_SETTING)
    if not stripped:
        raise Retry("an empty answer")
    if found != root:
        raise Retry(f"an answer that is {_name_body(stripped, found)} instead of {root}")
    if match and b"<!ENTITY" in match.group():
        raise Retry("an answer that declares XML entities, which the service never does")
    if not body.rstrip().endswith((f"</{root}>".encode(), b"/>")):
        raise Retry("the answer was cut")
    return body


def _name_body(stripped: bytes, found: str) -> str:
    if found.lower() == "html" or stripped[:15].lower().startswith(b"<!doctype html"):
        return "HTML"
    if stripped.startswith(b"{"):
        return "JSON"
    if found:
        return f"<{found}>"
    return "a prolog alone" if stripped.startswith(b"<") else "plain text"


def _check_json(body: bytes, answer: Answer) -> None:
    try:
        # Line breaks stand raw inside the strings of the service's errors.
        data = json.loads(body[:65536], strict=False)
    except (ValueError, RecursionError):
        return
    error = str(data.get("error", "")) if isinstance(data, dict) else ""
    if "rate limit" in error.lower():
        raise Retry("too many requests", wait_seconds=max(1.0, answer.retry_after_seconds or 1.0))
    if "api key" in error.lower():
        raise SourceRefused(SOURCE, "NCBI does not accept the API key", hint=f"mend or unset {KEY_SETTING}")


def _sort_error(text: str, answer: Answer) -> None:
    """Sort the text of an ERROR element; the text itself is not repeated, it may hold the request."""
    lower = text.lower()
    if "unable to obtain query" in lower:
        raise HistoryLost
    if "api key" in lower:
        raise SourceRefused(SOURCE, "NCBI does not accept the API key", hint=f"mend or unset {KEY_SETTING}")
    if "cannot be larger than" in lower or "out of acceptable range" in lower:
        raise BadResponse(SOURCE, "a position beyond the 9,999 that the service gives was asked for")
    if "id list is empty" in lower:
        raise BadResponse(SOURCE, "the service takes none of the ids for a PubMed id")
    if "empty term" in lower:
        raise BadResponse(SOURCE, "the service sees an empty query")
    if "invalid db name" in lower:
        raise BadResponse(SOURCE, "the service does not know the database; look at REVIEW_EUTILS_URL")
    reason = "its search back end failed" if "search" in lower else "an error inside the answer"
    raise Retry(f"{reason} (HTTP {answer.status})", wait_seconds=answer.retry_after_seconds)


def parse_search(body: bytes) -> SearchAnswer:
    """Read an ESearch answer.

    Raises:
        Retry: If it is not one after all.
    """
    from Bio import Entrez
    from Bio.Entrez.Parser import CorruptedXMLError
    from Bio.Entrez.Parser import NotXMLError

    # ESearch answers are declared and sent as UTF-8.
    start = body.find(b"<eSearchResult")
    try:
        data = Entrez.read(io.BytesIO(_ESEARCH_PROLOG + body[start:]), validate=False)  # type: ignore[no-untyped-call]
        ids = [str(item) for item in data.get("IdList", ())]
        count = int(data["Count"])
    except (CorruptedXMLError, NotXMLError, RuntimeError, ValueError, KeyError, TypeError, AttributeError):
        raise Retry("a search answer that cannot be read") from None
    if count < 0 or not all(item.isascii() and item.isdigit() for item in ids):
        raise Retry("a search answer with ids or a count that are no numbers")
    errors, warnings = data.get("ErrorList", {}), data.get("WarningList", {})
    distinct = tuple(dict.fromkeys(ids))
    return SearchAnswer(
        count=count,
        ids=distinct,
        translation=" ".join(str(data.get("QueryTranslation", "")).split()),
        web_env=str(data.get("WebEnv", "")),
        query_key=str(data.get("QueryKey", "")),
        phrases_not_found=_list_texts(errors, "PhraseNotFound"),
        quoted_not_found=_list_texts(warnings, "QuotedPhraseNotFound"),
        fields_not_found=_list_texts(errors, "FieldNotFound"),
        phrases_ignored=_list_texts(warnings, "PhraseIgnored"),
        messages=_list_texts(warnings, "OutputMessage"),
        repeated=len(ids) - len(distinct),
    )


def _list_texts(group: object, key: str) -> tuple[str, ...]:
    values = group.get(key, ()) if isinstance(group, Mapping) else ()
    return tuple(str(value) for value in ([values] if isinstance(values, str) else values))


def scan_page(body: bytes) -> list[DeliveredRecord]:
    """List the records of an EFetch page in order, articles and books; the whole document must be well formed.

    Raises:
        Retry: If it is not, or a record has no id.
    """
    from lxml import etree

    delivered: list[DeliveredRecord] = []
    try:
        context = etree.iterparse(
            io.BytesIO(body),
            events=("end",),
            tag=("PubmedArticle", "PubmedBookArticle"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        for _, element in context:
            place = "MedlineCitation/PMID" if element.tag == "PubmedArticle" else "BookDocument/PMID"
            pmid = element.find(place)
            text = (pmid.text or "").strip() if pmid is not None else ""
            if not (text.isascii() and text.isdigit()):
                raise Retry("a record without an id")
            delivered.append(DeliveredRecord(text.lstrip("0") or "0", pmid.get("Version", "1")))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError:
        raise Retry("a page that is not well formed") from None
    return delivered
