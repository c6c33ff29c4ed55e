"""What a source is: a client of one service that counts, lists and delivers, and never lets a failure look like zero.

A source stores every answer in the run before it concludes anything from it, so that a search that is killed at any point
goes on where it stopped. How it does that is its own matter (pages, cursors, ranges); what it owes is here.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Protocol

from review.findings import Finding
from review.model import Lane
from review.model import RecordId
from review.search.run_document import LineHits
from review.search.run_document import RunCounts
from review.search.store import RunStore
from review.search.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Reading:
    """How a service reads a strategy: hits, translation, hits per line, and what it dropped or remarked."""

    hits: int
    translation: str = ""
    lines: tuple[LineHits, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs of this source hold, so that a refresh fetches only what it must.

    All ids are the service's own. `ids` are held already; those of `watch` are compared with the service's current records whatever it says about changes,
    also where the strategy does not find them any more. `retracted` are those whose held record says so. `since` is when the
    last complete run started (UTC, ISO 8601).
    """

    ids: frozenset[str]
    since: str
    watch: frozenset[str] = frozenset()
    retracted: frozenset[str] = frozenset()

    def changed_since(self, margin_days: int) -> str:
        """Return the day of `since` less a margin, as `YYYY/MM/DD`."""
        return (datetime.fromisoformat(self.since) - timedelta(days=margin_days)).strftime("%Y/%m/%d")


@dataclass(frozen=True, slots=True)
class Page:
    """A stored piece of a search: its file, and how many of the wanted records are at hand now."""

    file: str
    received: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Harvest:
    """All that a search found.

    `ids` are the service's own ids of every hit. `fetched_known` are those that were held already and were fetched again, for
    comparison; `counts.findings` is what a person should know of the search itself. `changes_unknown` says that the service
    could not tell which of the held records have changed, so that only those of `Known.watch` were compared.
    """

    counts: RunCounts
    ids: tuple[str, ...]
    fetched_known: tuple[str, ...] = ()
    changes_unknown: bool = False


class Source(Protocol):
    """A client of one service."""

    @property
    def name(self) -> str:
        """Short name, as in strategy files and run folders."""

    @property
    def platform(self) -> str:
        """Name for the PRISMA-S appendix, with the way of access: `PubMed (NLM, E-utilities)`."""

    @property
    def lane(self) -> Lane:
        """Lane of the PRISMA 2020 diagram."""

    def name_record(self, item: str) -> RecordId:
        """Return the record id that the reader of this source's payload gives to the hit with this id of the service."""

    def read_query(self, strategy: Strategy) -> Reading:
        """Ask how many hits there are and how the service reads the strategy, without fetching anything.

        Raises:
            SourceError: If the service cannot say.
        """

    def search(self, strategy: Strategy, store: RunStore, known: Known | None = None) -> Generator[Page, None, Harvest]:
        """Run the strategy into the store, or go on with what the store holds already; yield after every stored page.

        Args:
            strategy: What to ask.
            store: Of this run alone; the source stores bodies and its plan there and never finishes it.
            known: For a refresh; None fetches every hit.

        Raises:
            SourceError: If the service fails for good; the store stays resumable.
        """
