from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.extraction.describe import describe_arms
from review.extraction.describe import describe_patients
from review.extraction.describe import quantile
from review.extraction.sheet import parse_sheet
from review.marked import parse_marked
from tests.builder import make_protocol
from tests.extraction import typed

PROTOCOL = make_protocol()
SHEET = """\
format: 1
study: {name}
label: {name}
reports: [{{record: pubmed:1, name: p}}]
cases:
"""


def make_study(name, *cases, tail=""):
    """A study with cases as `age sex answer`; `-` leaves out, `=id` at the end says same_as."""
    body = ""
    for number, case in enumerate(cases, 1):
        text, _, same_as = case.partition("=")
        age, sex, answer = text.split()
        body += f"  - case: {name}-{number}\n"
        body += f"    age_years: '{age}'\n" * (age != "-") + f"    sex: {sex}\n" * (sex != "-")
        body += f"    outcomes: {{response: {answer}}}\n" * (answer != "-") + f"    same_as: {same_as}\n" * bool(
            same_as
        )
    text = SHEET.format(name=name) + body + tail
    if not cases:
        text = text.replace("cases:\n", "")
    return parse_sheet(parse_marked(text, f"{name}.yaml"), PROTOCOL)[0]


TAIL = """\
characteristics:
  - {field: sex, choice: female, events: 3, total: 8, source: p}
  - {field: age_years, median: 53, iqr: [40, 60.5], source: p}
"""


def test_patients_are_described_per_study_and_once_in_all():
    first = make_study("a", "40 female yes", "50 male no", "<60 - yes", "- female -")
    second = make_study("b", "40 female yes=a-1", "61.5 male no")
    third = make_study("c", tail=TAIL)
    described = {item.label: item for item in describe_patients([first, second, third], PROTOCOL)}
    assert [str(part) for part in described["a"].described] == [
        "mean 45 (SD 7.1), median 45 (IQR 42.5 to 47.5), range 40 to 50; 2 of 4 patients, 1 given only as an inequality",
        "female 2/3 (66.7%), male 1/3 (33.3%); 3 of 4 patients",
    ]
    assert described["c"].described == ()
    assert described["c"].reported == (
        ("sex", "female 3/8 (37.5%) as reported"),
        ("age_years", "median 53, IQR 40 to 60.5 as reported"),
    )
    everyone = described["All cases"]
    assert (everyone.study, everyone.cases) == (None, 5)
    assert str(everyone.described[0]).startswith(
        "mean 50.5 (SD 10.8), median 50 (IQR 45 to 55.8), range 40 to 61.5; 3 of 5"
    )
    assert everyone.reported[0] == ("sex", "c: female 3/8 (37.5%) as reported")


def test_one_patient_has_no_standard_deviation():
    (study, _) = describe_patients([make_study("a", "40 - -")], PROTOCOL)
    assert [str(part) for part in study.described] == ["mean 40, median 40 (IQR 40 to 40), range 40 to 40"]


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=12), st.integers(0, 4))
def test_quartiles_are_those_of_numpy(values, part):
    found = quantile(sorted(map(Fraction, values)), Fraction(part, 4))
    assert float(found) == pytest.approx(float(np.quantile(values, part / 4)))


def test_patients_are_described_by_arm():
    protocol = make_protocol(typed.PROTOCOL)
    study, _ = typed.read_sheet()
    high, low = describe_arms([study], protocol)
    assert (high.arm, high.label, high.cases, low.arm, low.cases) == ("high", "High dose", 2, "low", 1)
    assert str(high.described[0]).startswith("mean 45 (SD 7.1)")
    assert high.reported == ()
    totals, _ = typed.read_sheet(
        typed.SHEET.partition("cases:")[0] + typed.SHEET[typed.SHEET.index("characteristics:") :]
    )
    high, low = describe_arms([totals], protocol)
    assert (high.cases, high.reported) == (0, (("age_years", "s: mean 45, SD 7.1, n 2 as reported"),))
    assert low.reported == (("sex", "s: male 0/1 (0.0%) as reported"),)
    assert describe_patients([totals], protocol)[0].reported[0] == (
        "age_years",
        "high: mean 45, SD 7.1, n 2 as reported",
    )
    assert describe_arms([study], PROTOCOL) == []
