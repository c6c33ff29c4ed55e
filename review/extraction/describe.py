"""What the patients were like: per study and of all, from case rows; summaries of reports are repeated as printed, never averaged.

Quartiles are those of definition 7, the usual one of R, numpy and spreadsheets: with few patients the definitions differ, so it is named.

Source: Hyndman RJ, Fan Y. Sample quantiles in statistical packages. Am Stat 1996;50:361-365.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from fractions import Fraction

from review.extraction.patients import find_repeated
from review.extraction.patients import link_cases
from review.extraction.tally import select_arm
from review.model import Case
from review.model import Count
from review.model import Study
from review.model import StudyId
from review.model import Summary
from review.numerals import format_number
from review.numerals import format_percent
from review.numerals import parse_number
from review.protocol import CaseField
from review.protocol import Protocol

#: How quartiles are computed, as tables name it.
QUANTILES = "quantiles of type 7"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A numeric field over cases, in the field's unit.

    `known` values were used; `limited` were given only as an inequality and are left out; `missing` have no value. `sd` is that of a
    sample (n - 1), None below two values.
    """

    field: CaseField
    known: int
    limited: int
    missing: int
    mean: Fraction
    sd: float | None
    median: Fraction
    quartiles: tuple[Fraction, Fraction]
    range: tuple[Fraction, Fraction]

    def __str__(self) -> str:
        return tell_summary(self) + _tell_left_out(self.known, self.missing, self.limited)


@dataclass(frozen=True, slots=True)
class Words:
    """A field of choices over cases: how many of the `known` have each choice; `missing` have none."""

    field: CaseField
    known: int
    missing: int
    counts: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        parts = (
            f"{choice} {count}/{self.known} ({format_percent(count, self.known)})" for choice, count in self.counts
        )
        return ", ".join(parts) + _tell_left_out(self.known, self.missing, 0)


@dataclass(frozen=True, slots=True)
class Characteristics:
    """The patients of a study, or of all studies (`study` is None): what case rows give, and what is only reported in sum.

    `arm` names the arm that they are of, empty for all.
    """

    study: StudyId | None
    label: str
    cases: int
    described: tuple[Numbers | Words, ...]
    reported: tuple[tuple[str, str], ...]
    arm: str = ""


def describe_patients(studies: Sequence[Study], protocol: Protocol) -> list[Characteristics]:
    """Describe each study and then all together; a patient of several sheets is counted once in all together.

    All together are the cases that sheets have one by one. Summaries of studies without cases are repeated there with the study's name.
    """
    each = [_describe(study.id, study.label, study.cases, protocol, _list_reported(study)) for study in studies]
    repeated = find_repeated(studies, link_cases(studies))
    cases = [case for study in studies for case in study.cases if (study.id, case.id) not in repeated]
    told = [
        (name, f"{study.label}: {text}") for study in studies if not study.cases for name, text in _list_reported(study)
    ]
    return [*each, _describe(None, "All cases", cases, protocol, told)]


def describe_arms(studies: Sequence[Study], protocol: Protocol) -> list[Characteristics]:
    """Describe the patients of all studies by the arms of the protocol, in its order; an arm that no sheet names is left out.

    What studies report of an arm in sum is repeated with the study's name, as long as they do not have its cases.
    """
    repeated = find_repeated(studies, link_cases(studies))
    described = []
    for arm in protocol.arms:
        cases: list[Case] = []
        told: list[tuple[str, str]] = []
        for study in studies:
            own = select_arm(study.cases, arm.name)
            cases += [case for case in own if (study.id, case.id) not in repeated]
            if not own:
                told += [(name, f"{study.label}: {text}") for name, text in _list_reported(study, arm.name)]
        if cases or told:
            described.append(replace(_describe(None, arm.label, cases, protocol, told), arm=arm.name))
    return described


