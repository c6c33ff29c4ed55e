"""What is compared once: one content, however many records have it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from review.dedup.normalise import Normal
from review.model import RecordId


@dataclass(frozen=True, slots=True)
class Unit:
    """One content with the ids of all records that have it, ascending.

    `tells`: an entry with the very same content can only be the same document. `rank` orders the records of a group by
    how complete they are, the smallest first.
    """

    fingerprint: str
    ids: tuple[RecordId, ...]
    tells: bool
    rank: tuple[int, int, int]


def rank_of(normal: Normal) -> tuple[int, int, int]:
    """Return how complete a record is: fields filled, a PubMed id, the length of its abstract; smaller is better."""
    return (-normal.weight, 0 if normal.pmid else 1, -normal.abstract_length)


def content_key(normal: Normal, apart: frozenset[RecordId]) -> tuple[str, str]:
    """Return what collects records of equal content.

    A record whose content tells too little (`Editorial` and nothing else), or that a person keeps apart from another, is
    a unit of its own.
    """
    return (normal.fingerprint, "" if normal.tells and normal.id not in apart else normal.id)


def make_units(normals: Iterable[Normal], apart: frozenset[RecordId]) -> tuple[list[Unit], list[Normal]]:
    """Collect records of equal content, in the order of contents; return the units and one normal form of each."""
    held: dict[tuple[str, str], list[Normal]] = defaultdict(list)
    for normal in normals:
        held[content_key(normal, apart)].append(normal)
    units = []
    firsts = []
    for key in sorted(held):
        members = sorted(held[key], key=lambda normal: normal.id)
        first = members[0]
        ids = tuple(RecordId(normal.id) for normal in members)
        units.append(Unit(first.fingerprint, ids, first.tells, rank_of(first)))
        firsts.append(first)
    return units, firsts
