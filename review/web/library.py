"""What a page shows of a review, before anybody has decided anything: its reports, each as one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from review.dedup.compose import compose_record
from review.model import Record
from review.model import RecordId
from review.model import ReportId
from review.protocol import Protocol
from review.workspace import OTHER_LANES
from review.workspace import Layout
from review.workspace import Review
from review.workspace import open_review


@dataclass(frozen=True, slots=True)
class UndecidedLayout(Layout):
    """The folder as if nobody had screened: what is opened through it cannot depend on a decision."""

    def list_logs(self) -> list[Path]:
        """There are none."""
        return []

    @property
    def consensus(self) -> Path:
        """A file that does not exist."""
        return self.screening / ".none"


class Library:
    """The reports of a review in the order of its runs.

    `reports` are named by the record that stands for each, `members` are the ids of its records, `unscreened` are those that only other
    methods found. A report's record is composed of its members when it is first asked for.
    """

    def __init__(self, review: Review) -> None:
        self.protocol: Protocol = review.protocol
        self.report_of: Mapping[RecordId, ReportId] = review.report_of
        self.reports = tuple(dict.fromkeys(review.report_of[entry.record.id] for entry in review.entries))
        self.members = {group.representative: group.members for group in review.grouping.groups}
        screened = {self.report_of[entry.record.id] for entry in review.entries if entry.lane not in OTHER_LANES}
        self.unscreened = frozenset(self.reports) - screened
        self._records = review.records
        self._composed: dict[ReportId, Record] = {}

    def show(self, report: ReportId) -> Record:
        """Return the record of a report, composed of all its entries.

        Raises:
            KeyError: If there is no such report.
        """
        held = self._composed.get(report)
        if held is None:
            members = [self._records[member] for member in self.members[report]]
            held = members[0] if len(members) == 1 else compose_record(members).record
            self._composed[report] = held
        return held


def read_library(layout: Layout) -> Library:
    """Read the records of a review, and nothing that anybody decided on them."""
    return Library(open_review(UndecidedLayout(layout.root)))
