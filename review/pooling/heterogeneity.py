"""Between-study variance (tau2) by the methods that have a name, for a batch of data sets at once.

Each method takes a batch and returns one tau2 per data set, cut at zero. ML and REML look for the highest maximum of the
likelihood, not for the nearest: with few studies of very different size the likelihood can have two.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from review.errors import PoolError
from review.pooling.linear import Batch
from review.pooling.linear import Floats
from review.pooling.linear import Weighted
from review.pooling.linear import log_likelihood
from review.pooling.linear import trace_p
from review.pooling.linear import trace_pdpe
from review.pooling.linear import trace_pv
from review.pooling.linear import weigh
from review.pooling.linear import weigh_at
from review.pooling.roots import solve_brackets

#: Points at which the likelihood is looked at before its maximum is refined, from far below the smallest variance to
#: far above the spread of the estimates.
SCAN_POINTS = 48
#: Numbers held at once while scanning; larger batches are scanned in parts.
SCAN_CELLS = 4_000_000


def estimate_tau2(batch: Batch, method: str) -> Floats:
    """Estimate tau2 of each data set.

    Args:
        batch: The data; data sets without residual degrees of freedom get 0.
        method: A name of `METHODS`; EE (equal effects, "common") is always 0.

    Raises:
        PoolError: For an unknown name.
    """
    if method not in _ESTIMATORS:
        raise PoolError(f"no method for tau2 is called {method!r}; expected one of {', '.join(METHODS)}")
    raw = _ESTIMATORS[method](batch)
    return np.where(batch.df > 0, np.maximum(raw, 0.0), 0.0)


def _equal_effects(batch: Batch) -> Floats:
    return np.zeros(batch.k.shape)


def _dersimonian_laird(batch: Batch) -> Floats:
    """Source: DerSimonian and Laird 1986, Control Clin Trials 7:177-188."""
    fit = weigh_at(batch, np.zeros(batch.k.shape))
    return _divide(fit.rss - batch.df, trace_p(batch, fit))


def _hedges(batch: Batch) -> Floats:
    """Source: Hedges and Olkin 1985, Statistical Methods for Meta-Analysis, chapter 9."""
    fit = weigh(batch, np.ones_like(batch.v))
    return _divide(fit.rss - trace_pv(batch, fit, batch.v), batch.df)


def _hunter_schmidt(batch: Batch) -> Floats:
    """Source: Schmidt and Hunter 2015, Methods of Meta-Analysis, third edition."""
    fit = weigh_at(batch, np.zeros(batch.k.shape))
    return _divide(fit.rss - batch.k, fit.w.sum(-1))


def _hunter_schmidt_corrected(batch: Batch) -> Floats:
    """Hunter and Schmidt with the small-sample factor k / (k - p)."""
    fit = weigh_at(batch, np.zeros(batch.k.shape))
    return _divide(_divide(batch.k * fit.rss, batch.df) - batch.k, fit.w.sum(-1))


def _sidik_jonkman(batch: Batch) -> Floats:
    """Start from the variance of the estimates. Source: Sidik and Jonkman 2005, Applied Statistics 54:367-384."""
    start = crude_variance(batch)
    safe = np.where(start > 0, start, 1.0)
    return np.where(start > 0, start * _divide(weigh_at(batch, safe).rss, batch.df), 0.0)


def crude_variance(batch: Batch) -> Floats:
    """Compute the variance of the estimates around their plain mean (divided by k), where Sidik and Jonkman start."""
    mean = _divide((batch.use * batch.y).sum(-1), batch.k)
    return _divide((batch.use * (batch.y - mean[..., None]) ** 2).sum(-1), batch.k)


def _paule_mandel(batch: Batch) -> Floats:
    """Make the weighted residual sum equal to its expectation; equal to empirical Bayes.

    Source: Paule and Mandel 1982, J Res Natl Bur Stand 87:377-385; Viechtbauer et al. 2015, Psychol Methods 20:360-374.
    """
    return solve_q(batch, batch.df)


def _paule_mandel_median(batch: Batch) -> Floats:
    """As Paule and Mandel, with the median of the chi-squared distribution for its mean."""
    from scipy.special import chdtri

    return solve_q(batch, np.asarray(chdtri(np.maximum(batch.df, 1), 0.5), dtype=float))


def solve_q(batch: Batch, target: Floats) -> Floats:
    """Find the tau2 at which the weighted residual sum Q(tau2) falls to `target`; 0 where it starts below it."""

    def excess(tau2: Floats) -> Floats:
        return weigh_at(batch, tau2).rss - target

    zero = np.zeros(batch.k.shape)
    open_ = (excess(zero) > 0) & (batch.df > 0) & (target > 0)
    high = raise_until(lambda t: np.where(open_, excess(t), -1.0) < 0, _spread(batch))
    root = solve_brackets(lambda t: np.where(open_, excess(t), t), zero, np.where(open_, high, 0.0))
    return np.where(open_, root, 0.0)


def raise_until(reached: Callable[[Floats], NDBool], start: Floats) -> Floats:
    """Multiply `start` by four, element by element, until `reached` holds."""
    high = start
    for _ in range(600):
        done = reached(high)
        if done.all():
            break
        high = np.where(done, high, high * 4)
    return high


def _maximum_likelihood(batch: Batch) -> Floats:
    return maximise_likelihood(batch, restricted=False)


def _restricted_likelihood(batch: Batch) -> Floats:
    return maximise_likelihood(batch, restricted=True)


def maximise_likelihood(batch: Batch, *, restricted: bool) -> Floats:
    """Find the tau2 of the highest (restricted) likelihood.

    A scan over `SCAN_POINTS` values finds the highest hill, the root of the score inside it the top. The second pass
    compares the top with tau2 = 0.
    """
    shape = batch.k.shape
    rows = int(np.prod(shape, dtype=int))
    size = max(1, SCAN_CELLS // (SCAN_POINTS * batch.v.shape[-1]))
    if rows > size:
        parts = [_part(batch, start, start + size) for start in range(0, rows, size)]
        return np.concatenate([maximise_likelihood(part, restricted=restricted) for part in parts]).reshape(shape)
    return _maximise(batch, restricted=restricted)


def _part(batch: Batch, start: int, stop: int) -> Batch:
    """Cut a range of data sets out of a batch; the leading axes become one."""
    k, p = batch.v.shape[-1], batch.p
    lead = batch.k.shape
    y = np.broadcast_to(batch.y, (*lead, k)).reshape(-1, k)[start:stop]
    v = np.broadcast_to(batch.v, (*lead, k)).reshape(-1, k)[start:stop]
    use = np.broadcast_to(batch.use, (*lead, k)).reshape(-1, k)[start:stop]
    q = np.broadcast_to(batch.q, (*lead, k, p)).reshape(-1, k, p)[start:stop]
    return Batch(y, v, q, batch.r, use)


def _maximise(batch: Batch, *, restricted: bool) -> Floats:
    def height(tau2: Floats) -> Floats:
        return log_likelihood(batch, weigh_at(batch, tau2), restricted=restricted)

    def slope(tau2: Floats) -> Floats:
        return likelihood_slope(batch, weigh_at(batch, tau2), restricted=restricted)

    usable = batch.df > 0
    top = raise_until(lambda t: ~usable | (slope(t) < 0), _spread(batch))
    floor = np.where(batch.use > 0, batch.v, np.inf).min(-1) * 1e-4
    steps = np.linspace(0, 1, SCAN_POINTS - 1)
    grid = [np.zeros(batch.k.shape)] + [floor * (np.maximum(top, 4 * floor) / floor) ** s for s in steps]
    heights = np.stack([height(point) for point in grid])
    points = np.stack(grid)
    best = heights.argmax(0)
    low = np.take_along_axis(points, np.maximum(best - 1, 0)[None], 0)[0]
    high = np.take_along_axis(points, np.minimum(best + 1, SCAN_POINTS - 1)[None], 0)[0]
    # A hill inside the bracket has a rising left side; without one the top is at the bracket's left end, which is zero.
    rising, falling = slope(low) > 0, slope(high) < 0
    inside = usable & rising & falling
    root = solve_brackets(lambda t: np.where(inside, slope(t), 0.0), low, np.where(inside, high, low))
    tau2 = np.where(inside, root, 0.0)
    return np.where(height(tau2) >= height(np.zeros_like(tau2)), tau2, 0.0)


def likelihood_slope(batch: Batch, fit: Weighted, *, restricted: bool) -> Floats:
    """Compute twice the derivative of the log-likelihood by tau2."""
    gain = (fit.w**2 * fit.residual**2).sum(-1)
    return np.asarray(gain - (trace_p(batch, fit) if restricted else fit.w.sum(-1)))


def _spread(batch: Batch) -> Floats:
    """Return a positive start for searches upwards: about the variance of the estimates."""
    least = np.where(batch.use > 0, batch.v, np.inf).min(-1)
    return np.asarray(np.maximum(crude_variance(batch), least))


def _divide(a: Floats, b: Floats) -> Floats:
    """Divide where there is something to divide by; data sets without degrees of freedom are set to 0 by the caller."""
    return np.divide(a, b, out=np.zeros(np.broadcast(a, b).shape), where=b > 0)


def standard_error_tau2(batch: Batch, method: str, tau2: Floats) -> Floats:
    """Compute the large-sample standard error of tau2 as metafor defines it for each method; NaN where there is none.

    Source: Viechtbauer 2005, J Educ Behav Stat 30:261-293, and the code comments of metafor's `rma.uni` for SJ.
    """
    k, df = batch.k, batch.df
    fit = weigh_at(batch, tau2)
    one = np.ones_like(batch.v)
    if method == "EE":
        return np.full(k.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        if method == "ML":
            variance = 2 / (fit.w**2).sum(-1)
        elif method == "REML":
            variance = 2 / trace_pdpe(batch, fit, one, one)
        elif method in ("EB", "PM", "PMM"):
            variance = 2 * k**2 / df / fit.w.sum(-1) ** 2
        else:
            variance = _moment_variance(batch, method, tau2)
    # Where one study outweighs the others a millionfold, rounding can leave a trace below zero: no error can be told.
    return np.sqrt(np.where((df > 0) & (variance >= 0), variance, np.nan))


def _moment_variance(batch: Batch, method: str, tau2: Floats) -> Floats:
    """Compute the variance of the methods that are a scaled quadratic form y'Py with fixed weights."""
    one, zero = np.ones_like(batch.v), np.zeros(batch.k.shape)
    if method == "HE":
        fit = weigh(batch, one)
        scale = 1 / batch.df
    elif method == "SJ":
        start = crude_variance(batch)
        fit = weigh_at(batch, start)
        scale = start / batch.df
    else:
        fit = weigh_at(batch, zero)
        scale = 1 / (trace_p(batch, fit) if method == "DL" else fit.w.sum(-1))
        if method == "HSk":
            scale = scale * batch.k / batch.df
    within = trace_pdpe(batch, fit, batch.v, batch.v)
    mixed = trace_pdpe(batch, fit, batch.v, one)
    between = trace_pdpe(batch, fit, one, one)
    return scale**2 * (2 * within + 4 * tau2 * mixed + 2 * tau2**2 * between)


def typical_variance(batch: Batch) -> Floats:
    """Compute the typical within-study variance that I2 and H2 compare tau2 with; 0 without degrees of freedom.

    Source: Higgins and Thompson 2002, Stat Med 21:1539-1558, equation 9; (k - p) / tr(P) with moderators.
    """
    return _divide(batch.df, trace_p(batch, weigh_at(batch, np.zeros(batch.k.shape))))


NDBool = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

_ESTIMATORS: dict[str, Callable[[Batch], Floats]] = {
    "EE": _equal_effects,
    "DL": _dersimonian_laird,
    "HE": _hedges,
    "HS": _hunter_schmidt,
    "HSk": _hunter_schmidt_corrected,
    "SJ": _sidik_jonkman,
    "ML": _maximum_likelihood,
    "REML": _restricted_likelihood,
    "EB": _paule_mandel,
    "PM": _paule_mandel,
    "PMM": _paule_mandel_median,
}

#: The names that `estimate_tau2` knows.
METHODS: tuple[str, ...] = tuple(_ESTIMATORS)
