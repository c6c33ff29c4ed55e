"""Planned analyses of counts, numbers, times to an event and comparisons of arms, from sheets to rows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from review.errors import PoolError
from review.marked import parse_marked
from review.pooling.arms import compare_counts
from review.pooling.eventtimes import estimate_shares
from review.pooling.intervalmodel import fit_rows
from review.pooling.means import Group
from review.pooling.means import combine_groups
from review.pooling.means import interval_mean
from review.pooling.measured import MeasuredRow
from review.pooling.models import fit_model
from review.pooling.planned_kinds import is_proportion
from review.pooling.planned_kinds import measure_planned
from review.pooling.rates import interval_rate
from review.protocol import parse_protocol
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import show
from tests.extraction import typed

ANALYSES = """\
analyses:
  pain: {outcome: pain, studies: [s, t]}
  flares: {outcome: flares, studies: [s, t]}
  relapse: {outcome: relapse, studies: [s, t], at: [12, 18, 60]}
  doses: {outcome: healed, studies: [s, t], compare: [high, low]}
  healed: {outcome: healed, studies: [s, t]}
"""
PROTOCOL = make_protocol(typed.PROTOCOL + ANALYSES)

FIRST = typed.SHEET.replace("healed: not reported", "healed: {value: no, source: p}")
SECOND = """\
format: 1
study: t
reports: [{record: pubmed:2, name: p}]
counts:
  - {outcome: healed, arm: high, events: 3, total: 8, definition: as seen, source: p}
  - {outcome: healed, arm: low, events: 1, total: 9, source: p}
summaries:
  - {outcome: pain, arm: high, n: 8, mean: 32, sd: 11, unit: percent, definition: on paper, source: p}
  - {outcome: pain, arm: low, n: 9, mean: 5.0, sd: 2.0, source: p}
  - {outcome: flares, events: 12, person_time: 20, unit: years, source: p}
  - {outcome: relapse, arm: high, n: 8, events: 4, person_time: 90, source: p}
  - {outcome: relapse, arm: low, n: 9, events: 6, person_time: 80, source: p}
