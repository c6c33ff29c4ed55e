"""Numbers to be published: boxes of the flow diagram, proportions, and values that a manuscript may quote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from typing import NamedTuple

#: What a number of the flow diagram counts.
Unit = Literal["records", "reports", "studies", "cases"]


class BoxLine(NamedTuple):
    """One line inside a box of the flow diagram: a source, a reason."""

    label: str
    n: int
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """One number of the PRISMA 2020 flow diagram, with what it counts.

    `key` is a key of the PRISMA2020 app's CSV. `ids` are the records, reports or studies counted; it is empty only where a
    count was reported by others without a list (the previous version of a review), and `reported` says so.
    """

    key: str
    n: int
    unit: Unit
    ids: tuple[str, ...] = ()
    lines: tuple[BoxLine, ...] = ()
    reported: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """A proportion with its interval: fractions 0..1, `events` of `total`; `ids` are the studies behind it.

    `weight` is a share 0..1 of a pooled result, None where the row has none. `level` is the interval's, 0..1.
    """

    label: str
    events: int
    total: int
    value: float
    ci_low: float
    ci_high: float
    method: str
    level: float = 0.95
    weight: float | None = None
    ids: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A number that a manuscript may quote: a stable key, the text to print, what it is made of.

    `level` is the interval's, 0..1; None where there is no interval.
    """

    key: str
    text: str
    value: float | None = None
    events: int | None = None
    total: int | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    method: str = ""
    ids: tuple[str, ...] = ()
    level: float | None = None
