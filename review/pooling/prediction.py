"""Prediction intervals: where the true effect of a further study may lie, by the variants that have a name."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from review.errors import PoolError
from review.findings import Finding
from review.findings import find
from review.pooling.linear import Floats
from review.pooling.linear import make_batch
from review.pooling.linear import weigh_at
from review.pooling.models import Model
from review.pooling.tails import check_level
from review.pooling.tails import critical_value

#: normal: se of the model, normal distribution; t: with k - 1 degrees of freedom; HTS: with k - 2 (Higgins, Thompson and
#: Spiegelhalter); HK and HK-PR: Hartung and Knapp's se with k - 1 and k - 2 (Partlett and Riley); adhoc and adhoc-PR: HK that is
#: never narrower than t and HTS; SJ: Sidik and Jonkman's robust se with k - 2; KR and KR-PR: Kenward and Roger's se, with their degrees of
#: freedom and one less.
VARIANTS: tuple[str, ...] = ("normal", "t", "HTS", "HK", "HK-PR", "adhoc", "adhoc-PR", "SJ", "KR", "KR-PR")

#: Fewer studies than this get no prediction interval: their spread would be judged from one difference.
FEWEST_STUDIES = 3


@dataclass(frozen=True, slots=True)
class Prediction:
    """A prediction interval on the measure's scale; `limits` is None where the data bear none, and a finding says why."""

    variant: str
    level: float
    limits: tuple[float, float] | None
    se: float | None
    df: float | None
    findings: tuple[Finding, ...] = ()


def predict(y: ArrayLike, v: ArrayLike, model: Model, *, variant: str = "HTS", level: float = 0.95) -> Prediction:
    """Compute a prediction interval from a random-effects model without moderators.

    Args:
        y: The estimates that the model was fitted to.
        v: Their sampling variances.
        model: The model; its tau2 and pooled estimate are used, its test is not.
        variant: A name of `VARIANTS`.
        level: Confidence level between 0 and 1.

    Raises:
        PoolError: For an unknown variant, an impossible level, a common-effect model or one with moderators.

    Source: Higgins, Thompson and Spiegelhalter 2009, J R Stat Soc A 172:137-159; Partlett and Riley 2017, Stat Med
    36:301-317; Sidik and Jonkman 2006, Comput Stat Data Anal 50:3681-3701; Kenward and Roger 1997, Biometrics 53:983-997.
    """
    check_level(level)
    if variant not in VARIANTS:
        raise PoolError(f"no prediction interval is called {variant!r}; expected one of {', '.join(VARIANTS)}")
    if model.method == "EE" or len(model.coefficients) > 1:
        raise PoolError("a prediction interval needs a random-effects model without moderators")
    if model.k < FEWEST_STUDIES:
        return _refuse(
            variant, level, f"{model.k} {'study says' if model.k == 1 else 'studies say'} nothing about a further one"
        )
    se, df = _spread(np.asarray(y, dtype=float), np.asarray(v, dtype=float), model, variant)
    if df is not None and not df > 0:
        return _refuse(variant, level, f"the variant {variant} has no degrees of freedom left here")
    half = critical_value(level, df) * math.sqrt(model.tau2 + se * se)
    return Prediction(variant, level, (model.beta - half, model.beta + half), se, df)


def _refuse(variant: str, level: float, reason: str) -> Prediction:
    finding = find("POOL-127", f"no prediction interval: {reason}", hint="show the studies themselves")
    return Prediction(variant, level, None, None, None, (finding,))


def _spread(y: Floats, v: Floats, model: Model, variant: str) -> tuple[float, float | None]:
    """Choose the standard error of the pooled estimate and the degrees of freedom."""
    k, w = model.k, 1 / (v + model.tau2)
    plain = math.sqrt(1 / w.sum())
    residual = y - model.beta
    if variant in ("HK", "HK-PR", "adhoc", "adhoc-PR"):
        factor = float((w * residual**2).sum()) / (k - 1)
        se = plain * math.sqrt(max(1.0, factor) if variant.startswith("adhoc") else factor)
        return se, k - 2 if variant.endswith("-PR") else k - 1
    if variant == "SJ":
        share = w / w.sum()
        return math.sqrt(float((share**2 * residual**2 / (1 - share)).sum())), k - 2
    if variant in ("KR", "KR-PR"):
        se, df = kenward_roger(v, model.tau2)
        return se, df - 1 if variant == "KR-PR" else df
    return plain, {"normal": None, "t": k - 1, "HTS": k - 2}[variant]


def kenward_roger(v: ArrayLike, tau2: float) -> tuple[float, float]:
    """Compute Kenward and Roger's standard error and degrees of freedom of a pooled estimate with tau2 by REML.

    The degrees of freedom use the adjusted variance, as the R packages meta and pimeta do.

    Source: Kenward and Roger 1997, Biometrics 53:983-997, for one mean; Partlett and Riley 2017, Stat Med 36:301-317.
    """
    batch = make_batch(np.zeros(np.shape(v)), v)
    w = weigh_at(batch, np.asarray(tau2)).w
    s1, s2, s3 = (float((w**power).sum()) for power in (1, 2, 3))
    information = s2 / 2 - s3 / s1 + (s2 / s1) ** 2 / 2
    if not information > 0:
        return math.sqrt(1 / s1), 0.0
    variance = 1 / s1 + 2 * (s3 - s2**2 / s1) / (s1**2 * information)
    return math.sqrt(variance), 2 * information / (variance * s2) ** 2
