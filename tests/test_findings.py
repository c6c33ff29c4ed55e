from __future__ import annotations

import pytest

from review.findings import Origin
from review.findings import count_errors
from review.findings import find
from review.findings import sort_findings


def test_a_finding_prints_what_where_and_what_next():
    finding = find(
        "EXTRACT-021",
        "events 12 > total 11 (counts[0])",
        Origin("extraction/studies/smith-2014.yaml", 14, "counts[0].events"),
        found=12,
        expected="0..11",
        hint="look again",
    )
    assert str(finding) == (
        "extraction/studies/smith-2014.yaml:14: EXTRACT-021 error: events 12 > total 11 (counts[0]); expected 0..11 (look again)"
    )
    assert finding.to_json() == {
        "code": "EXTRACT-021",
        "level": "error",
        "message": "events 12 > total 11 (counts[0])",
        "path": "extraction/studies/smith-2014.yaml",
        "line": 14,
        "found": "12",
        "expected": "0..11",
        "hint": "look again",
        "ids": [],
    }


def test_a_finding_without_a_place_prints_without_one():
    finding = find("DEDUP-006", "x has no title", ids=["a", "b"])
    assert str(finding) == "DEDUP-006 note: x has no title"
    assert (finding.to_json()["path"], finding.to_json()["line"], finding.ids) == (None, None, ("a", "b"))


def test_an_origin_without_a_line_prints_its_path():
    assert str(Origin("queries")) == "queries"
    assert str(Origin("a.yaml", 3, "x.y")) == "a.yaml:3"


def test_a_code_that_the_catalogue_does_not_have_is_a_programming_error():
    with pytest.raises(KeyError):
        find("NOTHING-000", "message")


def test_findings_are_sorted_by_level_place_and_code_without_repeats():
    note = find("PROJECT-007", "empty", Origin("queries"))
    warning = find("SCREEN-001", "torn", Origin("a.csv", 9))
    late = find("EXTRACT-021", "m", Origin("b.yaml", 10))
    early = find("EXTRACT-022", "m", Origin("b.yaml", 9))
    placeless = find("POOL-001", "m")
    told = [note, warning, late, early, placeless, late]
    assert sort_findings(told) == [placeless, early, late, warning, note]
    assert count_errors(told) == 4
