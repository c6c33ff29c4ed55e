"""Made-up planned results of any number of studies, with patients one by one where a figure needs them."""

from __future__ import annotations

from collections.abc import Sequence

from review.findings import Origin
from review.model import Case
from review.model import CaseId
from review.model import Count
from review.model import Missing
from review.model import Observation
from review.model import Study
from review.model import StudyId
from review.pooling.planned import PlannedResult
from review.pooling.planned import pool_planned
from review.protocol import Analysis
from review.protocol import CaseField
from review.protocol import ForestPlan
from review.protocol import Outcome
from tests.reporting.estimates import LONG

OUTCOME = Outcome("response", "Clinical response", "smaller")
PLAIN = ForestPlan()
FOLLOWUP = CaseField("followup", "Follow-up", "number", unit="months", role="follow-up")


def make_result(
    count: int, *, names: Sequence[str] = LONG, figure: ForestPlan = PLAIN, together: bool = True
) -> PlannedResult:
    """Studies of 3 to 52 patients with shares from none to all, one a year from 1960 on."""
    studies = {}
    for place in range(count):
        total = 3 + 7 * place % 50
        events = (0, total, total // 2, total // 3)[place % 4]
        identifier = StudyId(f"study-{place}")
        label = f"{names[place % len(names)]} {1960 + place}"
        studies[identifier] = make_study(identifier, label, 1960 + place, Count("response", events, total))
    return _pool(studies, figure, together=together)


def make_patients(followups: Sequence[str], responses: Sequence[str] = ("yes", "no", "unclear")) -> PlannedResult:
    """One study of patients with these follow-ups: `12`, `>= 12`, `< 3` or a word for its absence."""
    cases = tuple(
        Case(
            CaseId(f"smith-2001-{place}"),
            {"followup": _observe(text)},
            {"response": _observe(responses[place % len(responses)])},
        )
        for place, text in enumerate(followups, 1)
    )
    studies = {StudyId("smith-2001"): make_study(StudyId("smith-2001"), "Smith 2001", 2001, cases=cases)}
    return _pool(studies, ForestPlan(), together=True)


def make_study(
    identifier: StudyId, label: str, year: int | None, *counts: Count, cases: tuple[Case, ...] = ()
) -> Study:
    return Study(identifier, label, "primary", "case series", year, (), cases, counts)


def _observe(text: str) -> Observation:
    absent: tuple[Missing, ...] = ("not reported", "not applicable", "unclear")
    for word in absent:
        if text == word:
            return Observation(missing=word)
    operator, _, number = text.rpartition(" ")
    return Observation(number, op=operator or "=")


def _pool(studies: dict[StudyId, Study], figure: ForestPlan, *, together: bool) -> PlannedResult:
    origin = Origin("protocol.yaml", 1)
    analysis = Analysis("A", "All", "response", tuple(studies), together, ("clopper-pearson",), "", origin, figure)
    return pool_planned(analysis, studies, OUTCOME)
