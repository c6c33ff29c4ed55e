"""More records than memory holds: every engine gives the groups of the code for what fits in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings

from review.dedup.candidates import BLOCK_CAP
from review.dedup.grouping import group_records
from review.dedup.rulings import Ruling
from review.dedup.scale.grouping import group_with
from review.model import Record
from review.model import RecordId
from tests.dedup.builder import TITLE
from tests.dedup.builder import article
from tests.dedup.growth import grow
from tests.dedup.strategies import literatures

duckdb = pytest.importorskip("duckdb")


def literature(size: int) -> list[Record]:
    """A small literature with duplicates of several kinds, grown by permuted copies."""
    seed = [
        article("a"),
        article("b", journal="J Rheumatol", pages="101-9"),
        article("c", pages=""),
        article("d", "Editorial", pages="1-3"),
        article("e", "Editorial", pages=""),
        article("f", "Editorial", pages=""),
        article("g", f"Erratum: {TITLE}", pages="999"),
        article("h", doi="10.1234/h", pages=""),
        article("i", doi="10.1234/i"),
        article("a", pages="", volume=""),
    ]
    return list(grow(seed, size))


RULINGS = [
    Ruling(RecordId("a"), RecordId("c"), "different", "am", "2026-01-01"),
    Ruling(RecordId("e"), RecordId("f"), "same", "am", "2026-01-01"),
]


def test_duckdb_gives_the_same_groups() -> None:
    from review.dedup.scale.duck import DuckEngine

    records = literature(200)
    with DuckEngine() as engine:
        assert group_with(engine, iter(records), rulings=RULINGS) == group_records(records, rulings=RULINGS)


def test_duckdb_leaves_no_files() -> None:
    from review.dedup.scale.duck import DuckEngine

    with DuckEngine() as engine:
        path = engine._path
        group_with(engine, literature(20))
    assert not path.exists()


def test_duckdb_tells_the_keys_above_the_cap() -> None:
    from review.dedup.scale.duck import DuckEngine

    records = [article(f"r{number:04}", f"{TITLE} {number}", volume=str(number)) for number in range(BLOCK_CAP + 1)]
    with DuckEngine() as engine:
        assert group_with(engine, records) == group_records(records)


def test_duckdb_takes_no_records() -> None:
    from review.dedup.scale.duck import DuckEngine

    with DuckEngine() as engine:
        assert group_with(engine, []).groups == ()


@given(literatures())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_duckdb_gives_the_same_groups_for_any_literature(records: list[Record]) -> None:
    from review.dedup.scale.duck import DuckEngine

    with DuckEngine() as engine:
        assert group_with(engine, records) == group_records(records)


@pytest.fixture
def local_cluster() -> Iterator[object]:
    """A cluster of two processes on this machine."""
    pytest.importorskip("dask.dataframe")
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_dask_gives_the_same_groups_on_a_local_cluster(local_cluster: object) -> None:
    from review.dedup.scale.tasks import DaskEngine

    records = literature(200)
    expected = group_records(records, rulings=RULINGS)
    assert group_with(DaskEngine(partitions=3), iter(records), rulings=RULINGS) == expected


@pytest.mark.filterwarnings("default")
def test_dask_gives_the_same_groups_in_one_process() -> None:
    pytest.importorskip("dask.dataframe")
    import dask

    from review.dedup.scale.tasks import DaskEngine

    records = [
        *literature(30),
        *(article(f"r{number:04}", f"{TITLE} {number}", volume=str(number)) for number in range(BLOCK_CAP + 1)),
    ]
    with dask.config.set(scheduler="synchronous"):
        assert group_with(DaskEngine(partitions=2), records) == group_records(records)
