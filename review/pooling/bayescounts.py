"""Bayesian binomial-normal model of counts, by quadrature over the mean logit and tau.

The model of `review.pooling.glmm` with priors instead of an optimum: it has an answer for two studies, for studies of one
patient and for no events at all, and says there how much of it comes from the prior. The likelihood is tabulated once,
where any of the priors leaves it alive; each prior is a weighting of the same table.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from numpy.typing import NDArray
from scipy.special import expit

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.density import GridDensity
from review.pooling.density import Smeared
from review.pooling.density import Summary
from review.pooling.density import explore
from review.pooling.logisticnormal import integrate_log
from review.pooling.logisticnormal import tabulate_effects
from review.pooling.posterior import T_LOW
from review.pooling.posterior import Posterior
from review.pooling.posterior import Shrunk
from review.pooling.posterior import find_reach
from review.pooling.posterior import log_jacobian
from review.pooling.posterior import split_level
from review.pooling.posterior import summarise_tau
from review.pooling.posterior import to_tau
from review.pooling.priors import DEFAULT
from review.pooling.priors import SENSITIVITY
from review.pooling.priors import Prior
from review.pooling.priors import parse_prior

Array = NDArray[np.float64]

#: A half-Cauchy prior is cut here: at a standard deviation of 100 every study is 0 or 1.
TAU_LARGEST = 100.0


class CountTable:
    """The likelihood of counts over (mu, tau), ready to be weighted by priors.

    Args:
        events: (k,) counts.
        total: (k,) counts, at least 1.
        priors: The priors that the table must serve, by name or value; normal on mu.

    Raises:
        PoolError: If a prior is flat on mu: with rare events the posterior would not be one.
    """

    def __init__(self, events: ArrayLike, total: ArrayLike, priors: Sequence[str | Prior] = (DEFAULT,)) -> None:
        self.events, self.total = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
        if self.events.size == 0:
            raise PoolError("there are no studies to pool")
        self.priors = tuple(parse_prior(p) if isinstance(p, str) else p for p in priors)
        proper = [(p.mu_mean, p.mu_sd) for p in self.priors if p.mu_sd is not None]
        if len(proper) < len(self.priors):
            raise PoolError(
                "counts need a normal prior on the mean logit, such as N0_1.5; a flat one has no posterior here"
            )
        self.pairs, self.counts = np.unique(np.column_stack([self.events, self.total]), axis=0, return_counts=True)
        mu_box = (min(m - 9 * s for m, s in proper), max(m + 9 * s for m, s in proper))
        t_box = (T_LOW, max(find_reach(p, TAU_LARGEST) for p in self.priors))
        self.mu, self.t, self.log_likelihood = explore(self._mix_priors, self._evaluate, (mu_box, t_box))

    def _evaluate(self, mu: Array, t: Array, step: float = 0.5) -> Array:
        """Log-likelihood at points (mu, t)."""
        tau2 = to_tau(t)[..., None] ** 2
        table = integrate_log(self.pairs[:, 0], self.pairs[:, 1], mu[..., None], tau2, step=step)
        return np.asarray(table @ self.counts)

    def _weigh(self, prior: Prior, mu: Array, t: Array) -> Array:
        return prior.log_mu(mu)[:, None] + (prior.log_tau(to_tau(t)) + log_jacobian(t))

    def _mix_priors(self, mu: Array, t: Array) -> Array:
        likelihood = self._evaluate(*np.meshgrid(mu, t, indexing="ij"), step=2.0)
        posteriors = [likelihood + self._weigh(prior, mu, t) for prior in self.priors]
        # Each prior's own peak counts as high as any other's, so that the table serves them all.
        return np.asarray(np.max([table - table.max() for table in posteriors], axis=0), dtype=float)

    def _find_mass(self, prior: Prior) -> tuple[Array, float]:
        log_mass = self.log_likelihood + self._weigh(prior, self.mu, self.t)
        top = float(log_mass.max())
        mass = np.exp(log_mass - top)
        cell = (self.mu[1] - self.mu[0]) * (self.t[1] - self.t[0])
        return mass / mass.sum(), top + float(np.log(mass.sum() * cell))

    def pool(self, prior: str | Prior = DEFAULT, *, level: float = 0.95) -> Posterior:
        """Compute the posterior under one of the table's priors."""
        chosen = self._choose(prior)
        mass, log_marginal = self._find_mass(chosen)
        tau = to_tau(self.t)
        over_mu = mass.sum(axis=1)
        density = GridDensity(self.mu, over_mu)
        mean = float(over_mu @ self.mu)
        sd = float(np.sqrt(over_mu @ (self.mu - mean) ** 2))
        median, low, high = (density.quantile(p) for p in split_level(level))
        new = Smeared(self.mu, tau, mass)
        new_median, new_low, new_high = (new.quantile(p) for p in split_level(level))
        marginal = np.exp(integrate_log(1.0, 1.0, self.mu[:, None], tau**2))
        return Posterior(
            chosen,
            level,
            Summary(mean, sd, median, (low, high)),
            summarise_tau(self.t, mass.sum(axis=0), level),
            new_median,
            (new_low, new_high),
            log_marginal,
            float(over_mu @ expit(self.mu)),
            float((mass * marginal).sum()),
        )

    def shrink(self, prior: str | Prior = DEFAULT, *, level: float = 0.95) -> tuple[Shrunk, ...]:
        """Each study's own posterior on the logit scale, in the order of the studies; interval ends to about 0.001."""
        mass, _log_marginal = self._find_mass(self._choose(prior))
        alive = mass > 1e-7 * mass.max()
        weight = mass[alive] / mass[alive].sum()
        mu, t = (grid[alive] for grid in np.meshgrid(self.mu, self.t, indexing="ij"))
        found = {}
        for events, total in self.pairs:
            logits, part = tabulate_effects(events, total, mu, to_tau(t) ** 2)
            part = part * weight[:, None]
            mean = float((part * logits).sum())
            sd = float(np.sqrt((part * (logits - mean) ** 2).sum()))
            order = np.argsort(logits, axis=None)
            flat = part.ravel()[order]
            below = np.cumsum(flat) - 0.5 * flat
            low, high = np.interp(split_level(level)[1:], below, logits.ravel()[order])
            found[events, total] = Shrunk(mean, sd, (float(low), float(high)), float((part * expit(logits)).sum()))
        return tuple(found[pair] for pair in zip(self.events, self.total, strict=True))

    def _choose(self, prior: str | Prior) -> Prior:
        chosen = parse_prior(prior) if isinstance(prior, str) else prior
        if chosen not in self.priors:
            raise PoolError(f"the table was not made for the prior {chosen.name}; name it when the table is made")
        return chosen


