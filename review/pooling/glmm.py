"""Random-intercept logistic regression of counts, by full likelihood.

Study i has events_i ~ Binomial(total_i, expit(x_i beta + u_i)), u_i ~ Normal(0, tau2). Nothing is added to empty cells
and no normal approximation is made within studies, so studies of one patient count for what they are. The intercept
is the logit of the *conditional* proportion, that of the median study; the *marginal* proportion, the mean over studies,
lies nearer to one half.

Source: Stijnen, Hamza and Ozdemir 2010, Stat Med 29: 3046-3067 (doi 10.1002/sim.4040).
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from numpy.typing import NDArray
from scipy.special import chdtri
from scipy.special import expit
from scipy.special import ndtri
from scipy.special import stdtrit

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.likelihood import Maximum
from review.pooling.likelihood import Ridge
from review.pooling.likelihood import Slice
from review.pooling.likelihood import Surface
from review.pooling.likelihood import climb
from review.pooling.likelihood import find_maximum
from review.pooling.likelihood import trace_ridge
from review.pooling.logisticnormal import compute_saturated
from review.pooling.logisticnormal import integrate
from review.pooling.logisticnormal import log_likelihood
from review.pooling.profilelimits import bound_ridge
from review.pooling.profilelimits import limit_dispersion
from review.pooling.profilelimits import limit_location

Array = NDArray[np.float64]
Interval = tuple[float, float]

#: What became of a fit. `boundary`: tau2 is estimated as zero. `single`: fewer than two studies. `diverges`: no finite
#: estimate, the likelihood rises for ever. `unidentified`: every study has one patient, tau2 cannot be told.
Status = Literal["ok", "boundary", "single", "diverges", "unidentified"]

#: The largest between-study SD that a profile of the proportion considers, on the logit scale. At 10 the proportions of half
#: of all studies lie outside 0.1 % to 99.9 %: each study is as good as 0 or 1, and more would not be a different claim.
TAU_CEILING = 10.0
#: With more distinct rows than this the walk over tau2 is coarser.
MANY_ROWS = 400
#: A fitted logit beyond this is on its way to infinity.
SEPARATED = 25.0


class CountSurface:
    """The log-likelihood of counts as a function of (beta, tau2); equal rows are computed once."""

    dispersions: Array = np.geomspace(0.004, 8.0, 24) ** 2
    ceiling: float = 1e6

    def __init__(self, events: Array, total: Array, design: Array, offset: Array | None = None) -> None:
        offset = np.zeros_like(events) if offset is None else offset
        rows = np.column_stack([events, total, offset, design])
        unique, counts = np.unique(rows, axis=0, return_counts=True)
        self.events, self.total, self.offset = unique[:, 0], unique[:, 1], unique[:, 2]
        self.design = unique[:, 3:]
        self.counts = counts.astype(float)
        self.width = design.shape[1]
        if self.counts.size > MANY_ROWS:
            # So many studies leave one peak, and a short walk finds it.
            self.dispersions = np.geomspace(0.02, 2.5, 5) ** 2

    def evaluate(self, location: Array, dispersion: Array) -> Slice:
        """Evaluate at (B, p) coefficients and (B,) values of tau2."""
        eta = self.offset + location @ self.design.T
        part = integrate(self.events, self.total, eta, dispersion[:, None])
        w, z, p = self.counts, self.design, self.width
        gradient = np.empty((dispersion.size, p + 1))
        gradient[:, :p] = (w * part.d1) @ z
        gradient[:, p] = 0.5 * (part.d2 @ w)
        hessian = np.empty((dispersion.size, p + 1, p + 1))
        hessian[:, :p, :p] = np.einsum("br,rj,rk->bjk", w * (part.d2 - part.d1**2), z, z)
        cross = 0.5 * (w * (part.d3 - part.d1 * part.d2)) @ z
        hessian[:, :p, p] = cross
        hessian[:, p, :p] = cross
        hessian[:, p, p] = 0.25 * ((part.d4 - part.d2**2) @ w)
        return Slice(part.log @ w, gradient, hessian)

    def stretch(self, dispersion: Array) -> Array:
        """Conditional over marginal logit, as for a normal distribution of logits taken for a probit's."""
        return np.sqrt(1 + 0.346 * dispersion)

    def start(self) -> Array:
        """Coefficients of the common-effect model to begin the walk from: the pooled logit, other coefficients zero."""
        events, total = self.counts @ self.events, self.counts @ self.total
        logit = np.log((events + 0.5) / (total - events + 0.5))
        if self.width == 0:
            return np.zeros(0)
        return np.asarray(np.linalg.lstsq(self.design, np.full(self.events.size, logit) - self.offset, rcond=None)[0])


