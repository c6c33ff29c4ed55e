"""The outcome for bare files: which row stands for which cluster."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from review.dedup.grouping import group_records
from review.dedup.groups import Grouping
from review.model import Record
from review.model import RecordId

COLUMNS = ("file", "row", "cluster", "kept")


@dataclass(frozen=True, slots=True)
class Entry:
    """A record with its place: the file as the user named it, and its number from 1 in that file."""

    file: str
    row: int
    record: Record


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the listing; clusters are numbered from 1 in the order of their first rows."""

    file: str
    row: int
    cluster: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows in the order of the input, and the grouping, whose ids are positions of entries from 1."""

    rows: tuple[Row, ...]
    grouping: Grouping
    entries: tuple[Entry, ...]

    def entry_of(self, name: RecordId) -> Entry:
        """Return the entry that an id of the grouping stands for."""
        return self.entries[int(name) - 1]

    def to_csv(self) -> str:
        """Return the file `clusters.csv` with columns file, row, cluster, kept."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((row.file, row.row, row.cluster, int(row.kept)) for row in self.rows)
        return out.getvalue()

    def to_json(self) -> dict[str, object]:
        """Return the counts and the doubtful pairs, likeliest first."""
        clusters = len(self.grouping.groups)
        return {
            "records": len(self.rows),
            "clusters": clusters,
            "duplicates": len(self.rows) - clusters,
            "doubtful": [
                {
                    "left": self._place(doubt.left),
                    "right": self._place(doubt.right),
                    "score": doubt.score,
                    "reasons": list(doubt.reasons),
                }
                for doubt in self.grouping.doubtful
            ],
            "companions": [
                {
                    "left": self._place(link.left),
                    "right": self._place(link.right),
                    "kind": link.kind,
                    "reason": link.reason,
                }
                for link in self.grouping.companions
            ],
        }

    def _place(self, name: RecordId) -> dict[str, object]:
        entry = self.entry_of(name)
        return {"file": entry.file, "row": entry.row, "title": entry.record.title}


def list_clusters(entries: Sequence[Entry], *, merge_preprints: bool = False) -> Listing:
    """Group the entries of one or more files.

    Every entry counts as a record of its own, whatever ids the files give: two different documents under one DOI stay
    two rows of two clusters.
    """
    width = len(str(len(entries)))
    ids = [RecordId(str(number).zfill(width)) for number in range(1, len(entries) + 1)]
    records = [entry.record.evolve(id=name) for entry, name in zip(entries, ids, strict=True)]
    grouping = group_records(records, merge_preprints=merge_preprints)
    cluster_of: dict[RecordId, int] = {}
    kept = set()
    for number, group in enumerate(grouping.groups, start=1):
        kept.add(group.representative)
        cluster_of |= dict.fromkeys(group.members, number)
    rows = tuple(
        Row(entry.file, entry.row, cluster_of[name], name in kept) for entry, name in zip(entries, ids, strict=True)
    )
    return Listing(rows, grouping, tuple(entries))
