"""The order in which records are shown: who made it and with which seed, so that the log can tell and anyone can replay it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from review.model import Decision
from review.model import ReportId
from review.screening.agreement import CALIBRATION

#: The model of the order in which the runs hold the records.
FILE = "file"

#: The name of a place that chance gave, in whatever order.
RANDOM = "random"


class Order(Protocol):
    """Record ids in the order in which they are to be shown, each once.

    `model`, `seed` and the number of `votes` that it follows from say where the order comes from, so that it can be made again; `drawn` are
    those that stand where they do by chance.
    """

    @property
    def model(self) -> str:
        """The name of what ordered them."""

    @property
    def seed(self) -> int | None:
        """The seed of its random numbers; None if it has none."""

    @property
    def votes(self) -> int | None:
        """How many votes it follows from; None if it follows from none."""

    @property
    def drawn(self) -> frozenset[ReportId]:
        """The ids that were drawn at random."""

    def __iter__(self) -> Iterator[ReportId]:
        """Give the ids in order."""


class Ranker(Protocol):
    """Makes an order from the decisions so far; called anew after each of them, beside the screening."""

    def __call__(self, votes: Sequence[Decision]) -> Order:
        """Return the order that follows from the votes that stand."""


@dataclass(frozen=True, slots=True)
class FixedOrder:
    """An order that is known as a whole."""

    ids: tuple[ReportId, ...]
    model: str = FILE
    seed: int | None = None
    drawn: frozenset[ReportId] = frozenset()
    votes: int | None = None

    def __iter__(self) -> Iterator[ReportId]:
        return iter(self.ids)


def name_order(order: Order, record: ReportId) -> str:
    """Return how a log names what put a record in its place: `file`, `svm-1 seed=7 votes=12`, or `random` with the same for one that was drawn."""
    parts = [RANDOM if record in order.drawn else order.model]
    if order.seed is not None:
        parts.append(f"seed={order.seed}")
    if order.votes is not None:
        parts.append(f"votes={order.votes}")
    return " ".join(parts)


def draw_calibration(reports: Iterable[ReportId], size: int, seed: int) -> FixedOrder:
    """Draw the reports that all screeners read first.

    Each report has its place by a hash of the seed and its id, so that everybody draws the same, and reports that are found later take
    the place of few others.

    Args:
        reports: The reports of the stage.
        size: How many; all if there are fewer.
        seed: The seed of the protocol.
    """
    drawn = sorted(reports, key=lambda report: hashlib.sha256(f"{seed} {report}".encode()).digest())
    return FixedOrder(tuple(drawn[:size]), CALIBRATION, seed)
