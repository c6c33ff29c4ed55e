from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.errors import FormatError
from review.extraction.sheet_edit import EditError
from review.extraction.sheet_edit import edit_sheet
from review.extraction.sheet_edit import read_tree
from review.extraction.sheet_edit import show_path
from review.extraction.sheet_fragments import fold_text

SHEET = """\
# Read on a rainy day.
format: 1
study: adams-2010
label: 'Adams 2010'   # as in the figure
design:    case series   # as they say
why: >-
  two lines
  of text

# before the reports
reports:
  - {record: "doi:10.5555/a", name: paper}   # the only one

cases:
  # the first of Table 1
  - case: a-1
    age: {value: 54, source: {record: paper, place: "p. 3", words: 'woman of 54'}} # checked
    sex: not reported  # nowhere

    outcomes:
      response: yes
  - case: a-2
    outcomes: {response: no, harm: {value: no,
       note: "two lines"}}

characteristics:
- field: age
  range: [1, 7]
  n: 2
# counts:
#   - as the template has them
notes:
  - Keep   this.   # really
  - And this.
"""


def edit(patch, text=SHEET, order=lambda _: ()):
    return edit_sheet(text, patch, "a.yaml", order)


def diff(patch, text=SHEET, order=lambda _: ()):
    """The lines that go and come."""
    lines = difflib.unified_diff(text.splitlines(), edit(patch, text, order).splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:2] not in ("--", "++", "@@")]


@pytest.mark.parametrize(
    ("patch", "gone", "come"),
    [
        ({"label": "Adams 2011"}, "label: 'Adams 2010'   # as in the figure", "label: Adams 2011   # as in the figure"),
        ({"design": "no"}, "design:    case series   # as they say", 'design:    "no"   # as they say'),
        (
            {"cases": {0: {"sex": {"value": "female", "source": {"record": "paper", "words": "a: b # c"}}}}},
            "    sex: not reported  # nowhere",
            '    sex: {value: female, source: {record: paper, words: "a: b # c"}}  # nowhere',
        ),
        (
            {"cases": {0: {"age": {"value": "55", "op": ">", "source": {"place": None, "words": "55"}}}}},
            "    age: {value: 54, source: {record: paper, place: \"p. 3\", words: 'woman of 54'}} # checked",
            '    age: {value: 55, source: {record: paper, words: 55}, op: ">"} # checked',
        ),
        ({"cases": {1: {"outcomes": {"response": "yes"}}}}, "    outcomes: {response: no, harm: {value: no,",
         '    outcomes: {response: "yes", harm: {value: no,'),
        ({"characteristics": {0: {"range": {1: "8"}}}}, "  range: [1, 7]", "  range: [1, 8]"),
        ({"characteristics": {0: {"range": ["2", "9"]}}}, "  range: [1, 7]", "  range: [2, 9]"),
        ({"notes": {0: "Changed: this."}}, "  - Keep   this.   # really", '  - "Changed: this."   # really'),
        ({"reports": {0: {"name": "a"}}}, '  - {record: "doi:10.5555/a", name: paper}   # the only one',
         '  - {record: "doi:10.5555/a", name: a}   # the only one'),
    ],
)  # fmt: skip
def test_a_change_of_one_value_is_a_change_of_one_line(patch, gone, come):
    assert diff(patch) == [f"-{gone}", f"+{come}"]


