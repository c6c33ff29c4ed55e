"""Tags of an author: `<!-- claim: KEY -->` says which value of the review a number prints, `<!-- claim: ignore, WHY -->` silences it.

A tag belongs to the number before it in its paragraph; if that has a tag already, or there is none, to the next one on its line. The marks of `review fill`
(`<!-- value: KEY -->9/19 (47.4%)<!-- /value -->`) say the same of the number between them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from review.reporting.claims.estimates import Interval
from review.reporting.claims.forms import Claim
from review.reporting.claims.judgement import Judgement
from review.reporting.claims.judgement import Verdict
from review.reporting.claims.judgement import wrong
from review.reporting.claims.known import KnownValues
from review.reporting.claims.printed import SIGNED
from review.reporting.claims.printed import Printed

_TAG = re.compile(
    r"(?:<!--|%)[ \t]*claim[ \t]*:[ \t]*(?P<what>[^\n]{0,300}?)[ \t]*(?:-->|$)", re.MULTILINE | re.IGNORECASE
)
_FILLED = re.compile(
    r"(?P<opening><!--[ \t]*value:[ \t]*(?P<key>\S[^\n>]{0,200}?)[ \t]*-->)[^\n<]{0,1000}(?P<closing><!--[ \t]*/value[ \t]*-->)"
)
_LAST_NUMBER = re.compile(rf"(?P<value>{SIGNED})(?P<percent>\s?%)?[^\d\n]{{0,40}}$")


#: A tag further behind a number than this is not its own.
_FARTHEST = 1000


class Tag(NamedTuple):
    """A tag: its span in the prepared text, the key, or the reason to be silent."""

    start: int
    end: int
    key: str = ""
    why: str = ""


class Tagged(NamedTuple):
    """A tag with what it belongs to: a proportion or count, an interval, or nothing of these."""

    tag: Tag
    target: Claim | Interval | None


def find_tags(text: str) -> tuple[list[Tag], str]:
    """Return the tags of a prepared text, and the text with them blanked; a tag to be silent without a reason is as none."""
    tags = []
    for match in _TAG.finditer(text):
        what = match.group("what")
        if not what.lower().startswith("ignore"):
            tags.append(Tag(match.start(), match.end(), key=what))
        elif why := what[len("ignore") :].strip(" ,:;-"):
            tags.append(Tag(match.start(), match.end(), why=why))
    body = _TAG.sub(lambda match: " " * len(match.group()), text)
    for match in _FILLED.finditer(text):
        # The closing mark stands where an author's own tag would: behind the number.
        tags.append(Tag(*match.span("closing"), key=match.group("key")))
        for start, end in (match.span("opening"), match.span("closing")):
            body = f"{body[:start]}{' ' * (end - start)}{body[end:]}"
    return sorted(tags), body


def assign_tags(tags: Sequence[Tag], targets: Sequence[Claim | Interval], text: str) -> list[Tagged]:
    """Give each tag the claim that it belongs to, in the order of the text."""
    ordered = sorted(targets, key=lambda target: target.start)
    ends = [target.end for target in sorted(ordered, key=lambda target: target.end)]
    by_end = sorted(ordered, key=lambda target: target.end)
    starts = [target.start for target in ordered]
    used: set[int] = set()
    assigned = []
    for tag in tags:
        target = _choose(tag, by_end, ends, ordered, starts, used, text)
        if target is not None:
            used.add(target.start)
        assigned.append(Tagged(tag, target))
    return assigned


def _choose(
    tag: Tag,
    by_end: Sequence[Claim | Interval],
    ends: Sequence[int],
    ordered: Sequence[Claim | Interval],
    starts: Sequence[int],
    used: set[int],
    text: str,
) -> Claim | Interval | None:
    place = bisect_right(ends, tag.start) - 1
    if place >= 0 and tag.start - ends[place] <= _FARTHEST:
        before = by_end[place]
        between = text[before.end : tag.start]
        # A number right in front of the tag is its own: "(50%) of 122 <!-- ... -->".
        own = tag.key and re.search(r"\d\s?%?\s*$", between)
        if before.start not in used and not own and "\n\n" not in between and "\x1e" not in between:
            return before
    following = bisect_left(starts, tag.end)
    if following < len(ordered) and "\n" not in text[tag.end : ordered[following].start] and not _LAST_NUMBER.search(text, _line_start(text, tag.start), tag.start):  # fmt: skip
        return ordered[following]
    return None


def _line_start(text: str, position: int) -> int:
    return max(text.rfind("\n", 0, position) + 1, position - 80)


def judge_number(tag: Tag, text: str, known: KnownValues) -> Judgement:
    """Judge the plain number in front of a tag: it prints the value, also in percent, at its own decimals."""
    value = known.find(tag.key)
    start = _line_start(text, tag.start)
    match = _LAST_NUMBER.search(text, start, tag.start)
    if match is None:
        return Judgement("number", tag.start, tag.end, wrong("CLAIM-020", "a number in front of the tag"))
    span = match.start("value"), match.end("percent") if match.group("percent") else match.end("value")
    if value is None:
        return Judgement("number", *span, Verdict("wrong", "CLAIM-007", "a key of values.json", tag.key))
    printed = Printed.read(match.group("value"))
    factor = 100 if match.group("percent") else 1
    is_equal = value.value is not None and printed.holds(Fraction(repr(value.value)) * factor)
    verdict = Verdict("verified", key=tag.key, basis="review") if is_equal else Verdict("stale", "CLAIM-006", value.text, tag.key)  # fmt: skip
    return Judgement("number", *span, verdict)
