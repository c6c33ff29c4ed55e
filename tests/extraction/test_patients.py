from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.extraction.patients import find_patient
from review.extraction.patients import find_repeated
from review.extraction.patients import is_circular
from review.extraction.patients import link_cases
from review.model import Case
from review.model import CaseId
from review.model import Study
from review.model import StudyId


def make_study(name, *cases):
    """A study with cases given as `id` or `id=same_as`."""
    made = []
    for text in cases:
        identifier, _, same_as = text.partition("=")
        made.append(Case(CaseId(identifier), {}, {}, CaseId(same_as) if same_as else None))
    return Study(StudyId(name), name, "primary", "", None, (), tuple(made))


@pytest.mark.parametrize(
    ("studies", "repeated"),
    [
        ([("A", "a1"), ("B", "b1")], {}),
        ([("A", "a1"), ("B", "b1=a1")], {("B", "b1"): ("A", "a1")}),
        ([("B", "b1=a1"), ("A", "a1")], {("B", "b1"): ("A", "a1")}),
        ([("B", "b1=a1"), ("C", "c1=a1")], {("C", "c1"): ("B", "b1")}),
        ([("A", "a1"), ("B", "b1=a1"), ("C", "c1=b1")], {("B", "b1"): ("A", "a1"), ("C", "c1"): ("A", "a1")}),
        ([("A", "a1=b1"), ("B", "b1=a1")], {("B", "b1"): ("A", "a1")}),
        ([("B", "b1=a1"), ("A", "a1=b1")], {("B", "b1"): ("A", "a1")}),
        ([("A", "x"), ("B", "x")], {("B", "x"): ("A", "x")}),
        ([("B", "b1=nobody")], {}),
    ],
)
def test_a_patient_is_counted_once(studies, repeated):
    made = [make_study(name, *cases) for name, *cases in studies]
    assert find_repeated(made, link_cases(made)) == repeated


def test_two_cases_that_are_the_same_as_one_that_is_not_counted_are_one_patient():
    first, middle, last = make_study("A", "a1"), make_study("B", "b1=a1"), make_study("C", "c1=b1")
    links = link_cases([first, middle, last])
    assert find_repeated([first, last], links) == {("C", "c1"): ("A", "a1")}
    assert find_repeated([last], links) == {}


@given(st.dictionaries(st.integers(0, 6), st.integers(0, 6), max_size=7))
def test_links_always_end_and_linked_cases_are_one_patient(numbers):
    links = {CaseId(f"c{left}"): CaseId(f"c{right}") for left, right in numbers.items() if left != right}
    study = make_study("S", *(f"c{number}" for number in range(7)))
    for left, right in links.items():
        assert find_patient(left, links) == find_patient(right, links)
    patients = {find_patient(CaseId(f"c{number}"), links) for number in range(7)}
    assert 7 - len(find_repeated([study], links)) == len(patients)


@pytest.mark.parametrize(
    ("links", "circular"),
    [
        ({}, set()),
        ({"a": "b"}, set()),
        ({"a": "b", "b": "a"}, {"a", "b"}),
        ({"x": "a", "a": "b", "b": "a"}, {"a", "b"}),
    ],
)
def test_circles_are_told_from_what_leads_into_them(links, circular):
    assert {case for case in ("a", "b", "x") if is_circular(case, links)} == circular
