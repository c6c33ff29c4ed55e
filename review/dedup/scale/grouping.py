"""Group what an engine holds: the engine finds and compares candidates, the rest is the code for what fits in memory."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple
from typing import Protocol

from review.dedup.grouping import assemble
from review.dedup.grouping import check_title
from review.dedup.grouping import choose_entry
from review.dedup.grouping import ids_kept_apart
from review.dedup.groups import Edge
from review.dedup.groups import Grouping
from review.dedup.normalise import Normal
from review.dedup.rulings import Ruling
from review.dedup.units import Unit
from review.findings import Finding
from review.model import Record
from review.model import RecordId


class Light(NamedTuple):
    """What is known of an entry without its normal form."""

    id: RecordId
    fingerprint: str
    weight: int
    tells: bool
    rank: tuple[int, int, int]
    titled: bool


class Engine(Protocol):
    """What an engine does: take records in, find edges between contents, and give a content's normal form back."""

    def load(self, records: Iterable[Record]) -> list[Light]:
        """Normalise and keep the records; return their light columns."""

    def edges(self, copies: Mapping[str, int]) -> tuple[list[Edge], list[str]]:
        """Compare candidates.

        Args:
            copies: For each content how many units have it; a content that is not here is left out.

        Returns:
            The edges, and the keys above the cap.
        """

    def normal(self, fingerprint: str) -> Normal:
        """Return the normal form of a content."""


def group_with(
    engine: Engine,
    records: Iterable[Record],
    *,
    rulings: Sequence[Ruling] = (),
    merge_preprints: bool = False,
) -> Grouping:
    """Group records with an engine; the outcome equals that of `review.dedup.grouping.group_records`.

    Args:
        engine: A fresh engine.
        records: All records; read once, so that they may stream from disk.
        rulings: People's rulings; they win over the rules.
        merge_preprints: Whether a preprint and its article count as one report.
    """
    entries, findings = _distinct(engine.load(records), engine.normal)
    units = _make_units(entries, ids_kept_apart(rulings))
    copies: dict[str, int] = defaultdict(int)
    for unit in units:
        copies[unit.fingerprint] += 1
    edges, capped = engine.edges(copies)
    return assemble(
        units,
        sorted(edges, key=lambda edge: (edge.left, edge.right)),
        lambda place: engine.normal(units[place].fingerprint),
        capped=capped,
        rulings=rulings,
        merge_preprints=merge_preprints,
        findings=findings,
        fingerprints={entry.id: entry.fingerprint for entry in entries},
    )


def _distinct(entries: Iterable[Light], normal_of: Callable[[str], Normal]) -> tuple[list[Light], list[Finding]]:
    """Keep one entry per id, the most complete one, in the order of ids."""
    by_id: dict[RecordId, list[Light]] = defaultdict(list)
    for entry in entries:
        by_id[entry.id].append(entry)
    kept = []
    findings: list[Finding] = []
    for name in sorted(by_id):
        same_id = sorted(by_id[name], key=lambda entry: (-entry.weight, entry.fingerprint))
        kept.append(same_id[0])
        if len({entry.fingerprint for entry in same_id}) > 1:
            findings += choose_entry([_with_id(normal_of(entry.fingerprint), name) for entry in same_id])[1]
    findings += [
        finding
        for entry in kept
        if not entry.titled
        for finding in check_title(_with_id(normal_of(entry.fingerprint), entry.id))
    ]
    return kept, findings


def _with_id(normal: Normal, name: RecordId) -> Normal:
    return dataclasses.replace(normal, id=name)


def _make_units(entries: Iterable[Light], apart: frozenset[RecordId]) -> list[Unit]:
    held: dict[tuple[str, str], list[Light]] = defaultdict(list)
    for entry in entries:
        held[entry.fingerprint, "" if entry.tells and entry.id not in apart else entry.id].append(entry)
    return [
        Unit(members[0].fingerprint, tuple(sorted(entry.id for entry in members)), members[0].tells, members[0].rank)
        for members in (held[key] for key in sorted(held))
    ]
