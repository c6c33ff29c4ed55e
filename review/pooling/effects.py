"""Effect sizes of a proportion: five scales, their sampling variances, and the way back.

PR is the proportion itself, PLN its logarithm, PLO its logit, PAS the arcsine of its square root, PFT Freeman and Tukey's
double arcsine. The names, formulas and defaults are those of metafor's `escalc`, so that results can be compared.

None of them suits a handful of tiny studies. A single case has no logit: with half a patient added to both cells, 0/1 becomes
a study that saw 25 %, and eleven of them outvote a series. Freeman and Tukey's scale needs no such addition, but its way back
depends on a total that the pooled result does not have. The findings say so wherever it applies.

Source: Viechtbauer 2010, J Stat Softw 36(3); Freeman and Tukey 1950, Ann Math Stat 21:607-611; Miller 1978, Am Stat 32:138.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.errors import PoolError
from review.findings import Finding
from review.findings import find

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: The scales.
MEASURES: tuple[str, ...] = ("PR", "PLN", "PLO", "PAS", "PFT")

#: To which studies a part of a patient is added: those with 0 or all events, all studies, all studies if one of them has 0 or
#: all events, none.
ZERO_CELL_RULES: tuple[str, ...] = ("only0", "all", "if0all", "none")

#: How the sampling variance of PR and PLO is estimated: LS from the study's own counts, UB without bias (PR only), AV from the
#: proportion of all studies together.
VARIANCES: tuple[str, ...] = ("LS", "UB", "AV")

#: How the one total is chosen that Freeman and Tukey's way back asks for.
TOTAL_RULES: tuple[str, ...] = ("harmonic", "geometric", "arithmetic", "inverse-variance")

#: Spread of the proportions that different totals give, above which `check_back_transformation` speaks.
TOTAL_SPREAD = 0.005


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Effect sizes of k studies.

    Attributes:
        measure: A name of `MEASURES`.
        zero_cells: The rule that was applied, a name of `ZERO_CELL_RULES`.
        y: Estimates (k,), on the measure's scale; NaN where the study has none.
        v: Sampling variances (k,); NaN or 0 where the study has none.
        events: Events (k,), as counted.
        total: Totals (k,), as counted.
        findings: What a reader must know.
    """

    measure: str
    zero_cells: str
    y: Floats
    v: Floats
    events: Floats
    total: Floats
    findings: tuple[Finding, ...] = ()


def compute_effects(
    events: ArrayLike,
    total: ArrayLike,
    *,
    measure: str = "PLO",
    zero_cells: str | None = None,
    add: float = 0.5,
    variance: str = "LS",
) -> Effects:
    """Compute effect sizes and sampling variances of single proportions.

    Args:
        events: Events (k,), 0..total.
        total: Totals (k,), 1 or more.
        measure: A name of `MEASURES`.
        zero_cells: A name of `ZERO_CELL_RULES`; None means only0 for PR, PLN and PLO, none for PAS and PFT.
        add: What is added to both cells where the rule says so, 0 or more.
        variance: A name of `VARIANCES`.

    Raises:
        PoolError: For counts that cannot be, or an unknown name.
    """
    import numpy as np

    from review.pooling.intervals import check_counts

    rule = _check_names(measure, zero_cells, variance)
    x, n = np.broadcast_arrays(np.asarray(events, dtype=float), np.asarray(total, dtype=float))
    check_counts(x, n)
    if not 0 <= add < np.inf:
        raise PoolError(f"{add} cannot be added to a count; expected 0 or more, such as 0.5")
    added = add * _choose_studies(x, n, rule)
    with np.errstate(divide="ignore", invalid="ignore"):
        y, v = _transform(x + added, n + 2 * added, measure, variance)
    undefined = ~np.isfinite(y) | ~np.isfinite(v)
    y, v = np.where(undefined, np.nan, y), np.where(undefined, np.nan, v)
    return Effects(measure, rule, y, v, x, n, tuple(_judge(measure, x, n, added, v)))


