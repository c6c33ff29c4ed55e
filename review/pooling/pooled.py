"""What pooling a table of counts gives, with the keys that the command line promises."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from review.findings import Finding
from review.pooling.exact import PooledCounts

if TYPE_CHECKING:
    import pandas as pd

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class StudyResult:
    """One study: its proportion with an interval of its own, and its share 0..1 of the pooled estimate.

    `weight` is None for models of the counts, where a study has no single weight.
    """

    study: str
    events: int
    total: int
    estimate: float
    ci: Interval
    weight: float | None


@dataclass(frozen=True, slots=True)
class Between:
    """A test of whether groups differ: likelihood ratio for models of the counts, else that of the inverse-variance model."""

    statistic: float
    df: int
    df_residual: int | None
    p: float


@dataclass(frozen=True, slots=True)
class PooledResult:
    """A pooled proportion; fractions 0..1, `i2` 0..100, `beta`, `se` and `tau2` on the measure's own scale.

    A field is None where the model has no such value, and a finding says why. `estimate` is that of the median study for the
    random-intercept model (`marginal` is the mean over studies), the mean over studies for the beta-binomial model, whose
    intraclass correlation is `rho`. `ci_method` and `pi_method` name the intervals. `pooled` are the counts added up, as if there
    were one common proportion. `statistic` and `p` test beta = 0, for the logit a proportion of one half.
    """

    k: int
    events: int
    total: int
    measure: str
    model: str
    method: str
    test: str
    level: float
    estimate: float | None
    ci: Interval | None
    ci_method: str
    pi: Interval | None
    pi_method: str
    beta: float | None
    se: float | None
    statistic: float | None
    p: float | None
    tau2: float | None
    tau2_ci: Interval | None
    i2: float | None
    h2: float | None
    q: float | None
    q_df: int | None
    q_p: float | None
    marginal: float | None
    rho: float | None
    pooled: PooledCounts
    studies: tuple[StudyResult, ...]
    findings: tuple[Finding, ...]
    groups: Mapping[str, PooledResult] = field(default_factory=dict, hash=False)
    between: Between | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """The codes of the findings, each once."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))

    def to_json(self) -> dict[str, object]:
        """Return the promised keys and some more; what is infinite or missing is null."""
        out: dict[str, object] = {}
        for key in (
            *("k", "events", "total", "measure", "model", "method", "test", "level", "estimate", "ci", "ci_method"),
            *("pi", "pi_method", "beta", "se", "statistic", "p", "tau2", "tau2_ci", "i2", "h2", "q", "q_df", "q_p"),
            *("marginal", "rho"),
        ):
            out[key] = _plain(getattr(self, key))
        out["pooled"] = {
            "estimate": self.pooled.estimate,
            "ci": list(self.pooled.ci),
            "bound": self.pooled.bound,
            "firth": self.pooled.firth,
        }
        out["warnings"] = list(self.warnings)
        out["findings"] = [finding.to_json() for finding in self.findings]
        out["studies"] = [
            {
                "study": row.study,
                "events": row.events,
                "total": row.total,
                "estimate": row.estimate,
                "ci": list(row.ci),
                "weight": row.weight,
            }
            for row in self.studies
        ]
        if self.groups:
            out["groups"] = {name: group.to_json() for name, group in self.groups.items()}
            between = self.between
            out["between"] = (
                None if between is None else {"statistic": between.statistic, "df": between.df, "p": between.p}
            )
        return out

    def to_frame(self) -> pd.DataFrame:
        """One row per study, and a last row for the pooled estimate."""
        import pandas as pd

        rows: list[tuple[object, ...]] = [
            (s.study, s.events, s.total, s.estimate, *s.ci, s.weight) for s in self.studies
        ]
        low, high = self.ci or (None, None)
        rows.append((f"Pooled ({self.method})", self.events, self.total, self.estimate, low, high, None))
        names = ["study", "events", "total", "estimate", "ci_low", "ci_high", "weight"]
        return pd.DataFrame(rows, columns=names)


def _plain(value: object) -> object:
    """Turn tuples into lists and what is not finite into None."""
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
