"""Check a manuscript: find its claims, judge each, say how many of them could be judged."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from review.model import Value
from review.reporting.claims.comparisons import judge_comparisons
from review.reporting.claims.estimates import Interval
from review.reporting.claims.estimates import find_intervals
from review.reporting.claims.estimates import judge_interval
from review.reporting.claims.estimates import judge_keyed_interval
from review.reporting.claims.flows import judge_flows
from review.reporting.claims.forms import Claim
from review.reporting.claims.forms import find_claims
from review.reporting.claims.intervals import check_interval
from review.reporting.claims.intervals import check_known_interval
from review.reporting.claims.judgement import KINDS
from review.reporting.claims.judgement import Judgement
from review.reporting.claims.judgement import Kind
from review.reporting.claims.judgement import Verdict
from review.reporting.claims.known import KnownValues
from review.reporting.claims.partitions import judge_next
from review.reporting.claims.partitions import judge_partitions
from review.reporting.claims.printed import COUNT
from review.reporting.claims.printed import read_count
from review.reporting.claims.repeated import judge_repeated
from review.reporting.claims.sentences import Sentence
from review.reporting.claims.sentences import split_sentences
from review.reporting.claims.significance import judge_statistics
from review.reporting.claims.summaries import judge_summaries
from review.reporting.claims.tables import Cell
from review.reporting.claims.tables import find_cells
from review.reporting.claims.tags import Tagged
from review.reporting.claims.tags import assign_tags
from review.reporting.claims.tags import find_tags
from review.reporting.claims.tags import judge_number
from review.reporting.claims.text import Manuscript
from review.reporting.claims.verdict import Setting
from review.reporting.claims.verdict import is_rounding
from review.reporting.claims.verdict import judge_cell
from review.reporting.claims.verdict import judge_claim
from review.reporting.claims.verdict import judge_counts
from review.reporting.claims.verdict import judge_keyed

#: Shares and proportions of one total that make it likely that the next one is of it too.
_SUPPORT = 3
#: Judgements on the same words stand within this many of each other.
_NEARBY = 30
_SUBGROUP = re.compile(r"\b(?:of|among|in)\s+(?:these|those|them|whom|which)\b|\bgroups?\b|\barms?\b", re.IGNORECASE)
_REMAINING = re.compile(r"\bthe\s+(?:remaining|other)\b", re.IGNORECASE)
_GROUP = re.compile(rf"(?P<n>{COUNT})\s+(?:[A-Za-z-]+\s+){{0,2}}?(?:patients|participants|subjects|cases|women|men|children|females|males|adults|individuals)\b|\bn\s?=\s?(?P<m>\d{{1,6}})\b", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its place and its verdict; `ignored` is the reason given where someone silenced it.

    `other_line` and `other_column` are the place of a statement that this one contradicts, None for other kinds.
    """

    file: str
    line: int
    column: int
    text: str
    kind: Kind
    start: int
    end: int
    verdict: Verdict
    ignored: str = ""
    other_line: int | None = None
    other_column: int | None = None

    def to_json(self) -> dict[str, object]:
        """Return the keys that the command line promises, the kind, and the second place where there is one."""
        document: dict[str, object] = {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "text": self.text,
            "code": self.verdict.code,
            "expected": self.verdict.expected,
            "key": self.verdict.key,
            "kind": self.kind,
        }
        if self.other_line is not None:
            document["other"] = {"line": self.other_line, "column": self.other_column}
        return document


@dataclass(frozen=True, slots=True)
class Tally:
    """All claims of one or more manuscripts."""

    judged: tuple[Judged, ...]

    def select(self, outcome: str) -> list[Judged]:
        """The claims of one outcome that nobody silenced."""
        return [item for item in self.judged if item.verdict.outcome == outcome and not item.ignored]

    def count_bounds(self) -> int:
        """Count the claims that were verified only to lie within what is possible."""
        return sum(item.verdict.basis == "bounds" for item in self.select("verified"))

    def count_kinds(self) -> dict[Kind, int]:
        """Count the claims recognised of each kind that is looked for, zeros too."""
        found = Counter(item.kind for item in self.judged)
        return {kind: found[kind] for kind in KINDS}

    def to_json(self) -> dict[str, object]:
        """Return the document that the command line promises, the kinds looked for, and the claims that were silenced."""
        return {
            "recognised": len(self.judged),
            "verified": len(self.select("verified")),
            "verified_within_bounds": self.count_bounds(),
            "wrong": [item.to_json() for item in self.select("wrong")],
            "stale": [item.to_json() for item in self.select("stale")],
            "unverifiable": [item.to_json() for item in self.select("unverifiable")],
            "ignored": [{**item.to_json(), "why": item.ignored} for item in self.judged if item.ignored],
            "kinds": self.count_kinds(),
        }


