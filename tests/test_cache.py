"""The cache only saves time: a hit equals a fresh reading, a damaged or foreign entry is a miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from review import cache
from review.workspace import Layout
from review.workspace import open_review


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEW_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_what_is_kept_comes_back(folder: Path) -> None:
    key = cache.make_key(["a"])
    assert cache.load_entry(key) is None
    cache.keep_entry(key, ("x", 1))
    assert cache.load_entry(key) == ("x", 1)
    assert [path.stem for path in folder.iterdir()] == [key]


def test_other_parts_are_another_key() -> None:
    assert len({cache.make_key(["a", "b"]), cache.make_key(["ab"]), cache.make_key(["b", "a"])}) == 3


def test_a_damaged_entry_is_a_miss(folder: Path) -> None:
    cache.keep_entry("k", [1])
    (folder / "k.pickle").write_bytes(b"\x80\x05not whole")
    assert cache.load_entry("k") is None


def test_the_oldest_entries_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_ENTRIES", 2)
    for name in "abcd":
        cache.keep_entry(name, name)
    assert len(list(folder.iterdir())) == 2


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEW_CACHE", "off")
    cache.keep_entry("k", 1)
    assert cache.load_entry("k") is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("REVIEW_CACHE", str(tmp_path / "file"))
    cache.keep_entry("k", 1)
    assert cache.load_entry("k") is None


def test_a_review_opened_from_the_cache_is_the_same(
    folder: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "SMALLEST_BYTES", 1)
    first = open_review(Layout(repository))
    kept = sorted(folder.iterdir())
    assert kept
    second = open_review(Layout(repository))
    assert sorted(folder.iterdir()) == kept
    assert second.entries == first.entries
    assert second.grouping == first.grouping
    assert second.findings == first.findings
