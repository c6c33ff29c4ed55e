from __future__ import annotations

import pytest

from review.errors import SourceRefused
from review.search.http import Answer
from review.search.http import Retry
from review.search.settings import Settings
from review.search.sources.connection import parse_object
from review.search.sources.connection import read_object
from review.search.sources.connection import shorten


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "an empty answer"),
        (b" \n", "an empty answer"),
        (b"<!doctype html>", "HTML or XML"),
        (b"[1]", "no JSON object"),
        (b"busy", "no JSON object"),
        (b'{"a": [1, 2', "no whole JSON"),
        (b'{"a": 1} {"b": 2}', "no whole JSON"),
        (b'{"a":' * 100_000, "no whole JSON"),
        (b'{"a": "\xff"}', "no whole JSON"),
    ],
)
def test_what_is_no_answer(body, reason):
    with pytest.raises(Retry, match=reason):
        parse_object(body)


def test_what_is_one():
    assert parse_object(b'\xef\xbb\xbf {"a": 1}\n') == {"a": 1}
    assert read_object(Answer(200, {}, b"{}"), "Service") == {}


def test_statuses_are_sorted_first():
    with pytest.raises(Retry, match="503"):
        read_object(Answer(503, {}, b"{}"), "Service")
    with pytest.raises(SourceRefused, match="look at THE_KEY"):
        read_object(Answer(401, {}, b"{}"), "Service", setting="THE_KEY")


def test_what_a_service_says_is_cut_and_holds_no_key():
    settings = Settings("http://127.0.0.1/", "reviewer@example.org", "secret")
    assert shorten(f"the key secret\nis {'x' * 500}", settings, 20) == "the key *** is xxxxx"
