"""Exact answers against R where the shared folder is present, and against counting by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import fisher_exact
from scipy.stats import hypergeom

from review.errors import PoolError
from review.pooling.exact import check_homogeneity
from review.pooling.exact import compare_groups
from review.pooling.exact import count_pooled
from review.pooling.exact import estimate_cluster_robust
from review.pooling.firth import fit_firth
from review.pooling.firth import fit_firth_common


@pytest.fixture(scope="module")
def datasets(shared: Path) -> list[dict]:
    return json.loads((shared / "data/stats/golden_dev.json").read_text())["datasets"]


def counts(data: dict) -> tuple[np.ndarray, np.ndarray]:
    rows = [row - 1 for row in data["used_rows"]]
    return np.array(data["x"])[rows], np.array(data["n"])[rows]


def test_firth_of_a_common_proportion_equals_r(datasets: list[dict]) -> None:
    for data in datasets:
        x, n = counts(data)
        expected = data["models"]["firth_common"]
        # Closed form against an iterative fit that stopped at 1e-10.
        found = fit_firth_common(int(x.sum()), int(n.sum()))
        assert found == pytest.approx((expected["beta"], expected["se"]), rel=1e-9, abs=1e-9)


def test_homogeneity_equals_r(datasets: list[dict]) -> None:
    for data in datasets:
        x, n = counts(data)
        expected = data["exact"]
        if x.size < 2:
            with pytest.raises(PoolError):
                check_homogeneity(x, n)
            continue
        found, findings = check_homogeneity(x, n)
        # R's network algorithm adds up as many terms: relative 1e-10.
        if "p" in expected["homogeneity_fisher"]:
            assert found.p_exact == pytest.approx(expected["homogeneity_fisher"]["p"], rel=1e-10)
        assert (found.p_exact is None) == ([f.code for f in findings] == ["POOL-159"])
        if found.chi2 is None:
            assert expected["homogeneity_pearson"]["X2"] == "NaN"
        else:
            assert found.chi2 == pytest.approx(expected["homogeneity_pearson"]["X2"], rel=1e-12)
            assert found.p_pearson == pytest.approx(expected["homogeneity_pearson"]["p"], rel=1e-10)
        robust = estimate_cluster_robust(x, n)
        assert robust.se == pytest.approx(expected["cluster_robust"]["se"], abs=1e-14)
        # scipy before 1.17 is good to 6e-12 in the quantile of t.
        assert robust.ci == pytest.approx(expected["cluster_robust"]["ci"], abs=2e-11)
        if robust.ci_logit is not None:
            assert robust.ci_logit == pytest.approx(expected["cluster_robust"]["ci_logit"], abs=2e-11)


def test_two_groups_equal_r(datasets: list[dict]) -> None:
    compared = 0
    for data in datasets:
        expected = data["exact"].get("two_groups")
        if not expected:
            continue
        (a, b), (m, n) = expected["x"], expected["n"]
        found = compare_groups((a, m), (b, n))
        assert found.p_fisher == pytest.approx(expected["fisher_p"], rel=1e-9)
        assert found.p_mid == pytest.approx(expected["fisher_midp"], rel=1e-9)
        # R's fisher.test solves for odds below 1, or their inverse, to 1.2e-4 absolute and no better.
        for ours, theirs in zip(
            (found.odds_ratio, *found.ci), (expected["cond_or"], *expected["cond_or_ci"]), strict=True
        ):
            if ours == (np.inf if theirs == "Inf" else theirs):
                continue
            low, high = sorted((ours, theirs))
            assert min(high - low, 1 / low - 1 / high if low > 0 else np.inf) < 1.3e-4
        compared += 1
    assert compared > 5


def test_conditional_odds_ratio_solves_its_equations() -> None:
    from scipy.stats import nchypergeom_fisher

    found = compare_groups((4, 8), (9, 11))
    assert nchypergeom_fisher.mean(19, 13, 11, found.odds_ratio) == pytest.approx(9, abs=1e-9)
    assert nchypergeom_fisher.sf(8, 19, 13, 11, found.ci[0]) == pytest.approx(0.025, abs=1e-9)
    assert nchypergeom_fisher.cdf(9, 19, 13, 11, found.ci[1]) == pytest.approx(0.025, abs=1e-9)


def test_two_groups_at_the_edge() -> None:
    assert compare_groups((0, 5), (0, 7)).odds_ratio is None
    none = compare_groups((3, 5), (0, 7))
    assert none.odds_ratio == 0.0
    assert none.ci[0] == 0.0
    assert np.isinf(compare_groups((0, 5), (3, 3)).ci[1])
    assert none.p_fisher == pytest.approx(fisher_exact([[0, 7], [3, 2]])[1], rel=1e-10)
    assert none.p_mid == pytest.approx(none.p_fisher - 0.5 * hypergeom.pmf(0, 12, 3, 7), rel=1e-10)
    with pytest.raises(PoolError):
        compare_groups((4, 3), (1, 2))


def test_too_large_a_table_is_said_and_a_small_one_not() -> None:
    sizes = np.array([61, 67, 71, 73, 79, 83, 89, 97])
    found, findings = check_homogeneity(sizes // 2, sizes)
    assert found.p_exact is None
    assert [f.code for f in findings] == ["POOL-159"]
    found, findings = check_homogeneity([1] * 9 + [0] * 10, [1] * 19)
    assert found.p_exact == pytest.approx(1)
    assert findings == ()


def test_counts_added_up() -> None:
    pooled = count_pooled([0, 0], [3, 5])
    assert pooled.ci == pytest.approx((0, 1 - 0.025**0.125))
    assert pooled.bound == pytest.approx(1 - 0.05**0.125)
    assert pooled.firth == pytest.approx(0.5 / 9)
    assert count_pooled([3, 5], [3, 5]).bound == pytest.approx(0.05**0.125)
    assert count_pooled([4, 5], [8, 11]).bound is None


def test_firth_regression_of_one_column_is_the_closed_form() -> None:
    found = fit_firth([0, 0], [3, 5], np.ones((2, 1)))
    beta, se = fit_firth_common(0, 8)
    assert float(found.beta[0]) == pytest.approx(beta, abs=1e-9)
    assert float(found.se[0]) == pytest.approx(se, rel=1e-8)
    assert found.ci[0][0] < beta < found.ci[0][1]


def test_firth_is_finite_where_a_covariate_separates() -> None:
    # A saturated 2 x 2 table: each cell gets one half, so the coefficient is the log odds ratio of 5.5 and 0.5.
    found = fit_firth([0, 5], [5, 5], [[1, 0], [1, 1]])
    assert float(found.beta[1]) == pytest.approx(2 * np.log(5.5 / 0.5), abs=1e-9)
    assert 0 < found.ci[1][0] < found.ci[1][1] < 20
    assert found.p[1] < 0.01
    assert float(expit(found.beta[0])) == pytest.approx(0.5 / 6)


def test_firth_refuses_what_cannot_be_fitted() -> None:
    with pytest.raises(PoolError):
        fit_firth([1, 2], [3, 4], np.ones((2, 2)))
    with pytest.raises(PoolError):
        fit_firth([1, 2], [3, 4], np.ones((3, 1)))
