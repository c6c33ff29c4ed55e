"""Errors of ours and of peers on the golden data sets, from R's own effect sizes, so that only the pooling is compared.

PyMARE is run by the interpreter that REVIEW_PEERS_PYTHON names (a virtual environment of its own, since it may ask for other
versions of our dependencies).
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from review.pooling.models import fit_model

METHODS = ("DL", "HE", "ML", "REML", "PM")
#: Right means this near, absolutely below 1 and relatively above.
NEAR = 1e-6

#: What runs in the interpreter with the peers: [(method, y, v), ...] to [[tau2, estimate, se] or an error's name, ...].
PYMARE = """
import json, sys, warnings
import numpy as np
warnings.simplefilter("ignore")
from pymare.estimators import DerSimonianLaird, Hedges, VarianceBasedLikelihoodEstimator as Likelihood
makers = {"DL": DerSimonianLaird, "HE": Hedges, "ML": lambda: Likelihood(method="ML"), "REML": lambda: Likelihood(method="REML")}
answers = []
for method, y, v in json.load(sys.stdin):
    if method not in makers:
        answers.append(None)
        continue
    try:
        y, v = np.array(y)[:, None], np.array(v)[:, None]
        found = makers[method]().fit(y=y, v=v, X=np.ones_like(y)).summary()
        tau2 = float(np.ravel(found.tau2)[0])
        weights = 1 / (v + tau2)
        answers.append([tau2, float(np.ravel(found.get_fe_stats()["est"])[0]), float(1 / np.sqrt(weights.sum()))])
    except Exception as error:
        answers.append(type(error).__name__)
print(json.dumps(answers))
"""

Case = tuple[str, list[float], list[float]]
Answer = list[float] | str | None


def list_cases(shared: Path) -> Iterator[tuple[Case, list[float]]]:
    """Yield method, effects and variances, with R's tau2, estimate and standard error."""
    for dataset in json.loads((shared / "data/stats/golden_dev.json").read_text())["datasets"]:
        for measure, golden in dataset["rma"].items():
            effects: dict[str, Any] = dataset["escalc"][measure]
            for method in METHODS:
                found = golden.get(method, {})
                if "tau2" not in found or "z" not in found or len(effects.get("yi", ())) < 2:
                    continue
                numbers = [found["tau2"], found["z"]["beta"], found["z"]["se"]]
                columns = [*effects["yi"], *effects["vi"], *numbers]
                if all(isinstance(number, int | float) and math.isfinite(number) for number in columns):
                    yield (method, effects["yi"], effects["vi"]), numbers


def answer_ours(case: Case) -> Answer:
    method, y, v = case
    found = fit_model(np.array(y), np.array(v), method=method)
    return [float(found.tau2), float(found.beta), float(found.se)]


def answer_statsmodels(case: Case) -> Answer:
    from statsmodels.stats.meta_analysis import combine_effects

    method, y, v = case
    if method not in {"DL", "PM"}:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = combine_effects(np.array(y), np.array(v), method_re=method.lower())
        return [float(found.tau2), float(found.mean_effect_re), float(found.sd_eff_w_re)]


def answer_pymare(cases: list[Case]) -> list[Answer]:
    """Ask the interpreter with the peers; one without them is a reason to skip its column."""
    python = os.environ.get("REVIEW_PEERS_PYTHON")
    if not python:
        return [None] * len(cases)
    done = subprocess.run([python, "-c", PYMARE], input=json.dumps(cases), capture_output=True, text=True, check=True)
    answers: list[Answer] = json.loads(done.stdout)
    return answers


@pytest.mark.benchmark
def test_errors_beside_peers(shared: Path) -> None:
    pairs = list(list_cases(shared))
    cases = [case for case, _expected in pairs]
    answers = {
        "review": [answer_ours(case) for case in cases],
        "statsmodels": [answer_statsmodels(case) for case in cases],
        "PyMARE": answer_pymare(cases),
    }
    worst: dict[tuple[str, str], list[float]] = defaultdict(list)
    for name, column in answers.items():
        for (case, expected), answer in zip(pairs, column, strict=True):
            if answer is not None:
                worst[name, case[0]].append(_measure_error(answer, expected))
    print()  # noqa: T201
    for (name, method), errors in worst.items():
        finite = [error for error in errors if math.isfinite(error)]
        print(  # noqa: T201
            f"{name:12} {method:5} right {sum(error < NEAR for error in errors):3} of {len(errors)}, "
            f"no answer {len(errors) - len(finite)}, largest error {max(finite, default=math.nan):.1e}"
        )
    assert max(max(errors) for (name, _method), errors in worst.items() if name == "review") < NEAR


def _measure_error(answer: list[float] | str, expected: list[float]) -> float:
    """The largest of the three errors; infinite where there is no answer."""
    if isinstance(answer, str) or not all(math.isfinite(value) for value in answer):
        return math.inf
    return max(abs(a - b) / max(1.0, abs(b)) for a, b in zip(answer, expected, strict=True))