def _check_names(measure: str, zero_cells: str | None, variance: str) -> str:
    if measure not in MEASURES:
        raise PoolError(f"no measure is called {measure!r}; expected one of {', '.join(MEASURES)}")
    rule = zero_cells or ("none" if measure in ("PAS", "PFT") else "only0")
    if rule not in ZERO_CELL_RULES:
        raise PoolError(f"no rule for empty cells is called {rule!r}; expected one of {', '.join(ZERO_CELL_RULES)}")
    known = {"PR": ("LS", "UB", "AV"), "PLO": ("LS", "AV")}.get(measure, ("LS",))
    if variance not in known:
        raise PoolError(f"{measure} has no variance called {variance!r}; expected one of {', '.join(known)}")
    return rule


def _choose_studies(x: Floats, n: Floats, rule: str) -> Floats:
    import numpy as np

    empty = (x == 0) | (x == n)
    chosen = {"only0": empty, "all": np.ones_like(empty), "if0all": np.full_like(empty, empty.any())}
    return np.asarray(chosen.get(rule, np.zeros_like(empty)), dtype=float)


def _transform(x: Floats, n: Floats, measure: str, variance: str) -> tuple[Floats, Floats]:
    import numpy as np

    p = x / n
    if measure == "PAS":
        return np.arcsin(np.sqrt(p)), 1 / (4 * n)
    if measure == "PFT":
        return transform_freeman_tukey(x, n), 1 / (4 * n + 2)
    if measure == "PLN":
        return np.log(p), 1 / x - 1 / n
    mean = x.sum() / n.sum() if variance == "AV" else p
    if measure == "PR":
        return p, mean * (1 - mean) / (n - 1 if variance == "UB" else n)
    own = 1 / x + 1 / (n - x)
    return np.log(x / (n - x)), 1 / (n * mean * (1 - mean)) if variance == "AV" else own


def _judge(measure: str, x: Floats, n: Floats, added: Floats, v: Floats) -> list[Finding]:
    import numpy as np

    found = []
    touched, k = int((added > 0).sum()), x.size
    if touched:
        amount = f"{added.max():g}"
        found.append(
            find(
                "POOL-110",
                f"{amount} was added to both cells of {touched} of {k} studies, because {measure} has no value or no "
                "variance at 0 or all events; this pulls the result towards one half",
                hint="show a model of the counts (GLMM, beta-binomial) first",
            )
        )
    small = int((n <= 2).sum())
    if measure in ("PLO", "PLN", "PR") and small and k > 1:
        found.append(
            find(
                "POOL-111",
                f"{small} of {k} studies have one or two patients; weights by inverse variance are made up for them, and "
                "intervals can miss the truth nearly always",
                hint="show a model of the counts (GLMM, beta-binomial) first",
            )
        )
    if k and (not x.any() or (x == n).all()):
        word = "no patient" if not x.any() else "every patient"
        found.append(
            find(
                "POOL-112",
                f"{word} had the event: a pooled {measure} is made by what was added, not by the data",
                hint="give the count with the exact one-sided bound",
            )
        )
    missing = int((~(np.nan_to_num(v) > 0)).sum())
    if missing:
        found.append(
            find(
                "POOL-113",
                f"{missing} of {k} studies have no {measure} with a variance above zero, so they cannot be weighted",
                hint="choose another measure, or another rule for empty cells",
            )
        )
    return found


def back_transform(value: ArrayLike, measure: str, *, total: ArrayLike | None = None) -> Floats:
    """Take values of a measure's scale back to proportions.

    Values beyond what the scale can hold become 0 or 1; so do limits of PR below 0 or of PLN above 1.

    Args:
        value: Values on the measure's scale.
        measure: A name of `MEASURES`.
        total: For PFT, the total that stands for the pooled studies (see `representative_total`).

    Raises:
        PoolError: For an unknown measure, or PFT without a total.
    """
    import numpy as np
    from scipy.special import expit

    t = np.asarray(value, dtype=float)
    if measure == "PR":
        return np.asarray(np.clip(t, 0.0, 1.0))
    if measure == "PLN":
        return np.asarray(np.exp(np.minimum(t, 0.0)))
    if measure == "PLO":
        return np.asarray(expit(t), dtype=float)
    if measure == "PAS":
        return np.asarray(np.sin(np.clip(t, 0.0, np.pi / 2)) ** 2)
    if measure != "PFT":
        raise PoolError(f"no measure is called {measure!r}; expected one of {', '.join(MEASURES)}")
    if total is None:
        raise PoolError(
            "the way back from Freeman and Tukey's scale needs a total; the pooled result has none of its own"
        )
    return invert_freeman_tukey(t, total)


