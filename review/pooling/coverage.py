"""True coverage and width of each method for the study sizes at hand.

For a design, the sizes of its studies, every outcome is listed with its probability under a truth (median proportion p,
standard deviation tau of the logits), and each method's interval is computed for every outcome: coverage is then a sum,
without simulation error. Designs with too many outcomes are sampled, with the error stated.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.designintervals import Limits
from review.pooling.designintervals import add_up
from review.pooling.designintervals import bound_clusters
from review.pooling.designintervals import name_variance_methods
from review.pooling.designlikelihoods import NODES
from review.pooling.designlikelihoods import limit_posteriors
from review.pooling.designlikelihoods import limit_profiles
from review.pooling.designlikelihoods import limit_wald
from review.pooling.designlikelihoods import profile_outcomes
from review.pooling.designlikelihoods import tabulate_beta
from review.pooling.designlikelihoods import tabulate_normal
from review.pooling.designs import DRAWS
from review.pooling.designs import Outcomes
from review.pooling.designs import Truth
from review.pooling.designs import count_outcomes
from review.pooling.designs import list_outcomes
from review.pooling.posterior import to_tau
from review.pooling.priors import parse_prior
from review.pooling.tails import check_level

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

PROPORTIONS: tuple[float, ...] = (0.1, 0.2, 0.35, 0.5)
TAUS: tuple[float, ...] = (0.0, 0.5, 1.0)
#: A limit that equals the truth up to rounding covers it.
EQUAL = 1e-9
#: Priors of the Bayesian model.
PRIORS: tuple[str, ...] = ("HN0.5_N0_1.5", "HN1_N0_1.5")
#: Studies of more patients than this make the tables of pairs too large.
LARGEST_STUDY = 400


@dataclass(frozen=True, slots=True)
class MethodCoverage:
    """One method: coverage of the median and of the mean proportion, and mean width, at each truth; fractions 0..1."""

    method: str
    median: tuple[float, ...]
    mean: tuple[float, ...]
    width: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """Coverage of all methods for a design; `truths` is the order of each method's figures.

    `error` is the largest half-width of a 95 % interval for a coverage where outcomes were sampled, 0 where all were listed.
    """

    sizes: tuple[int, ...]
    level: float
    truths: tuple[Truth, ...]
    outcomes: int
    error: float
    methods: tuple[MethodCoverage, ...]
    findings: tuple[Finding, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row per method and truth."""
        import pandas as pd

        rows = [
            (m.method, truth.p, truth.tau, m.median[i], m.mean[i], m.width[i])
            for m in self.methods
            for i, truth in enumerate(self.truths)
        ]
        return pd.DataFrame(rows, columns=["method", "p", "tau", "covers_median", "covers_mean", "width"])

    def to_json(self) -> dict[str, object]:
        """The table as plain values."""
        return {
            "sizes": list(self.sizes),
            "level": self.level,
            "outcomes": self.outcomes,
            "error": self.error,
            "truths": [{"p": truth.p, "tau": truth.tau} for truth in self.truths],
            "methods": [
                {"method": m.method, "median": list(m.median), "mean": list(m.mean), "width": list(m.width)}
                for m in self.methods
            ],
            "findings": [finding.to_json() for finding in self.findings],
        }


