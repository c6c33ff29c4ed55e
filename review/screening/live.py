"""Ranking while one screens: an order of the unread reports by the decisions so far, with a fixed share of them drawn at random.

The random draws keep a subject that the ranking has not met from staying unread until the end, and are a sample that no ranking picked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from typing import TYPE_CHECKING

from review.model import Decision
from review.model import Record
from review.model import RecordId
from review.model import ReportId
from review.screening.models import Model
from review.screening.order import FixedOrder

if TYPE_CHECKING:
    from review.screening.ranking import Ranking

#: Every so-many-th report is drawn at random.
RANDOM_EVERY = 20


class LiveRanker:
    """Orders the reports that are still unread; weighs their words when it is first asked.

    Args:
        reports: The reports of the stage in the order of the runs.
        show: Gives the record of a report.
        group_of: Gives the report of a record id, None for an id that no run holds.
        model: The model that ranks.
        criteria: The protocol's eligibility criteria, by which reports are ranked before there is anything to learn from.
        seed: The seed of the random draws.
    """

    def __init__(
        self,
        reports: Sequence[ReportId],
        show: Callable[[ReportId], Record],
        group_of: Callable[[RecordId], ReportId | None],
        model: Model,
        *,
        criteria: str = "",
        seed: int = 1,
    ) -> None:
        self._reports = tuple(reports)
        self._show = show
        self._group_of = group_of
        self._model = model
        self._criteria = criteria
        self._seed = seed
        self._ranking: Ranking | None = None
        self._places = {report: place for place, report in enumerate(self._reports)}
        self._drawn = sorted(
            self._reports, key=lambda report: hashlib.sha256(f"random {seed} {report}".encode()).digest()
        )

    def __call__(self, votes: Sequence[Decision]) -> FixedOrder:
        """Return the order of the reports without a vote."""
        decided = {report: vote for vote in votes if (report := self._group_of(vote.record)) in self._places}
        relevant = [self._places[report] for report, vote in decided.items() if report and vote.verdict == "include"]
        irrelevant = [self._places[report] for report, vote in decided.items() if report and vote.verdict == "exclude"]
        ranked = [self._reports[place] for place in self._weigh().rank(relevant, irrelevant)]
        unread = [report for report in ranked if report not in decided]
        ids, drawn = mix_random(unread, (report for report in self._drawn if report not in decided), len(decided))
        return FixedOrder(tuple(ids), self._model.name, self._seed, frozenset(drawn), len(decided))

    def _weigh(self) -> Ranking:
        if self._ranking is None:
            from review.screening.ranking import Ranking
            from review.screening.terms import Text

            records = [self._show(report) for report in self._reports]
            texts = [
                Text(f"{record.title} {record.abstract}", (*record.mesh, *record.publication_types))
                for record in records
            ]
            self._ranking = Ranking(texts, self._model, self._criteria)
        return self._ranking


def mix_random(
    ranked: Sequence[ReportId], drawn: Iterable[ReportId], read: int, every: int = RANDOM_EVERY
) -> tuple[list[ReportId], list[ReportId]]:
    """Put a random report in every place that is a multiple of `every`, counted from the first report ever read.

    Args:
        ranked: The unread reports, the likeliest first.
        drawn: The unread reports in random order.
        read: How many have been read before.
        every: A random one comes at each multiple of this.

    Returns:
        All reports in their new order, and those among them that stand where they do by chance.
    """
    waiting = iter(drawn)
    mixed: dict[ReportId, None] = {}
    by_chance: list[ReportId] = []
    for report in ranked:
        while (read + len(mixed) + 1) % every == 0:
            chosen = next((other for other in waiting if other not in mixed), None)
            if chosen is None:
                break
            mixed[chosen] = None
            by_chance.append(chosen)
        mixed[report] = None
    return list(mixed), by_chance
