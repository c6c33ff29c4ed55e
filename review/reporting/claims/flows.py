"""The flow of records told in prose: `of 392 records, 210 duplicates were removed, leaving 182`.

Every number of a sentence on records gets a role by the words around it: it starts the flow (found), is taken away (duplicates, excluded), or is what is left (screened,
assessed, included). What is left must be what was there less what was taken away. A number of records without a role makes the sum unknown until the next one with a role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from review.reporting.claims.judgement import Judgement
from review.reporting.claims.judgement import Verdict
from review.reporting.claims.judgement import wrong
from review.reporting.claims.printed import COUNT
from review.reporting.claims.printed import read_count
from review.reporting.claims.sentences import Sentence

Role = Literal["start", "removed", "left", "unknown"]

_THINGS = r"(?:articles?|records?|citations?|references?|publications?|hits|abstracts?|titles?|reports?|studies|study|papers?|entries|items|full[\s-]texts?|manuscripts?|results)"
_DUPLICATES = r"(?:duplicates?|duplicated?)"
#: A sentence is about a flow of records only with one of these.
_ABOUT = re.compile(rf"\b{_DUPLICATES}\b|\bscreen(?:ed|ing)\b|\bfull[\s-]texts?\b|\beligib|\bsearch(?:es)?\b|\b(?:records|citations|references|abstracts)\b", re.IGNORECASE)  # fmt: skip
_NUMBER = re.compile(rf"(?P<n>{COUNT})(?!\s?[%/])", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]{0,300}\)|\[[^\[\]]{0,300}\]")

_REMOVING = r"(?:remov(?:ed|ing|al)|exclud(?:ed|ing)|exclusion|eliminat(?:ed|ing|ion)|discard(?:ed|ing)|reject(?:ed|ing)|delet(?:ed|ing|ion)|deduplicat\w+)"
_LEAVING = r"(?:leaving|left|remain(?:ed|ing)?|screened|assessed|retained|sought|reviewed|evaluated|included|includ(?:ing|ed)|retrieved|selected)"
_FINDING = (
    r"(?:identified|found|retrieved|yielded|returned|located|identifying|yielding|returning|obtained|produced|gave)"
)
_MORE = r"(?:\s+(?:of|a\s+total\s+of|another|a\s+further|further|us\s+with|the|all|with|only|these|to|for|in|and))*"

_ONLY_N = re.compile(r"[(\[]\s*n\s?=\s?(?P<n>\d{1,7})\s*[)\]]", re.IGNORECASE)
_REMOVED_BEFORE = re.compile(rf"(?:\b{_REMOVING}{_MORE}|\b{_DUPLICATES})\s*$", re.IGNORECASE)
_LEFT_BEFORE = re.compile(rf"\b(?:leaving|left|screened|assessed|retained|sought|reviewed|evaluated|included|remained){_MORE}(?:\s+remaining)?\s*$", re.IGNORECASE)  # fmt: skip
_START_BEFORE = re.compile(rf"(?:\b{_FINDING}{_MORE}|\b(?:of|from|among)(?:\s+(?:the|these|a\s+total\s+of))?|\btotal\s+of|\bout\s+of)\s*$", re.IGNORECASE)  # fmt: skip

_NOUN = rf"(?:\s+(?!and\b|or\b|after\b|were\b|was\b)[A-Za-z-]+){{0,3}}?\s+{_THINGS}\b"
_BE = r"\s+(?:(?:that|which|who)\s+)?(?:(?:were|was|have\s+been|had\s+been|being|could)\s+)?(?:then\s+|finally\s+|further\s+|thus\s+|subsequently\s+|also\s+)*"
_REMOVED_AFTER = re.compile(
    rf"(?:\s+(?!records\b)[A-Za-z-]+){{0,1}}?\s+(?:{_DUPLICATES})\b(?!\s+(?:removal|were\s+found\s+no))|(?:{_NOUN})?{_BE}(?:(?:as\s+)?{_REMOVING}\b|{_DUPLICATES}\b|(?:not\s+(?:be\s+)?(?:retrieved|obtained|available|found|accessible)))",
    re.IGNORECASE,
)
_LEFT_AFTER = re.compile(rf"(?:{_NOUN})?(?:{_BE}(?:{_LEAVING}|eligible|met)\b|\s+for\s+(?:screening|full[\s-]text|review|assessment|inclusion)|\s+(?:unique|non-?duplicate|full[\s-]texts?)\b)", re.IGNORECASE)  # fmt: skip
_START_AFTER = re.compile(rf"(?:{_NOUN}){_BE}{_FINDING}\b", re.IGNORECASE)
#: Numbers of something else: people, sources, years, reasons.
_OTHER = re.compile(
    r"\s+(?:(?!and\b|or\b)[A-Za-z-]+\s+){0,2}?(?:reviewers?|authors?|databases?|registers?|sources?|years?|months?|weeks?|days?|patients?|cases?|participants?|reasons?|languages?|countries|persons?|people|screeners?|trials\s+with|women|men|pages?|keywords?|terms)\b|\s*-",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|in|since|until|to|from|between|and|by|of)\s+$", re.IGNORECASE)  # fmt: skip
#: Something else than one flow: two searches side by side, counts that overlap, figures not exact.
_ASIDE = re.compile(r"\b(?:respectively|approximately|about|nearly|over|more\s+than|less\s+than|at\s+least|each|update|updated|previous|hand\s?-?search\w*|additional(?:ly)?|other\s+sources|citation\s+search\w*)\b", re.IGNORECASE)  # fmt: skip
_PART_OF = re.compile(r"\b(?:of\s+which|of\s+whom|includ(?:ing|es?)|because|due\s+to|namely|comprising|consisting)\b|:", re.IGNORECASE)  # fmt: skip
_STUDIES = re.compile(r"\s+(?:\S+\s+){0,3}?(?:studies|study|trials?)\b", re.IGNORECASE)
_REPORTS = re.compile(r"\s+(?:\S+\s+){0,3}?(?:articles?|records?|reports?|papers?|full[\s-]texts?|publications?|references|abstracts)\b", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A number of the flow with its role; positions are in the prepared text. `unit` is studies, reports or empty where unsaid."""

    role: Role
    number: int
    start: int
    end: int
    unit: str = ""


