"""Check a manuscript: find its claims, judge each, say how many of them could be judged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

from review.model import Value
from review.reporting.claims.forms import Claim
from review.reporting.claims.forms import find_claims
from review.reporting.claims.intervals import check_interval
from review.reporting.claims.text import Manuscript
from review.reporting.claims.verdict import Verdict
from review.reporting.claims.verdict import judge_claim
from review.reporting.claims.verdict import judge_keyed

#: `claim: pool.A.together` names the value that the claim before it (or behind it, on the same line) prints; `claim: ignore, why` silences it.
_TAG = re.compile(r"(?:<!--|%)[ \t]*claim[ \t]*:[ \t]*(?P<what>[^\n]*?)[ \t]*(?:-->|$)", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its place and its verdict; `ignored` is the reason given where someone silenced it."""

    file: str
    line: int
    column: int
    text: str
    claim: Claim
    verdict: Verdict
    ignored: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the keys that the command line promises, and the claim's own numbers."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "text": self.text,
            "code": self.verdict.code,
            "expected": self.verdict.expected,
            "key": self.verdict.key,
        }


@dataclass(frozen=True, slots=True)
class Tally:
    """All claims of one or more manuscripts."""

    judged: tuple[Judged, ...]

    def select(self, outcome: str) -> list[Judged]:
        """The claims of one outcome that nobody silenced."""
        return [item for item in self.judged if item.verdict.outcome == outcome and not item.ignored]

    def to_json(self) -> dict[str, object]:
        """Return the document that the command line promises, and the claims that were silenced."""
        return {
            "recognised": len(self.judged),
            "verified": len(self.select("verified")),
            "wrong": [item.to_json() for item in self.select("wrong")],
            "stale": [item.to_json() for item in self.select("stale")],
            "unverifiable": [item.to_json() for item in self.select("unverifiable")],
            "ignored": [{**item.to_json(), "why": item.ignored} for item in self.judged if item.ignored],
        }


def check_manuscript(manuscript: Manuscript, values: Sequence[Value]) -> list[Judged]:
    """Judge every claim of a manuscript, in the order of the text.

    Args:
        manuscript: The prepared text.
        values: The numbers of the review; empty to check the text against arithmetic alone.
    """
    text = manuscript.text
    tags = list(_TAG.finditer(text))
    body = _TAG.sub(lambda match: " " * len(match.group()), text)
    claims = find_claims(body)
    by_key = {value.key: value for value in values}
    totals = sorted({claim.total for claim in claims if claim.total is not None})
    assigned = _assign_tags(claims, tags, text)
    judged = []
    for claim in claims:
        tag = assigned.get(claim)
        ignored = _read_ignore(tag)
        verdict = judge_keyed(claim, tag, by_key) if tag and not ignored else judge_claim(claim, values, totals)
        if verdict.outcome == "verified" and claim.total is not None:
            verdict = check_interval(claim, body) or verdict
        line, column = manuscript.place(claim.start)
        quote = manuscript.quote(claim.start, claim.end)
        judged.append(Judged(manuscript.file, line, column, quote, claim, verdict, ignored))
    return judged


def _assign_tags(claims: Iterable[Claim], tags: Iterable[re.Match[str]], text: str) -> dict[Claim, str]:
    assigned: dict[Claim, str] = {}
    ordered = sorted(claims, key=lambda claim: claim.start)
    for tag in tags:
        before = [
            claim for claim in ordered if claim.end <= tag.start() and "\n\n" not in text[claim.end : tag.start()]
        ]
        after = [claim for claim in ordered if claim.start >= tag.end() and "\n" not in text[tag.end() : claim.start]]
        target = before[-1] if before and before[-1] not in assigned else (after[0] if after else None)
        if target is not None:
            assigned[target] = tag.group("what")
    return assigned


def _read_ignore(tag: str | None) -> str:
    """Return the reason of a silenced claim; without a reason it is not silenced."""
    if tag is None or not tag.lower().startswith("ignore"):
        return ""
    return tag[len("ignore") :].strip(" ,:;-") or ""
