"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from review.dedup.compare import Comparison
from review.model import LinkKind

Outcome = Literal["duplicate", "doubtful", "different"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when it applies, what it decides, and the sentence that tells people why.

    `forbids`: the two can never stand in one group, whatever a third record says; `field` names what they disagree on
    (a field of `Normal`). `relation` is what two such records may be to each other as different reports.
    """

    name: str
    outcome: Outcome
    sentence: str
    applies: Callable[[Comparison], bool]
    relation: LinkKind | None = None
    field: str = ""

    @property
    def forbids(self) -> bool:
        """Whether the two records contradict each other in a field."""
        return bool(self.field)
