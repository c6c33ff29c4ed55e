"""A source made of a service that pages: questions and counts here, the pages in `walk`."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator
from collections.abc import Iterator

from review.findings import Finding
from review.findings import find
from review.model import Lane
from review.model import RecordId
from review.search.run_document import LineHits
from review.search.sources.contract import Harvest
from review.search.sources.contract import Known
from review.search.sources.contract import Page
from review.search.sources.contract import Reading
from review.search.sources.pages import Service
from review.search.sources.walk import Walk
from review.search.store import RunStore
from review.search.strategy import Strategy
from review.search.strategy import StrategyLine


class PagedSource:
    """A source (see `contract.Source`) made of a service that pages.

    The ids that it lists are record ids already: the service's own key of an article with a PubMed id or a DOI would not tell
    which record it is.
    """

    def __init__(self, service: Service) -> None:
        self.service = service

    @property
    def name(self) -> str:
        """Short name, as in strategy files and run folders."""
        return self.service.name

    @property
    def platform(self) -> str:
        """Name for the PRISMA-S appendix."""
        return self.service.platform

    @property
    def lane(self) -> Lane:
        """Lane of the PRISMA 2020 diagram."""
        return self.service.lane

    def name_record(self, item: str) -> RecordId:
        """Return the record id of an item, which it is already."""
        return RecordId(item)

    def read_query(self, strategy: Strategy) -> Reading:
        """Ask how many hits there are; see `Source.read_query`."""
        lines = [LineHits(line.number, line.query, self._count_line(strategy, line)) for line in strategy.lines[:-1]]
        question = self.service.ask(strategy)
        hits = self.service.count(question)
        if strategy.lines:
            lines.append(LineHits(strategy.lines[-1].number, strategy.lines[-1].query, hits))
        findings = tuple(check_hits(self.service.title, strategy, hits))
        return Reading(hits, self.service.describe(question), tuple(lines), findings)

    def search(self, strategy: Strategy, store: RunStore, known: Known | None = None) -> Generator[Page, None, Harvest]:
        """Run a strategy into the store; see `Source.search`.

        Every page is fetched in a refresh, too: these services deliver records with the list of hits, and none of them says
        for free which have changed.
        """
        walk = Walk.resume(self.service, self.service.ask(strategy), store)
        for line in strategy.lines[len(walk.lines) : -1]:
            walk.lines.append(LineHits(line.number, line.query, self._count_line(strategy, line)))
            walk.save()
        yield from walk.fetch()
        counts = walk.sum_up()
        last = [LineHits(line.number, line.query, counts.hits) for line in strategy.lines[-1:]]
        told = check_hits(self.service.title, strategy, counts.hits or 0)
        counts = dataclasses.replace(counts, lines=(*walk.lines, *last), findings=(*counts.findings, *told))
        again = sorted(known.ids.intersection(walk.ids)) if known else []
        return Harvest(counts, tuple(walk.ids), tuple(again))

    def _count_line(self, strategy: Strategy, line: StrategyLine) -> int:
        alone = Strategy(strategy.source, query=strategy.expand(line.number), file=strategy.file)
        return self.service.count(self.service.ask(alone))


def check_hits(title: str, strategy: Strategy, hits: int) -> Iterator[Finding]:
    """Yield a finding where a service answered and has nothing."""
    if hits == 0:
        yield find("RUN-040", f"{title} answered and has no hits", strategy.origin)
