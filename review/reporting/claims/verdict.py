"""What a claim is worth: right or wrong by arithmetic, verified or stale by the review, or not to be told.

Arithmetic is exact: a printed percentage is right if the true one rounds to it, and both roundings of a tie are accepted.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from review.model import Value
from review.numerals import format_number
from review.reporting.claims.forms import Claim

Outcome = Literal["verified", "wrong", "stale", "unverifiable"]

#: Totals up to which a share without a total is searched for one that fits.
_LARGEST_TOTAL = 100_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a claim: the code and what was expected where it is wrong or stale, the value of the review that it equals."""

    outcome: Outcome
    code: str = ""
    expected: str = ""
    key: str = ""


def judge_claim(claim: Claim, values: Sequence[Value], totals: Sequence[int]) -> Verdict:
    """Judge a claim that names no value of the review.

    Args:
        claim: The claim.
        values: The numbers of the review; empty without one.
        totals: The distinct totals of the text's own proportions.
    """
    if claim.kind == "count":
        return _judge_count(claim, values)
    wrong = check_arithmetic(claim)
    if wrong is not None:
        return wrong
    if claim.total is not None:
        return Verdict("verified", key=_find_equal(claim, values))
    assert claim.percent is not None
    if len(totals) == 1:
        if is_rounding(claim.events, totals[0], claim.percent, claim.digits):
            return Verdict("verified", key=_find_equal(replace(claim, total=totals[0]), values))
        # A text of one group of patients: a share that is none of them is a slip in one of the two numbers.
        fits = claim.events <= totals[0]
        true = print_percent(claim.events, totals[0], claim.digits) if fits else f"at most {totals[0]}"
        return Verdict("wrong", "CLAIM-003", f"{true} of the {totals[0]} that the text states")
    equal = _find_equal(claim, values)
    return Verdict("verified", key=equal) if equal else Verdict("unverifiable")


def judge_keyed(claim: Claim, key: str, values: Mapping[str, Value]) -> Verdict:
    """Judge a claim that names the value of the review that it prints."""
    value = values.get(key)
    if value is None:
        return Verdict("wrong", "CLAIM-007", "a key of values.json", key)
    wrong = check_arithmetic(claim)
    if wrong is not None:
        return wrong
    if _is_equal(claim, value):
        return Verdict("verified", key=key)
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
    largest = min(100 * events // low, _LARGEST_TOTAL)
    return max(smallest, events) <= largest


def _no_total(claim: Claim) -> Verdict:
    assert claim.percent is not None
    total = max(claim.events, round(Fraction(100 * claim.events) / claim.percent)) if claim.percent else claim.events
    shown = print_percent(claim.events, max(total, 1), claim.digits)
    return Verdict(
        "wrong", "CLAIM-004", f"{claim.events} of no number of patients is this; {claim.events}/{total} is {shown}"
    )


def _judge_count(claim: Claim, values: Sequence[Value]) -> Verdict:
    wanted = _candidates(claim.form, values)
    for value in wanted:
        if value.value == claim.events:
            return Verdict("verified", key=value.key)
    for value in wanted:
        if value.value is not None and _is_slip(claim.events, int(value.value)):
            return Verdict("stale", "CLAIM-006", f"{value.text} ({value.key})", value.key)
    return Verdict("unverifiable")


def _candidates(form: str, values: Iterable[Value]) -> list[Value]:
    ends = {
        "found": ("prisma.database_results", "prisma.register_results", ".hits"),
        "screened": ("prisma.records_screened", ".screened"),
    }[form]
    return [value for value in values if value.key.endswith(ends)]


def _is_slip(printed: int, true: int) -> bool:
    """Whether one number is the other with one digit changed or two neighbours swapped: a slip of the pen, not another number."""
    right = str(true)
    left = str(printed).rjust(len(right), "0")
    if len(left) != len(right) or len(left) < 2:
        return False
    differing = [place for place, pair in enumerate(zip(left, right, strict=True)) if pair[0] != pair[1]]
    if len(differing) == 1:
        return True
    return len(differing) == 2 and differing[1] == differing[0] + 1 and left[differing[0]] == right[differing[1]] and left[differing[1]] == right[differing[0]]  # fmt: skip


def _find_equal(claim: Claim, values: Iterable[Value]) -> str:
    return next((value.key for value in values if value.events is not None and _is_equal(claim, value)), "")


def _is_equal(claim: Claim, value: Value) -> bool:
    if claim.percent is None or value.events is None or value.total is None:
        return value.value == claim.events
    if claim.events != value.events or claim.total not in (None, value.total):
        return False
    return is_rounding(value.events, value.total, claim.percent, claim.digits)
