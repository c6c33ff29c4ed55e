from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.marked import DEPTH_LIMIT
from review.marked import SIZE_LIMIT_BYTES
from review.marked import Block
from review.marked import Items
from review.marked import Text
from review.marked import parse_marked
from review.marked import read_marked
from tests.builder import list_codes
from tests.builder import show


def parse(text):
    return parse_marked(text, "f.yaml")


def test_every_scalar_stays_what_was_typed():
    document = parse("a: NO\nb: 0123\nc: 12:30\nd: 2020-01-02\ne: 1.50\nf: null\ng: 'it''s'\nh: |\n  two\n  lines\n")
    assert document.findings == ()
    assert document.root == {
        "a": "NO", "b": "0123", "c": "12:30", "d": "2020-01-02", "e": "1.50", "f": "null", "g": "it's", "h": "two\nlines\n",
    }  # fmt: skip


def test_every_node_knows_its_line():
    root = parse("# comment\na: x\nb:\n  - one\n  - {c: two,\n     d: three}\n").root
    assert isinstance(root, Block)
    assert root.lines == {"a": 2, "b": 3}
    items = root["b"]
    assert isinstance(items, Items)
    assert (items.line, items[0].line, items[1].line) == (4, 4, 5)
    assert items[1].lines == {"c": 5, "d": 6}
    assert isinstance(root["a"], Text)
    assert (root["a"].is_plain, root["a"].line) == (True, 2)


def test_quoted_text_is_told_from_plain_text():
    root = parse("a: 'x'\nb: x\n").root
    assert (root["a"].is_plain, root["b"].is_plain) == (False, True)


#: Code, text that raises it, the line, a word of the message, and the mended text.
SLIPS = [
    ("PROJECT-010", "a: 1\nb: c: d\n", 2, "mapping values", "a: 1\nb: 'c: d'\n"),
    ("PROJECT-010", "a: @home\n", 1, "quote the text", "a: '@home'\n"),
    ("PROJECT-010", "a: [1\n", 2, "flow sequence", "a: [1]\n"),
    ("PROJECT-010", "a: 1\n---\nb: 2\n", 2, "another document", "---\na: 1\n"),
    ("PROJECT-010", "a: x\nb: \x07\n", 2, "U+0007", "a: x\nb: y\n"),
    ("PROJECT-010", "? [a]\n: 1\n", 1, "plain word", "a: 1\n"),
    ("PROJECT-010", f"a: {'[' * 60}{']' * 60}\n", 1, "nest deeper", "a: [[x]]\n"),
    ("PROJECT-010", f"a: {'[' * 3000}{']' * 3000}\n", None, "nest deeper", "a: [[x]]\n"),
    ("PROJECT-011", "\n \n", 1, "empty", "a: 1\n"),
    ("PROJECT-011", "# nothing\n", 1, "nothing but comments", "# nothing\na: 1\n"),
    ("PROJECT-011", "- a\n", 1, "a list", "a: 1\n"),
    ("PROJECT-012", "a:\n\tb: 1\n", 2, "tab", "a:\n  b: 1\n"),
    ("PROJECT-012", "a:\n  b: 1\n\tc: 2\n", 3, "tab", "a:\n  b: 1\n  c: 2\n"),
    ("PROJECT-013", "a: 1\nb: 2\na: 3\n", 3, "line 1", "a: 1\nb: 2\n"),
    ("PROJECT-013", "x: {b: 1, b: 2}\n", 1, "the key b", "x: {b: 1, c: 2}\n"),
    ("PROJECT-014", "a: &one 5\n", 1, "anchors", "a: 5\n"),
    ("PROJECT-014", "a: 1\n<<: {b: 2}\n", 2, "merge keys", "a: 1\nb: 2\n"),
    ("PROJECT-015", "a: !!int 5\n", 1, "!!int", "a: 5\n"),
    ("PROJECT-015", "a: 1\nb: !own {c: 1}\n", 2, "!own", "a: 1\nb: {c: 1}\n"),
    ("PROJECT-016", "a: 1\nb: >5\nc: 2\n", 2, 'quote it (">5")', "a: 1\nb: '>5'\nc: 2\n"),
    ("PROJECT-017", "a:\n\n\nb: 1\n", 1, "blank", "a: not reported\nb: 1\n"),
    ("PROJECT-017", "a: 1\nb: ~\n", 2, "blank", "a: 1\nb: '~'\n"),
    ("PROJECT-017", "a: ''\n", 1, "blank", "a: unclear\n"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "bad", "line", "word", "good"), SLIPS)
def test_slips_are_told_with_their_line(code, bad, line, word, good):
    findings = parse(bad).findings
    assert code in list_codes(findings)
    told = next(finding for finding in findings if finding.code == code)
    assert (told.origin.path, told.origin.line) == ("f.yaml", line)
    assert word in str(told)
    assert parse(good).findings == ()


def test_the_first_of_two_equal_keys_is_used_and_the_rest_is_read():
    document = parse("a: 1\na: 2\nb: 3\n")
    assert document.root == {"a": "1", "b": "3"}
    assert show(document.findings) == [
        "f.yaml:2: PROJECT-013 error: the key a stands here and in line 1 (keep one of the two)"
    ]


def test_an_alias_is_not_followed_and_cannot_grow():
    layers = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))
    document = parse(f"a0: &a0 x\n{layers}\n")
    assert document.root["a8"] == []
    assert set(list_codes(document.findings)) == {"PROJECT-014"}


def test_a_list_that_holds_itself_ends():
    document = parse("a: &x [*x]\n")
    assert document.root == {"a": []}
    assert "PROJECT-014" in list_codes(document.findings)


def test_the_deepest_level_that_is_read():
    def nest(levels):
        return f"a: {'[' * levels}x{']' * levels}\n"

    assert parse(nest(DEPTH_LIMIT - 1)).findings == ()
    assert list_codes(parse(nest(DEPTH_LIMIT)).findings) == ["PROJECT-010"]


def test_a_yaml_file_that_is_not_utf_8_is_read_and_told(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes("a: Narváez\n".encode("latin-1"))
    document = read_marked(path, "x.yaml")
    assert document.root == {"a": "Narváez"}
    assert show(document.findings) == [
        "x.yaml:1: PROJECT-018 warning: the file is not UTF-8; it was read as Windows-1252 (save it as UTF-8)"
    ]
    path.write_bytes("a: Narváez\n".encode())
    assert read_marked(path, "x.yaml").findings == ()


@pytest.mark.parametrize("content", [b"a: \x00\n", b" " * (SIZE_LIMIT_BYTES + 1)])
def test_a_file_that_cannot_be_read_is_a_finding(tmp_path, content):
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    document = read_marked(path, "shown/x.yaml")
    assert document.root is None
    assert list_codes(document.findings) == ["PROJECT-010"]
    assert document.findings[0].origin.path == "shown/x.yaml"


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    document = parse(text)
    assert document.root is not None or document.findings
    for finding in document.findings:
        assert finding.origin.line is None or 1 <= finding.origin.line <= text.count("\n") + text.count("\r") + 2
