"""The model and the multiverse of planned analyses."""

from __future__ import annotations

import pytest

from review.errors import PoolError
from review.pooling.planned_models import ALL_DOUBTFUL
from review.pooling.planned_models import MOST_DOUBTFUL
from review.pooling.planned_models import PlannedCount
from review.pooling.planned_models import model_rows
from review.pooling.planned_models import run_planned_multiverse
from review.pooling.pool import pool_counts

SERIES = [PlannedCount("series", 4, 8), PlannedCount("published", 5, 11, doubtful=True)]


def test_the_model_is_that_of_a_bare_table() -> None:
    model = model_rows(SERIES, level=0.9)
    assert model == pool_counts(SERIES, level=0.9)
    assert (model.method, model.test, model.level, model.events, model.total) == ("GLMM", "profile", 0.9, 9, 19)
    assert "POOL-155" in model.warnings


def test_two_studies_get_no_interval_by_students_t() -> None:
    multiverse = run_planned_multiverse(SERIES, level=0.95)
    assert not any("Hartung-Knapp" in universe.choices["interval"] for universe in multiverse.universes)
    three = run_planned_multiverse([*SERIES, PlannedCount("case", 1, 1)], level=0.95)
    assert any("Hartung-Knapp" in universe.choices["interval"] for universe in three.universes)


def test_a_doubtful_study_is_in_and_out() -> None:
    multiverse = run_planned_multiverse(SERIES, level=0.95)
    assert {(u.choices['"published"'], u.studies, u.events, u.total) for u in multiverse.universes} == {
        ("in", 2, 9, 19),
        ("out", 1, 4, 8),
    }
    assert multiverse.reference is not None
    planned = multiverse.universes[multiverse.reference]
    assert (planned.choices['"published"'], planned.choices["model"]) == ("in", "random-intercept logistic")
    assert planned.estimate == pytest.approx(9 / 19)


def test_many_doubtful_studies_are_left_out_together() -> None:
    doubtful = [PlannedCount(f"d{place}", 1, 2, doubtful=True) for place in range(MOST_DOUBTFUL + 1)]
    multiverse = run_planned_multiverse([*SERIES[:1], *doubtful], level=0.95)
    assert {(u.choices[ALL_DOUBTFUL], u.studies) for u in multiverse.universes} == {
        ("in", len(doubtful) + 1),
        ("out", 1),
    }
    only = run_planned_multiverse(doubtful, level=0.95)
    assert {u.choices[ALL_DOUBTFUL] for u in only.universes} == {"in"}


def test_no_study_is_refused() -> None:
    with pytest.raises(PoolError):
        model_rows([], level=0.95)