def pool_counts_bayes(
    events: ArrayLike, total: ArrayLike, *, prior: str | Prior = DEFAULT, level: float = 0.95
) -> Posterior:
    """Compute the posterior under a single prior; see `CountTable`."""
    return CountTable(events, total, (prior,)).pool(prior, level=level)


def tabulate_sensitivity(
    events: ArrayLike, total: ArrayLike, *, priors: Sequence[str] = SENSITIVITY, level: float = 0.95
) -> tuple[tuple[Posterior, ...], tuple[Finding, ...]]:
    """Compute the posterior under several priors, the first being the one that is reported.

    Returns:
        The posteriors in the order of the names; and a finding where a prior moves the median proportion, or an end of
        its interval, by more than 0.05.
    """
    parsed = [parse_prior(name) for name in priors]
    table = CountTable(events, total, parsed)
    posteriors = tuple(table.pool(prior, level=level) for prior in parsed)
    ends = expit(np.array([[p.mu.median, *p.mu.ci] for p in posteriors]))
    moved = np.abs(ends - ends[0]).max(axis=1)
    worst = int(np.argmax(moved))
    if moved[worst] <= 0.05:
        return posteriors, ()
    finding = find(
        "POOL-165",
        f"under the prior {parsed[worst].name} the median proportion is {ends[worst, 0]:.3f} ({ends[worst, 1]:.3f} to "
        f"{ends[worst, 2]:.3f}), under {parsed[0].name} {ends[0, 0]:.3f} ({ends[0, 1]:.3f} to {ends[0, 2]:.3f})",
        found=f"a difference of {moved[worst]:.3f}",
        expected="at most 0.05",
    )
    return posteriors, (finding,)
