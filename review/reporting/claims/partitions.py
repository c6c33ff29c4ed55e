"""Parts of a stated total: `of the 20 patients, 12 improved, 5 were stable and 3 worsened`.

Numbers in one sentence need not be parts that make up a whole: `12 were women and 5 had ulcers` is no partition. Two things make one: a word for all that is left (`the
remaining 3`), or categories that exclude each other and leave nothing (women and men; improved, stable and worsened). Sums of columns of tables are never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from review.numerals import format_number
from review.reporting.claims.judgement import Judgement
from review.reporting.claims.judgement import Verdict
from review.reporting.claims.judgement import wrong
from review.reporting.claims.printed import COUNT
from review.reporting.claims.printed import Printed
from review.reporting.claims.printed import read_count
from review.reporting.claims.sentences import Sentence

_PEOPLE = r"(?:patients?|participants?|subjects?|cases?|women|men|children|adults|individuals|people|persons|volunteers|respondents|students|infants|donors|workers|nurses|physicians|animals|dogs|cats|mice|rats|eyes|lesions|studies|reports|trials|articles)"
_ADJECTIVES = r"(?:(?!and\b|or\b|of\b|in\b|with\b)[A-Za-z][\w'’-]*\s+){0,3}?"

#: Categories that exclude each other and leave nothing.
SETS: Mapping[str, tuple[str, ...]] = {
    "sex": (r"(?:women|woman|females?|girls?)", r"(?:men|man|males?|boys?)"),
    "course": (
        r"(?:improve[ds]?|improving|got\s+better|were\s+better|responded)",
        r"(?:stable|unchanged|stabili[sz]ed|no\s+change|did\s+not\s+change)",
        r"(?:worse|worsen(?:ed|ing)?|progressed|deteriorated)",
    ),
    "response": (
        r"(?:complete(?:ly)?)",
        r"(?:partial(?:ly)?)",
        r"(?:no\s+response|non-?responders?|did\s+not\s+respond|not\s+respond|no\s+remission)",
    ),
    "survival": (r"(?:alive|survived|survivors?)", r"(?:died|dead|deceased|deaths?)"),
    "answer": (r"(?:responded|responders)", r"(?:did\s+not\s+respond|non-?responders?)"),
}

_TOTAL = re.compile(
    rf"\b(?:of|among|amongst)\s+(?:the\s+|these\s+|those\s+|our\s+|all\s+|a\s+total\s+of\s+)?(?P<of>{COUNT})\s+{_ADJECTIVES}{_PEOPLE}\b"
    rf"|(?P<plain>{COUNT})\s+{_ADJECTIVES}{_PEOPLE}\b(?=\s*(?:[(:,;]|were\b|was\b))",
    re.IGNORECASE,
)
#: A number of patients behind these is the total.
_ENTERING = re.compile(
    r"\b(?:included|enrolled|recruited|studied|treated|total\s+of|identified|analy[sz]ed|saw)\s+$", re.IGNORECASE
)
_SEX = re.compile(r"\b(?:women|men)\b", re.IGNORECASE)
_THESE = re.compile(r"\bof\s+(?:these|those|them|the\s+(?:patients|participants|subjects|cases|women|men|children))\b(?!\s+\d)", re.IGNORECASE)  # fmt: skip
_REST = re.compile(
    rf"\b(?:the\s+)?(?:remaining|remainder|rest|other)\s+(?:of\s+(?:the\s+)?)?(?:(?P<n>{COUNT})(?!\s?%)|(?P<p>\d{{1,3}}(?:\.\d{{1,3}})?)\s?%)|(?P<m>{COUNT})\s+(?:patients?\s+)?remain(?:ing|ed|ders?)\b",
    re.IGNORECASE,
)
_PART = re.compile(rf"(?P<n>{COUNT})(?!\s?%)", re.IGNORECASE)
_SHARE = re.compile(r"(?<![\d.\w])(?P<p>\d{1,3}(?:\.\d{1,3})?)\s?%")
#: Words behind which a number is a part of a part, or is no number of patients, or parts may be missing.
_NESTED = re.compile(r"\b(?:of\s+whom|of\s+which|of\s+these|of\s+those|of\s+them|including|includes?|among\s+(?:them|whom|these)|respectively)\b", re.IGNORECASE)  # fmt: skip
_OPEN = re.compile(r"\b(?:unknown|missing|lost|not\s+(?:reported|available|assessed|evaluable|known|stated|specified|recorded)|withdr\w+|dropped|excluded|discontinued|at\s+least|about|approximately|more\s+than|both|either|also|each|every|per|neither|and/or|other\s+(?:sex|gender)|non-binary)\b", re.IGNORECASE)  # fmt: skip
_QUANTITY = re.compile(
    r"\s*(?:[-/]|(?:weeks?|days?|months?|years?|hours?|min|mm|cm|mg|g|kg|m?l|mmHg|points?|times|fold|cycles?|infusions?|courses?|doses?|visits?|scores?|sites?|cent(?:er|re)s|groups?|arms|countries|weekly|daily|monthly)\b)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:week|day|month|year|grade|stage|group|type|phase|table|figure|fig\.?|age|score|aged|version|n|visit|class|level|at|by|after|within|since|until|than|least|most|to|=|<|>|p)\s*[=<>]?\s*$", re.IGNORECASE)  # fmt: skip
#: Several groups in one sentence: the parts may be of one of them.
_GROUPS = re.compile(r"\b(?:groups?|arms?|placebo|controls?|cohorts?|subgroups?|assigned|randomi[sz]ed|received|versus|vs)\b", re.IGNORECASE)  # fmt: skip
#: What may follow `8 women and 3 men` where they are the whole, not those of whom something is said.
_WHOLE = re.compile(
    r"\s*(?:[.;:,)(]|$|patients\b|subjects\b|aged\b|with\s+an?\s+(?:mean|median)|were\s+(?:included|enrol\w+|recruited|treated|studied|identified|seen|followed)|in\s+all\b|among\s+the\b)",
    re.IGNORECASE,
)
_THINGS = re.compile(r"\s+(?:[a-z]+\s+)?(?P<noun>trials?|studies|study|reports?|sites?|cent(?:er|re)s?|groups?|arms?|eyes?|lesions?|joints?|hands?|items?|questions?|visits?|cycles?|doses?|infusions?)\b", re.IGNORECASE)  # fmt: skip
_BRACKETS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")


@dataclass(frozen=True, slots=True)
class Part:
    """A number of a sentence that may be a part, or its total; positions are in the sentence. `is_certain`: a total told as one (`of the 20 patients`)."""

    number: int
    start: int
    end: int
    is_certain: bool = False


def judge_partitions(sentence: Sentence) -> Iterator[Judgement]:
    """Judge the stated partitions of a sentence; at most one is taken, the one with a word for what is left first."""
    found = _judge_rest(sentence) or _judge_set(sentence) or _judge_shares(sentence)
    if found is not None:
        yield found


def judge_next(first: Sentence, second: Sentence) -> Judgement | None:
    """Judge `the remaining 4` of a sentence by the one before it: `Of the 8 patients, 4 improved.`; None if the two do not tell."""
    rest = _REST.search(second.text)
    total = _find_total(first.text)
    if rest is None or total is None or not total.is_certain or _is_of_others(second.text, rest, first.text):
        return None
    if rest.group("p") or _OPEN.search(first.text) or _NESTED.search(first.text):
        return None
    if any(match.group("of") for match in _TOTAL.finditer(second.text)):
        return None
    if len(second.text[: rest.start()].split()) > 3 or _REST.search(first.text):
        return None
    parts = [part for part in _list_parts(first.text) if part.start != total.start]
    if len(parts) != 1:
        return None
    left = read_count(rest.group("n") or rest.group("m"))
    verdict = _compare(total.number, [parts[0].number], left)
    return Judgement("partition", first.start + total.start, second.start + rest.end(), verdict)


def _judge_rest(sentence: Sentence) -> Judgement | None:
    text = sentence.text
    rest, total = _REST.search(text), _find_total(text)
    if (
        rest is None
        or total is None
        or not total.is_certain
        or _is_of_others(text, rest, text[: rest.start()])
        or rest.group("p")
        or rest.start() < total.end
    ):
        return None
    if _OPEN.search(text) or _NESTED.search(text, total.end) or len(_REST.findall(text)) > 1:
        return None
    parts = [part for part in _list_parts(text) if total.end <= part.start and part.end <= rest.start()]
    if not parts:
        return None
    left = read_count(rest.group("n") or rest.group("m"))
    verdict = _compare(total.number, [part.number for part in parts], left)
    return Judgement("partition", sentence.start + total.start, sentence.start + rest.end(), verdict)


def _is_of_others(text: str, rest: re.Match[str], whole: str) -> bool:
    """Whether `the other 2 trials` or `similar to the other two` are of something else than the parts before."""
    if re.search(r"\bother\b", rest.group(), re.IGNORECASE) and (
        re.search(r"\b(?:to|than|from|as|with|like)\s*$", text[: rest.start()])
        or re.search(r"\b(?:1|one)$", rest.group())
    ):
        return True
    noun = _THINGS.match(text, rest.end())
    return noun is not None and noun.group("noun").lower().rstrip("s") not in whole.lower()


def _compare(total: int, parts: list[int], left: int) -> Verdict:
    """Compare parts and what is left with the total; parts that overlap may be more than it, but with the rest never less, nor one with the rest more."""
    found = sum(parts) + left
    if found == total:
        return Verdict("verified")
    if len(parts) > 1 and found > total and max(parts) + left <= total:
        return Verdict("unverifiable")
    return wrong("CLAIM-016", f"{total} in all; {' + '.join(map(str, [*parts, left]))} = {found}")


def _judge_set(sentence: Sentence) -> Judgement | None:
    text = sentence.text
    if _OPEN.search(text) or _NESTED.search(text) or _GROUPS.search(text):
        return None
    total = _find_total(text)
    if total is None:
        return None
    for categories in SETS.values():
        parts = _match_set(text, total, categories)
        if parts is None:
            continue
        found = sum(part.number for part in parts)
        told = " + ".join(str(part.number) for part in parts)
        verdict = Verdict("verified") if found == total.number else wrong("CLAIM-016", f"{total.number} in all; {told} = {found}")  # fmt: skip
        start, end = min(total.start, parts[0].start), max(total.end, parts[-1].end)
        return Judgement("partition", sentence.start + start, sentence.start + end, verdict)
    return None


def _match_set(text: str, total: Part, categories: tuple[str, ...]) -> list[Part] | None:
    """Return one part for each category, up to the end of its word; None unless each is named once, with a number of its own."""
    counts = [part for part in _list_parts(text, brackets=True) if part.start != total.start]
    if len(counts) != len(categories):
        return None
    parts: list[Part] = []
    named: set[int] = set()
    for place, part in enumerate(counts):
        stop = counts[place + 1].start if place + 1 < len(counts) else len(text)
        matches = [(number, match) for number, pattern in enumerate(categories) if (match := re.compile(rf"\b{pattern}\b", re.IGNORECASE).search(text, part.end, stop))]  # fmt: skip
        if len(matches) != 1 or matches[0][0] in named:
            return None
        number, match = matches[0]
        if re.search(r"\b(?:not|no|never)\b", text[part.end : match.start()]):
            return None
        named.add(number)
        parts.append(Part(part.number, part.start, match.end()))
    last = parts[-1].end
    return parts if categories is not SETS["sex"] or _WHOLE.match(text, last) else None


def _judge_shares(sentence: Sentence) -> Judgement | None:
    """Percentages of a partition: `of these, 60% improved, 25% were stable and the remaining 15% worsened`."""
    text = sentence.text
    rest = _REST.search(text)
    these = _THESE.search(text) or _TOTAL.search(text)
    if rest is None or not rest.group("p") or these is None or _OPEN.search(text) or _NESTED.search(text, these.end()):
        return None
    shares = [match for match in _SHARE.finditer(text) if these.end() <= match.start() < rest.start("p")]
    if not shares or re.search(r"\b(?:CI|confidence|interval|reduction|increase|decrease)\b", text):
        return None
    printed = [Printed.read(match.group("p")) for match in (*shares, rest)]
    found = sum((share.value for share in printed), Fraction(0))
    slack = sum((share.half for share in printed), Fraction(0))
    digits = max(share.digits for share in printed)
    verdict = Verdict("verified") if abs(found - 100) <= slack else wrong("CLAIM-017", f"100%; the parts make {format_number(found, digits)}%")  # fmt: skip
    return Judgement("partition", sentence.start + these.start(), sentence.start + rest.end(), verdict)


def _find_total(text: str) -> Part | None:
    """Return the one total that a sentence states; None if there is none or more than one."""
    matches = list(_TOTAL.finditer(text))
    of = [match for match in matches if match.group("of")]
    plain = [match for match in matches if match.group("plain") and not _SEX.search(match.group())][:1]
    totals = of or plain
    if len(totals) != 1:
        return None
    name = "of" if of else "plain"
    is_certain = bool(of) or bool(_ENTERING.search(text, 0, totals[0].start(name)))
    return Part(read_count(totals[0].group(name)), totals[0].start(name), totals[0].end(), is_certain)


def _list_parts(text: str, *, brackets: bool = False) -> list[Part]:
    """Return the numbers that may count patients; what stands in brackets is left out unless the whole partition does."""
    hidden = (
        [] if brackets and not re.search(r"\d\s*\(", text) else [match.span() for match in _BRACKETS.finditer(text)]
    )
    parts = []
    for match in _PART.finditer(text):
        inside = next((span for span in hidden if span[0] <= match.start() < span[1]), None)
        if inside and not (brackets and _is_partition(text, inside)):
            continue
        if _QUANTITY.match(text, match.end()) or _NAMED.search(text, max(0, match.start() - 16), match.start()):
            continue
        if match.group().lower() in {"one", "none"} and re.match(
            r"\s+(?:of|or|to|another)\b", text[match.end() : match.end() + 9]
        ):
            continue
        parts.append(Part(read_count(match.group("n")), match.start(), match.end()))
    return parts


def _is_partition(text: str, span: tuple[int, int]) -> bool:
    """Whether a bracket holds words with their numbers, not `(50%)` or `(range 3-7)`."""
    inside = text[span[0] : span[1]]
    return "%" not in inside and bool(re.search(r"\b(?:women|men|females?|males?|girls|boys)\b", inside, re.IGNORECASE))
