"""One screener's desk: what waits, what is decided, and every decision on disk before it counts.

All methods may be called from several threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from review.model import Decision
from review.model import ReportId
from review.model import Stage
from review.model import Verdict
from review.protocol import STAGES
from review.screening.changes import hash_shown
from review.screening.consensus import COLUMNS as CONSENSUS_COLUMNS
from review.screening.log import VERDICTS
from review.screening.logfile import LogFile
from review.screening.logfile import flatten
from review.screening.logfile import open_log
from review.screening.order import FixedOrder
from review.screening.order import Order
from review.screening.order import Ranker
from review.screening.pace import measure_pace
from review.screening.tasks import Conflict
from review.web.board import Board
from review.web.library import Library
from review.web.ranking import Ranking
from review.workspace import Layout

#: Longest note, in characters.
NOTE_LIMIT = 2000


class RefusedError(Exception):
    """A change that cannot be made. `is_outdated`: the page did not know of a decision made elsewhere; `current` is that one."""

    def __init__(self, message: str, *, is_outdated: bool = False, current: Decision | None = None) -> None:
        super().__init__(message)
        self.is_outdated = is_outdated
        self.current = current


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose on the page. `known` is the time of the decision that the page shows, empty for none."""

    stage: Stage
    record: ReportId
    verdict: Verdict
    reason: str = ""
    note: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a person is at a stage. `pace` is decisions per minute, None before there is one; `others` counts others' votes."""

    stage: Stage
    total: int
    left: int
    include: int
    exclude: int
    unsure: int
    pace: float | None
    others: Mapping[str, int]
    conflicts: int