@dataclass(frozen=True, slots=True)
class Glmm:
    """A fitted random-intercept logistic model.

    Where the likelihood rises without end in tau2 there is no estimate; the log-likelihood is then that with tau held to
    `TAU_CEILING`, and a profile interval is one under that restriction.

    `beta` (p,) are coefficients on the logit scale, `covariance` (p, p) theirs, from the observed information of beta and
    tau2 together (at tau2 = 0, of beta alone). `tau2` is None where it cannot be estimated. `se_tau2` is None on the
    boundary. Log-likelihoods include the binomial coefficients. Where `status` is `diverges` or `single`, beta holds no
    estimate and is empty.
    """

    status: Status
    studies: int
    beta: Array
    covariance: Array
    tau2: float | None
    se_tau2: float | None
    log_likelihood: float | None
    log_likelihood_tau0: float | None
    findings: tuple[Finding, ...]
    surface: Surface | None = field(default=None, repr=False)
    ridge: Ridge | None = field(default=None, repr=False)

    @property
    def se(self) -> Array:
        """Standard errors of beta."""
        return np.sqrt(np.diagonal(self.covariance))

    @property
    def marginal(self) -> float:
        """Mean proportion over studies, E expit(beta + u); that of the intercept alone where there are covariates."""
        return compute_marginal(float(self.beta[0]), self.tau2 or 0.0)

    @property
    def lrt(self) -> tuple[float, float]:
        """Likelihood-ratio statistic for tau2 = 0 and its p by the half-and-half mixture of chi2(0) and chi2(1).

        Source: Self and Liang 1987, JASA 82: 605-610.
        """
        from scipy.special import chdtrc

        assert self.log_likelihood is not None
        assert self.log_likelihood_tau0 is not None
        statistic = max(0.0, 2 * (self.log_likelihood - self.log_likelihood_tau0))
        return statistic, 0.5 * float(chdtrc(1, statistic)) if statistic > 0 else 1.0


def compute_marginal(beta: float, tau2: float) -> float:
    """Mean of expit(beta + u) over u ~ Normal(0, tau2): what one event in one patient would have as its likelihood."""
    return float(np.exp(integrate(1.0, 1.0, beta, tau2).log))


def fit_glmm(events: ArrayLike, total: ArrayLike, design: ArrayLike | None = None) -> Glmm:
    """Fit by maximum likelihood.

    Args:
        events: (k,) counts.
        total: (k,) counts, at least 1.
        design: (k, p) covariates with the column of ones among them; None for the intercept alone.

    Returns:
        The fit; where there is no estimate, its status and findings say so.

    Raises:
        PoolError: If the design has not one row per study or its columns depend on each other.
    """
    x, n = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
    z = np.ones((x.size, 1)) if design is None else np.asarray(design, dtype=float)
    if z.shape[0] != x.size:
        raise PoolError(f"the design has {z.shape[0]} rows for {x.size} studies; expected one row per study")
    if x.size and np.linalg.matrix_rank(z) < z.shape[1]:
        raise PoolError("the moderators depend on each other (or one has a single level); leave one of them out")
    if not x.any() or not (n - x).any():
        return _without_estimate("diverges", x, n)
    if x.size < 2:
        return _without_estimate("single", x, n)
    surface = CountSurface(x, n, z)
    if np.all(n == 1):
        return _without_heterogeneity(surface, x.size)
    common, _at = climb(surface, surface.start()[None], np.zeros(1))
    if np.abs(surface.design @ common[0]).max() > SEPARATED:
        return _without_estimate("diverges", x, n)
    return fit_surface(surface, x.size, common[0])


