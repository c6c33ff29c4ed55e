"""The embedded engine: DuckDB joins the keys out of core, normal forms wait in a file, pairs are compared as they come.

Needs the extra `scale` (duckdb). A million records take a few minutes and stay far below 8 GB.
"""

from __future__ import annotations

import mmap
import tempfile
from array import array
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from typing import BinaryIO
from typing import Self

from review.dedup.candidates import BLOCK_CAP
from review.dedup.candidates import block_keys
from review.dedup.groups import Edge
from review.dedup.normalise import Normal
from review.dedup.scale.batches import draw_edges
from review.dedup.scale.batches import hash_key
from review.dedup.scale.batches import prepare
from review.dedup.scale.batches import unpack
from review.dedup.scale.grouping import Light
from review.model import Record

if TYPE_CHECKING:
    import duckdb

_BATCH = 20_000
_CACHED = 60_000

#: Contents with their copies, and the blocks that are neither alone nor above the cap.
_BLOCKS = """
    CREATE TABLE blocks AS
    SELECT key FROM keys JOIN copies USING (content) GROUP BY key HAVING sum(n) BETWEEN 2 AND {cap}
"""
_PAIRS = """
    SELECT DISTINCT a.content, b.content
    FROM keys a JOIN keys b ON a.key = b.key AND a.content < b.content
    WHERE a.key IN (SELECT key FROM blocks)
      AND a.content IN (SELECT content FROM copies) AND b.content IN (SELECT content FROM copies)
    UNION ALL
    SELECT DISTINCT content, content
    FROM keys JOIN copies USING (content) WHERE n > 1 AND key IN (SELECT key FROM blocks)
    ORDER BY 1, 2
"""
_CAPPED = """
    SELECT any_value(content), key FROM keys JOIN copies USING (content)
    GROUP BY key HAVING sum(n) > {cap} ORDER BY key
"""


class DuckEngine:
    """Keeps its data in a temporary folder, which goes when the engine is closed.

    Args:
        folder: Where the temporary folder is made; the system's place for such files if None.
        memory: DuckDB's own limit, as it writes it (`2GB`).
        threads: DuckDB's own threads.
    """

    def __init__(self, folder: Path | None = None, *, memory: str = "2GB", threads: int = 2) -> None:
        import duckdb

        self._folder = tempfile.TemporaryDirectory(prefix="review-dedup-", dir=folder)
        self._path = Path(self._folder.name)
        self._db: duckdb.DuckDBPyConnection = duckdb.connect(
            str(self._path / "keys.duckdb"),
            config={"memory_limit": memory, "threads": threads, "temp_directory": str(self._path / "spill")},
        )
        self._db.execute("CREATE TABLE keys (key BIGINT, content INTEGER)")
        self._numbers: dict[str, int] = {}
        self._starts: array[int] = array("Q", [0])
        self._payloads: BinaryIO | None = None
        self._map: mmap.mmap | None = None
        self._cached = lru_cache(maxsize=_CACHED)(self._fetch)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files and remove the temporary folder."""
        self._cached.cache_clear()
        if self._map is not None:
            self._map.close()
        if self._payloads is not None:
            self._payloads.close()
        self._db.close()
        self._folder.cleanup()

    def load(self, records: Iterable[Record]) -> list[Light]:
        """Normalise the records; keep keys in the database and normal forms in a file."""
        lights: list[Light] = []
        path = self._path / "contents.bin"
        with path.open("wb") as payloads:
            prepared = prepare(records)
            while batch := list(islice(prepared, _BATCH)):
                keys: array[int] = array("q")
                contents: array[int] = array("i")
                for row in batch:
                    lights.append(Light(row.id, row.fingerprint, row.weight, row.tells, row.rank, row.titled))
                    if row.fingerprint in self._numbers:
                        continue
                    number = self._numbers[row.fingerprint] = len(self._numbers)
                    payloads.write(row.payload)
                    self._starts.append(self._starts[-1] + len(row.payload))
                    keys.extend(row.keys)
                    contents.extend([number] * len(row.keys))
                self._append(keys, contents)
        self._payloads = path.open("rb")
        if self._starts[-1]:
            self._map = mmap.mmap(self._payloads.fileno(), 0, access=mmap.ACCESS_READ)
        return lights

    def _append(self, keys: array[int], contents: array[int]) -> None:
        import numpy as np
        import pandas as pd

        frame = pd.DataFrame({"key": np.asarray(keys, dtype="int64"), "content": np.asarray(contents, dtype="int32")})
        self._db.append("keys", frame)

    def edges(self, copies: Mapping[str, int]) -> tuple[list[Edge], list[str]]:
        """Join the keys in the database and compare the pairs as they come out."""
        import numpy as np
        import pandas as pd

        numbers = np.fromiter((self._numbers[name] for name in copies), dtype="int32", count=len(copies))
        counts = np.fromiter(copies.values(), dtype="int64", count=len(copies))
        self._db.execute("CREATE TABLE copies (content INTEGER, n BIGINT)")
        self._db.append("copies", pd.DataFrame({"content": numbers, "n": counts}))
        self._db.execute(_BLOCKS.format(cap=BLOCK_CAP))
        capped = self._db.execute(_CAPPED.format(cap=BLOCK_CAP)).fetchall()
        edges = list(draw_edges(self._pairs()))
        return edges, sorted(self._name_key(content, key) for content, key in capped)

    def _pairs(self) -> Iterator[tuple[Normal, Normal]]:
        found = self._db.execute(_PAIRS)
        while rows := found.fetchmany(_BATCH):
            yield from ((self._cached(left), self._cached(right)) for left, right in rows)

    def _name_key(self, content: int, hashed: int) -> str:
        return next(key for key in block_keys(self._cached(content)) if hash_key(key) == hashed)

    def _fetch(self, number: int) -> Normal:
        assert self._map is not None
        return unpack(self._map[self._starts[number] : self._starts[number + 1]])

    def normal(self, fingerprint: str) -> Normal:
        """Return the normal form of a content."""
        return self._cached(self._numbers[fingerprint])
