from __future__ import annotations

import json

import pytest

from tests.builder import make_review


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["none-2010"], "there is no extraction/studies/none-2010.yaml; `review extract new none-2010` writes it"),
        (["adams-2010", "--second"], "`review extract new adams-2010 --second` writes it"),
        (["../adams"], "cannot be a study's id"),
    ],
)
def test_sheets_that_are_not_there(tmp_path, review_command, words, told):
    make_review(tmp_path)
    called = review_command("extract", "form", *words, "--no-browser", "--project", tmp_path)
    assert called.code == 2
    assert told in called.err


def test_the_address_is_printed(tmp_path, review_command, monkeypatch):
    make_review(tmp_path)
    monkeypatch.setattr("review.web.server.LocalServer.run", lambda self: self._socket.close())
    addresses = []
    for _ in range(2):
        called = review_command(
            "extract", "form", "adams-2010", "--no-browser", "--json", "--quiet", "--project", tmp_path
        )
        assert (called.code, called.err) == (0, "")
        addresses.append(json.loads(called.out)["address"].split("?")[0])
    # The sheet has a port of its own, unless something else holds it.
    assert addresses[0] == addresses[1]
    assert addresses[0].startswith("http://127.0.0.1:")
