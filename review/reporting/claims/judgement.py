"""What is said of a number in a manuscript: its kind, where it stands, and whether it can be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["verified", "wrong", "stale", "unverifiable"]

#: `arithmetic`: the numbers around it settle it; `review`: the review has it; `bounds`: it lies within what is possible, no more.
Basis = Literal["arithmetic", "review", "bounds"]

Kind = Literal[
    "proportion",
    "share",
    "count",
    "mean",
    "spread",
    "interval",
    "test",
    "comparison",
    "partition",
    "flow",
    "repeated",
    "number",
]

#: What is looked for, in the words of the report; the order is that of the documentation.
KINDS: Mapping[Kind, str] = {
    "proportion": "proportions with counts",
    "share": "counts with a percentage and no total",
    "count": "counts of records",
    "mean": "means and SDs of whole numbers (GRIM, GRIMMER)",
    "spread": "ranges, IQRs and SDs around a mean or median",
    "interval": "confidence intervals",
    "test": "P values of test statistics",
    "comparison": "P values of two proportions",
    "partition": "parts of a total",
    "flow": "arithmetic of the flow of records",
    "repeated": "quantities given twice",
    "number": "numbers tagged with a key",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a claim: the code and what was expected where it is wrong or stale, the value of the review that it equals.

    `basis` says what a verified claim was verified by.
    """

    outcome: Outcome
    code: str = ""
    expected: str = ""
    key: str = ""
    basis: Basis = "arithmetic"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A statement of the text with its verdict; `start` and `end` are positions in the prepared text.

    `other` is the place of a second statement that this one contradicts.
    """

    kind: Kind
    start: int
    end: int
    verdict: Verdict
    other: int | None = None


def wrong(code: str, expected: str) -> Verdict:
    """A verdict of an impossible claim."""
    return Verdict("wrong", code, expected)
