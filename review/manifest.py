"""The manifest of a build: which outputs were made from which inputs, by which versions; and whether they still are."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review import __version__
from review import cache
from review.files import hash_bytes
from review.files import hash_file
from review.files import write_atomic
from review.workspace import Layout
from review.workspace import hash_inputs

MANIFEST = "manifest.json"

#: Libraries whose version may change the bytes of an output.
_SHAPING = ("jinja2", "lxml", "matplotlib", "numpy", "openpyxl", "pillow", "python-docx", "scipy")


@dataclass(frozen=True, slots=True)
class Current:
    """A build that is up to date: its files below output/, its findings as JSON, whether it is a draft."""

    files: list[str]
    findings: list[dict[str, Any]]
    is_draft: bool


def render_manifest(layout: Layout, files: dict[str, bytes], *, is_draft: bool) -> bytes:
    """Write the manifest of a build's files."""
    document = {
        "schema": 1,
        "draft": is_draft,
        "inputs": hash_inputs(layout),
        "outputs": {path: hash_bytes(data) for path, data in sorted(files.items())},
        "versions": _list_versions(),
    }
    return (json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def note_current(layout: Layout) -> None:
    """Note in the user's cache that this very program made what is in output/, or found it to be what it would make."""
    with contextlib.suppress(OSError):
        cache.keep_entry("builds", _make_key((layout.output / MANIFEST).read_bytes()), value=True)


def read_current(layout: Layout) -> Current | None:
    """Return the last build if its inputs, outputs, versions and program are those of now, so that nothing needs to be made; else None."""
    try:
        data = (layout.output / MANIFEST).read_bytes()
        manifest = json.loads(data)
        if cache.load_entry("builds", _make_key(data)) is not True:
            return None
        outputs = dict(manifest["outputs"])
        if manifest["inputs"] != hash_inputs(layout) or manifest["versions"] != _list_versions():
            return None
        if any(hash_file(layout.output / path) != digest for path, digest in outputs.items()):
            return None
        findings = json.loads((layout.output / "findings.json").read_bytes())
        return Current([*outputs, MANIFEST], findings, is_draft=bool(manifest["draft"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_outputs(output: Path) -> list[str]:
    """Return the paths that the last build says it wrote; none if there is no readable manifest."""
    try:
        document = json.loads((output / MANIFEST).read_bytes())
        paths = [str(path) for path in document["outputs"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    # A manifest that was edited must not lead to files outside of output/.
    return [path for path in paths if not Path(path).is_absolute() and ".." not in Path(path).parts]


def write_outputs(layout: Layout, files: dict[str, bytes]) -> tuple[list[str], list[str]]:
    """Write what differs from what is there; remove what an earlier build wrote and this one did not.

    Files that no build wrote are left alone. The manifest is written last, so that it never tells of files that are not there.

    Returns:
        The paths written and the paths removed, below output/.
    """
    written = []
    before = read_outputs(layout.output)
    for path, data in sorted(files.items(), key=lambda item: item[0] == MANIFEST):
        target = layout.output / path
        if not target.is_file() or target.read_bytes() != data:
            write_atomic(target, data)
            written.append(path)
    removed = sorted(path for path in before if path not in files and (layout.output / path).is_file())
    for path in removed:
        (layout.output / path).unlink()
    return written, removed


def compare_outputs(layout: Layout, files: dict[str, bytes]) -> list[str]:
    """Return the paths below output/ that are not what a build would write now."""
    stale = [path for path in read_outputs(layout.output) if path not in files]
    differing = [
        path
        for path, data in files.items()
        if not (layout.output / path).is_file() or (layout.output / path).read_bytes() != data
    ]
    return sorted({*stale, *differing})


def _make_key(manifest: bytes) -> str:
    return cache.make_key(["build", hash_bytes(manifest)], program=(".",), libraries=(*_SHAPING, "pypdf"))


def _list_versions() -> dict[str, str]:
    return {"review": __version__, **{name: importlib.metadata.version(name) for name in _SHAPING}}
