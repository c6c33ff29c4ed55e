"""Confidence intervals printed beside counts: can any usual method give them?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from review.model import Value
from review.numerals import format_number
from review.numerals import parse_number
from review.reporting.claims.judgement import Verdict
from review.reporting.claims.printed import Printed

if TYPE_CHECKING:
    from review.reporting.claims.forms import Claim

#: Methods that papers use for one proportion, the commonest first.
METHODS = (
    "clopper-pearson",
    "wilson",
    "wald",
    "wilson-cc",
    "jeffreys",
    "agresti-coull",
    "midp",
    "likelihood",
    "arcsine",
    "logit",
)

#: An interval further than this (in percentage points) from every method's is not one of these counts; a nearer one may be of a model.
_FAR = 2.0

_NUMBER = r"(\d{1,3}(?:\.\d{1,4})?)"
_INTERVAL = re.compile(
    rf"\s*[%)\]]{{0,2}}[\s,;(\[]{{0,3}}(?:with\s+an?\s+)?(?P<level>9\d(?:\.\d)?|80)\s?%\s*(?:CI|confidence\s+interval)s?\s*[:=,]?\s*[(\[]?\s*"
    rf"{_NUMBER}\s?%?\s*(?:-|to|,|;)\s*{_NUMBER}\s?%?",
    re.IGNORECASE,
)


def check_interval(claim: Claim, text: str) -> Verdict | None:
    """Judge the interval printed behind a proportion; None if there is none, or a usual method gives it or nearly so.

    Only an interval that does not hold its proportion, or that is far from all of them, is called wrong: others may come
    from a model.
    """
    match = _INTERVAL.match(text, claim.end)
    if match is None or claim.total is None:
        return None
    level = float(match.group("level")) / 100
    printed = [parse_number(match.group(place)) for place in (2, 3)]
    low, high = (float(number) for number in printed)
    scale = 1.0 if "%" in match.group() or high > 1 else 100.0
    low, high = low * scale, high * scale
    share = 100 * claim.events / claim.total
    half = 0.5 * 10 ** -min(len(match.group(place).partition(".")[2]) for place in (2, 3)) * scale
    if low > high or not low - half <= share <= high + half:
        shown = format_number(share, 1)
        return Verdict("wrong", "CLAIM-005", f"an interval that holds {shown}%")
    limits = _compute_limits(claim.events, claim.total, level)
    distance = min(max(abs(100 * a - low), abs(100 * b - high)) for a, b in limits.values())
    if distance <= max(half * 1.0001, _FAR):
        return None
    a, b = limits["clopper-pearson"]
    return Verdict(
        "wrong",
        "CLAIM-005",
        f"{format_number(100 * a, 1)} to {format_number(100 * b, 1)} (Clopper-Pearson), or another usual method",
    )


@lru_cache(maxsize=4096)
def _compute_limits(events: int, total: int, level: float) -> dict[str, tuple[float, float]]:
    from review.pooling.intervals import interval

    return {method: interval(events, total, method=method, level=level) for method in METHODS}


def check_known_interval(claim: Claim, text: str, values: Sequence[Value]) -> Verdict | None:
    """Compare the interval printed behind a keyed proportion with those that the review has of it; None if it is one of them, or there is none.

    Args:
        claim: The proportion.
        text: The prepared text.
        values: The value that the claim names, and others of the same quantity, with other intervals.
    """
    match = _INTERVAL.match(text, claim.end)
    if match is None:
        return None
    printed = [Printed.read(match.group(place)) for place in (2, 3)]
    if "%" not in match.group() and printed[1].value <= 1:
        printed = [number.scale(100) for number in printed]
    for value in values:
        ends = [end for end in (value.ci_low, value.ci_high) if end is not None]
        if len(ends) == 2 and all(
            number.holds(Fraction(repr(end)) * 100) for number, end in zip(printed, ends, strict=True)
        ):
            return None
    return Verdict("stale", "CLAIM-006", values[0].text, values[0].key)
