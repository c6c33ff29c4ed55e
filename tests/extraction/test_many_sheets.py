"""Folders with many sheets: composing them is kept between commands."""

from __future__ import annotations

import pytest

from review import cache
from review import marked
from review.marked import read_several

SHEET = "format: 1\nstudy: s{n}\n# comment\ncases:\n  - case: 's{n}-1'\n    age: {{value: NO, source: x}}\n    note: |\n      two\n      lines\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("REVIEW_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "SMALLEST_BYTES", 100)
    for n in range(5):
        (tmp_path / f"s{n}.yaml").write_text(SHEET.format(n=n) + ("a: &x 5\n" if n == 3 else ""), "utf-8")
    return tmp_path


def read(folder):
    return read_several({path: path.name for path in sorted(folder.glob("*.yaml"))})


def describe(node):
    """Everything that a node knows."""
    if isinstance(node, marked.Text):
        return (str(node), node.line, node.is_plain)
    if isinstance(node, marked.Items):
        return (node.line, [describe(item) for item in node])
    return (node.line, node.lines, {key: describe(value) for key, value in node.items()})


def list_all(documents):
    return [(item.path, item.sha256, item.findings, describe(item.root)) for item in documents]


def test_what_is_kept_is_what_was_read(folder, monkeypatch):
    first = list_all(read(folder))
    read_before = []
    original = marked.read_marked
    monkeypatch.setattr(marked, "read_marked", lambda path, shown: read_before.append(shown) or original(path, shown))
    assert list_all(read(folder)) == first
    assert read_before == []
    (folder / "s2.yaml").write_text(SHEET.format(n=9), "utf-8")
    changed = read(folder)
    assert read_before == ["s2.yaml"]
    assert changed[2].root["study"] == "s9"
    assert [item.path for item in changed] == [f"s{n}.yaml" for n in range(5)]


def test_without_a_cache_all_is_the_same(folder, monkeypatch):
    first = list_all(read(folder))
    monkeypatch.setenv("REVIEW_CACHE", "off")
    assert list_all(read(folder)) == first
    monkeypatch.setattr(cache, "SMALLEST_BYTES", 10**9)
    assert list_all(read(folder)) == first


def test_a_damaged_entry_is_a_miss(folder):
    first = list_all(read(folder))
    for path in (folder / "cache").glob("*.pickle"):
        path.write_bytes(b"torn")
    assert list_all(read(folder)) == first


def test_no_sheets(tmp_path):
    assert read_several({}) == []
