"""The reports of a review as composed records, each made when it is first asked for: few of twenty thousand ever are."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping

from review.dedup.compose import compose_record
from review.dedup.groups import Group
from review.model import Record
from review.model import RecordId
from review.model import ReportId


class References(Mapping[ReportId, Record]):
    """The reports by the id that stands for them, in the order of the groups, each composed field by field from the best of its records."""

    def __init__(self, groups: Mapping[ReportId, Group], records: Mapping[RecordId, Record]) -> None:
        """Keep what references are composed from; `groups` are keyed by their representative."""
        self._groups = groups
        self._records = records
        self._composed: dict[ReportId, Record] = {}

    def __getitem__(self, report: ReportId) -> Record:
        if report not in self._composed:
            members = [self._records[member] for member in self._groups[report].members]
            single = members[0] if len(members) == 1 else compose_record(members).record
            self._composed[report] = single if single.id == report else single.evolve(id=report)
        return self._composed[report]

    def __iter__(self) -> Iterator[ReportId]:
        return iter(self._groups)

    def __len__(self) -> int:
        return len(self._groups)

    def __contains__(self, report: object) -> bool:
        return report in self._groups
