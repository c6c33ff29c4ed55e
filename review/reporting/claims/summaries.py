"""Means and medians with what a text says of their spread: SD, range, quartiles, number of patients.

A mean is tested as one of whole numbers only where the text says that they are: `number of`, counts of things, scores that are sums of whole items, age in whole
years, and what the protocol declares to be whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from review.numerals import format_number
from review.protocol import CaseField
from review.reporting.claims import bounds
from review.reporting.claims import grim
from review.reporting.claims.judgement import Judgement
from review.reporting.claims.judgement import Kind
from review.reporting.claims.judgement import Verdict
from review.reporting.claims.judgement import wrong
from review.reporting.claims.printed import SIGNED
from review.reporting.claims.printed import Printed
from review.reporting.claims.printed import read_count
from review.reporting.claims.sentences import Sentence

Pair = tuple[Printed, Printed]

_UNIT = r"(?:\s?(?:years?|yrs?|months?|mo|weeks?|wks?|days?|hours?|h|min|minutes?|mmHg|mm|cm|m|kg|g|mg|ml|%|points?|patients?|cycles?|infusions?|courses?|lesions?|ulcers?|treatments?|joints?|episodes?|relapses?|flares?|visits?|drugs?|agents?)(?![\w%]))"
#: Words between the statistic and its number; another statistic or a digit ends them.
_WORDS = r"(?:(?!\b(?:mean|median|average|SD|IQR|range|whereas|while|versus|vs)\b)(?:[A-Za-z]{1,8}-?\d{1,3}(?![\d.%])|[^\d.;()\[\]\n])|\n(?!\n)){0,80}?"
_LABEL = r"(?:SD|standard\s+deviation|IQR|inter-?quartile\s+range(?:\s*[(\[]IQR[)\]])?|full\s+range|range)"
_STATISTIC = re.compile(
    rf"\b(?P<stat>mean|median|average)\b(?P<words>(?:\s*[(\[]\s*±?\s*(?P<label>{_LABEL})\s*[)\]])?{_WORDS})(?:\s*[(\[]\s*±?\s*(?P<label2>{_LABEL})\s*[)\]])?"
    rf"(?:\s*(?:was|is|were|of|=|:|,)?\s*)(?P<value>{SIGNED})(?P<unit>{_UNIT}?)",
    re.IGNORECASE,
)
_VALUE = re.compile(rf"(?P<value>{SIGNED})(?P<unit>{_UNIT}?)", re.IGNORECASE)
_SECOND = re.compile(rf"[^\d;]{{0,60}}?\bto\s+(?P<value>{SIGNED})", re.IGNORECASE)
_LINKED = re.compile(rf"[^\d.;]{{0,60}}?\b(?:was|were|is|of)\s+(?P<value>{SIGNED})", re.IGNORECASE)
#: In front of a number that is a time, a group or a scale, not the mean itself.
_ELSEWHERE = re.compile(
    r"\b(?:the|these|those|all|for|after|at|in|within|during|by|over|on|with|last|first|and|or|than)\s*$", re.IGNORECASE
)
_NAME_BEHIND = re.compile(
    r"\s+(?:score|scale|index|criteria|classification|questionnaire|subscale|survey|test)s?\b", re.IGNORECASE
)
#: What stands behind the value: brackets, or words up to the next number that is none of these.
_TAIL = r"[\s,;:()\[\]=±]*"
_LIMITS = rf"(?P<low>{SIGNED})(?P<lowunit>{_UNIT}?)\s*(?:-|to|,|;|and)\s*(?P<high>{SIGNED})(?P<highunit>{_UNIT}?)"
_SD = re.compile(rf"(?:±|\bSD\b|\bstandard\s+deviation\b)\s*(?:of|was|=|:|,|±)?\s*(?P<sd>{SIGNED})", re.IGNORECASE)
_RANGE = re.compile(
    rf"(?<!quartile\s)(?<!quartile )(?<!% )\b(?:range|min(?:imum)?\s*-\s*max(?:imum)?)\b(?:\s+(?:of|was|from|between))?{_TAIL}{_LIMITS}",
    re.IGNORECASE,
)
_IQR = re.compile(rf"\b(?:IQR|inter-?quartile\s+range)\b(?:\s*[(\[]IQR[)\]])?(?:\s+(?:of|was|from))?{_TAIL}{_LIMITS}", re.IGNORECASE)  # fmt: skip
_PLAIN_LIMITS = re.compile(rf"\s*[(\[]\s*{_LIMITS}\s*[)\]]", re.IGNORECASE)
_PLAIN_SD = re.compile(rf"\s*[(\[]\s*(?:±\s*)?(?P<sd>{SIGNED})\s*[)\]]")
_N = re.compile(r"\b[nN]\s?=\s?(?P<n>\d{1,6})(?![\d.,/])")
_PATIENTS = re.compile(
    r"\b(?:in|of|among|for|across)\s+(?:the\s+|all\s+|these\s+|our\s+|a\s+total\s+of\s+)?(?P<n>\d{1,6}|"
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r")\s+(?:(?!and\b|or\b)[a-z]+\s+){0,2}(?:patients|participants|subjects|women|men|children|cases|adults|individuals|volunteers)\b",
    re.IGNORECASE,
)

_RATE = re.compile(r"\b(?:per|every|each|rate|percent\w*|proportion|ratio|log|change|difference|reduction|increase|decrease|weighted|adjusted|pooled)\b|/|%|\b(?:hours?|days?|weeks?|months?|years?|pack|units?|cells?|copies|steps|sessions?|doses?|tablets?|cigarettes|drinks)\b", re.IGNORECASE)  # fmt: skip
_NUMBER_OF = re.compile(r"\b(?:number\s+of\s+[a-z]|(?:tender|swollen|painful)[\s-]joint\s+count|(?:ulcer|lesion|relapse|flare|seizure)\s+count)", re.IGNORECASE)  # fmt: skip
_THINGS = re.compile(r"\s*(?:cycles|infusions|courses|lesions|ulcers|joints|episodes|relapses|flares|hospitali[sz]ations|admissions|children|pregnancies|comorbidities|previous\s+treatments|prior\s+treatments|operations|digital\s+ulcers|exacerbations|seizures)\b", re.IGNORECASE)  # fmt: skip
#: Scores that are sums of whole items.
_SCORES = re.compile(r"\b(?:modified\s+Rodnan\s+skin|mRSS|Apgar|Glasgow\s+Coma|PHQ-?9|GAD-?7|Mini-Mental|MMSE|MoCA|NIHSS|Beck\s+Depression|Oswestry\s+item)\b", re.IGNORECASE)  # fmt: skip
_WHOLE_YEARS = re.compile(r"\bage\b.*\b(?:whole|completed|full)\s+years\b|\bage\s+at\s+last\s+birthday\b", re.IGNORECASE | re.DOTALL)  # fmt: skip
#: A range of a scale is not one of patients.
_SCALE = re.compile(r"\b(?:scores?|scales?|VAS|index|possible|theoretical|points?|mRSS|HAQ|questionnaire)\b", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Summary:
    """A mean or median with what stands behind it; positions are in the prepared text."""

    statistic: str
    value: Printed
    start: int
    end: int
    words: str
    unit: str = ""
    sd: Printed | None = None
    span: Pair | None = None
    quartiles: Pair | None = None
    n: int | None = None
    is_whole: bool = False
    is_scale: bool = False


def name_whole(fields: Sequence[CaseField]) -> tuple[str, ...]:
    """Return the names by which a text may call the fields of a protocol that hold whole numbers."""
    names = []
    for field in fields:
        if field.type == "integer":
            words = field.name.replace("_", " ")
            names += [field.label, words, *(["age"] if words.startswith("age ") else [])]
    return tuple(dict.fromkeys(name.lower() for name in names if name))


def judge_summaries(sentence: Sentence, whole: Sequence[str] = (), total: int | None = None) -> Iterator[Judgement]:
    """Judge the means and medians of a sentence.

    Args:
        sentence: The sentence.
        whole: Names of quantities that are whole numbers, as the protocol has them.
        total: The number of patients of the whole text, where it speaks of one group only.
    """
    for summary in find_summaries(sentence, whole):
        yield from _judge(summary, total)


def find_summaries(sentence: Sentence, whole: Sequence[str] = ()) -> list[Summary]:
    """Find the means and medians of a sentence."""
    text = sentence.text
    matches = list(_STATISTIC.finditer(text))
    found = []
    for place, match in enumerate(matches):
        stop = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        value = _find_value(text, match, stop)
        if value is None or _is_not_one(text, value):
            continue
        tail = text[value.end() : _end_of_tail(text, value.end(), stop)]
        found.append(_read(sentence, match, value, tail, whole, alone=len(matches) == 1))
    return found


def _find_value(text: str, match: re.Match[str], stop: int) -> re.Match[str] | None:
    """Return the number that the statistic is: not that of `for the 6 patients`, `after 12 months` or `from 50 to 86`, but the one behind; None if there is none."""
    value = _VALUE.match(text, match.start("value"))
    if value is None:
        return None
    before = text[match.start() : value.start()]
    if re.search(r"\bbetween\s*$", before, re.IGNORECASE):
        return None
    if re.search(r"\bfrom\s*$", before, re.IGNORECASE):
        second = _SECOND.match(text, value.end(), stop)
        return _VALUE.match(text, second.start("value")) if second else value
    if _ELSEWHERE.search(before) or _NAME_BEHIND.match(text, value.end()):
        linked = _LINKED.search(text, value.end(), min(stop, value.end() + 80))
        return _VALUE.match(text, linked.start("value")) if linked else None
    return value


def _is_not_one(text: str, match: re.Match[str]) -> bool:
    """Whether the number behind `mean` is another: a difference's, a count of patients, a reference."""
    after = text[match.end() : match.end() + 3]
    return after[:1] in tuple("/:") or bool(re.match(r"-\w|\s?[×x*]", after))


