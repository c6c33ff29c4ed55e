from __future__ import annotations

import pytest

from review.extraction.sheet_edit import read_tree
from review.extraction.sheet_fragments import quote_value
from review.extraction.sheet_fragments import render_block
from review.extraction.sheet_fragments import render_flow


@pytest.mark.parametrize(
    "text",
    ["no", "NO", "yes", "on", "null", "~", ">5", "a: b", "a #b", "012", "12:30", "2019-03-31", "1_000", "0x1F", "1e5",
     "- x", "[a", "{a}", "'a", '"a"', "&a", "*a", "!a", "%a", "@a", "`a`", "|", "a:", "-", "?", "= 5", "<<", "5%", "\\n", "a\\b"],
)  # fmt: skip
def test_what_yaml_could_misread_is_quoted(text):
    assert quote_value(text).startswith('"') or text == "5%"
    assert read_tree(f"a: {quote_value(text)}\nb: {{c: {quote_value(text)}}}\n", "a.yaml") == {
        "a": text,
        "b": {"c": text},
    }


@pytest.mark.parametrize(
    "text", ["54", "-50", "3.5", "0.5", "0", "case series", "page 3", "pubmed:24000000", "5.5 to 7"]
)
def test_what_is_plain_stays_plain(text):
    assert quote_value(text) == text


def test_values_on_one_line_and_on_several():
    value = {"value": "54", "op": None, "source": {"record": "paper", "words": "a: b"}}
    assert render_flow(value) == '{value: 54, source: {record: paper, words: "a: b"}}'
    assert render_block("cases", {0: {"case": "a", "outcomes": {"r": "no"}}}, 0) == [
        "cases:",
        "  - case: a",
        "    outcomes:",
        '      r: "no"',
    ]
    assert render_block("notes", ["one", "two"], 0, is_apart=True) == ["", "notes:", "  - one", "  - two"]
    assert render_block("iqr", ["1", "2"], 4) == ["    iqr: [1, 2]"]
