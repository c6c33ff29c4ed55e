"""What deduplication gives: groups, doubtful pairs, proposed companions, and the edges that led there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from review.findings import Finding
from review.model import Link
from review.model import RecordId
from review.model import ReportId


@dataclass(frozen=True, slots=True)
class Group:
    """The records of one report: ids in order, and the one that stands for them."""

    members: tuple[RecordId, ...]
    representative: ReportId


@dataclass(frozen=True, slots=True)
class Edge:
    """What the rules said on a pair of contents; kept so that a refresh need not compare held records again.

    `left` and `right` are fingerprints of records, in order: equal contents are compared once. `score` weighs the
    agreement of all fields (0 to about 25) and orders edges.
    """

    left: str
    right: str
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Held:
    """What a refresh starts from: the contents that were compared and the edges found between them."""

    edges: tuple[Edge, ...]
    fingerprints: frozenset[str]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair that a person must judge: the score orders the queue, the reasons say what agrees and what does not."""

    left: RecordId
    right: RecordId
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """The outcome for a set of records.

    `groups` covers every id exactly once, groups of one included. `doubtful` is ordered with the likeliest first.
    `companions` ties representatives of groups that are different reports of one study. `edges` are what the rules said on
    contents, `fingerprints` the content of each id.
    """

    groups: tuple[Group, ...]
    doubtful: tuple[Doubt, ...] = ()
    companions: tuple[Link, ...] = ()
    findings: tuple[Finding, ...] = ()
    edges: tuple[Edge, ...] = ()
    fingerprints: Mapping[RecordId, str] = field(default_factory=dict, hash=False)

    @property
    def held(self) -> Held:
        """What the next refresh starts from."""
        return Held(self.edges, frozenset(self.fingerprints.values()))

    def group_of(self) -> dict[RecordId, Group]:
        """Return the group of each id."""
        return {member: group for group in self.groups for member in group.members}
