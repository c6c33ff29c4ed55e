"""A screening page served in this process, and a client that sends exactly what a test says."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review.screening.log import COLUMNS
from review.screening.logfile import open_log
from review.web.desk import Desk
from review.web.guard import TOKEN_HEADER
from review.web.guard import Pass
from review.web.library import read_library
from review.web.pdfs import PdfFolder
from review.web.screening import ScreeningPage
from review.web.server import LocalServer
from review.workspace import Layout


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Served:
    """The page at work: `desk` is behind it, `permit` has its secrets."""

    desk: Desk
    permit: Pass

    def send(self, method: str, path: str, *, body: bytes = b"", **headers: str) -> Answer:
        """Send a request; an underscore in a header's name is a hyphen, and a header of None is left out."""
        connection = http.client.HTTPConnection("127.0.0.1", self.permit.port, timeout=10)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            sent = {"host": self.permit.host, "cookie": f"{self.permit.cookie_name}={self.permit.cookie}"}
            if method == "POST":
                sent |= {"origin": self.permit.origin, TOKEN_HEADER: self.permit.token}
                sent |= {"content-type": "application/json", "content-length": str(len(body))}
            sent |= {name.replace("_", "-"): value for name, value in headers.items()}
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders(body or None)
            response = connection.getresponse()
            return Answer(
                response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
            )

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, **headers)

    def post(self, path: str, values: object, **headers: str) -> Answer:
        return self.send("POST", path, body=json.dumps(values).encode(), **headers)


@contextlib.contextmanager
def serve(root: Path, who: str = "ann") -> Iterator[Served]:
    """Serve the page of one person; the server has ended when this is left."""
    layout = Layout(root)
    with open_log(layout.screening / f"{who}.csv", COLUMNS, "test") as log:
        desk = Desk(who, layout, read_library(layout), log)
        server = LocalServer(lambda permit: ScreeningPage(desk, PdfFolder(root / "pdfs"), permit).make_app())
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield Served(desk, server.permit)
        finally:
            server.stop()
            thread.join(10)
