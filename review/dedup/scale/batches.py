"""The steps that every engine runs on its own share of the data: prepare records, compare pairs. Values in, values out."""

from __future__ import annotations

import hashlib
import pickle
import zlib
from collections.abc import Iterable
from collections.abc import Iterator
from typing import NamedTuple

from review.dedup.candidates import block_keys
from review.dedup.edges import draw_edge
from review.dedup.groups import Edge
from review.dedup.normalise import Normal
from review.dedup.normalise import normalise
from review.dedup.units import rank_of
from review.model import Record
from review.model import RecordId


class Prepared(NamedTuple):
    """A record as engines move it: light columns, the packed normal form, and its keys as signed 64-bit numbers."""

    id: RecordId
    fingerprint: str
    weight: int
    tells: bool
    rank: tuple[int, int, int]
    titled: bool
    payload: bytes
    keys: tuple[int, ...]


def prepare(records: Iterable[Record]) -> Iterator[Prepared]:
    """Normalise records and compute their keys."""
    for record in records:
        normal = normalise(record)
        titled = bool(normal.title.wordings or normal.doi or normal.pmid)
        keys = tuple(sorted({hash_key(key) for key in block_keys(normal)}))
        yield Prepared(
            record.id, normal.fingerprint, normal.weight, normal.tells, rank_of(normal), titled, pack(normal), keys
        )


def hash_key(key: str) -> int:
    """Return a key as a signed 64-bit number; two keys that met by chance would only cause a comparison more."""
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def pack(normal: Normal) -> bytes:
    """Return a normal form as bytes."""
    return zlib.compress(pickle.dumps(normal, protocol=pickle.HIGHEST_PROTOCOL), 1)


def unpack(payload: bytes) -> Normal:
    """Return the normal form that `pack` packed; only ever given this run's own temporary data."""
    normal = pickle.loads(zlib.decompress(payload))  # noqa: S301
    assert isinstance(normal, Normal)
    return normal


def draw_edges(pairs: Iterable[tuple[Normal, Normal]]) -> Iterator[Edge]:
    """Compare pairs of contents; yield the edges worth keeping."""
    for left, right in pairs:
        edge = draw_edge(left, right)
        if edge is not None:
            yield edge
