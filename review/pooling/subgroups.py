"""Subgroups: an estimate for each group of studies, and the test of whether the groups differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.models import Model
from review.pooling.models import OmnibusTest
from review.pooling.models import fit_model
from review.pooling.moderators import code_levels
from review.pooling.moderators import regress
from review.pooling.tails import chi_squared_p
from review.pooling.tails import critical_value


@dataclass(frozen=True, slots=True)
class Subgroup:
    """One group's pooled estimate, on the measure's scale; `studies` are positions in the data."""

    name: str
    studies: tuple[int, ...]
    beta: float
    se: float
    ci_low: float
    ci_high: float
    tau2: float

    @property
    def k(self) -> int:
        """How many studies the group has."""
        return len(self.studies)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Groups side by side, and the test of their difference.

    Attributes:
        groups: In sorted order of their names.
        common_tau2: Whether all share one tau2.
        between: The test of whether they differ.
        findings: What a reader must know.
    """

    groups: tuple[Subgroup, ...]
    common_tau2: bool
    between: OmnibusTest | None
    findings: tuple[Finding, ...] = ()


def compare_subgroups(
    y: ArrayLike,
    v: ArrayLike,
    groups: Sequence[str],
    *,
    method: str = "REML",
    test: str = "z",
    level: float = 0.95,
    common_tau2: bool = False,
) -> Comparison:
    """Pool each group and test whether the groups differ.

    With a common tau2 the groups are one model with a 0/1 column per group, and the test is that model's (F for knha and
    adhoc, else chi-squared). With separate tau2 each group is a model of its own, and the test is the chi-squared one of
    the groups' estimates around their mean, weighted by their z variances. A group of one study has no tau2 of its own.

    Args:
        y: Estimates (k,).
        v: Sampling variances (k,).
        groups: Each study's group (k,).
        method: As `review.pooling.models.fit_model`.
        test: As `fit_model`.
        level: Confidence level between 0 and 1.
        common_tau2: Whether all groups share one tau2.

    Raises:
        PoolError: With one group only, or as `fit_model`.

    Source: Borenstein et al. 2009, Introduction to Meta-Analysis, chapter 19.
    """
    ys, vs = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    if len(groups) != len(ys):
        raise PoolError(f"{len(groups)} groups were given for {len(ys)} studies; expected one for each")
    columns = code_levels(groups)
    members = {name: tuple(i for i, group in enumerate(groups) if group == name) for name in sorted(set(groups))}
    if common_tau2:
        model = regress(ys, vs, columns, method=method, test=test, level=level).model
        return Comparison(
            tuple(_share_tau2(ys, vs, name, studies, model) for name, studies in members.items()),
            common_tau2=True,
            between=model.moderators_test,
            findings=tuple(_judge(members, method, common_tau2=True)),
        )
    models = {
        name: fit_model(ys[list(studies)], vs[list(studies)], method=method, test=test, level=level)
        for name, studies in members.items()
    }
    found = tuple(
        Subgroup(name, members[name], model.beta, model.se, *model.ci, model.tau2) for name, model in models.items()
    )
    return Comparison(
        found,
        common_tau2=False,
        between=_test_between(list(models.values())),
        findings=tuple(_judge(members, method, common_tau2=False)),
    )


def _share_tau2(y: np.ndarray, v: np.ndarray, name: str, studies: tuple[int, ...], model: Model) -> Subgroup:
    w = 1 / (v[list(studies)] + model.tau2)
    beta = float((w * y[list(studies)]).sum() / w.sum())
    se = math.sqrt(model.scale / float(w.sum()))
    reach = critical_value(model.level, model.df) * se
    return Subgroup(name, studies, beta, se, beta - reach, beta + reach, model.tau2)


def _test_between(models: Sequence[Model]) -> OmnibusTest:
    beta = np.array([model.beta for model in models])
    w = np.array([model.scale / model.se**2 if model.se > 0 else 0.0 for model in models])
    mean = float((w * beta).sum() / w.sum())
    statistic = float((w * (beta - mean) ** 2).sum())
    return OmnibusTest(statistic, len(models) - 1, None, chi_squared_p(statistic, len(models) - 1))


def _judge(members: dict[str, tuple[int, ...]], method: str, *, common_tau2: bool) -> list[Finding]:
    alone = [name for name, studies in members.items() if len(studies) == 1]
    if not alone or method == "EE" or common_tau2:
        return []
    return [
        find(
            "POOL-142",
            f"{', '.join(alone)}: one study, so no tau2 of its own; its interval is the study's and the test between groups "
            "takes it as exact about differences between studies",
            hint="let the groups share one tau2",
        )
    ]
