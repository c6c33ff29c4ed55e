"""How good an order of screening was, for records whose labels are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import ceil
from math import floor

#: Shares of the records at which recall is told.
SHARES = (Fraction(1, 20), Fraction(1, 10), Fraction(1, 5), Fraction(1, 2))

_RECALL = Fraction(95, 100)


@dataclass(frozen=True, slots=True)
class Metrics:
    """How early the relevant records came; those known beforehand are left out of every figure.

    Attributes:
        records: Records in the order.
        included: How many of them are relevant; at least one.
        recall: Share of the relevant records among the first 5, 10, 20 and 50 % of the records, 0..1.
        wss95: Work saved over sampling at 95 % recall: 0.95 minus the share of the records after which ceil(0.95 included) are found. A random
            order has 0 on average, and it can be below.
        atd: Average time to discovery: the mean place of the relevant records as a share of the records, 0..1.
    """

    records: int
    included: int
    recall: dict[str, float]
    wss95: float
    atd: float


def measure_order(relevant: Sequence[bool]) -> Metrics | None:
    """Measure an order.

    Args:
        relevant: Whether each record is relevant, in the order in which they were shown.

    Returns:
        The figures; None if no record is relevant.

    Source: Cohen et al. 2006, doi:10.1197/jamia.M1929 (WSS); Ferdinands et al. 2023, doi:10.1186/s13643-023-02257-7 (ATD).
    """
    size, found = len(relevant), list(accumulate(map(int, relevant)))
    total = found[-1] if found else 0
    if not total:
        return None
    enough = next(place for place, count in enumerate(found, start=1) if count >= ceil(_RECALL * total))
    places = [place for place, label in enumerate(relevant, start=1) if label]
    early = {f"{float(share):.0%}": floor(share * size) for share in SHARES}
    return Metrics(
        records=size,
        included=total,
        recall={name: (found[count - 1] if count else 0) / total for name, count in early.items()},
        wss95=(size - enough) / size - float(1 - _RECALL),
        atd=sum(places) / total / size,
    )
