"""Folders with many sheets: what needs the full grammar is kept between commands, the rest is read anew."""

from __future__ import annotations

import pytest

from review import cache
from review import marked
from review.marked import read_several
from tests.test_plain_yaml import describe

PLAIN = "format: 1\nstudy: s{n}\n# comment\ncases:\n  - case: 's{n}-1'\n    age: {{value: NO, source: x}}\n    note: |\n      two\n      lines\n"
OTHER = PLAIN + '"quoted key": x\n'
FAULTY = PLAIN + "a: &x 5\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("REVIEW_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "SMALLEST_BYTES", 100)
    for n, text in enumerate((PLAIN, OTHER, PLAIN, FAULTY, OTHER)):
        (tmp_path / f"s{n}.yaml").write_text(text.format(n=n), "utf-8")
    return tmp_path


@pytest.fixture
def composed(monkeypatch):
    """The files that were composed with the full grammar."""
    seen = []
    original = marked.compose_marked
    monkeypatch.setattr(marked, "compose_marked", lambda text, path: seen.append(path) or original(text, path))
    return seen


def read(folder):
    return read_several({path: path.name for path in sorted(folder.glob("*.yaml"))})


def list_all(documents):
    return [(item.path, item.sha256, item.findings, describe(item.root)) for item in documents]


def test_what_is_kept_is_what_was_read(folder, composed):
    first = list_all(read(folder))
    assert composed == ["s1.yaml", "s3.yaml", "s4.yaml"]
    composed.clear()
    assert list_all(read(folder)) == first
    assert composed == []
    (folder / "s1.yaml").write_text(OTHER.format(n=9), "utf-8")
    changed = read(folder)
    assert composed == ["s1.yaml"]
    assert changed[1].root["study"] == "s9"
    assert [item.path for item in changed] == [f"s{n}.yaml" for n in range(5)]


def test_plain_sheets_need_no_cache(folder, composed):
    for n in (1, 3, 4):
        (folder / f"s{n}.yaml").unlink()
    assert [item.root["study"] for item in read(folder)] == ["s0", "s2"]
    assert composed == []
    assert not (folder / "cache").exists()


def test_without_a_cache_all_is_the_same(folder, monkeypatch):
    first = list_all(read(folder))
    monkeypatch.setenv("REVIEW_CACHE", "off")
    assert list_all(read(folder)) == first
    monkeypatch.setattr(cache, "SMALLEST_BYTES", 10**9)
    assert list_all(read(folder)) == first


@pytest.mark.parametrize(
    "damage",
    [lambda data: b"torn", lambda data: data[:-1], lambda data: data[:50] + b"\x00" + data[51:], lambda data: b""],
)
def test_a_damaged_entry_is_a_miss(folder, damage):
    first = list_all(read(folder))
    entries = list((folder / "cache").rglob("*.pickle"))
    assert entries
    for path in entries:
        path.write_bytes(damage(path.read_bytes()))
    assert list_all(read(folder)) == first


def test_no_sheets():
    assert read_several({}) == []
