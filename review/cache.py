"""What was read, computed and drawn last time, kept in the user's cache so that little is done twice.

Every entry stands under a key made of all that it follows from, the program's own files included, so that a change of any of them is a
miss; so is an entry that is damaged. Nothing depends on the cache: without it everything is the same, only slower. Entries of a
kind that are not used for long give way to newer ones.

Large values are entries of their own. Small ones that a command asks for by the hundred lie together on a `Shelf`.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import importlib.metadata
import os
import pickle
import sys
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TypeVar

from review.files import write_atomic

#: The kinds of entries, and how many of each are kept; the oldest go first.
MOST_ENTRIES = {"records": 8, "sheets": 8, "texts": 2000, "shelves": 16, "builds": 64}

#: Smaller reviews open in a moment without it.
SMALLEST_BYTES = 200_000

#: The parts of the program that decide what records and groups are.
READING = ("catalogue", "formats", "search", "dedup")

_Value = TypeVar("_Value")


def find_folder() -> Path | None:
    """Return the cache's folder, None where `REVIEW_CACHE=off`."""
    chosen = os.environ.get("REVIEW_CACHE", "")
    if chosen.lower() in {"off", "no", "0"}:
        return None
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "review"


def make_key(parts: Iterable[str], *, program: Iterable[str] = READING, libraries: Iterable[str] = ()) -> str:
    """Return the key of an entry: a hash of its parts, of this program and of the Python that runs it.

    Args:
        parts: What the value follows from.
        program: The packages of the program that make it; its top-level modules always count. `.` is the whole program.
        libraries: Distributions whose version counts.
    """
    versions = [f"{name} {find_version(name)}" for name in libraries]
    head = "\n".join([sys.version, _hash_program(tuple(program)), *versions])
    digest = hashlib.sha256(f"{head}\n".encode())
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


@cache
def find_version(distribution: str) -> str:
    """Return the version of an installed distribution, nothing if it is not installed."""
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(distribution)
    return ""


def load_entry(kind: str, key: str) -> object | None:
    """Return what was kept under a key, None if there is nothing that can be read."""
    path = _find_entry(kind, key)
    if path is None or not path.is_file():
        return None
    was_collecting = gc.isenabled()
    # Everything that is loaded stays, so that looking for garbage on the way only takes time.
    gc.disable()
    try:
        checksum, data = (stored := path.read_bytes())[:32], memoryview(stored)[32:]
        if hashlib.sha256(data).digest() != checksum:
            return None
        # The folder is the user's own and private to him, as are the programs that he starts.
        kept: object = pickle.loads(data)  # noqa: S301
    except Exception:  # noqa: BLE001 (a damaged pickle may raise anything; it is only a miss)
        return None
    finally:
        if was_collecting:
            gc.enable()
    return kept


def keep_entry(kind: str, key: str, value: object) -> None:
    """Keep a value; where the folder cannot be written, nothing is kept."""
    path = _find_entry(kind, key)
    if path is None:
        return
    with contextlib.suppress(OSError):
        # Parents get the usual mode, so the private folder is made by itself.
        path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        write_atomic(path, hashlib.sha256(data).digest() + data)
        _remove_oldest(path.parent, MOST_ENTRIES[kind])


def _find_entry(kind: str, key: str) -> Path | None:
    folder = find_folder()
    return folder / kind / f"{key}.pickle" if folder else None


def _remove_oldest(folder: Path, most: int) -> None:
    ages = []
    for path in folder.glob("*.pickle"):
        # Another process may have removed it in between.
        with contextlib.suppress(FileNotFoundError):
            ages.append((path.stat().st_mtime_ns, path))
    for _, path in sorted(ages, reverse=True)[most:]:
        path.unlink(missing_ok=True)


class Shelf:
    """Small values that one command computes, kept together in one entry."""

    def __init__(self, key: str) -> None:
        self._key = key
        kept = load_entry("shelves", key)
        self._known: dict[str, object] = kept if isinstance(kept, dict) else {}
        self._used: dict[str, object] = {}

    def recall(self, key: str, compute: Callable[[], _Value]) -> _Value:
        """Return the value of a key, computed if it is not known."""
        if key in self._used:
            value = self._used[key]
        elif key in self._known:
            value = self._used[key] = self._known[key]
        else:
            value = self._used[key] = compute()
        return value  # type: ignore[return-value]  # the key names the computation, and so the type

    def close(self, *, forget: bool) -> None:
        """Keep the values for the next time; with `forget` only those that were asked for this time."""
        values = self._used if forget else self._known | self._used
        if values.keys() != self._known.keys():
            keep_entry("shelves", self._key, values)


_OPEN: ContextVar[Shelf | None] = ContextVar("shelf", default=None)


@contextmanager
def open_shelf(name: str, *, forget: bool = False) -> Iterator[None]:
    """Keep what `recall` computes inside of this for the next time that a shelf of this name is opened.

    Args:
        name: What the values belong together for, such as the folder of a review.
        forget: Drop what is not asked for any more; right for a command that asks for everything.
    """
    if find_folder() is None:
        yield
        return
    shelf = Shelf(make_key(["shelf", name], program=()))
    token = _OPEN.set(shelf)
    try:
        yield
    finally:
        _OPEN.reset(token)
    shelf.close(forget=forget)


def recall(
    parts: Iterable[str], compute: Callable[[], _Value], *, program: Iterable[str], libraries: Iterable[str] = ()
) -> _Value:
    """Return what a pure computation gives, from the open shelf if it holds it; without an open shelf it is computed.

    Args:
        parts: All that the value follows from, the name of the computation first.
        compute: The computation.
        program: The packages of the program that take part in it.
        libraries: Distributions whose version counts.
    """
    shelf = _OPEN.get()
    if shelf is None:
        return compute()
    return shelf.recall(make_key(parts, program=program, libraries=libraries), compute)


@cache
def _hash_program(packages: tuple[str, ...]) -> str:
    """Hash the state of the program's files; they do not change while it runs."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    modules = {*root.glob("*.py")}
    for package in packages:
        modules |= {path for path in (root / package).rglob("*.*") if path.suffix != ".pyc" and path.is_file()}
    for path in sorted(modules):
        state = path.stat()
        digest.update(f"{path.relative_to(root)}:{state.st_mtime_ns}:{state.st_size}\n".encode())
    return digest.hexdigest()
