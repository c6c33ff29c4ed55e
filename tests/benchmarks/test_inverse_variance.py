"""Inverse-variance models: time grows with the number of studies, and errors beside those of statsmodels."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from review.pooling.effects import compute_effects
from review.pooling.linear import make_batch
from review.pooling.models import fit_model
from review.pooling.tau2_intervals import interval_tau2

METHODS = ("EE", "DL", "HE", "HS", "SJ", "ML", "REML", "EB", "PM")


def measure(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the best of some times, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def pool_all(k: int) -> Callable[[], object]:
    random = np.random.default_rng(k)
    total = random.integers(1, 200, k)
    found = compute_effects(random.binomial(total, random.beta(2, 3, k)), total)

    def work() -> None:
        for method in METHODS:
            fit_model(found.y, found.v, method=method, test="adhoc")
        for method in ("QP", "PL-ML", "PL-REML"):
            interval_tau2(make_batch(found.y, found.v), method=method)

    return work


@pytest.mark.benchmark
def test_time_is_linear_in_the_number_of_studies() -> None:
    small, large = measure(pool_all(2_000)), measure(pool_all(20_000))
    print(f"all models: 2,000 studies {small * 1e3:.1f} ms, 20,000 studies {large * 1e3:.1f} ms")  # noqa: T201
    assert large < 30 * small


@pytest.mark.benchmark
def test_errors_beside_statsmodels(shared: Path) -> None:
    from statsmodels.stats.meta_analysis import combine_effects

    names = {"DL": "dl", "PM": "pm"}
    errors: dict[tuple[str, str], list[float]] = {}
    for dataset in json.loads((shared / "data/stats/golden_dev.json").read_text())["datasets"]:
        for scale, golden in dataset["rma"].items():
            effects = dataset["escalc"][scale]
            y, v = np.array(effects["yi"], dtype=float), np.array(effects["vi"], dtype=float)
            if len(y) < 2:
                continue
            for method, name in names.items():
                right = golden[method]["tau2"]
                ours = fit_model(y, v, method=method).tau2
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    theirs = float(combine_effects(y, v, method_re=name).tau2)
                errors.setdefault(("review", method), []).append(abs(ours - right))
                errors.setdefault(("statsmodels", method), []).append(abs(theirs - right))
    for (package, method), found in errors.items():
        good = sum(error < 1e-7 for error in found)
        print(f"tau2 {method}: {package:12} right {good} of {len(found)}, largest error {np.nanmax(found):.1e}")  # noqa: T201
    assert max(errors["review", "DL"]) < 1e-7
    assert max(errors["review", "PM"]) < 1e-7
