"""Ranking beside the screening: the page never waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from review.model import Decision
from review.screening.order import Order
from review.screening.order import Ranker


class Ranking:
    """Runs a ranker beside the screening; of several requests that come while it works, only the last is answered."""

    def __init__(self, rank: Ranker, adopt: Callable[[Order], None]) -> None:
        self._rank = rank
        self._adopt = adopt
        self._asked: tuple[Decision, ...] | None = None
        self._condition = threading.Condition()
        threading.Thread(target=self._work, name="ranking", daemon=True).start()

    def ask(self, votes: tuple[Decision, ...]) -> None:
        """Ask for an order by these votes."""
        with self._condition:
            self._asked = votes
            self._condition.notify()

    def _work(self) -> None:
        while True:
            with self._condition:
                while self._asked is None:
                    self._condition.wait()
                votes, self._asked = self._asked, None
            self._adopt(self._rank(votes))
