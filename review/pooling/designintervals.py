"""The interval that each method gives for every outcome of a design at once: counts added up, and inverse variance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.special import stdtrit

from review.pooling.designs import Outcomes
from review.pooling.effects import back_transform
from review.pooling.effects import compute_effects
from review.pooling.effects import representative_total
from review.pooling.heterogeneity import estimate_tau2
from review.pooling.intervals import intervals
from review.pooling.linear import make_batch
from review.pooling.linear import weigh_at
from review.pooling.tails import critical_value

Array = NDArray[np.float64]
#: Lower and upper limits (B,), fractions 0..1.
Limits = tuple[Array, Array]


def add_up(outcomes: Outcomes, level: float, method: str) -> Limits:
    """Counts added up, with an interval of one proportion."""
    events = outcomes.events.sum(axis=1)
    low, high = intervals(events, np.full(events.shape, outcomes.total.sum()), method=method, level=level)
    return np.asarray(low), np.asarray(high)


def bound_clusters(outcomes: Outcomes, level: float) -> Limits:
    """Counts added up, studies as clusters, t with k - 1 degrees on the logit; exact where no or all patients had events."""
    x, n = outcomes.events, outcomes.total
    k, everyone = n.size, n.sum()
    low, high = add_up(outcomes, level, "clopper-pearson")
    if k < 2:
        return low, high
    p = x.sum(axis=1) / everyone
    se = np.sqrt(k / (k - 1) * ((x - p[:, None] * n) ** 2).sum(axis=1)) / everyone
    inside = (p > 0) & (p < 1)
    safe = np.where(inside, p, 0.5)
    centre = np.log(safe / (1 - safe))
    spread = float(stdtrit(k - 1, (1 + level) / 2)) * se / (safe * (1 - safe))
    return np.where(inside, expit(centre - spread), low), np.where(inside, expit(centre + spread), high)


def weigh_by_variance(outcomes: Outcomes, level: float, measure: str, method: str, test: str) -> Limits:
    """An inverse-variance random-effects model with its pooled interval taken back to proportions."""
    n = np.broadcast_to(outcomes.total, outcomes.events.shape)
    effects = compute_effects(outcomes.events.ravel(), n.ravel(), measure=measure)
    y, v = effects.y.reshape(n.shape), effects.v.reshape(n.shape)
    batch = make_batch(y, v)
    w = weigh_at(batch, estimate_tau2(batch, method)).w
    mean = (w * y).sum(axis=1) / w.sum(axis=1)
    variance = 1 / w.sum(axis=1)
    k = outcomes.total.size
    freedom = None
    if test != "z" and k > 1:
        freedom = k - 1
        scale = (w * (y - mean[:, None]) ** 2).sum(axis=1) / freedom
        variance = variance * (np.maximum(1.0, scale) if test == "adhoc" else scale)
    reach = critical_value(level, freedom) * np.sqrt(variance)
    total = representative_total(outcomes.total) if measure == "PFT" else None
    low, high = (back_transform(end, measure, total=total) for end in (mean - reach, mean + reach))
    return low, high


def name_variance_methods() -> dict[str, Callable[[Outcomes, float], Limits]]:
    """The inverse-variance methods that a coverage table shows, by name."""
    chosen = (
        ("inverse variance, logit + 0.5, DL, z", "PLO", "DL", "z"),
        ("inverse variance, logit + 0.5, REML, Hartung-Knapp", "PLO", "REML", "knha"),
        ("inverse variance, logit + 0.5, REML, Hartung-Knapp ad hoc", "PLO", "REML", "adhoc"),
        ("inverse variance, Freeman-Tukey, DL, z", "PFT", "DL", "z"),
        ("inverse variance, Freeman-Tukey, REML, Hartung-Knapp ad hoc", "PFT", "REML", "adhoc"),
        ("inverse variance, arcsine, REML, Hartung-Knapp ad hoc", "PAS", "REML", "adhoc"),
    )

    def bind(measure: str, method: str, test: str) -> Callable[[Outcomes, float], Limits]:
        return lambda outcomes, level: weigh_by_variance(outcomes, level, measure, method, test)

    return {name: bind(*rest) for name, *rest in chosen}
