"""Totals and summaries of a sheet against the cases beneath them, and totals of arms against that of the study."""

from __future__ import annotations

import math
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from fractions import Fraction

from review.extraction.printed import read_printed
from review.extraction.tally import count_cases
from review.extraction.tally import select_arm
from review.findings import Finding
from review.findings import find
from review.model import Case
from review.model import Observation
from review.model import Study
from review.model import Summary
from review.numerals import parse_number


def check_totals(studies: Sequence[Study]) -> Iterator[Finding]:
    """Totals and cases are both given and do not agree."""
    for study in studies:
        for count in study.counts:
            tally = count_cases(select_arm(study.cases, count.arm), count.name, as_reported=True)
            if tally.total and (tally.events, tally.total) != (count.events, count.total):
                message = f"{_name(count.name, count.arm)}: the total says {count.events}/{count.total}, the cases {tally.events}/{tally.total}"
                found = f"{count.events}/{count.total}"
                yield find("EXTRACT-022", message, count.origin, found=found, expected=f"{tally.events}/{tally.total}")


def check_arms(studies: Sequence[Study]) -> Iterator[Finding]:
    """The totals of the arms of a study together are more than its total without an arm."""
    for study in studies:
        for whole in study.counts:
            arms = [count for count in study.counts if count.name == whole.name and count.arm]
            if whole.arm or not arms:
                continue
            events, total = sum(count.events for count in arms), sum(count.total for count in arms)
            if events > whole.events or total > whole.total:
                message = (
                    f"{whole.name}: the arms together have {events}/{total}, the study {whole.events}/{whole.total}"
                )
                expected = f"no more than {whole.events}/{whole.total}"
                yield find("EXTRACT-027", message, arms[0].origin, found=f"{events}/{total}", expected=expected)


def check_summaries(studies: Sequence[Study]) -> Iterator[Finding]:
    """Summaries and cases are both given and do not agree, computed from the cases and rounded as printed."""
    for study in studies:
        for summary in study.summaries:
            if summary.versus:
                continue
            observations = _list_known(select_arm(study.cases, summary.arm), summary.name)
            if not observations:
                continue
            for key, expected in _list_differences(summary, observations):
                found = ", ".join(summary.statistics[key])
                message = f"{_name(summary.name, summary.arm)}: {key} is {found}, from the cases {expected}"
                yield find("EXTRACT-026", message, summary.origin, found=found, expected=expected, ids=(study.id,))


def _list_known(cases: Sequence[Case], outcome: str) -> list[Observation]:
    answers = [case.outcomes.get(outcome) for case in cases]
    return [answer for answer in answers if answer is not None and not answer.missing]


def _list_differences(summary: Summary, observations: Sequence[Observation]) -> Iterator[tuple[str, str]]:
    """Yield each statistic that is another one from the cases, with what it is there, as many decimals as printed."""
    computed = compute_statistics(observations)
    for key, texts in summary.statistics.items():
        true = computed.get(key)
        if true is None:
            continue
        # A count has no unit; everything else is compared in the unit of the report.
        factor = Fraction(1) if key in ("n", "events") else summary.factor
        pairs = [(read_printed(text), value / factor) for text, value in zip(texts, true, strict=True)]
        if not all(printed.may_be(value) for printed, value in pairs):
            yield key, ", ".join(printed.show(value) for printed, value in pairs)


def compute_statistics(observations: Sequence[Observation]) -> Mapping[str, tuple[Fraction, ...]]:
    """Compute what the known answers of cases give: the statistics of `review.model.Summary` that follow from them.

    `sd` is that of a sample (n - 1). Quartiles are left out, since with few patients their definitions differ, and so is
    what a value given only as an inequality, or an exposure that is not said, would make uncertain, and a median
    time to an event, which needs a model.

    Args:
        observations: One or more, all of one outcome that is not binary, none of them missing.
    """
    if observations[0].event is not None:
        times = [parse_number(item.value) for item in observations]
        events = sum(item.event == "yes" for item in observations)
        return {"n": (Fraction(len(times)),), "events": (Fraction(events),), "person_time": (sum(times, Fraction(0)),)}
    statistics: dict[str, tuple[Fraction, ...]] = {"n": (Fraction(len(observations)),)}
    if all(item.exposure for item in observations):
        statistics["person_time"] = (sum((parse_number(item.exposure) for item in observations), Fraction(0)),)
    if any(item.op != "=" for item in observations):
        return statistics
    values = sorted(parse_number(item.value) for item in observations)
    n, total = len(values), sum(values, Fraction(0))
    mean = total / n
    middle = (values[(n - 1) // 2] + values[n // 2]) / 2
    statistics |= {"events": (total,), "mean": (mean,), "median": (middle,), "range": (values[0], values[-1])}
    if n > 1:
        squares = sum(((value - mean) ** 2 for value in values), Fraction(0))
        statistics["sd"] = (Fraction(math.sqrt(squares / (n - 1))),)
    return statistics


def _name(outcome: str, arm: str) -> str:
    return f"{outcome} of the arm {arm}" if arm else outcome
