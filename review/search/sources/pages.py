"""What differs between the services that deliver records page by page, each page naming the next."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from typing import TypeVar

from review.model import Lane
from review.search.http import Answer
from review.search.http import Transport
from review.search.strategy import Strategy

T = TypeVar("T")

#: Stands for the key of an entry that has none.
UNNAMED = "(without id)"


class CursorLost(Exception):
    """The service no longer knows the page that was asked for."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one page says.

    `total` is the count of all hits, None where this page does not say it. `keys` are the service's own keys of its entries, in
    order, one for each (`UNNAMED` where it has none). `next` is where the next page begins, empty at the end.
    """

    total: int | None
    keys: tuple[str, ...]
    next: str


class Service(Protocol):
    """What differs between the services.

    `first` is the cursor of the first page. `ends_in_itself` says that a page which names itself as the next one is the last.
    `largest` is the count above which a search is no search but the service's whole stock; None where that cannot happen. `passes` is how often all pages are fetched before a difference between them and the count is believed.
    """

    name: str
    title: str
    platform: str
    lane: Lane
    record_format: str
    first: str
    ends_in_itself: bool
    passes: int
    largest: int | None
    transport: Transport

    def ask(self, strategy: Strategy) -> Mapping[str, str]:
        """Return the parameters that put a strategy's question."""

    def count(self, question: Mapping[str, str]) -> int:
        """Ask how many hits there are."""

    def fetch(self, question: Mapping[str, str], cursor: str, read: Callable[[Answer], T]) -> T:
        """Ask for the page at a cursor; the reader may raise `Retry`, the service `CursorLost`."""

    def read_batch(self, body: bytes) -> Batch:
        """Read what a page says; raises `Retry` for what is no page, `CursorLost` for a page that the service forgot."""

    def describe(self, question: Mapping[str, str]) -> str:
        """Return the question as the service was asked it, for the run's translation."""
