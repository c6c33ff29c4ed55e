"""Estimates with a confidence interval: the interval holds its estimate, and both are what the review has.

An estimate is told by its name (`OR 2.5`, `mean difference 3.1`) or by its percent sign; a number of any other kind in front of an interval is left alone. Which intervals a
count can have is for `review.reporting.claims.intervals`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from review.model import Value
from review.reporting.claims.judgement import Verdict
from review.reporting.claims.judgement import wrong
from review.reporting.claims.known import KnownValues
from review.reporting.claims.known import name_quantity
from review.reporting.claims.printed import SIGNED
from review.reporting.claims.printed import Printed
from review.reporting.claims.sentences import Sentence

_NAME = (
    r"(?:odds\s+ratio|risk\s+ratio|hazard\s+ratio|rate\s+ratio|relative\s+risk|incidence\s+rate\s+ratio|(?:mean|risk|rate|standardi[sz]ed\s+mean)\s+difference"
    r"|\b(?:aOR|aHR|aRR|OR|RR|HR|IRR|MD|SMD|WMD|RD|ICC|AUC|AUROC)|sensitivity|specificity|prevalence|proportion|Hedges['’]?\s*g|Cohen['’]?s\s+d|kappa|hazard|correlation)"
)
_LEVEL = r"(?P<level>9\d(?:\.\d)?|80)\s?%[\s-]*(?:CIs?\b|confidence\s+intervals?|CrI\b|credible\s+intervals?|limits?)"
_CI = rf"{_LEVEL}\s*[:=,]?\s*(?:of\s+|from\s+)?[(\[]?\s*(?P<low>{SIGNED})\s?%?\s*(?:-|to|,|;|and)\s*(?P<high>{SIGNED})(?P<percent>\s?%)?"
_UNIT = r"(?:\s?(?:mm|cm|kg|mg|g|ml|points?|years?|months?|weeks?|days?))?"
_NAMED = re.compile(
    rf"{_NAME}\b(?:\s*[(\[][A-Za-z]{{1,5}}[)\]])?[^\d.;%()\[\]]{{0,30}}?(?<!\bby )(?<!\bat )(?<!\bafter )(?<!\bin )(?<!\bfor )(?<!\bwithin )(?<!\bthe )(?P<value>{SIGNED})(?P<sign>\s?%)?{_UNIT}\s*[,;]?\s*[(\[]?\s*(?:with\s+an?\s+)?{_CI}",
    re.IGNORECASE,
)
_SHARE = re.compile(
    rf"(?<![/-])(?P<value>{SIGNED})(?P<sign>\s?%)\s*[,;]?\s*[(\[]?\s*(?:with\s+an?\s+)?{_CI}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its limits, on the scale in which they are printed; `is_percent` tells percent from other numbers."""

    value: Printed
    low: Printed
    high: Printed
    start: int
    end: int
    is_percent: bool = False


def find_intervals(sentence: Sentence) -> list[Interval]:
    """Find the estimates with an interval of a sentence."""
    found: list[Interval] = []
    for pattern in (_NAMED, _SHARE):
        for match in pattern.finditer(sentence.text):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            if any(start < other.end and other.start < end for other in found):
                continue
            found.append(_read(match, start, end))
    return sorted(found, key=lambda interval: interval.start)


def _read(match: re.Match[str], start: int, end: int) -> Interval:
    value, low, high = (Printed.read(match.group(name)) for name in ("value", "low", "high"))
    is_percent = match.group("sign") is not None
    if is_percent and not match.group("percent") and value.value > 1 and abs(high.value) <= 1:
        # The estimate in percent and its limits as fractions.
        low, high = low.scale(100), high.scale(100)
    return Interval(value, low, high, start, end, is_percent)


def judge_interval(interval: Interval, known: KnownValues) -> Verdict:
    """Judge an interval by its estimate, then by the one value of the review that it can only be."""
    if not _holds(interval, interval.value.low, interval.value.high) and not _holds(interval, -interval.value.high, -interval.value.low):  # fmt: skip
        return wrong("CLAIM-013", "an interval that holds its estimate")
    return match_interval(interval, known) or Verdict("verified", basis="bounds")


def _holds(interval: Interval, low: Fraction, high: Fraction) -> bool:
    """Whether an estimate may lie in the interval; of a fall the larger limit may stand first, and the sign may be left out."""
    return min(interval.low.low, interval.high.low) < high and low < max(interval.low.high, interval.high.high)


def match_interval(interval: Interval, known: KnownValues) -> Verdict | None:
    """Compare with the review: all three numbers of one value verify, two of three and a third that differs are stale.

    A value counts only if no other quantity matches as well.
    """
    if not interval.is_percent:
        return None
    agreeing: dict[int, list[Value]] = {2: [], 3: []}
    for value in known.with_interval:
        agreed = count_agreeing(interval, value)
        if agreed >= 2:
            agreeing[agreed].append(value)
    whole, partial = agreeing[3], agreeing[2]
    if whole:
        return Verdict("verified", key=name_quantity(whole), basis="review")
    # Rounded to whole percent, two numbers of other data agree too easily.
    if len(partial) == 1 and min(interval.low.digits, interval.high.digits) > 0:
        return Verdict("stale", "CLAIM-006", f"{partial[0].text} ({partial[0].key})", partial[0].key)
    return None


def count_agreeing(interval: Interval, value: Value) -> int:
    """Return how many of estimate and limits print as the value's do, 0 to 3."""
    factor = 100 if interval.is_percent else 1
    pairs = zip((interval.value, interval.low, interval.high), (value.value, value.ci_low, value.ci_high), strict=True)
    return sum(shown.holds(Fraction(repr(number)) * factor) for shown, number in pairs if number is not None)


def judge_keyed_interval(interval: Interval, key: str, known: KnownValues) -> Verdict:
    """Judge an interval that names the value of the review that it prints."""
    value = known.find(key)
    if value is None:
        return wrong("CLAIM-007", "a key of values.json")
    if count_agreeing(interval, value) == 3:
        return Verdict("verified", key=key, basis="review")
    return Verdict("stale", "CLAIM-006", value.text, key)