def transform_freeman_tukey(events: ArrayLike, total: ArrayLike) -> Floats:
    """Compute the mean of the arcsines of sqrt(x / (n + 1)) and sqrt((x + 1) / (n + 1))."""
    import numpy as np

    x, n = np.asarray(events, dtype=float), np.asarray(total, dtype=float)
    return np.asarray((np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))) / 2)


def invert_freeman_tukey(angle: ArrayLike, total: ArrayLike) -> Floats:
    """Turn a double arcsine back into a proportion, given the total that it is meant for.

    The result depends on `total`, and angles below that of 0/total or above that of total/total become 0 and 1: the reason
    why the scale is never the default here (Schwarzer et al. 2019, Res Synth Methods 10:476-483).

    Source: Miller 1978, Am Stat 32:138.
    """
    import numpy as np

    t, n = np.broadcast_arrays(np.asarray(angle, dtype=float), np.asarray(total, dtype=float))
    lowest, highest = transform_freeman_tukey(np.zeros_like(n), n), transform_freeman_tukey(n, n)
    inside = np.clip(t, lowest, highest)
    sine = np.sin(2 * inside)
    root = np.sqrt(np.maximum(1 - (sine + (sine - 1 / sine) / n) ** 2, 0))
    p = (1 - np.sign(np.cos(2 * inside)) * root) / 2
    return np.where(t <= lowest, 0.0, np.where(t >= highest, 1.0, p))


def representative_total(total: ArrayLike, rule: str = "harmonic", *, variance: float | None = None) -> float:
    """Choose the one total that stands for the pooled studies on Freeman and Tukey's way back.

    Args:
        total: Totals (k,).
        rule: A name of `TOTAL_RULES`. The harmonic mean is Miller's; one single case among large series pulls it to almost 1.
            The inverse-variance total n is the one with 1 / (4n) equal to the variance of the pooled estimate.
        variance: Variance of the pooled estimate, for inverse-variance.

    Raises:
        PoolError: For an unknown rule, or inverse-variance without a variance.
    """
    import numpy as np

    n = np.asarray(total, dtype=float)
    if rule == "harmonic":
        return float(n.size / (1 / n).sum())
    if rule == "geometric":
        return float(np.exp(np.log(n).mean()))
    if rule == "arithmetic":
        return float(n.mean())
    if rule != "inverse-variance" or not variance:
        raise PoolError(f"no total can be chosen by {rule!r}; expected one of {', '.join(TOTAL_RULES)}")
    return 1 / (4 * variance)


def check_back_transformation(angle: float, total: ArrayLike, *, variance: float | None = None) -> list[Finding]:
    """Warn where the proportion behind a pooled double arcsine depends on the total that one chooses.

    Args:
        angle: Pooled estimate on Freeman and Tukey's scale.
        total: Totals of the studies.
        variance: Variance of the pooled estimate, if the inverse-variance rule is to be among the choices.
    """
    rules = TOTAL_RULES if variance else TOTAL_RULES[:-1]
    totals = {rule: representative_total(total, rule, variance=variance) for rule in rules}
    found = {rule: float(invert_freeman_tukey(angle, n)) for rule, n in totals.items()}
    if max(found.values()) - min(found.values()) <= TOTAL_SPREAD:
        return []
    listed = ", ".join(f"{rule} {100 * found[rule]:.1f}% (n = {totals[rule]:.3g})" for rule in rules)
    return [
        find(
            "POOL-114",
            f"the proportion behind the pooled double arcsine depends on the total chosen for the way back: {listed}",
            hint="use a model of the counts instead",
        )
    ]
