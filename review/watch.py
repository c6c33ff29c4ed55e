"""What became of the reports that count: retractions, corrections and concerns, as the latest searches know them."""

from __future__ import annotations

from collections.abc import Iterable

from review.findings import Finding
from review.model import Record
from review.model import RecordId
from review.model import ReportId
from review.search.payload import WATCHED_FORMATS
from review.search.payload import find_records
from review.search.watch import Standing
from review.search.watch import check_standing
from review.search.watch import find_rulings
from review.workspace import Review


def place_records(review: Review) -> Standing:
    """Return where every record stands, each by all ids of its duplicate group."""
    members = {group.representative: group.members for group in review.grouping.groups}
    progress = review.progress
    out = {*progress.excluded, *progress.rejected, *progress.not_retrieved, *progress.included}
    in_play = [report for report in members if report not in out]

    def expand(reports: Iterable[ReportId]) -> frozenset[RecordId]:
        return frozenset(member for report in reports for member in members[report])

    decisions = [vote for standing in review.consensus.standings.values() for vote in standing.votes]
    ruled = [review.report_of[record] for record in find_rulings(decisions) if record in review.report_of]
    return Standing(expand(progress.included), expand(in_play), expand(ruled))


def check_watched(review: Review) -> list[Finding]:
    """Return what a person must know of the included reports and of those still in play."""
    standing = place_records(review)
    current: dict[RecordId, Record] = {entry.record.id: entry.record for entry in review.entries}
    runs = [loaded.run for loaded in review.runs if _holds_watched(loaded.run.details.get("payload"))]
    if runs:
        current |= find_records(review.layout.queries, runs, standing.included | standing.in_play)
    return check_standing(current, standing)


def _holds_watched(payload: object) -> bool:
    files = payload if isinstance(payload, tuple) else ()
    return any(item.format in WATCHED_FORMATS for item in files)
