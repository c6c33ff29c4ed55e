"""The distributed engine: Dask shuffles the keys between workers, each of which prepares and compares its share.

Needs the extra `cluster` (dask with dataframe and distributed). It runs on whatever client is current: a local cluster,
one on many machines, or the threads of this process if there is none.
"""

from __future__ import annotations

import base64
import importlib
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from typing import Any

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
    import pandas as pd

_BATCH = 5_000
#: Columns of pairs with the contents of both sides.
_MET = ("left", "right", "left_payload", "right_payload")


class DaskEngine:
    """Keeps its data with the workers; only light columns, edges and the contents of edges come back.

    Args:
        partitions: Into how many pieces the shuffles cut the data; about twice the number of workers' cores or more.
    """

    def __init__(self, partitions: int = 8) -> None:
        self._partitions = partitions
        self._contents: dict[str, str] = {}

    def load(self, records: Iterable[Record]) -> list[Light]:
        """Send batches of records to the workers, which normalise them."""
        dask = _dask()
        stream = iter(records)
        tasks = []
        while batch := list(islice(stream, _BATCH)):
            tasks.append(dask.delayed(prepare_batch)(batch))
        self._batches = list(dask.persist(*tasks))
        lights = dask.compute(*(dask.delayed(_lights)(batch) for batch in self._batches))
        return [light for part in lights for light in part]

    def edges(self, copies: Mapping[str, int]) -> tuple[list[Edge], list[str]]:
        """Shuffle the keys so that each block meets on one worker, join the contents to the pairs, compare."""
        import pandas as pd

        dask, frames = _dask(), _dask("dask.dataframe")
        rows_of_none = key_frame([]).assign(n=pd.Series(dtype="int64"))
        met_of_none = pd.DataFrame({name: pd.Series(dtype="string") for name in _MET})
        # Texts stay what they are: a conversion between string types would only cost time.
        with dask.config.set({"dataframe.convert-string": False}):
            keys = frames.from_delayed([dask.delayed(key_frame)(batch) for batch in self._batches], meta=key_frame([]))
            contents = frames.from_delayed(
                [dask.delayed(content_frame)(batch) for batch in self._batches], meta=content_frame([])
            ).drop_duplicates(subset=["content"])
            number = frames.from_pandas(
                pd.DataFrame({"content": pd.Series(list(copies), dtype="string"), "n": list(copies.values())}),
                npartitions=self._partitions,
            )
            rows = keys.drop_duplicates().merge(number, on="content").shuffle("key", npartitions=self._partitions)
            pairs = rows.map_partitions(pair_frame, meta=pair_frame(rows_of_none)).drop_duplicates()
            left = contents.rename(columns={"content": "left", "payload": "left_payload"})
            right = contents.rename(columns={"content": "right", "payload": "right_payload"})
            met = pairs.merge(left, on="left").merge(right, on="right")
            found = met.map_partitions(edge_frame, meta=edge_frame(met_of_none))
            capped = rows.map_partitions(capped_frame, meta=capped_frame(rows_of_none))
            edge_rows, capped_rows = dask.compute(found, capped)
            ends = set(edge_rows["left"]) | set(edge_rows["right"]) | set(capped_rows["content"])
            kept = contents[contents["content"].isin(sorted(ends))].compute()
        self._contents = dict(zip(kept["content"], kept["payload"], strict=True))
        edges = [Edge(str(row.left), str(row.right), str(row.rule), float(row.score)) for row in edge_rows.itertuples()]
        return edges, sorted(self._name_key(row.content, row.key) for row in capped_rows.itertuples())

    def _name_key(self, content: str, hashed: int) -> str:
        return next(key for key in block_keys(self.normal(content)) if hash_key(key) == hashed)

    def normal(self, fingerprint: str) -> Normal:
        """Return the normal form of a content."""
        payload = self._contents.get(fingerprint)
        if payload is None:
            payload = self._contents[fingerprint] = self._find(fingerprint)
        return unpack_text(payload)

    def _find(self, fingerprint: str) -> str:
        dask = _dask()
        found = dask.compute(*(dask.delayed(_payload_of)(batch, fingerprint) for batch in self._batches))
        return next(str(payload) for payload in found if payload is not None)


