"""A loopback server for one service: its handler answers, a plan of faults spoils answers, calls are kept.

with Running(Crossref(works)) as running:
    running.plan = {2: "503", 3: "cut"}
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from dataclasses import field
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qsl
from urllib.parse import unquote
from urllib.parse import urlsplit

JSON = "application/json;charset=utf-8"


@dataclass
class Call:
    """What was asked: `path` below the service's address."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]
    method: str


@dataclass
class Reply:
    """What is answered."""

    body: bytes
    status: int = 200
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def reply(value, status=200, **headers):
    """Answer JSON."""
    named = {name.replace("_", "-"): str(text) for name, text in headers.items()}
    return Reply(json.dumps(value).encode(), status, headers=named)


def text(words, status=200, kind="text/plain"):
    """Answer text."""
    return Reply(words.encode(), status, kind)


#: Faults that pass: name -> what becomes of a sound answer (None: the connection is closed without one).
FAULTS = {
    "503": lambda sound: text("The service is down for maintenance.", 503),
    "502": lambda sound: text("<html><body>Bad Gateway</body></html>", 502, "text/html"),
    "504": lambda sound: text("<html><body>Gateway Timeout</body></html>", 504, "text/html"),
    "429": lambda sound: Reply(b'{"error":"Rate limit exceeded"}', 429, headers={"Retry-After": "1"}),
    "html": lambda sound: text("<!doctype html><html><body>One moment please</body></html>", 200, "text/html"),
    "empty": lambda sound: Reply(b""),
    "cut": lambda sound: Reply(sound.body[: len(sound.body) * 2 // 3]),
    "array": lambda sound: Reply(b"[]"),
    "text": lambda sound: text("upstream connect error or disconnect/reset before headers"),
    "hang-up": lambda sound: None,
}


class Running:
    """A running service. `plan` is a mapping from the number of a call (from 1) to a fault, or a fault for every call."""

    def __init__(self, service, base="/"):
        self.service = service
        self.base = base
        self.plan = {}
        self.calls = []
        self.errors = []
        self._lock = threading.Lock()

    @property
    def url(self):
        """The address of the service."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{self.base}"

    def __enter__(self):
        handler = type("Handler", (_Handler,), {"running": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        assert self.errors == []

    def answer(self, call):
        """Answer a call, spoiled where the plan says so."""
        with self._lock:
            self.calls.append(call)
            number = len(self.calls)
            try:
                sound = self.service.answer(call)
            except Exception as error:  # noqa: BLE001 (the test must see whatever went wrong here)
                self.errors.append(error)
                return text("the test service itself failed", 500)
            fault = self.plan if isinstance(self.plan, str) else self.plan.get(number)
            return FAULTS[fault](sound) if fault else sound


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self):
        self._serve("")

    def do_POST(self):
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _serve(self, form):
        parts = urlsplit(self.path)
        path = unquote(parts.path.removeprefix(self.running.base))
        params = dict(parse_qsl(parts.query, keep_blank_values=True) + parse_qsl(form, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.running.answer(Call(path, params, headers, self.command))
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_):
        """Nothing is logged."""
