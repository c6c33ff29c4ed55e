"""Codes of the CLAIM area: numbers in a manuscript."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "CLAIM-001",
        "error",
        "a percentage that its counts do not give",
        "The events and the total print as another percentage, whichever way a tie is rounded.",
        "Correct the percentage or one of the counts.",
    ),
    Code(
        "CLAIM-002",
        "error",
        "more events than patients",
        "The first count is larger than the second.",
        "Correct one of the counts.",
    ),
    Code(
        "CLAIM-003",
        "error",
        "a share that does not fit the text's one total",
        "The text states one group of patients throughout, and the count is another percentage of it.",
        "Correct the count or the percentage, or state the total of this one.",
    ),
    Code(
        "CLAIM-004",
        "error",
        "a percentage that the count can be of no total",
        "No number of patients makes this count print as this percentage.",
        "Correct the count or the percentage.",
    ),
    Code(
        "CLAIM-005",
        "error",
        "an interval that cannot belong to its counts",
        "The interval does not hold its proportion, or is far from what every usual method gives.",
        "Compute the interval again and name its method.",
    ),
    Code(
        "CLAIM-006",
        "error",
        "a number that the review gives otherwise",
        "The data has moved since the sentence was written, or a digit slipped.",
        "Take the number from values.json.",
    ),
    Code(
        "CLAIM-007",
        "error",
        "a claim names a value that does not exist",
        "The key behind `claim:` is not in values.json.",
        "Correct the key.",
    ),
)
