from __future__ import annotations

import pytest

from review.comments import check_comments
from review.marked import parse_marked
from tests.builder import ADAMS_SHEET
from tests.builder import PROTOCOL
from tests.builder import list_codes
from tests.builder import show


def find_lost(text):
    return list_codes(check_comments(text, "f.yaml"))


@pytest.mark.parametrize(
    "text",
    [
        "a: nodules #3 finger\n",
        "- {b: 1}\n- nodules #3\n",
        "a: [x, nodules #3\n  ]\n",
        "a: one\n  two #3\n",
        "a: nodules #é\n",
        'a: say "x" #1\n',
        "a: {b: x, c: nodules #3\n  }\n",
    ],
)
def test_text_that_is_lost_is_told(text):
    assert find_lost(text) == ["PROJECT-019"]


@pytest.mark.parametrize(
    "text",
    [
        "a: nodules  #3 finger\n",
        "a: nodules # 3 finger\n",
        "a: nodules #\n",
        "a: nodules#3\n",
        'a: "nodules #3 finger"\n',
        "a: 'nodules #3'\nb: x #\n",
        "a: >-\n  nodules #3 finger\n",
        "a: {b: c} #d\n",
        'a: "x" #d\n',
        "# nodules #3\n  # nodules #3\na: b\n",
        "a: b # see #3\n",
        "a: nodules ##3\n",
        ADAMS_SHEET,
        PROTOCOL,
        "",
    ],
)
def test_comments_that_are_meant_are_not(text):
    assert find_lost(text) == []


def test_a_file_that_is_cut_off_is_looked_at_as_far_as_it_goes():
    assert find_lost("a: b #3\nc: [d\n") == ["PROJECT-019"]
    assert find_lost('a: b\nc: "d #3\n') == []


def test_the_message_has_line_and_mend():
    document = parse_marked("format: 1\nnote: nodules #3 finger\n", "f.yaml")
    assert document.root["note"] == "nodules"
    assert show(document.findings) == [
        'f.yaml:2: PROJECT-019 warning: the value ends before "#3 finger", which YAML reads as a comment; expected "nodules #3 finger" in quotes (for a comment, put two spaces before the hash)'
    ]
    assert parse_marked('format: 1\nnote: "nodules #3 finger"\n', "f.yaml").findings == ()
