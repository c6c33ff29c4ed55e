"""The same quantity given twice and differently in one text: in the abstract, in the results, in a table.

Two statements speak of the same quantity where their sentences use the same words and the same other numbers, and stand in different paragraphs. That is strict: what is
told in other words is not compared.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from review.reporting.claims.forms import Claim
from review.reporting.claims.judgement import Judgement
from review.reporting.claims.judgement import wrong
from review.reporting.claims.sentences import Sentence

#: Words that say nothing of what is counted; all others must agree.
_EMPTY = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "was",
        "were",
        "is",
        "are",
        "had",
        "has",
        "have",
        "been",
        "be",
        "by",
        "with",
        "and",
        "or",
        "to",
        "for",
        "on",
        "at",
        "from",
        "as",
        "that",
        "this",
        "these",
        "those",
        "our",
        "we",
        "study",
        "studied",
        "patients",
        "patient",
        "all",
        "total",
        "out",
        "only",
        "seen",
        "observed",
        "reported",
        "found",
        "among",
        "overall",
        "cases",
        "who",
        "which",
    ]
)
_LEAST_WORDS = 3
#: Of all words of both sentences, those that both must have.
_SHARED = 0.75
#: Mentions of one total that are kept for comparison, so that the time stays linear.
_MOST = 200
_WORD = re.compile(r"[a-z]{2,}|\d+(?:\.\d+)?")
_BRACKET = re.compile(r"[(\[][^()\[\]]{0,120}[)\]]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A claim with the words of its sentence that tell what is counted."""

    claim: Claim
    words: frozenset[str]
    numbers: frozenset[str]
    paragraph: int


def judge_repeated(claims: Sequence[Claim], sentences: Sequence[Sentence], text: str) -> Iterator[Judgement]:
    """Judge claims that speak of one quantity: the later one is reported, with the place of the earlier."""
    groups: dict[tuple[str, int], list[Mention]] = defaultdict(list)
    for mention in _list_mentions(claims, sentences, text):
        key = (mention.claim.form if mention.claim.kind == "count" else "proportion", mention.claim.total or 0)
        known = groups[key]
        for earlier in known:
            if _is_same(earlier, mention):
                if earlier.claim.events != mention.claim.events:
                    yield _contradict(earlier.claim, mention.claim)
                break
        if len(known) < _MOST:
            known.append(mention)


def _contradict(earlier: Claim, later: Claim) -> Judgement:
    total = f" of {later.total}" if later.total is not None else ""
    verdict = wrong("CLAIM-019", f"{earlier.events}{total}, as stated before")
    return Judgement("repeated", later.start, later.end, verdict, other=earlier.start)


def _list_mentions(claims: Sequence[Claim], sentences: Sequence[Sentence], text: str) -> Iterator[Mention]:
    starts = [sentence.start for sentence in sentences]
    held: dict[int, int] = defaultdict(int)
    places = [bisect_right(starts, claim.start) - 1 for claim in claims]
    for place in places:
        held[place] += 1
    for claim, place in zip(claims, places, strict=True):
        # A sentence with several claims compares groups or times: its words do not tell which is which.
        if place < 0 or held[place] > 1 or claim.kind == "share":
            continue
        sentence = sentences[place]
        rest = f"{text[sentence.start : claim.start]} {text[claim.end : sentence.end]}".lower()
        tokens = set(_WORD.findall(_BRACKET.sub(" ", rest))) - _EMPTY
        numbers = frozenset(token for token in tokens if token[0].isdigit())
        words = frozenset(tokens - numbers)
        if len(words) >= _LEAST_WORDS:
            yield Mention(claim, words, numbers, sentence.paragraph)


def _is_same(one: Mention, other: Mention) -> bool:
    if one.paragraph == other.paragraph or one.numbers != other.numbers:
        return False
    return len(one.words & other.words) >= _SHARED * len(one.words | other.words)
