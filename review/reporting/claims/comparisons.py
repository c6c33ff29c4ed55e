"""P values of two proportions: `4 of 8 against 1 of 9 (Fisher's exact test, P = 0.13)`.

Only a sentence with exactly two counts over totals, one P and the name of the test is judged. P is computed by that test in every usual way; it is wrong only if none
gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from review.reporting.claims.judgement import Judgement
from review.reporting.claims.judgement import Verdict
from review.reporting.claims.judgement import wrong
from review.reporting.claims.printed import COUNT
from review.reporting.claims.printed import read_count
from review.reporting.claims.sentences import Sentence
from review.reporting.claims.significance import P
from review.reporting.claims.significance import Probability
from review.reporting.claims.significance import print_p

_RATIO = re.compile(
    rf"(?P<n>{COUNT})(?:\s?/\s?(?P<N1>\d{{1,6}})(?![\d/.]|\s?/)|\s+(?:out\s+)?of\s+(?:the\s+)?(?P<N2>{COUNT}))",
    re.IGNORECASE,
)
_P = re.compile(P)
_FISHER = re.compile(r"\bFisher", re.IGNORECASE)
_CHI = re.compile(r"\b(?:chi\s?-?\s?squared?|chi-?2|chi\^2)\b|χ", re.IGNORECASE)
#: Another design or model, whose P does not follow from four numbers.
_OTHER = re.compile(r"\b(?:McNemar|paired|Mantel|stratified|adjusted|logistic|regression|trend|Bonferroni|GEE|mixed|log-?rank|three|Wilcoxon|Mann|Kruskal|Bayes\w*|weighted)\b", re.IGNORECASE)  # fmt: skip
#: Larger tables are not computed exactly: Fisher's test of them takes long, and nobody uses it there.
_LARGEST = 20_000


def judge_comparisons(sentence: Sentence) -> Iterator[Judgement]:
    """Judge the P of a sentence that compares two proportions by a named test."""
    text = sentence.text
    is_fisher, is_chi = bool(_FISHER.search(text)), bool(_CHI.search(text))
    if not (is_fisher or is_chi) or _OTHER.search(text):
        return
    ratios, probabilities = list(_RATIO.finditer(text)), list(_P.finditer(text))
    if len(ratios) != 2 or len(probabilities) != 1:
        return
    table = []
    for ratio in ratios:
        events, total = read_count(ratio.group("n")), read_count(ratio.group("N1") or ratio.group("N2"))
        if not 0 <= events <= total or not 0 < total <= _LARGEST:
            return
        table += [events, total]
    p = Probability.read(probabilities[0])
    start, end = ratios[0].start(), max(ratios[1].end(), probabilities[0].end())
    verdict = judge_table(tuple(table), p, fisher=is_fisher, chi=is_chi)  # type: ignore[arg-type]
    yield Judgement("comparison", sentence.start + min(start, probabilities[0].start()), sentence.start + end, verdict)


def judge_table(table: tuple[int, int, int, int], p: Probability, *, fisher: bool, chi: bool) -> Verdict:
    """Judge a P by events and total of two groups and the tests that the text names."""
    if not p.is_possible:
        return wrong("CLAIM-015", "a P from 0 to 1")
    possible = [*(compute_fisher(*table) if fisher else ()), *(compute_chi_squared(*table) if chi else ())]
    if not possible:
        return Verdict("unverifiable")
    if any(p.fits(value, value) for value in possible):
        return Verdict("verified")
    return wrong("CLAIM-015", f"P = {print_p(possible[0])}")


@lru_cache(maxsize=256)
def compute_fisher(a: int, m: int, b: int, n: int) -> tuple[float, ...]:
    """Compute Fisher's exact P of a of m against b of n: two-sided, one-sided both ways, twice the smaller, and with mid-P."""
    import numpy as np
    from scipy import stats

    table = np.array([[a, m - a], [b, n - b]])
    two = float(stats.fisher_exact(table).pvalue)
    less = float(stats.fisher_exact(table, alternative="less").pvalue)
    greater = float(stats.fisher_exact(table, alternative="greater").pvalue)
    observed = float(stats.hypergeom.pmf(a, m + n, a + b, m))
    doubled = min(1.0, 2 * min(less, greater))
    return (
        two,
        less,
        greater,
        doubled,
        max(two - observed / 2, 0.0),
        min(1.0, max(2 * min(less, greater) - observed, 0.0)),
    )


@lru_cache(maxsize=256)
def compute_chi_squared(a: int, m: int, b: int, n: int) -> tuple[float, ...]:
    """Compute the chi-squared P without and with Yates' correction, and by likelihood ratio, two- and one-sided; none where a margin is empty."""
    from scipy import stats

    if a + b in {0, m + n}:
        return ()
    table = [[a, m - a], [b, n - b]]
    two = [
        float(stats.chi2_contingency(table, correction=False).pvalue),
        float(stats.chi2_contingency(table, correction=True).pvalue),
        float(stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").pvalue),
    ]
    return (*two, *(value / 2 for value in two))