def check_manuscript(
    manuscript: Manuscript, values: Sequence[Value] | KnownValues, whole: Sequence[str] = ()
) -> list[Judged]:
    """Judge every claim of a manuscript, in the order of the text.

    Args:
        manuscript: The prepared text.
        values: The numbers of the review; empty to check the text against arithmetic alone.
        whole: Names of quantities that the review's protocol declares to be whole numbers.
    """
    known = values if isinstance(values, KnownValues) else KnownValues(values)
    tags, body = find_tags(manuscript.text)
    sentences = split_sentences(body, lines=manuscript.unit == "paragraph")
    claims = find_claims(sentences, body)
    intervals = _find_free_intervals(sentences, claims)
    assigned = assign_tags(tags, [*claims, *intervals], body)
    keys = {item.target: item.tag.key for item in assigned if item.target is not None and item.tag.key}
    setting = _describe(claims, body)
    judgements = [
        *_judge_claims(claims, sentences, keys, known, setting, body),
        *_judge_intervals(intervals, keys, known),
        *_judge_sentences(sentences, whole, setting),
        *judge_flows(sentences),
        *judge_repeated(claims, sentences, body),
        *(judge_number(item.tag, body, known) for item in assigned if item.target is None and item.tag.key),
    ]
    judgements.sort(key=lambda judgement: (judgement.start, judgement.end))
    ignored = _find_ignored(assigned, judgements)
    return [_place(manuscript, judgement, ignored.get(number, "")) for number, judgement in enumerate(judgements)]


def _find_free_intervals(sentences: Sequence[Sentence], claims: Sequence[Claim]) -> list[Interval]:
    """Find the intervals that are not those of a proportion with counts."""
    starts = [claim.start for claim in claims]
    free = []
    for sentence in sentences:
        for interval in find_intervals(sentence):
            place = bisect_right(starts, interval.end - 1) - 1
            if place < 0 or claims[place].end <= interval.start or claims[place].kind == "count":
                free.append(interval)
    return free


def _judge_claims(
    claims: Sequence[Claim],
    sentences: Sequence[Sentence],
    keys: Mapping[Claim | Interval, str],
    known: KnownValues,
    setting: Setting,
    body: str,
) -> Iterator[Judgement]:
    cells = find_cells(body)
    cell_starts = [cell.start for cell in cells]
    starts = [sentence.start for sentence in sentences]
    for place, group in groupby(claims, key=lambda claim: bisect_right(starts, claim.start) - 1):
        together = list(group)
        counts = [claim for claim in together if claim.kind == "count"]
        verdicts = dict(zip(counts, judge_counts(counts, known), strict=True))
        inside = _narrow(setting, sentences[place], together)
        for claim in together:
            cell = _find_cell(claim, cells, cell_starts)
            verdict: Verdict | None = None
            if claim in keys:
                verdict = judge_keyed(claim, keys[claim], known)
            elif claim in verdicts:
                verdict = verdicts[claim]
            elif cell is not None and claim.kind == "share":
                verdict = judge_cell(claim, cell.total) or Verdict("unverifiable")
            verdict = verdict or judge_claim(claim, known, inside)
            if verdict.outcome == "verified" and claim.total is not None:
                verdict = _check_limits(claim, keys.get(claim, ""), known, body) or verdict
            yield Judgement(claim.kind, claim.start, claim.end, verdict)


def _check_limits(claim: Claim, key: str, known: KnownValues, body: str) -> Verdict | None:
    """Judge the interval printed behind a proportion: by its counts, and by the review where the claim names its value."""
    found = check_interval(claim, body)
    if found is not None or not key:
        return found
    named = known.find(key)
    if named is None:
        return None
    same = [value for value in known.list_counts(claim.events, claim.total) if value.ids == named.ids]
    return check_known_interval(claim, body, [named, *same])


