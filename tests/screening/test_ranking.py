"""Ranking: what resembles the relevant comes first, cold start, costs, models, repeatability."""

from __future__ import annotations

import numpy as np
import pytest

from review.errors import UsageError
from review.screening.models import MODELS
from review.screening.models import find_model
from review.screening.ranking import Ranking
from review.screening.ranking import share_costs
from review.screening.terms import Text

TOPICS = ("calcinosis rituximab sclerosis skin", "dental caries enamel children", "fracture hip elderly surgery")


def make_texts(size=60, seed=3):
    rng = np.random.default_rng(seed)
    texts = []
    for place in range(size):
        words = TOPICS[place % 3].split()
        texts.append(Text(" ".join([*rng.choice(words, 3), *(f"noise{n}" for n in rng.integers(0, 40, 6))])))
    return texts


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_what_resembles_the_relevant_comes_first(model):
    ranking = Ranking(make_texts(), model)
    order = [place for place in ranking.rank([0, 3], [1, 2]).tolist() if place not in {0, 1, 2, 3}]
    assert sum(place % 3 == 0 for place in order[:15]) >= 12


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_same_decisions_give_the_same_scores_whatever_came_before(model):
    ranking = Ranking(make_texts(), model)
    ranking.score([0], [1])
    ranking.score([0, 3, 6], [1, 2, 4, 5])
    assert (ranking.score([0, 3], [1]) == Ranking(make_texts(), model).score([0, 3], [1])).all()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_before_there_is_anything_to_learn_the_criteria_order(model):
    ranking = Ranking(make_texts(), model, "Children with dental caries")
    assert all(place % 3 == 1 for place in ranking.rank([], [])[:10])
    assert all(place % 3 == 1 for place in ranking.rank([], [0, 2])[:10])


def test_without_criteria_and_decisions_the_records_keep_their_order():
    assert Ranking(make_texts(), MODELS[0]).rank([], []).tolist() == list(range(60))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_relevant_records_alone_teach(model):
    order = Ranking(make_texts(), model).rank([0], []).tolist()
    assert sum(place % 3 == 0 for place in order[:12]) >= 10


def test_texts_alike_keep_their_order():
    texts = [Text("alpha beta"), Text("gamma delta"), Text("gamma delta"), Text("gamma delta"), Text("alpha delta")]
    order = Ranking(texts, MODELS[0]).rank([0], [4]).tolist()
    assert [place for place in order if place in {1, 2, 3}] == [1, 2, 3]


def test_texts_without_words_are_ranked_too():
    ranking = Ranking([Text(""), Text("alpha beta"), Text("alpha gamma"), Text("")], MODELS[0])
    assert sorted(ranking.rank([1], [2]).tolist()) == [0, 1, 2, 3]


def test_costs_are_those_of_asreview():
    labels = np.array([1.0, -1.0, -1.0, 0.0, -1.0, -1.0, 0.0])
    costs = share_costs(labels, find_model("elas-u4"))
    used = costs[labels != 0]
    assert used.sum() == pytest.approx(0.11 * 5)
    assert costs[0] / (4 * costs[1]) == pytest.approx(9.8)
    assert (costs[labels == 0] == 0).all()


def test_unread_records_share_what_the_model_gives_them():
    labels = np.array([1.0, -1.0, -1.0, 0.0, 0.0, 0.0])
    costs = share_costs(labels, MODELS[0])
    assert costs[labels == 0].sum() / costs[labels < 0].sum() == pytest.approx(0.5)
    assert costs.sum() == pytest.approx(0.11 * 103)
    assert share_costs(np.array([1.0, -1.0]), MODELS[0]).sum() == pytest.approx(0.11 * 2)


def test_models_have_names():
    assert find_model("") is MODELS[0]
    assert find_model("elas-u4").stems is False
    with pytest.raises(UsageError, match="presumed-1 or elas-u4"):
        find_model("unheard-of")
