"""How fast a person screens, and how long the rest takes at that pace."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

#: Decisions older than this say nothing on the pace now.
WINDOW_SECONDS = 600.0

#: A longer pause than this is not time spent on a record.
PAUSE_SECONDS = 120.0


def measure_pace(times: Sequence[float]) -> float | None:
    """Return the decisions per minute over the last ten minutes of work, pauses left out.

    Args:
        times: When each decision was made, in seconds, in order.

    Returns:
        None for fewer than two decisions.
    """
    recent = [time for time in times if times[-1] - time <= WINDOW_SECONDS] if times else []
    spans = [later - earlier for earlier, later in pairwise(recent)]
    worked = [span for span in spans if 0 < span <= PAUSE_SECONDS]
    return 60 * len(worked) / sum(worked) if worked else None