class Desk:
    """The desk of one screener over one library; `log` is that person's open log."""

    def __init__(
        self,
        who: str,
        layout: Layout,
        library: Library,
        log: LogFile,
        *,
        rank: Ranker | None = None,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.who = who
        self.library = library
        self._layout = layout
        self._log = log
        self._timer = timer
        self._lock = threading.RLock()
        self._board = Board(who, layout, library)
        self._times: dict[Stage, list[float]] = {stage: [] for stage in STAGES}
        self._settled: list[Choice] = []
        self._offered: dict[tuple[Stage, ReportId], tuple[int, str]] = {}
        self._ranking = Ranking(rank, self._adopt_order) if rank else None
        self._rank_again()

    def refresh(self) -> None:
        """Take in what others have voted and merged meanwhile."""
        with self._lock:
            self._board.refresh()

    def offer(self, stage: Stage, count: int, passed: Iterable[ReportId] = ()) -> list[ReportId]:
        """Return the next reports that wait for this person, leaving out those already `passed`, and note where each stands now."""
        with self._lock:
            found = self._board.find_next(stage, count, passed)
            for report in found:
                self._offered[stage, report] = self._board.locate(stage, report)
            return found

    def list_waiting(self, stage: Stage) -> list[ReportId]:
        """Return all reports that wait for this person in their order."""
        with self._lock:
            return self._board.find_next(stage, len(self._board.pools[stage]))

    def locate(self, stage: Stage, report: ReportId) -> tuple[int, str]:
        """Return the place that a report had in its order when it was offered (else has now), from 1, and the order's name.

        The place is 0 for a report that is in no order. Orders change while one reads, so that the place now is not what put the report
        before the reader.
        """
        with self._lock:
            return self._offered.get((stage, report)) or self._board.locate(stage, report)

    def list_stage(self, stage: Stage) -> list[ReportId]:
        """Return the reports that have come to a stage."""
        with self._lock:
            return list(self._board.pools[stage])

    def look_up(self, stage: Stage, report: ReportId) -> Decision | None:
        """Return this person's decision that stands."""
        with self._lock:
            return self._board.mine[stage].get(report)

    def list_mine(self, stage: Stage) -> list[tuple[ReportId, Decision]]:
        """Return this person's decisions at a stage, the latest first."""
        with self._lock:
            return self._board.list_mine(stage)

    def list_conflicts(self) -> list[Conflict]:
        """Return the conflicts that this person may see, as they are now."""
        with self._lock:
            self._board.refresh()
            return list(self._board.conflicts)

    @property
    def may_settle(self) -> bool:
        """Whether the protocol lets this person settle conflicts."""
        named = self.library.protocol.screening.settled_by
        return not named or self.who in named

    def count(self, stage: Stage) -> Tally:
        """Count what is done and left at a stage."""
        with self._lock:
            board = self._board
            verdicts = [decision.verdict for decision in board.mine[stage].values()]
            return Tally(
                stage=stage,
                total=len(board.pools[stage]),
                left=len(board.waiting[stage]),
                include=verdicts.count("include"),
                exclude=verdicts.count("exclude"),
                unsure=verdicts.count("unsure"),
                pace=measure_pace(self._times[stage]),
                others=board.others[stage],
                conflicts=len(board.conflicts),
            )

    def decide(self, choice: Choice) -> Decision:
        """Write a decision.

        Raises:
            RefusedError: If it cannot be made, or the page did not know of a decision made elsewhere.
            OSError: If it cannot be written; nothing was changed then.
        """
        with self._lock:
            self._check(choice)
            current = self._board.mine[choice.stage].get(choice.record)
            if (current.time if current else "") != choice.known:
                raise RefusedError("it was decided on in another window", is_outdated=True, current=current)
            place, order = self.locate(choice.stage, choice.record)
            shown = hash_shown(self.library.show(choice.record))
            note = flatten(choice.note)
            cells = {
                "stage": choice.stage, "record": choice.record, "decision": choice.verdict, "reason": choice.reason, "note": note,
                "shown": shown, "position": str(place) if place else "", "order": order,
            }  # fmt: skip
            moment = self._log.append(cells)
            decision = Decision(
                self.who, moment, choice.stage, choice.record, choice.verdict, choice.reason, note, shown
            )
            self._board.mine[choice.stage][choice.record] = decision
            self._board.waiting[choice.stage].discard(choice.record)
            self._times[choice.stage].append(self._timer())
            self._rank_again()
            return decision

    def undo(self, stage: Stage) -> Decision:
        """Withdraw this person's latest decision at a stage, and return it.

        Raises:
            RefusedError: If there is none.
            OSError: If it cannot be written; nothing was changed then.
        """
        with self._lock:
            latest = max(
                self._board.mine[stage].items(), key=lambda item: datetime.fromisoformat(item[1].time), default=None
            )
            if latest is None:
                raise RefusedError("there is nothing to undo at this stage")
            report, decision = latest
            # By the id that was decided on: it may be another entry of the report.
            self._log.append({"stage": stage, "record": decision.record, "decision": "undo"})
            del self._board.mine[stage][report]
            self._board.waiting[stage].add(report)
            if self._times[stage]:
                self._times[stage].pop()
            self._rank_again()
            return decision

    def settle(self, choice: Choice, settles: str) -> None:
        """Write a row of consensus.csv.

        Args:
            choice: What stands from now on.
            settles: The votes that it settles, as the page showed them.

        Raises:
            RefusedError: If the votes are others by now, or this person may not settle.
            OSError: If it cannot be written.
        """
        with self._lock:
            self._check(choice)
            if not self.may_settle:
                raise RefusedError("the protocol names others who settle conflicts")
            held = {(conflict.report, conflict.stage): conflict for conflict in self.list_conflicts()}
            conflict = held.get((choice.record, choice.stage))
            if conflict is None or conflict.settles != settles:
                raise RefusedError("the votes are others by now", is_outdated=True)
            if conflict.is_own:
                raise RefusedError(
                    "one person voted twice on this report, differently; one of these votes must be undone"
                )
            cells = {
                "stage": choice.stage,
                "record": choice.record,
                "decision": choice.verdict,
                "reason": choice.reason,
                "note": choice.note,
                "settles": settles,
            }
            self._write_settlement(cells)
            self._settled.append(choice)

    def unsettle(self) -> None:
        """Withdraw the latest settlement of this session.

        Raises:
            RefusedError: If there is none.
            OSError: If it cannot be written.
        """
        with self._lock:
            if not self._settled:
                raise RefusedError("nothing was settled since the page was opened")
            choice = self._settled[-1]
            self._write_settlement({"stage": choice.stage, "record": choice.record, "decision": "undo"})
            self._settled.pop()

    def _write_settlement(self, cells: Mapping[str, str]) -> None:
        with open_log(self._layout.consensus, CONSENSUS_COLUMNS, "review screen", wait=True) as log:
            log.append({"by": self.who, **cells})

    def _check(self, choice: Choice) -> None:
        protocol = self.library.protocol
        if choice.stage not in STAGES or choice.verdict not in VERDICTS:
            raise RefusedError("this is no decision of any stage")
        if choice.record not in self.library.members:
            raise RefusedError("there is no such report; load the page again")
        if len(choice.note) > NOTE_LIMIT:
            raise RefusedError(f"the note is longer than {NOTE_LIMIT} characters")
        if choice.reason:
            reason = protocol.reason(choice.reason)
            if reason is None or choice.stage not in reason.stages or choice.verdict != "exclude":
                raise RefusedError(f"{choice.reason} is no reason for this decision")
        elif choice.verdict == "exclude" and choice.stage == "full-text":
            raise RefusedError("an exclusion at full text needs a reason")

    def _rank_again(self) -> None:
        if self._ranking is not None:
            self._ranking.ask(tuple(self._board.mine["title-abstract"].values()))

    def _adopt_order(self, order: Order) -> None:
        whole = FixedOrder(tuple(order), order.model, order.seed, order.drawn, order.votes)
        with self._lock:
            self._board.adopt_order(whole)
