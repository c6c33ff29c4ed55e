"""The algebra without k by k matrices equals the textbook's with them."""

from __future__ import annotations

import numpy as np
import pytest

from review.errors import PoolError
from review.pooling.linear import log_likelihood
from review.pooling.linear import make_batch
from review.pooling.linear import orthogonalise
from review.pooling.linear import trace_p
from review.pooling.linear import trace_pdpe
from review.pooling.linear import trace_pv
from review.pooling.linear import weigh_at

RANDOM = np.random.default_rng(11)
X = np.stack([np.ones(9), RANDOM.uniform(1990, 2020, 9), RANDOM.normal(size=9)], axis=1)
Y, V = RANDOM.normal(size=9), RANDOM.uniform(0.1, 2, 9)


def test_traces_and_residuals_equal_those_of_full_matrices() -> None:
    batch = make_batch(Y, V, X)
    fit = weigh_at(batch, np.asarray(0.4))
    w = np.diag(1 / (V + 0.4))
    p = w - w @ X @ np.linalg.inv(X.T @ w @ X) @ X.T @ w
    d, e = np.diag(V), np.diag(V**2)
    assert fit.rss == pytest.approx(Y @ p @ Y, rel=1e-6)
    assert trace_p(batch, fit) == pytest.approx(np.trace(p), rel=1e-6)
    assert trace_pv(batch, fit, V) == pytest.approx(np.trace(p @ d), rel=1e-6)
    assert trace_pdpe(batch, fit, V, V**2) == pytest.approx(np.trace(p @ d @ p @ e), rel=1e-6)
    assert np.linalg.solve(batch.r, fit.gamma) == pytest.approx(np.linalg.solve(X.T @ w @ X, X.T @ w @ Y), rel=1e-4)


def test_restricted_likelihood_is_that_of_residual_contrasts() -> None:
    batch = make_batch(Y, V, X)
    fit = weigh_at(batch, np.asarray(0.4))
    contrasts = np.linalg.svd(X)[0][:, 3:]
    z, covariance = contrasts.T @ Y, contrasts.T @ np.diag(V + 0.4) @ contrasts
    expected = -(6 * np.log(2 * np.pi) + np.linalg.slogdet(covariance)[1] + z @ np.linalg.solve(covariance, z)) / 2
    assert log_likelihood(batch, fit, restricted=True) == pytest.approx(expected)


def test_a_mask_equals_leaving_studies_out() -> None:
    use = np.ones((2, 9))
    use[1, [0, 4]] = 0
    batch, rest = make_batch(Y, V, use=use), make_batch(Y[use[1] > 0], V[use[1] > 0])
    fit, alone = weigh_at(batch, np.array([0.4, 0.4])), weigh_at(rest, np.asarray(0.4))
    assert batch.k.tolist() == [9, 7]
    assert fit.rss[1] == pytest.approx(float(alone.rss))
    assert trace_p(batch, fit)[1] == pytest.approx(float(trace_p(rest, alone)))
    for restricted in (True, False):
        found = log_likelihood(batch, fit, restricted=restricted)[1]
        assert found == pytest.approx(float(log_likelihood(rest, alone, restricted=restricted)))


def test_dependent_columns_are_refused_however_large() -> None:
    with pytest.raises(PoolError, match="told apart"):
        orthogonalise(np.stack([np.ones(5), np.full(5, 2015.0)], axis=1))
    orthogonalise(np.stack([np.ones(5), 2015 + np.arange(5.0)], axis=1))
    with pytest.raises(PoolError, match="from 1 study"):
        orthogonalise(np.ones((1, 2)))
