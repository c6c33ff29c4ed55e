"""Replays the order of a screening log: computes again which report stood where, and compares with what the log says was shown.

A log tells of every decision at which place of which order its report stood. The order follows from the records, the decisions before,
the model and the seed; the ranking runs beside the screening, so it may have known a few decisions less than were made.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

from review.model import Decision
from review.model import RecordId
from review.model import ReportId
from review.rows import Rows
from review.screening.log import stand
from review.screening.order import Ranker

#: How many decisions the ranking may have been behind when a page took its reports in hand.
LAG = 100

_VOTES = re.compile(r"\bvotes=(\d+)\b")


@dataclass(frozen=True, slots=True)
class Shown:
    """A decision and where its report stood; `position` is 0 and `order` empty where the log does not tell."""

    decision: Decision
    position: int
    order: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of a replay, as decisions of the log.

    Attributes:
        same: Their report stood where it stands again.
        other: It stands elsewhere now: the records have changed since, or the log.
        unranked: No ranking ordered them.
    """

    same: tuple[Shown, ...]
    other: tuple[Shown, ...]
    unranked: tuple[Shown, ...]


def join_places(rows: Rows, decisions: Iterable[Decision]) -> list[Shown]:
    """Join the decisions of a log to the places that its rows tell."""
    cells = {row.line: row for row in rows.rows}
    joined = []
    for decision in decisions:
        row = cells[decision.origin.line] if decision.origin and decision.origin.line in cells else None
        position = row["position"] if row else ""
        joined.append(Shown(decision, int(position) if position.isdecimal() else 0, row["order"] if row else ""))
    return joined


def replay_log(
    shown: Sequence[Shown],
    rank: Ranker,
    name: str,
    *,
    report_of: Callable[[RecordId], ReportId | None],
    pool: Collection[ReportId],
    first: Sequence[ReportId] = (),
) -> Replay:
    """Replay the titles and abstracts of one person's log.

    Args:
        shown: The decisions in the order of their time.
        rank: The ranker with the model and the seed that the log names.
        name: How the log's orders by this ranker, or by its random draws, begin; others are not replayed.
        report_of: Gives the report of a record.
        pool: The reports that are screened by title and abstract.
        first: The reports that came before all ranking: the calibration sample.
    """
    mine = [item for item in shown if item.decision.stage == "title-abstract"]
    known = set(pool)
    sizes = _count_standing(mine)
    orders: dict[int, tuple[ReportId, ...]] = {}

    def order_after(count: int) -> tuple[ReportId, ...]:
        if count not in orders:
            ranked = rank(stand(item.decision for item in mine[:count]))
            orders[count] = tuple(
                dict.fromkeys(
                    report
                    for report in (*first, *map(report_of, ranked), *pool)
                    if report is not None and report in known
                )
            )
        return orders[count]

    same: list[Shown] = []
    other: list[Shown] = []
    unranked: list[Shown] = []
    for count, item in enumerate(mine):
        if not item.position or not item.order.startswith((name, "random ")):
            unranked.append(item)
            continue
        report = report_of(item.decision.record)
        orders.pop(count - LAG - 1, None)
        told = _VOTES.search(item.order)
        found = any(
            _has_at(order_after(before), item.position, report)
            for before in range(count, max(-1, count - LAG - 1), -1)
            if told is None or int(told[1]) == sizes[before]
        )
        (same if found else other).append(item)
    return Replay(tuple(same), tuple(other), tuple(unranked))


def _count_standing(shown: Sequence[Shown]) -> list[int]:
    """Return how many votes stood before each decision."""
    standing: set[RecordId] = set()
    sizes = []
    for item in shown:
        sizes.append(len(standing))
        if str(item.decision.verdict) == "undo":
            standing.discard(item.decision.record)
        else:
            standing.add(item.decision.record)
    return sizes


def _has_at(order: Sequence[ReportId], position: int, report: ReportId | None) -> bool:
    return report is not None and position <= len(order) and order[position - 1] == report
