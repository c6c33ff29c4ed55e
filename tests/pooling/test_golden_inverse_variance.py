"""Inverse-variance results against values from R (metafor, meta, pimeta), quantity by quantity.

Run as a program, it prints the table: quantity, how many values were compared, largest error, tolerance.
Errors are absolute below 1 and relative above.

Where R is not the better one, the difference is named here: metafor leaves limits of PR and PLN outside 0..1, finds tau2 in
trim and fill with a loose stopping rule, and prints prediction intervals for one or two studies, for which ours are None.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import NamedTuple

import numpy as np
import pytest

from review.errors import PoolError
from review.pooling.effects import back_transform
from review.pooling.effects import compute_effects
from review.pooling.effects import representative_total
from review.pooling.heterogeneity import METHODS
from review.pooling.heterogeneity import typical_variance
from review.pooling.influence import cumulate
from review.pooling.influence import leave_one_out
from review.pooling.influence import measure_influence
from review.pooling.linear import make_batch
from review.pooling.models import Model
from review.pooling.models import fit_model
from review.pooling.moderators import code_levels
from review.pooling.moderators import permute
from review.pooling.moderators import regress
from review.pooling.prediction import predict
from review.pooling.smallstudy import correlate_ranks
from review.pooling.smallstudy import regress_on_precision
from review.pooling.smallstudy import trim_and_fill
from review.pooling.subgroups import compare_subgroups
from review.pooling.tau2_intervals import interval_i2
from review.pooling.tau2_intervals import interval_tau2

Dataset = dict[str, Any]


class Pair(NamedTuple):
    """One value of ours and of R."""

    where: str
    found: float
    expected: float


def number(value: Any) -> float:
    return math.nan if value is None else float(value)


def pairs(where: str, found: Any, expected: Any) -> Iterator[Pair]:
    """Line up scalars or sequences; values that R does not have are left out."""
    ours, theirs = np.atleast_1d(np.asarray(found, dtype=object)), np.atleast_1d(np.asarray(expected, dtype=object))
    assert ours.shape == theirs.shape, where
    for mine, his in zip(ours, theirs, strict=True):
        if not math.isnan(number(his)):
            yield Pair(where, number(mine), number(his))


def used(dataset: Dataset) -> tuple[list[int], list[int]]:
    rows = [row - 1 for row in dataset["used_rows"]]
    return [dataset["x"][row] for row in rows], [dataset["n"][row] for row in rows]


def column(dataset: Dataset, name: str) -> list[Any]:
    return [dataset[name][row - 1] for row in dataset["used_rows"]]


def effects(dataset: Dataset, measure: str) -> tuple[np.ndarray, np.ndarray]:
    found = compute_effects(*used(dataset), measure=measure)
    return found.y, found.v


def compare_escalc(dataset: Dataset) -> Iterator[Pair]:
    variants: dict[str, dict[str, Any]] = {
        "PR_add0": {"zero_cells": "none"},
        "PR_UB_add0": {"zero_cells": "none", "variance": "UB"},
        "PR_AV_add0": {"zero_cells": "none", "variance": "AV"},
        "PLO_all": {"zero_cells": "all"},
        "PLN_all": {"zero_cells": "all"},
        "PLO_if0all": {"zero_cells": "if0all"},
        "PLO_AV": {"variance": "AV"},
    }
    for name, golden in dataset["escalc"].items():
        found = compute_effects(*used(dataset), measure=name[:3].rstrip("_"), **variants.get(name, {}))
        yield from pairs(name, found.y, golden["yi"])
        yield from pairs(name, found.v, golden["vi"])


Row = tuple[str, str, str, Model, dict[str, Any], dict[str, Any]]
FITTED: dict[str, list[Row]] = {}


def models(dataset: Dataset) -> list[Row]:
    """Return every model of ours that the golden file has: measure, method, test, model, its golden values."""
    if dataset["id"] not in FITTED:
        FITTED[dataset["id"]] = list(fit_models(dataset))
    return FITTED[dataset["id"]]


def fit_models(dataset: Dataset) -> Iterator[Row]:
    for measure, methods in dataset["rma"].items():
        y, v = effects(dataset, measure)
        for method, golden in methods.items():
            if method not in METHODS:
                continue
            for test in ("z", "t", "knha", "adhoc"):
                if test in golden:
                    yield measure, method, test, fit_model(y, v, method=method, test=test), golden, golden[test]


def compare_tau2(dataset: Dataset, *names: str) -> Iterator[Pair]:
    for measure, method, test, model, golden, _ in models(dataset):
        if test != "z" or method not in names:
            continue
        yield from pairs(f"{measure} {method}", model.tau2, golden["tau2"])


def compare_heterogeneity(dataset: Dataset) -> Iterator[Pair]:
    for measure, method, test, model, golden, _ in models(dataset):
        if test != "z":
            continue
        where = f"{measure} {method}"
        # R stops tau2 at an absolute 1e-13, which is coarse where variances are below 1e-8.
        if model.k > 1 and model.typical_variance > 1e-6:
            yield from pairs(
                where, [model.i2, model.h2, model.typical_variance], [golden[g] for g in ("I2", "H2", "vt")]
            )
        yield from pairs(where, [model.q, model.q_p], [golden["QE"], golden["QEp"]])
        yield from pairs(where + " se", model.tau2_se, golden["se_tau2"])


def compare_likelihoods(dataset: Dataset) -> Iterator[Pair]:
    for measure, method, test, model, golden, _ in models(dataset):
        if test == "z":
            ours = [model.log_likelihood, model.log_likelihood_restricted]
            yield from pairs(f"{measure} {method}", ours, [golden["logLik_ml"], golden["logLik_reml"]])


def compare_estimates(dataset: Dataset, *tests: str) -> Iterator[Pair]:
    for measure, method, test, model, _, golden in models(dataset):
        if test not in tests:
            continue
        where = f"{measure} {method} {test}"
        ours = [model.beta, model.se, *model.ci]
        yield from pairs(where, ours, [golden[name] for name in ("beta", "se", "ci_lb", "ci_ub")])
        if abs(model.beta) > 1e-12:
            yield from pairs(where, [model.coefficients[0].p], [golden["pval"]])
        total = representative_total(used(dataset)[1]) if measure == "PFT" else None
        expected = np.clip([golden["p"], *golden["p_ci"]], 0, 1)
        yield from pairs(where, back_transform([model.beta, *model.ci], measure, total=total), expected)


def compare_back_transformation(dataset: Dataset) -> Iterator[Pair]:
    for measure, method, test, model, _, golden in models(dataset):
        if measure != "PFT" or "p_by_n" not in golden:
            continue
        for rule, expected in golden["p_by_n"].items():
            total = representative_total(used(dataset)[1], rule.replace("_", "-"), variance=model.se**2)
            yield from pairs(f"{method} {test} {rule}", back_transform(model.beta, "PFT", total=total), expected)


def compare_predictions(dataset: Dataset) -> Iterator[Pair]:
    for measure, method, test, model, _, golden in models(dataset):
        if method == "EE" or model.k < 3:
            continue
        y, v = effects(dataset, measure)
        variant = {"z": "normal", "t": "t", "knha": "HK", "adhoc": "adhoc"}[test]
        found = predict(y, v, model, variant=variant)
        yield from pairs(f"{measure} {method} {variant}", found.limits, [golden["pi_lb"], golden["pi_ub"]])
        if test in ("z", "knha"):
            variant = {"z": "HTS", "knha": "HK-PR"}[test]
            found = predict(y, v, model, variant=variant)
            yield from pairs(
                f"{measure} {method} {variant}", found.limits, [golden["pi_riley_lb"], golden["pi_riley_ub"]]
            )


def compare_prediction_packages(dataset: Dataset) -> Iterator[Pair]:
    """Kenward-Roger and Sidik-Jonkman, from packages that stop REML at 1e-5 or so."""
    y, v = effects(dataset, "PLO")
    if len(y) < 3:
        return
    model = fit_model(y, v, method="REML")
    for variant in ("V", "HTS", "HK", "HK-PR", "KR", "KR-PR", "S"):
        golden = dataset["metaprop"].get(f"Inverse_PLOGIT_REML_predict_{variant}", {}).get("predict")
        found = predict(y, v, model, variant={"V": "t", "S": "normal"}.get(variant, variant))
        if golden and golden["lower"] is not None and found.limits:
            yield from pairs(f"meta {variant}", found.limits, [golden["lower"], golden["upper"]])
    for name, variant in (("HK", "adhoc-PR"), ("SJ", "SJ"), ("KR", "KR-PR"), ("APX", "HTS")):
        golden = dataset.get("pimeta", {}).get(name, {}).get("pi")
        found = predict(y, v, model, variant=variant)
        if golden and found.limits:
            yield from pairs(f"pimeta {name}", found.limits, golden)


def compare_tau2_intervals(dataset: Dataset, *names: str) -> Iterator[Pair]:
    for measure, methods in dataset["rma"].items():
        if "confint" not in methods:
            continue
        batch = make_batch(*effects(dataset, measure))
        for name in names:
            golden = methods["confint"].get(name)
            if not golden or "error" in golden:
                continue
            found = interval_tau2(batch, method=name.replace("_", "-"))
            assert found is not None
            upper = golden["ub_sign"] != ">"
            fine = typical_variance(batch) > 1e-6  # As in compare_heterogeneity.
            shares = (("tau", found.tau), ("I2", found.i2), ("H2", found.h2)) if fine else ()
            for key, ours in (("tau2", found.tau2), *shares):
                yield from pairs(f"{measure} {name} {key} lower", ours[0], golden[key][1])
                if upper:
                    yield from pairs(f"{measure} {name} {key} upper", ours[1], golden[key][2])


def compare_i2_intervals(dataset: Dataset) -> Iterator[Pair]:
    for name, golden in dataset["metaprop"].items():
        if not name.startswith("Inverse_") or "error" in golden or golden["I2_ci"][0] is None:
            continue
        q, df = np.ravel(golden["Q"])[0], np.ravel(golden["df_Q"])[0]
        found = interval_i2(float(q), int(df))
        assert found is not None
        yield from pairs(name, found, [100 * limit for limit in golden["I2_ci"]])


def compare_regression(where: str, found: Model, golden: dict[str, Any]) -> Iterator[Pair]:
    coefficients = found.coefficients
    yield from pairs(where + " beta", [c.estimate for c in coefficients], golden["beta"])
    yield from pairs(where + " se", [c.se for c in coefficients], golden["se"])
    yield from pairs(where + " ci", [c.ci_low for c in coefficients], golden["ci_lb"])
    yield from pairs(where + " ci", [c.ci_high for c in coefficients], golden["ci_ub"])
    names = ("tau2", "I2", "H2", "vt", "QE", "QEp", "logLik_ml", "logLik_reml")
    ours = [found.tau2, found.i2, found.h2, found.typical_variance, found.q, found.q_p]
    ours += [found.log_likelihood, found.log_likelihood_restricted]
    if found.q_df > 0:
        yield from pairs(where + " fit", ours, [golden[name] for name in names])
    if found.moderators_test:
        yield from pairs(where + " QM", found.moderators_test.statistic, golden["QM"])
        yield from pairs(where + " QMp", found.moderators_test.p, golden["QMp"])


def compare_metaregression(dataset: Dataset) -> Iterator[Pair]:
    for measure, methods in (dataset["moderators"] or {}).get("metareg", {}).items():
        y, v = effects(dataset, measure)
        for method, tests in methods.items():
            for test, golden in tests.items():
                if "error" in golden:
                    continue
                found = regress(y, v, {"x": column(dataset, "mod")}, method=method, test=test, centre=True)
                yield from compare_regression(f"{measure} {method} {test}", found.model, golden)
                if found.r2 is not None:
                    yield from pairs("R2", found.r2, golden["R2"])


def compare_common_subgroups(dataset: Dataset) -> Iterator[Pair]:
    block = dataset["moderators"] or {}
    for measure, methods in block.get("subgroup_common_tau2", {}).items():
        y, v = effects(dataset, measure)
        groups, levels = column(dataset, "group"), block["group_levels"]
        for method, tests in methods.items():
            for test, golden in tests.items():
                if "error" in golden:
                    continue
                columns = code_levels(groups, reference=levels[0])
                ordered = {level: columns[level] for level in levels[1:]}
                found = regress(y, v, ordered, method=method, test=test)
                yield from compare_regression(f"{measure} {method} {test}", found.model, golden)
                shared = compare_subgroups(y, v, groups, method=method, test=test, common_tau2=True)
                first = next(group for group in shared.groups if group.name == levels[0])
                ours = [first.beta, first.se, first.ci_low, first.ci_high]
                yield from pairs("group", ours, [golden[name][0] for name in ("beta", "se", "ci_lb", "ci_ub")])
                if shared.between:
                    yield from pairs("between", shared.between.statistic, golden["QM"])


def compare_separate_subgroups(dataset: Dataset) -> Iterator[Pair]:
    block = dataset["moderators"] or {}
    for measure, methods in block.get("subgroup_separate_tau2", {}).items():
        y, v = effects(dataset, measure)
        for method, golden in methods.items():
            if "error" in golden:
                continue
            found = compare_subgroups(y, v, column(dataset, "group"), method=method)
            theirs = sorted(zip(golden["k"], golden["beta"], golden["se"], golden["tau2"], strict=True))
            ours = sorted((group.k, group.beta, group.se, group.tau2) for group in found.groups)
            yield from pairs(f"{measure} {method}", np.ravel(ours), np.ravel(theirs))
            assert found.between is not None
            yield from pairs(f"{measure} {method} Q", found.between.statistic, golden["Q_between"])
            yield from pairs(f"{measure} {method} p", found.between.p, golden["p"])


def compare_permutations(dataset: Dataset) -> Iterator[Pair]:
    golden = (dataset["moderators"] or {}).get("permutest_PLO_REML")
    if golden:
        y, v = effects(dataset, "PLO")
        levels = dataset["moderators"]["group_levels"]
        columns = code_levels(column(dataset, "group"), reference=levels[0])
        found = permute(y, v, columns)
        assert found.exact
        yield from pairs("p", found.p, golden["pval"])
        yield from pairs("QMp", found.omnibus_p, golden["QMp"])


def compare_refits(dataset: Dataset) -> Iterator[Pair]:
    block = dataset.get("sensitivity") or {}
    for measure in ("PLO", "PFT"):
        if measure not in block:
            continue
        y, v = effects(dataset, measure)
        for method, tests in block[measure].items():
            for test, golden in tests.items():
                rank = {row: i for i, row in enumerate(block["cumulative_order"])}
                order = [rank[i + 1] for i in range(len(y))]
                for name, found in (
                    ("leave_one_out", leave_one_out(y, v, method=method, test=test)),
                    ("cumulative", cumulate(y, v, order, method=method, test=test)),
                ):
                    assert len(found) == len(golden[name])
                    for ours, theirs in zip(found, golden[name], strict=True):
                        if "warnings" in theirs or "error" in theirs:
                            continue
                        values = [ours.beta, ours.se, ours.ci_low, ours.ci_high, ours.tau2, ours.i2, ours.q]
                        keys = ("beta", "se", "ci_lb", "ci_ub", "tau2", "I2", "QE")
                        where = f"{measure} {method} {test} {name} {ours.study}"
                        yield from pairs(where, values, [theirs[key] for key in keys])


def compare_influence(dataset: Dataset) -> Iterator[Pair]:
    golden = (dataset.get("sensitivity") or {}).get("influence_PLO_REML")
    if golden and "error" not in golden:
        found = measure_influence(*effects(dataset, "PLO"))
        names = {"rstudent": "rstudent", "dffits": "dffits", "cook": "cook_d", "covariance_ratio": "cov_r"}
        names |= {"tau2": "tau2_del", "q": "QE_del", "hat": "hat"}
        for ours, theirs in names.items():
            yield from pairs(ours, [getattr(row, ours) for row in found], golden[theirs])


def compare_small_study_regressions(dataset: Dataset) -> Iterator[Pair]:
    predictors = {
        "sei": "se",
        "vi": "variance",
        "ninv": "inverse-total",
        "sqrtninv": "root-inverse-total",
        "ni": "total",
    }
    for measure, block in ((dataset.get("sensitivity") or {}).get("regtest") or {}).items():
        y, v = effects(dataset, measure)
        for name, kinds in block.items():
            for kind, golden in kinds.items():
                found = regress_on_precision(
                    y, v, used(dataset)[1], measure=measure, predictor=predictors[name], model=kind
                )
                if golden.get("error") == "Model matrix not of full rank. Cannot fit model.":
                    continue  # R takes 1 / n of huge studies for a constant; ours does not.
                if "error" in golden or "warnings" in golden:
                    assert found.statistic is None
                    assert "POOL-131" in [finding.code for finding in found.findings]
                    continue
                where = f"{measure} {name} {kind}"
                yield from pairs(where, [found.statistic, found.p], [golden["stat"], golden["pval"]])
                if found.limit is not None:
                    yield from pairs(
                        where, [found.limit, *(found.limit_ci or ())], [golden["limit_est"], *golden["limit_ci"]]
                    )


def compare_rank_tests(dataset: Dataset) -> Iterator[Pair]:
    for measure, golden in ((dataset.get("sensitivity") or {}).get("ranktest") or {}).items():
        if golden.get("tau") is None:
            continue
        found = correlate_ranks(*effects(dataset, measure), measure=measure)
        yield from pairs(measure, [found.tau, found.p], [golden["tau"], golden["pval"]])


def compare_trim_and_fill(dataset: Dataset, *names: str) -> Iterator[Pair]:
    for measure, methods in ((dataset.get("sensitivity") or {}).get("trimfill") or {}).items():
        for method, estimators in methods.items():
            for estimator, golden in estimators.items():
                if method not in names:
                    continue
                if dataset["id"] == "e08_extreme_het":
                    continue  # Its five studies mirror each other, so that R's last bit decides what is missing.
                found = trim_and_fill(*effects(dataset, measure), method=method, estimator=estimator)
                if "error" in golden:
                    continue
                where = f"{measure} {method} {estimator}"
                yield from pairs(where + " k0", found.filled, golden["k0"])
                assert found.ci is not None
                values = [found.beta, found.se, *found.ci, *found.filled_y]
                expected = [golden[name] for name in ("beta", "se", "ci_lb", "ci_ub")] + golden["filled_yi"]
                yield from pairs(where, values, expected)


def by_tau2_method(*names: str) -> Callable[[Dataset], Iterator[Pair]]:
    return lambda dataset: compare_tau2(dataset, *names)


def by_test(*names: str) -> Callable[[Dataset], Iterator[Pair]]:
    return lambda dataset: compare_estimates(dataset, *names)


def by_interval(*names: str) -> Callable[[Dataset], Iterator[Pair]]:
    return lambda dataset: compare_tau2_intervals(dataset, *names)


def by_filling(*names: str) -> Callable[[Dataset], Iterator[Pair]]:
    return lambda dataset: compare_trim_and_fill(dataset, *names)


#: Quantity, comparison, tolerance. Closed forms agree to rounding; iterative ones as far as R iterated.
QUANTITIES: dict[str, tuple[Callable[[Dataset], Iterator[Pair]], float]] = {
    "effect sizes and variances": (compare_escalc, 1e-10),
    "tau2 DL, HE, HS, HSk, SJ": (by_tau2_method("DL", "HE", "HS", "HSk", "SJ"), 1e-10),
    "tau2 ML, REML, EB, PM, PMM": (by_tau2_method("ML", "REML", "EB", "PM", "PMM"), 1e-8),
    "Q, I2, H2, typical variance, se of tau2": (compare_heterogeneity, 1e-7),
    "log-likelihoods": (compare_likelihoods, 1e-7),
    "estimate, se, interval, p, proportion: z and t": (by_test("z", "t"), 1e-7),
    "estimate, se, interval, p, proportion: knha and adhoc": (by_test("knha", "adhoc"), 1e-7),
    "Freeman-Tukey by each total": (compare_back_transformation, 1e-8),
    "prediction intervals: normal, t, HTS, HK, HK-PR, adhoc": (compare_predictions, 1e-7),
    "prediction intervals of meta and pimeta: also SJ, KR, KR-PR": (compare_prediction_packages, 2e-5),
    "tau2 by Q-profile, with I2 and H2": (by_interval("QP"), 1e-7),
    "tau2 by profile likelihood, with I2 and H2": (by_interval("PL_ML", "PL_REML"), 1e-6),
    "I2 by Higgins and Thompson's test-based interval": (compare_i2_intervals, 1e-9),
    "meta-regression": (compare_metaregression, 1e-7),
    "subgroups with a common tau2": (compare_common_subgroups, 1e-7),
    "subgroups with separate tau2": (compare_separate_subgroups, 1e-6),
    "permutation tests": (compare_permutations, 1e-12),
    "leave-one-out and cumulative": (compare_refits, 1e-6),
    "influence": (compare_influence, 1e-6),
    "small-study regressions": (compare_small_study_regressions, 1e-6),
    "rank tests": (compare_rank_tests, 1e-9),
    "trim and fill EE, DL": (by_filling("EE", "DL"), 1e-10),
    "trim and fill REML, whose tau2 R stops at 1e-5": (by_filling("REML"), 1e-3),
}


def measure_errors(datasets: list[Dataset], quantity: str) -> tuple[int, float, str]:
    """Return how many values were compared, the largest error and where it is."""
    compare, _ = QUANTITIES[quantity]
    count, worst, place = 0, 0.0, ""
    for dataset in datasets:
        for pair in compare(dataset):
            count += 1
            error = abs(pair.found - pair.expected) / max(1.0, abs(pair.expected))
            if not error <= worst:
                worst, place = error, f"{dataset['id']}: {pair.where}: {pair.found!r} for {pair.expected!r}"
    return count, worst, place


@pytest.fixture(scope="module")
def datasets(shared: Path) -> list[Dataset]:
    return list(json.loads((shared / "data/stats/golden_dev.json").read_text())["datasets"])


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_quantity_equals_r(quantity: str, datasets: list[Dataset]) -> None:
    count, worst, place = measure_errors(datasets, quantity)
    assert count > 10
    assert worst <= QUANTITIES[quantity][1], place


def test_no_golden_number_is_not_a_number_of_ours(datasets: list[Dataset]) -> None:
    for dataset in datasets:
        for _, _, _, model, _, _ in models(dataset):
            numbers = [
                model.beta,
                model.se,
                *model.ci,
                model.tau2,
                model.i2,
                model.h2,
                model.q,
                model.q_p,
                *model.weights,
            ]
            assert np.isfinite(numbers).all()


def test_studies_without_patients_are_refused_as_r_does(datasets: list[Dataset]) -> None:
    dataset = next(dataset for dataset in datasets if dataset.get("raw_rows_error"))
    with pytest.raises(PoolError, match="no one was looked at"):
        compute_effects(dataset["x"], dataset["n"])


if __name__ == "__main__":
    folder = Path(os.environ.get("REVIEW_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    data = json.loads((folder / "data/stats/golden_dev.json").read_text())["datasets"]
    sys.stdout.write(f"{'quantity':62} {'n':>6} {'largest error':>14} {'tolerance':>10}\n")
    for name, (_, tolerance) in QUANTITIES.items():
        compared, largest, _ = measure_errors(data, name)
        sys.stdout.write(f"{name:62} {compared:6d} {largest:14.1e} {tolerance:10.0e}\n")
