"""Likelihood and Bayesian models against values from R and exact integrals, quantity by quantity.

Each test checks one table of quantities and prints it: quantity, values compared, largest error, tolerance (`pytest -s`).
Tolerances are those of the golden values where these are as good as they say. Where they are not, the reason stands
beside the wider tolerance, and a test of its own pins our value to an independent integral.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from review.pooling.bayesbeta import pool_beta
from review.pooling.bayescounts import CountTable
from review.pooling.bayesnormal import pool_normal
from review.pooling.betabinomial import compute_mu_profile
from review.pooling.betabinomial import compute_mu_wald
from review.pooling.betabinomial import fit_betabinomial
from review.pooling.betabinomial import predict_beta
from review.pooling.glmm import compute_common
from review.pooling.glmm import compute_homogeneity
from review.pooling.glmm import compute_profile
from review.pooling.glmm import compute_tau2_profile
from review.pooling.glmm import compute_wald
from review.pooling.glmm import fit_glmm
from review.pooling.glmm import predict
from review.pooling.glmm import to_proportions

GLMM_STATUS = {
    "ok": "ok",
    "tau2=0 (boundary)": "boundary",
    "diverges": "diverges",
    "k<2": "single",
    "tau2 not identifiable (all n=1)": "unidentified",
}
BB_STATUS = {
    "ok": "ok",
    "rho=0 (boundary)": "boundary",
    "diverges: ML of mu on the boundary": "diverges",
    "k<2": "single",
    "rho not identifiable (all n=1)": "unidentified",
}


class Ledger:
    """Collects errors by quantity, relative to the expected value where that is larger than 1."""

    def __init__(self, tolerances: dict[str, float]) -> None:
        self.tolerances = tolerances
        self.worst: dict[str, tuple[float, str]] = {}
        self.count: dict[str, int] = {}

    def add(self, quantity: str, found: object, expected: object, where: str) -> None:
        assert (found is None) == (expected is None), (quantity, where, found, expected)
        if found is None:
            return
        a, b = (np.atleast_1d(np.asarray(v, dtype=float)) for v in (found, expected))
        error = float(np.max(np.abs(a - b) / np.maximum(1, np.abs(b))))
        self.count[quantity] = self.count.get(quantity, 0) + a.size
        if not error <= self.worst.get(quantity, (-1.0, ""))[0]:
            self.worst[quantity] = (error, where)

    def close(self) -> None:
        lines = [""]
        for quantity, tolerance in self.tolerances.items():
            error, where = self.worst[quantity]
            lines.append(
                f"{quantity:32} n={self.count[quantity]:5} error {error:8.1e} tolerance {tolerance:7.0e} {where}"
            )
        sys.stdout.write("\n".join(lines) + "\n")
        assert set(self.worst) == set(self.tolerances)
        bad = {q: w for q, w in self.worst.items() if not w[0] <= self.tolerances[q]}
        assert not bad


class Dataset:
    def __init__(self, raw: dict) -> None:
        rows = [row - 1 for row in raw["used_rows"]]
        self.id, self.raw = raw["id"], raw
        self.x = np.array(raw["x"], dtype=float)[rows]
        self.n = np.array(raw["n"], dtype=float)[rows]
        self.rows = rows
        self.models = raw["models"]

    def design(self, kind: str) -> np.ndarray:
        """Intercept and treatment contrasts of the groups, or the centred moderator."""
        if kind == "group":
            group = np.array(self.raw["group"])[self.rows]
            columns = [(group == level).astype(float) for level in self.models["group_levels"][1:]]
        else:
            mod = np.array(self.raw["mod"], dtype=float)[self.rows]
            columns = [mod - mod.mean()]
        return np.column_stack([np.ones(self.x.size), *columns])


@pytest.fixture(scope="module")
def datasets(shared: Path) -> list[Dataset]:
    golden = json.loads((shared / "data/stats/golden_dev.json").read_text())
    return [Dataset(raw) for raw in golden["datasets"]]


def test_random_intercept_model(datasets: list[Dataset]) -> None:
    ledger = Ledger(
        {
            "beta": 1e-6,
            # The golden Hessian is numerical: 2e-4 off where tau is 5.7 (see test_standard_error_at_large_tau).
            "se": 1e-6,
            "se at tau > 5": 1e-3,
            "tau2": 1e-6,
            "se_tau2": 1e-6,
            "logLik": 1e-9,
            "logLik at tau2 = 0": 1e-9,
            "profile limits": 1e-5,
            "tau2 profile limits": 1e-5,
            "Wald z": 1e-6,
            "Wald t": 1e-6,
            "prediction, normal": 1e-7,
            "prediction, t(k-2)": 1e-7,
            "marginal proportion": 1e-7,
            "likelihood ratio for tau2": 1e-8,
            "p of likelihood ratio": 1e-8,
            "likelihood-ratio Q": 1e-8,
            "unidentified: beta, se": 1e-8,
        }
    )
    for data in datasets:
        expected = data.models["exact_ml"]
        fit = fit_glmm(data.x, data.n)
        assert fit.status == GLMM_STATUS[expected["status"]], data.id
        if fit.status == "unidentified":
            found = (fit.beta[0], fit.se[0], fit.log_likelihood)
            wanted = tuple(expected[key] for key in ("beta_at_tau0", "se_at_tau0", "logLik"))
            ledger.add("unidentified: beta, se", found, wanted, data.id)
        if fit.status not in {"ok", "boundary"}:
            assert fit.findings
            continue
        steep = fit.tau2 > 25
        ledger.add("beta", fit.beta[0], expected["beta"], data.id)
        ledger.add("se at tau > 5" if steep else "se", fit.se[0], expected["se"], data.id)
        ledger.add("tau2", fit.tau2, expected["tau2"], data.id)
        ledger.add("se_tau2", fit.se_tau2, expected["se_tau2"], data.id)
        ledger.add("logLik", fit.log_likelihood, expected["logLik"], data.id)
        ledger.add("logLik at tau2 = 0", fit.log_likelihood_tau0, expected["logLik_tau0"], data.id)
        ledger.add("profile limits", compute_profile(fit)[0], expected["ci_profile"], data.id)
        ledger.add("tau2 profile limits", compute_tau2_profile(fit)[0], expected["tau2_ci_profile"], data.id)
        if not steep:
            ledger.add("Wald z", compute_wald(fit), expected["ci_wald"], data.id)
            ledger.add("Wald t", compute_wald(fit, test="t"), expected["ci_wald_t_kminus1"], data.id)
        new = predict(fit, kind="normal")
        assert new is not None
        ledger.add("prediction, normal", to_proportions(new), expected["p_pi_normal"], data.id)
        new = predict(fit)
        ledger.add("prediction, t(k-2)", new and to_proportions(new), expected["p_pi_HTS_t_kminus2"], data.id)
        ledger.add("marginal proportion", fit.marginal, expected["p_marginal"], data.id)
        ledger.add("likelihood ratio for tau2", fit.lrt[0], expected["lrt_tau2"], data.id)
        ledger.add("p of likelihood ratio", fit.lrt[1], expected["lrt_tau2_p_half_chi2"], data.id)
        common = data.models["rma.glmm_EE"]
        ledger.add("likelihood-ratio Q", compute_homogeneity(data.x, data.n)[0], common["QE_LRT"], data.id)
        assert compute_common(data.x, data.n)[0] == pytest.approx(common["beta"][0], abs=1e-8)
    ledger.close()


def test_random_intercept_model_with_covariates(datasets: list[Dataset]) -> None:
    ledger = Ledger({"beta": 1e-6, "se": 1e-6, "tau2": 1e-6, "logLik": 1e-9, "likelihood ratio": 1e-8})
    for data in datasets:
        for kind in ("group", "mod"):
            expected = data.models.get(f"exact_ml_{kind}")
            if expected is None:
                continue
            fit = fit_glmm(data.x, data.n, data.design(kind))
            assert fit.status == GLMM_STATUS[expected["status"]], data.id
            ledger.add("beta", fit.beta, expected["beta"], data.id)
            if fit.status == "unidentified":
                continue
            ledger.add("se", fit.se, expected["se"], data.id)
            ledger.add("tau2", fit.tau2, expected["tau2"], data.id)
            ledger.add("logLik", fit.log_likelihood, expected["logLik"], data.id)
            null = fit_glmm(data.x, data.n)
            ledger.add("likelihood ratio", 2 * (fit.log_likelihood - null.log_likelihood), expected["LRT"], data.id)
    ledger.close()


def _each_subset(data: Dataset) -> Iterator[tuple[np.ndarray, np.ndarray, dict, str]]:
    golden = data.raw.get("one_stage_sensitivity")
    if not golden:
        return
    order = [row - 1 for row in golden["cumulative_order"]]
    for i, expected in enumerate(golden["leave_one_out"]):
        keep = np.arange(data.x.size) != i
        yield data.x[keep], data.n[keep], expected, f"{data.id} without {i}"
    for i, expected in enumerate(golden["cumulative"]):
        keep = order[: i + 1]
        yield data.x[keep], data.n[keep], expected, f"{data.id} first {i + 1}"


def test_leave_one_out_and_cumulative(datasets: list[Dataset]) -> None:
    ledger = Ledger(
        {
            "beta": 1e-6,
            "tau2": 1e-6,
            "logLik": 1e-8,
            "profile limits": 1e-5,
            "mu": 1e-6,
            "rho": 1e-6,
            "mu profile limits": 1e-6,
        }
    )
    for data in datasets:
        for x, n, expected, where in _each_subset(data):
            fit = fit_glmm(x, n)
            if "error" in expected:
                # Where the reference stopped the likelihood rises for ever with tau2.
                assert fit.status == "diverges", where
                assert [f.code for f in fit.findings if f.code == "POOL-156"], where
                continue
            assert fit.status == GLMM_STATUS[expected["status"]], where
            if fit.status in {"ok", "boundary"}:
                ledger.add("beta", fit.beta[0], expected["beta"], where)
                ledger.add("tau2", fit.tau2, expected["tau2"], where)
                ledger.add("logLik", fit.log_likelihood, expected["logLik"], where)
                limits = to_proportions(compute_profile(fit)[0])
                ledger.add("profile limits", limits, expected["p_ci_profile"], where)
            beta = fit_betabinomial(x, n)
            assert beta.status == BB_STATUS[expected["bb_status"]], where
            if beta.status in {"ok", "boundary"}:
                ledger.add("mu", beta.mu, expected["bb_mu"], where)
                ledger.add("rho", beta.rho, expected["bb_rho"], where)
                ledger.add("mu profile limits", compute_mu_profile(beta), expected["bb_ci_profile"], where)
    ledger.close()


def test_betabinomial_model(datasets: list[Dataset]) -> None:
    ledger = Ledger(
        {
            "mu": 1e-8,
            "rho": 1e-8,
            # As for the random-intercept model, the golden Hessian is 1e-4 off in the one data set of extreme spread.
            "se of logit mu": 1e-3,
            "Wald": 1e-4,
            "logLik": 1e-9,
            "profile limits": 1e-8,
            "likelihood ratio": 1e-8,
            "p of likelihood ratio": 1e-8,
            "beta quantiles": 1e-8,
        }
    )
    for data in datasets:
        expected = data.models["beta_binomial"]
        fit = fit_betabinomial(data.x, data.n)
        assert fit.status == BB_STATUS[expected["status"]], data.id
        ledger.add("mu", fit.mu, expected["mu"], data.id)
        if "logLik" in expected:
            ledger.add("logLik", fit.log_likelihood, expected["logLik"], data.id)
        if fit.status not in {"ok", "boundary"}:
            assert fit.findings
            continue
        ledger.add("rho", fit.rho, expected["rho"], data.id)
        ledger.add("se of logit mu", fit.se_logit, expected["se_logit_mu"], data.id)
        ledger.add("Wald", compute_mu_wald(fit), expected["ci_wald"], data.id)
        ledger.add("profile limits", compute_mu_profile(fit), expected["ci_profile"], data.id)
        ledger.add("likelihood ratio", fit.lrt[0], expected["lrt_rho"], data.id)
        ledger.add("p of likelihood ratio", fit.lrt[1], expected["lrt_rho_p_half_chi2"], data.id)
        ledger.add("beta quantiles", predict_beta(fit), expected["plug_in_beta_quantiles_2.5_97.5"], data.id)
    ledger.close()


def test_normal_normal_posterior(datasets: list[Dataset]) -> None:
    quantities = ("mean", "sd", "median", "ci")
    tolerances = {f"mu {q}": 1e-9 for q in quantities} | {f"tau {q}": 1e-9 for q in ("mean", "median", "ci")}
    ledger = Ledger(
        tolerances | {"prediction median": 1e-9, "prediction ci": 1e-9, "log marginal": 1e-9, "bayesmeta": 2e-3}
    )
    for data in datasets:
        golden = data.raw.get("bayes")
        if not golden:
            continue
        scale = data.raw["escalc"]["PLO"]
        for prior, expected in golden["normal_normal"].items():
            found = pool_normal(scale["yi"], scale["vi"], prior=prior)
            where = f"{data.id} {prior}"
            for q in quantities:
                ledger.add(f"mu {q}", getattr(found.mu, q), expected["mu"][q], where)
                if expected["tau"].get(q) is not None:
                    ledger.add(f"tau {q}", getattr(found.tau, q), expected["tau"][q], where)
            ledger.add("prediction median", found.predicted_median, expected["pred"]["median"], where)
            ledger.add("prediction ci", found.predicted_ci, expected["pred"]["ci"], where)
            ledger.add("log marginal", found.log_marginal, expected["log_marginal"], where)
            package = golden.get("bayesmeta", {}).get(prior)
            if package and "error" not in package:
                ledger.add("bayesmeta", found.mu.median, package["mu"]["median"], where)
    ledger.close()


def test_binomial_normal_posterior(datasets: list[Dataset]) -> None:
    ledger = Ledger(
        {
            # The golden quantiles come off a grid: for 4/8 and 5/11 the golden 97.5 % point has 0.9750004 below it.
            "mu mean": 1e-6,
            "mu sd": 1e-5,
            "mu median": 1e-5,
            "mu ci": 1e-5,
            "tau mean": 1e-5,
            "proportion mean": 1e-8,
            "marginal mean": 1e-8,
            "log marginal": 1e-6,
            # The golden predictions treat tau near 0 as steps on the grid of mu (see test_prediction_is_exact).
            "prediction": 5e-3,
        }
    )
    for data in datasets:
        golden = (data.raw.get("bayes") or {}).get("binomial_normal")
        if not golden:
            continue
        table = CountTable(data.x, data.n, list(golden))
        for prior, expected in golden.items():
            found = table.pool(prior)
            if "error" in expected:
                assert np.isfinite([found.mu.mean, *found.predicted_ci]).all()
                continue
            where = f"{data.id} {prior}"
            for q in ("mean", "sd", "median", "ci"):
                ledger.add(f"mu {q}", getattr(found.mu, q), expected["mu"][q], where)
            ledger.add("tau mean", found.tau.mean, expected["tau"]["mean"], where)
            ledger.add("proportion mean", found.proportion_mean, expected["p_mean"], where)
            ledger.add("marginal mean", found.marginal_mean, expected["p_marginal_mean"], where)
            ledger.add("log marginal", found.log_marginal, expected["log_marginal"], where)
            ledger.add("prediction", expit(found.predicted_ci), expected["p_pred_ci"], where)
            ledger.add("prediction", found.predicted_median, expected["pred"]["median"], where)
    ledger.close()


def test_betabinomial_posterior(datasets: list[Dataset]) -> None:
    ledger = Ledger({"mean": 1e-6, "sd": 1e-6, "median": 1e-6, "ci": 1e-6, "rho mean": 1e-6, "log marginal": 1e-6})
    for data in datasets:
        expected = (data.raw.get("bayes") or {}).get("beta_binomial")
        if not expected:
            continue
        found = pool_beta(data.x, data.n)
        if "error" in expected:
            assert np.isfinite([found.mu.mean, *found.mu.ci]).all()
            continue
        for q in ("mean", "sd", "median", "ci"):
            ledger.add(q, getattr(found.mu, q), expected["mu"][q], data.id)
        ledger.add("rho mean", found.rho.mean, expected["rho_mean"], data.id)
        ledger.add("log marginal", found.log_marginal, expected["log_marginal"], data.id)
    ledger.close()
