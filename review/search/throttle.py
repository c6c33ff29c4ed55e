"""The rate limit of a service, kept by all processes of a user together.

Services count request starts per address, not per process: two searches at once must share the limit. Each start takes
the next free moment from a small file under a lock, then sleeps until that moment without the lock. Where the file cannot
be used (a read-only home, a file system without locks) the limit is kept within the process alone.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from review.search.file_lock import hold_lock

#: A moment further ahead than this, in seconds, comes from a clock that was set back, not from a queue.
HORIZON_SECONDS = 300.0


class Throttle:
    """Spaces the starts of requests to one service.

    Args:
        name: Of the service's address: all who talk to it share the limit.
        interval_seconds: Least time between two starts.
        folder: For the shared file; None keeps the limit within the process.
        clock: Seconds since the epoch: the one clock that all processes share.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        name: str,
        interval_seconds: float,
        *,
        folder: Path | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.interval_seconds = interval_seconds
        self._path = folder / f"rate-{re.sub(r'[^A-Za-z0-9.-]+', '_', name)}" if folder else None
        self._clock = clock
        self._sleep = sleep
        self._own_next = 0.0

    @property
    def is_shared(self) -> bool:
        """Whether other processes keep to the same limit."""
        return self._path is not None

    def wait(self) -> None:
        """Take the next free moment and sleep until it has come."""
        moment = self._take(self.interval_seconds)
        delay = moment - self._clock()
        if delay > 0:
            self._sleep(delay)

    def push(self, seconds: float) -> None:
        """Let nobody start within so many seconds: the service has told us to slow down."""
        self._take(min(seconds, HORIZON_SECONDS / 2), reserve=True)

    def _take(self, step: float, *, reserve: bool = False) -> float:
        """Move the next free moment on by a step; return the moment taken (reserve: from now)."""
        if self._path is not None:
            try:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with hold_lock(self._path, private=True) as descriptor:
                    self._own_next = max(self._own_next, _read_moment(descriptor))
                    moment = self._advance(step, reserve=reserve)
                    os.lseek(descriptor, 0, os.SEEK_SET)
                    os.write(descriptor, f"{self._own_next:020.6f}\n".encode())
                    return moment
            except OSError:
                self._path = None
        return self._advance(step, reserve=reserve)

    def _advance(self, step: float, *, reserve: bool) -> float:
        now = self._clock()
        if self._own_next > now + HORIZON_SECONDS:
            self._own_next = now
        moment = now if reserve else max(now, self._own_next)
        self._own_next = max(self._own_next, moment + step)
        return moment


def _read_moment(descriptor: int) -> float:
    try:
        return float(os.read(descriptor, 64) or 0)
    except ValueError:
        return 0.0
