"""Entries of sources, counted once however often a search was run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from review.model import Record
from review.model import RecordId
from review.model import Run
from review.search.entries import Loaded
from review.search.entries import list_entries

IDS = st.lists(st.sampled_from([f"pubmed:{number}" for number in range(6)]), max_size=8)


def load(source, ids, *, hour=8, lane="database", title="t", kind="import"):
    name = f"2026-01-01T{hour:02}0000Z-{source}"
    run = Run(name, source, lane, kind, f"2026-01-01T{hour:02}:00:00Z", "ris", "x.ris", "", len(ids))
    return Loaded(run, tuple(Record(RecordId(identifier), title) for identifier in ids))


def keys(*runs):
    return [entry.key for entry in list_entries(runs)]


@given(IDS, IDS)
def test_running_a_search_again_adds_only_what_is_new(first, later):
    before = keys(load("pubmed", first))
    assert keys(load("pubmed", first), load("pubmed", first, hour=9)) == before
    refreshed = keys(load("pubmed", first), load("pubmed", later, hour=9))
    assert refreshed[: len(before)] == before
    assert len(refreshed) == sum(
        max(first.count(identifier), later.count(identifier)) for identifier in {*first, *later}
    )


@given(
    st.lists(st.tuples(st.sampled_from(["pubmed", "embase", "cinahl"]), IDS), max_size=5),
    st.randoms(use_true_random=False),
)
def test_keys_are_unique_and_do_not_depend_on_the_order_of_reading(parts, random):
    runs = [load(source, ids, hour=hour) for hour, (source, ids) in enumerate(parts)]
    listed = keys(*runs)
    assert len(set(listed)) == len(listed)
    assert keys(*random.sample(runs, len(runs))) == listed


def test_one_record_in_two_sources_is_two_entries():
    entries = list_entries([load("pubmed", ["doi:10.1/a"]), load("registry", ["doi:10.1/a"], hour=9, lane="register")])
    assert [(entry.key, entry.source, entry.lane) for entry in entries] == [
        ("doi:10.1/a", "pubmed", "database"),
        ("doi:10.1/a@registry", "registry", "register"),
    ]


def test_one_record_twice_in_one_file_is_two_entries():
    assert keys(load("web", ["x:1", "x:1", "x:1"])) == ["x:1", "x:1@web#2", "x:1@web#3"]


def test_one_record_delivered_twice_by_a_service_is_one_entry():
    for kind in ("search", "citation"):
        assert keys(load("web", ["x:1", "x:2", "x:1"], kind=kind)) == ["x:1", "x:2"]


def test_a_later_run_brings_the_record_as_it_is_now():
    entries = list_entries(
        [load("pubmed", ["x:1"], hour=9, title="corrected"), load("pubmed", ["x:1", "x:2"], title="old")]
    )
    assert [(entry.key, entry.record.title) for entry in entries] == [("x:1", "corrected"), ("x:2", "old")]


def test_no_runs_have_no_entries():
    assert list_entries([]) == ()
