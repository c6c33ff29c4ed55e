"""P values beside the statistic that they come from: `t(18) = 2.1, p = .05`.

The statistic may have been rounded, and so may P; a test may be one- or two-sided. P is wrong only if no true number behind the printed ones gives it either way.

Source: the idea of statcheck, Nuijten MB, et al. Behav Res Methods 2016;48:1205-1226, https://doi.org/10.3758/s13428-015-0664-2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from review.numerals import format_number
from review.reporting.claims.judgement import Judgement
from review.reporting.claims.judgement import Verdict
from review.reporting.claims.judgement import wrong
from review.reporting.claims.printed import SIGNED
from review.reporting.claims.printed import Printed
from review.reporting.claims.sentences import Sentence

TestName = Literal["t", "F", "chi2", "z", "r"]

#: What floats may add to an exact number.
_SLACK = 1e-9

P = r"(?<![\w.])[pP](?:[\s-]?[vV]alues?)?\s*(?:was|of)?\s*(?P<relation><=|>=|[=<>≤≥])\s*(?P<p>(?:0|1)?\.\d{1,10}|[01](?![\d.])|\d(?:\.\d{1,4})?\s?[x×*]\s?10\s?\^?\s?-\s?\d{1,2}|\d(?:\.\d{1,4})?[eE]-\d{1,2})(?![\d])"
_DF = r"\d{1,5}(?:\.\d{1,4})?"
_BETWEEN = r"\s*[,;:]?\s*(?:(?:one|two|1|2)[\s-](?:sided|tailed)\s*,?\s*)?"
_LETTERS = r"(?<![\w^.])(?:(?P<t>t)|(?P<F>F)|(?P<chi2>(?:χ|chi|X|x)\s?-?\s?(?:\^\s?2?|2|²|squared?(?:\s+test)?)|χ|chi)|(?P<z>[zZ])|(?P<r>r))"
_TEST = re.compile(
    rf"{_LETTERS}(?:_\w{{1,8}})?\s*"
    rf"(?:[(\[]\s*(?:df\s*=\s*)?(?P<df1>{_DF})(?:\s*,\s*(?:(?P<df2>{_DF})|[Nn]\s*=\s*\d+))?\s*[)\]])?"
    rf"\s*=\s*(?P<value>{SIGNED})(?:{_BETWEEN}(?:df|d\.f\.|degrees?\s+of\s+freedom)\s*=?\s*(?P<df3>{_DF})(?:\s*,\s*(?P<df4>{_DF}))?)?{_BETWEEN}(?:and\s+)?{P}"
)


@dataclass(frozen=True, slots=True)
class Probability:
    """A printed P: `relation` is =, < or >."""

    relation: Literal["=", "<", ">"]
    value: Printed

    @classmethod
    def read(cls, match: re.Match[str]) -> Probability:
        """Read the groups `relation` and `p` of a match of `P`."""
        sign = match.group("relation")
        relation: Literal["=", "<", ">"] = "<" if sign[0] in "<≤" else ">" if sign[0] in ">≥" else "="
        text = re.sub(r"\s", "", match.group("p"))
        power = re.fullmatch(r"([\d.]+)(?:[x×*]10\^?|[eE])-(\d+)", text)
        if power is None:
            return cls(relation, Printed.read(text))
        mantissa, exponent = Printed.read(power.group(1)), int(power.group(2))
        return cls(relation, Printed(mantissa.value / 10**exponent, mantissa.digits + exponent))

    @property
    def is_possible(self) -> bool:
        """Whether P is one of 0..1."""
        return 0 <= self.value.value <= 1

    def fits(self, low: float, high: float) -> bool:
        """Whether a true P within low..high may be printed so."""
        stated = float(self.value.value)
        if self.relation == "<":
            return low <= stated * (1 + _SLACK)
        if self.relation == "=" and self.value.value * 10**self.value.digits <= 1:
            # The least P that has these decimals is printed for all below it.
            return low <= float(self.value.high) * (1 + _SLACK)
        if self.relation == ">":
            return high >= stated * (1 - _SLACK)
        return low <= float(self.value.high) * (1 + _SLACK) and high >= float(self.value.low) * (1 - _SLACK)


@dataclass(frozen=True, slots=True)
class Statistic:
    """A test statistic with its degrees of freedom and the P printed beside it."""

    test: TestName
    value: Printed
    df: tuple[float, ...]
    p: Probability
    start: int
    end: int


def find_statistics(sentence: Sentence) -> list[Statistic]:
    """Find the statistics with a P of a sentence; one that needs degrees of freedom and has none is not taken."""
    found = []
    for match in _TEST.finditer(sentence.text):
        test: TestName = next(name for name in ("t", "F", "chi2", "z", "r") if match.group(name))
        df = tuple(float(text) for name in ("df1", "df2", "df3", "df4") if (text := match.group(name)))
        wanted = {"t": 1, "F": 2, "chi2": 1, "z": 0, "r": 1}[test]
        if len(df) != wanted or 0 in df:
            continue
        p = Probability.read(match)
        value = Printed.read(match.group("value"))
        if test == "r" and (abs(value.value) > 1 or df == (2.0,)):
            # Of more than 1 it is none; `r(2)` is how a lost superscript of r squared looks.
            continue
        if test == "chi2" and match.group("chi2") in {"χ", "chi"} and df == (2.0,):
            continue
        found.append(Statistic(test, value, df, p, sentence.start + match.start(), sentence.start + match.end()))
    return found


def judge_statistics(sentence: Sentence) -> Iterator[Judgement]:
    """Judge the P values of a sentence that stand beside their statistic."""
    for statistic in find_statistics(sentence):
        yield Judgement("test", statistic.start, statistic.end, judge_statistic(statistic))


def judge_statistic(statistic: Statistic) -> Verdict:
    """Judge a P by its statistic."""
    if not statistic.p.is_possible:
        return wrong("CLAIM-014", "a P from 0 to 1")
    low, high = compute_range(statistic)
    sides = [(low, high), (low / 2, high / 2)]
    if statistic.test == "F":
        sides = sides[:1]
    elif statistic.test == "chi2":
        # A chi-squared of one degree is a squared z, whose one-sided P is half.
        sides = sides[:2] if statistic.df == (1.0,) else sides[:1]
    elif statistic.p.relation == "=":
        # One-sided, with the effect on the other side.
        sides.append((1 - high / 2, 1 - low / 2))
    if any(statistic.p.fits(*side) for side in sides):
        return Verdict("verified")
    middle = compute_p(statistic.test, float(statistic.value.value), statistic.df)
    return wrong("CLAIM-014", f"P = {print_p(middle)}")


def compute_range(statistic: Statistic) -> tuple[float, float]:
    """Return the least and the largest two-sided P of the numbers that the statistic may have been rounded from."""
    size = abs(statistic.value.value)
    half = statistic.value.half
    if statistic.value.value < 0 and statistic.test in {"F", "chi2"}:
        return 1.0, 1.0
    least, most = max(size - half, Fraction(0)), size + half
    if statistic.test == "r":
        most = min(most, Fraction(1))
    return compute_p(statistic.test, float(most), statistic.df), compute_p(statistic.test, float(least), statistic.df)


def compute_p(test: TestName, value: float, df: tuple[float, ...]) -> float:
    """Compute the P of a statistic: two-sided for t, z and r, of the upper tail for F and chi-squared."""
    from scipy import special

    size = abs(value)
    if test == "z":
        return float(2 * special.ndtr(-size))
    if test == "t":
        return float(2 * special.stdtr(df[0], -size))
    if test == "F":
        return float(special.fdtrc(df[0], df[1], size))
    if test == "chi2":
        return float(special.chdtrc(df[0], size))
    if size >= 1:
        return 0.0
    return float(2 * special.stdtr(df[0], -size * (df[0] / (1 - size * size)) ** 0.5))


def print_p(p: float) -> str:
    """Print a P as papers do: three decimals, or two figures where it is smaller."""
    return format_number(p, 3) if p >= 0.001 else f"{p:.1e}"
