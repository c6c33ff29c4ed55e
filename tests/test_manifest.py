"""A build is current only while inputs, outputs and versions are those that its manifest names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from review import cache
from review.manifest import MANIFEST
from review.manifest import note_current
from review.manifest import read_current
from review.workspace import Layout

_PARTS = ("protocol.yaml", "queries", "extraction", "output")


@pytest.fixture
def layout(tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    monkeypatch.setenv("REVIEW_CACHE", str(tmp_path / "kept"))
    for part in _PARTS:
        source = repository / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / part)
    layout = Layout(tmp_path)
    note_current(layout)
    return layout


def test_a_build_of_another_program_is_not_current(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_current(layout) is not None
    monkeypatch.setattr(cache, "_hash_program", lambda packages: f"changed {packages}")
    assert read_current(layout) is None


def test_the_committed_build_is_current(layout: Layout) -> None:
    current = read_current(layout)
    assert current is not None
    assert MANIFEST in current.files
    assert not current.is_draft


@pytest.mark.parametrize("changed", ["protocol.yaml", "extraction/studies/narvaez-2019.yaml", "output/values.json"])
def test_a_changed_file_ends_it(layout: Layout, changed: str) -> None:
    path = layout.root / changed
    path.write_bytes(path.read_bytes() + b"\n")
    assert read_current(layout) is None


def test_a_new_or_missing_file_ends_it(layout: Layout) -> None:
    (layout.root / "queries" / "embase.yaml").write_text("source: embase\nquery: x\n")
    assert read_current(layout) is None
    (layout.root / "queries" / "embase.yaml").unlink()
    assert read_current(layout) is not None
    (layout.output / "report.html").unlink()
    assert read_current(layout) is None


def test_another_version_ends_it(layout: Layout) -> None:
    path = layout.output / MANIFEST
    manifest = json.loads(path.read_bytes())
    manifest["versions"]["review"] = "0.0.1"
    path.write_text(json.dumps(manifest))
    assert read_current(layout) is None


@pytest.mark.parametrize("text", ["", "{}", "[1]", "not json"])
def test_a_broken_manifest_is_no_build(layout: Layout, text: str) -> None:
    (layout.output / MANIFEST).write_text(text)
    assert read_current(layout) is None
