from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.extraction.rules import DEPTH_LIMIT
from review.extraction.rules import WORD_LIMIT
from review.extraction.rules import RuleProblem
from review.extraction.rules import Variable
from review.extraction.rules import parse_rule
from review.extraction.spans import make_date_span
from review.extraction.spans import make_span

VARIABLES = {
    variable.name: variable
    for variable in (
        Variable("vas", "number"),
        Variable("vas_before", "number"),
        Variable("onset", "date"),
        Variable("seen", "date"),
        Variable("sex", "word", ("female", "male")),
        Variable("site", "word"),
        Variable("ulcer", "truth"),
        Variable("healed", "truth"),
    )
}


def answer(text, **values):
    known = {
        name: make_date_span(value)
        if name in ("onset", "seen")
        else make_span(*value)
        if isinstance(value, tuple)
        else make_span(Fraction(str(value)), "=")
        if VARIABLES[name].kind == "number"
        else value
        for name, value in values.items()
    }
    return parse_rule(text, VARIABLES).answer(known.get)


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ("vas <= -50 and not ulcer", {"vas": -50, "ulcer": False}, True),
        ("vas <= -50 and not ulcer", {"vas": -49, "ulcer": False}, False),
        ("vas <= -50 and not ulcer", {"vas": -60, "ulcer": True}, False),
        ("vas <= -50 and not ulcer", {"vas": -60}, None),
        ("vas <= -50 and not ulcer", {"vas": -10}, False),
        ("vas <= -50 and not ulcer", {"ulcer": True}, False),
        ("vas <= -50 and not ulcer", {}, None),
        ("vas <= -50 or ulcer", {"ulcer": True}, True),
        ("vas <= -50 or ulcer", {"ulcer": False}, None),
        ("not not ulcer", {"ulcer": True}, True),
        ("ulcer or healed and not ulcer", {"ulcer": False, "healed": True}, True),
        ("(ulcer or healed) and not ulcer", {"ulcer": True, "healed": True}, False),
        ("vas < 50", {"vas": (20, "<")}, True),
        ("vas < 10", {"vas": (20, "<")}, None),
        ("vas >= 20", {"vas": (20, "<")}, False),
        ("vas > 20", {"vas": (20, ">")}, True),
        ("vas = 20", {"vas": (20, "~")}, True),
        ("vas != 20", {"vas": (20, "<")}, True),
        ("100 * (vas - vas_before) / vas_before <= -50", {"vas": 3, "vas_before": 6}, True),
        ("100 * (vas - vas_before) / vas_before <= -50", {"vas": (3, "<"), "vas_before": 6}, True),
        ("100 * (vas - vas_before) / vas_before <= -50", {"vas": 3, "vas_before": 0}, None),
        ("100 * (vas - vas_before) / vas_before <= -50", {"vas": 3, "vas_before": (6, ">")}, None),
        ("vas - vas_before <= -2", {"vas": 3, "vas_before": (6, ">")}, True),
        ("abs(vas) > 2", {"vas": -3}, True),
        ("-vas > 2", {"vas": -3}, True),
        ("0.1 + 0.2 = 0.3", {}, True),
        ("7 - 2 - 1 = 4 and 12 / 2 / 3 = 2", {}, True),
        ('sex = "female"', {"sex": "female"}, True),
        ("sex != 'female'", {"sex": "male"}, True),
        ('sex in ("female", "male")', {}, None),
        ('site in ("hand", "foot")', {"site": "foot"}, True),
        ('site not in ("hand", "foot")', {"site": "knee"}, True),
        ("vas in (1, 2)", {"vas": 2}, True),
        ("known(vas) and not known(ulcer)", {"vas": 1}, True),
        ("ulcer = healed", {"ulcer": False, "healed": False}, True),
        ('seen >= "2019-03"', {"seen": "2019-04"}, True),
        ('seen >= "2019-03-15"', {"seen": "2019-03"}, None),
        ("seen - onset >= 365", {"seen": "2019-12-31", "onset": "2018"}, True),
        ("seen - onset >= 365", {"seen": "2019", "onset": "2018"}, None),
        ("seen > onset + 30", {"seen": "2019-05-01", "onset": "2019-03"}, True),
    ],
)
def test_rules_say_yes_no_or_leave_it_open(rule, values, expected):
    assert answer(rule, **values) is expected