@pytest.mark.parametrize(
    ("patch", "lines"),
    [
        ({"year": "2010"}, ["+year: 2010"]),
        ({"notes": {2: "Third"}}, ["+  - Third"]),
        ({"cases": {0: {"age": {"source": None}}}},
         ["-    age: {value: 54, source: {record: paper, place: \"p. 3\", words: 'woman of 54'}} # checked", "+    age: {value: 54} # checked"]),
        ({"characteristics": {0: {"n": None}}}, ["-  n: 2"]),
        ({"cases": {0: {"sex": None}}}, ["-    sex: not reported  # nowhere", "+    # nowhere"]),
        ({"counts": {0: {"outcome": "r", "events": "1", "source": {"record": "paper", "place": "p"}}}},
         ["+", "+counts:", "+  - outcome: r", "+    events: 1", "+    source: {record: paper, place: p}"]),
        ({"cases": {2: {"case": "a-3", "age": "5", "outcomes": {"response": "no"}}}},
         ["+  - case: a-3", "+    age: 5", "+    outcomes:", '+      response: "no"']),
        ({"cases": {0: {"outcomes": {"harm": "unclear"}}}}, ["+      harm: unclear"]),
        ({"why": "short"}, ["-why: >-", "-  two lines", "-  of text", "+why: short"]),
        ({"overlap": {"may_include": ["a", "b"], "why": "x"}}, ["+", "+overlap:", "+  may_include: [a, b]", "+  why: x"]),
    ],
)  # fmt: skip
def test_what_is_added_and_taken_out(patch, lines):
    assert diff(patch) == lines


def test_new_keys_stand_where_they_belong():
    def order(path):
        return ("case", "age", "cycles", "sex", "outcomes") if len(path) == 2 else ("format", "study", "year", "label")

    lines = edit({"year": "2010", "cases": {0: {"cycles": "3"}}}, order=order).splitlines()
    assert lines[lines.index("study: adams-2010") + 1] == "year: 2010"
    assert lines[lines.index("    cycles: 3") + 1] == "    sex: not reported  # nowhere"


def test_blanks_and_empty_lists_are_filled():
    text = "a:\nb: []\nc:   # none yet\nd: 1\n"
    patch = {"a": "1", "b": {0: {"case": "x"}}, "c": {"value": "2"}}
    assert edit(patch, text) == "a: 1\nb:\n  - case: x\nc: {value: 2}   # none yet\nd: 1\n"


def test_a_file_without_a_line_feed_at_its_end():
    assert edit({"b": "2"}, "a: 1") == "a: 1\nb: 2"
    assert edit({"b": {"c": "2"}}, "a: 1\nb:\n  d: 3") == "a: 1\nb:\n  d: 3\n  c: 2"


def test_no_change_is_no_change():
    assert edit({}) == SHEET
    assert edit({"label": "Adams 2010", "why": "two lines of text", "notes": {1: "And this."}}) == SHEET


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        ({"cases": {0: None}}, "taken out by hand"),
        ({"cases": {4: {"case": "x"}}}, "no entry 4"),
        ({"cases": {0: {"case": None}}}, "cannot be taken out here"),
        ({"cases": "none"}, "comments stand between"),
        ({"notes": ["one"]}, "comments stand between"),
    ],
)
def test_what_would_touch_more_is_refused(patch, told):
    with pytest.raises(EditError, match=told):
        edit(patch)


@pytest.mark.parametrize("text", ["", "- a\n", "a: [1\n", "a: 1\n  b: 2\n", "# only\n"])
def test_what_is_no_sheet(text):
    with pytest.raises(FormatError):
        edit({"a": "1"}, text)


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.sampled_from(["label", "sex", "flow", "note", "new"]),
)
def test_any_text_is_read_back_and_all_other_lines_stay(text, place):
    if not fold_text(text):
        return
    patch = {
        "label": {"label": text},
        "sex": {"cases": {0: {"sex": {"value": text, "source": {"record": "paper", "words": text}}}}},
        "flow": {"cases": {1: {"outcomes": {"harm": {"note": text}}}}},
        "note": {"notes": {1: text}},
        "new": {"cases": {2: {"case": text}}},
    }[place]
    edited = edit(patch)
    assert sum(line not in edited.splitlines() for line in SHEET.splitlines()) <= 2
    folded = fold_text(text)
    tree = read_tree(edited, "a.yaml")
    held = {
        "label": lambda: tree["label"],
        "sex": lambda: tree["cases"][0]["sex"]["source"]["words"],
        "flow": lambda: tree["cases"][1]["outcomes"]["harm"]["note"],
        "note": lambda: tree["notes"][1],
        "new": lambda: tree["cases"][2]["case"],
    }[place]()
    assert held == folded


def test_paths_are_named_as_in_findings():
    assert show_path(("cases", 0, "outcomes", "response")) == "cases[0].outcomes.response"
