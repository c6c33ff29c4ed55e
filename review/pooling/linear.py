"""The algebra that all inverse-variance models share: weighted least squares with an added variance.

Everything works on a batch of data sets at once (leading axes), so that leave-one-out, permutations and bootstraps are array
operations; a single data set is a batch without leading axes. No k by k matrix is ever formed: with W the diagonal of the
weights 1 / (v + tau2), X the design and P = W - W X (X'WX)^-1 X'W, all traces of products of P come from the p by p
moments X' D X, which takes time linear in the number of studies.

The columns of X are made orthonormal first (X = QR), which keeps years and other far-off moderators accurate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from numpy.typing import NDArray

from review.errors import PoolError

Floats = NDArray[np.float64]

#: Columns whose part that is not explained by the others is smaller than this share of their length are dependent.
RANK_TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Data sets of k studies: estimates, sampling variances, design and which studies take part.

    Attributes:
        y: Estimates (..., k).
        v: Sampling variances (..., k), positive.
        q: Orthonormal design (..., k, p).
        r: The triangle (p, p) that turns coefficients of `q` into those of the design as given: X = Q R.
        use: 1 for studies that take part, 0 for those left out (..., k).
    """

    y: Floats
    v: Floats
    q: Floats
    r: Floats
    use: Floats

    @property
    def k(self) -> Floats:
        """How many studies take part in each data set."""
        return np.asarray(self.use.sum(-1))

    @property
    def p(self) -> int:
        """How many coefficients there are."""
        return int(self.q.shape[-1])

    @property
    def df(self) -> Floats:
        """Residual degrees of freedom of each data set."""
        return self.k - self.p


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """A batch at given weights.

    Attributes:
        w: Weights (..., k), 0 for studies left out.
        inverse: (Q'WQ)^-1 (..., p, p).
        gamma: Coefficients of the orthonormal design (..., p).
        residual: y minus fitted values (..., k).
        rss: Weighted sum of squared residuals y'Py (...).
    """

    w: Floats
    inverse: Floats
    gamma: Floats
    residual: Floats
    rss: Floats


def make_batch(y: ArrayLike, v: ArrayLike, design: ArrayLike | None = None, use: ArrayLike | None = None) -> Batch:
    """Prepare one data set, or many that share a design.

    Args:
        y: Estimates (..., k).
        v: Sampling variances (..., k).
        design: Columns (k, p) with the intercept among them; None for an intercept alone.
        use: Mask (..., k); None uses all.

    Raises:
        PoolError: For variances that are not positive and finite, or dependent columns.
    """
    ys, vs = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    if not (np.isfinite(ys).all() and np.isfinite(vs).all() and (vs > 0).all()):
        raise PoolError(
            "a study has no estimate or no sampling variance above zero, so it cannot be weighted; "
            "choose another measure or rule for empty cells"
        )
    k = ys.shape[-1]
    if k == 0:
        raise PoolError("there is no study to pool")
    x = np.ones((k, 1)) if design is None else np.asarray(design, dtype=float)
    q, r = orthogonalise(x)
    mask = np.ones_like(ys) if use is None else np.asarray(use, dtype=float)
    return Batch(ys, vs, q, r, mask)


def orthogonalise(design: Floats) -> tuple[Floats, Floats]:
    """Split a design (k, p) into orthonormal columns and a triangle.

    Raises:
        PoolError: If there are more columns than studies, or columns that depend on each other.
    """
    k, p = design.shape
    if p > k:
        raise PoolError(f"{p} coefficients cannot be estimated from {k} {'study' if k == 1 else 'studies'}")
    q, r = np.linalg.qr(design)
    lengths = np.linalg.norm(design, axis=0)
    if not (np.abs(np.diag(r)) > RANK_TOLERANCE * np.maximum(lengths, np.finfo(float).tiny)).all():
        raise PoolError("the moderators cannot be told apart (a column is constant, or follows from the others)")
    return q, r


