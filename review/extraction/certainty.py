"""Certainty of the evidence: what people judged on each analysis by GRADE, read from `extraction/certainty.yaml`.

The numbers beside a judgement are computed; the judgement and its reasons are people's own. What the file does not judge stays a visible gap.

Source: Guyatt G, et al. GRADE guidelines: 1. J Clin Epidemiol 2011;64:383-94 (levels, five domains that lower the certainty, three that raise
it); Schünemann HJ, et al. J Clin Epidemiol 2019;111:105-14 (lowering by three levels).
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from typing import NamedTuple
from typing import cast
from typing import get_args

from review.extraction.slips import suggest_choice
from review.fields import FieldCodes
from review.fields import Fields
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.marked import Document
from review.protocol import Protocol

#: The version of the file's format.
FORMAT = "1"

Certainty = Literal["high", "moderate", "low", "very low"]

#: From the highest to the lowest.
LEVELS: tuple[Certainty, ...] = get_args(Certainty)

_SERIOUS = {"not serious": 0, "serious": 1, "very serious": 2, "extremely serious": 3}
_SHOWN = {"no": 0, "yes": 1}

#: What may lower the certainty: each domain's judgements with the levels that they take off.
LOWERING: Mapping[str, Mapping[str, int]] = {
    "risk_of_bias": _SERIOUS,
    "inconsistency": _SERIOUS,
    "indirectness": _SERIOUS,
    "imprecision": _SERIOUS,
    "publication_bias": {"undetected": 0, "strongly suspected": 1},
}

#: What may raise it: each domain's judgements with the levels that they add.
RAISING: Mapping[str, Mapping[str, int]] = {
    "large_effect": {"no": 0, "large": 1, "very large": 2},
    "dose_response": _SHOWN,
    "opposing_confounding": _SHOWN,
}

_CODES = FieldCodes(unknown="GRADE-001", missing="GRADE-002", invalid="GRADE-003")


class Judgement(NamedTuple):
    """What was judged on one domain, why, and the levels that it moves the certainty by (below 0 lowers it)."""

    domain: str
    judgement: str
    reason: str
    steps: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class Rating:
    """The certainty of one analysis: where it starts, what moves it, where it ends and why.

    `judgements` holds the domains that were judged, those that lower the certainty first; `open_domains` names the others of the five.
    """

    analysis: str
    by: str
    start: Certainty
    judgements: tuple[Judgement, ...]
    certainty: Certainty
    reason: str
    origin: Origin

    @property
    def open_domains(self) -> tuple[str, ...]:
        """The domains that might lower the certainty and that nobody judged."""
        judged = {item.domain for item in self.judgements}
        return tuple(domain for domain in LOWERING if domain not in judged)

    @property
    def follows(self) -> Certainty:
        """The level that the start and the steps lead to, within the four that there are."""
        place = LEVELS.index(self.start) - sum(item.steps for item in self.judgements)
        return LEVELS[min(max(place, 0), len(LEVELS) - 1)]


def parse_certainty(document: Document, protocol: Protocol) -> tuple[dict[str, Rating], list[Finding]]:
    """Read the ratings by analysis. One that cannot be used is reported and left out; the others stand."""
    findings = list(document.findings)
    if document.root is None:
        return {}, findings
    fields = Fields(document.root, document.path, _CODES, findings)
    fields.choice("format", (FORMAT,), FORMAT, required=True)
    known = {analysis.name for analysis in protocol.analyses}
    ratings: dict[str, Rating] = {}
    for name, item in fields.named("ratings", required=True):
        rating = _read_rating(name, item)
        if name not in known:
            if protocol.is_usable:
                findings.append(_refuse_analysis(name, item, sorted(known)))
        elif rating is not None:
            ratings[name] = rating
            findings += _check_rating(rating)
    fields.close()
    findings += _list_unrated(protocol, ratings, document.path)
    return ratings, findings


def _read_rating(name: str, item: Fields) -> Rating | None:
    by, reason = item.text("by", required=True), item.text("reason")
    start = item.choice("start", LEVELS, required=True)
    certainty = item.choice("certainty", LEVELS, required=True)
    lowering = _read_domains(item, "domains", LOWERING, -1, required=True)
    raising = _read_domains(item, "upgrades", RAISING, 1)
    item.close()
    if not start or not certainty:
        return None
    judgements = (*lowering, *raising)
    return Rating(
        name, by, cast("Certainty", start), judgements, cast("Certainty", certainty), reason, item.place("certainty")
    )


def _read_domains(
    item: Fields, key: str, domains: Mapping[str, Mapping[str, int]], sign: int, *, required: bool = False
) -> tuple[Judgement, ...]:
    inside = item.fields(key, required=required)
    if inside is None:
        return ()
    judged = []
    for domain, steps in domains.items():
        below = inside.fields(domain)
        if below is None:
            continue
        judgement, reason = below.choice("judgement", tuple(steps), required=True), below.text("reason")
        below.close()
        if judgement:
            judged.append(Judgement(domain, judgement, reason, sign * steps[judgement], inside.place(domain)))
    inside.close()
    return tuple(judged)


def _refuse_analysis(name: str, item: Fields, known: list[str]) -> Finding:
    message = f"the certainty of {name} is judged, which is no analysis of the protocol"
    expected = " | ".join(known) or "an analysis under analyses: in the protocol"
    return find("GRADE-004", message, item.place(), found=name, expected=expected, hint=suggest_choice(name, known))


def _check_rating(rating: Rating) -> Iterator[Finding]:
    named = f"the certainty of {rating.analysis}"
    if rating.open_domains:
        message = f"{named} leaves {', '.join(rating.open_domains)} without a judgement"
        yield find(
            "GRADE-005", message, rating.origin, expected="a judgement and a reason for each of the five domains"
        )
    unexplained = [item for item in rating.judgements if item.steps and not item.reason]
    for item in unexplained:
        message = f"{named}: {item.domain} is {item.judgement} without a reason"
        yield find("GRADE-005", message, item.origin, expected=f"{{judgement: {item.judgement}, reason: ...}}")
    if not rating.reason:
        yield find(
            "GRADE-005", f"{named} is {rating.certainty} without a reason", rating.origin, expected="reason: ..."
        )
    if rating.follows != rating.certainty:
        moved = (
            ", ".join(f"{item.domain} {item.steps:+d}" for item in rating.judgements if item.steps) or "nothing moved"
        )
        message = f"{named} is {rating.certainty}, but starts at {rating.start} ({moved})"
        yield find("GRADE-006", message, rating.origin, found=rating.certainty, expected=rating.follows)


def _list_unrated(protocol: Protocol, ratings: Mapping[str, Rating], path: str) -> Iterator[Finding]:
    for analysis in protocol.analyses:
        if analysis.name not in ratings:
            message = f"the certainty of {analysis.name} is not judged yet"
            yield find("GRADE-007", message, Origin(path), expected=f"{analysis.name}: under ratings:")
