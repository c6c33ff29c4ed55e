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
from review.reporting.claims.printed import AFTER_COUNT
from review.reporting.claims.printed import BEFORE_COUNT
from review.reporting.claims.printed import WORD
from review.reporting.claims.printed import read_count
from review.reporting.claims.sentences import Sentence

ClaimKind = Literal["proportion", "share", "count"]

_PERCENT = r"(?P<{name}>\d{{1,3}}(?:\.\d{{1,4}})?)\s?%"
# What follows a percentage that is not one of a count: an interval's level, a change, a cut-off.
_NO_LEVEL = r"(?!\s*(?:CI\b|confidence|credible|prediction|PI\b|CrI\b|limits?\b))"
# Words between a count and its percentage; behind these another thing begins.
_WORDS = r"(?:\s+(?!(?:and|or|versus|vs|while|but|than|whereas)\b)[A-Za-z][\w'’-]*)"
_NOUN = rf"{_WORDS}{{0,6}}"
_FEW = rf"{_WORDS}{{0,4}}"
_OPEN = r"\s*[(\[]\s*"
# A share alone is one only where its bracket ends behind it: "group 1 (40% women)" is none.
_ENDED = r"(?=\s*[)\],;])"


def _count(name: str) -> str:
    return rf"{BEFORE_COUNT}(?P<{name}>\d{{1,7}}|{WORD}){AFTER_COUNT}"


def _percent(name: str = "p") -> str:
    return _PERCENT.format(name=name) + _NO_LEVEL


_OF = r"\s+(?:out\s+)?of\s+(?:the\s+|these\s+|those\s+|our\s+|all\s+(?:the\s+)?|a\s+total\s+of\s+|the\s+total\s+)?(?:other\s+|remaining\s+|included\s+|total\s+)?"
_RATIO = rf"{_count('n')}(?:\s?/\s?(?=\d)(?P<N1>\d{{1,7}})(?![\d/]|\.\d|\s?/)|(?:\s+[a-z]+)?(?=\s+out\s+of){_OF}{_count('N2')}|{_OF}{_count('N3')})"

