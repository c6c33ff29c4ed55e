"""Results beyond the window: the range of PubMed ids is divided until every part fits, so the parts tile the whole exactly.

EDirect does so, too. Publication dates would not do: a record may match two of them (print and electronic), and one day can
hold more than the window.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from review.errors import BadResponse
from review.search.sources.eutils import WINDOW
from review.search.sources.eutils_answers import SOURCE
from review.search.sources.eutils_answers import SearchAnswer

#: Above every PubMed id there can be (they have eight digits).
HIGHEST_UID = 999_999_999


@dataclass(frozen=True, slots=True)
class UidRange:
    """PubMed ids from `low` to `high`, both included."""

    low: int
    high: int

    def restrict(self, term: str) -> str:
        """Return the query for this part of a query's result."""
        return f"({term}) AND {self.low}:{self.high}[UID]"

    def split(self, ids: Sequence[str]) -> tuple[UidRange, UidRange]:
        """Return two parts that tile this one, cut at the middle of the ids that were listed for it.

        The ids of a result lie close together, so halving the range itself would search many empty parts first.

        Raises:
            BadResponse: If a single id is said to be more than the window.
        """
        if self.low >= self.high:
            raise BadResponse(SOURCE, f"the service counts more than {WINDOW:,} records with the id {self.low}")
        listed = sorted(int(item) for item in ids)
        middle = listed[len(listed) // 2] if listed else (self.low + self.high + 1) // 2
        cut = min(max(middle, self.low + 1), self.high)
        return UidRange(self.low, cut - 1), UidRange(cut, self.high)


def first_ranges(ids: Sequence[str]) -> list[UidRange]:
    """Return ranges that cover all ids, given those of the first window: two up to the highest, and what lies above."""
    highest = max((int(item) for item in ids), default=HIGHEST_UID // 2)
    return [*UidRange(1, max(2, highest)).split(ids), UidRange(max(2, highest) + 1, HIGHEST_UID)]


def walk_ranges(
    pending: list[UidRange], search: Callable[[UidRange], SearchAnswer]
) -> Iterator[tuple[UidRange, SearchAnswer]]:
    """Search range after range, dividing those beyond the window; yield each part that fits and is not empty.

    Args:
        pending: The ranges still to be searched; it is kept up to date, so that a caller who stores it can go on later.
        search: Searches one range, listing as many ids as the window allows.

    Raises:
        BadResponse: If the service does not honour the ranges: it lists an id outside of one.
    """
    while pending:
        part = pending[-1]
        answer = search(part)
        if any(not part.low <= int(item) <= part.high for item in answer.ids):
            raise BadResponse(SOURCE, f"an id outside of the range {part.low}:{part.high}[UID] that was asked for")
        pending.pop()
        if answer.count > WINDOW:
            pending.extend(part.split(answer.ids))
        elif answer.count:
            yield part, answer
