"""Entries: what each source holds, counted once however often its search was run again.

A record in PRISMA's sense is one entry of one source. A search that is refreshed brings the same entries back, so the entries of a
source are the union over its runs; two entries of one exported file with one id are two records all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from review.model import Lane
from review.model import Record
from review.model import RecordId
from review.model import Run


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one source.

    `key` is the record's id where no other entry has that id, else the id with the source behind it:
    `doi:10.1002/art.24249@publisher-pages`, and `#2` for a second one of that source.
    """

    key: str
    record: Record
    source: str
    lane: Lane


@dataclass(frozen=True, slots=True)
class Loaded:
    """A run with the records of its payload."""

    run: Run
    records: tuple[Record, ...]


def list_entries(runs: Sequence[Loaded]) -> tuple[Entry, ...]:
    """List the entries of all sources in the order of the runs, each with the latest state of its record."""
    slots: dict[tuple[str, RecordId, int], tuple[Record, Lane]] = {}
    for loaded in sorted(runs, key=lambda item: (item.run.started, item.run.id)):
        times: Counter[RecordId] = Counter()
        for record in loaded.records:
            # A person's export may hold two entries under one id; a service that delivers a record twice has one.
            times[record.id] += loaded.run.kind == "import" or not times[record.id]
            # A later run brings the record as it is now; its place in the order stays the first one.
            slots[loaded.run.source, record.id, times[record.id]] = (record, loaded.run.lane)
    seen: Counter[RecordId] = Counter()
    entries: list[Entry] = []
    for (source, identifier, ordinal), (record, lane) in slots.items():
        seen[identifier] += 1
        suffix = f"@{source}" + (f"#{ordinal}" if ordinal > 1 else "")
        entries.append(Entry(identifier + (suffix if seen[identifier] > 1 else ""), record, source, lane))
    return tuple(entries)