#: Forms in the order in which they are tried; the names are those of the documentation.
FORMS: dict[str, re.Pattern[str]] = {
    # 45.5% (5/11); 45.5% of the cases (5 out of 11)
    "percent-ratio": re.compile(rf"(?<![\d.,]){_percent()}{_NOUN}{_OPEN}{_RATIO}", re.IGNORECASE),
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
        rf"(?<![\d.,]){_percent()}{_WORDS}{{0,2}}{_OPEN}n\s?=\s?{_count('n')}{_ENDED}", re.IGNORECASE
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


_FLOW = re.compile(r"\b(?:identified|found|retrieved|yielded|returned|screened|duplicat\w*|assessed|evaluated|excluded|included)\b", re.IGNORECASE)  # fmt: skip

#: A number behind one of these is a name, not a count.
_NAMED = re.compile(
    r"\b(?:fig(?:ure)?s?|tables?|groups?|grades?|stages?|phases?|types?|weeks?|days?|months?|years?|pages?|pp?|ref(?:erence)?s?|versions?|steps?|arms?"
    r"|levels?|class|classes|visits?|chapters?|sections?|appendix|models?|items?|questions?|parts?|lines?|no|nos|numbers?|cohorts?|centers?|centres?|sites?|patient|case|quartiles?|kappa|score|surveys?|lags?|waves?|rounds?|experiments?|trials?|samples?|tests?|proteins?|strains?|genotypes?)\.?\s*$",
    re.IGNORECASE,
)

#: A limit, an exception or a choice in front of a number: it is no count of those with the percentage.
_BELOW = re.compile(
    r"(?:(?<!n )(?<!n)[<>≤≥=]|\b(?:all\s+but|at\s+least|any|either|more\s+than|less\s+than|fewer\s+than|up\s+to|every|per|top|first|last|latest)|(?<!\d)\d{1,3})\s*$",
    re.IGNORECASE,
)
#: `one third`, `one in five`, `two most frequent`: no counts either.
_NO_COUNT = re.compile(
    r"\s*(?:-|\b)(?:thirds?|half|halves|quarters?|fifths?|tenths?|groups?\s+of|in\s+(?:\d+|two|three|four|five|six|seven|eight|nine|ten)\b|most|main|major|(?:of\s+)?the\s+most)\b",
    re.IGNORECASE,
)
#: Forms without a total; the total of a ratio that was not read is none of them.
_SHARES = frozenset(("n-equals-percent", "percent-n-equals", "count-percent"))
_PART_OF = re.compile(r"(?:\bof(?:\s+the)?|/)\s*$", re.IGNORECASE)
#: `1/5 of the patients` is a fraction, not one of five.
_FRACTION = re.compile(r"\s+of\b")
#: Words in front of `one` where it counts: `in one (12.5%)`.
_ALONE = re.compile(r"(?:^|[,;:(]|\b(?:in|and|only|with|by|for|had|of|was|but))\s*$", re.IGNORECASE)
_YEARLY = re.compile(
    r"\s+(?:sample|cohort|surveys?|census|guidelines?|criteria|season|edition|list|version|classification|data|reports?)\b",
    re.IGNORECASE,
)

#: What follows a number that is a quantity, not a count of patients.
_QUANTITY = re.compile(
    r"\s*(?:mm\s?Hg|m?mol|[munµk]?g|mcg|m?l|dl|c?m|mm|m2|IU|U|points?|scores?|weeks?|days?|months?|years?|hours?|min(?:ute)?s?|sec(?:ond)?s?|times|fold"
    r"|infusions?|doses?|cycles?|courses?|degrees?|visits?|Hz|kDa)\b",
    re.IGNORECASE,
)


#: Visual acuity is printed as a ratio of 6 or 20.
_ACUITY = re.compile(r"\b(?:acuity|vision|Snellen|BCVA|VA)\b")
_SNELLEN = frozenset((6, 20))


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
    patterns = [
        *(FORMS.items() if "%" in sentence.text else ()),
        *(FLOWS.items() if _FLOW.search(sentence.text) else ()),
    ]
    for name, pattern in patterns:
        for match in _iterate(pattern, text, sentence):
            number = _find_number(match)
            if any(match.start(number) < claim.end and claim.start < match.end() for claim in claims):
                continue
            claim = _make_claim(name, number, match, sentence.start)
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


def _make_claim(name: str, number: str, match: re.Match[str], sentence_start: int) -> Claim | None:
    if _crosses_sentence(match):
        return None
    groups = match.groupdict()
    text = match.string
    last = next((match.end(group) for group in ("N1", "N2", "N3") if groups.get(group)), match.end(number))
    if _is_name(match, number, sentence_start) or _QUANTITY.match(text, max(last, match.end(number))):
        return None
    if any(_is_year(text, match, group) for group in ("N1", "N2", "N3") if groups.get(group)):
        return None
    if name in _SHARES and _PART_OF.search(text, max(sentence_start, match.start(number) - 12), match.start(number)):
        return None
    if groups.get("N1") and name != "count-percent-of" and _FRACTION.match(text, match.end("N1")):
        return None
    events = read_count(groups[number])
    if events in _SNELLEN and groups.get("N1") and _ACUITY.search(text, max(0, match.start() - 100), match.end()):
        return None
    if name in FLOWS:
        return Claim("count", name, match.start(number), match.end(number), events)
    printed = groups["p"]
    percent = parse_number(printed)
    digits = len(printed.partition(".")[2])
    stated = groups.get("N1") or groups.get("N2") or groups.get("N3")
    total = read_count(stated) if stated else None
    kind: ClaimKind = "proportion" if total is not None else "share"
    start = min(match.start(group) for group in ("n", "p", "N1", "N2", "N3") if groups.get(group))
    return Claim(kind, name, start, match.end(), events, total, percent, digits)


def _is_name(match: re.Match[str], number: str, start: int) -> bool:
    """Whether the count is none: the number of a figure or group, a limit (`> 4`), a word such as `the latter one`, a fraction."""
    text, place, end = match.string, match.start(number), match.end(number)
    before = text[max(start, place - 30) : place]
    if _NAMED.search(before[-20:]) or _BELOW.search(before) or _NO_COUNT.match(text, end):
        return True
    return (
        match.group(number).lower() == "one"
        and bool(re.match(r"\s*[(\[]", text[end : end + 3]))
        and not _ALONE.search(before)
    )


def _is_year(text: str, match: re.Match[str], group: str) -> bool:
    """Whether a total is a year: `40% of the 1985 sample`."""
    return bool(re.fullmatch(r"(?:19|20)\d\d", match.group(group)) and _YEARLY.match(text, match.end(group)))
