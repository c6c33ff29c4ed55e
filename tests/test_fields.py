from __future__ import annotations

import pytest

from review.fields import FieldCodes
from review.fields import Fields
from review.marked import parse_marked
from tests.builder import list_codes
from tests.builder import show

CODES = FieldCodes(unknown="EXTRACT-001", missing="EXTRACT-002", invalid="EXTRACT-003")


@pytest.fixture
def fields():
    """Read the keys of a text; what is found is in `fields(...).findings`."""

    def read(text):
        document = parse_marked(text, "f.yaml")
        assert document.findings == ()
        return Fields(document.root, "f.yaml", CODES, [])

    return read


def test_text_is_folded_and_what_is_absent_has_a_default(fields):
    item = fields("a: two\n  lines\nb: {c: 1}\n")
    assert item.text("a") == "two lines"
    assert item.text("z", "other") == "other"
    assert item.findings == []
    assert item.text("b", "other") == "other"
    assert show(item.findings) == ["f.yaml:3: EXTRACT-003 error: b is a mapping or a list; expected text"]


def test_a_key_that_is_there_but_blank_is_not_called_missing():
    document = parse_marked("a:\n", "f.yaml")
    item = Fields(document.root, "f.yaml", CODES, [])
    assert item.text("a", required=True) == ""
    assert item.findings == []
    assert item.text("b", required=True) == ""
    assert list_codes(item.findings) == ["EXTRACT-002"]


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("007", 7), ("9" * 15, 10**15 - 1)])
def test_whole_numbers(fields, text, number):
    item = fields(f"a: {text}\n")
    assert item.integer("a") == number
    assert item.findings == []


@pytest.mark.parametrize("text", ["-1", "1.5", "one", "٣", "9" * 16])
def test_what_is_no_whole_number_is_refused(fields, text):
    item = fields(f"a: {text}\n")
    assert item.integer("a") is None
    assert list_codes(item.findings) == ["EXTRACT-003"]


def test_yes_and_no(fields):
    item = fields("a: yes\nb: no\nc: perhaps\n")
    assert (item.flag("a"), item.flag("b", default=True), item.flag("z"), item.flag("z", default=True)) == (
        True, False, False, True,
    )  # fmt: skip
    assert item.flag("c", default=True)
    assert show(item.findings) == ["f.yaml:3: EXTRACT-003 error: c is perhaps; expected yes | no"]


def test_one_word_counts_as_a_list_of_one(fields):
    item = fields("a: x\nb: [y, z]\nc: [[x]]\n")
    assert (item.texts("a"), item.texts("b"), item.texts("z")) == (("x",), ("y", "z"), ())
    assert item.texts("c") == ()
    assert show(item.findings) == [
        "f.yaml:3: EXTRACT-003 error: c is a mapping or a nested list; expected a list of words"
    ]


def test_mappings_below_report_to_the_same_list_with_the_whole_path(fields):
    item = fields("a:\n  b:\n    c: x\n  d: 5\n")
    names = {name: below.place("c") for name, below in item.named("a")}
    assert (names["b"].line, names["b"].key) == (3, "a.b.c")
    assert show(item.findings) == ["f.yaml:4: EXTRACT-003 error: a.d is text or a list; expected key: value lines"]


def test_keys_nobody_asked_for_are_told_with_the_nearest_one(fields):
    item = fields("label: x\nlabl: y\nzzz: z\n")
    item.text("label")
    item.close()
    assert show(item.findings) == [
        "f.yaml:2: EXTRACT-001 error: unknown key labl; expected label (did you mean label?)",
        "f.yaml:3: EXTRACT-001 error: unknown key zzz; expected label",
    ]
