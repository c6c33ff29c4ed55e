"""The rules in the order in which they are asked.

The first that applies decides. Missing is neutral, contradiction forbids, and neither an equal DOI nor an equal title is
enough alone. What a record is comes before where it stands; what speaks against comes before what speaks for.
"""

from __future__ import annotations

from review.dedup.compare import Comparison
from review.dedup.doubts import GARBLED
from review.dedup.doubts import NOTHING_AGAINST
from review.dedup.doubts import ONE_AGAINST
from review.dedup.merges import MERGES
from review.dedup.rule import Rule
from review.dedup.vetoes import NATURE
from review.dedup.vetoes import PLACE

RULES: tuple[Rule, ...] = (*GARBLED, *NATURE, *ONE_AGAINST, *PLACE, *MERGES, *NOTHING_AGAINST)
BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}


def decide(comparison: Comparison) -> Rule | None:
    """Return the first rule that applies, None where no rule has anything to say: the two are different."""
    for rule in RULES:
        if rule.applies(comparison):
            return rule
    return None
