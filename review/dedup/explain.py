"""Why two records are one, or are not: the rule that decided and every field, in words."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from review.dedup.compare import compare
from review.dedup.evidence import tell_fields
from review.dedup.evidence import weigh
from review.dedup.groups import Group
from review.dedup.groups import Grouping
from review.dedup.normalise import normalise
from review.dedup.rules import BY_NAME
from review.dedup.rules import decide
from review.dedup.rulings import Ruling
from review.dedup.rulings import settle_rulings
from review.model import Record
from review.model import RecordId


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
    each other; `tell_membership` says so.
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


def tell_membership(grouping: Grouping, left: RecordId, right: RecordId) -> tuple[str, ...]:
    """Say how two records stand to each other in the outcome: one group and through which records, or apart and why.

    Raises:
        KeyError: If the grouping does not have an id.
    """
    group_of = grouping.group_of()
    ours, theirs = group_of[left], group_of[right]
    if ours == theirs:
        steps = _find_path(grouping, ours, left, right)
        if steps is None:
            return (f"{left} and {right} are in one group, joined by a person's ruling",)
        return (f"{left} and {right} are in one group", *steps)
    said = [f"{left} and {right} are in two groups"]
    between = [(doubt.left, doubt.right, doubt.reasons[0]) for doubt in grouping.doubtful]
    between += [(link.left, link.right, f"{link.kind}: {link.reason}") for link in grouping.companions]
    said += [
        f"{one} and {other}: {reason}"
        for one, other, reason in between
        if {group_of[one].members, group_of[other].members} == {ours.members, theirs.members}
    ]
    return tuple(said)


def _find_path(grouping: Grouping, group: Group, left: RecordId, right: RecordId) -> tuple[str, ...] | None:
    """Return the fewest edges that lead from one record to the other inside their group, each as a sentence."""
    names: dict[str, RecordId] = {}
    for member in group.members:
        names.setdefault(grouping.fingerprints[member], member)
    names |= {grouping.fingerprints[name]: name for name in (right, left)}
    near: dict[str, list[tuple[str, str]]] = {content: [] for content in names}
    for edge in grouping.edges:
        if edge.left in names and edge.right in names and BY_NAME[edge.rule].outcome == "duplicate":
            near[edge.left].append((edge.right, edge.rule))
            near[edge.right].append((edge.left, edge.rule))
    start, goal = grouping.fingerprints[left], grouping.fingerprints[right]
    if start == goal:
        return (f"{left} = {right}: identical entries",)
    came: dict[str, tuple[str, str]] = {start: ("", "")}
    queue = deque([start])
    while queue and goal not in came:
        here = queue.popleft()
        for content, rule in sorted(near[here]):
            if content not in came:
                came[content] = (here, rule)
                queue.append(content)
    if goal not in came:
        return None
    steps: list[str] = []
    while goal != start:
        before, rule = came[goal]
        steps.append(f"{names[before]} = {names[goal]}: {rule}")
        goal = before
    return tuple(reversed(steps))
