"""Pool a table of counts: one call for every model, measure and test that has a name.

The default is the random-intercept logistic model by full likelihood with the profile-likelihood interval, beside the
counts added up with their exact interval: the pair that keeps its level for a few small studies. Everything else is there
by name. `docs/choosing-a-method.md` gives the reasons and the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from review.cache import recall
from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.pooled import Between
from review.pooling.pooled import PooledResult
from review.pooling.pooled import StudyResult

#: Methods that model the counts themselves; the others weight estimates by inverse variance.
COUNT_METHODS: tuple[str, ...] = ("GLMM", "BB")
#: Methods for tau2 by inverse variance that the command line names.
VARIANCE_METHODS: tuple[str, ...] = ("REML", "ML", "DL", "PM", "EB", "SJ", "HE", "HS")
MODELS: tuple[str, ...] = ("random", "common")


class Counted(Protocol):
    """A study's row."""

    @property
    def study(self) -> str:
        """Its name."""
        ...

    @property
    def events(self) -> int:
        """How many had the event, 0..total."""
        ...

    @property
    def total(self) -> int:
        """How many were looked at, 1 or more."""
        ...

    @property
    def moderators(self) -> Mapping[str, str]:
        """Its other columns, blank ones left out."""
        ...


def pool_counts(
    rows: Sequence[Counted],
    *,
    measure: str = "PLO",
    model: str = "random",
    method: str = "GLMM",
    test: str | None = None,
    ci_study: str = "clopper-pearson",
    level: float = 0.95,
    by: str | None = None,
) -> PooledResult:
    """Pool counts of studies.

    Args:
        rows: One per study.
        measure: PLO, PLN, PR, PAS or PFT; GLMM and BB work on PLO only.
        model: `random`, or `common` for one proportion behind all studies.
        method: GLMM (random-intercept logistic), BB (beta-binomial), or a method for tau2: REML, ML, DL, PM, EB, SJ, HE, HS.
        test: For GLMM and BB `profile` (the default) or `z`, for GLMM also `t`; for the others z (the default), t, knha, adhoc.
        ci_study: Interval of the single studies and of the counts added up, a name of `review.pooling.intervals.METHODS`.
        level: Of all intervals.
        by: A column of the rows to group by.

    Raises:
        PoolError: For no rows, an unknown name, a combination that does not exist, or a column with a single level.
    """
    check_choice("model", model, MODELS)
    check_choice("method", method, (*COUNT_METHODS, *VARIANCE_METHODS))
    if not rows:
        raise PoolError("there is no study to pool")
    if method in COUNT_METHODS and measure != "PLO":
        raise PoolError(f"{method} works on the logit scale; expected the measure PLO, or an inverse-variance method")
    result = _pool_one(rows, measure, model, method, test, ci_study, level)
    if by is None:
        return result
    return _add_groups(result, rows, measure, model, method, test, ci_study, level, by)


def check_choice(what: str, name: str, names: Sequence[str]) -> None:
    """Refuse a name that is not among those known.

    Raises:
        PoolError: With the names that are.
    """
    if name not in names:
        raise PoolError(f"no {what} is called {name!r}; expected one of {', '.join(names)}")


def _pool_one(
    rows: Sequence[Counted], measure: str, model: str, method: str, test: str | None, ci_study: str, level: float
) -> PooledResult:
    import numpy as np

    from review.pooling.exact import count_pooled
    from review.pooling.intervals import intervals
    from review.pooling.poolcounts import pool_beta_binomial
    from review.pooling.poolcounts import pool_glmm
    from review.pooling.poolvariance import pool_variance
    from review.pooling.tails import check_level

    check_level(level)
    x = np.array([row.events for row in rows], dtype=float)
    n = np.array([row.total for row in rows], dtype=float)
    low, high = intervals(x, n, method=ci_study, level=level)
    studies = tuple(
        StudyResult(row.study, row.events, row.total, row.events / row.total, (float(a), float(b)), None)
        for row, a, b in zip(rows, low, high, strict=True)
    )
    empty = PooledResult(
        k=len(rows),
        events=int(x.sum()),
        total=int(n.sum()),
        measure=measure,
        model=model,
        method=method,
        test=test or ("profile" if method in COUNT_METHODS else "z"),
        level=level,
        estimate=None,
        ci=None,
        ci_method="",
        pi=None,
        pi_method="",
        beta=None,
        se=None,
        statistic=None,
        p=None,
        tau2=None,
        tau2_ci=None,
        i2=None,
        h2=None,
        q=None,
        q_df=None,
        q_p=None,
        marginal=None,
        rho=None,
        pooled=count_pooled(x, n, method=ci_study, level=level),
        studies=studies,
        findings=(),
    )
    if method not in COUNT_METHODS:
        return pool_variance(empty, x, n)
    fit = pool_glmm if method == "GLMM" else pool_beta_binomial
    # The likelihood knows the counts only, whatever the studies are called and however they are ordered: what was fitted once
    # need not be fitted again. Leaving out one of several studies with equal counts is one fit, not several.
    order = np.lexsort((x, n))
    x, n = x[order], n[order]
    nameless = replace(empty, studies=())
    parts = ["pool counts", repr(nameless), repr(x.tolist()), repr(n.tolist())]
    fitted = recall(parts, lambda: fit(nameless, x, n), program=("pooling",), libraries=("numpy", "scipy"))
    return replace(fitted, studies=studies)


def _add_groups(
    result: PooledResult,
    rows: Sequence[Counted],
    measure: str,
    model: str,
    method: str,
    test: str | None,
    ci_study: str,
    level: float,
    by: str,
) -> PooledResult:
    """Pool each level of a column by itself, and test whether the levels differ."""
    known = sorted({name for row in rows for name in row.moderators})
    if by not in known:
        raise PoolError(f"no column is called {by!r}; expected one of {', '.join(known) or '(there is none)'}")
    blank = [row.study for row in rows if by not in row.moderators]
    kept = [row for row in rows if by in row.moderators]
    levels = sorted({row.moderators[by] for row in kept})
    if len(levels) < 2:
        raise PoolError(f"the column {by} has the single level {levels[0]!r}; groups need two or more")
    groups = {}
    for name in levels:
        members = [row for row in kept if row.moderators[by] == name]
        groups[name] = _pool_one(members, measure, model, method, test, ci_study, level)
    findings: tuple[Finding, ...] = ()
    if blank:
        text = f"{len(blank)} of {len(rows)} studies have no {by} and are in no group"
        findings = (find("POOL-160", text, ids=tuple(blank)),)
    between, more = _compare([row.moderators[by] for row in kept], kept, result)
    return replace(result, groups=groups, between=between, findings=(*result.findings, *findings, *more))


def _compare(
    names: Sequence[str], rows: Sequence[Counted], result: PooledResult
) -> tuple[Between | None, tuple[Finding, ...]]:
    import numpy as np

    x = np.array([row.events for row in rows], dtype=float)
    n = np.array([row.total for row in rows], dtype=float)
    if result.method in COUNT_METHODS:
        from review.pooling.poolcounts import compare_by_likelihood

        return compare_by_likelihood(x, n, names, common=result.model == "common")
    from review.pooling.poolvariance import compare_by_variance

    return compare_by_variance(x, n, names, result)
