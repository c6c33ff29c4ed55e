"""The pages of one question: fetched one behind the other, stored as received, compared with the count, resumable.

The pages are the plan: each is stored before it is read, and says itself where the next begins, so a search that was killed goes on
behind its last whole page. A cursor may have been forgotten by then, or be forgotten on the way; then the pages are fetched anew
from the first. What the pages hold, by the service's own keys, is compared with the count that the service gives; where it is less,
all is fetched once more before the difference is told.
"""

from __future__ import annotations

import importlib
import io
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import cast

from review.errors import BadResponse
from review.errors import FormatError
from review.errors import SourceUnavailable
from review.findings import Finding
from review.findings import find
from review.formats.registry import FORMATS
from review.model import Record
from review.model import RecordId
from review.search.http import Answer
from review.search.http import Retry
from review.search.run_document import LineHits
from review.search.run_document import MissingHit
from review.search.run_document import RunCounts
from review.search.sources.contract import Page
from review.search.sources.pages import Batch
from review.search.sources.pages import CursorLost
from review.search.sources.pages import Service
from review.search.store import RunStore

#: How often a forgotten cursor is borne.
RESTARTS = 3


@dataclass
class Walk:
    """The pages of one question in one store, from the first to the last.

    Attributes:
        service: Whom to ask.
        question: What to ask.
        store: Where the pages are kept.
        stem: Names their files; several walks of one store have different ones.
        format_name: What the files are noted as, where they are not hits.
        ids: Record ids of the hits, in order.
    """

    service: Service
    question: Mapping[str, str]
    store: RunStore
    stem: str
    format_name: str
    lines: list[LineHits] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ids: dict[RecordId, None] = field(default_factory=dict)
    passes: int = 1
    restarts: int = 0
    first_total: int | None = None
    total: int | None = None
    cursor: str = ""
    keys: Counter[str] = field(default_factory=Counter)
    unread: dict[str, None] = field(default_factory=dict)

    @classmethod
    def resume(
        cls,
        service: Service,
        question: Mapping[str, str],
        store: RunStore,
        stem: str = "page",
        format_name: str = "",
    ) -> Walk:
        """Begin, or go on behind the pages that the store holds."""
        walk = cls(service, question, store, stem, format_name or service.record_format, cursor=service.first)
        state = cast("Mapping[str, Any]", store.load_state().get(stem, {}))
        walk.lines = [LineHits(*item) for item in state.get("lines", ())]
        walk.findings = [find(item["code"], item["message"]) for item in state.get("findings", ())]
        walk.passes, walk.restarts = int(state.get("passes", 1)), int(state.get("restarts", 0))
        walk._take_stock()
        return walk

    def save(self) -> None:
        """Keep on disk what the pages do not say."""
        state = {
            "lines": [[line.line, line.query, line.hits] for line in self.lines],
            "findings": [{"code": item.code, "message": item.message} for item in self.findings],
            "passes": self.passes,
            "restarts": self.restarts,
        }
        self.store.save_state({**self.store.load_state(), self.stem: state})

    def fetch(self) -> Iterator[Page]:
        """Fetch the pages that are not at hand; yield after each.

        Raises:
            SourceError: If the service fails for good, or forgets its cursors again and again.
        """
        while True:
            while self.cursor:
                try:
                    yield self._fetch_page()
                except CursorLost:
                    self._lose_cursor()
            if self.passes >= self.service.passes or len(self.keys) >= (self.total or 0):
                return
            self.passes += 1
            self._start_again()

    def sum_up(self) -> RunCounts:
        """Compare what was received with the count."""
        title, listed = self.service.title, len(self.keys)
        total = self.total or 0
        findings = list(self.findings)
        if self.first_total not in (None, total):
            message = f"the count went from {self.first_total:,} to {total:,} while {listed:,} records were listed"
            findings.append(find("RUN-008", message, found=total, expected=self.first_total))
        if listed < total:
            message = f"{title} counts {total:,} hits and lists {listed:,}, in {self.passes} passes over all pages"
            findings.append(find("RUN-009", message, found=listed, expected=total))
        elif listed > total:
            findings.append(
                find("RUN-041", f"{title} counts {total:,} hits and lists {listed:,}", found=listed, expected=total)
            )
            total = listed
        repeated = sorted(key for key, times in self.keys.items() if times > 1)
        if repeated:
            findings.append(find("RUN-006", f"{title} delivered more than once {name_keys(repeated)}", ids=repeated))
        if self.unread:
            unread = sorted(self.unread)
            message = f"{title} delivered {name_keys(unread)} in a form that is no record"
            findings.append(find("RUN-002", message, found=len(unread), expected=0, ids=unread))
        retrieved = listed - len(self.unread)
        return RunCounts(
            hits=total,
            retrieved=retrieved,
            received=retrieved,
            translation=self.service.describe(self.question),
            missing=tuple(MissingHit(key, "no record") for key in sorted(self.unread)),
            requests={"sent": self.service.transport.sent, "repeated": self.service.transport.repeated},
            findings=tuple(findings),
        )

    def _take_stock(self) -> None:
        """Read the stored pages in order; behind one that is damaged, all are fetched anew."""
        names = self.store.list_stored(self.stem)
        for place, name in enumerate(names):
            try:
                body = self.store.read(name)
                batch, ids, unread = self._read(body, is_first=place == 0)
            except (Retry, CursorLost, FormatError):
                for damaged in names[place:]:
                    self.store.discard(damaged)
                return
            self._add(name, batch, ids, unread)

    def _fetch_page(self) -> Page:
        is_first = self.cursor == self.service.first

        def read(answer: Answer) -> tuple[str, Batch, list[RecordId], list[str]]:
            name = self.store.keep(self.stem, answer.body, suffix="json")
            try:
                return name, *self._read(answer.body, is_first=is_first)
            except BaseException:
                self.store.discard(name)
                raise

        name, batch, ids, unread = self.service.fetch(self.question, self.cursor, read)
        most = self.service.largest
        if is_first and most is not None and (batch.total or 0) > most:
            self.store.discard(name)
            raise BadResponse(
                self.service.name,
                f"{self.service.title} finds {batch.total:,} records, since it ranks rather than matches; more than {most:,} are not fetched",
                hint="bound the strategy by filters and dates, and look at the count with --dry-run",
            )
        self._add(name, batch, ids, unread)
        return Page(name, len(self.keys), max(self.total or 0, len(self.keys)))

    def _read(self, body: bytes, *, is_first: bool) -> tuple[Batch, list[RecordId], list[str]]:
        batch = self.service.read_batch(body)
        if is_first and batch.total is None:
            raise Retry("an answer without a count")
        if is_first and batch.total and not batch.keys:
            raise Retry("a count without records")
        ids, unread = list_records(body, batch.keys, self.service.record_format, self.service.name)
        return batch, ids, unread

    def _add(self, name: str, batch: Batch, ids: list[RecordId], unread: list[str]) -> None:
        self.store.describe(name, self.format_name, len(ids))
        before = len(self.keys)
        self.keys.update(batch.keys)
        self.ids.update(dict.fromkeys(ids))
        self.unread.update(dict.fromkeys(unread))
        if batch.total is not None:
            self.first_total = batch.total if self.first_total is None else self.first_total
            self.total = batch.total
        is_new = len(self.keys) > before
        names_itself = self.service.ends_in_itself and batch.next == self.cursor
        # A page that brings nothing new ends the walk: services repeat their last page rather than say that it was the last.
        is_whole = len(self.keys) >= (self.total or 0)
        self.cursor = "" if not is_new or names_itself or is_whole else batch.next

    def _lose_cursor(self) -> None:
        self.restarts += 1
        if self.restarts > RESTARTS:
            raise SourceUnavailable(
                self.service.name,
                f"{self.service.title} forgot where the list of hits goes on, {self.restarts} times",
                hint="this says nothing about the number of hits; run the command again later",
            )
        message = f"{self.service.title} forgot where the list of hits goes on; it was fetched anew from its beginning"
        if not any(item.message == message for item in self.findings):
            self.findings.append(find("RUN-042", message))
        self._start_again()

    def _start_again(self) -> None:
        for name in self.store.list_stored(self.stem):
            self.store.discard(name)
        self.save()
        self.cursor, self.total, self.first_total = self.service.first, None, None
        self.keys.clear()
        self.ids.clear()
        self.unread.clear()


def list_records(body: bytes, keys: tuple[str, ...], format_name: str, source: str) -> tuple[list[RecordId], list[str]]:
    """Read a page as the review will; return its record ids and the keys of the entries that gave none.

    Raises:
        Retry: If the page cannot be read at all.
    """
    reader = FORMATS[format_name]
    parse = getattr(importlib.import_module(reader.module), reader.function)
    try:
        items = [
            item for item in parse(io.BytesIO(body), path=format_name, source=source) if not isinstance(item, Finding)
        ]
    except FormatError:
        raise Retry("a page that cannot be read") from None
    ids = [item.id for item in items if isinstance(item, Record)]
    return ids, [key for key, item in zip(keys, items, strict=True) if not isinstance(item, Record)]


def name_keys(keys: Sequence[str]) -> str:
    """Say how many records and the first few of them."""
    shown = ", ".join(keys[:5]) + (f" and {len(keys) - 5:,} more" if len(keys) > 5 else "")
    return f"{len(keys):,} {'record' if len(keys) == 1 else 'records'}: {shown}"
