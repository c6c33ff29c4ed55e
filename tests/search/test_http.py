from __future__ import annotations

import gzip
import io

import pytest
import requests
import urllib3

from review.errors import BadResponse
from review.errors import SourceRefused
from review.errors import SourceUnavailable
from review.search.http import Answer
from review.search.http import Patience
from review.search.http import Request
from review.search.http import Retry
from review.search.http import Transport
from review.search.http import check_status
from review.search.http import name_failure
from review.search.http import parse_retry_after
from review.search.http import redact
from review.search.throttle import Throttle
from tests.search.scripted import Clock
from tests.search.scripted import scripted_session

KEY = "f0e1d2c3b4a5968778695a4b3c2d1e0f1234"
ASK = Request("ESearch", "https://example.org/esearch.fcgi", [("term", "x"), ("api_key", KEY)], method="POST")


def transport(*answers, patience=None, clock=None, told=None):
    session, adapter = scripted_session(*answers)
    clock = clock or Clock()
    throttle = Throttle("example.org", 0.0, clock=clock, sleep=clock.sleep)
    made = Transport(
        "PubMed",
        throttle,
        session=session,
        patience=patience or Patience(),
        notify=None if told is None else told.append,
        clock=clock,
        sleep=clock.sleep,
        jitter=lambda: 1.0,
    )
    return made, adapter, clock


def read(answer):
    check_status(answer, "PubMed", setting="NCBI_API_KEY")
    return answer.body


OK = (200, {}, b"fine")


def test_an_answer_that_holds_is_returned_at_once():
    made, adapter, clock = transport(OK)
    assert made.send(ASK, read) == b"fine"
    assert (made.sent, made.repeated, clock.slept) == (1, 0, [])
    request, kwargs = adapter.requests[0]
    assert request.method == "POST"
    assert KEY not in request.url
    assert f"api_key={KEY}" in request.body
    assert kwargs["timeout"] == (10.0, 30.0)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again_with_growing_waits(status):
    told = []
    made, _, clock = transport((status, {}, b""), (status, {}, b""), OK, told=told)
    assert made.send(ASK, read) == b"fine"
    assert made.repeated == 2
    assert clock.slept[-1] > clock.slept[0] * 0.9
    assert "try 3 of 7" in told[1]


def test_retry_after_is_honoured_in_seconds_and_as_a_date():
    made, _, clock = transport((429, {"Retry-After": "7"}, b""), OK)
    made.send(ASK, read)
    assert max(clock.slept) == 7.0
    dates = {"Retry-After": "Tue, 24 Nov 2026 07:00:09 GMT", "Date": "Tue, 24 Nov 2026 07:00:00 GMT"}
    made, _, clock = transport((503, dates, b""), OK)
    made.send(ASK, read)
    assert max(clock.slept) == 9.0


@pytest.mark.parametrize(("value", "expected"), [("2", 2.0), ("-3", 0.0), ("soon", None), ("", None)])
def test_a_retry_after_that_says_nothing_is_none(value, expected):
    assert parse_retry_after(value) == expected


def test_a_dead_service_is_given_up_after_stated_tries_and_time():
    refused = requests.ConnectionError(urllib3.exceptions.NewConnectionError(None, f"refused api_key={KEY}"))
    made, adapter, clock = transport(refused)
    with pytest.raises(SourceUnavailable, match=r"given up after 7 tries in \d+ s") as caught:
        made.send(ASK, read)
    assert len(adapter.requests) == 7
    assert clock.now < 60
    assert caught.value.exit_code == 3
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "number of hits" in str(caught.value)


def test_the_total_time_ends_the_tries_early():
    made, adapter, clock = transport((503, {"Retry-After": "100"}, b""), patience=Patience(total_seconds=150))
    with pytest.raises(SourceUnavailable, match="asks to wait 100 s more"):
        made.send(ASK, read)
    assert len(adapter.requests) == 2
    assert clock.now <= 150


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_ends_at_once_and_names_the_setting(status):
    made, adapter, _ = transport((status, {}, b""))
    with pytest.raises(SourceRefused, match="NCBI_API_KEY"):
        made.send(ASK, read)
    assert len(adapter.requests) == 1


