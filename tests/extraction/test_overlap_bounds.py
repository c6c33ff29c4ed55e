from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from review.extraction.overlap_bounds import bound_overlap
from review.extraction.overlap_bounds import describe_choices
from review.model import Case
from review.model import CaseId
from review.model import Count
from review.model import Observation
from review.model import Study
from review.model import StudyId

counts = st.integers(1, 7).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@given(counts, counts)
def test_the_bounds_are_those_of_every_way_to_share(first, second):
    (e1, n1), (e2, n2) = first, second
    possible = [
        Fraction(e1 + e2 - with_event, n1 + n2 - with_event - without)
        for with_event in range(min(e1, e2) + 1)
        for without in range(min(n1 - e1, n2 - e2) + 1)
    ]
    low, high = bound_overlap(first, second)
    assert (Fraction(*low), Fraction(*high)) == (min(possible), max(possible))


def make_study(name, events, total, *, with_cases=False):
    cases = tuple(
        Case(CaseId(f"{name}-{n}"), {}, {"response": Observation("yes" if n < events else "no")}) for n in range(total)
    )
    count = (Count("response", events, total),)
    return Study(StudyId(name), name, "primary", "", None, (), cases if with_cases else (), () if with_cases else count)


def test_the_choices_are_named():
    large, single = make_study("large", 5, 11), make_study("single", 1, 1, with_cases=True)
    assert describe_choices(large, single, "response") == (
        "keep the larger (large, 5/11), or keep the one with cases (single, 1/1); "
        "whatever they share, both together are 5/11 (45.5%) to 6/12 (50.0%)"
    )
    assert describe_choices(large, make_study("other", 0, 2), "response").startswith(
        "keep the larger (large, 5/11); whatever"
    )
    assert describe_choices(large, make_study("other", 0, 2), "death") == ""


def test_a_refused_sum_names_the_choices(tmp_path):
    from review.results import compute_results
    from tests.builder import make_review

    made = make_review(tmp_path / "r")
    made.change(
        "extraction/studies/baker-2012.yaml", "counts:\n", "overlap: {may_include: adams-2010, why: w}\ncounts:\n"
    )
    (refused,) = [item for item in compute_results(made.open()).findings if item.code == "POOL-001"]
    assert refused.hint.endswith(
        "distinct_from in one of the sheets: keep the larger (adams-2010, 1/2); whatever they share, both together are "
        "1/2 (50.0%) to 2/3 (66.7%)"
    )
