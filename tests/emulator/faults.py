"""Every known way in which the service fails, each switchable per call.

A fault is a function of the call and of the way to the true answer; it returns what is sent instead. A plan decides for
each call which fault, if any, befalls it. `CATALOGUE` names all of them.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from tests.emulator import bodies

JSON = "application/json; charset=UTF-8"
XML = "text/xml; charset=UTF-8"
HTML = "text/html"
PLAIN = "text/plain; charset=UTF-8"


@dataclass(frozen=True)
class Call:
    """One request: `number` counts all from 1, `nth` those of the same tool; `started` is monotonic, in seconds."""

    number: int
    nth: int
    tool: str
    method: str
    params: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    started: float

    @property
    def wants_json(self) -> bool:
        """Whether retmode=json was asked."""
        return self.params.get("retmode") == "json"


@dataclass(frozen=True)
class Answer:
    """What goes over the wire. `cut_at` ends the body after that many bytes of what is sent; `reset` ends it harshly."""

    body: bytes
    content_type: str = XML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    chunked: bool = True
    cut_at: int | None = None
    wait_s: float = 0.0
    drip_s: float = 0.0
    reset: bool = False


Proceed = Callable[[], Answer]
Fault = Callable[[Call, Proceed], Answer]
Plan = Callable[[Call], Fault | None]


def _always(answer: Answer) -> Fault:
    return lambda _call, _proceed: answer


def _altered(**changes: Any) -> Fault:
    return lambda _call, proceed: dataclasses.replace(proceed(), **changes)


def too_many_requests(*, retry_after: str | None = "2", status: int = 429, short: bool = False) -> Fault:
    """429 whatever the rate was; a status of 200 sends the same body as some have seen."""
    text = '{"error":"API rate limit exceeded","count":"11"}\n' if short else bodies.rate_limit("203.0.113.7", 4, 3)
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return _always(Answer(text.encode(), "application/json", status, headers, chunked=False))


def bad_key(call: Call, _proceed: Proceed) -> Answer:
    """400 that echoes the key."""
    return Answer(bodies.bad_key(call.params.get("api_key", "")).encode(), "application/json", 400, chunked=False)


def error_text(text: str, *, status: int = 200) -> Fault:
    """An ERROR of the tool itself, in the shape of that tool and of the mode that was asked."""
    return lambda call, _proceed: bodies_answer(call, text, status)


def bodies_answer(call: Call, text: str, status: int = 200) -> Answer:
    """Wrap an error text as the tool does; JSON keeps line breaks raw, and so is not valid JSON then."""
    if call.wants_json and call.tool in {"esearch", "esummary", "elink"}:
        return Answer(bodies.error_json(call.tool, text).encode(), JSON, status)
    if call.tool == "efetch" and call.params.get("retmode") == "text":
        return Answer(bodies.error_text(text).encode(), PLAIN, status)
    return Answer(bodies.error_xml(call.tool, text).encode(), XML, status)


def redirect(status: int = 301, location: str = "http://ext-http-eutils.linkerd.ncbi.nlm.nih.gov/") -> Fault:
    """A redirect to a host that does not resolve."""
    return _always(Answer(b"", HTML, status, {"Location": location}, chunked=False))


def slow(seconds: float) -> Fault:
    """The first byte comes late."""
    return _altered(wait_s=seconds)


def drip(seconds: float) -> Fault:
    """The body comes in small pieces with a pause before each."""
    return _altered(drip_s=seconds)


def truncated(at: int | None = None, *, chunked: bool = True) -> Fault:
    """The connection ends inside the body: after `at` bytes, or in its middle."""

    def cut(_call: Call, proceed: Proceed) -> Answer:
        answer = proceed()
        return dataclasses.replace(answer, cut_at=len(answer.body) // 2 if at is None else at, chunked=chunked)

    return cut


def silently_truncated(at: int | None = None) -> Fault:
    """The body is cut, yet the transfer itself ends as if it were whole."""

    def cut(_call: Call, proceed: Proceed) -> Answer:
        answer = proceed()
        return dataclasses.replace(answer, body=answer.body[: len(answer.body) // 2 if at is None else at])

    return cut


def prolog_only(_call: Call, proceed: Proceed) -> Answer:
    """The XML declaration and the DOCTYPE, and nothing behind them."""
    answer = proceed()
    head = re.match(rb"\s*<\?xml[^>]*>\s*(<!DOCTYPE[^>]*>)?\s*", answer.body)
    return dataclasses.replace(answer, body=head.group() if head else b'<?xml version="1.0" ?>\n')


_RECORD = re.compile(rb"<Pubmed(?:Book)?Article>.*?</Pubmed(?:Book)?Article>", re.DOTALL)
_ID_XML = re.compile(rb"<Id>\d+</Id>\n?")


def _map_records(change: Callable[[list[bytes]], list[bytes]]) -> Fault:
    """Change the list of records (efetch) or of ids (esearch) in an answer."""

    def alter(_call: Call, proceed: Proceed) -> Answer:
        answer = proceed()
        pattern = _RECORD if b"<PubmedArticleSet>" in answer.body else _ID_XML
        if pattern is _ID_XML and answer.content_type == JSON:
            return _map_json_ids(answer, change)
        parts = pattern.findall(answer.body)
        if not parts:
            return answer
        start = answer.body.index(parts[0])
        end = answer.body.rindex(parts[-1]) + len(parts[-1])
        return dataclasses.replace(answer, body=answer.body[:start] + b"".join(change(parts)) + answer.body[end:])

    return alter


def _map_json_ids(answer: Answer, change: Callable[[list[bytes]], list[bytes]]) -> Answer:
    data = json.loads(answer.body)
    result = data.get("esearchresult", {})
    if "idlist" not in result:
        return answer
    result["idlist"] = [part.decode() for part in change([item.encode() for item in result["idlist"]])]
    return dataclasses.replace(answer, body=json.dumps(data, separators=(",", ":")).encode() + b"\n")


short_page = _map_records(lambda parts: parts[:-1])
record_missing_inside = _map_records(lambda parts: parts[: len(parts) // 2] + parts[len(parts) // 2 + 1 :])
duplicate_record = _map_records(lambda parts: [*parts[:1], *parts])
no_ids = _map_records(lambda _parts: [])


def foreign_record(xml: bytes) -> Fault:
    """A record that was not asked for stands in the answer."""
    return _map_records(lambda parts: [*parts, xml])


def count_drift(by: int) -> Fault:
    """ESearch counts differently than a moment ago."""

    def drift(_call: Call, proceed: Proceed) -> Answer:
        answer = proceed()
        body = re.sub(
            rb'(<eSearchResult><Count>|"esearchresult":\{"count":")(\d+)',
            lambda match: match.group(1) + str(max(0, int(match.group(2)) + by)).encode(),
            answer.body,
            count=1,
        )
        return dataclasses.replace(answer, body=body)

    return drift


def unknown_dtd(_call: Call, proceed: Proceed) -> Answer:
    """A DTD of a year that no parser has."""
    answer = proceed()
    body = answer.body.replace(b"pubmed_250101", b"pubmed_990101").replace(b"January 2025", b"January 2099")
    return dataclasses.replace(answer, body=body)


def byte_order_mark(_call: Call, proceed: Proceed) -> Answer:
    """A byte order mark before the body."""
    answer = proceed()
    return dataclasses.replace(answer, body=b"\xef\xbb\xbf" + answer.body)


def declared_entities(_call: Call, proceed: Proceed) -> Answer:
    """A DOCTYPE that declares entities which expand each other."""
    answer = proceed()
    rows = b"".join(b'<!ENTITY e%d "%b">' % (level, b"&e%d;" % (level - 1) * 10) for level in range(1, 9))
    head, mark, rest = answer.body.partition(b'.dtd">')
    body = head + b'.dtd" [<!ENTITY e0 "ha">' + rows + b"]>" + rest if mark else answer.body
    return dataclasses.replace(answer, body=body)


def json_for_xml(_call: Call, _proceed: Proceed) -> Answer:
    """JSON where XML was asked."""
    return Answer(b'{"header":{"type":"efetch","version":"0.3"}}\n', JSON)


def lost_history(call: Call, _proceed: Proceed) -> Answer:
    """The set is gone; `Emulator.forget_history` makes it stay gone."""
    return bodies_answer(call, f"Unable to obtain query #{call.params.get('query_key', '1')}")


def reset(_call: Call, proceed: Proceed) -> Answer:
    """The connection breaks before a byte was sent."""
    return dataclasses.replace(proceed(), reset=True)


#: The tool's own transient errors; the second of the search back end spans two lines.
BACKEND_ERRORS: Mapping[str, str] = {
    "backend-502": "Search Backend failed: Pubmed 2.0 search API: HTTP request returned 502 status.",
    "backend-processing": "Search Backend failed: Exception:\nHTTP Request processing error",
    "backend-unresolved": "Couldn't resolve #pmquerysrv-mz?dbaf=pubmed, the address table is empty",
    "backend-unsupported": "Database is not supported: pubmed",
    "backend-unavailable": "Search is temporarily unavailable",
    "backend-executor": "Can't run executor",
}

CATALOGUE: Mapping[str, Fault] = {
    "429": too_many_requests(),
    "429-no-retry-after": too_many_requests(retry_after=None),
    "429-short": too_many_requests(retry_after=None, short=True),
    "429-as-200": too_many_requests(status=200),
    "bad-key": bad_key,
    "400-unknown": _always(Answer(b'{"error":"Unknown Error"}', JSON, 400)),
    "400-bare": _always(Answer(b"", PLAIN, 400, chunked=False)),
    "404": _always(Answer(bodies.html("404 Not Found"), HTML, 404)),
    "500": _always(Answer(bodies.SERVER_ERROR.encode(), "text/html; charset=utf-8", 500)),
    "502": _always(Answer(bodies.html("502 Bad Gateway"), HTML, 502)),
    "503": _always(Answer(bodies.html("503 Service Temporarily Unavailable"), HTML, 503)),
    "503-retry-after": _always(Answer(bodies.html("503 Service Unavailable"), HTML, 503, {"Retry-After": "1"})),
    "504": _always(Answer(bodies.html("504 Gateway Time-out"), HTML, 504)),
    "unroutable": _always(Answer(bodies.UNROUTABLE.encode(), PLAIN, 502)),
    "unroutable-200": _always(Answer(bodies.UNROUTABLE.encode(), PLAIN, 200)),
    "blocked-403": _always(Answer(bodies.BLOCKED.encode(), HTML, 403)),
    "blocked-200": _always(Answer(bodies.BLOCKED.encode(), HTML, 200)),
    **{name: error_text(text) for name, text in BACKEND_ERRORS.items()},
    "summary-400": error_text(" Error occurred: cannot get document summary", status=400),
    "proxy-502-400": error_text(bodies.PROXY_STREAM, status=400),
    "proxy-502-200": error_text(bodies.PROXY_STREAM),
    "txclient": error_text("NCBI C++ Exception:\n    Error: TXCLIENT(CException::eUnknown)"),
    "lost-history": lost_history,
    "html-200": _always(Answer(bodies.html("NCBI"), HTML, 200)),
    "html-as-xml": _always(Answer(bodies.html("NCBI"), XML, 200)),
    "empty": _always(Answer(b"", XML, 200, chunked=False)),
    "prolog-only": prolog_only,
    "json-for-xml": json_for_xml,
    "truncated-chunked": truncated(),
    "truncated-length": truncated(chunked=False),
    "truncated-silently": silently_truncated(),
    "wrong-type": _altered(content_type="text/html; charset=UTF-8"),
    "slow": slow(0.3),
    "drip": drip(0.02),
    "reset": reset,
    "reset-inside": _altered(reset=True, cut_at=40),
    "short-page": short_page,
    "record-missing": record_missing_inside,
    "duplicate": duplicate_record,
    "no-ids": no_ids,
    "count-up": count_drift(3),
    "count-down": count_drift(-3),
    "unknown-dtd": unknown_dtd,
    "bom": byte_order_mark,
    "entities": declared_entities,
    "301": redirect(301),
    "307": redirect(307),
    "308": redirect(308),
}


def at(numbers: Collection[int], fault: Fault | str, *, tool: str = "") -> Plan:
    """Befall these calls: numbers among all from 1, or among the tool's own when one is named."""
    chosen = CATALOGUE[fault] if isinstance(fault, str) else fault

    def plan(call: Call) -> Fault | None:
        if tool and call.tool != tool:
            return None
        return chosen if (call.nth if tool else call.number) in numbers else None

    return plan


def every(step: int, faults: Sequence[Fault | str], *, tool: str = "") -> Plan:
    """Befall every `step`-th call (of one tool, when named), with one fault after the other."""
    chosen = [CATALOGUE[fault] if isinstance(fault, str) else fault for fault in faults]

    def plan(call: Call) -> Fault | None:
        number = call.nth if tool else call.number
        if (tool and call.tool != tool) or number % step:
            return None
        return chosen[(number // step - 1) % len(chosen)]

    return plan


def always(fault: Fault | str, *, tool: str = "") -> Plan:
    """Befall every call."""
    return every(1, [fault], tool=tool)


def first_of(*plans: Plan) -> Plan:
    """Take the first plan that has something for a call."""
    return lambda call: next((fault for fault in (plan(call) for plan in plans) if fault is not None), None)
