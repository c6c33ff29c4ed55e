"""The random-effects model of rows that have an estimate and a variance: REML with Knapp and Hartung's interval."""

from __future__ import annotations

from collections.abc import Sequence

from review.findings import Finding
from review.findings import find
from review.pooling.measured import LEVEL
from review.pooling.measured import MeasuredRow
from review.pooling.models import Model
from review.pooling.models import fit_model

#: How the model is named below a table.
MODEL = "Random-effects model: inverse variance, between-study variance by REML, interval by Knapp and Hartung"


def fit_rows(rows: Sequence[MeasuredRow]) -> tuple[Model | None, list[Finding]]:
    """Fit the model to the rows that have a variance.

    Args:
        rows: Those of an analysis.

    Returns:
        The model; None, with a finding that says why, where fewer than two rows have a variance.

    Source: Viechtbauer 2005, J Educ Behav Stat 30:261-293, for REML; Knapp and Hartung 2003, Stat Med 22:2693-2710.
    """
    y = [row.y for row in rows if row.y is not None and row.v is not None]
    v = [row.v for row in rows if row.y is not None and row.v is not None]
    without = [row.label for row in rows if row.y is None or row.v is None]
    findings = []
    if without:
        message = f"{', '.join(without)} cannot be weighted and is not in the model"
        findings.append(find("POOL-008", message))
    if len(y) < 2:
        findings.append(find("POOL-008", f"{len(y)} of {len(rows)} rows can be weighted; a model needs two"))
        return None, findings
    model = fit_model(y, v, method="REML", test="knha", level=LEVEL)
    return model, [*findings, *model.findings]
