"""The quick reader of plain YAML gives what the full one gives, or declines: on made documents, on real ones, and on broken ones."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.marked import Block
from review.marked import Items
from review.marked import Text
from review.marked import compose_marked
from review.plain_yaml import compose_plain
from tests import builder
from tests import test_marked
from tests.conftest import REPOSITORY


def describe(node):
    """Everything that a node knows, its type included."""
    if isinstance(node, Text):
        return (type(node), str(node), node.line, node.is_plain)
    if isinstance(node, Items):
        return (type(node), node.line, [describe(item) for item in node])
    assert isinstance(node, Block)
    return (type(node), node.line, list(node.lines.items()), [(key, describe(value)) for key, value in node.items()])


def compare(text):
    """Return whether the quick reader took the text; what it took must be exactly what the full reader says."""
    plain = compose_plain(text)
    if plain is None:
        return False
    full = compose_marked(text, "f.yaml")
    assert full.findings == (), text
    assert describe(plain) == describe(full.root), text
    return True


SHEET = """\
# A comment, then a key.
format: 1
study: smith-2014   # and one behind a value
label: Smith & Wesson 2014
empty: []
nothing: {}
notes:
- a list at the indentation of its key
- "quoted: with a colon"
-   'it''s'
reports:
  - {record: "pubmed:1", name: paper, role: main}
  - record: doi:10.1000/x(1)y#z
    name: other
    kind: >-
      folded text
      of two lines

      and a paragraph
        indented
      end
