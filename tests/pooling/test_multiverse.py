"""All combinations of defensible choices, ordered, and told in one sentence."""

from __future__ import annotations

import pytest

from review.errors import PoolError
from review.pooling.counts import StudyCount
from review.pooling.multiverse import ROUTES
from review.pooling.multiverse import Variant
from review.pooling.multiverse import cross_variants
from review.pooling.multiverse import run_multiverse
from review.pooling.multiverse import vary_studies

ROWS = [
    StudyCount(name, x, n, {}, i)
    for i, (name, x, n) in enumerate([("own", 4, 8), ("a", 2, 4), ("b", 1, 1), ("c", 0, 1)])
]
STRICT = [StudyCount(row.study, max(row.events - 1, 0), row.total, {}, row.line) for row in ROWS]


def test_every_combination_is_there_and_ordered() -> None:
    variants = cross_variants(list(vary_studies(ROWS, ["c"])), "response rule", {"as reported": ROWS, "strict": STRICT})
    assert len(variants) == 4
    result = run_multiverse(variants)
    assert len(result.universes) == 4 * len(ROUTES)
    estimates = [u.estimate for u in result.universes if u.estimate is not None]
    assert estimates == sorted(estimates)
    assert result.range == (estimates[0], estimates[-1])
    planned = result.universes[result.reference]
    assert planned.choices["model"] == "random-intercept logistic"
    assert planned.choices["response rule"] == "as reported"
    assert planned.choices["c"] == "in"


def test_the_range_in_one_sentence() -> None:
    result = run_multiverse([Variant(tuple(ROWS))], ROUTES[:2])
    assert result.tell() == (
        "Across 2 combinations of defensible choices (interval, model) the proportion lies between 50.0% and 50.0%, and the "
        "95% intervals reach from 23.0% to 77.0%."
    )
    frame = result.to_frame()
    assert list(frame["interval"]) == ["Clopper-Pearson", "mid-P"]


def test_a_route_without_an_answer_stays_in_the_list() -> None:
    rows = (StudyCount("a", 0, 5, {}, 1), StudyCount("b", 5, 5, {}, 2))
    result = run_multiverse(
        [Variant(rows)], [route for route in ROUTES if route.choices["model"] == "random-intercept logistic"]
    )
    assert result.universes[0].estimate is None
    assert "POOL-156" in result.universes[0].codes
    assert result.range is None
    assert result.tell().startswith("None of 1")


def test_bad_input_is_refused() -> None:
    with pytest.raises(PoolError):
        run_multiverse([])
    with pytest.raises(PoolError, match="no study"):
        list(vary_studies(ROWS, ["nobody"]))
    with pytest.raises(PoolError, match="ten"):
        list(vary_studies([StudyCount(str(i), 0, 1, {}, i) for i in range(11)], [str(i) for i in range(11)]))