def _end_of_tail(text: str, start: int, stop: int) -> int:
    """Where the words behind a value cease to be about it: at the end of its brackets, or of its clause."""
    position, depth = start, 0
    while position < min(stop, start + 200):
        character = text[position]
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
            if depth < 0:
                return position
        elif (depth == 0 and character == ";") or (
            depth == 0
            and re.match(r"\b(?:and|but|while|whereas|versus|vs|compared|than)\b", text[position : position + 9])
        ):
            return position
        position += 1
    return position


def _read(
    sentence: Sentence, match: re.Match[str], number: re.Match[str], tail: str, whole: Sequence[str], *, alone: bool
) -> Summary:
    text = sentence.text
    unit = number.group("unit").strip().lower()
    label = (match.group("label") or match.group("label2") or "").lower()
    sd = _SD.search(tail)
    quartiles, span = _IQR.search(tail), _RANGE.search(tail)
    if label.startswith(("iqr", "inter")):
        quartiles = quartiles or _PLAIN_LIMITS.match(tail)
    elif label.endswith("range"):
        span = span or _PLAIN_LIMITS.match(tail)
    elif label:
        sd = sd or _PLAIN_SD.match(tail)
    ends = [found.end() for found in (sd, quartiles, span) if found]
    words = text[match.end("stat") : number.start()]
    return Summary(
        statistic=match.group("stat").lower(),
        value=Printed.read(number.group("value")),
        start=sentence.start + match.start(),
        end=sentence.start + number.end() + max(ends, default=0),
        words=words,
        unit=unit,
        sd=Printed.read(sd.group("sd")) if sd else None,
        span=_read_limits(span, unit),
        quartiles=_read_limits(quartiles, unit),
        n=_find_n(text, tail, alone=alone),
        is_whole=_is_whole(text, words, text[number.end("value") :], whole),
        is_scale=bool(_SCALE.search(text)),
    )


