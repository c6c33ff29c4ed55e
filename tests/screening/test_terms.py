"""Weights of terms: those of scikit-learn, headings as wholes, queries that do not count."""

from __future__ import annotations

import numpy as np
import pytest

from review.screening.stems import reduce_word
from review.screening.terms import Text
from review.screening.terms import weigh_terms

TEXTS = (
    "Rituximab for calcinosis in systemic sclerosis: a case report",
    "Calcinosis, calcinosis and more calcinosis. A case!",
    "Dental caries in the children of a village",
    "a case of a DENTAL abscess; case report",
    "",
)


def similarities(texts, **settings):
    terms = weigh_terms([Text(text) for text in texts], Text(""), **settings)
    return (terms.weights @ terms.weights.T).toarray() + np.diag(terms.own)


def test_similarities_are_those_of_scikit_learn():
    sklearn = pytest.importorskip("sklearn.feature_extraction.text")
    reference = sklearn.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=0.95).fit_transform(TEXTS)
    assert similarities(TEXTS) == pytest.approx((reference @ reference.T).toarray(), abs=1e-12)


def test_similarities_of_stems_are_those_of_scikit_learn_with_the_same_stems():
    sklearn = pytest.importorskip("sklearn.feature_extraction.text")
    stemmed = [" ".join(map(reduce_word, text.lower().replace(":", "").split())) for text in TEXTS[:1] * 2 + TEXTS[2:3]]
    reference = sklearn.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=0.95).fit_transform(stemmed)
    ours = similarities(TEXTS[:1] * 2 + TEXTS[2:3], reduce_word=reduce_word)
    assert ours == pytest.approx((reference @ reference.T).toarray(), abs=1e-12)


def test_terms_of_one_text_alone_are_left_out_and_keep_its_length():
    terms = weigh_terms([Text("rare words only"), Text("common ground"), Text("common sense")], Text(""))
    assert terms.weights.shape == (3, 1)
    assert terms.own[0] == pytest.approx(1)
    lengths = np.asarray(terms.weights.multiply(terms.weights).sum(axis=1)).ravel()
    assert lengths + terms.own == pytest.approx([1, 1, 1])


def test_a_query_is_weighed_but_not_counted():
    texts = [Text("skin calcinosis"), Text("skin cancer"), Text("bone fracture"), Text("bone density")]
    alone, asked = weigh_terms(texts, Text("")), weigh_terms(texts, Text("cancer calcinosis unheard"))
    likeness = (asked.weights @ asked.query.T).toarray().ravel()
    assert (likeness[:2] > 0).all()
    assert (likeness[2:] == 0).all()
    assert alone.query.nnz == 0
    gram = (asked.weights @ asked.weights.T).toarray() + np.diag(asked.own)
    assert gram == pytest.approx((alone.weights @ alone.weights.T).toarray() + np.diag(alone.own))


def test_a_heading_counts_whole_and_is_not_a_word():
    texts = [
        Text("one", ("Calcinosis Cutis",)),
        Text("two", ("calcinosis cutis",)),
        Text("calcinosis cutis"),
        Text("calcinosis"),
    ]
    terms = weigh_terms(texts, Text(""))
    gram = (terms.weights @ terms.weights.T).toarray()
    assert gram[0, 1] > 0.3
    assert gram[0, 2] == 0
    assert gram[2, 3] > 0


def test_pairs_do_not_reach_from_one_text_into_the_next():
    terms = weigh_terms([Text("alpha beta"), Text("beta alpha"), Text("alpha"), Text("beta"), Text("gamma")], Text(""))
    assert terms.weights.shape[1] == 2


def test_words_in_nearly_every_text_tell_nothing():
    texts = [Text(f"patients with disease{n % 5}") for n in range(40)]
    terms = weigh_terms(texts, Text(""))
    gram = (terms.weights @ terms.weights.T).toarray()
    assert gram[0, 1] == 0
    assert gram[0, 5] == pytest.approx(1)


def test_no_text_has_words():
    terms = weigh_terms([Text(""), Text("!"), Text("a b")], Text(""))
    assert terms.weights.shape == (3, 0)
    assert terms.own.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("calcifications", "calcific"),
        ("calcification", "calcific"),
        ("biopsies", "biops"),
        ("as", "as"),
        ("used", "used"[:3] + "d"),
    ],
)
def test_stems(word, stem):
    assert reduce_word(word) == stem
