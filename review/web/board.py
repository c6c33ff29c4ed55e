"""What one screener sees: the reports at each stage, what waits, the person's own decisions, and how many votes others gave.

A board is made of what its screener may see (`review.screening.sight`) and never holds a vote that is still hidden from that person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from review.model import Decision
from review.model import ReportId
from review.model import Stage
from review.protocol import STAGES
from review.rows import read_rows
from review.screening import consensus
from review.screening.consensus import Settlement
from review.screening.log import REQUIRED
from review.screening.log import parse_log
from review.screening.log import stand
from review.screening.order import FixedOrder
from review.screening.order import Order
from review.screening.order import draw_calibration
from review.screening.order import name_order
from review.screening.sight import open_sight
from review.screening.tasks import Conflict
from review.screening.tasks import list_conflicts
from review.screening.tasks import list_stage
from review.screening.tasks import list_waiting
from review.web.library import Library
from review.workspace import Layout


class Board:
    """The board of one screener over one library.

    `mine` are the person's decisions that stand, by stage and report; `pools` the reports that have come to each stage; `waiting` those
    that need this person's vote; `others` counts the votes of others by stage and person; `conflicts` are those that may be seen.
    """

    def __init__(self, who: str, layout: Layout, library: Library) -> None:
        self.who = who
        self.library = library
        self.mine: dict[Stage, dict[ReportId, Decision]] = {stage: {} for stage in STAGES}
        self.pools: dict[Stage, list[ReportId]] = {}
        self.waiting: dict[Stage, set[ReportId]] = {}
        self.others: Mapping[Stage, Mapping[str, int]] = {}
        self.conflicts: list[Conflict] = []
        self._layout = layout
        self._stamps: dict[Path, tuple[int, int]] = {}
        self._ranked: Order | None = None
        self._places: dict[Stage, dict[ReportId, tuple[int, str]]] = {stage: {} for stage in STAGES}
        self.refresh()

    def refresh(self) -> None:
        """Read the logs again if one of them has changed: another person may have voted, a branch may have been merged."""
        paths = [*self._layout.list_logs(), self._layout.consensus]
        stamps = {path: _stamp(path) for path in paths if path.is_file()}
        if self.pools and stamps == self._stamps:
            return
        library, protocol = self.library, self.library.protocol
        group_of = library.report_of.get
        sight = open_sight(self._read_votes(), self.who, group_of, protocol)
        agreed, _ = consensus.reach_consensus(sight.votes, self._read_settlements(), group_of, protocol)
        self.mine = {stage: {} for stage in STAGES}
        for vote in sight.votes:
            report = group_of(vote.record)
            if vote.by == self.who and report is not None:
                self.mine[vote.stage][report] = vote
        for stage in STAGES:
            pool = list_stage(stage, library.reports, agreed, library.unscreened)
            waiting = list_waiting(stage, pool, self.who, sight, agreed, protocol)
            is_same = pool == self.pools.get(stage)
            self.pools[stage], self.waiting[stage] = pool, set(waiting)
            if not is_same:
                self._arrange(stage)
        counts: dict[Stage, Counter[str]] = {stage: Counter() for stage in STAGES}
        for (_, stage), people in sight.voters.items():
            counts[stage].update(people - {self.who})
        self.others = {stage: dict(sorted(counter.items())) for stage, counter in counts.items()}
        self.conflicts = list_conflicts(library.reports, STAGES, agreed)
        self._stamps = stamps

    def _read_votes(self) -> list[Decision]:
        decisions: list[Decision] = []
        for path in self._layout.list_logs():
            rows = read_rows(path, self._layout.show(path), REQUIRED)
            decisions += parse_log(rows, self.library.protocol)[0]
        return stand(decisions)

    def _read_settlements(self) -> Sequence[Settlement]:
        path = self._layout.consensus
        if not path.is_file():
            return []
        rows = read_rows(path, self._layout.show(path), consensus.COLUMNS[:5])
        return consensus.parse_settlements(rows, self.library.protocol)[0]

    def adopt_order(self, order: Order) -> None:
        """Show titles and abstracts in this order from now on, after the calibration sample."""
        self._ranked = order
        self._arrange("title-abstract")

    def _arrange(self, stage: Stage) -> None:
        pool, plan = self.pools[stage], self.library.protocol.screening
        orders: list[Order] = [FixedOrder(tuple(pool))]
        if stage == "title-abstract":
            if self._ranked is not None:
                orders.insert(0, self._ranked)
            if plan.calibration:
                orders.insert(0, draw_calibration(pool, plan.calibration, plan.seed))
        known, names = set(pool), dict[ReportId, str]()
        for order in orders:
            for record in order:
                report = self.library.report_of.get(record)
                if report is not None and report in known:
                    names.setdefault(report, name_order(order, record))
        self._places[stage] = {report: (place, name) for place, (report, name) in enumerate(names.items(), start=1)}

    def find_next(self, stage: Stage, count: int, passed: Iterable[ReportId] = ()) -> list[ReportId]:
        """Return the next reports that wait for this person, leaving out those already `passed`."""
        waiting = self.waiting[stage] - set(passed)
        found: list[ReportId] = []
        for report in self._places[stage]:
            if len(found) >= count:
                break
            if report in waiting:
                found.append(report)
        return found

    def locate(self, stage: Stage, report: ReportId) -> tuple[int, str]:
        """Return the place of a report in its order, from 1, and the order's name; 0 where it is in none."""
        return self._places[stage].get(report, (0, ""))

    def list_mine(self, stage: Stage) -> list[tuple[ReportId, Decision]]:
        """Return this person's decisions at a stage, the latest first."""
        return sorted(self.mine[stage].items(), key=lambda item: datetime.fromisoformat(item[1].time), reverse=True)


def _stamp(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_mtime_ns, state.st_size
