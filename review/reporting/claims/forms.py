"""The forms in which papers print a proportion, recognised in prepared text.

Each form is one pattern; the order decides where two could match. What is not of a known form is not a claim: a miss is better than a false
alarm. A number that is part of a date, a range, a ratio of scores, a reference or a figure's number is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from review.numerals import parse_number
from review.reporting.claims.printed import WORD
from review.reporting.claims.printed import read_count
from review.reporting.claims.sentences import Sentence

ClaimKind = Literal["proportion", "share", "count"]

# A count may not be the tail of a decimal, a date, a range, a page or a reference.
_COUNT = r"(?<![\w.,/^$-])(?P<{name}>\d{{1,7}}|" + WORD + r")(?![\w^]|\.\d|-\d)"
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
_RATIO = rf"{_count('n')}(?:\s?/\s?(?=\d)(?P<N1>\d{{1,7}})(?![\d/]|\.\d|\s?/)|{_OF}{_count('N2')})"

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
    # 50% (n = 4)
    "percent-n-equals": re.compile(
        rf"(?<![\d.]){_percent()}{_NOUN}{_OPEN}n\s?=\s?{_count('n')}{_ENDED}", re.IGNORECASE
    ),
    # 4 (50%); four patients (50%)
    "count-percent": re.compile(rf"{_count('n')}(?!\s*[-/]){_NOUN}{_OPEN}{_percent()}{_ENDED}", re.IGNORECASE),
}

_MORE = r"(?:a\s+total\s+of\s+|the\s+|all\s+|only\s+)?"
_RECORDS = r"(?:\w+\s+){0,2}?(?:articles?|records?|citations|references|publications?|hits|abstracts|titles|reports?|papers?|full[\s-]texts?)\b"
_BE = r"\s+(?:were|was|have\s+been)\s+(?:then\s+|finally\s+)?"

#: Counts in the words of a flow of records: what was found, what remained to be screened, and so on.
FLOWS: dict[str, re.Pattern[str]] = {
    "found": re.compile(
        rf"\b(?:identified|found|retrieved|yielded|returned)\s+{_MORE}{_count('n')}\s+{_RECORDS}|{_count('m')}\s+{_RECORDS}{_BE}(?:identified|found|retrieved)\b",
        re.IGNORECASE,
    ),
    "screened": re.compile(
        rf"(?:duplicat\w+\b[^.;]{{0,60}}?{_count('n')}\s+{_RECORDS}(?=[^.;]{{0,40}}\b(?:remained|were\s+(?:left|screened)|left|screened)))"
        rf"|\bscreened\s+{_MORE}{_count('m')}\s+{_RECORDS}|{_count('k')}\s+{_RECORDS}{_BE}screened\b",
        re.IGNORECASE,
    ),
    "duplicates": re.compile(
        rf"\b{_count('n')}\s+(?:duplicates|duplicate\s+(?:records|entries|references|citations))\b", re.IGNORECASE
    ),
    "assessed": re.compile(
        rf"\b(?:assessed|evaluated)\s+{_MORE}{_count('n')}\s+{_RECORDS}|{_count('m')}\s+{_RECORDS}{_BE}assessed\b",
        re.IGNORECASE,
    ),
    "excluded": re.compile(
        rf"\bexcluded\s+{_MORE}{_count('n')}\s+{_RECORDS}|{_count('m')}\s+{_RECORDS}{_BE}excluded\b", re.IGNORECASE
    ),
    "included": re.compile(
        rf"\bincluded\s+{_MORE}{_count('n')}\s+(?:\w+\s+){{0,2}}?(?:studies|reports|articles|papers|publications)\b|{_count('m')}\s+(?:\w+\s+){{0,2}}?(?:studies|reports|articles|papers|publications){_BE}included\b",
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


def find_claims(sentences: Iterable[Sentence], text: str) -> list[Claim]:
    """Find the claims of the sentences of a prepared text in the order of their places; no character belongs to two."""
    return [claim for sentence in sentences for claim in _find_in(sentence, text)]


def _find_in(sentence: Sentence, text: str) -> list[Claim]:
    claims: list[Claim] = []
    for name, pattern in (*FORMS.items(), *FLOWS.items()):
        for match in _iterate(pattern, text, sentence):
            number = _find_number(match)
            if any(match.start(number) < claim.end and claim.start < match.end() for claim in claims):
                continue
            claim = _make_claim(name, number, match)
            if claim is not None:
                claims.append(claim)
    return sorted(claims, key=lambda claim: claim.start)


def _find_number(match: re.Match[str]) -> str:
    """Return the group that holds the count, of those that alternatives of a pattern use."""
    return next(name for name in ("n", "m", "k") if match.groupdict().get(name))


def _iterate(pattern: re.Pattern[str], text: str, sentence: Sentence) -> Iterator[re.Match[str]]:
    # Matches may begin inside one another ("2019, 4 of 8 (50%)"), so the search goes on behind the first character of one that cannot be.
    position = sentence.start
    while match := pattern.search(text, position, sentence.end):
        yield match
        position = match.start() + 1 if _crosses_sentence(match) else match.end()


def _crosses_sentence(match: re.Match[str]) -> bool:
    """Whether a match runs over a sentence's end, so that its parts do not belong together."""
    return bool(re.search(r"[.!?]\s+[A-Z]", match.group()))


def _make_claim(name: str, number: str, match: re.Match[str]) -> Claim | None:
    if _crosses_sentence(match):
        return None
    groups = match.groupdict()
    text = match.string
    last = next((match.end(group) for group in ("N1", "N2") if groups.get(group)), match.end(number))
    if _NAMED.search(text, max(0, match.start(number) - 20), match.start(number)) or _QUANTITY.match(
        text, max(last, match.end(number))
    ):
        return None
    events = read_count(groups[number])
    if name in FLOWS:
        return Claim("count", name, match.start(number), match.end(number), events)
    printed = groups["p"]
    percent = parse_number(printed)
    digits = len(printed.partition(".")[2])
    stated = groups.get("N1") or groups.get("N2")
    total = read_count(stated) if stated else None
    kind: ClaimKind = "proportion" if total is not None else "share"
    start = min(match.start(group) for group in ("n", "p", "N1", "N2") if groups.get(group))
    return Claim(kind, name, start, match.end(), events, total, percent, digits)
