from __future__ import annotations

import pytest

from review.extraction.form import order_keys
from review.extraction.form_input import Change
from review.extraction.form_input import make_input
from review.extraction.sheet_edit import edit_sheet
from review.extraction.sheet_edit import read_tree
from tests.builder import ADAMS_SHEET
from tests.extraction.test_form import FORM
from tests.extraction.test_form import SHEET
from tests.extraction.test_form import TREE


def put(changes, text=SHEET):
    """Put changes in, given as path and parts; return the tree afterwards and what was refused."""
    made = make_input([Change(path, parts) for path, parts in changes], FORM, read_tree(text, "a.yaml"))
    edited = edit_sheet(text, made.patch, "a.yaml", lambda path: order_keys(FORM, path))
    return read_tree(edited, "a.yaml"), dict(made.refused)


def test_a_value_with_its_source():
    tree, refused = put(
        [
            (("cases", 0, "sex"), {"value": "female", "record": "paper", "place": "page 3", "words": "a  woman"}),
            (("cases", 0, "span"), {"value": "2", "op": "", "unit": "years", "record": "paper"}),
            (
                ("cases", 0, "age_years"),
                {"value": ">= 60", "op": "", "record": "paper", "words": "over 54", "note": "n"},
            ),
        ]
    )
    assert refused == {}
    case = tree["cases"][0]
    assert case["sex"] == {"value": "female", "source": {"record": "paper", "place": "page 3", "words": "a woman"}}
    assert case["span"] == {"value": "2", "unit": "years", "source": "paper"}
    assert case["age_years"] == {
        "value": "60",
        "op": ">=",
        "source": {"record": "paper", "words": "over 54"},
        "note": "n",
    }


def test_a_value_that_is_emptied_is_still_to_be_extracted_and_never_gone():
    tree, _ = put([(("cases", 0, "age_years"), {}), (("cases", 0, "outcomes", "response"), {"value": " "})])
    assert tree["cases"][0]["age_years"] == "to be extracted"
    assert tree["cases"][0]["outcomes"]["response"] == "to be extracted"


@pytest.mark.parametrize(
    ("path", "parts", "told"),
    [
        (("cases", 0, "sex"), {"words": "a woman", "record": "paper"}, "quote has no value yet"),
        (("cases", 0, "sex"), {"value": "female", "words": "a woman"}, "choose the record"),
        (("cases", 0, "sex"), {"value": "female", "op": "!"}, "the sign !"),
        (("cases", 0, "case"), {"value": ""}, "Case is needed"),
        (("cases", 0, "nothing"), {"value": "x"}, "no such place"),
        (("cases", 0, "sex"), {"other": "x"}, "no such part"),
        (("cases", 0, "site"), {"value": "\ud83d"}, "half a letter"),
        (("cases", 0, "site"), {"value": "x" * 20_001}, "longer than"),
        (("characteristics", 0, "range"), {"first": "1"}, "both numbers"),
        (("appraisal", 1, "answers", "selection"), {"reason": "x"}, "no answer yet"),
        (("cases", 1, "age_years"), {"value": "3"}, "a new entry needs: Case"),
        (("cases", 2, "case"), {"value": "a-3"}, "the entry before this one"),
        (("counts", 0, "source"), {"place": "x"}, "extra"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_yet_holds_nothing_else_up(path, parts, told):
    tree, refused = put([(path, parts), (("label",), {"value": "Kept"})])
    assert told in refused[path]
    assert tree == {**TREE, "label": "Kept"}


def test_new_entries():
    tree, refused = put(
        [
            (("cases", 1, "age_years"), {"value": "3"}),
            (("cases", 1, "case"), {"value": "a-2"}),
            (("cases", 2, "case"), {"value": "a-3"}),
            (("counts", 1, "total"), {"value": "9"}),
            (("counts", 1, "outcome"), {"value": "response"}),
            (("appraisal", 2, "answers", "exposure"), {"answer": "no", "reason": "why"}),
            (("overlap", "overlaps_with"), {"value": "b\n\n c "}),
            (("notes",), {"value": "one alone\ntwo"}),
            (("characteristics", 0, "median"), {"value": "4"}),
        ]
    )
    assert refused == {}
    assert tree["cases"][1:] == [{"case": "a-2", "age_years": "3"}, {"case": "a-3"}]
    assert list(tree["cases"][1]) == ["case", "age_years"]
    assert tree["counts"][1] == {"outcome": "response", "total": "9"}
    assert tree["appraisal"][2]["answers"] == {"exposure": {"answer": "no", "reason": "why"}}
    assert tree["appraisal"][2]["tool"] in ("murad-2018", "jbi-case-report")
    assert tree["overlap"] == {"overlaps_with": ["b", "c"]}
    assert tree["notes"] == ["one alone", "two"]
    assert tree["characteristics"][0]["median"] == "4"


def test_a_new_appraisal_is_one_of_its_tool():
    for item, tool in (("exposure", "murad-2018"), ("tests", "jbi-case-report")):
        tree, refused = put([(("appraisal", 2, "answers", item), {"answer": "yes"})])
        assert (refused, tree["appraisal"][2]["tool"]) == ({}, tool)


def test_lines_of_a_list_one_by_one():
    text = "study: a\nnotes:\n  - one  # why\n  - two\n"
    tree, _ = put([(("notes",), {"value": "one\nTWO\nthree"})], text)
    assert tree["notes"] == ["one", "TWO", "three"]
    tree, _ = put([(("notes",), {"value": ""})], "study: a\nnotes:\n  - one\n")
    assert "notes" not in tree


def test_an_untouched_sheet_has_no_changes():
    made = make_input([], FORM, read_tree(ADAMS_SHEET, "a.yaml"))
    assert (made.patch, made.refused) == ({}, ())