def test_a_rule_names_what_it_uses_in_order():
    rule = parse_rule("ulcer and  vas > 1\n or known(sex) and ulcer", VARIABLES)
    assert (rule.names, rule.text) == (("ulcer", "vas", "sex"), "ulcer and vas > 1 or known(sex) and ulcer")


@pytest.mark.parametrize(
    ("rule", "column", "message"),
    [
        ("", 1, "a name, a number or a bracket is expected, not the end"),
        ("vas <=", 7, "not the end"),
        ("vas", 1, "a rule says yes or no, but this is a number"),
        ("vas <= -50 ulcer", 12, "and, or, or the end is expected, not ulcer"),
        ("(vas > 1", 9, ") is expected, not the end"),
        ("vas > 1 and 2", 13, "and joins statements, but this is a number"),
        ("not vas", 5, "not stands before a statement, but this is a number"),
        ("1 < vas < 3", 9, "two comparisons follow each other"),
        ("vas ≤ 3", 5, "'≤ 3' is not part of the language of rules"),
        ("vas > 5mg", 7, "'5mg' is not part"),
        ("vas.__class__ > 1", 4, "is not part"),
        ("__import__('os')", 1, "the protocol has no case field or outcome __import__"),
        ("vas > 1; ulcer", 8, "is not part"),
        ("vass > 1", 1, "the protocol has no case field or outcome vass"),
        ("sex = female", 7, "female is a choice, not a name"),
        ('sex = "femal"', 7, "'femal' is not a choice of sex"),
        ('sex in ("woman")', 9, "'woman' is not a choice of sex"),
        ('sex > "female"', 7, "> compares numbers and dates only"),
        ("sex = 1", 7, "a word is compared with a number"),
        ("ulcer = 'yes'", 9, "yes or no is compared with a word"),
        ("vas + ulcer > 1", 7, "+ stands between numbers, but this is yes or no"),
        ("vas * sex > 1", 7, "* stands between numbers, but this is a word"),
        ("-ulcer", 2, "a minus stands before a number"),
        ("abs(ulcer) > 1", 5, "abs is taken of a number"),
        ("known(1)", 7, "a name is expected, not 1"),
        ("known vas", 7, "( is expected, not vas"),
        ("onset + seen > 1", 9, "only days can be added to a date"),
        ("1 - onset > 1", 5, "only days can be added to a date"),
        ("onset > 'spring'", 9, "'spring' is not a date"),
        ("onset > 2019", 9, "a date is compared with a number"),
        ("and ulcer", 1, "a name, a number or a bracket is expected, not and"),
    ],
)
def test_slips_are_told_with_their_place(rule, column, message):
    with pytest.raises(RuleProblem) as raised:
        parse_rule(rule, VARIABLES)
    assert message in raised.value.message
    assert raised.value.column == column


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ("vas ≤ 3", "write <="),
        ("vass > 1", "did you mean vas?"),
        ("sex = female", 'write it in quotes: "female"'),
        ("zzz > 1", "define it under case_fields or outcomes"),
    ],
)
def test_slips_come_with_their_mend(rule, hint):
    with pytest.raises(RuleProblem) as raised:
        parse_rule(rule, VARIABLES)
    assert raised.value.hint == hint


def test_long_and_deep_rules_are_refused_and_those_within_the_limits_end():
    with pytest.raises(RuleProblem, match="longer than"):
        parse_rule("ulcer" + " or ulcer" * WORD_LIMIT, VARIABLES)
    with pytest.raises(RuleProblem, match="nest deeper"):
        parse_rule("(" * (DEPTH_LIMIT + 1) + "ulcer" + ")" * (DEPTH_LIMIT + 1), VARIABLES)
    assert answer("(" * DEPTH_LIMIT + "ulcer" + ")" * DEPTH_LIMIT, ulcer=True) is True
    assert answer("1" + "+1" * (WORD_LIMIT // 2 - 3) + " > 0") is True


@settings(max_examples=150)
@given(st.lists(st.sampled_from(["vas", "ulcer", "sex", "1", '"female"', "(", ")", "and", "or", "not", "in", "<", "=", "-", "known", ",", "onset", "$"]), max_size=12))  # fmt: skip
def test_any_words_give_a_rule_or_a_problem(words):
    text = " ".join(words)
    try:
        rule = parse_rule(text, VARIABLES)
    except RuleProblem as problem:
        column = problem.column
    else:
        column = 1
        assert rule.answer(lambda _name: None) in (True, False, None)
    assert 1 <= column <= len(text) + 1
