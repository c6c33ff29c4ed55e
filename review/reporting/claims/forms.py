"""The forms in which papers print a proportion, recognised in prepared text.

Each form is one pattern; the order decides where two could match. What is not of a known form is not a claim: a miss is better than a false
alarm. A number that is part of a date, a range, a ratio of scores, a reference or a figure's number is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from review.numerals import parse_number

ClaimKind = Literal["proportion", "share", "count"]

_UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_WORDS = {word: number for number, word in enumerate(_UNITS)} | _TENS | {
    f"{ten}-{_UNITS[unit]}": value + unit for ten, value in _TENS.items() for unit in range(1, 10)
} | {"none": 0}  # fmt: skip

_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
# A count may not be the tail of a decimal, a date, a range, a page or a reference.
_COUNT = r"(?<![\w.,/^$-])(?P<{name}>\d{{1,7}}|" + _WORD + r")(?![\w^]|\.\d|-\d)"
_PERCENT = r"(?P<{name}>\d{{1,3}}(?:\.\d{{1,4}})?)\s?%"
# What follows a percentage that is not one of a count: an interval's level, a change, a cut-off.
_NO_LEVEL = r"(?!\s*(?:CI\b|confidence|credible|prediction|PI\b|CrI\b|limits?\b))"
_NOUN = r"(?:\s+[A-Za-z][\w'’-]*){0,6}"
_FEW = r"(?:\s+[A-Za-z][\w'’-]*){0,4}"
_OPEN = r"\s*[(\[]\s*"
# A share alone is one only where its bracket ends behind it: "group 1 (40% women)" is none.
_ENDED = r"(?=\s*[)\],;])"


def _count(name: str) -> str:
    return _COUNT.format(name=name)


def _percent(name: str = "p") -> str:
    return _PERCENT.format(name=name) + _NO_LEVEL


_OF = r"\s+(?:out\s+)?of\s+(?:the\s+|these\s+|those\s+|our\s+|all\s+(?:the\s+)?|a\s+total\s+of\s+)?(?:other\s+|remaining\s+|included\s+)?"
_RATIO = rf"{_count('n')}(?:\s?/\s?(?=\d)(?P<N1>\d{{1,7}})(?![\d/.]|\s?/)|{_OF}{_count('N2')})"

#: Forms in the order in which they are tried; the names are those of the documentation.
FORMS: dict[str, re.Pattern[str]] = {
    # 45.5% (5/11); 45.5% of the cases (5 out of 11)
    "percent-ratio": re.compile(rf"(?<![\d.]){_percent()}{_NOUN}{_OPEN}{_RATIO}", re.IGNORECASE),
    # 5/11 (45.5%); 5 of 11 patients (45.5%); 5/11, 45.5%
    "ratio-percent": re.compile(rf"{_RATIO}{_NOUN}(?:{_OPEN}|,\s*){_percent()}", re.IGNORECASE),
    # 4 (50%) of 8; four patients (50%) of the eight
    "count-percent-of": re.compile(
        rf"{_count('n')}{_FEW}{_OPEN}{_percent()}\s*[)\]]{_FEW}{_OF}{_count('N1')}", re.IGNORECASE
    ),
    # Of the 8 patients, 4 (50%) ...
    "of-count-percent": re.compile(
        rf"\bof\s+(?:the\s+|these\s+|those\s+|our\s+|all\s+)?{_count('N1')}{_NOUN}\s*,\s*(?:only\s+)?{_count('n')}{_FEW}{_OPEN}{_percent()}",
        re.IGNORECASE,
    ),
    # (n = 4, 50%); n = 4 (50%)
    "n-equals-percent": re.compile(rf"\bn\s?=\s?{_count('n')}\s*(?:,|;|{_OPEN})\s*{_percent()}{_ENDED}", re.IGNORECASE),
    # 4 (50%); four patients (50%)
    "count-percent": re.compile(rf"{_count('n')}(?!\s*[-/]){_NOUN}{_OPEN}{_percent()}{_ENDED}", re.IGNORECASE),
}

#: Counts in the words of a flow of records: what was found, what remained to be screened.
FLOWS: dict[str, re.Pattern[str]] = {
    "found": re.compile(
        rf"\b(?:identified|found|retrieved|yielded|returned)\s+(?:a\s+total\s+of\s+)?{_count('n')}\s+(?:\w+\s+)?(?:articles|records|citations|references|publications|hits|abstracts|titles)\b",
        re.IGNORECASE,
    ),
    "screened": re.compile(
        rf"(?:duplicat\w+\b[^.;]{{0,60}}?{_count('n')}\s+(?:\w+\s+)?(?:articles|records|citations|references|publications|abstracts|titles)\b(?=[^.;]{{0,40}}\b(?:remained|were\s+(?:left|screened)|left|screened)))",
        re.IGNORECASE,
    ),
}


#: A number behind one of these is a name, not a count.
_NAMED = re.compile(
    r"\b(?:fig(?:ure)?s?|tables?|groups?|grades?|stages?|phases?|types?|weeks?|days?|months?|years?|pages?|pp?|ref(?:erence)?s?|versions?|steps?|arms?"
    r"|levels?|class|visits?|chapters?|sections?|appendix|models?|items?|questions?|parts?|lines?|no|nos|numbers?|cohorts?|centers?|centres?|sites?|patient|case|quartiles?|kappa|score)\.?\s*$",
    re.IGNORECASE,
)

#: What follows a number that is a quantity, not a count of patients.
_QUANTITY = re.compile(
    r"\s*(?:mm\s?Hg|m?mol|[munµk]?g|mcg|m?l|dl|c?m|mm|m2|IU|U|points?|scores?|weeks?|days?|months?|years?|hours?|min(?:ute)?s?|sec(?:ond)?s?|times|fold"
    r"|infusions?|doses?|cycles?|courses?|degrees?|visits?|Hz|kDa)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A number as the text prints it.

    `percent` is in percent with `digits` decimals, None for a bare count; `total` is None where the text gives none. `start` and `end` are positions in the
    prepared text.
    """

    kind: ClaimKind
    form: str
    start: int
    end: int
    events: int
    total: int | None = None
    percent: Fraction | None = None
    digits: int = 0


