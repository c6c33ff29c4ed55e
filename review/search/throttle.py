"""The rate limit of a service, kept by all processes of a user together.

Services count request starts per address, not per process: two searches at once must share the limit. A small file holds the
moment from which the next start is free. Whoever finds it past, under a lock, moves it on and starts; the others sleep, without
the lock, and look again. The moment counts from the actual start, so that a process that was held up does not start its
next requests too close. Where the file cannot be used (a read-only home, a file system without locks) the limit is kept within
the process alone.
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
        self._free_from = 0.0

    @property
    def is_shared(self) -> bool:
        """Whether other processes keep to the same limit."""
        return self._path is not None

    def wait(self) -> None:
        """Sleep until a start is free, and take it."""
        while delay := self._try_start():
            self._sleep(delay)

    def push(self, seconds: float) -> None:
        """Let nobody start within so many seconds: the service has told us to slow down."""
        until = self._clock() + min(seconds, HORIZON_SECONDS / 2)
        self._update(lambda moment: max(moment, until))

    def _try_start(self) -> float:
        """Start if that is free now and return 0; else return the seconds until it may be."""
        now = self._clock()
        delay = 0.0

        def advance(moment: float) -> float:
            nonlocal delay
            # A moment far ahead was written by a clock that was set back since.
            if now < moment <= now + HORIZON_SECONDS:
                delay = moment - now
                return moment
            return now + self.interval_seconds

        self._update(advance)
        return delay

    def _update(self, change: Callable[[float], float]) -> None:
        """Replace the moment from which a start is free, for all processes if that can be."""
        if self._path is not None:
            try:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with hold_lock(self._path, private=True) as descriptor:
                    self._free_from = change(_read_moment(descriptor))
                    os.lseek(descriptor, 0, os.SEEK_SET)
                    os.write(descriptor, f"{self._free_from:020.6f}\n".encode())
                    return
            except OSError:
                self._path = None
        self._free_from = change(self._free_from)


def _read_moment(descriptor: int) -> float:
    try:
        return float(os.read(descriptor, 64) or 0)
    except ValueError:
        return 0.0
