"""Simulated screening: every record once, priors first, ASReview's draws, and finding sooner than chance."""

from __future__ import annotations

import numpy as np
import pytest

from review.errors import UsageError
from review.screening.labelled import LabelledRecord
from review.screening.models import MODELS
from review.screening.models import find_model
from review.screening.simulation import draw_priors
from review.screening.simulation import simulate_screening
from review.screening.terms import Text


def make_records(size=150, every=10, seed=5):
    rng = np.random.default_rng(seed)
    records = []
    for place in range(size):
        is_relevant = place % every == 3
        own = [f"topic{n}" for n in rng.integers(0, 12, 5)] if is_relevant else []
        words = [*own, *(f"noise{n}" for n in rng.integers(0, 300, 20))]
        records.append(LabelledRecord(f"r{place}", Text(" ".join(words)), is_relevant, place + 2))
    return records


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_record_is_shown_once_and_relevant_ones_early(model):
    records = make_records()
    simulation = simulate_screening(records, model, included=["r3"], excluded=["r0"])
    assert sorted(simulation.order) == sorted(record.id for record in records)
    assert simulation.order[:2] == simulation.priors == ("r3", "r0")
    assert simulation.metrics is not None
    assert (simulation.metrics.records, simulation.metrics.included) == (148, 14)
    assert simulation.metrics.recall["20%"] > 0.7


def test_it_can_be_repeated():
    records = make_records()
    first, second = (simulate_screening(records, MODELS[0], included=["r3"], excluded=["r0"]) for _ in range(2))
    assert first == second


def test_ranking_after_every_decision_differs_little():
    records = make_records()
    often = simulate_screening(records, MODELS[0], included=["r3"], excluded=["r0"], growth=0)
    seldom = simulate_screening(records, MODELS[0], included=["r3"], excluded=["r0"])
    assert often.metrics is not None
    assert seldom.metrics is not None
    assert seldom.metrics.atd == pytest.approx(often.metrics.atd, abs=0.03)


def test_the_criteria_order_before_anything_is_known():
    records = make_records()
    simulation = simulate_screening(records, MODELS[0], criteria="topic1 topic2 topic3")
    assert simulation.priors == ()
    assert simulation.order[0] in {record.id for record in records if record.is_relevant}


@pytest.mark.parametrize("seed", [0, 1, 42])
def test_priors_are_numpys_legacy_draws(seed):
    records = [LabelledRecord(f"r{n}", Text(""), n in {6, 7, 8}, n + 2) for n in range(10)]
    included = int(np.random.RandomState(seed).choice([6, 7, 8], 1, replace=False)[0])
    excluded = int(np.random.RandomState(seed).choice([0, 1, 2, 3, 4, 5, 9], 1, replace=False)[0])
    assert draw_priors(records, seed) == (f"r{included}", f"r{excluded}")


def test_all_relevant_known_beforehand_leaves_nothing_to_measure():
    records = make_records(30, 10)
    simulation = simulate_screening(records, MODELS[0], included=["r3", "r13", "r23"], excluded=["r0"])
    assert simulation.metrics is None
    assert len(simulation.order) == 30


@pytest.mark.parametrize(
    ("included", "excluded", "words"),
    [
        (["none"], [], "no record 'none'"),
        (["r0"], [], "line 2 cannot be known as included: its label is 0"),
        ([], ["r3"], "line 5 cannot be known as excluded: its label is 1"),
        (["r3", "r3"], [], "named twice"),
    ],
)
def test_priors_that_cannot_be(included, excluded, words):
    with pytest.raises(UsageError, match=words.replace("(", r"\(")):
        simulate_screening(make_records(), MODELS[0], included=included, excluded=excluded)


def test_the_order_is_that_of_scikit_learn_refitted_after_every_decision():
    svm = pytest.importorskip("sklearn.svm")
    text = pytest.importorskip("sklearn.feature_extraction.text")
    records = make_records(200, 8)
    labels = np.array([record.is_relevant for record in records])
    matrix = text.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=0.95).fit_transform(
        record.text.words for record in records
    )
    shown = [3, 0]
    while len(shown) < len(records):
        found = labels[shown]
        weights = np.where(found, 1.0, found.sum() / (9.8 * (~found).sum()))
        weights *= len(shown) / weights.sum()
        machine = svm.LinearSVC(C=0.11, random_state=0, tol=1e-8, max_iter=100_000)
        machine.fit(matrix[shown], found, sample_weight=weights)
        scores = machine.decision_function(matrix)
        scores[shown] = -np.inf
        shown.append(int(np.argmax(scores)))
    ours = simulate_screening(records, find_model("elas-u4"), included=["r3"], excluded=["r0"], growth=0)
    last = int(np.flatnonzero(labels[shown])[-1]) + 1  # nothing is ranked anew after the last relevant record
    assert ours.order[:last] == tuple(f"r{place}" for place in shown[:last])
    assert last > 25
