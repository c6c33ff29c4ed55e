"""Summaries that no patients can have: statistics that contradict each other, allowing for how they were rounded.

Source: of n values between a and b the mean is in a..b and the SD at most (b - a) / 2 * sqrt(n / (n - 1)) (Popoviciu 1935, Mathematica 9:
129-145, with the divisor n - 1) and at least (b - a) / sqrt(2 * (n - 1)) (Thomson 1955, Biometrika 42:268-269); mean and median are no
further apart than sqrt((n - 1) / n) * SD (Hotelling and Solomons 1932, Ann Math Stat 3:141-142).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from review.extraction.printed import Printed
from review.extraction.printed import read_printed

#: What a median time to an event and its limits are called where too few patients had the event.
NOT_REACHED = "not reached"

#: Statistics of two numbers, the lower one first.
_PAIRS = ("iqr", "range", "median_ci", "hazard_ratio_ci")
#: A statistic, and the pair that it must be in.
_INSIDE = (("median", "iqr"), ("median", "range"), ("mean", "range"), ("median", "median_ci"), ("hazard_ratio", "hazard_ratio_ci"))  # fmt: skip
#: Statistics that are above 0 whatever is measured.
_ABOVE_ZERO = ("person_time", "hazard_ratio")
#: Room for the last bits of a square root.
_ROOM = 1e-9

Statistics = Mapping[str, Sequence[str]]


def find_contradictions(statistics: Statistics) -> Iterator[tuple[str, str, str]]:
    """Yield what cannot be: the statistic, what is wrong with it, and what was expected.

    Args:
        statistics: Numbers as printed, each statistic with as many as it has; `not reached` may stand for a median time and its limits.
    """
    numbers = {key: [read_printed(text) for text in texts if text != NOT_REACHED] for key, texts in statistics.items()}
    whole = {key: found for key, found in numbers.items() if len(found) == len(statistics[key])}
    yield from _find_wrong_signs(whole)
    pairs: dict[str, list[Printed]] = {}
    for key in _PAIRS:
        if key not in whole:
            continue
        low, high = whole[key]
        if low.value <= high.value:
            pairs[key] = whole[key]
        else:
            yield key, f"{key} {_tell(statistics[key])} has its limits the wrong way round", "the lower number first"
    for key, pair in _INSIDE:
        if key in whole and pair in pairs:
            (value,), (low, high) = whole[key], pairs[pair]
            if value.high < low.low or value.low > high.high:
                yield (
                    key,
                    f"{key} {statistics[key][0]} is outside the {pair} {_tell(statistics[pair])}",
                    "a number between them",
                )
    if "iqr" in pairs and "range" in pairs:
        (first, third), (low, high) = pairs["iqr"], pairs["range"]
        if first.high < low.low or third.low > high.high:
            yield (
                "iqr",
                f"iqr {_tell(statistics['iqr'])} is outside the range {_tell(statistics['range'])}",
                "quartiles in the range",
            )
    if "events" in whole and "n" in whole and whole["events"][0].value > whole["n"][0].value:
        found, n = statistics["events"][0], statistics["n"][0]
        yield "events", f"events {found} > n {n}", f"0..{n}"
    yield from _find_impossible_spread(whole, pairs, statistics)


def _find_wrong_signs(whole: Mapping[str, Sequence[Printed]]) -> Iterator[tuple[str, str, str]]:
    if "n" in whole and whole["n"][0].value < 1:
        yield "n", "n is 0", "1 or more"
    if "sd" in whole and whole["sd"][0].value < 0:
        yield "sd", "the sd is below 0", "0 or more"
    for key in _ABOVE_ZERO:
        if key in whole and whole[key][0].value <= 0:
            yield key, f"{key} is 0 or less", "a number above 0"


def _find_impossible_spread(
    whole: Mapping[str, Sequence[Printed]], pairs: Mapping[str, Sequence[Printed]], statistics: Statistics
) -> Iterator[tuple[str, str, str]]:
    if "sd" not in whole:
        return
    sd = whole["sd"][0]
    n = int(whole["n"][0].value) if "n" in whole else None
    text = statistics["sd"][0]
    if n == 1 and sd.low > 0:
        yield "sd", f"sd {text} of a single patient", "no sd"
    if n is None or n < 2:
        return
    if "range" in pairs:
        low, high = pairs["range"]
        widest, narrowest = float(high.high - low.low), float(high.low - low.high)
        most = widest / 2 * math.sqrt(n / (n - 1))
        least = narrowest / math.sqrt(2 * (n - 1))
        among = f"of {n} patients in {_tell(statistics['range'])}"
        if sd.low > most + _ROOM:
            yield "sd", f"sd {text} is too large {among}", f"{sd.show(most)} or less"
        elif sd.high < least - _ROOM:
            yield "sd", f"sd {text} is too small {among}", f"{sd.show(least)} or more"
    if "mean" in whole and "median" in whole:
        mean, median = whole["mean"][0], whole["median"][0]
        apart = float(max(mean.low - median.high, median.low - mean.high))
        if apart > math.sqrt((n - 1) / n) * float(sd.high) + _ROOM:
            yield "mean", f"mean {statistics['mean'][0]} and median {statistics['median'][0]} are further apart than the sd {text}", "less than the sd"  # fmt: skip


def _tell(texts: Sequence[str]) -> str:
    return " to ".join(texts)
