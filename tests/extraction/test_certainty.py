from __future__ import annotations

import pytest

from review.extraction.certainty import parse_certainty
from review.marked import parse_marked
from review.protocol import Protocol
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import show

PROTOCOL = make_protocol()

RATING = """\
format: 1
ratings:
  A:
    by: author-1
    start: low
    domains:
      risk_of_bias: {judgement: serious, reason: case series without a comparison}
      inconsistency: {judgement: not serious}
      indirectness: {judgement: not serious}
      imprecision: {judgement: very serious, reason: three patients}
      publication_bias: {judgement: undetected}
    upgrades:
      large_effect: {judgement: large, reason: calcinosis did not improve before}
    certainty: very low
    reason: three patients of two reports
"""


def parse(text):
    return parse_certainty(parse_marked(text, "extraction/certainty.yaml"), PROTOCOL)


def change(old, new):
    assert RATING.count(old) == 1
    return parse(RATING.replace(old, new))


def test_a_rating_holds_what_people_judged():
    ratings, findings = parse(RATING)
    assert findings == []
    rating = ratings["A"]
    assert (rating.by, rating.start, rating.certainty, rating.reason) == (
        "author-1", "low", "very low", "three patients of two reports",
    )  # fmt: skip
    assert [(item.domain, item.steps) for item in rating.judgements] == [
        ("risk_of_bias", -1), ("inconsistency", 0), ("indirectness", 0), ("imprecision", -2), ("publication_bias", 0),
        ("large_effect", 1),
    ]  # fmt: skip
    assert rating.follows == "very low"
    assert rating.open_domains == ()
    assert str(rating.judgements[0].origin) == "extraction/certainty.yaml:7"


def test_a_rating_that_does_not_follow_is_told_with_its_steps():
    ratings, findings = change("certainty: very low", "certainty: high")
    assert ratings["A"].certainty == "high"
    (told,) = show(findings)
    assert told == (
        "extraction/certainty.yaml:14: GRADE-006 warning: the certainty of A is high, but starts at low "
        "(risk_of_bias -1, imprecision -2, large_effect +1); expected very low"
    )


def test_the_certainty_stays_within_its_levels():
    ratings, findings = change("start: low", "start: very low")
    assert (ratings["A"].follows, findings) == ("very low", [])


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("risk_of_bias:", "risk_of_buyas:", ["GRADE-001", "GRADE-005"]),
        ("    by: author-1\n", "", ["GRADE-002"]),
        ("    certainty: very low\n", "", ["GRADE-002", "GRADE-007"]),
        ("judgement: very serious", "judgement: terrible", ["GRADE-003", "GRADE-005", "GRADE-006"]),
        ("start: low", "start: lowish", ["GRADE-003", "GRADE-007"]),
        ("  A:\n", "  Z:\n", ["GRADE-004", "GRADE-007"]),
        (", reason: three patients}", "}", ["GRADE-005"]),
        ("    reason: three patients of two reports\n", "", ["GRADE-005"]),
        ("      publication_bias: {judgement: undetected}\n", "", ["GRADE-005"]),
    ],
)
def test_what_is_wrong_is_told(old, new, codes):
    _, findings = change(old, new)
    assert sorted(list_codes(findings)) == codes
    assert all(finding.origin.path == "extraction/certainty.yaml" for finding in findings)


@pytest.mark.parametrize("text", ["", "- a\n", "format: 1\nratings: [A]\n", "format: 1\nratings: {A: low}\n", "a: [\n"])
def test_a_file_that_cannot_be_read_rates_nothing(text):
    ratings, findings = parse(text)
    assert ratings == {}
    assert findings


def test_without_a_usable_protocol_no_analysis_is_refused():
    ratings, findings = parse_certainty(parse_marked(RATING, "c.yaml"), Protocol("x", is_usable=False))
    assert (ratings, findings) == ({}, [])
