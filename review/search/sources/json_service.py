"""What the services that deliver JSON page by page do alike: count, fetch a page, notice a cursor that was forgotten."""

from __future__ import annotations

from abc import ABC
from abc import abstractmethod
from collections.abc import Callable
from collections.abc import Mapping
from typing import ClassVar
from typing import TypeVar

from review.model import Lane
from review.search.http import Answer
from review.search.http import Retry
from review.search.http import Transport
from review.search.settings import Settings
from review.search.sources.pages import Batch
from review.search.sources.pages import CursorLost
from review.search.strategy import Strategy

T = TypeVar("T")


class JsonService(ABC):
    """A service (see `pages.Service`) without what only it does: how it is asked, and what its answers mean.

    Args:
        settings: Address, e-mail and key.
        transport: Sends and repeats.
        page_size: Entries asked for at once; None for the service's usual number.
    """

    name: str
    title: str
    platform: str
    record_format: str
    lane: Lane = "database"
    first = "*"
    ends_in_itself = True
    passes = 2
    largest: int | None = None

    #: How many entries a page has, unless told otherwise.
    usual_page_size: ClassVar[int]
    #: The parameters of the cheapest question that brings the count.
    counting: ClassVar[Mapping[str, str]]

    def __init__(self, settings: Settings, transport: Transport, *, page_size: int | None = None) -> None:
        self.settings = settings
        self.transport = transport
        self.page_size = page_size or self.usual_page_size

    @abstractmethod
    def ask(self, strategy: Strategy) -> Mapping[str, str]:
        """Return the parameters that put a strategy's question."""

    @abstractmethod
    def read_batch(self, body: bytes) -> Batch:
        """Read what a page says; see `pages.Service.read_batch`."""

    @abstractmethod
    def choose_page(self, cursor: str) -> Mapping[str, str]:
        """Return the parameters that ask for the page at a cursor."""

    @abstractmethod
    def _check(self, answer: Answer) -> bytes:
        """Return the body of an answer that holds; raise for any other."""

    @abstractmethod
    def _send(self, question: Mapping[str, str], rest: Mapping[str, str], read: Callable[[Answer], T]) -> T:
        """Send a question with further parameters."""

    def has_forgotten(self, answer: Answer) -> bool:
        """Whether an answer to a page after the first says that its cursor is not known any more."""
        del answer
        return False

    def count(self, question: Mapping[str, str]) -> int:
        """Ask how many hits there are."""

        def read(answer: Answer) -> int:
            total = self.read_batch(self._check(answer)).total
            if total is None:
                raise Retry("an answer without a count")
            return total

        return self._send(question, self.counting, read)

    def fetch(self, question: Mapping[str, str], cursor: str, read: Callable[[Answer], T]) -> T:
        """Ask for the page at a cursor; the reader may raise `Retry`.

        Raises:
            CursorLost: If the service no longer knows the cursor.
        """

        def read_page(answer: Answer) -> T:
            if cursor != self.first and self.has_forgotten(answer):
                raise CursorLost
            self._check(answer)
            return read(answer)

        return self._send(question, self.choose_page(cursor), read_page)

    def describe(self, question: Mapping[str, str]) -> str:
        """Return the parameters as they were sent."""
        return "&".join(f"{name}={value}" for name, value in question.items())
