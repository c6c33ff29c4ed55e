"""Beta-binomial model of counts, by maximum likelihood.

Each study's proportion is drawn from a beta distribution with mean mu and intraclass correlation rho = 1 / (a + b + 1).
mu is the *marginal* proportion, the mean over studies, where the random-intercept logistic model's is that of the median
study. rho = 0 is the binomial model, reached smoothly.

With gamma = rho / (1 - rho) the likelihood is a product over single patients,

    Prod_{j < x} (mu + j gamma)  Prod_{j < n - x} (1 - mu + j gamma) / Prod_{j < n} (1 + j gamma),

which needs no gamma functions, loses no digits as rho goes to 0, and adds up over studies by how many of them have more
than j events. Long runs of j are summed by Gauss rules for sums, so that a study of a million patients costs as much as
one of a thousand.

Source: Griffiths 1973, Biometrics 29: 637-648 for the form in mu and gamma; the rule's recurrence is that of the discrete
Chebyshev polynomials, Gautschi, Orthogonal polynomials: computation and approximation, 2004, section 1.5.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from numpy.typing import NDArray
from scipy.linalg import eigh_tridiagonal
from scipy.special import chdtri
from scipy.special import expit
from scipy.special import gammaln
from scipy.special import ndtri

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.likelihood import Ridge
from review.pooling.likelihood import Slice
from review.pooling.likelihood import climb
from review.pooling.likelihood import find_maximum
from review.pooling.likelihood import trace_ridge
from review.pooling.logisticnormal import compute_saturated
from review.pooling.profilelimits import limit_location

Array = NDArray[np.float64]

#: A sum over more than this many consecutive patients is done by a rule with ORDER nodes.
LONG = 48
ORDER = 16
#: At most so many values are held at once.
BLOCK = 1 << 19


@lru_cache(maxsize=256)
def _rule(count: int) -> tuple[Array, Array]:
    """Gauss rule for a sum over 0..count - 1: ORDER nodes and weights, exact for polynomials of degree 2 ORDER - 1."""
    m = np.arange(1, ORDER, dtype=float)
    beta = m * m * (float(count) ** 2 - m * m) / (4 * (4 * m * m - 1))
    nodes, vectors = eigh_tridiagonal(np.full(ORDER, (count - 1) / 2), np.sqrt(beta))
    return np.asarray(nodes, dtype=float), np.asarray(count * vectors[0] ** 2, dtype=float)


def _count_exceeding(values: Array, weights: Array) -> tuple[Array, Array]:
    """Nodes j and weights c such that Sum_i w_i Sum_{j < values_i} f(j) = Sum c f(j), for f smooth in log j.

    Args:
        values: Whole numbers >= 0.
        weights: How often each occurs.
    """
    edges = np.unique(np.concatenate([[0.0], values]))
    nodes, counts = [], []
    for low, high in itertools.pairwise(edges):
        height = float(weights[values >= high].sum())
        start = low
        while start < high:
            # A run as long as its start keeps f as good as a polynomial for the rule.
            stop = min(high, max(2 * start, LONG))
            if stop - start <= LONG:
                nodes.append(np.arange(start, stop))
                counts.append(np.full(int(stop - start), height))
            else:
                offsets, rule_weights = _rule(int(stop - start))
                nodes.append(start + offsets)
                counts.append(height * rule_weights)
            start = stop
    if not nodes:
        return np.zeros(0), np.zeros(0)
    return np.concatenate(nodes), np.concatenate(counts)


class BetaBinomialSurface:
    """Log-likelihood as a function of (logit mu, gamma)."""

    width = 1
    dispersions: Array = np.concatenate([np.geomspace(1e-9, 1e-4, 11)[:-1], np.geomspace(1e-4, 64.0, 22)])
    ceiling: float = 1e8

    def __init__(self, events: Array, total: Array) -> None:
        pairs, counts = np.unique(np.column_stack([events, total]), axis=0, return_counts=True)
        x, n, w = pairs[:, 0], pairs[:, 1], counts.astype(float)
        self.hits = _count_exceeding(x, w)
        self.misses = _count_exceeding(n - x, w)
        self.all = _count_exceeding(n, w)
        # Probability at gamma = 0, mu = x / n, less what the product form gives there: the binomial coefficients.
        with np.errstate(divide="ignore", invalid="ignore"):
            at_best = np.where(x > 0, x * np.log(x / n), 0.0) + np.where(x < n, (n - x) * np.log1p(-x / n), 0.0)
        self.constant = float(w @ (compute_saturated(x, n) - at_best))
        self.pooled = float(w @ x) / float(w @ n)

    def log_likelihood(self, logit: Array, gamma: Array) -> Array:
        """The value alone, at (B,) logits of mu and (B,) values of gamma."""
        mu, nu, one = expit(logit), expit(-logit), np.ones_like(logit)
        out = np.full(logit.shape, self.constant)
        for base, (j, c), sign in ((mu, self.hits, 1.0), (nu, self.misses, 1.0), (one, self.all, -1.0)):
            rows = max(1, BLOCK // max(1, j.size))
            for start in range(0, logit.size, rows):
                part = slice(start, start + rows)
                out[part] += sign * (np.log(base[part, None] + gamma[part, None] * j) @ c)
        return out

    def stretch(self, dispersion: Array) -> Array:
        """None: the mean stays about where it is."""
        return np.ones_like(dispersion)

    def evaluate(self, location: Array, dispersion: Array) -> Slice:
        """Evaluate at (B, 1) logits of mu and (B,) values of gamma."""
        mu = expit(location[:, 0])
        nu = expit(-location[:, 0])
        gamma = np.asarray(dispersion, dtype=float)
        log_a, a, ag, aa, aag, agg = _sum_logs(mu, gamma, self.hits)
        log_b, b, bg, bb, bbg, bgg = _sum_logs(nu, gamma, self.misses)
        log_n, _n, ng, _nn, _nng, ngg = _sum_logs(np.ones_like(mu), gamma, self.all)
        slope = mu * nu
        first = a - b
        gradient = np.column_stack([slope * first, ag + bg - ng])
        hessian = np.empty((mu.size, 2, 2))
        hessian[:, 0, 0] = slope**2 * (aa + bb) + slope * (nu - mu) * first
        hessian[:, 0, 1] = hessian[:, 1, 0] = slope * (aag - bbg)
        hessian[:, 1, 1] = agg + bgg - ngg
        return Slice(log_a + log_b - log_n + self.constant, gradient, hessian)


def _sum_logs(base: Array, gamma: Array, run: tuple[Array, Array]) -> tuple[Array, ...]:
    """Sum of c log(base + j gamma), its first derivatives by base and gamma, and the second ones (bb, bg, gg)."""
    j, c = run
    value = base[:, None] + gamma[:, None] * j
    r = 1 / value
    r2 = r * r
    return np.log(value) @ c, r @ c, r @ (c * j), -(r2 @ c), -(r2 @ (c * j)), -(r2 @ (c * j * j))


#: `boundary`: rho is estimated as zero. `extreme`: as one, each study having no or all events. The rest as for the GLMM.
Status = Literal["ok", "boundary", "extreme", "single", "diverges", "unidentified"]


@dataclass(frozen=True, slots=True)
class BetaBinomial:
    """A fitted beta-binomial model.

    `mu` is a fraction 0..1 (0 or 1 where the likelihood has its maximum there), `rho` 0..1 or None where it cannot be told.
    `se_logit` is None where `mu` has no finite logit or there is nothing to pool.
    """

    status: Status
    studies: int
    mu: float
    rho: float | None
    se_logit: float | None
    log_likelihood: float
    log_likelihood_binomial: float
    findings: tuple[Finding, ...]
    surface: BetaBinomialSurface | None = field(default=None, repr=False)
    ridge: Ridge | None = field(default=None, repr=False)

    @property
    def lrt(self) -> tuple[float, float]:
        """Likelihood-ratio statistic for rho = 0 and its p by the mixture of chi2(0) and chi2(1)."""
        from scipy.special import chdtrc

        statistic = max(0.0, 2 * (self.log_likelihood - self.log_likelihood_binomial))
        return statistic, 0.5 * float(chdtrc(1, statistic)) if statistic > 0 else 1.0


def fit_betabinomial(events: ArrayLike, total: ArrayLike) -> BetaBinomial:
    """Fit by maximum likelihood.

    Args:
        events: (k,) counts.
        total: (k,) counts, at least 1.
    """
    x, n = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
    hits, everyone = int(x.sum()), int(n.sum())
    if hits in {0, everyone}:
        finding = find(
            "POOL-151",
            f"{hits} of {everyone}: the likelihood has its maximum at {'0' if hits == 0 else '1'}; the one-sided exact "
            "bound and the bias-reduced estimate stand in for it",
            found=f"{hits}/{everyone}",
        )
        return BetaBinomial("diverges", x.size, float(hits > 0), None, None, 0.0, 0.0, (finding,))
    surface = BetaBinomialSurface(x, n)
    start = np.array([np.log(surface.pooled / (1 - surface.pooled))])
    location, at = climb(surface, start[None], np.zeros(1))
    binomial = float(at.value[0])
    se = float(1 / np.sqrt(-at.hessian[0, 0, 0]))
    if x.size < 2 or np.all(n == 1):
        code, status, text = _name_gap(x.size)
        return BetaBinomial(
            status, x.size, surface.pooled, None, se, binomial, binomial, (find(code, text),), surface, None
        )
    maximum, ridge = find_maximum(surface, trace_ridge(surface, location[0]))
    findings = []
    if maximum.at_zero:
        findings.append(
            find(
                "POOL-150",
                f"the intraclass correlation of {x.size} studies is estimated as zero; the data fit one common proportion",
                found="rho = 0",
            )
        )
    if maximum.unbounded:
        findings.append(find("POOL-156", f"each of {x.size} studies has no or all events, and both kinds occur"))
    return BetaBinomial(
        "boundary" if maximum.at_zero else "extreme" if maximum.unbounded else "ok",
        x.size,
        surface.pooled if maximum.at_zero else float(expit(maximum.location[0])),
        1.0 if maximum.unbounded else maximum.dispersion / (1 + maximum.dispersion),
        float(np.sqrt(maximum.covariance[0, 0])),
        maximum.value,
        float(ridge.at.value[0]),
        tuple(findings),
        surface,
        ridge,
    )


def _name_gap(studies: int) -> tuple[str, Status, str]:
    if studies < 2:
        return "POOL-153", "single", "one study cannot be pooled; its own exact interval is the answer"
    return (
        "POOL-152",
        "unidentified",
        f"all {studies} studies have one patient; such data say nothing about differences between studies",
    )


def compute_mu_wald(fit: BetaBinomial, *, level: float = 0.95) -> tuple[float, float]:
    """Wald interval of mu, made on the logit scale; fractions 0..1."""
    if fit.se_logit is None:
        raise PoolError(f"{fit.mu:g} has no finite logit, so that there is no Wald interval")
    centre, spread = float(np.log(fit.mu / (1 - fit.mu))), float(ndtri((1 + level) / 2)) * fit.se_logit
    low, high = expit([centre - spread, centre + spread])
    return float(low), float(high)


def compute_mu_profile(fit: BetaBinomial, *, level: float = 0.95) -> tuple[float, float]:
    """Profile-likelihood interval of mu; fractions 0..1.

    Raises:
        PoolError: If the fit has no estimate of rho.
    """
    if fit.surface is None or fit.ridge is None:
        raise PoolError(f"a fit that is {fit.status!r} has no profile likelihood")
    cut = fit.log_likelihood - 0.5 * float(chdtri(1, 1 - level))
    ceiling = fit.surface.ceiling
    limits = [limit_location(fit.surface, fit.ridge, side, cut, ceiling=ceiling)[0] for side in (-1, 1)]
    low, high = expit(limits)
    return float(low), float(high)


def predict_beta(fit: BetaBinomial, *, level: float = 0.95) -> tuple[float, float] | None:
    """Quantiles of the fitted beta distribution: where a new study's proportion lies, estimates taken as known.

    None where rho is on a boundary or unknown.
    """
    from scipy.special import betaincinv

    if fit.status != "ok" or fit.rho is None:
        return None
    size = (1 - fit.rho) / fit.rho
    a, b = fit.mu * size, (1 - fit.mu) * size
    low, high = betaincinv(a, b, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def log_probability(events: ArrayLike, total: ArrayLike, mu: ArrayLike, rho: ArrayLike) -> Array:
    """Logarithm of the beta-binomial probability, for counts of moderate size; arguments are broadcast.

    Args:
        events: Counts, 0..total.
        total: Counts, at least 1.
        mu: Mean, inside 0..1.
        rho: Intraclass correlation, 0 < rho < 1.
    """
    x, n = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
    size = (1 - np.asarray(rho, dtype=float)) / np.asarray(rho, dtype=float)
    a, b = np.asarray(mu) * size, (1 - np.asarray(mu)) * size
    coefficient = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    return np.asarray(
        coefficient
        + (gammaln(x + a) - gammaln(a))
        + (gammaln(n - x + b) - gammaln(b))
        - (gammaln(n + a + b) - gammaln(a + b))
    )