def tabulate_coverage(
    sizes: Sequence[int],
    *,
    proportions: Sequence[float] = PROPORTIONS,
    taus: Sequence[float] = TAUS,
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = 1,
) -> CoverageTable:
    """Compute the coverage of each method's interval for studies of these sizes.

    Args:
        sizes: Patients per study.
        proportions: Median proportions to look at, inside 0..1.
        taus: Standard deviations of the logits to look at, >= 0.
        level: Of the intervals.
        draws: Outcomes to draw where there are too many to list.
        seed: Of the draws.

    Raises:
        PoolError: For a design without studies, with a study of no one or of more than `LARGEST_STUDY`, or truths that cannot be.
    """
    check_level(level)
    if any(not 0 < p < 1 for p in proportions) or any(tau < 0 for tau in taus):
        raise PoolError("coverage needs proportions between 0 and 1 and standard deviations of 0 or more")
    if sizes and max(sizes) > LARGEST_STUDY:
        raise PoolError(f"coverage is for small studies; one has {max(sizes)} patients, more than {LARGEST_STUDY}")
    truths = tuple(Truth(p, tau) for tau in taus for p in proportions)
    outcomes = list_outcomes(sizes, truths, draws=draws, seed=seed)
    weights, error = _weigh(outcomes, truths)
    methods = []
    for name, (low, high) in _each_method(outcomes, level):
        covers = np.stack([_covers(low, high, truth.p) for truth in truths])
        covers_mean = np.stack([_covers(low, high, truth.mean) for truth in truths])
        methods.append(
            MethodCoverage(
                name,
                _add(weights, covers),
                _add(weights, covers_mean),
                _add(weights, np.broadcast_to(high - low, covers.shape)),
            )
        )
    findings: tuple[Finding, ...] = ()
    if outcomes.log_draw is not None:
        text = (
            f"the design has {count_outcomes(sizes):.3g} outcomes; {outcomes.events.shape[0]} were drawn, and a coverage is "
            f"good to about {100 * error:.1f} points"
        )
        findings = (find("POOL-167", text, found=f"{100 * error:.1f}"),)
    count = outcomes.events.shape[0]
    return CoverageTable(tuple(sizes), level, truths, count, error, tuple(methods), findings)


def _weigh(outcomes: Outcomes, truths: Sequence[Truth]) -> tuple[Array, float]:
    """Weight of each outcome under each truth, and the largest half-width of the error that sampling leaves."""
    logs = np.stack([outcomes.log_probability(truth) for truth in truths])
    if outcomes.log_draw is None:
        return np.exp(logs), 0.0
    weights = np.exp(logs - outcomes.log_draw)
    weights /= weights.sum(axis=1, keepdims=True)
    # The worst case: a coverage of 0.9, known from as many draws as the weights are worth.
    worth = 1 / (weights**2).sum(axis=1)
    return weights, float(1.96 * np.sqrt(0.9 * 0.1 / worth.min()))


def _covers(low: Array, high: Array, target: float) -> NDArray[np.bool_]:
    return (low - EQUAL <= target) & (target <= high + EQUAL)


def _add(weights: Array, values: NDArray[np.float64] | NDArray[np.bool_]) -> tuple[float, ...]:
    # Probabilities add up to 1 only up to rounding.
    return tuple(np.minimum((weights * values).sum(axis=1), 1.0).tolist())


def _each_method(outcomes: Outcomes, level: float) -> list[tuple[str, Limits]]:
    found: list[tuple[str, Limits]] = [
        ("counts added up, Clopper-Pearson", add_up(outcomes, level, "clopper-pearson")),
        ("counts added up, Wilson", add_up(outcomes, level, "wilson")),
        ("counts added up, cluster-robust t(k-1), logit", bound_clusters(outcomes, level)),
    ]
    by_variance: dict[str, Callable[[Outcomes, float], Limits]] = name_variance_methods()
    found += [(name, method(outcomes, level)) for name, method in by_variance.items()]
    normal = profile_outcomes(outcomes, tabulate_normal(outcomes))
    found += [
        ("GLMM, profile likelihood", limit_profiles(outcomes, normal, level)),
        ("GLMM, Wald z", limit_wald(outcomes, normal, level, "z")),
        ("GLMM, Wald t(k-1)", limit_wald(outcomes, normal, level, "t")),
    ]
    beta = profile_outcomes(outcomes, tabulate_beta(outcomes))
    found.append(("beta-binomial, profile likelihood", limit_profiles(outcomes, beta, level)))
    table = tabulate_normal(outcomes, to_tau(NODES))
    posteriors = limit_posteriors(outcomes, table, [parse_prior(name) for name in PRIORS], level)
    return found + [(f"Bayes, binomial-normal, {name}", part) for name, part in zip(PRIORS, posteriors, strict=True)]
