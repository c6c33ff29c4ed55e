"""P values against scipy's distributions, by other functions than the checker uses."""

from __future__ import annotations

import pytest
from scipy import stats

from review.reporting.claims.comparisons import compute_chi_squared
from review.reporting.claims.comparisons import compute_fisher
from review.reporting.claims.comparisons import judge_comparisons
from review.reporting.claims.sentences import split_sentences
from review.reporting.claims.significance import compute_p
from review.reporting.claims.significance import find_statistics
from review.reporting.claims.significance import judge_statistics


def judge(text: str) -> list[str]:
    (sentence,) = split_sentences(text)
    return [item.verdict.outcome for item in (*judge_statistics(sentence), *judge_comparisons(sentence))]


def test_p_is_that_of_the_distribution() -> None:
    assert compute_p("t", 2.1, (18,)) == pytest.approx(2 * stats.t.sf(2.1, 18), rel=1e-10)
    assert compute_p("F", 4.51, (2, 30)) == pytest.approx(stats.f.sf(4.51, 2, 30), rel=1e-10)
    assert compute_p("chi2", 3.84, (1,)) == pytest.approx(stats.chi2.sf(3.84, 1), rel=1e-10)
    assert compute_p("z", -1.96, ()) == pytest.approx(2 * stats.norm.sf(1.96), rel=1e-10)
    t = 0.45 * (20 / (1 - 0.45**2)) ** 0.5
    assert compute_p("r", 0.45, (20,)) == pytest.approx(2 * stats.t.sf(t, 20), rel=1e-10)
    assert compute_p("r", 1.0, (20,)) == 0


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("It fell, t(18) = 2.10, p = .050.", "verified"),
        ("It fell, t(18) = 2.10, p = .025, one-sided.", "verified"),
        ("It fell, t(18) = 2.1, p = .05.", "verified"),
        ("It fell, t(18) = 2.10, p = .060.", "wrong"),
        ("It fell, t(18) = 2.20, p < .05.", "verified"),
        ("It fell, t(18) = 1.20, p < .05.", "wrong"),
        ("It fell, t(18) = 4.20, p > .05.", "wrong"),
        ("It fell, t(18) = 8.20, p = 0.001.", "verified"),
        ("It fell, t(18) = 8.20, p = 0.000.", "verified"),
        ("It fell, t(18) = 2.10, p = 1.5.", "wrong"),
        ("The groups differed, chi2(1, N = 80) = 3.84, p = .05.", "verified"),
        ("The groups differed, χ(2) = 3.84, p = .05.", "none"),
        ("The fit was r(2) = 0.45, p = .05.", "none"),
        ("It was z = 4.5, p = 6.8 x 10^-6.", "verified"),
        ("It was z = 4.5, p = 6.8e-4.", "wrong"),
        ("The effect was F(2) = 3.1, p = .05.", "none"),
    ],
)
def test_a_p_is_wrong_only_where_no_rounding_and_no_side_gives_it(text: str, outcome: str) -> None:
    assert (judge(text) or ["none"]) == [outcome]


def test_fisher_and_chi_squared_are_those_of_scipy() -> None:
    two, less, greater, *_ = compute_fisher(4, 8, 1, 9)
    table = [[4, 4], [1, 8]]
    assert two == pytest.approx(stats.fisher_exact(table).pvalue)
    assert less + greater > 1
    assert compute_chi_squared(4, 8, 1, 9)[0] == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)
    assert compute_chi_squared(0, 8, 0, 9) == ()


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("It was 4/8 against 1/9 (Fisher's exact test, P = 0.13).", "verified"),
        ("It was 4/8 against 1/9 (Fisher's exact test, P = 0.11).", "verified"),  # one-sided
        ("It was 4/8 against 1/9 (Fisher's exact test, P = 0.31).", "wrong"),
        ("It was 4/8 against 1/9 (chi-squared test, P = 0.08).", "verified"),
        ("It was 4/8 against 1/9 (chi-squared test, P = 0.22).", "verified"),  # with Yates' correction
        ("It was 4/8 against 1/9 (chi-squared test, P = 0.02).", "wrong"),
        ("It was 4/8 against 1/9 (P = 0.02).", "none"),
        ("It was 4/8, 1/9 and 3/7 (Fisher's exact test, P = 0.02).", "none"),
        ("It was 4/8 against 1/9 (McNemar's and Fisher's test, P = 0.02).", "none"),
        ("It was 0/8 against 0/9 (chi-squared test, P = 0.02).", "unverifiable"),
    ],
)
def test_a_comparison_is_judged_by_the_test_that_it_names(text: str, outcome: str) -> None:
    assert (judge(text) or ["none"]) == [outcome]


def test_degrees_of_freedom_may_stand_behind() -> None:
    (sentence,) = split_sentences("Ages were alike (t = 0.84, df = 34, P = 0.407).")
    (statistic,) = find_statistics(sentence)
    assert (statistic.test, statistic.df) == ("t", (34.0,))
