from __future__ import annotations

import pytest
from scipy.stats import fisher_exact

from review.errors import PoolError
from review.findings import Origin
from review.model import Case
from review.model import Count
from review.model import Observation
from review.model import Study
from review.pooling.planned import pool_planned
from review.pooling.planned_cases import compare_patients
from review.protocol import Analysis
from review.protocol import CaseField
from review.protocol import Outcome

SEX = CaseField("sex", "Sex", "choice", choices=("female", "male"))
ANALYSIS = Analysis("main", "Main", "response", ("one", "two"), True, ("wilson",), "", Origin("p.yaml"))  # noqa: FBT003


def make_case(name, sex, answer):
    fields = {"sex": Observation(sex) if sex else Observation(missing="not reported")}
    outcomes = {"response": Observation(answer) if answer else Observation(missing="unclear")}
    return Case(name, fields, outcomes)


def make_study(name, cases=(), counts=()):
    return Study(name, name, "primary", "case series", 2019, (), tuple(cases), tuple(counts))


def compare(*studies, field=SEX):
    result = pool_planned(ANALYSIS, {study.id: study for study in studies}, Outcome("response", "Response", ""))
    return compare_patients(result, field)


CASES = [
    *(make_case(f"f{n}", "female", "yes" if n < 5 else "no") for n in range(6)),
    *(make_case(f"m{n}", "male", "yes" if n < 1 else "no") for n in range(4)),
]


def test_patients_are_counted_by_choice_and_compared_exactly():
    found = compare(make_study("one", CASES), make_study("two", counts=[Count("response", 3, 7)]))
    assert [(row.label, row.events, row.total) for row in found.table.rows] == [("female", 5, 6), ("male", 1, 4)]
    assert found.table.pair.p_fisher == pytest.approx(fisher_exact([[5, 1], [1, 3]]).pvalue, rel=1e-12)
    assert found.apart == 7


def test_who_has_no_known_choice_or_answer_is_left_out_and_told():
    more = [make_case("x", "", "yes"), make_case("y", "male", "")]
    found = compare(make_study("one", [*CASES, *more]))
    assert sum(row.total for row in found.table.rows) == len(CASES)
    assert [finding.ids for finding in found.table.findings if finding.code == "POOL-161"] == [("x", "y")]


def test_a_field_without_choices_groups_nobody():
    with pytest.raises(PoolError, match="age is a number"):
        compare(make_study("one", CASES), field=CaseField("age", "Age", "number"))


def test_one_choice_cannot_be_compared():
    with pytest.raises(PoolError, match=r"1 level"):
        compare(make_study("one", CASES[:6]))
