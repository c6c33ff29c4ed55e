"""Why two records are one, or are not: the rule that decided and every field, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from review.dedup.compare import compare
from review.dedup.evidence import tell_fields
from review.dedup.evidence import weigh
from review.dedup.normalise import normalise
from review.dedup.rules import decide
from review.dedup.rulings import Ruling
from review.dedup.rulings import settle_rulings
from review.model import Record


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was decided on a pair and by what: a person's ruling, a rule, or no rule at all.

    `score` weighs the agreement of all fields; it orders pairs and does not decide. `fields` tells each field.
    """

    outcome: Literal["duplicate", "doubtful", "different"]
    by: str
    reason: str
    score: float
    fields: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.outcome}, by {self.by}: {self.reason}", f"weight of the evidence {self.score:g}"]
        return "\n".join([*lines, *(f"  {line}" for line in self.fields)])


def explain_pair(left: Record, right: Record, *, rulings: Sequence[Ruling] = ()) -> Explanation:
    """Say which rule, or whose ruling, decides on two records.

    A pair can still end up in one group through a third record, or apart because others of the two groups contradict
    each other; `Grouping.doubtful` names the latter.
    """
    a, b = sorted((normalise(left), normalise(right)), key=lambda normal: normal.fingerprint)
    comparison = compare(a, b)
    score, fields = weigh(comparison), tell_fields(comparison)
    pair = (left.id, right.id) if left.id <= right.id else (right.id, left.id)
    ruling = settle_rulings(rulings).get(pair)
    if ruling is not None:
        said = ruling.why or "no reason given"
        who = f"the ruling of {ruling.by or 'an unnamed person'}" + (f" on {ruling.when}" if ruling.when else "")
        return Explanation("duplicate" if ruling.ruling == "same" else "different", who, said, score, fields)
    if a.fingerprint == b.fingerprint and a.tells:
        return Explanation("duplicate", "identical entries", "every field is the same", score, fields)
    rule = decide(comparison)
    if rule is None:
        return Explanation("different", "no rule", "too little agrees to call the two one report", score, fields)
    return Explanation(rule.outcome, f"the rule '{rule.name}'", rule.sentence, score, fields)
