"""What two studies that may share patients can say together, whatever they share."""

from __future__ import annotations

from fractions import Fraction

from review.extraction.tally import Tally
from review.extraction.tally import tally_outcome
from review.model import Study
from review.numerals import format_percent

Counts = tuple[int, int]


def bound_overlap(first: Counts, second: Counts) -> tuple[Counts, Counts]:
    """Return the smallest and the largest proportion of all patients, over every number of shared ones.

    A shared patient has one answer in both studies, so that with k shared patients, j of them with the event, (e1 + e2 - j) of
    (n1 + n2 - k) have it.

    Args:
        first: Events and total of a study.
        second: Those of the other one.
    """
    (e1, n1), (e2, n2) = first, second
    most_without = min(n1 - e1, n2 - e2)
    possible = [
        (e1 + e2 - shared, n1 + n2 - patients)
        for patients in range(min(e1, e2) + most_without + 1)
        for shared in (max(0, patients - most_without), min(patients, e1, e2))
    ]
    return min(possible, key=_proportion), max(possible, key=_proportion)


def _proportion(counts: Counts) -> Fraction:
    return Fraction(*counts)


def describe_choices(first: Study, second: Study, outcome: str) -> str:
    """Say what can be pooled instead of a refused pair: the larger, the one with cases, and the bounds over both."""
    tallies = [(study, tally) for study in (first, second) if (tally := tally_outcome(study, outcome)) is not None]
    if len(tallies) < 2:
        return ""
    larger, tally = max(tallies, key=lambda pair: pair[1].total)
    choices = [f"keep the larger ({larger.id}, {_show(tally)})"]
    with_cases = [(study, tally) for study, tally in tallies if tally.cases]
    if len(with_cases) == 1 and with_cases[0][0] is not larger:
        study, tally = with_cases[0]
        choices.append(f"keep the one with cases ({study.id}, {_show(tally)})")
    low, high = bound_overlap(*((tally.events, tally.total) for _, tally in tallies))
    ends = " to ".join(f"{events}/{total} ({format_percent(events, total)})" for events, total in (low, high))
    return f"{', or '.join(choices)}; whatever they share, both together are {ends}"


def _show(tally: Tally) -> str:
    return f"{tally.events}/{tally.total}"
