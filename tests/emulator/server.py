"""The emulator on a loopback port: HTTP, keys, the rate limit, and the faults of a plan.

with Emulator(Corpus(synthesise(1000))) as emulator:
    emulator.plan = at({2}, "503", tool="efetch")
    requests.get(emulator.url + "esearch.fcgi", params={"db": "pubmed", "term": "asthma"})
    emulator.calls  # what was asked, in order
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import sys
import threading
import time
from collections import deque
from datetime import date
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from tests.emulator import bodies
from tests.emulator.corpus import Corpus
from tests.emulator.faults import Answer
from tests.emulator.faults import Call
from tests.emulator.faults import Plan
from tests.emulator.service import Service

_BASE = "/entrez/eutils/"


class RateLimit:
    """Requests of the last second per caller; the limit is 3, with a key 10."""

    def __init__(self, *, window_s: float = 1.0) -> None:
        self.window_s = window_s
        self._starts: dict[str, deque[float]] = {}

    def count(self, caller: str, started: float) -> int:
        """Count a request and return how many that caller has made within the window."""
        starts = self._starts.setdefault(caller, deque())
        while starts and started - starts[0] >= self.window_s:
            starts.popleft()
        starts.append(started)
        return len(starts)


class Emulator:
    """A running service. Change `corpus`, `service`, `plan` and the switches at any time between calls.

    `enforces_rate` makes it answer 429 beyond the limit; `keys` are the valid API keys, None accepts any;
    `longest_url` is the length in characters from which a GET is answered 414.
    """

    def __init__(
        self,
        corpus: Corpus | None = None,
        *,
        plan: Plan | None = None,
        enforces_rate: bool = False,
        keys: set[str] | None = None,
        longest_url: int = 4096,
        today: date = date(2025, 11, 26),
    ) -> None:
        self.service = Service(corpus if corpus is not None else Corpus(), today=today)
        self.plan = plan
        self.enforces_rate = enforces_rate
        self.keys = keys
        self.longest_url = longest_url
        self.calls: list[Call] = []
        #: Status that was answered, beside `calls`.
        self.statuses: list[int] = []
        #: What went wrong inside the emulator; `stop` raises it.
        self.errors: list[Exception] = []
        self.lock = threading.Lock()
        self._rate = RateLimit()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def corpus(self) -> Corpus:
        """The records."""
        return self.service.corpus

    @property
    def url(self) -> str:
        """The base address, as REVIEW_EUTILS_URL wants it."""
        assert self._server is not None, "not started"
        return f"http://127.0.0.1:{self._server.server_address[1]}{_BASE}"

    def start(self) -> Self:
        """Serve on a free port."""
        handler = type("BoundHandler", (_Handler,), {"emulator": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.emulator = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = self._thread = None
        if self.errors:
            raise ExceptionGroup("the emulator itself failed", self.errors)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def reset(self) -> None:
        """Forget calls, faults, history and the rate, and keep the corpus."""
        with self.lock:
            self.calls.clear()
            self.statuses.clear()
            self.plan = None
            self._rate = RateLimit()
            self.service.history.forget()
            self.service.history.expire_after = None
            self.service.undelivered.clear()
            self.service.delivers_versions = False

    def forget_history(self) -> None:
        """Lose every stored set, as the history server does now and then."""
        with self.lock:
            self.service.history.forget()

    def count_calls(self, tool: str = "") -> int:
        """Count the calls, of one tool when it is named."""
        return sum(not tool or call.tool == tool for call in self.calls)

    def handle(self, tool: str, method: str, url: str, fields: dict[str, list[str]], headers: dict[str, str]) -> Answer:
        """Answer one request: the key first, then the rate, then a fault or the truth."""
        started = time.monotonic()
        with self.lock:
            call = Call(
                number=len(self.calls) + 1,
                nth=self.count_calls(tool) + 1,
                tool=tool,
                method=method,
                params={name: values[0] for name, values in fields.items()},
                lists=fields,
                headers=headers,
                started=started,
            )
            self.calls.append(call)
            answer = self._answer(call, url)
            self.statuses.append(answer.status)
            return answer

    def _answer(self, call: Call, url: str) -> Answer:
        key = call.params.get("api_key")
        if key is not None and (not key or (self.keys is not None and key not in self.keys)):
            return Answer(bodies.bad_key(key).encode(), "application/json", 400, chunked=False)
        limit = 10 if key else 3
        count = self._rate.count(key or "127.0.0.1", call.started)
        if self.enforces_rate and count > limit:
            body = bodies.rate_limit(key or "127.0.0.1", count, limit).encode()
            headers = {"Retry-After": "2", "X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": "0"}
            return Answer(body, "application/json", 429, headers, chunked=False)
        if call.method == "GET" and len(url) > self.longest_url:
            return Answer(bodies.TOO_LONG.encode(), "text/html", 414)
        fault = self.plan(call) if self.plan else None
        answer = fault(call, lambda: self.service.answer(call)) if fault else self.service.answer(call)
        rate = {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(max(0, limit - count))}
        return Answer(**{**answer.__dict__, "headers": {**rate, **answer.headers}})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    emulator: Emulator

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep errors of the emulator's own for `Emulator.stop`; a client that hangs up is none."""
        error = sys.exception()
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self.emulator.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    emulator: Emulator
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self._respond(parts.path, parse_qs(parts.query, keep_blank_values=True))

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        fields = parse_qs(parts.query, keep_blank_values=True)
        for name, values in parse_qs(body, keep_blank_values=True).items():
            fields.setdefault(name, []).extend(values)
        self._respond(parts.path, fields)

    def _respond(self, path: str, fields: dict[str, list[str]]) -> None:
        tool = path.rpartition("/")[2].removesuffix(".fcgi").removesuffix(".cgi")
        if not path.startswith(_BASE):
            tool = ""
        answer = self.emulator.handle(tool, self.command, self.path, fields, dict(self.headers.items()))
        if answer.wait_s:
            time.sleep(answer.wait_s)
        if answer.reset and answer.cut_at is None:
            self._break_off()
            return
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        body = answer.body
        zipped = "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 200
        if zipped:
            body = gzip.compress(body, 1)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Cache-Control", "private")
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        sent = body if answer.cut_at is None else body[: min(answer.cut_at, max(0, len(body) - 1))]
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        size = 1024 if answer.drip_s else 65536
        for start in range(0, len(sent), size):
            if answer.drip_s:
                time.sleep(answer.drip_s)
            piece = sent[start : start + size]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if answer.chunked else piece)
        if answer.cut_at is not None:
            self.wfile.flush()
            if answer.reset:
                self._break_off()
            self.close_connection = True
        elif answer.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _break_off(self) -> None:
        """Close so that the client sees a reset."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.shutdown(socket.SHUT_RD)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep test output clean."""
