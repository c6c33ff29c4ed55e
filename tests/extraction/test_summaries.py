from __future__ import annotations

from fractions import Fraction

import pytest

from review.extraction.sheet import list_places
from tests.builder import list_codes
from tests.builder import show
from tests.extraction.typed import SHEET
from tests.extraction.typed import change_sheet
from tests.extraction.typed import read_sheet


def test_summaries_of_every_type_are_read():
    study, _ = read_sheet()
    flares, pain, relapse, ratio = study.summaries
    assert (flares.statistics, flares.unit, flares.factor) == ({"events": ("5",), "person_time": ("3",)}, "years", 12)
    assert (pain.arm, pain.statistics["iqr"], pain.unit, pain.factor) == ("high", ("4", "5"), "", Fraction(1))
    assert relapse.statistics["median_ci"] == ("14", "not reached")
    assert (ratio.versus, ratio.definition, ratio.origin.line) == ("low", "of a new lesion", 36)
    age, sex = study.characteristics
    assert (age.arm, sex.arm, sex.total) == ("high", "low", 1)
    assert ("pubmed:1", 36) in [(record, origin.line) for record, origin in list_places(study)]


#: Code, text of the sheet, what stands there instead, line, words of the message; the sheet as it is raises none.
SLIPS = [
    ("EXTRACT-014", "outcome: pain, arm", "outcome: pains, arm", 34, "the outcome pains is not in the protocol; expected calm | healed"),
    ("EXTRACT-002", "outcome: pain, arm", "arm", 34, "outcome of summaries[1] is missing"),
    ("EXTRACT-019", "outcome: pain, arm", "outcome: healed, arm", 34, "healed is a binary outcome; summaries[1] is a summary; expected counts:"),
    ("EXTRACT-019", "{outcome: healed, arm: high, events", "{outcome: pain, arm: high, events", 31, "pain is a continuous outcome; counts[0] has events"),
    ("EXTRACT-018", "outcome: pain, arm: high", "outcome: pain, arm: hi", 34, "the arm hi of summaries[1] is not in the protocol"),
    ("EXTRACT-018", "versus: low", "versus: none", 36, "the arm none of summaries[3] is not in the protocol"),
    ("EXTRACT-018", "{outcome: healed, arm: high", "{outcome: healed, arm: x", 31, "the arm x of counts[0] is not in the protocol"),
    ("EXTRACT-023", "outcome: flares, arm: high, events: 5, person_time: 3, unit: years", "outcome: pain, arm: high, n: 2", 34, "the outcome pain of the arm high is summarised twice"),
    ("EXTRACT-001", "n: 2, mean: 4.8", "n: 2, se: 1, mean: 4.8", 34, "unknown key se in summaries[1]"),
    ("EXTRACT-001", "events: 5, person_time", "events: 5, mean: 2, person_time", 33, "unknown key mean in summaries[0]"),
    ("EXTRACT-003", "n: 2, mean: 4.8", "n: two, mean: 4.8", 34, "summaries[1].n is two; expected a whole number"),
    ("EXTRACT-003", "mean: 4.8", "mean: not reached", 34, "expected numbers with a decimal point"),
    ("EXTRACT-003", "median_ci: [14, not reached]", "median_ci: [a, not reached]", 35, "expected numbers, or not reached"),
    ("EXTRACT-003", "events: 5, person_time: 3, unit: years, ", "", 33, "flares without a statistic; expected n | events | person_time"),
    ("EXTRACT-043", "person_time: 3, unit: years", "person_time: 3, unit: weeks", 33, "summaries[0] is given in weeks"),
    ("EXTRACT-002", "versus: low, ", "", 36, "versus of summaries[3] is missing: a hazard ratio is that of one arm"),
    ("EXTRACT-002", "arm: high, versus: low, ", "versus: low, ", 36, "arm of summaries[3] is missing"),
    ("EXTRACT-003", "versus: low, ", "versus: high, ", 36, "versus is high; expected another arm"),
    ("EXTRACT-017", "range: [3.5, 6.0], source: p", "range: [3.5, 6.0]", 34, "summaries[1].outcome has no source"),
    ("EXTRACT-025", "mean: 4.8", "mean: 7", 34, "summaries[1]: mean 7 is outside the range 3.5 to 6.0"),
    ("EXTRACT-025", "range: [3.5, 6.0]", "range: [3.5, 11]", 34, "range 3.5 to 11 is outside the range of the protocol; expected 0..10 points"),
    ("EXTRACT-025", "mean: 45, sd: 7.1", "mean: 450, sd: 7.1", 38, "characteristics[0]: mean 450 is outside the range of the protocol; expected 0..110 years"),
    ("EXTRACT-025", "n: 2, events: 1, person", "n: 2, events: 3, person", 35, "summaries[2]: events 3 > n 2; expected 0..2"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new", "line", "words"), SLIPS)
def test_slips_are_told_with_their_line(code, old, new, line, words):
    _, findings = change_sheet(old, new)
    told = [finding for finding in findings if finding.code == code]
    assert any(words in str(finding) for finding in told), show(findings)
    assert {finding.origin.line for finding in told} == {line}
    assert code not in list_codes(read_sheet()[1])


def test_what_is_wrong_is_left_out():
    assert len(change_sheet("mean: 4.8", "mean: 7")[0].summaries) == 3
    assert len(change_sheet("mean: 45, sd", "mean: 450, sd")[0].characteristics) == 1


def test_an_outcome_is_counted_once_in_each_arm():
    line = "  - {outcome: healed, arm: high, events: 1, total: 2, source: p}\n"
    study, findings = read_sheet(
        SHEET.replace(line, line + line.replace("high", "low") + line.replace("arm: high, ", ""))
    )
    assert findings == []
    assert [count.arm for count in study.counts] == ["high", "low", ""]
    _, findings = read_sheet(SHEET.replace(line, line + line))
    assert [str(finding) for finding in findings] == [
        "extraction/studies/s.yaml:32: EXTRACT-023 error: the outcome healed of the arm high is counted twice in this sheet"
    ]
