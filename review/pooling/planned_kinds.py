"""Which analyses are of a single proportion, and how the others are done."""

from __future__ import annotations

from collections.abc import Mapping

from review.model import Study
from review.model import StudyId
from review.pooling.arms import plan_arms
from review.pooling.eventtimes import plan_event_times
from review.pooling.means import plan_means
from review.pooling.measured import MeasuredResult
from review.pooling.measured import run_plan
from review.pooling.rates import plan_rates
from review.protocol import Analysis
from review.protocol import Outcome
from review.protocol import Protocol


def is_proportion(analysis: Analysis, outcome: Outcome | None) -> bool:
    """Whether an analysis is of one proportion per study, which `review.pooling.planned` computes; one of an unknown outcome is taken for it."""
    return outcome is None or (outcome.type == "binary" and not analysis.compare)


def measure_planned(
    analysis: Analysis, studies: Mapping[StudyId, Study], outcome: Outcome, protocol: Protocol
) -> MeasuredResult:
    """Compute one planned analysis that is not of a single proportion.

    Args:
        analysis: What is asked.
        studies: The sheets by study id.
        outcome: What it is of; a binary one is compared between two arms.
        protocol: Has the arms.
    """
    if outcome.type == "continuous":
        plan = plan_means(outcome)
    elif outcome.type == "count":
        plan = plan_rates(outcome)
    elif outcome.type == "time-to-event":
        plan = plan_event_times(outcome, analysis.times)
    else:
        plan = plan_arms(analysis, outcome, protocol)
    return run_plan(plan, analysis, outcome, studies)
