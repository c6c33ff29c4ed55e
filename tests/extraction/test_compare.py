from __future__ import annotations

from review.extraction.compare import COLUMNS
from review.extraction.compare import check_pairs
from review.extraction.compare import compare_sheets
from review.extraction.compare import describe_agreement
from review.extraction.compare import is_same
from review.extraction.compare import measure_fields
from review.extraction.compare import parse_settlements
from review.extraction.compare import summarise_fields
from review.extraction.sheet import parse_sheet
from review.marked import parse_marked
from tests.builder import ADAMS_SHEET
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import make_rows
from tests.builder import show
from tests.extraction import typed

CASES = """\
  - case: c{n}
    age_years: {{value: {age}, source: paper}}
    sex: {{value: {sex}, source: paper}}
    outcomes: {{response: {{value: {answer}, source: {{record: paper, words: w}}}}}}
"""
HEAD = ADAMS_SHEET.partition("cases:")[0]
TOTALS = """\
counts:
  - {outcome: response, events: 2, total: 3, source: paper}
characteristics:
  - {field: sex, choice: female, events: 2, total: 3, source: paper}
  - {field: age_years, mean: 50.0, range: [40, 60], source: paper}
"""


def parse(*cases, totals=TOTALS, head=HEAD):
    body = "".join(CASES.format(n=n, age=age, sex=sex, answer=answer) for n, (age, sex, answer) in enumerate(cases, 1))
    study, _ = parse_sheet(
        parse_marked(f"{head}cases:\n{body}{totals}", "extraction/studies/adams-2010.yaml"), make_protocol()
    )
    return study


FIRST = parse((40, "female", "yes"), (50, "female", "yes"), ("60.0", "male", "no"))
SECOND = parse(
    (40, "female", "yes"), (52, "female", "no"), (60, "not reported", "no"),
    totals=TOTALS.replace("mean: 50.0", "mean: 50, sd: 3"), head=HEAD.replace("design: case series", "design: Case  Series"),
)  # fmt: skip

SETTLED = ",".join(COLUMNS) + "\n"


def settle(text):
    words, findings = parse_settlements(make_rows(SETTLED + text, COLUMNS, "extraction/settled.csv"))
    assert findings == []
    return words


def test_equal_sheets_have_no_difference():
    pairs = compare_sheets(FIRST, FIRST)
    assert all(pair.agrees for pair in pairs)
    assert list(check_pairs(pairs)) == []


def test_differences_are_told_with_both_values():
    pairs = compare_sheets(FIRST, SECOND)
    differing = [(pair.item, pair.first.text, pair.second.text) for pair in pairs if pair.is_open]
    assert differing == [
        ("c2.age_years", "50", "52"),
        ("c2.response", "yes", "no"),
        ("c3.sex", "male", "not reported"),
        ("characteristics.age_years.sd", "(not given)", "3"),
    ]
    findings = list(check_pairs(pairs))
    assert list_codes(findings) == ["EXTRACT-055"] * 4
    assert show(findings)[0] == (
        'extraction/studies/adams-2010.yaml:14: EXTRACT-055 warning: c2.age_years: the first extractor has "50", the second "52"; expected 52'
    )


def test_a_case_that_only_one_sheet_has_differs_in_all_its_values():
    pairs = compare_sheets(FIRST, parse((40, "female", "yes")))
    assert {pair.item for pair in pairs if pair.is_open} == {
        f"c{n}.{name}" for n in (2, 3) for name in ("age_years", "sex", "response")
    }


def test_agreement_per_field():
    fields = {item.field: item for item in measure_fields(compare_sheets(FIRST, SECOND))}
    assert {name: (item.equal, item.compared) for name, item in fields.items() if item.compared == 3} == {
        "age_years": (2, 3), "sex": (2, 3), "response": (2, 3),
    }  # fmt: skip
    assert fields["age_years"].answers is None
    assert round(fields["response"].answers.kappa.estimate, 3) == 0.4
    assert (fields["design"].equal, fields["characteristics.age_years.mean"].equal) == (1, 1)
    assert describe_agreement(list(fields.values()), 1, 4) == (
        "Two people extracted 1 of 4 studies independently; they agreed on 13 of 17 values (76.5%)."
    )
    assert next(item for item in summarise_fields(fields.values()) if item["field"] == "age_years")["kappa"] is None
    assert describe_agreement([], 0, 4) == "No values of the 4 studies were extracted by two people."


