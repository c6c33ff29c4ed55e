"""Meta-regression: whether estimates go along with a property of the studies, with a permutation test for few studies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.heterogeneity import estimate_tau2
from review.pooling.linear import Batch
from review.pooling.linear import Floats
from review.pooling.linear import make_batch
from review.pooling.linear import weigh_at
from review.pooling.models import Model
from review.pooling.models import fit_model

#: Fewer studies per moderator than this, and a meta-regression finds what is not there.
STUDIES_PER_MODERATOR = 10
#: Up to this many distinct arrangements are all looked at; beyond, this many are drawn.
EXACT_LIMIT = 10_000
DRAWS = 4_999
#: Statistics closer than this count as equal, so that rounding does not decide whether an arrangement is as extreme.
TIE = 1e-8


@dataclass(frozen=True, slots=True)
class Regression:
    """A meta-regression.

    Attributes:
        model: The model; its coefficients are the intercept and one per column.
        r2: Share of tau2 that the moderators explain, 0..100; None for a common-effect model or without tau2 to explain.
        findings: What a reader must know; those of the model are among them.
    """

    model: Model
    r2: float | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """P values from arrangements of the moderators' rows among the studies.

    Attributes:
        p: One per coefficient, the intercept first; two-sided.
        omnibus_p: Of all moderators together.
        arrangements: How many were looked at, the observed one among them.
        exact: Whether these are all that there are.
        error: Largest Monte Carlo standard error of the p values; 0 where exact.
        findings: What a reader must know.
    """

    p: tuple[float, ...]
    omnibus_p: float
    arrangements: int
    exact: bool
    error: float
    findings: tuple[Finding, ...] = ()


def regress(
    y: ArrayLike,
    v: ArrayLike,
    moderators: Mapping[str, Sequence[float]],
    *,
    method: str = "REML",
    test: str = "knha",
    level: float = 0.95,
    centre: bool = False,
) -> Regression:
    """Fit a meta-regression with an intercept and the given columns.

    Args:
        y: Estimates (k,).
        v: Sampling variances (k,).
        moderators: A column (k,) per name; see `code_levels` for categories.
        method: As `fit_model`.
        test: As `fit_model`.
        level: Confidence level between 0 and 1.
        centre: Whether to subtract each column's mean, so that the intercept is the estimate at the mean.

    Raises:
        PoolError: If a column is constant or follows from the others, or there are more coefficients than studies.
    """
    design, names = _build_design(len(np.asarray(y)), moderators, centre=centre)
    model = fit_model(y, v, method=method, test=test, level=level, design=design, names=names)
    found = list(model.findings)
    if model.k < STUDIES_PER_MODERATOR * len(moderators):
        found.append(
            find(
                "POOL-140",
                f"{len(moderators)} moderator columns for {model.k} studies; below {STUDIES_PER_MODERATOR} studies per column "
                "a meta-regression finds what is not there",
                hint="read it with the permutation test, as a description of these studies only",
            )
        )
    total = 0.0 if method == "EE" else fit_model(y, v, method=method).tau2
    r2 = 100 * max(0.0, 1 - model.tau2 / total) if total > 0 else None
    return Regression(model, r2, tuple(found))


def _build_design(k: int, moderators: Mapping[str, Sequence[float]], *, centre: bool) -> tuple[Floats, tuple[str, ...]]:
    columns = [np.ones(k)]
    for name, values in moderators.items():
        column = np.asarray(values, dtype=float)
        if column.shape != (k,) or not np.isfinite(column).all():
            raise PoolError(f"the moderator {name!r} needs one number for each of the {k} studies")
        columns.append(column - column.mean() if centre else column)
    return np.stack(columns, axis=1), ("intercept", *moderators)


def code_levels(groups: Sequence[str], *, reference: str | None = None) -> dict[str, list[float]]:
    """Code a category as one 0/1 column per level but the reference (the first in sorted order).

    Raises:
        PoolError: With one level only, or an unknown reference.
    """
    levels = sorted(set(groups))
    if len(levels) < 2:
        raise PoolError(
            f"a moderator with one level ({', '.join(levels)}) has nothing to compare; expected two or more"
        )
    base = levels[0] if reference is None else reference
    if base not in levels:
        raise PoolError(f"no study has the level {base!r}; expected one of {', '.join(levels)}")
    return {level: [float(group == level) for group in groups] for level in levels if level != base}


def permute(
    y: ArrayLike,
    v: ArrayLike,
    moderators: Mapping[str, Sequence[float]],
    *,
    method: str = "REML",
    test: str = "z",
    centre: bool = False,
    draws: int = DRAWS,
    seed: int = 1,
) -> PermutationTest:
    """Test moderators by arranging their rows among the studies in all distinct ways, or in `draws` random ones.

    All arrangements are fitted together as one batch. The intercept's p value belongs to the same arrangements.

    Args:
        y: Estimates (k,).
        v: Sampling variances (k,).
        moderators: A column (k,) per name.
        method: As `fit_model`.
        test: As `fit_model`; decides the statistic that is compared.
        centre: As `regress`.
        draws: How many arrangements are drawn where there are more than `EXACT_LIMIT`.
        seed: Of the random draws; the same seed gives the same result.

    Raises:
        PoolError: As `regress`.

    Source: Higgins and Thompson 2004, Stat Med 23:1663-1682; metafor's `permutest`.
    """
    ys, vs = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    design, _ = _build_design(len(ys), moderators, centre=centre)
    batch = make_batch(ys, vs, design)
    if not float(batch.df) > 0:
        raise PoolError(f"a permutation test of {batch.p} coefficients needs more than {batch.p} studies")
    rows, labels = np.unique(design, axis=0, return_inverse=True)
    counts = list(Counter(labels.ravel().tolist()).items())
    number = math.factorial(len(ys))
    for _, count in counts:
        number //= math.factorial(count)
    exact = number <= EXACT_LIMIT
    if exact:
        arranged = np.array(list(_arrange(len(ys), counts)))
    else:
        random = np.random.default_rng(seed)
        arranged = np.stack([labels.ravel()] + [random.permutation(labels.ravel()) for _ in range(draws)])
    first = np.array([int(np.flatnonzero(labels.ravel() == label)[0]) for label in range(len(rows))])
    permuted = Batch(ys, vs, batch.q[first[arranged]], batch.r, np.ones(arranged.shape))
    single, omnibus = _statistics(permuted, method, test)
    own_single, own_omnibus = _statistics(Batch(ys, vs, batch.q[None], batch.r, np.ones((1, len(ys)))), method, test)
    p = (np.abs(single) >= np.abs(own_single) - TIE).mean(0)
    omnibus_p = float((omnibus >= own_omnibus - TIE).mean())
    worst = max((q * (1 - q) for q in (*p.tolist(), omnibus_p)), default=0.0)
    found = () if exact else (_tell_draws(len(arranged), math.sqrt(worst / len(arranged))),)
    error = 0.0 if exact else math.sqrt(worst / len(arranged))
    return PermutationTest(tuple(p.tolist()), omnibus_p, len(arranged), exact, error, found)


def _tell_draws(count: int, error: float) -> Finding:
    return find(
        "POOL-141",
        f"{count} random arrangements stand for all; the p values have a standard error of up to {error:.3f}",
        hint="draw more where a p value is near a limit that matters",
    )


def _arrange(k: int, counts: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """Yield every distinct way to hand out labels, each as often as counted, to k places."""
    places = [counts[-1][0]] * k

    def fill(free: tuple[int, ...], at: int) -> Iterator[list[int]]:
        if at == len(counts) - 1:
            for place in free:
                places[place] = counts[at][0]
            yield list(places)
            return
        label, count = counts[at]
        for chosen in combinations(free, count):
            for place in chosen:
                places[place] = label
            yield from fill(tuple(place for place in free if place not in chosen), at + 1)

    return fill(tuple(range(k)), 0)


def _statistics(batch: Batch, method: str, test: str) -> tuple[Floats, Floats]:
    """Compute each data set's statistics: one per coefficient (B, p), and of all moderators together (B,)."""
    fit = weigh_at(batch, estimate_tau2(batch, method))
    scale = np.ones(batch.k.shape)
    if test in ("knha", "adhoc"):
        scale = fit.rss / batch.df
        scale = np.maximum(scale, 1.0) if test == "adhoc" else scale
    back = np.linalg.inv(batch.r)
    covariance = back @ (fit.inverse * scale[..., None, None]) @ back.T
    beta = fit.gamma @ back.T
    with np.errstate(divide="ignore", invalid="ignore"):
        single = np.nan_to_num(
            beta / np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1)), posinf=np.inf, neginf=-np.inf
        )
    block, slope = covariance[..., 1:, 1:], beta[..., 1:, None]
    omnibus = (np.swapaxes(slope, -1, -2) @ np.linalg.pinv(block) @ slope)[..., 0, 0]
    return single, omnibus