cases:
  - case: smith-2014-1
    age_years: {value: 54, source: {record: paper, place: Table 1,
      words: "54-year-old
      woman \\u00e9"}, note: over
        two lines}
    change: -12.5
    text: plain text
      over lines

      with a blank
    range: [0, 110]
    several: [
      one, two words, 'three, four',
      {five: six}, [7],
    ]
    literal: |
      kept as it is
        with indentation

      # no comment
    outcomes:
      response: yes
      time: 12:30

last: end
"""

#: What people type, each after `a: ` and before another key.
VALUES = [
    "x", "x  ", "12:30", "a:b", "a: b", "a:", ":a", "-", "-x", "- x", "--", "---", "...", "?x", "? x", "#x", "x#y", "x #y", "x # y", "[x", "x]", "[x]", "[x]y", "[x] y", "[x]#y",
    "[x] #y", "[x]: y", "[x, ]", "[x,, y]", "[,]", "[x: y]", "[x:y]", "[x:]", "[x:, y]", "[?x]", "[-x]", "[- x]", "[-]", "[-5, .5, -.5]", "[x #y\n]", "[x\n #y\n]", "[x#y]", "{x}", "{x: }",
    "{x:y}", "{x: y}", "{x: y}}", "{x: y, x: z}", "{x: y,}", "{x: y, z}", "{x :y}", "{x : y}", "{'x': y}", '{"x":y}', "{x: [y, {z: w}]}", "{x: y z: w}", "{x: y\n}", "{x: y\n  z\n}",
    "{x: y,\n\n z: w}", "{x:\n y}", "{x: y\n\n  z}", "{x: 'y'z}", "{x: ~}", "{x: ''}", "{x: -}", "{x: - y}", "{x: ?}", "{x: @}", "{x: %y}", "{x: &y}", "{x: a&b}", "{x: *y}", "{x: !y}",
    "{x: |}", "{x: >5}", "{x: y:}", "{x: y:z}", "{x: y: z}", "{x: y:,}", "{x: y?}", "'x'", "'x'y", "'x' y", "'x'#y", "'x' #y", "'x': y", "'x", "''", "' '", "''''", "'x''y'", "'x\n y'",
    "'x\n\n  y '", "'x \n y'", "'x\ny'", "'x\n---\ny'", '"x"', '"x', '"', '""', '"\\n"', '"\\x"', '"\\x41"', '"\\u0041"', '"\\ud800"', '"\\u0000"', '"\\U00000041"', '"\\q"', '"\\\n"', '"x\\\n  y"',
    '"\\"x\\\\"', '"x \n\n y"', '"x\\t\n y"', '"\\/"', '"x\\ \n y"', "|", "|\n  x", "|\nx", "| x", "|  # y\n  x", "|-\n  x", "|+\n  x\n\n", "|2\n   x", "|\n   x\n  y", "|\n\n  x", "|\n    \n  x",
    "|\n  x\n     \n  y", "|\n  x\n  \n  y", "|\n  x\n \n y", "|\n  x\n# y", "|\n  # x", ">\n  x\n  y", ">\n  x\n\n  y", ">\n  x\n   y\n  z", ">-\n  x\n\n", ">+\n  x\n\n", ">5", ">\n", "> x", ">\n  x\n\n   y\n\n\n  z",
    "~", "~x", "null", "", " ", "   # c", "\n  b: c", "\n  - c", "\n- c", "\n - c\n- d", "\n  - c\n - d", "\n  b: c\n d: e", "\n  b: c\n   d: e", "\n  text", "\n  [x]", "\n  'x'", "\n  |\n   x", "\n# c\n  b: d",
    "\n  - b: c\n    d: e", "\n  - b: c\n   d: e", "\n  - b: c\n     d: e", "\n  -\n    b: c", "\n  -   b: c\n      d: e", "\n  - - c", "\n  - c\n    d", "\n  - c\n  d", "\n  - c\n\n    d", "\n  - 'c'\n    d", "\n- c\n d",
    "\n  - c: |\n      d\n    e: f", "\n  - c:\n    - d\n    e: f", "\n  - c:\n  - d", "x\n  y", "x\n y: z", "x\n\n  y", "x\n  # y\n  z", "x # y\n  z", "x\n  - y", "x\n  #y", "x\ny", "x\n  [y]", "x\n  y #z\n  w", "x\n  'y'",
    "&b c", "*b", "!c d", "!!int 5", "<<", "@x", "`x", "%x", "x%", "x, y", "x [y]", "x {y}", "x 'y'", '5"', "it's", "\tx", "x\t", "x\ty", "x\n\ty", "\u00a0", "x\u00a0", "\u00e9", "\u2028", "\ufeffx", "\x85", "\x07", "\U0001f600", "\u2003",
    "|\n  \u00a0", "'\u00a0'", "{x: \u00a0}", "{x: \u00a0y}", "[\u00a0]", "<x", "=", "=x", "x=", "$", "(x)", "x:y:z", "::", "x::y", "a:'b'", "[a:'b']", "{a: b:'c'}", "[[[]]]", "[{}]", "{x: []}", "{x:\n []}", "{x:\n {}}",
]  # fmt: skip


@pytest.mark.parametrize("frame", ["a: {}\nz: last\n", "a:\n  b: {}\n  c: d\n", "a: {}", "a:\n  - {}\n  - c\n", "a:\n  - k: {}\n    l: m\n", "a: [{}, z]\n", "a: {{k: {}, z: w}}\n"])  # fmt: skip
def test_what_people_type_is_read_alike_or_declined(frame):
    taken = [value for value in VALUES if compare(frame.format(value))]
    assert "x" in taken


@pytest.mark.parametrize("text", [bad for _, bad, *_ in test_marked.SLIPS])
def test_what_deserves_a_finding_is_declined(text):
    assert not compare(text)


#: What must not be left to the slow reader.
PLAIN = [
    SHEET,
    builder.PROTOCOL,
    builder.ADAMS_SHEET,
    builder.BAKER_SHEET,
    "a: b",
    "a: b\n\n\n",
    "# c\n\na: b # d\n# e",
]


@pytest.mark.parametrize("text", PLAIN)
def test_sheets_as_they_are_written_are_read(text):
    assert compare(text)


def test_every_file_of_the_repository_is_read_alike():
    paths = [path for path in sorted(REPOSITORY.rglob("*.yaml")) if not {".venv", ".git"} & set(path.parts)]
    taken = {path.relative_to(REPOSITORY).as_posix() for path in paths if compare(path.read_text("utf-8"))}
    assert {"protocol.yaml", "extraction/studies/narvaez-2019.yaml"} <= taken


@pytest.mark.parametrize(
    "text",
    ["", "\n", "a", "- a", "[a]", "{a: b}", "'a': b", " a: b", "a : b", "a: b\n---\nc: d", "%YAML 1.2\n---\na: b"],
)
def test_what_is_unusual_is_declined(text):
    assert compose_plain(text) is None


def test_deep_nesting_is_declined():
    assert compose_plain("a: " + "[" * 3000 + "]" * 3000) is None
    assert compose_plain("\n".join("  " * depth + "a:" for depth in range(200)) + " b") is None
    assert compose_plain("a:\n" + "\n".join("  " * depth + "- a:" for depth in range(1, 200)) + " b") is None


words = st.text(alphabet="ab1 :-#,'\"[]{}é.&*?|>%\\", min_size=1, max_size=8)
keys = st.text(alphabet="abc1_-./ ", min_size=1, max_size=6)
quoted = st.builds(lambda text: "'" + text.replace("'", "''") + "'", words)
doubled = st.builds(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"', words)
safe = st.text(alphabet="ab1-_.", min_size=1, max_size=8)
scalars = st.one_of(safe, safe, words, quoted, doubled)
flows = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.builds(
            lambda items, join: "[" + join.join(items) + "]",
            st.lists(inner, max_size=3),
            st.sampled_from([", ", ",", ",\n  "]),
        ),
        st.builds(
            lambda pairs, join: "{" + join.join(f"{key}: {value}" for key, value in pairs) + "}",
            st.lists(st.tuples(st.one_of(safe, keys), inner), max_size=3),
            st.sampled_from([", ", ",", ",\n  "]),
        ),
    ),
    max_leaves=5,
)


def indent(text, by):
    return "\n".join(" " * by + line if line else line for line in text.split("\n"))


def write_mapping(pairs, step, sign):
    """Write pairs of key and value; a value of lines goes below its key, and now and then as a text block."""
    lines = []
    for key, value in pairs:
        lines.append(
            f"{key}:\n{indent(value, step)}" if "\n" in value else f"{key}:{' ' * max(1, step - 1)}{value}{sign}"
        )
    return "\n".join(lines)


def write_list(items, step):
    return "\n".join("- " + " " * (step - 2) + indent(item, step).lstrip(" ") for item in items)


texts = st.builds(
    lambda head, lines: head + "\n" + "\n".join("  " + line if line else "" for line in lines),
    st.sampled_from(["|", ">", "|-", ">-", "|+", ">+", "", ">2"]),
    st.lists(st.sampled_from(["a", "b c", "  d", "", "# e", " f", "- g"]), min_size=1, max_size=5),
)
blocks = st.recursive(
    st.one_of(flows, texts),
    lambda inner: st.one_of(
        st.builds(
            write_mapping,
            st.lists(st.tuples(safe, inner), min_size=1, max_size=3),
            st.integers(1, 4),
            st.sampled_from(["", "  # c", "\n", "\n# d"]),
        ),
        st.builds(write_list, st.lists(inner, min_size=1, max_size=3), st.integers(2, 4)),
    ),
    max_leaves=8,
)
documents = st.builds(
    write_mapping,
    st.lists(st.tuples(st.one_of(safe, keys), blocks), min_size=1, max_size=3),
    st.integers(0, 3),
    st.sampled_from(["", "  # c"]),
)


@settings(deadline=None, max_examples=300)
@given(documents, st.sampled_from(["", "\n", "\n\n"]))
def test_made_documents_are_read_alike_or_declined(document, end):
    compare(document + end)


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="ab:- \n#'\"[]{},|>", max_size=25))
def test_noise_is_read_alike_or_declined(text):
    compare("a: " + text)
    compare(text)


def mutate(text, chance):
    """Change a text in one to three places: characters or lines taken out, put in, doubled, moved."""
    for _ in range(chance.randint(1, 3)):
        lines = text.split("\n")
        position, number = chance.randrange(len(text) + 1), chance.randrange(len(lines))
        kind = chance.randrange(6)
        if kind == 0:
            text = text[:position] + text[position + chance.randint(1, 3) :]
        elif kind == 1:
            text = text[:position] + chance.choice(" \n:#-'\"[]{},|>?&*!%@~\\\t\xa0a") + text[position:]
        elif kind == 2:
            text = "\n".join(lines[:number] + lines[number + 1 :])
        elif kind == 3:
            text = "\n".join([*lines[:number], " " * chance.randint(1, 3) + lines[number], *lines[number + 1 :]])
        elif kind == 4:
            text = "\n".join([*lines[:number], lines[number][chance.randint(1, 3) :], *lines[number + 1 :]])
        else:
            other = chance.randrange(len(lines))
            text = "\n".join([*lines[:number], lines[other], *lines[number:]])
    return text


@pytest.mark.parametrize("text", [SHEET, builder.ADAMS_SHEET])
def test_broken_documents_are_read_alike_or_declined(text):
    chance = random.Random(20260101)
    taken = sum(compare(mutate(text, chance)) for _ in range(300))
    assert taken > 30