def _narrow(setting: Setting, sentence: Sentence, claims: Sequence[Claim]) -> Setting:
    """Be certain where the sentence says that its shares are of all: it states the total, or what remains of it.

    Only the counts of the sentence itself may be groups then, and not if its percentages make up the whole.
    """
    if _SUBGROUP.search(sentence.text) or setting.total is None:
        return setting
    if not any(claim.total is not None for claim in claims) and not _REMAINING.search(sentence.text):
        return setting
    shares = [claim for claim in claims if claim.kind == "share" and claim.percent is not None]
    fitting = [
        claim
        for claim in shares
        if is_rounding(claim.events, setting.total, claim.percent or Fraction(0), claim.digits)
    ]
    if len(shares) - len(fitting) > 1:
        return Setting(setting.total)
    percents = [claim.percent for claim in claims if claim.percent is not None]
    is_whole = len(percents) > 1 and abs(sum(percents, Fraction(0)) - 100) <= 1
    groups = frozenset(() if is_whole else (claim.events for claim in claims if claim.kind != "count"))
    return Setting(setting.total, groups, is_certain=True)


def _describe(claims: Sequence[Claim], body: str) -> Setting:
    """Describe the patients that a text speaks of: one group only if all its proportions have one total, and all shares but one fit it."""
    totals = {claim.total for claim in claims if claim.total is not None}
    if len(totals) != 1:
        return Setting()
    (total,) = totals
    shares = [claim for claim in claims if claim.kind == "share" and claim.percent is not None]
    fitting = sum(is_rounding(claim.events, total, claim.percent or Fraction(0), claim.digits) for claim in shares)
    supporting = fitting + sum(claim.kind == "proportion" for claim in claims)
    groups = {claim.events for claim in claims if claim.kind != "count"}
    groups |= {read_count(match.group("n") or match.group("m")) for match in _GROUP.finditer(body)}
    return Setting(total, frozenset(groups), supporting >= _SUPPORT and len(shares) - fitting <= 1)


def _find_cell(claim: Claim, cells: Sequence[Cell], starts: Sequence[int]) -> Cell | None:
    place = bisect_right(starts, claim.start) - 1
    return cells[place] if place >= 0 and claim.end <= cells[place].end + 1 else None


def _judge_intervals(
    intervals: Sequence[Interval], keys: Mapping[Claim | Interval, str], known: KnownValues
) -> Iterator[Judgement]:
    for interval in intervals:
        key = keys.get(interval)
        verdict = judge_interval(interval, known)
        if key and verdict.outcome != "wrong":
            verdict = judge_keyed_interval(interval, key, known)
        yield Judgement("interval", interval.start, interval.end, verdict)


def _judge_sentences(sentences: Sequence[Sentence], whole: Sequence[str], setting: Setting) -> Iterator[Judgement]:
    before: Sentence | None = None
    for sentence in sentences:
        if not re.search(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b", sentence.text, re.IGNORECASE):
            before = None
            continue
        yield from judge_summaries(sentence, whole, setting.total if setting.is_certain else None)
        yield from judge_statistics(sentence)
        yield from judge_comparisons(sentence)
        yield from judge_partitions(sentence)
        if before is not None and before.paragraph == sentence.paragraph:
            following = judge_next(before, sentence)
            if following is not None:
                yield following
        before = sentence


def _find_ignored(assigned: Sequence[Tagged], judgements: Sequence[Judgement]) -> dict[int, str]:
    """Return the reason to be silent by the number of a judgement: the nearest before a tag, and all that share its words."""
    ignored: dict[int, str] = {}
    order = sorted(range(len(judgements)), key=lambda number: judgements[number].end)
    ends = [judgements[number].end for number in order]
    starts = [judgement.start for judgement in judgements]
    for item in assigned:
        if not item.tag.why:
            continue
        place = bisect_right(ends, item.tag.start) - 1
        following = bisect_right(starts, item.tag.end)
        chosen = order[place] if place >= 0 else following
        if chosen >= len(judgements):
            continue
        near = judgements[chosen]
        for number in range(max(chosen - _NEARBY, 0), min(chosen + _NEARBY, len(judgements))):
            if judgements[number].start < near.end and near.start < judgements[number].end:
                ignored[number] = item.tag.why
    return ignored


def _place(manuscript: Manuscript, judgement: Judgement, ignored: str) -> Judged:
    line, column = manuscript.place(judgement.start)
    other = manuscript.place(judgement.other) if judgement.other is not None else (None, None)
    return Judged(
        manuscript.file,
        line,
        column,
        manuscript.quote(judgement.start, judgement.end),
        judgement.kind,
        judgement.start,
        judgement.end,
        judgement.verdict,
        ignored,
        *other,
    )
