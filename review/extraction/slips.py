"""Known slips in values, each with its mend: what spreadsheets, YAML habits and other languages leave behind."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from review.protocol import CaseField

#: Words that people write for a value that is not there.
_ABSENT = frozenset(
    [
        "na",
        "n.a.",
        "n/a",
        "nan",
        "nr",
        "n.r.",
        "nd",
        "n.d.",
        "none",
        "null",
        "nil",
        "unknown",
        "missing",
        "?",
        "-",
        "--",
        ".",
        "x",
        "unspecified",
    ]
) | {
    "not stated",
    "not given",
    "not available",
    "not known",
    "not mentioned",
    "no data",
}

#: A form of a number, and what to do about it; the first that fits is told.
_NUMBERS = (
    (r"0[xob][0-9a-f]+", "write the number in decimal digits"),
    (r"[+-]?\d{1,3}(?:[ \u00a0\u2009\u202f']\d{3})+", "write the number without spaces or marks between thousands"),
    (r"[+-]?\d{1,3}(?:,\d{3}){2,}", "write the number without commas"),
    (r"[+-]?\d+(?:_\d+)+", "write the number without underscores"),
    (r"[+-]?\d+,\d+", "write a decimal point: 1,5 is 1.5"),
    (r"[+-]?\d+·\d+", "write a decimal point: 1·5 is 1.5"),
    (r"[−–]\s*\d.*", "write the minus as a hyphen: -5"),
    (r"[≤≥⩽⩾]\s*\d.*", "write the sign as <= or >="),
    (r"(?:ca\.?|about|approx\.?|approximately|around|circa|≈)\s*\d.*", 'write about as ~: "~5"'),
    (r"(?:more than|over|at least|less than|under|up to|at most)\s*\d.*", 'write an inequality as its sign: "> 5", ">= 5", "< 5" or "<= 5"'),
    (r"\d+:\d+", "a titre or ratio such as 1:40 is text; for a number give the second part, 40, and say so in the note"),
    (r"\d+:\d+:\d+", "a time is given in the unit of the field"),
    (r"[+-]?[\d.]+\s*(?:-|–|to)\s*[\d.]+", "a patient has one value; a range belongs into characteristics, or an inequality into op"),
    (r"[+-]?[\d.]+\s*(?:±|\+/-)\s*[\d.]+", "a mean with its SD belongs into characteristics: mean and sd"),
    (r"\d+\s*/\s*\d+", "write the number alone; events of total belong into counts"),
    (r"[+-]?[\d.]+\s*%", "write the number without the percent sign; the unit stands in the protocol"),
    (r"[+-]?[\d.]+\s*[^\W\d_].*", "write the number alone; the unit stands in the protocol, another one beside it: {value: 2, unit: years}"),
    (r"[+-]?\d+\.\d+\.\d+", "this looks like a date or a version, not a number"),
)  # fmt: skip

_DATES = (
    (r"\d{4}[/.]\d{1,2}([/.]\d{1,2})?", "write the date with hyphens: 2019-03-31"),
    (
        r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}",
        "write the year first: 2019-03-31; day and month cannot be told apart otherwise",
    ),
    (r"\d{4}-\d{1,2}(-\d{1,2})?", "month and day have two digits and must exist: 2019-03-01"),
    (r"\d{8}", "write the date with hyphens: 2019-03-31"),
    (r".*[^\W\d_].*", "write months as numbers: 2019-03"),
)

#: What YAML 1.1, R, Python and spreadsheets call yes and no.
_YES = frozenset({"y", "true", "t", "on", "1", "ja", "oui", "si", "sí", "+"})
_NO = frozenset({"n", "false", "f", "off", "0", "nein", "non", "-"})


def suggest_mend(value: str, field: CaseField) -> str:
    """Return what to do about a value that a field does not allow; empty where no known slip fits."""
    folded = value.strip().casefold()
    if field.type == "choice":
        return suggest_choice(value, field.choices)
    if folded in _ABSENT:
        return "missing is a word: not reported, not applicable or unclear"
    forms = _DATES if field.type == "date" else _NUMBERS
    return next((mend for form, mend in forms if re.fullmatch(form, folded)), "")


def suggest_choice(value: str, choices: Sequence[str]) -> str:
    """Return the choice that was probably meant."""
    folded = value.strip().casefold()
    for choice in choices:
        if choice.casefold() == folded:
            return f"write it as in the protocol: {choice}"
    if {"yes", "no"} <= set(choices):
        if folded in _YES:
            return "write yes"
        if folded in _NO:
            return "write no; where nothing is said, not reported"
    if folded in _ABSENT:
        return "missing is a word: not reported, not applicable or unclear"
    shortened = [choice for choice in choices if folded and choice.casefold().startswith(folded)]
    near = shortened if len(shortened) == 1 else difflib.get_close_matches(folded, choices, 1, 0.7)
    return f"did you mean {near[0]}?" if near else ""
