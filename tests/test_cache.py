"""The cache only saves time: a hit equals a fresh computation, a damaged or foreign entry is a miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from review import cache
from review.build import build_outputs
from review.workspace import Layout
from review.workspace import open_review
from tests.builder import make_review


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEW_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_what_is_kept_comes_back(folder: Path) -> None:
    key = cache.make_key(["a"])
    assert cache.load_entry("records", key) is None
    cache.keep_entry("records", key, ("x", 1))
    assert cache.load_entry("records", key) == ("x", 1)
    assert [path.stem for path in (folder / "records").iterdir()] == [key]
    assert folder.stat().st_mode & 0o077 == 0


def test_other_parts_are_another_key() -> None:
    keys = [cache.make_key(["a", "b"]), cache.make_key(["ab"]), cache.make_key(["b", "a"])]
    keys += [
        cache.make_key(["ab"], program=(".",)),
        cache.make_key(["ab"], libraries=("numpy",)),
        cache.make_key(["a\udcff"]),
    ]
    assert len(set(keys)) == len(keys)


def test_the_version_of_what_is_not_installed_is_nothing() -> None:
    assert cache.find_version("numpy")
    assert cache.find_version("no-such-distribution") == ""


@pytest.mark.parametrize("data", [b"", b"\x80\x05not whole", b"x" * 32 + b"\x80\x05K\x01."])
def test_a_damaged_entry_is_a_miss(folder: Path, data: bytes) -> None:
    cache.keep_entry("records", "k", [1])
    (folder / "records" / "k.pickle").write_bytes(data)
    assert cache.load_entry("records", "k") is None


def test_every_changed_byte_is_noticed(folder: Path) -> None:
    cache.keep_entry("records", "k", b"abc")
    path = folder / "records" / "k.pickle"
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert cache.load_entry("records", "k") is None


def test_the_oldest_entries_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cache.MOST_ENTRIES, "records", 2)
    for name in "abcd":
        cache.keep_entry("records", name, name)
    assert len(list((folder / "records").iterdir())) == 2
    cache.keep_entry("texts", "e", "e")
    assert len(list((folder / "records").iterdir())) == 2


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEW_CACHE", "off")
    cache.keep_entry("records", "k", 1)
    assert cache.load_entry("records", "k") is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("REVIEW_CACHE", str(tmp_path / "file"))
    cache.keep_entry("records", "k", 1)
    assert cache.load_entry("records", "k") is None


class Computation:
    """Counts how often it is made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def recall(self, name: str) -> str:
        return cache.recall(["test", name], lambda: self.made.append(name) or name.upper(), program=())


def test_a_shelf_keeps_what_was_computed_for_the_next_time(folder: Path) -> None:
    work = Computation()
    with cache.open_shelf("one"):
        assert [work.recall(name) for name in "aba"] == ["A", "B", "A"]
    assert work.made == ["a", "b"]
    with cache.open_shelf("one"):
        assert [work.recall(name) for name in "ac"] == ["A", "C"]
    with cache.open_shelf("one", forget=True):
        assert work.recall("b") == "B"
    assert work.made == ["a", "b", "c"]
    with cache.open_shelf("one"):
        assert [work.recall(name) for name in "ab"] == ["A", "B"]
    with cache.open_shelf("two"):
        work.recall("b")
    assert work.made == ["a", "b", "c", "a", "b"]


def test_without_a_shelf_or_a_cache_all_is_computed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Computation()
    assert [work.recall("a"), work.recall("a")] == ["A", "A"]
    monkeypatch.setenv("REVIEW_CACHE", "off")
    with cache.open_shelf("one"):
        assert [work.recall("a"), work.recall("a")] == ["A", "A"]
    assert work.made == ["a"] * 4
    assert not folder.exists()


def test_what_fails_is_not_kept(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), cache.open_shelf("one"):
        cache.recall(["test"], lambda: 1 // 0, program=())
    assert not folder.exists()
    with cache.open_shelf("one"):
        assert cache.recall(["test"], lambda: 2, program=()) == 2


def test_a_damaged_shelf_is_empty(folder: Path) -> None:
    work = Computation()
    with cache.open_shelf("one"):
        work.recall("a")
    for path in folder.rglob("*.pickle"):
        path.write_bytes(path.read_bytes()[:-3])
    with cache.open_shelf("one"):
        assert work.recall("a") == "A"
    assert work.made == ["a", "a"]


def test_a_review_opened_from_the_cache_is_the_same(
    folder: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "SMALLEST_BYTES", 1)
    first = open_review(Layout(repository))
    kept = sorted(folder.rglob("*.pickle"))
    assert kept
    second = open_review(Layout(repository))
    assert sorted(folder.rglob("*.pickle")) == kept
    assert second.entries == first.entries
    assert second.grouping == first.grouping
    assert second.findings == first.findings


def test_a_build_without_the_cache_has_the_same_bytes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_review(tmp_path / "review")
    cold = build_outputs(made.open()).files
    assert {path.name for path in folder.iterdir()}
    warm = build_outputs(made.open()).files
    monkeypatch.setenv("REVIEW_CACHE", "off")
    assert cold == warm == build_outputs(made.open()).files
