from __future__ import annotations

import re
import socket

import pytest

from review.errors import UsageError
from review.web.server import LocalServer
from tests.web.folders import make_folder
from tests.web.folders import read_log
from tests.web.served import serve

DECISION = {"stage": "title-abstract", "record": "doi:10.5555/r.0", "decision": "include"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("review")
    make_folder(root)
    return root


@pytest.fixture(scope="module")
def served(root):
    with serve(root) as page:
        yield page


def test_the_address_gives_a_cookie_that_only_this_server_takes(served):
    answer = served.get(f"/?key={served.permit.key}", cookie=None)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"review_{served.permit.port}={served.permit.cookie};")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert served.get("/").status == 200


@pytest.mark.parametrize(
    "path", ["/", "/?key=guess", "/static/screening.js", "/api/start", "/pdf?record=x", "/nothing"]
)
@pytest.mark.parametrize("cookie", [None, "review=1", 'x="', "\x80"])
def test_without_the_cookie_nothing_is_answered(served, path, cookie):
    answer = served.get(path, cookie=cookie)
    assert answer.status == 403
    assert b"calcinosis" not in answer.body.lower()


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_foreign_host_is_refused(served, host):
    assert served.get("/", host=host).status == 403
    assert served.get(f"/?key={served.permit.key}", host=host, cookie=None).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": None},
        {"x_review_token": None},
        {"x_review_token": "guess"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"cookie": None},
    ],
)
def test_another_site_cannot_decide(served, root, headers):
    assert served.post("/api/decide", DECISION, **headers).status == 403
    assert read_log(root) == []


def test_another_site_cannot_read(served):
    assert served.get("/api/next", origin="http://evil.example").status == 403
    assert served.get("/api/next", sec_fetch_site="cross-site").status == 403


@pytest.mark.parametrize("path", ["/", "/static/screening.css", "/api/start", "/nothing"])
def test_every_answer_has_strict_headers(served, path):
    headers = served.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_the_page_loads_nothing_from_elsewhere_and_runs_no_script_of_its_own(served):
    page = served.get("/").body.decode()
    assert re.findall(r'(?:src|href)="([^"#]+)"', page) == [
        "/static/icon.svg",
        "/static/screening.css",
        "/static/screening.js",
    ]
    assert "<style" not in page
    assert re.search(r"<script(?![^>]* src=)", page) is None
    assert re.search(r"\son\w+=", page) is None
    parts = [
        served.get(f"/static/{name}").body
        for name in ("screening.css", "screening.js", "record.js", "saving.js", "icon.svg")
    ]
    assert len(page) + sum(map(len, parts)) < 300_000
    assert not any(re.search(rb"https?://(?!www\.w3\.org/2000/svg)", part) for part in parts)


@pytest.mark.parametrize("name", ["../desk.py", "..%2fdesk.py", "desk.py", "screening.html.j2", ".", "%00", "x.js"])
def test_only_the_pages_own_files_are_served(served, name):
    assert served.get(f"/static/{name}").status == 404


def test_the_server_listens_on_this_machine_only(served):
    with socket.create_connection(("127.0.0.1", served.permit.port), 5) as connection:
        assert connection.getpeername()[0] == "127.0.0.1"
    with pytest.raises(UsageError, match=f"port {served.permit.port} is in use"):
        LocalServer(lambda permit: None, served.permit.port)


def test_secrets_are_new_at_every_start(served, root):
    with serve(root, "ben") as other:
        assert {other.permit.key, other.permit.cookie, other.permit.token}.isdisjoint(
            {served.permit.key, served.permit.cookie, served.permit.token}
        )
