"""Writes a large review to a folder: 20,000 invented records, 100 studies, 8 analyses. `python -m tests.benchmarks.large_review DIR`."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from tests.builder import LOG_HEAD
from tests.builder import PROTOCOL
from tests.builder import MadeReview
from tests.builder import make_review

RECORDS = 20_000
STUDIES = 100
ANALYSES = 8
CASES = 12

_WORDS = [
    "calcinosis",
    "penicillamine",
    "hand",
    "elbow",
    "adult",
    "juvenile",
    "severe",
    "refractory",
    "series",
    "outcome",
    "trial",
    "cohort",
    "ulcer",
    "pain",
    "response",
    "therapy",
    "follow",
    "diffuse",
    "limited",
    "skin",
    "muscle",
    "nodular",
    "plaque",
    "surgical",
    "topical",
    "dose",
    "early",
    "late",
    "onset",
    "relapse",
]


def _name(number: int) -> str:
    return f"study-{number:03d}"


def _write_ris(chance: random.Random, records: int) -> str:
    entries = []
    for number in range(records):
        title = " ".join(chance.choices(_WORDS, k=9))
        abstract = " ".join(chance.choices(_WORDS, k=120))
        entries.append(
            f"TY  - JOUR\nTI  - {title.capitalize()} {number}\nAU  - Author{chance.randrange(5000)}, {chance.choice('ABCDEF')}\n"
            f"T2  - Journal {chance.randrange(300)}\nPY  - {1980 + number % 45}\nVL  - {chance.randrange(1, 90)}\n"
            f"SP  - {chance.randrange(1, 2000)}\nDO  - 10.5555/r.{number}\nAB  - {abstract}\nER  -\n\n"
        )
    return "".join(entries)


def _write_log(records: int, studies: int) -> str:
    rows = [LOG_HEAD]
    for number in range(records):
        decision = "include,," if number < studies else "exclude,wrong-population,"
        stamp = f"2026-01-02T{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}Z"
        rows.append(f"{stamp},title-abstract,doi:10.5555/r.{number},{decision}\n")
    rows += [
        f"2026-01-03T08:{number // 60:02d}:{number % 60:02d}Z,full-text,doi:10.5555/r.{number},include,,\n"
        for number in range(studies)
    ]
    return "".join(rows)


def write_sheet(number: int, chance: random.Random) -> str:
    """Write a sheet: patient by patient for even numbers, counts for odd ones."""
    name = _name(number)
    head = (
        f"format: 1\nstudy: {name}\nlabel: Study {number}\ndesign: case series\nyear: {1980 + number % 45}\n"
        f"reports:\n  - {{record: doi:10.5555/r.{number}, name: paper}}\n"
    )
    if number % 2:
        total = chance.randint(5, 60)
        events = chance.randint(0, total)
        return f"{head}counts:\n  - {{outcome: response, events: {events}, total: {total}, source: paper}}\n"
    cases = [
        f"  - case: {name}-{case}\n"
        f'    age_years: {{value: {(age := chance.randint(20, 80))}, source: {{record: paper, place: Table 1, words: "{age}-year-old"}}}}\n'
        f"    sex: {{value: {chance.choice(('female', 'male'))}, source: paper}}\n"
        f'    cycles: {{value: {case}, source: {{record: paper, place: "Table 2, row {case}", words: {case} cycles}}}}\n'
        f"    site: {{value: hand, source: paper}}\n"
        f"    outcomes:\n      response: {{value: {chance.choice(('yes', 'no'))}, source: paper}}\n"
        for case in range(1, CASES + 1)
    ]
    return f"{head}cases:\n{''.join(cases)}"


def _write_analyses(studies: int, analyses: int) -> str:
    parts = []
    for number in range(analyses):
        chosen = [
            study
            for study in range(studies)
            if study % analyses in {number, (number + 1) % analyses, (number + 3) % analyses}
        ]
        names = ", ".join(_name(study) for study in chosen)
        parts.append(
            f"  {'ABCDEFGHIJ'[number]}:\n    label: Analysis {number}\n    outcome: response\n    studies: [{names}]\n"
        )
    return "".join(parts)


def write_large_review(
    root: Path, *, records: int = RECORDS, studies: int = STUDIES, analyses: int = ANALYSES
) -> MadeReview:
    """Write the review; the same every time."""
    chance = random.Random(20260101)
    protocol = PROTOCOL[: PROTOCOL.index("analyses:")] + "analyses:\n" + _write_analyses(studies, analyses)
    sheets = {_name(number): write_sheet(number, chance) for number in range(studies)}
    ris = _write_ris(chance, records)
    return make_review(root, protocol=protocol, ris=ris, logs={"ann": _write_log(records, studies)}, sheets=sheets)


if __name__ == "__main__":
    write_large_review(Path(sys.argv[1]))
