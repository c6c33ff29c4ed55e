"""The numbers of a flow diagram side by side, and what is known of the documents they count."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from review.model import Box
from review.reporting.prisma import index_boxes

#: Ids told in a finding; the rest is counted in the text.
MOST_IDS = 20


@dataclass(frozen=True, slots=True)
class Documents:
    """What is known of the things counted, for the identities that need it; every map may be partial.

    `report_of`: the report that a record is an entry of. `study_of`: the study that a report belongs to. `cases_of`: how many cases an
    included study lists, for studies that list them. `cases_printed_twice`: cases listed in more than one study, beyond the first
    time. `screened_before`: records that the previous version of the review had screened; `studies_before`: studies whose reports its
    searches had found. `known_from_databases`: records of the other lane whose report
    a database had found already.
    """

    report_of: Mapping[str, str] = field(default_factory=dict)
    study_of: Mapping[str, str] = field(default_factory=dict)
    cases_of: Mapping[str, int] = field(default_factory=dict)
    cases_printed_twice: int = 0
    screened_before: frozenset[str] = frozenset()
    studies_before: frozenset[str] = frozenset()
    known_from_databases: frozenset[str] = frozenset()


NOTHING_KNOWN = Documents()


@dataclass(frozen=True, slots=True)
class Ledger:
    """The numbers by key, with the sums and sets that identities are made of."""

    boxes: Mapping[str, Box]
    documents: Documents = NOTHING_KNOWN

    def has(self, *keys: str) -> bool:
        """Whether all of these were counted."""
        return all(key in self.boxes for key in keys)

    def n(self, *keys: str) -> int:
        """The sum of these numbers; one that was not counted adds nothing."""
        return sum(self.boxes[key].n for key in keys if key in self.boxes)

    def ids(self, *keys: str) -> set[str]:
        """The ids behind these numbers."""
        return {identifier for key in keys if key in self.boxes for identifier in self.boxes[key].ids}

    def lists(self, *keys: str) -> bool:
        """Whether every one of these numbers comes with its ids (nothing counted needs no ids)."""
        return all(key not in self.boxes or self.boxes[key].n == len(self.boxes[key].ids) for key in keys)

    @property
    def has_two_lanes(self) -> bool:
        """Whether reports came through the lane of other methods as well."""
        return self.n("other_assessed") > 0


def open_ledger(boxes: Iterable[Box], documents: Documents = NOTHING_KNOWN) -> Ledger:
    """Set up a ledger of boxes.

    Raises:
        ValueError: If a key is unknown or comes twice.
    """
    return Ledger(index_boxes(boxes), documents)


def list_differing(left: Iterable[str], right: Iterable[str]) -> list[str]:
    """List what is in one of two collections only, sorted, at most `MOST_IDS`."""
    return sorted(set(left) ^ set(right))[:MOST_IDS]
