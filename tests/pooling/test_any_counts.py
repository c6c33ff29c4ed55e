"""Whatever the counts: no number of the inverse-variance results is missing without a finding, and no library warns."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.pooling.contrast import contrast_reports
from review.pooling.effects import MEASURES
from review.pooling.effects import back_transform
from review.pooling.effects import compute_effects
from review.pooling.effects import representative_total
from review.pooling.heterogeneity import METHODS
from review.pooling.influence import leave_one_out
from review.pooling.influence import measure_influence
from review.pooling.linear import make_batch
from review.pooling.models import TESTS
from review.pooling.models import fit_model
from review.pooling.prediction import VARIANTS
from review.pooling.prediction import predict
from review.pooling.smallstudy import PREDICTORS
from review.pooling.smallstudy import correlate_ranks
from review.pooling.smallstudy import regress_on_precision
from review.pooling.smallstudy import trim_and_fill
from review.pooling.subgroups import compare_subgroups
from review.pooling.tau2_intervals import interval_tau2

sizes = st.one_of(st.just(1), st.integers(1, 4), st.integers(1, 60), st.integers(1, 1_000_000))
counts = st.lists(sizes.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=9)


def numbers(value: object) -> Iterator[float]:
    """Walk through a result and yield every float in it."""
    if isinstance(value, float):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from numbers(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from numbers(getattr(value, field.name))


@given(counts, st.sampled_from(MEASURES), st.sampled_from(METHODS), st.sampled_from(TESTS))
@settings(max_examples=200, deadline=None)
def test_models(data: list[tuple[int, int]], measure: str, method: str, test: str) -> None:
    events, total = zip(*data, strict=True)
    found = compute_effects(events, total, measure=measure)
    model = fit_model(found.y, found.v, method=method, test=test)
    assert all(math.isfinite(number) for number in numbers(model))
    back = back_transform([model.beta, *model.ci], measure, total=representative_total(total))
    assert ((back >= 0) & (back <= 1)).all()
    assert back[1] <= back[0] <= back[2]


@given(counts, st.sampled_from(MEASURES), st.sampled_from(METHODS[1:]))
@settings(max_examples=100, deadline=None)
def test_what_goes_with_a_model(data: list[tuple[int, int]], measure: str, method: str) -> None:
    events, total = zip(*data, strict=True)
    found = compute_effects(events, total, measure=measure)
    y, v = found.y, found.v
    model = fit_model(y, v, method=method)
    results: list[object] = [interval_tau2(make_batch(y, v), method=name) for name in ("QP", "PL-ML", "PL-REML")]
    results += [leave_one_out(y, v, method=method), measure_influence(y, v, method=method)]
    results += [contrast_reports(events, total)]
    if len(data) > 1:
        groups = ["first"] + ["rest"] * (len(data) - 1)
        results += [compare_subgroups(y, v, groups, method=method, test="adhoc", common_tau2=c) for c in (True, False)]
    for variant in VARIANTS:
        prediction = predict(y, v, model, variant=variant)
        assert (prediction.limits is None) == bool(prediction.findings)
        results.append(prediction)
    for result in results:
        assert all(math.isfinite(number) for number in numbers(result))


@given(counts, st.sampled_from(MEASURES))
@settings(max_examples=100, deadline=None)
def test_small_study_methods_answer_or_say_why(data: list[tuple[int, int]], measure: str) -> None:
    events, total = zip(*data, strict=True)
    found = compute_effects(events, total, measure=measure)
    for predictor in PREDICTORS:
        for kind in ("lm", "rma"):
            test = regress_on_precision(found.y, found.v, total, measure=measure, predictor=predictor, model=kind)
            assert (test.statistic is None) == ("POOL-131" in [finding.code for finding in test.findings])
            assert all(math.isfinite(number) for number in numbers(test))
    ranks = correlate_ranks(found.y, found.v, measure=measure)
    assert (ranks.tau is None) == ("POOL-131" in [finding.code for finding in ranks.findings])
    for estimator in ("L0", "R0"):
        filled = trim_and_fill(found.y, found.v, estimator=estimator)
        assert (filled.beta is None) == ("POOL-131" in [finding.code for finding in filled.findings])
        assert all(math.isfinite(number) for number in numbers([ranks, filled]))


@pytest.mark.parametrize("method", METHODS)
def test_a_study_that_outweighs_the_others_a_trillionfold(method: str) -> None:
    model = fit_model(
        [0.5, 0.1, 0.9], [1e-14, 0.2, 0.2], method=method, design=[[1, 0], [1, 1], [1, 2]], names=("i", "x")
    )
    assert np.isfinite([c.se for c in model.coefficients]).all()
    assert all(math.isfinite(number) for number in numbers(model))
