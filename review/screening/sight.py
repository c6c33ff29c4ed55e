"""What one screener may see of the others: how many votes a report has, and the votes themselves once all that it needs are in.

A page for one person is made of this view alone, so that nothing on it can depend on a vote that is still to be hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass

from review.model import Decision
from review.model import RecordId
from review.model import ReportId
from review.model import Stage
from review.protocol import Protocol

Place = tuple[ReportId, Stage]


@dataclass(frozen=True, slots=True)
class Sight:
    """The votes that a person may see, and who has voted where.

    `votes` are the person's own and those on places that have all their votes. `voters` names everyone who voted on a place, not how.
    """

    votes: tuple[Decision, ...]
    voters: Mapping[Place, frozenset[str]]

    def count_others(self, place: Place, who: str) -> int:
        """Count those who voted on a place besides one person."""
        return len(self.voters.get(place, frozenset()) - {who})


def open_sight(
    votes: Iterable[Decision], who: str, group_of: Callable[[RecordId], ReportId | None], protocol: Protocol
) -> Sight:
    """Reduce the votes of all to what one person may see.

    A vote of another person is seen once as many people have voted as the stage needs, and no longer after one of them has
    withdrawn. Votes on records that no run holds belong to no place; only the person's own ones are seen.

    Args:
        votes: The votes of all that stand.
        who: The person.
        group_of: Gives the report of a record id, None for an id that no run holds.
        protocol: Says how many votes a stage needs.
    """
    votes = list(votes)
    voters: dict[Place, set[str]] = defaultdict(set)
    for vote in votes:
        group = group_of(vote.record)
        if group is not None:
            voters[group, vote.stage].add(vote.by)
    complete = {place for place, people in voters.items() if len(people) >= protocol.rule(place[1]).screeners}
    seen = tuple(vote for vote in votes if vote.by == who or (group_of(vote.record), vote.stage) in complete)
    return Sight(seen, {place: frozenset(people) for place, people in voters.items()})