def _read_limits(match: re.Match[str] | None, unit: str) -> Pair | None:
    """Return both limits; None where they are in another unit than the value."""
    if match is None:
        return None
    named = {match.group(name).strip().lower().rstrip("s") for name in ("lowunit", "highunit")} - {""}
    if named and named != {unit.rstrip("s")} and (unit or len(named) > 1):
        return None
    low, high = Printed.read(match.group("low")), Printed.read(match.group("high"))
    # Of falls the larger one may stand first.
    return (high, low) if high.value < low.value < 0 else (low, high)


def _find_n(text: str, tail: str, *, alone: bool) -> int | None:
    """Return the number of patients: the one behind the value, else the only one of a sentence with one value."""
    behind = _N.search(tail)
    if behind:
        return int(behind.group("n"))
    if not alone:
        return None
    numbers = {read_count(match.group("n")) for pattern in (_N, _PATIENTS) for match in pattern.finditer(text)}
    return numbers.pop() if len(numbers) == 1 else None


def _is_whole(text: str, words: str, behind: str, whole: Sequence[str]) -> bool:
    if _RATE.search(words):
        return _names_age(text, words, whole)
    if _NUMBER_OF.search(words) or _SCORES.search(words) or _names_age(text, words, whole):
        return True
    if any(re.search(rf"\b{re.escape(name)}\b", words, re.IGNORECASE) for name in whole):
        return True
    things = _THINGS.match(behind)
    return things is not None and not _RATE.match(behind[things.end() :].lstrip())


