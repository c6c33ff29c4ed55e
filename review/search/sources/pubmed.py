"""PubMed: a search that can be sworn to.

Every id is listed first and compared with the count (`pubmed_plan`). Records then come in pages from the service's stored
result, each page stored as received before it is read, and compared id by id with what was asked. What a page lacks is
asked for again by id, and named if the service still does not deliver it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from review.errors import BadResponse
from review.errors import FormatError
from review.errors import SourceUnavailable
from review.findings import Finding
from review.findings import find
from review.model import Lane
from review.model import RecordId
from review.search.http import Retry
from review.search.run_document import LineHits
from review.search.run_document import MissingHit
from review.search.run_document import RunCounts
from review.search.settings import Settings
from review.search.sources.contract import Harvest
from review.search.sources.contract import Known
from review.search.sources.contract import Page
from review.search.sources.contract import Reading
from review.search.sources.eutils import Eutils
from review.search.sources.eutils import connect
from review.search.sources.eutils_answers import HistoryLost
from review.search.sources.eutils_answers import scan_page
from review.search.sources.pubmed_plan import ANSWER_FORMAT
from review.search.sources.pubmed_plan import Plan
from review.search.sources.pubmed_plan import Planner
from review.search.sources.pubmed_plan import Slice
from review.search.sources.pubmed_reading import check_reading
from review.search.sources.pubmed_reading import list_diagnostics
from review.search.sources.pubmed_reading import write_term
from review.search.store import RunStore
from review.search.strategy import Strategy

RECORD_FORMAT = "pubmed-xml"

#: Records that were fetched to be compared, though the strategy does not find them: they are not hits.
WATCH_FORMAT = "watched-pubmed-xml"

#: Records asked for at once. The service is reported to break at 2,000; a page of 500 is some 2 to 12 MB.
PAGE_SIZE = 500
SUMMARY_SIZE = 200

#: How often ids that were not delivered are asked for by id.
ROUNDS = 2

#: How often one stored result may be lost before its records are asked for by id.
LOSSES = 3


class PubMed:
    """The source `pubmed`.

    Args:
        eutils: The client.
        page_size: Records asked for at once.
    """

    name = "pubmed"
    platform = "PubMed (NLM, E-utilities)"
    lane: Lane = "database"

    def __init__(self, eutils: Eutils, *, page_size: int = PAGE_SIZE) -> None:
        self.eutils = eutils
        self.page_size = page_size

    def name_record(self, item: str) -> RecordId:
        """Return the record id of a PubMed id."""
        return RecordId(f"pubmed:{item}")

    def read_query(self, strategy: Strategy) -> Reading:
        """Ask how PubMed reads a strategy; see `Source.read_query`."""
        lines: list[LineHits] = []
        findings: list[Finding] = []
        for line in strategy.lines[:-1]:
            answer = self.eutils.search(strategy.expand(line.number), listed=0)
            lines.append(LineHits(line.number, line.query, answer.count))
            findings += list_diagnostics(answer, strategy.origin, f"line #{line.number}: ")
        answer = self.eutils.search(write_term(strategy), listed=0)
        if strategy.lines:
            lines.append(LineHits(strategy.lines[-1].number, strategy.lines[-1].query, answer.count))
        findings += check_reading(strategy, answer)
        return Reading(answer.count, answer.translation, tuple(lines), tuple(findings))

    def search(self, strategy: Strategy, store: RunStore, known: Known | None = None) -> Generator[Page, None, Harvest]:
        """Run a strategy into the store; see `Source.search`."""
        planner = Planner(self.eutils, strategy, store)
        for name in store.list_stored("search"):
            store.describe(name, ANSWER_FORMAT, 0)
        was_planned = planner.plan.stage == "done"
        planner.make(known)
        if was_planned:
            self._compare_count(planner)
        fetcher = _Fetcher(self.eutils, planner, store, known, self.page_size)
        yield from fetcher.fetch()
        return fetcher.sum_up()

    def _compare_count(self, planner: Planner) -> None:
        """On resumption: the ids of an earlier hour are what this run holds, but a reader should know of a difference."""
        plan = planner.plan
        count = planner.search(planner.term, listed=0).count
        if count != plan.total and not any(item.code == "RUN-008" for item in plan.findings):
            message = f"PubMed counts {count:,} hits now; this run holds the {plan.total:,} of its first try"
            plan.findings.append(find("RUN-008", message, found=count, expected=plan.total))
            planner.save()


def open_source(settings: Settings, notify: Callable[[str], None] | None = None) -> PubMed:
    """Return the source with a client of its own."""
    return PubMed(Eutils(settings, connect(settings, notify=notify)))


class _Fetcher:
    """Fetches the records of a plan, beginning with what the store holds already."""

    def __init__(self, eutils: Eutils, planner: Planner, store: RunStore, known: Known | None, page_size: int) -> None:
        self.eutils = eutils
        self.planner = planner
        self.plan: Plan = planner.plan
        self.store = store
        self.page_size = page_size
        self.ids = self.plan.ids
        self.known = known or Known(frozenset(), "")
        hits = set(self.ids)
        again = (set(self.plan.changed) | self.known.watch) & hits
        self.wanted = [item for item in self.ids if item not in self.known.ids or item in again]
        self.watched = sorted(self.known.watch - hits, key=int)
        self._wanted = frozenset(self.wanted)
        self.delivered: Counter[tuple[str, str]] = Counter()
        self.received: set[str] = set()
        self.at_hand = 0
        self.gone: set[str] = set()
        self.losses: Counter[str] = Counter()

    def fetch(self) -> Iterator[Page]:
        self._take_stock()
        for part in self.plan.slices:
            for start in range(0, len(part.ids), self.page_size):
                chunk = part.ids[start : start + self.page_size]
                # A page that is wanted in part, or was delivered in part, is completed by id below.
                if self._wanted.issuperset(chunk) and self.received.isdisjoint(chunk):
                    yield from self._fetch_slice(part, start, len(chunk))
        for _ in range(ROUNDS):
            missing = self._list_missing()
            if not missing:
                break
            yield from self._fetch_ids("page", RECORD_FORMAT, missing)
            self._ask_why()
        # Few and cheap: an interrupted comparison is simply made again.
        for name in self.store.list_stored("watch"):
            self.store.discard(name)
        yield from self._fetch_ids("watch", WATCH_FORMAT, self.watched)

    def _list_missing(self) -> list[str]:
        return [item for item in self.wanted if item not in self.received and item not in self.gone]

    def _take_stock(self) -> None:
        """Learn from the stored pages themselves what an interrupted search had received; remove what is damaged."""
        for name in self.store.list_stored("page"):
            try:
                records = scan_page(self.store.read(name))
            except (Retry, FormatError):
                self.store.discard(name)
                continue
            self.store.describe(name, RECORD_FORMAT, len(records))
            self._count(records)

    def _count(self, records: Iterable[tuple[str, str]]) -> None:
        for record in records:
            self.delivered[record] += 1
            self.at_hand += record[0] in self._wanted and record[0] not in self.received
            self.received.add(record[0])

    def _reader(self, stem: str, format_name: str) -> Callable[[bytes], tuple[str, list[tuple[str, str]]]]:
        def read(body: bytes) -> tuple[str, list[tuple[str, str]]]:
            name = self.store.keep(stem, body)
            try:
                records = scan_page(body)
            except Retry:
                self.store.discard(name)
                raise
            self.store.describe(name, format_name, len(records))
            return name, [(record.pmid, record.version) for record in records]

        return read

    def _page(self, name: str) -> Page:
        return Page(name, self.at_hand, len(self.wanted))

    def _fetch_slice(self, part: Slice, start: int, size: int) -> Iterator[Page]:
        while part.web_env:
            try:
                name, records = self.eutils.fetch_slice(part.answer, start, size, self._reader("page", RECORD_FORMAT))
            except HistoryLost:
                self._search_again(part)
                continue
            self._count(records)
            yield self._page(name)
            return

    def _search_again(self, part: Slice) -> None:
        """Make a lost result anew; one that differs is not used, since its positions are not those of our ids."""
        self.losses[part.term] += 1
        losses = self.losses[part.term]
        answer = self.planner.search(part.term)
        if list(answer.ids) == part.ids and losses <= LOSSES:
            part.web_env, part.query_key = answer.web_env, answer.query_key
            message = f"PubMed lost the stored result; the search gave the same {len(part.ids):,} hits again"
            finding = find("RUN-010", message)
        elif list(answer.ids) == part.ids:
            part.web_env = ""
            finding = find("RUN-010", f"PubMed lost the stored result {losses} times; records were asked for by id")
        else:
            part.web_env = ""
            gone, new = set(part.ids) - set(answer.ids), set(answer.ids) - set(part.ids)
            message = (
                f"PubMed lost the stored result and now gives {answer.count:,} hits instead of {len(part.ids):,} "
                f"({len(new)} new, {len(gone)} gone); this run holds the first"
            )
            finding = find("RUN-008", message, found=answer.count, expected=len(part.ids), ids=sorted(new | gone))
        if finding not in self.plan.findings:
            self.plan.findings.append(finding)
        self.planner.save()

    def _fetch_ids(self, stem: str, format_name: str, ids: Sequence[str]) -> Iterator[Page]:
        for start in range(0, len(ids), self.page_size):
            name, records = self.eutils.fetch_ids(ids[start : start + self.page_size], self._reader(stem, format_name))
            if stem == "page":
                self._count(records)
            yield self._page(name)

    def _ask_why(self) -> None:
        """Learn which of the ids that were not delivered have no record; where the service cannot say, they stay open."""
        missing = self._list_missing()
        for start in range(0, len(missing), SUMMARY_SIZE):
            try:
                self.gone |= self.eutils.find_gone(missing[start : start + SUMMARY_SIZE])
            except (SourceUnavailable, BadResponse):
                return

    def sum_up(self) -> Harvest:
        """Compare what was received with what was asked."""
        hits = set(self.ids)
        wanted = self._wanted
        undelivered = wanted - self.received
        missing = [
            MissingHit(item, "no record" if item in self.gone else "not delivered")
            for item in sorted(undelivered, key=int)
        ]
        extra = sorted(self.received - hits, key=int)
        findings = [*self.plan.findings, *self._check_delivery(missing, extra)]
        held = len(hits & self.known.ids - (wanted & self.received))
        received = len(wanted & self.received)
        counts = RunCounts(
            hits=self.plan.total,
            retrieved=received + held,
            received=received,
            held=held,
            translation=self.plan.translation,
            lines=tuple(self.plan.lines),
            missing=tuple(hit for hit in missing if hit.id not in self.known.ids),
            extra=tuple(extra),
            requests={"sent": self.eutils.transport.sent, "repeated": self.eutils.transport.repeated},
            findings=tuple(findings),
        )
        return Harvest(
            counts, tuple(self.ids), tuple(sorted(wanted & self.known.ids, key=int)), self.plan.changes_unknown
        )

    def _check_delivery(self, missing: Sequence[MissingHit], extra: Sequence[str]) -> Iterator[Finding]:
        for code, reason, what in (
            ("RUN-001", "not delivered", "did not deliver"),
            ("RUN-002", "no record", "has no record for"),
        ):
            ids = [hit.id for hit in missing if hit.reason == reason]
            if ids:
                yield find(code, f"PubMed {what} {_name_ids(ids)}", found=len(ids), expected=0, ids=_as_records(ids))
        repeated = sorted({pmid for (pmid, _), times in self.delivered.items() if times > 1}, key=int)
        if repeated:
            yield find("RUN-006", f"PubMed delivered more than once {_name_ids(repeated)}", ids=_as_records(repeated))
        if extra:
            yield find("RUN-007", f"PubMed delivered unasked {_name_ids(extra)}", ids=_as_records(extra))


def _name_ids(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:5]) + (f" and {len(ids) - 5:,} more" if len(ids) > 5 else "")
    return f"{len(ids):,} {'record' if len(ids) == 1 else 'records'}: {shown}"


def _as_records(ids: Sequence[str]) -> list[str]:
    return [f"pubmed:{item}" for item in ids]
