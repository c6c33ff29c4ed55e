"""Likelihood of patients within studies: logistic regression with covariates of the patient and a random study effect.

Where all patients of a study share their covariates, `review.pooling.glmm` has a faster integral; here they may differ, and
a study's likelihood is one integral over the product of its patients.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from numpy.typing import NDArray
from scipy.special import expit

from review.pooling.likelihood import Slice
from review.pooling.logisticnormal import STEP

Array = NDArray[np.float64]

#: The standard normal density is below 1e-16 of its peak here.
REACH = 8.8


class ClusteredSurface:
    """Log-likelihood of (beta, tau2) for rows of events and totals with covariates, rows of one study sharing an effect.

    Args:
        study: (r,) study of each row, any sortable labels.
        events: (r,) counts; 0 or 1 for single patients.
        total: (r,) counts, at least 1.
        design: (r, p) covariates, the column of ones among them.
    """

    dispersions: Array = np.geomspace(0.02, 8.0, 20) ** 2
    ceiling: float = 1e4

    def __init__(self, study: ArrayLike, events: ArrayLike, total: ArrayLike, design: ArrayLike) -> None:
        z = np.asarray(design, dtype=float)
        _labels, codes = np.unique(np.asarray(study), return_inverse=True)
        keys = np.column_stack([codes.ravel(), z])
        unique, index = np.unique(keys, axis=0, return_inverse=True)
        index = index.ravel()
        self.events = np.bincount(index, weights=np.asarray(events, dtype=float))
        self.total = np.bincount(index, weights=np.asarray(total, dtype=float))
        self.design = unique[:, 1:]
        #: Where each study's rows begin; np.unique has put them one after the other.
        self.starts = np.unique(unique[:, 0], return_index=True)[1]
        self.rows = np.repeat(np.arange(self.starts.size), np.diff(np.append(self.starts, unique.shape[0])))
        self.largest = float(np.add.reduceat(self.total, self.starts).max())
        self.width = z.shape[1]

    @property
    def studies(self) -> int:
        """How many studies there are."""
        return int(self.starts.size)

    def evaluate(self, location: Array, dispersion: Array) -> Slice:
        """Evaluate at (B, p) coefficients and (B,) values of tau2."""
        parts = [
            self._evaluate_one(beta, float(np.sqrt(tau2))) for beta, tau2 in zip(location, dispersion, strict=True)
        ]
        return Slice(*(np.stack(part) for part in zip(*parts, strict=True)))

    def _evaluate_one(self, beta: Array, tau: float) -> tuple[Array, Array, Array]:
        sharpest = np.sqrt(1 + tau * tau * self.largest / 4)
        u = np.linspace(-REACH, REACH, int(np.ceil(2 * REACH * sharpest / STEP)) + 1)
        eta = (self.design @ beta)[:, None] + tau * u
        tail = np.log1p(np.exp(-np.abs(eta)))
        x, n, z, p = self.events[:, None], self.total[:, None], self.design, self.width
        log_row = x * (np.minimum(eta, 0) - tail) + (n - x) * (-np.maximum(eta, 0) - tail)
        log_f = self._gather(log_row) - 0.5 * u * u
        top = log_f.max(axis=1, keepdims=True)
        f = np.exp(log_f - top)
        mass = f.sum(axis=1, keepdims=True)
        value = float((top + np.log(mass * (u[1] - u[0]))).sum()) - 0.5 * self.studies * np.log(2 * np.pi)
        w = f / mass
        mean = expit(eta)
        s = x - n * mean
        v = n * mean * (1 - mean)
        k3 = -v * (1 - 2 * mean)
        s1, v1, t3, t4 = (self._gather(a) for a in (s, v, k3, -v * (1 - 6 * mean * (1 - mean))))
        h2 = s1 * s1 - v1
        h4 = s1 * s1 * (s1 * s1 - 6 * v1) + 3 * v1 * v1 + 4 * s1 * t3 + t4
        # Scores by coefficient: (studies, nodes, p).
        q, vz, tz = (self._gather(a[:, :, None] * z[:, None, :]) for a in (s, v, k3))
        mean_q = np.einsum("sn,snp->sp", w, q)
        mean_h2 = (w * h2).sum(axis=1)
        gradient = np.append(mean_q.sum(axis=0), 0.5 * mean_h2.sum())
        hessian = np.empty((p + 1, p + 1))
        spread = (w[self.rows] * v).sum(axis=1)
        hessian[:p, :p] = np.einsum("sn,snp,snq->pq", w, q, q) - mean_q.T @ mean_q - (z * spread[:, None]).T @ z
        cross = np.einsum("sn,snp->sp", w, q * h2[:, :, None] - 2 * s1[:, :, None] * vz + tz)
        hessian[:p, p] = hessian[p, :p] = 0.5 * (cross - mean_q * mean_h2[:, None]).sum(axis=0)
        hessian[p, p] = 0.25 * float(((w * h4).sum(axis=1) - mean_h2**2).sum())
        return np.asarray(value), gradient, hessian

    def _gather(self, values: Array) -> Array:
        """Sum rows by study."""
        return np.asarray(np.add.reduceat(values, self.starts, axis=0))

    def stretch(self, dispersion: Array) -> Array:
        """As for `review.pooling.glmm.CountSurface`."""
        return np.sqrt(1 + 0.346 * dispersion)

    def start(self) -> Array:
        """Coefficients to begin from: the pooled logit, spread over the columns."""
        logit = np.log((self.events.sum() + 0.5) / (self.total.sum() - self.events.sum() + 0.5))
        return np.asarray(np.linalg.lstsq(self.design, np.full(self.events.size, logit), rcond=None)[0])
