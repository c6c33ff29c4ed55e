from __future__ import annotations

import pytest

from review.extraction.checks import check_sheets
from review.extraction.totals import compute_statistics
from tests.builder import list_codes
from tests.builder import show
from tests.extraction.typed import SHEET
from tests.extraction.typed import change_sheet
from tests.extraction.typed import read_sheet


def check(study):
    return check_sheets([study], lambda record: True)


def test_totals_and_summaries_that_agree_have_no_finding():
    assert show(check(read_sheet()[0])) == []


@pytest.mark.parametrize(
    ("code", "old", "new", "line", "words"),
    [
        ("EXTRACT-022", "events: 1, total: 2", "events: 2, total: 2", 31, "healed of the arm high: the total says 2/2, the cases 1/2"),
        ("EXTRACT-026", "events: 5, person", "events: 6, person", 33, "flares of the arm high: events is 6, from the cases 5"),
        ("EXTRACT-026", "person_time: 3,", "person_time: 3.2,", 33, "person_time is 3.2, from the cases 3.0"),
        ("EXTRACT-026", "n: 2, mean: 4.8, sd: 1.8", "n: 3, mean: 4.8", 34, "pain of the arm high: n is 3, from the cases 2"),
        ("EXTRACT-026", "mean: 4.8", "mean: 4.6", 34, "mean is 4.6, from the cases 4.8"),
        ("EXTRACT-026", "sd: 1.8", "sd: 1.7", 34, "sd is 1.7, from the cases 1.8"),
        ("EXTRACT-026", "median: 4.75", "median: 4.71", 34, "median is 4.71, from the cases 4.75"),
        ("EXTRACT-026", "range: [3.5, 6.0]", "range: [3.5, 6.2]", 34, "range is 3.5, 6.2, from the cases 3.5, 6.0"),
        ("EXTRACT-026", "n: 2, events: 1", "n: 2, events: 2", 35, "relapse of the arm high: events is 2, from the cases 1"),
        ("EXTRACT-026", "person_time: 32", "person_time: 33", 35, "person_time is 33, from the cases 32"),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_told(code, old, new, line, words):
    study, findings = change_sheet(old, new)
    assert findings == []
    (told,) = check(study)
    assert (told.code, told.origin.line) == (code, line)
    assert words in str(told)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mean: 4.8", "mean: 5"),
        # 4.75 is half-way between two printed numbers, and both are right.
        ("mean: 4.8", "mean: 4.7"),
        ("mean: 4.8", "mean: 4.7500"),
        ("person_time: 3,", "person_time: 3.0,"),
        ("events: 5, person_time: 3, unit: years", "person_time: 36"),
        # Quartiles have many definitions.
        ("iqr: [4, 5]", "iqr: [3.6, 5.9]"),
    ],
)
def test_what_was_rounded_agrees(old, new):
    assert show(check(change_sheet(old, new)[0])) == []


def test_values_that_are_not_exact_decide_only_what_they_can():
    study, _ = change_sheet("{outcome: pain, arm: high, n: 2,", "{outcome: pain, arm: low, n: 2,")
    assert [str(item.message) for item in check(study)] == ["pain of the arm low: n is 2, from the cases 1"]
    study, _ = change_sheet("{outcome: flares, arm: high, events", "{outcome: flares, arm: low, events")
    assert list_codes(check(study)) == []


def test_the_arms_are_no_more_than_the_study():
    line = "  - {outcome: healed, arm: high, events: 1, total: 2, source: p}\n"
    whole = line.replace("arm: high, ", "")
    text = SHEET.partition("cases:")[0] + "counts:\n" + line + line.replace("high", "low")
    assert list_codes(check(read_sheet(text + whole.replace("events: 1, total: 2", "events: 2, total: 4"))[0])) == []
    (told,) = check(read_sheet(text + whole)[0])
    assert told.code == "EXTRACT-027"
    assert "healed: the arms together have 2/4, the study 1/2; expected no more than 1/2" in str(told)


def test_the_sd_is_that_of_a_sample():
    study, _ = read_sheet()
    pain = compute_statistics([case.outcomes["pain"] for case in study.cases[:2]])
    assert float(pain["sd"][0]) == pytest.approx(1.76776695)
    one = compute_statistics([study.cases[0].outcomes["pain"]])
    assert "sd" not in one
    assert one["mean"] == one["median"]