def _names_age(text: str, words: str, whole: Sequence[str]) -> bool:
    if not re.search(r"\bage\b", words, re.IGNORECASE):
        return False
    return bool(_WHOLE_YEARS.search(text)) or any(name.lower() == "age" for name in whole)


def _judge(summary: Summary, total: int | None) -> Iterator[Judgement]:
    # Without decimals every mean is one of whole numbers.
    if summary.statistic != "median" and summary.is_whole and summary.value.digits:
        if summary.n:
            yield _judgement(summary, "mean", _judge_mean(summary, summary.n))
        elif total:
            yield _judgement(summary, "mean", _judge_mean_of_some(summary, total))
    if summary.span or summary.quartiles:
        yield _judgement(summary, "spread", _judge_spread(summary))


def _judgement(summary: Summary, kind: Kind, verdict: Verdict) -> Judgement:
    return Judgement(kind, summary.start, summary.end, verdict)


def _judge_mean(summary: Summary, n: int) -> Verdict:
    mean = summary.value
    if not grim.is_mean_possible(mean, n):
        return wrong("CLAIM-008", f"{' or '.join(grim.list_nearest(mean, n))} for {n} whole numbers")
    if summary.sd and not grim.is_sd_possible(mean, summary.sd, n):
        return wrong("CLAIM-009", f"another SD: {n} whole numbers with the mean {format_number(mean.value, mean.digits)} cannot have this one")  # fmt: skip
    return Verdict("verified") if grim.has_power(mean, n) else Verdict("unverifiable")


def _judge_mean_of_some(summary: Summary, total: int) -> Verdict:
    """Judge a mean that says no number of patients by the one number of the text: it may be of fewer, with values missing."""
    if grim.is_mean_possible(summary.value, total):
        return _judge_mean(summary, total)
    if any(grim.is_mean_possible(summary.value, n) for n in range(1, min(total, 10**summary.value.digits))):
        return Verdict("unverifiable")
    nearest = " or ".join(grim.list_nearest(summary.value, total))
    return wrong("CLAIM-008", f"{nearest} for the {total} patients of the text, or a mean of fewer")


def _judge_spread(summary: Summary) -> Verdict:
    value, span, quartiles, sd = summary.value, summary.span, summary.quartiles, summary.sd
    centre = "mean" if summary.statistic != "median" else "median"
    for pair, name in ((span, "range"), (quartiles, "interquartile range")):
        if pair and not bounds.is_ordered(*pair):
            return wrong("CLAIM-012", f"the lower limit of the {name} first")
    if span and not bounds.is_within(value, *span):
        return wrong("CLAIM-011", f"a {centre} within its range")
    if quartiles and centre == "median" and not bounds.is_within(value, *quartiles):
        return wrong("CLAIM-011", "a median within its interquartile range")
    if span and quartiles and not (bounds.is_ordered(span[0], quartiles[0]) and bounds.is_ordered(quartiles[1], span[1])):  # fmt: skip
        return wrong("CLAIM-012", "an interquartile range within the range")
    if sd and sd.value < 0:
        return wrong("CLAIM-010", "an SD of at least 0")
    if sd and span:
        mean = value if centre == "mean" else None
        largest = bounds.largest_sd_squared(*span, summary.n, mean)
        if max(sd.low, Fraction(0)) ** 2 > largest:
            return wrong("CLAIM-010", f"an SD of at most {_root(float(largest))} for this range")
        if summary.n and summary.n > 1 and not summary.is_scale:
            least = bounds.least_sd_squared(*span, summary.n)
            if sd.high**2 < least:
                return wrong("CLAIM-010", f"an SD of at least {_root(float(least))} for this range of {summary.n}")
    return Verdict("verified", basis="bounds")


def _root(square: float) -> str:
    return format_number(square**0.5, 2)
