from __future__ import annotations

import json

from tests.builder import make_review


def test_the_address_is_printed(tmp_path, review_command, monkeypatch):
    make_review(tmp_path)
    monkeypatch.setattr("review.web.server.LocalServer.run", lambda self: self._socket.close())
    called = review_command("serve", "--no-browser", "--json", "--quiet", "--project", tmp_path)
    assert (called.code, called.err) == (0, "")
    assert json.loads(called.out)["address"].startswith("http://127.0.0.1:")
    called = review_command("serve", "--no-browser", "--who", "ben", "--project", tmp_path)
    assert (called.code, called.err) == (0, "Open this address in a browser; Ctrl-C ends.\n")


def test_a_name_that_cannot_be_a_logs(tmp_path, review_command):
    make_review(tmp_path)
    called = review_command("serve", "--no-browser", "--who", "../ben", "--project", tmp_path)
    assert called.code == 2
    assert not list(tmp_path.glob("**/.ben*"))


def test_a_log_that_another_page_holds(tmp_path, review_command):
    from review.screening.log import COLUMNS
    from review.screening.logfile import open_log
    from review.workspace import Layout

    make_review(tmp_path)
    with open_log(Layout(tmp_path).screening / "ben.csv", COLUMNS, "review screen"):
        called = review_command("serve", "--no-browser", "--who", "ben", "--project", tmp_path)
    assert called.code == 2
    assert "in use by" in called.err


def test_a_port_in_use(tmp_path, review_command):
    import socket

    make_review(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        called = review_command("serve", "--no-browser", "--port", taken.getsockname()[1], "--project", tmp_path)
    assert called.code == 2
    assert "is in use" in called.err
