"""Sheets by the plain reader against the full grammar of ruamel.yaml, in one run."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from review.marked import compose_marked
from review.plain_yaml import compose_plain

pytestmark = pytest.mark.benchmark

SHEET = "format: 1\nstudy: study\nreports:\n  - {record: pubmed:1, name: paper}\ncases:\n" + "".join(
    f"  - case: study-{number}\n"
    f"    age_years: {{value: {20 + number}, source: {{record: paper, place: Table 1, words: {20 + number}-year-old}}}}\n"
    f'    site: {{value: "hand, left", source: paper}}\n'
    f"    outcomes:\n      response: {{value: {'yes' if number % 2 else 'no'}, source: paper}}\n"
    for number in range(50)
)


def best_time(work: Callable[[], object], turns: int = 3) -> float:
    times = []
    for _ in range(turns):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def test_speed_against_the_full_grammar(record_property: Callable[[str, object], None]) -> None:
    assert compose_plain(SHEET) == compose_marked(SHEET, "s.yaml").root
    plain, full = best_time(lambda: compose_plain(SHEET)), best_time(lambda: compose_marked(SHEET, "s.yaml"))
    record_property("ratio", full / plain)
    print(f"ruamel.yaml {full:.3f} s, plain {plain:.4f} s: {full / plain:.0f} times as fast")  # noqa: T201
    assert full / plain >= 5