"""


def run(name, first=FIRST, second=SECOND, protocol=PROTOCOL):
    from review.extraction.sheet import parse_sheet

    studies = {}
    for key, text in (("s", first), ("t", second)):
        study, findings = parse_sheet(parse_marked(text, f"extraction/studies/{key}.yaml"), protocol)
        assert show(findings) == []
        studies[study.id] = study
    (analysis,) = (item for item in protocol.analyses if item.name == name)
    return measure_planned(analysis, studies, protocol.outcome(analysis.outcome), protocol)


def test_means_come_from_cases_or_summaries():
    result = run("pain")
    first, second = result.rows
    assert (first.basis[0], first.is_from_cases, second.basis[0], second.is_from_cases) == (2, True, 17, False)
    assert first.figures[0].value == 4.75
    # 4.75 +- 12.7062 * 1.767767 / sqrt(2), with the 0.975 quantile of t with one degree of freedom.
    assert first.figures[0].ci == pytest.approx((4.75 - 15.88278, 4.75 + 15.88278), abs=1e-4)
    assert second.figures[0].value == pytest.approx((8 * 3.2 + 9 * 5) / 17)
    assert second.definition == "on paper"
    assert result.together is None
    model = fit_model([first.y, second.y], [first.v, second.v], method="REML", test="knha")
    assert (result.model.figures[0].value, result.model.figures[0].ci, result.tau2) == (
        model.beta,
        model.ci,
        model.tau2,
    )
    assert set(list_codes(result.findings)) == {"POOL-009", "POOL-125", "POOL-155"}


def test_groups_combine_as_if_their_patients_were_one_group():
    rng = np.random.default_rng(3)
    parts = [rng.normal(size=n) for n in (4, 1, 9)]
    groups = [
        Group(len(part), float(part.mean()), float(part.std(ddof=1)) if len(part) > 1 else None) for part in parts
    ]
    whole = np.concatenate(parts)
    combined = combine_groups(groups)
    assert combined.n == 14
    assert (combined.mean, combined.sd) == pytest.approx((whole.mean(), whole.std(ddof=1)), rel=1e-12)
    assert combine_groups([Group(1, 2.0, None)]) == Group(1, 2.0, None)


def test_the_interval_of_a_mean_is_that_of_scipy():
    from scipy.stats import t

    low, high = t.interval(0.95, 11, loc=4.8, scale=1.8 / math.sqrt(12))
    assert interval_mean(Group(12, 4.8, 1.8)) == pytest.approx((low, high), rel=1e-10)
    assert interval_mean(Group(1, 4.8, None)) is None


#: Exact 95% limits of a Poisson count as printed in tables (Garwood 1936; Armitage, Berry and Matthews, table A6); two decimals.
POISSON = [(0, 0.0, 3.69), (1, 0.03, 5.57), (5, 1.62, 11.67), (10, 4.80, 18.39), (20, 12.22, 30.89), (50, 37.11, 65.92)]


@pytest.mark.parametrize(("events", "low", "high"), POISSON)
def test_rates_have_the_exact_limits_of_tables(events, low, high):
    assert interval_rate(events, 1) == pytest.approx((low, high), abs=0.005)
    assert interval_rate(events, 10) == pytest.approx(tuple(end / 10 for end in interval_rate(events, 1)))


@pytest.mark.parametrize(("events", "time", "level"), [(-1, 1, 0.95), (1, 0, 0.95), (1, 1, 95)])
def test_impossible_rates_are_refused(events, time, level):
    with pytest.raises(PoolError):
        interval_rate(events, time, level)


def test_rates_are_per_hundred_of_the_unit_and_add_up():
    result = run("flares")
    assert [row.basis for row in result.rows] == [(5, 36.0), (12, 240.0)]
    assert [row.figures[0].value for row in result.rows] == pytest.approx([500 / 36, 5.0])
    assert result.together.basis == (17, 276.0)
    assert result.together.figures[0].value == pytest.approx(1700 / 276)
    y, v = [math.log(5 / 36), math.log(12 / 240)], [1 / 5, 1 / 12]
    model = fit_model(y, v, method="REML", test="knha")
    assert result.model.figures[0].value == pytest.approx(100 * math.exp(model.beta))
    assert "POOL-009" in list_codes(result.findings)


def test_a_study_without_events_leaves_the_rate_of_all_together():
    result = run("flares", second=SECOND.replace("events: 12, person_time: 20", "events: 0, person_time: 20"))
    assert result.rows[1].figures[0].value == 0
    assert result.together.basis == (5, 276.0)
    assert result.model is None
    assert "POOL-008" in list_codes(result.findings)
    assert "POOL-008" not in list_codes(run("flares").findings)


def test_times_to_an_event_give_rates_and_shares():
    result = run("relapse")
    first, second = result.rows
    assert (first.basis, second.basis) == ((2, 1, 32.0), (17, 10, 170.0))
    rate, by_12, by_18, by_60 = first.figures
    assert rate.value == pytest.approx(100 / 32)
    assert (by_12.value, by_12.ci, by_18.value, by_60.value) == (0.0, None, 0.5, None)
    assert [figure.value for figure in second.figures[1:]] == [None, None, None]
    assert result.together.basis == (19, 11, 202.0)
    assert result.together.figures[2] == by_18
    assert result.model is None
    assert "POOL-006" in list_codes(result.findings)


def test_shares_are_those_of_kaplan_and_meier():
    """Freireich 1963, 6-MP arm: remission in weeks. S(10) = 0.753, S(22) = 0.538, S(23) = 0.448; three decimals."""
    from review.model import Observation

    relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    known = [Observation(str(time), event="yes") for time in relapsed]
    known += [Observation(str(time), event="no") for time in censored]
    shares = estimate_shares(known, [10, 22, 23, 35, 36])
    assert [figure.value and 1 - figure.value for figure in shares] == pytest.approx(
        [0.753, 0.538, 0.448, 0.448, None], abs=0.0005
    )
    assert estimate_shares([], [10]) == (shares[-1],)
    everybody = estimate_shares([Observation("3", event="yes")], [2, 4])
    assert [(figure.value, figure.ci) for figure in everybody] == [(0.0, None), (1.0, None)]
    assert estimate_shares([Observation("3", event="no")], [2, 4])[0].value == 0.0


#: Thirteen trials of BCG against tuberculosis: events and patients, vaccinated and not (Colditz 1994, JAMA 271:698-702).
BCG = [
    (4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220), (62, 13598, 248, 12867), (33, 5069, 47, 5808),
    (180, 1541, 372, 1451), (8, 2545, 10, 629), (505, 88391, 499, 88391), (29, 7499, 45, 7277), (17, 1716, 65, 1665),
    (186, 50634, 141, 27338), (5, 2498, 3, 2341), (27, 16913, 29, 17854),
]  # fmt: skip


def test_risk_ratios_of_the_bcg_trials():
    """metafor 4, rma(measure="RR", data=dat.bcg): beta -0.7145, tau2 0.3132, Q 152.2330; four decimals."""
    effects = [compare_counts(*trial, measure="risk-ratio") for trial in BCG]
    assert (effects[0].y, effects[0].v) == pytest.approx((-0.8893, 0.3256), abs=5e-5)
    model, _ = fit_rows([MeasuredRow("x", None, (), (), effect.y, effect.v) for effect in effects])
    assert (model.beta, model.tau2, model.q) == pytest.approx((-0.7145, 0.3132, 152.2330), abs=5e-5)
    wald = fit_model([effect.y for effect in effects], [effect.v for effect in effects], method="REML", test="z")
    assert (wald.se, *wald.ci) == pytest.approx((0.1798, -1.0669, -0.3622), abs=5e-5)
    assert model.test == "knha"


def test_differences_have_newcombes_interval():
    """Newcombe 1998, Stat Med 17:873-890, table II, method 10: 56/70 - 48/80 is 0.2, 0.0524 to 0.3339."""
    effect = compare_counts(56, 70, 48, 80, measure="risk-difference")
    assert (effect.y, *effect.ci) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert effect.v == pytest.approx(0.8 * 0.2 / 70 + 0.6 * 0.4 / 80)


def test_empty_cells_get_half_a_patient_and_empty_tables_nothing():
    odds = compare_counts(0, 10, 5, 10, measure="odds-ratio")
    assert odds.y == pytest.approx(math.log(0.5 * 5.5 / (10.5 * 5.5)))
    assert compare_counts(0, 10, 0, 12, measure="risk-ratio") is None
    assert compare_counts(10, 10, 12, 12, measure="odds-ratio") is None
    assert compare_counts(10, 10, 12, 12, measure="risk-ratio").y == pytest.approx(0, abs=0.02)
    with pytest.raises(PoolError, match="no measure is called 'hr'"):
        compare_counts(1, 2, 1, 2, measure="hr")


def test_arms_are_compared_from_cases_or_counts():
    result = run("doses")
    assert [row.basis for row in result.rows] == [("1/2", "0/1"), ("3/8", "1/9")]
    assert [row.figures[0].value for row in result.rows] == pytest.approx([2.0, (3 / 8) / (1 / 9)])
    assert result.rows[1].definition == "as seen"
    assert result.together is None
    low, high = result.model.figures[0].ci
    assert low < result.model.figures[0].value < high
    without = run(
        "doses",
        second=SECOND.replace("events: 3, total", "events: 0, total").replace(
            "events: 1, total: 9", "events: 0, total: 9"
        ),
    )
    assert without.rows[1].figures[0].value is None
    assert "POOL-008" in list_codes(without.findings)


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "words"),
    [
        ("pain", "n: 8, mean: 32, sd: 11", "n: 8, median: 32", "POOL-007", "gives n, median, mean, sd of pain; expected n, mean and sd"),
        ("flares", "events: 12, person_time: 20, unit: years", "events: 12", "POOL-007", "expected events and person_time"),
        ("relapse", "n: 8, events: 4, person_time: 90", "n: 8, median: 9", "POOL-007", "expected times of single patients, or events and"),
        ("doses", "  - {outcome: healed, arm: low, events: 1, total: 9, source: p}\n", "", "POOL-007", "has no healed of low"),
        ("flares", "  - {outcome: flares, events: 12, person_time: 20, unit: years, source: p}\n", "", "POOL-003", "no figure for flares"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told(name, old, new, code, words):
    assert SECOND.count(old) == 1
    result = run(name, second=SECOND.replace(old, new))
    assert [row.study.id for row in result.rows] == ["s"]
    told = [str(finding) for finding in result.findings if finding.code == code]
    assert len(told) == 1
    assert words in told[0]
    assert f"the analysis {name}: " in told[0]
    assert result.model is None
    assert code not in list_codes(run(name).findings)


def test_an_analysis_without_rows_says_so():
    bare = "format: 1\nstudy: {}\nreports: [{{record: pubmed:1, name: p}}]\n"
    result = run("pain", first=bare.format("s"), second=bare.format("t"))
    assert result.rows == ()
    assert list_codes(result.findings) == ["POOL-003", "POOL-003", "POOL-010"]
    assert "POOL-010" not in list_codes(run("pain").findings)


def test_what_may_be_counted_twice_is_not_put_together():
    result = run("flares", second=SECOND + "overlap: {overlaps_with: s, why: one centre}\n")
    assert result.is_refused
    assert result.together is None
    assert result.model is None
    assert "POOL-001" in list_codes(result.findings)


def test_one_proportion_is_left_to_its_own_analysis():
    assert [is_proportion(item, PROTOCOL.outcome(item.outcome)) for item in PROTOCOL.analyses] == [False] * 4 + [True]
    assert is_proportion(PROTOCOL.analyses[0], None)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("healed, studies: [s, t], compare: [high, low]}", "healed, studies: [s, t], compare: [high, none]}", "compare is high, none; expected two arms of a binary outcome: high | low"),
        ("healed, studies: [s, t], compare: [high, low]}", "healed, studies: [s, t], compare: high}", "compare is high"),
        ("healed, studies: [s, t], compare: [high, low]}", "healed, studies: [s, t], measure: risk-ratio}", "measure is risk-ratio of no arms"),
        ("healed, studies: [s, t], compare: [high, low]}", "healed, studies: [s, t], compare: [high, low], measure: hr}", "measure is hr; expected risk-ratio |"),
        ("{outcome: pain, studies: [s, t]}", "{outcome: pain, studies: [s, t], compare: [high, low]}", "compare is given for a continuous outcome"),
        ("{outcome: pain, studies: [s, t]}", "{outcome: pain, studies: [s, t], at: 3}", "at is given for a continuous outcome"),
        ("{outcome: pain, studies: [s, t]}", "{outcome: pain, studies: [s, t], intervals: wilson}", "intervals is given for a continuous outcome"),
        ("at: [12, 18, 60]", "at: [12, soon]", "at is soon; expected times above 0"),
    ],
)  # fmt: skip
def test_what_an_analysis_cannot_ask_is_refused(old, new, words):
    text = typed.PROTOCOL + ANALYSES
    assert text.count(old) == 1
    _, findings = parse_protocol(parse_marked(text.replace(old, new), "protocol.yaml"))
    assert [finding.code for finding in findings] == ["PROJECT-004"]
    assert words in str(findings[0])