def _dask(name: str = "dask") -> Any:
    """Import a module of Dask, which is an extra and has no types to check against."""
    return importlib.import_module(name)


#: One prepared record as plain values: id, content, weight, tells, rank, titled, packed normal form, keys.
_Row = tuple[str, str, int, bool, tuple[int, int, int], bool, str, tuple[int, ...]]


def prepare_batch(records: Iterable[Record]) -> list[_Row]:
    """Normalise a batch of records."""
    return [
        (
            row.id,
            row.fingerprint,
            row.weight,
            row.tells,
            row.rank,
            row.titled,
            base64.b64encode(row.payload).decode("ascii"),
            row.keys,
        )
        for row in prepare(records)
    ]


@lru_cache(maxsize=50_000)
def unpack_text(payload: str) -> Normal:
    """Return the normal form of a payload."""
    return unpack(base64.b64decode(payload))


def _lights(batch: list[_Row]) -> list[Light]:
    from review.model import RecordId

    return [Light(RecordId(row[0]), row[1], row[2], row[3], row[4], row[5]) for row in batch]


def _payload_of(batch: list[_Row], fingerprint: str) -> str | None:
    return next((row[6] for row in batch if row[1] == fingerprint), None)


def key_frame(batch: list[_Row]) -> pd.DataFrame:
    """Return the columns key and content, a row for each key of each content."""
    import pandas as pd

    rows = [(key, row[1]) for row in batch for key in row[7]]
    return pd.DataFrame(
        {
            "key": pd.Series([key for key, _ in rows], dtype="int64"),
            "content": pd.Series([content for _, content in rows], dtype="string"),
        }
    )


def content_frame(batch: list[_Row]) -> pd.DataFrame:
    """Return the columns content and payload, each content once."""
    import pandas as pd

    payloads = {row[1]: row[6] for row in batch}
    return pd.DataFrame(
        {
            "content": pd.Series(list(payloads), dtype="string"),
            "payload": pd.Series(list(payloads.values()), dtype="string"),
        }
    )


def pair_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of contents that share a key; `rows` has whole blocks (key, content, n copies)."""
    import pandas as pd

    pairs: set[tuple[str, str]] = set()
    for _, block in rows.groupby("key", sort=False):
        if not 1 < block["n"].sum() <= BLOCK_CAP:
            continue
        names = sorted(block["content"])
        for at, left in enumerate(names):
            pairs.update((left, right) for right in names[at + 1 :])
        pairs.update((name, name) for name, n in zip(block["content"], block["n"], strict=True) if n > 1)
    ordered = sorted(pairs)
    return pd.DataFrame(
        {
            "left": pd.Series([left for left, _ in ordered], dtype="string"),
            "right": pd.Series([right for _, right in ordered], dtype="string"),
        }
    )


def capped_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the keys above the cap, with one content that has each."""
    sums = rows.groupby("key", sort=False)["n"].transform("sum")
    return rows[sums > BLOCK_CAP].drop_duplicates("key")[["key", "content"]]


def edge_frame(pairs: pd.DataFrame) -> pd.DataFrame:
    """Compare pairs; return the edges as columns left, right, rule, score."""
    import pandas as pd

    edges = list(draw_edges(_unpacked(pairs)))
    return pd.DataFrame(
        {
            "left": pd.Series([edge.left for edge in edges], dtype="string"),
            "right": pd.Series([edge.right for edge in edges], dtype="string"),
            "rule": pd.Series([edge.rule for edge in edges], dtype="string"),
            "score": pd.Series([edge.score for edge in edges], dtype="float64"),
        }
    )


def _unpacked(pairs: pd.DataFrame) -> Iterator[tuple[Normal, Normal]]:
    for left, right in zip(pairs["left_payload"], pairs["right_payload"], strict=True):
        yield unpack_text(left), unpack_text(right)
