"""Who holds a log: a lock beside the file, which says by whom it is held and which the system releases when its holder dies."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from pathlib import Path

from review.errors import LockedError
from review.search.file_lock import hold_lock

#: More than any description of a holder is long.
_MOST_BYTES = 400


def lock_path(path: Path) -> Path:
    """Return the hidden file beside a log that stands for its lock."""
    return path.with_name(f".{path.name}.lock")


@contextmanager
def hold_file(path: Path, purpose: str, *, wait: bool = False) -> Iterator[None]:
    """Hold a log for this process alone, and take the lock's file away afterwards.

    Args:
        path: The log; its folder must exist.
        purpose: What the process does, for those that find the log held (`review screen`).
        wait: Wait until it is free instead of refusing.

    Raises:
        LockedError: If another process holds it; the error names that process.
    """
    lock = lock_path(path)
    while True:
        try:
            with hold_lock(lock, wait=wait) as descriptor:
                if not _is_current(lock, descriptor):
                    # The former holder took the file away between our opening and locking it.
                    continue
                _describe(descriptor, purpose)
                try:
                    yield
                finally:
                    # While the lock is held, so that nobody can hold a file of this name that is gone. Windows keeps open files.
                    with contextlib.suppress(OSError):
                        lock.unlink()
                return
        except LockedError as error:
            if error.path != lock:
                raise
            raise LockedError(path, _read_holder(lock)) from None


def _is_current(lock: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(lock.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _describe(descriptor: int, purpose: str) -> None:
    since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    text = f"`{purpose}` (process {os.getpid()} on {socket.gethostname()}, since {since})"
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, text.encode()[:_MOST_BYTES])


def _read_holder(lock: Path) -> str:
    try:
        with lock.open("rb") as stream:
            text = stream.read(_MOST_BYTES).decode("utf-8", "replace").strip()
    except OSError:
        text = ""
    return text or "another process"
