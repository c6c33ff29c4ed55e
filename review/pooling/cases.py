"""Analyses of single patients: response by subgroup, one-stage regression, and what missing outcomes could change."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.model import Estimate
from review.pooling.clustered import ClusteredSurface
from review.pooling.exact import Homogeneity
from review.pooling.exact import TwoGroups
from review.pooling.exact import check_homogeneity
from review.pooling.exact import compare_groups
from review.pooling.firth import Firth
from review.pooling.firth import fit_firth
from review.pooling.glmm import SEPARATED
from review.pooling.glmm import Glmm
from review.pooling.glmm import compute_profile
from review.pooling.glmm import fit_surface
from review.pooling.intervals import interval
from review.pooling.likelihood import climb

Array = NDArray[np.float64]
Interval = tuple[float, float]

#: Below so many patients with and without response for each coefficient, maximum likelihood is not trusted.
EVENTS_PER_COEFFICIENT = 5


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient: `response` is None where it is not known; covariates that are not known are left out."""

    id: str
    study: str
    response: bool | None
    covariates: Mapping[str, float | str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class SubgroupTable:
    """Response by the levels of a covariate, as if patients were from one study.

    `pair` compares two levels exactly, `homogeneity` three or more.
    """

    by: str
    rows: tuple[Estimate, ...]
    pair: TwoGroups | None
    homogeneity: Homogeneity | None
    findings: tuple[Finding, ...]


def tabulate_response(
    patients: Sequence[Patient], by: str, *, method: str = "clopper-pearson", level: float = 0.95
) -> SubgroupTable:
    """Count responses by the levels of a covariate and compare them exactly.

    Args:
        patients: Those without a known response or level are left out, and a finding counts them.
        by: The covariate; its values are taken as labels.
        method: Interval of each row.
        level: Of the intervals.

    Raises:
        PoolError: If fewer than two levels have patients.
    """
    known, findings = _drop_unknown(patients, (by,))
    levels = sorted({str(p.covariates[by]) for p in known})
    if len(levels) < 2:
        raise PoolError(
            f"{by} has {len(levels)} level(s) among patients with a known response; two or more are compared"
        )
    rows = []
    for name in levels:
        members = [p for p in known if str(p.covariates[by]) == name]
        events, total = sum(bool(p.response) for p in members), len(members)
        low, high = interval(events, total, method=method, level=level)
        rows.append(
            Estimate(name, events, total, events / total, low, high, method, level, None, tuple(p.id for p in members))
        )
    if len(rows) == 2:
        first, second = ((row.events, row.total) for row in rows)
        return SubgroupTable(by, tuple(rows), compare_groups(first, second, level=level), None, findings)
    test, more = check_homogeneity([row.events for row in rows], [row.total for row in rows])
    return SubgroupTable(by, tuple(rows), None, test, (*findings, *more))


def _drop_unknown(patients: Sequence[Patient], names: Sequence[str]) -> tuple[list[Patient], tuple[Finding, ...]]:
    known = [p for p in patients if p.response is not None and all(name in p.covariates for name in names)]
    lost = [p.id for p in patients if p.response is None or any(name not in p.covariates for name in names)]
    if not lost:
        return known, ()
    wanted = " or ".join(("response", *names))
    text = f"{len(lost)} of {len(patients)} patients have no known {wanted} and are left out"
    return known, (find("POOL-161", text, ids=lost),)


@dataclass(frozen=True, slots=True)
class OneStage:
    """A one-stage logistic model of patients.

    `names` are the coefficients; numbers are centred at their mean, labels coded against the first in sorted order. `odds_ratios`
    and their intervals leave out the intercept. `model` is None where only the bias-reduced fit, without a random effect, exists.
    """

    names: tuple[str, ...]
    patients: int
    studies: int
    model: Glmm | None
    firth: Firth
    odds_ratios: Mapping[str, tuple[float, Interval]]
    findings: tuple[Finding, ...]


def fit_one_stage(patients: Sequence[Patient], covariates: Sequence[str], *, level: float = 0.95) -> OneStage:
    """Regress the response on covariates of the patient, with the study as a random effect.

    Where the likelihood has no maximum, or there are too few events, the odds ratios come from Firth's bias-reduced regression
    without a random effect, and a finding says so; else from the random-effect model with profile-likelihood intervals.

    Raises:
        PoolError: If no patient is left or covariates depend on each other.
    """
    known, findings = _drop_unknown(patients, covariates)
    if not known:
        raise PoolError("no patient has both a known response and all covariates")
    names, design = _code(known, covariates)
    response = np.array([float(bool(p.response)) for p in known])
    ones = np.ones(response.size)
    firth = fit_firth(response, ones, design, level=level)
    surface = ClusteredSurface([p.study for p in known], response, ones, design)
    rarer = int(min(response.sum(), (1 - response).sum()))
    few = rarer < EVENTS_PER_COEFFICIENT * (len(names) - 1)
    separated = rarer == 0
    if not separated:
        common, _at = climb(surface, surface.start()[None], np.zeros(1))
        separated = bool(np.abs(surface.design @ common[0]).max() > SEPARATED)
    if separated or few:
        text = (
            f"{rarer} patients with the rarer outcome for {len(names) - 1} covariate coefficients"
            + (": a covariate separates responses" if separated and rarer else "")
            + "; odds ratios are bias-reduced and without a study effect"
        )
        findings = (*findings, find("POOL-157", text))
    if separated or surface.studies < 2:
        ratios = {n: (float(np.exp(firth.beta[j])), _exp(firth.ci[j])) for j, n in enumerate(names) if j}
        return OneStage(names, len(known), surface.studies, None, firth, ratios, findings)
    model = fit_surface(surface, surface.studies, common[0])
    findings = (*findings, *model.findings)
    if few or model.status == "diverges":
        ratios = {n: (float(np.exp(firth.beta[j])), _exp(firth.ci[j])) for j, n in enumerate(names) if j}
        return OneStage(names, len(known), surface.studies, model, firth, ratios, findings)
    ratios = {}
    for j, name in enumerate(names):
        if j:
            limits, more = compute_profile(model, level=level, which=j)
            ratios[name] = (float(np.exp(model.beta[j])), _exp(limits))
            findings = (*findings, *more)
    return OneStage(names, len(known), surface.studies, model, firth, ratios, findings)


def _exp(limits: Interval) -> Interval:
    return float(np.exp(limits[0])), float(np.exp(limits[1]))


def _code(patients: Sequence[Patient], covariates: Sequence[str]) -> tuple[tuple[str, ...], Array]:
    """Columns of the design: ones, centred numbers, and labels against their first level."""
    names, columns = ["intercept"], [np.ones(len(patients))]
    for covariate in covariates:
        values = [p.covariates[covariate] for p in patients]
        if all(isinstance(value, (int, float)) for value in values):
            numbers = np.array(values, dtype=float)
            names.append(covariate)
            columns.append(numbers - numbers.mean())
            continue
        for name in sorted({str(value) for value in values})[1:]:
            names.append(f"{covariate}: {name}")
            columns.append(np.array([float(str(value) == name) for value in values]))
    return tuple(names), np.column_stack(columns)


@dataclass(frozen=True, slots=True)
class MissingBounds:
    """The proportion among patients whose outcome is known, and what it would be had all others responded, or none.

    The ends of `envelope` are the lower limit of the worst and the upper limit of the best case.
    """

    available: Estimate
    worst: Estimate
    best: Estimate
    envelope: Interval
    findings: tuple[Finding, ...]


def bound_missing(
    events: int, total: int, missing: int, *, method: str = "clopper-pearson", level: float = 0.95
) -> MissingBounds:
    """Bound the proportion where outcomes of some patients are not known.

    Args:
        events: Known responses.
        total: Patients whose outcome is known, at least 1.
        missing: Further patients whose outcome is not.
        method: Interval of each case.
        level: Of the intervals.

    Raises:
        PoolError: For counts that cannot be.
    """
    if missing < 0:
        raise PoolError(f"{missing} missing outcomes cannot be; expected 0 or more")

    def estimate(label: str, x: int, n: int) -> Estimate:
        low, high = interval(x, n, method=method, level=level)
        return Estimate(label, x, n, x / n, low, high, method, level)

    available = estimate("available cases", events, total)
    worst = estimate("none of the missing responded", events, total + missing)
    best = estimate("all of the missing responded", events + missing, total + missing)
    findings: tuple[Finding, ...] = ()
    if missing:
        text = (
            f"{missing} of {total + missing} outcomes are missing: the proportion among the known is {available.value:.3f}, and lies "
            f"between {worst.value:.3f} and {best.value:.3f} whatever they were"
        )
        findings = (find("POOL-162", text, found=missing),)
    return MissingBounds(available, worst, best, (worst.ci_low, best.ci_high), findings)
