"""What a claim is worth: right or wrong by arithmetic, verified or stale by the review, or not to be told.

Arithmetic is exact: a printed percentage is right if the true one rounds to it, and both roundings of a tie are accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from fractions import Fraction

from review.model import Value
from review.numerals import format_number
from review.reporting.claims.forms import Claim
from review.reporting.claims.judgement import Verdict
from review.reporting.claims.known import KnownValues
from review.reporting.claims.known import is_one_quantity
from review.reporting.claims.known import name_quantity
from review.reporting.claims.known import name_source

#: A slip in a shorter number is too easily another number.
_LEAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Setting:
    """What the text around a claim tells: the one total of its proportions, and the sizes of groups that it speaks of.

    `total` is that of all its proportions, None where they have several. `groups` are other numbers of patients, of which a share may be one. `is_certain` says that
    a share which fits none of them is a slip: the sentence states the total, or all other shares of the text are of it.
    """

    total: int | None = None
    groups: frozenset[int] = frozenset()
    is_certain: bool = False


def judge_claim(claim: Claim, known: KnownValues, setting: Setting) -> Verdict:
    """Judge a proportion or a share that names no value of the review."""
    wrong = check_arithmetic(claim)
    if wrong is not None:
        return wrong
    equal = [value for value in known.list_counts(claim.events, claim.total) if is_equal(claim, value)]
    if claim.total is not None:
        return Verdict("verified", key=name_quantity(equal))
    if setting.total is not None:
        verdict = _judge_share(claim, setting.total, setting)
        if verdict.outcome == "verified":
            return replace(verdict, key=name_quantity([value for value in equal if value.total == setting.total]))
        if verdict.outcome == "wrong":
            return verdict
    # Two values of the review with these numbers: it is not told which, so that neither is a match.
    key = name_quantity(equal)
    return Verdict("verified", key=key, basis="review") if key else Verdict("unverifiable")


def _judge_share(claim: Claim, total: int, setting: Setting) -> Verdict:
    """Judge a share in a text of one group of patients: it is wrong where a slip of one digit explains it and no other group does."""
    assert claim.percent is not None
    if is_rounding(claim.events, total, claim.percent, claim.digits):
        return Verdict("verified")
    if not setting.is_certain or not _is_slip_of(claim, total):
        return Verdict("unverifiable")
    if any(is_rounding(claim.events, size, claim.percent, claim.digits) for size in setting.groups):
        return Verdict("unverifiable")
    true = print_percent(claim.events, total, claim.digits) if claim.events <= total else f"at most {total}"
    return Verdict("wrong", "CLAIM-003", f"{true} of the {total} that the text states")


def _is_slip_of(claim: Claim, total: int) -> bool:
    """Whether another digit in the count or in the percentage makes a share one of this total."""
    assert claim.percent is not None
    unit = Fraction(1, 10**claim.digits)
    # A digit may have been lost in front: 5% for 25%.
    shown = f"0{int(claim.percent / unit)}"
    percents = [Fraction(other) * unit for other in _change_digits(shown)]
    counts = [other for other in _change_digits(str(claim.events)) if other <= total]
    return any(is_rounding(other, total, claim.percent, claim.digits) for other in counts) or any(
        is_rounding(claim.events, total, other, claim.digits) for other in percents
    )


def _change_digits(number: str) -> list[int]:
    return [
        int(number[:place] + digit + number[place + 1 :])
        for place, printed in enumerate(number)
        for digit in "0123456789"
        if digit != printed
    ]


def judge_cell(claim: Claim, total: int) -> Verdict | None:
    """Judge a share in a table by the number of patients of its column or row.

    None where it may be one of fewer patients, with values missing, or of other things than patients, of which there are more.
    """
    wrong = check_arithmetic(claim)
    if wrong is not None:
        return wrong
    assert claim.percent is not None
    if is_rounding(claim.events, total, claim.percent, claim.digits):
        return Verdict("verified")
    sizes = range(claim.events, total)
    if claim.events > total or any(is_rounding(claim.events, size, claim.percent, claim.digits) for size in sizes):
        return None
    shown = print_percent(claim.events, total, claim.digits)
    return Verdict("wrong", "CLAIM-003", f"{shown} of the {total} that the table states")


def judge_keyed(claim: Claim, key: str, known: KnownValues) -> Verdict:
    """Judge a claim that names the value of the review that it prints."""
    value = known.find(key)
    if value is None:
        return Verdict("wrong", "CLAIM-007", "a key of values.json", key)
    wrong = check_arithmetic(claim)
    if wrong is not None:
        return wrong
    if is_equal(claim, value):
        return Verdict("verified", key=key, basis="review")
    return Verdict("stale", "CLAIM-006", value.text, key)


def check_arithmetic(claim: Claim) -> Verdict | None:
    """Return what is wrong with a claim's own numbers, None if nothing is."""
    if claim.percent is None:
        return None
    if claim.percent > 100:
        return Verdict("wrong", "CLAIM-001", "at most 100%")
    if claim.total is None:
        return None if _has_total(claim.events, claim.percent, claim.digits) else _no_total(claim)
    if claim.total == 0 or claim.events > claim.total:
        return Verdict("wrong", "CLAIM-002", f"0 to {claim.total} of {claim.total}")
    if is_rounding(claim.events, claim.total, claim.percent, claim.digits):
        return None
    nearest = round(claim.percent * claim.total / 100)
    expected = print_percent(claim.events, claim.total, claim.digits)
    if claim.percent < Fraction(100 * claim.events, claim.total) < claim.percent + Fraction(1, 10**claim.digits):
        return Verdict(
            "wrong", "CLAIM-001", f"{expected} for {claim.events}/{claim.total} (it was cut off, not rounded)"
        )
    hint = f", or {nearest}/{claim.total}" if is_rounding(nearest, claim.total, claim.percent, claim.digits) else ""
    return Verdict("wrong", "CLAIM-001", f"{expected} for {claim.events}/{claim.total}{hint}")