def find_claims(text: str) -> list[Claim]:
    """Find the claims of a prepared text in the order of their places; no character belongs to two."""
    claims: list[Claim] = []
    taken: list[tuple[int, int]] = []
    for name, pattern in (*FORMS.items(), *FLOWS.items()):
        for match in _iterate(pattern, text):
            if any(match.start("n") < end and start < match.end() for start, end in taken):
                continue
            claim = _make_claim(name, match)
            if claim is not None:
                claims.append(claim)
                taken.append((claim.start, claim.end))
    return sorted(claims, key=lambda claim: claim.start)


def read_count(text: str) -> int:
    """Read a count in digits or in words up to ninety-nine."""
    return int(text) if text.isdigit() else _WORDS[text.lower()]


def _iterate(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    # Matches may begin inside one another ("2019, 4 of 8 (50%)"), so the search goes on behind the first character.
    position = 0
    while match := pattern.search(text, position):
        yield match
        position = match.start() + 1 if match.end() - match.start() > 1 and _crosses_sentence(match) else match.end()


def _crosses_sentence(match: re.Match[str]) -> bool:
    """Whether a match runs over a sentence's end, so that its parts do not belong together."""
    return bool(re.search(r"[.!?]\s+[A-Z]", match.group()))


def _make_claim(name: str, match: re.Match[str]) -> Claim | None:
    if _crosses_sentence(match):
        return None
    groups = match.groupdict()
    text = match.string
    last = next((match.end(group) for group in ("N1", "N2") if groups.get(group)), match.end("n"))
    if _NAMED.search(text, max(0, match.start("n") - 20), match.start("n")) or _QUANTITY.match(
        text, max(last, match.end("n"))
    ):
        return None
    events = read_count(groups["n"])
    if name in FLOWS:
        return Claim("count", name, match.start("n"), match.end("n"), events)
    printed = groups["p"]
    percent = parse_number(printed)
    digits = len(printed.partition(".")[2])
    stated = groups.get("N1") or groups.get("N2")
    total = read_count(stated) if stated else None
    kind: ClaimKind = "proportion" if total is not None else "share"
    start = min(match.start(group) for group in ("n", "p", "N1", "N2") if groups.get(group))
    return Claim(kind, name, start, match.end(), events, total, percent, digits)