def test_what_was_settled_stands_and_leaves_the_agreement_as_it_was():
    words = settle("2026-01-01T00:00:00Z,ann,adams-2010,c2.age_years,50,52,52,Table 1\n")
    findings = list(check_pairs(compare_sheets(FIRST, SECOND, words)))
    assert list_codes(findings) == ["EXTRACT-056", *["EXTRACT-055"] * 3]
    assert 'c2.age_years is "50", but was settled as "52" by ann; expected 52' in show(findings)[0]
    mended = parse((40, "female", "yes"), (52, "female", "yes"), ("60.0", "male", "no"))
    pairs = compare_sheets(mended, SECOND, words)
    assert list_codes(check_pairs(pairs)) == ["EXTRACT-055"] * 3
    ages = next(item for item in measure_fields(pairs) if item.field == "age_years")
    assert (ages.equal, ages.compared) == (2, 3)


def test_a_word_does_not_hold_after_the_second_sheet_has_changed():
    words = settle("t,ann,adams-2010,c2.age_years,50,51,50,w\nt,ann,other-2000,c2.response,yes,no,yes,w\n")
    assert list_codes(check_pairs(compare_sheets(FIRST, SECOND, words))) == ["EXTRACT-055"] * 4


def test_the_latest_word_stands():
    words = settle("t,ann,adams-2010,c2.age_years,50,52,52,w\nt,ben,adams-2010,c2.age_years,50,52,50,w\n")
    pair = next(pair for pair in compare_sheets(FIRST, SECOND, words) if pair.item == "c2.age_years")
    assert (pair.settled.by, pair.is_open) == ("ben", False)


def test_rows_that_lack_something_are_told():
    words, findings = parse_settlements(make_rows(SETTLED + "t,,adams-2010,c2.age_years,1,2,,w\n", COLUMNS, "s.csv"))
    assert words == []
    assert list_codes(findings) == ["EXTRACT-057"]
    assert show(findings) == [
        "s.csv:2: EXTRACT-057 error: the row lacks by, settled; expected time, by, study, item, first, second, settled, why"
    ]


def test_what_counts_as_the_same():
    assert is_same("3.10", "3.1")
    assert is_same("Case  series", "case series")
    assert not is_same("< 20", "20")
    assert not is_same("not reported", "0")


def test_arms_exposures_events_and_summaries_are_compared_part_by_part():
    first, _ = typed.read_sheet()
    text = (
        typed.SHEET.replace("    arm: low\n", "    arm: high\n")
        .replace("exposure: 12", "exposure: 13")
        .replace("time: 14, event: yes", "time: 14, event: no")
        .replace("mean: 4.8", "mean: 4.9")
        .replace("median: not reached", "median: 20")
        .replace("hazard_ratio: 0.5", "hazard_ratio: 0.4")
        .replace("unit: years, source: p}\n  - {outcome: pain", "source: p}\n  - {outcome: pain")
        .replace("mean: 45", "mean: 44")
    )
    pairs = compare_sheets(first, typed.read_sheet(text)[0])
    assert [pair.item for pair in pairs if pair.is_open] == [
        "s-1.relapse:event",
        "s-2.flares:exposure",
        "s-3.arm",
        "summaries.flares.high.unit",
        "summaries.pain.high.mean",
        "summaries.relapse.high.median",
        "summaries.relapse.high.versus low.hazard_ratio",
        "characteristics.age_years.high.mean",
    ]
    fields = {item.field: (item.equal, item.compared) for item in measure_fields(pairs)}
    assert fields["relapse:event"] == (1, 2)
    assert fields["arm"] == (2, 3)
    assert fields["counts.healed.high"] == (1, 1)
    assert all(pair.agrees for pair in compare_sheets(first, first))
