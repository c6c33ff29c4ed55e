from __future__ import annotations

import pytest

from tests.builder import ADAMS
from tests.builder import BAKER
from tests.builder import make_review
from tests.extraction import typed
from tests.pooling.test_measured import SECOND

ANALYSES = """\
analyses:
  pain: {label: Both, outcome: pain, studies: [adams-2010, baker-2012]}
  relapse: {label: Both, outcome: relapse, studies: [adams-2010, baker-2012], at: [12, 18]}
  healed: {label: Both, outcome: healed, studies: [adams-2010, baker-2012]}
"""


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Two studies with outcomes of every type."""
    protocol = typed.PROTOCOL + "reasons: [{code: wrong-population, label: No lesions}]\n" + ANALYSES
    first = typed.SHEET.replace("study: s\n", "study: adams-2010\n").replace("pubmed:1", ADAMS)
    second = SECOND.replace("study: t\n", "study: baker-2012\n").replace("pubmed:2", BAKER)
    review = make_review(tmp_path / "r", protocol=protocol, sheets={"adams-2010": first, "baker-2012": second})
    monkeypatch.chdir(review.root)
    return review


def test_every_planned_analysis_is_printed(review_command, made):
    called = review_command("pool")
    assert called.code == 0
    assert "pain. Both: pain." in called.out
    assert "Mean, points (95% CI) [" in called.out
    assert "Event by 12 months (95% CI)" in called.out
    assert "healed. Both: healed." in called.out
    assert "POOL-009" in called.err


def test_json_has_every_kind(review_command, made):
    told = review_command("pool", "pain", "healed", "--json").json["analyses"]
    assert told["pain"]["type"] == "continuous"
    assert told["pain"]["studies"][0]["figures"]["mean"]["estimate"] == 4.75
    assert told["healed"]["together"]["events"] == 5


def test_an_outcome_is_pooled_without_a_plan(review_command, made):
    assert "Events per 100 months (95% CI)" in review_command("pool", "--outcome", "flares").out


def test_what_is_for_proportions_alone_is_said(review_command, made):
    called = review_command("pool", "pain", "--sensitivity")
    assert "they leave out pain" in called.err
    assert "they leave out" not in review_command("pool", "healed", "--sensitivity").err


def test_the_patients_of_each_arm_are_described(review_command, made):
    called = review_command("extract", "describe")
    assert "High dose: 2 cases" in called.out
    assert "Low dose: 1 cases" in called.out
