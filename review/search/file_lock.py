"""A lock between processes on one machine, which the system releases when its holder dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from review.errors import LockedError

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, wait: bool) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int, *, wait: bool) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


@contextmanager
def hold_lock(path: Path, *, wait: bool = True, private: bool = False) -> Iterator[int]:
    """Hold the lock of a file, which is made if need be, and give its descriptor for reading and writing.

    The file stays behind: removing it would let two processes hold locks on two files of one name.

    Args:
        path: The lock's file; its folder must exist.
        wait: Wait for the other holder; else raise at once.
        private: Refuse to follow a symbolic link, for files in a folder that others can write.

    Raises:
        LockedError: If another process holds it and `wait` is False.
        OSError: If the file cannot be opened or the file system knows no locks.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
    if private:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        try:
            _lock(descriptor, wait=wait)
        except (BlockingIOError, PermissionError):
            if wait:
                raise
            raise LockedError(path, "another process") from None
        yield descriptor
    finally:
        # Closing releases the lock, also on Windows.
        os.close(descriptor)