def test_a_redirect_is_never_followed():
    made, adapter, _ = transport((307, {"Location": "http://elsewhere.example/"}, b""))
    with pytest.raises(SourceUnavailable, match="a redirect, which is not followed"):
        made.send(ASK, read)
    assert {request.url for request, _ in adapter.requests} == {ASK.url}
    assert len(adapter.requests) == 3


def test_a_reason_with_a_bound_of_its_own_does_not_use_up_the_others():
    made, _, _ = transport((500, {}, b""), (404, {}, b""), (502, {}, b""), OK)
    assert made.send(ASK, read) == b"fine"
    made, adapter, _ = transport((404, {}, b""))
    with pytest.raises(SourceUnavailable, match="after 2 tries"):
        made.send(ASK, read)
    assert len(adapter.requests) == 2


def test_another_status_is_a_bad_response():
    made, _, _ = transport((418, {}, b""))
    with pytest.raises(BadResponse, match="HTTP 418"):
        made.send(ASK, read)


def test_a_body_shorter_than_announced_is_asked_again():
    made, _, _ = transport((200, {"Content-Length": "10"}, b"short"), OK)
    assert made.send(ASK, read) == b"fine"
    assert made.repeated == 1


def test_a_damaged_compressed_body_is_asked_again():
    packed = gzip.compress(b"fine" * 100)
    encoding = {"Content-Encoding": "gzip"}
    made, _, _ = transport((200, encoding, b"\x1f\x8b" + b"\0" * 40), (200, encoding, packed))
    assert made.send(ASK, read) == b"fine" * 100
    assert made.repeated == 1


class Dripping(io.RawIOBase):
    """A byte a second, for ever."""

    def __init__(self, clock):
        self.clock = clock

    def readable(self):
        return True

    def read1(self, _amount=-1):
        self.clock.now += 1
        return b"x"

    read = read1


def test_a_dripping_answer_is_given_up():
    clock = Clock()
    made, _, _ = transport((200, {}, Dripping(clock)), OK, clock=clock)
    assert made.send(ASK, read) == b"fine"
    assert clock.now < 40


def test_an_endless_answer_is_refused():
    made, _, _ = transport((200, {}, b"x" * 4096), patience=Patience(largest_body=1024))
    with pytest.raises(BadResponse, match="more than"):
        made.send(ASK, read)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (requests.ConnectTimeout(), "no connection in time"),
        (requests.ReadTimeout(), "no answer in time"),
        (requests.exceptions.SSLError(), "the secure connection failed"),
        (requests.exceptions.ProxyError(), "the proxy failed"),
        (ConnectionResetError(), "the connection was reset"),
        (urllib3.exceptions.IncompleteRead(1, 2), "the answer was cut"),
        (requests.exceptions.ChunkedEncodingError(), "the answer was cut"),
        (requests.exceptions.ContentDecodingError(), "the compressed answer was damaged"),
        (ValueError("secret"), "the connection failed (ValueError)"),
    ],
)
def test_failures_are_named_without_the_libraries_text(error, words):
    assert name_failure(error) == words


def test_causes_inside_an_exception_are_looked_at():
    outer = requests.ConnectionError("x")
    outer.__context__ = ConnectionRefusedError()
    assert name_failure(outer) == "the connection was refused"
    outer.__context__ = outer
    assert name_failure(outer) == "the connection failed (ConnectionError)"


def test_secrets_are_starred():
    assert redact(f"key={KEY}", [KEY, ""]) == "key=***"


def test_settings_and_requests_do_not_show_the_key():
    assert KEY not in repr(ASK)
    assert KEY not in repr(Answer(200, {}, b"x"))


def test_retry_tells_its_reason():
    assert str(Retry("why")) == "why"
