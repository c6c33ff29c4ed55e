"""What was read and grouped last time, kept in the user's cache so that an unchanged review opens at once.

What follows from the runs and rulings is kept (the records and their groups), and the sheets as composed, each by its hash. The key is made of the payloads' hashes, the rulings and
the program's own files, so that a change of any of them is a miss; a damaged entry is a miss, too. Nothing depends on the cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import sys
from collections.abc import Iterable
from pathlib import Path

from review.files import write_atomic

#: Entries kept in all; the oldest go first.
MOST_ENTRIES = 16

#: Smaller reviews open in a moment without it.
SMALLEST_BYTES = 200_000

#: The parts of the program that decide what records and groups are.
_READING = ("catalogue", "formats", "search", "dedup")


def find_folder() -> Path | None:
    """Return the cache's folder, None where `REVIEW_CACHE=off`."""
    chosen = os.environ.get("REVIEW_CACHE", "")
    if chosen.lower() in {"off", "no", "0"}:
        return None
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "review"


def make_key(parts: Iterable[str], *, whole: bool = False) -> str:
    """Return the key of an entry: a hash of its parts, of this program and of the Python that runs it.

    `whole` makes every part of the program count, not only those that read and group records.
    """
    digest = hashlib.sha256(f"{sys.version}\n{_hash_program(whole=whole)}\n".encode())
    for part in parts:
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()


def load_entry(key: str) -> object | None:
    """Return what was kept under a key, None if there is nothing that can be read."""
    folder = find_folder()
    path = folder / f"{key}.pickle" if folder else None
    if path is None or not path.is_file():
        return None
    try:
        # The folder is the user's own and private to him, as are the programs that he starts.
        with path.open("rb") as stream:
            kept: object = pickle.load(stream)  # noqa: S301
            return kept
    except Exception:  # noqa: BLE001 (a damaged pickle may raise anything; it is only a miss)
        return None


def keep_entry(key: str, value: object) -> None:
    """Keep a value; where the folder cannot be written, nothing is kept."""
    folder = find_folder()
    if folder is None:
        return
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomic(folder / f"{key}.pickle", pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
        entries = sorted(folder.glob("*.pickle"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in entries[MOST_ENTRIES:]:
            path.unlink(missing_ok=True)


def _hash_program(*, whole: bool) -> str:
    digest = hashlib.sha256()
    root = Path(__file__).parent
    parts = [root] if whole else [root / part for part in _READING]
    modules = {*root.glob("*.py"), *(path for part in parts for path in part.rglob("*.*") if path.suffix != ".pyc")}
    for path in sorted(modules):
        state = path.stat()
        digest.update(f"{path.relative_to(root)}:{state.st_mtime_ns}:{state.st_size}\n".encode())
    return digest.hexdigest()