def is_rounding(events: int, total: int, percent: Fraction, digits: int) -> bool:
    """Whether events of total rounds to the percentage at its printed decimals; either rounding of a tie counts.

    Source: the rule "up or down" of GRIM testing (Brown and Heathers 2017, https://doi.org/10.1177/1948550616673876), on exact
    fractions.
    """
    if total <= 0 or events > total:
        return False
    return abs(Fraction(100 * events, total) - percent) <= Fraction(1, 2 * 10**digits)


def print_percent(events: int, total: int, digits: int) -> str:
    """Print a percentage at the decimals that the text uses."""
    return f"{format_number(Fraction(100 * events, total), digits)}%"


def _has_total(events: int, percent: Fraction, digits: int) -> bool:
    """Whether any total makes events print as this percentage."""
    half = Fraction(1, 2 * 10**digits)
    if events == 0:
        return percent <= half
    low, high = percent - half, percent + half
    smallest = -(-100 * events // high)
    if low <= 0:
        return True
    return max(smallest, events) <= 100 * events // low


def _no_total(claim: Claim) -> Verdict:
    assert claim.percent is not None
    total = max(claim.events, round(Fraction(100 * claim.events) / claim.percent)) if claim.percent else claim.events
    shown = print_percent(claim.events, max(total, 1), claim.digits)
    return Verdict(
        "wrong", "CLAIM-004", f"{claim.events} of no number of patients is this; {claim.events}/{total} is {shown}"
    )


def judge_counts(claims: Sequence[Claim], known: KnownValues) -> list[Verdict]:
    """Judge the counts of records of one sentence: where one is of one search only, all are."""
    sources = [
        {name_source(value) for value in known.list_flow(claim) if value.value == claim.events} for claim in claims
    ]
    certain = {source for found in sources if len(found) == 1 for source in found}
    one = _settle(claims, known, certain)
    return [_judge_count(claim, known.list_flow(claim, one)) for claim in claims]


def _settle(claims: Sequence[Claim], known: KnownValues, certain: set[str]) -> str:
    """Return the one source that all counts of a sentence are of, the most of which agree; empty where several would do."""
    if len(claims) < 2 or not certain:
        return ""
    slips = {
        source: [_judge_count(claim, known.list_flow(claim, source)).outcome for claim in claims] for source in certain
    }
    likely = [source for source, outcomes in slips.items() if "unverifiable" not in outcomes]
    # Of two, the one that the first number names: what was found comes before what was screened.
    return next((source for source in sorted(likely, key=lambda source: slips[source]) if slips[source][0] == "verified"), likely[0] if len(likely) == 1 else "")  # fmt: skip


def _judge_count(claim: Claim, wanted: Sequence[Value]) -> Verdict:
    equal = [value for value in wanted if value.value == claim.events]
    if equal:
        return Verdict("verified", key=name_quantity(equal), basis="review") if is_one_quantity(equal) else Verdict("unverifiable")  # fmt: skip
    for value in wanted:
        if value.value is not None and _is_slip(claim.events, int(value.value)):
            return Verdict("stale", "CLAIM-006", f"{value.text} ({value.key})", value.key)
    return Verdict("unverifiable")


def _is_slip(printed: int, true: int) -> bool:
    """Whether one number is the other with one digit changed or two neighbours swapped: a slip of the pen, not another number."""
    right = str(true)
    left = str(printed).rjust(len(right), "0")
    if len(left) != len(right) or len(left) < _LEAST_DIGITS:
        return False
    differing = [place for place, pair in enumerate(zip(left, right, strict=True)) if pair[0] != pair[1]]
    if len(differing) == 1:
        return True
    return len(differing) == 2 and differing[1] == differing[0] + 1 and left[differing[0]] == right[differing[1]] and left[differing[1]] == right[differing[0]]  # fmt: skip


def is_equal(claim: Claim, value: Value) -> bool:
    """Whether a claim prints a value: counts and percentage of a proportion, or a plain number."""
    if claim.percent is None or value.events is None or value.total is None:
        return value.value == claim.events
    if claim.events != value.events or claim.total not in (None, value.total):
        return False
    return is_rounding(value.events, value.total, claim.percent, claim.digits)