def moment(batch: Batch, d: Floats) -> Floats:
    """Compute Q' diag(d) Q for weights d (..., k); returns (..., p, p)."""
    # Plain sums: exact to the last digits, and free of the threads that a matrix product of long columns would start.
    q, p = batch.q, batch.p
    found = np.empty((*np.broadcast_shapes(d.shape, q.shape[:-1])[:-1], p, p))
    for i in range(p):
        for j in range(i, p):
            found[..., i, j] = found[..., j, i] = (d * q[..., i] * q[..., j]).sum(-1)
    return found


def weigh(batch: Batch, w: Floats) -> Weighted:
    """Fit by weighted least squares with weights w (..., k); studies left out get none."""
    w = w * batch.use
    inverse = np.asarray(np.linalg.inv(moment(batch, w)), dtype=float)
    cross = np.stack([(w * batch.y * batch.q[..., i]).sum(-1) for i in range(batch.p)], axis=-1)
    gamma = (inverse @ cross[..., None])[..., 0]
    residual = batch.y - sum(batch.q[..., i] * gamma[..., i, None] for i in range(batch.p))
    return Weighted(w, inverse, gamma, residual, (w * residual**2).sum(-1))


def weigh_at(batch: Batch, tau2: ArrayLike) -> Weighted:
    """Fit with weights 1 / (v + tau2) for one tau2 per data set."""
    return weigh(batch, 1 / (batch.v + np.asarray(tau2, dtype=float)[..., None]))


def trace(matrix: Floats) -> Floats:
    """Sum the diagonal of (..., p, p)."""
    return np.asarray(np.trace(matrix, axis1=-2, axis2=-1))


def leftover(batch: Batch, fit: Weighted) -> Floats:
    """Compute 1 less the leverage of each study (..., k), which rounding must not take below zero."""
    q = batch.q
    pulled = sum(q[..., i] * q[..., j] * fit.inverse[..., i, j, None] for i in range(batch.p) for j in range(batch.p))
    return np.asarray(np.maximum(1 - fit.w * pulled, 0.0))


def trace_p(batch: Batch, fit: Weighted) -> Floats:
    """Compute tr(P)."""
    return np.asarray((fit.w * leftover(batch, fit)).sum(-1))


def trace_pv(batch: Batch, fit: Weighted, d: Floats) -> Floats:
    """Compute tr(P D) for a diagonal d."""
    return np.asarray((fit.w * d * leftover(batch, fit)).sum(-1))


def trace_pdpe(batch: Batch, fit: Weighted, d: Floats, e: Floats) -> Floats:
    """Compute tr(P D P E) for diagonals d and e; d = e = 1 gives the sum of squares of P."""
    w = fit.w
    left, right = fit.inverse @ moment(batch, w**2 * d), fit.inverse @ moment(batch, w**2 * e)
    mixed = trace(fit.inverse @ moment(batch, w**3 * d * e))
    return np.asarray((w**2 * d * e).sum(-1) - 2 * mixed + trace(left @ right))


def log_likelihood(batch: Batch, fit: Weighted, *, restricted: bool) -> Floats:
    """Compute the log-likelihood at the weights of `fit`, all constants included.

    The restricted one is that of the residual contrasts: it has the term log|X'X| / 2 of metafor, which cancels here
    because the columns are orthonormal where all studies take part.
    """
    with np.errstate(divide="ignore"):
        log_w = np.where(batch.use > 0, np.log(np.where(fit.w > 0, fit.w, 1.0)), 0.0).sum(-1)
    if not restricted:
        return np.asarray((log_w - batch.k * np.log(2 * np.pi) - fit.rss) / 2)
    cross = np.linalg.slogdet(moment(batch, batch.use))[1]
    weighted = -np.linalg.slogdet(fit.inverse)[1]
    return np.asarray((log_w - batch.df * np.log(2 * np.pi) + cross - weighted - fit.rss) / 2)