def judge_flows(sentences: Sequence[Sentence]) -> Iterator[Judgement]:
    """Judge the flows of a text: one runs through the sentences of a paragraph."""
    steps: list[Step] = []
    paragraph = -1
    for sentence in sentences:
        if sentence.paragraph != paragraph:
            yield from judge_steps(steps)
            steps, paragraph = [], sentence.paragraph
        if _ABOUT.search(sentence.text):
            steps += list_steps(sentence)
    yield from judge_steps(steps)


def judge_steps(steps: Sequence[Step]) -> Iterator[Judgement]:
    """Judge a sequence of steps: what is left is what was there less what was taken away."""
    have: Step | None = None
    removed: list[Step] = []
    for step in steps:
        if step.role == "removed":
            removed.append(step)
            continue
        if step.role == "left" and have is not None and removed:
            yield _judge(have, removed, step)
        # Two numbers found, one after the other, are those of two sources: their sum is not told.
        is_second = step.role == "start" and have is not None and have.role == "start" and have.number != step.number
        removed = []
        have = None if step.role == "unknown" or is_second else step


def _judge(have: Step, removed: Sequence[Step], left: Step) -> Judgement:
    expected = have.number - sum(step.number for step in removed)
    verdict = Verdict("verified")
    if left.number != expected:
        told = " - ".join(str(step.number) for step in (have, *removed))
        verdict = wrong("CLAIM-018", f"{told} = {expected}")
        if left.unit == "studies" and have.unit != "studies" and 0 < left.number < expected:
            # A study may have several reports.
            verdict = Verdict("unverifiable")
    return Judgement("flow", min(have.start, removed[0].start), left.end, verdict)


def list_steps(sentence: Sentence) -> list[Step]:
    """Return the steps of the flow that a sentence tells, in the order in which they happen."""
    text = sentence.text
    if _ASIDE.search(text):
        return [Step("unknown", 0, sentence.start, sentence.start)]
    body = _BRACKETS.sub(_keep_n, text)
    matches = list(_NUMBER.finditer(body))
    steps: list[Step] = []
    for place, match in enumerate(matches):
        stop = matches[place + 1].start() if place + 1 < len(matches) else len(body)
        begin = matches[place - 1].end() if place else 0
        role = _find_role(body, begin, match, stop)
        if role is None or (
            role == "removed" and steps and steps[-1].role == "removed" and _PART_OF.search(body[begin : match.start()])
        ):
            continue
        after = body[match.end() : stop]
        unit = "studies" if _STUDIES.match(after) else "reports" if _REPORTS.match(after) else ""
        steps.append(Step(role, read_count(match.group("n")), sentence.start + match.start(), sentence.start + match.end(), unit))  # fmt: skip
    return _order(steps, body, sentence.start)


def _keep_n(match: re.Match[str]) -> str:
    """Blank a bracket, but for the number of `(n = 210)`."""
    number = _ONLY_N.fullmatch(match.group())
    if number is None:
        return " " * len(match.group())
    return (" " * number.start("n") + number.group("n")).ljust(len(match.group()))


def _find_role(body: str, begin: int, match: re.Match[str], stop: int) -> Role | None:
    """Return the role of a number, None if it counts something else."""
    before, after = body[max(begin, match.start() - 60) : match.start()], body[match.end() : stop]
    if _OTHER.match(after) or (_DATE.search(before) and re.fullmatch(r"(?:19|20)\d\d", match.group())):
        return None
    if re.search(
        r"\b(?:table|figure|fig\.?|version|appendix|step|phase|reference|n|no\.?|day|month|week)\s*=?\s*$",
        before,
        re.IGNORECASE,
    ):
        return None
    for role, pattern in (("removed", _REMOVED_AFTER), ("start", _START_AFTER), ("left", _LEFT_AFTER)):
        if pattern.match(after):
            return role  # type: ignore[return-value]
    for role, pattern in (("removed", _REMOVED_BEFORE), ("left", _LEFT_BEFORE), ("start", _START_BEFORE)):
        if pattern.search(before):
            return role  # type: ignore[return-value]
    return "unknown"


def _order(steps: list[Step], body: str, start: int) -> list[Step]:
    """Put what is told backwards in its order: `182 records remained after 210 duplicates were removed from 392`."""
    for place, step in enumerate(steps[:-1]):
        following = steps[place + 1]
        between = body[step.end - start : following.start - start]
        if step.role == "removed" and following.role == "start" and re.search(r"\b(?:from|of|among)\b", between):
            return [*steps[:place], following, step, *steps[place + 2 :]]
        if step.role == "left" and following.role == "removed" and re.search(r"\bafter\b", between, re.IGNORECASE):
            source = steps[place + 2 : place + 3]
            if source and source[0].role == "start":
                return [*steps[:place], source[0], following, step, *steps[place + 3 :]]
            return [*steps[:place], following, step, *steps[place + 2 :]]
    return steps