def fit_surface(surface: Surface, studies: int, start: Array) -> Glmm:
    """Fit any likelihood of this family from a start that is good at tau2 = 0."""
    maximum, ridge = find_maximum(surface, trace_ridge(surface, start))
    p = surface.width
    findings = []
    if maximum.at_zero:
        findings.append(
            find(
                "POOL-150",
                f"the between-study variance of {studies} studies is estimated as zero; the data fit one common proportion",
                found="tau2 = 0",
            )
        )
    if maximum.unbounded:
        text = (
            f"the likelihood of {studies} studies still rises at a between-study variance of {surface.ceiling:g}: each has "
            "no or all events, and both kinds occur"
        )
        # The interval still has something to say: the profile is kept, with tau held to its ceiling.
        ridge = bound_ridge(surface, ridge, TAU_CEILING**2)
        held, at_zero = float(ridge.at.value.max()), float(ridge.at.value[0])
        nothing, found = np.zeros(0), (find("POOL-156", text),)
        return Glmm("diverges", studies, nothing, np.zeros((0, 0)), None, None, held, at_zero, found, surface, ridge)
    if studies == 2:
        findings.append(_warn_two_studies())
    return Glmm(
        "boundary" if maximum.at_zero else "ok",
        studies,
        maximum.location,
        maximum.covariance[:p, :p],
        maximum.dispersion,
        None if maximum.at_zero else _root(maximum, p),
        maximum.value,
        float(ridge.at.value[0]),
        tuple(findings),
        surface,
        ridge,
    )


def _root(maximum: Maximum, p: int) -> float | None:
    variance = float(maximum.covariance[p, p])
    return float(np.sqrt(variance)) if np.isfinite(variance) and variance > 0 else None


def _warn_two_studies() -> Finding:
    return find(
        "POOL-155",
        "two studies say next to nothing about how much studies differ; show both, and their pooled counts",
        found="k = 2",
        expected="three or more studies",
    )


def _without_estimate(status: Status, x: Array, n: Array) -> Glmm:
    events, total = int(x.sum()), int(n.sum())
    if status == "single":
        finding = find(
            "POOL-153",
            f"one study ({events}/{total}) cannot be pooled; its own exact interval is the answer",
            found="k = 1" if x.size else "k = 0",
        )
    else:
        finding = find(
            "POOL-151",
            f"{events} of {total}: the likelihood has no finite maximum on the logit scale; the one-sided exact bound "
            "and the bias-reduced estimate stand in for it",
            found=f"{events}/{total}",
        )
    nothing = np.zeros(0)
    return Glmm(status, x.size, nothing, np.zeros((0, 0)), None, None, None, None, (finding,))


def _without_heterogeneity(surface: CountSurface, studies: int) -> Glmm:
    """Fit with tau2 = 0, where every study has one patient: only the marginal proportion can be told."""
    location, at = climb(surface, surface.start()[None], np.zeros(1))
    finding = find(
        "POOL-152",
        f"all {studies} studies have one patient; such data say nothing about differences between studies",
        found="total = 1 in every study",
        expected="a study with two or more patients",
    )
    p = surface.width
    covariance: Array = np.asarray(np.linalg.pinv(-at.hessian[0, :p, :p]), dtype=float)
    value = float(at.value[0])
    return Glmm("unidentified", studies, location[0], covariance, None, None, value, value, (finding,))


def compute_wald(
    fit: Glmm, *, test: Literal["z", "t"] = "z", level: float = 0.95, which: int = 0
) -> tuple[float, float]:
    """Wald interval of a coefficient: normal, or t with as many degrees of freedom as studies less coefficients."""
    half = (1 + level) / 2
    freedom = fit.studies - fit.beta.size
    if test == "t" and freedom < 1:
        raise PoolError(f"a t interval needs more studies than coefficients; there are {fit.studies}")
    quantile = float(ndtri(half) if test == "z" else stdtrit(freedom, half))
    centre, spread = float(fit.beta[which]), quantile * float(fit.se[which])
    return centre - spread, centre + spread