def tell_summary(numbers: Numbers) -> str:
    """Write the summary of a numeric field, without the patients that it leaves out."""
    mean, median = (show_number(value) for value in (numbers.mean, numbers.median))
    spread = f" (SD {show_number(numbers.sd)})" if numbers.sd is not None else ""
    quartiles = " to ".join(show_number(end) for end in numbers.quartiles)
    ends = " to ".join(show_number(end, 2) for end in numbers.range)
    return f"mean {mean}{spread}, median {median} (IQR {quartiles}), range {ends}"


def describe_numbers(field: CaseField, cases: Iterable[Case]) -> Numbers | None:
    """Summarise a numeric field; None if no case has a number without inequality."""
    values: list[Fraction] = []
    limited = missing = 0
    for case in cases:
        observation = case.fields.get(field.name)
        if observation is None or observation.missing:
            missing += 1
        elif observation.op in ("<", "<=", ">", ">="):
            limited += 1
        else:
            values.append(parse_number(observation.value))
    if not values:
        return None
    values.sort()
    mean = sum(values, Fraction(0)) / len(values)
    squares = sum(((value - mean) ** 2 for value in values), Fraction(0))
    sd = math.sqrt(squares / (len(values) - 1)) if len(values) > 1 else None
    first, middle, third = (quantile(values, Fraction(part, 4)) for part in (1, 2, 3))
    return Numbers(field, len(values), limited, missing, mean, sd, middle, (first, third), (values[0], values[-1]))


def show_number(value: Fraction | float, digits: int = 1) -> str:
    """Print a number with at most `digits` decimals: 53, 3.1."""
    text = format_number(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_statistics(item: Summary) -> str:
    """Write the statistics of a report as it prints them: `mean 53, SD 9`."""
    names = {"iqr": "IQR", "sd": "SD"}
    return ", ".join(
        f"{names.get(key) or key.replace('_', ' ')} {' to '.join(numbers)}" for key, numbers in item.statistics.items()
    )


def quantile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    """Return a quantile by definition 7 of Hyndman and Fan: linear between the order statistics.

    Args:
        ordered: At least one value, in ascending order.
        share: 0..1.
    """
    place = (len(ordered) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def _describe(
    study: StudyId | None, label: str, cases: Sequence[Case], protocol: Protocol, reported: Iterable[tuple[str, str]]
) -> Characteristics:
    described: list[Numbers | Words] = []
    for field in protocol.case_fields:
        if field.type in ("number", "integer"):
            numbers = describe_numbers(field, cases)
            described += [numbers] if numbers else []
        elif field.type == "choice":
            words = _describe_words(field, cases)
            described += [words] if words.known else []
    return Characteristics(study, label, len(cases), tuple(described), tuple(reported))


def _describe_words(field: CaseField, cases: Sequence[Case]) -> Words:
    values = [_value(case, field) for case in cases]
    known = [value for value in values if value]
    counts = tuple((choice, known.count(choice)) for choice in field.choices)
    return Words(field, len(known), len(values) - len(known), counts)


def _value(case: Case, field: CaseField) -> str:
    observation = case.fields.get(field.name)
    return observation.value if observation is not None else ""


def _list_reported(study: Study, arm: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield what a study reports in sum, of one arm; for None of everybody and each arm, which is named then."""
    for item in study.characteristics:
        if arm is None or item.arm == arm:
            text = _show_count(item) if isinstance(item, Count) else f"{show_statistics(item)} as reported"
            yield item.name, f"{item.arm}: {text}" if arm is None and item.arm else text


def _show_count(item: Count) -> str:
    return f"{item.choice} {item.events}/{item.total} ({format_percent(item.events, item.total)}) as reported"


def _tell_left_out(known: int, missing: int, limited: int) -> str:
    parts = [f"{known} of {known + missing + limited} patients"] if missing or limited else []
    if limited:
        parts.append(f"{limited} given only as an inequality")
    return f"; {', '.join(parts)}" if parts else ""
