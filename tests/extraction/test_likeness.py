from __future__ import annotations

from review.extraction.likeness import Traits
from review.extraction.likeness import compare_traits
from review.extraction.likeness import estimate_chances
from review.extraction.likeness import list_pairs
from review.extraction.likeness import list_traits
from review.extraction.sheet import parse_sheet
from review.marked import parse_marked
from tests.builder import make_protocol

PROTOCOL = make_protocol()


def traits(body, protocol=PROTOCOL):
    text = f"format: 1\nstudy: s\nreports: [{{record: pubmed:1}}]\ncases:\n  - case: c\n{body}"
    study, _ = parse_sheet(parse_marked(text, "s.yaml"), protocol)
    return list_traits(study.cases[0], protocol)


def test_what_is_known_for_sure_is_compared():
    found = traits(
        "    age_years: 54.0\n    sex: female\n    cycles: {value: 2, op: '<'}\n    onset: unclear\n    site: Left HAND, both sides\n"
    )
    assert found == Traits({"age_years": "54", "sex": "female"}, {"site": "left hand both sides"})
    assert traits("    site: a long story of what was seen in the clinic\n").known == {}


def test_texts_and_agents_count_where_they_agree_and_never_against():
    left = Traits({"age": "54", "sex": "female"}, {"site": "left hand", "treatments": "ivig"})
    assert compare_traits(left, Traits({"age": "54"}, {"site": "left hand", "treatments": "warfarin"})) == [
        "age",
        "site",
    ]
    assert compare_traits(left, Traits({"age": "54", "sex": "male"}, {"site": "left hand"})) == []


def test_agents_of_a_case_are_one_trait():
    protocol = make_protocol(
        "format: 1\ntitle: t\ntreatments: {agents: [rituximab, warfarin]}\ncase_fields:\n  site: {type: text}\n"
    )
    found = traits(
        "    treatments:\n      - {agent: warfarin, response: no}\n      - {agent: rituximab, response: yes}\n",
        protocol,
    )
    assert found.loose == {"treatments": "rituximab + warfarin"}


def test_pairs_elsewhere_are_met_by_enough_values():
    one, other = Traits({"a": "1", "b": "2", "c": "3"}), Traits({"a": "1", "b": "2", "d": "4"})
    assert list(list_pairs([[one], [other]], (), 2)) == [((0, 0), (1, 0))]
    assert list(list_pairs([[one], [other]], (), 3)) == []
    assert list(list_pairs([[one, one], [other]], {(0, 1)}, 3)) == [((0, 0), (1, 0)), ((0, 1), (1, 0))]
    assert list(list_pairs([[one, one]], (), 2)) == []


def test_chances_are_guessed_for_few_cases_and_counted_for_many():
    few = estimate_chances([], PROTOCOL)
    assert few == {
        "age_years": 1 / 20,
        "cycles": 1 / 10,
        "sex": 1 / 2,
        "onset": 1 / 50,
        "site": 1 / 5,
        "treatments": 1 / 5,
    }
    women = [Traits({"sex": "female", "age_years": str(number)}) for number in range(100)]
    many = estimate_chances(women, PROTOCOL)
    assert many["sex"] > 0.95
    assert many["age_years"] < 0.01
    assert many["site"] == few["site"]