def compute_profile(fit: Glmm, *, level: float = 0.95, which: int = 0) -> tuple[Interval, tuple[Finding, ...]]:
    """Profile-likelihood interval of a coefficient, logit scale; a limit is infinite where the likelihood never falls.

    The profile is taken over tau up to `TAU_CEILING`, or five times its estimate if that is more. Sparse data can let a
    limit grow for as long as tau may grow with it; such a limit leans on the ceiling, and a finding says so.

    Returns:
        The interval, and findings on it.
    """
    surface, ridge, cut = _require_surface(fit, level)
    ceiling = max(TAU_CEILING**2, 25.0 * (fit.tau2 or 0.0))
    lower, lower_leans = limit_location(surface, ridge, -1, cut, ceiling=ceiling, which=which)
    upper, upper_leans = limit_location(surface, ridge, 1, cut, ceiling=ceiling, which=which)
    sides = [name for name, leans in (("lower", lower_leans), ("upper", upper_leans)) if leans]
    sides += [name for name, limit in (("lower", lower), ("upper", upper)) if np.isinf(limit) and name not in sides]
    if not sides:
        return (lower, upper), ()
    finding = find(
        "POOL-154",
        f"the data bound the proportion only because studies may differ by no more than a standard deviation of "
        f"{np.sqrt(ceiling):.4g} on the logit scale: {' and '.join(sides)} limit",
        found=f"{lower:.4g} to {upper:.4g} on the logit scale",
        expected="limits that do not depend on the largest variance considered",
    )
    return (lower, upper), (finding,)


def compute_tau2_profile(fit: Glmm, *, level: float = 0.95) -> tuple[Interval, tuple[Finding, ...]]:
    """Profile-likelihood interval of tau2; the upper limit is infinite where the data do not bound it."""
    surface, ridge, cut = _require_surface(fit, level)
    limits, _ridge = limit_dispersion(surface, ridge, cut)
    if np.isfinite(limits[1]):
        return limits, ()
    return limits, (find("POOL-158", "the data do not bound the between-study variance from above"),)


def _require_surface(fit: Glmm, level: float) -> tuple[Surface, Ridge, float]:
    if fit.surface is None or fit.ridge is None or fit.log_likelihood is None:
        raise PoolError(f"a fit that is {fit.status!r} has no profile likelihood")
    return fit.surface, fit.ridge, fit.log_likelihood - 0.5 * float(chdtri(1, 1 - level))


def predict(fit: Glmm, *, kind: Literal["normal", "t"] = "t", level: float = 0.95) -> Interval | None:
    """Interval for the proportion of a new study, logit scale.

    `normal` takes tau2 as known; `t` uses k - 2 degrees of freedom and is None below three studies.

    Source: Higgins, Thompson and Spiegelhalter 2009, JRSS A 172: 137-159.
    """
    half = (1 + level) / 2
    if fit.tau2 is None or fit.beta.size == 0 or (kind == "t" and fit.studies < 3):
        return None
    quantile = float(ndtri(half) if kind == "normal" else stdtrit(fit.studies - 2, half))
    spread = quantile * float(np.sqrt(fit.tau2 + fit.covariance[0, 0]))
    return float(fit.beta[0]) - spread, float(fit.beta[0]) + spread


def compute_homogeneity(events: ArrayLike, total: ArrayLike) -> tuple[float, int]:
    """Likelihood-ratio Q of one common proportion against one proportion per study, and its degrees of freedom.

    The Wald version, which other packages print beside it, is meaningless once a study has 0 or all events.
    """
    x, n = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
    pooled = x.sum() / n.sum()
    if pooled in {0.0, 1.0}:
        return 0.0, x.size - 1
    logit = np.log(pooled / (1 - pooled))
    return float(-2 * log_likelihood(x, n, np.full(x.shape, logit)).sum()), x.size - 1


def compute_common(events: ArrayLike, total: ArrayLike) -> tuple[float, float, float]:
    """Common-effect logit, its standard error and the log-likelihood; infinite logit and error for 0/n and n/n."""
    x, n = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
    hit, miss = float(x.sum()), float((n - x).sum())
    if hit == 0 or miss == 0:
        return (-np.inf if hit == 0 else np.inf), np.inf, 0.0
    beta = float(np.log(hit / miss))
    value = float((log_likelihood(x, n, np.full(x.shape, beta)) + compute_saturated(x, n)).sum())
    return beta, float(np.sqrt(1 / hit + 1 / miss)), value


def to_proportions(interval: Interval) -> Interval:
    """Turn logit limits into proportions; infinite ones into 0 and 1."""
    low, high = expit(np.asarray(interval, dtype=float))
    return float(low), float(high)
