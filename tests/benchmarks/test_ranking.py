"""Ranking beside ASReview 3.0.8's default (ELAS u4) on labelled sets: how early the relevant records come, and in which time.

`REVIEW_ASREVIEW` names an `asreview` command for the comparison of time; both run as processes of their own on the same files.
"""

from __future__ import annotations

import gzip
import os
import resource
import subprocess
import sys
from pathlib import Path
from statistics import mean

import pytest

from review.screening.labelled import read_labelled
from review.screening.metrics import Metrics
from review.screening.models import find_model
from review.screening.simulation import draw_priors
from review.screening.simulation import simulate_screening

pytestmark = [pytest.mark.benchmark, pytest.mark.shared]

#: WSS@95 and recall at 10 % of ELAS u4 as ASReview 3.0.8 ran it, seed 0, one relevant and one irrelevant prior drawn by that seed.
ELAS_U4 = {
    "Nagtegaal_2019": (0.737, 0.66),
    "Kitchenham_2010": (0.670, 0.70),
    "Wilson_2019": (0.813, 0.91),
    "Virus_2020": (0.706, 0.76),
    "SYNERGY_Donners_2021": (0.579, 0.64),
    "SYNERGY_Jeyaraman_2020": (0.640, 0.67),
    "SYNERGY_Menon_2022": (0.557, 0.71),
    "SYNERGY_Nelson_2002": (0.310, 0.27),
    "SYNERGY_Sep_2021": (0.166, 0.28),
    "SYNERGY_van_der_Valk_2021": (0.463, 0.34),
}


def simulate(shared: Path, name: str, model: str, seed: int) -> Metrics:
    records, _ = read_labelled(shared / "data" / "screening" / f"{name}.csv.gz")
    included, excluded = draw_priors(records, seed)
    metrics = simulate_screening(records, find_model(model), included=[included], excluded=[excluded]).metrics
    assert metrics is not None
    return metrics


def test_at_least_as_early_as_elas_u4(shared: Path) -> None:
    found = {name: simulate(shared, name, "", 0) for name in ELAS_U4}
    for name, metrics in found.items():
        wss95, recall = ELAS_U4[name]
        sys.stderr.write(
            f"{name}: WSS@95 {wss95:.3f} -> {metrics.wss95:.3f}, recall@10% {recall:.2f} -> {metrics.recall['10%']:.2f}\n"
        )
    assert mean(metrics.wss95 for metrics in found.values()) > mean(wss95 for wss95, _ in ELAS_U4.values())
    assert mean(metrics.recall["10%"] for metrics in found.values()) > mean(recall for _, recall in ELAS_U4.values())


def test_its_settings_give_its_figures(shared: Path) -> None:
    found = {name: simulate(shared, name, "elas-u4", 0) for name in ELAS_U4}
    assert mean(metrics.wss95 for metrics in found.values()) == pytest.approx(
        mean(wss95 for wss95, _ in ELAS_U4.values()), abs=0.015
    )
    assert mean(metrics.recall["10%"] for metrics in found.values()) == pytest.approx(
        mean(recall for _, recall in ELAS_U4.values()), abs=0.015
    )


def measure_seconds(*words: str) -> float:
    """Processor time of a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_a_tenth_of_the_time_of_asreview(shared: Path, tmp_path: Path) -> None:
    asreview = os.environ.get("REVIEW_ASREVIEW", "")
    if not asreview:
        pytest.skip("REVIEW_ASREVIEW does not name an asreview command")
    theirs, ours = 0.0, 0.0
    for name in ("Kitchenham_2010", "Nagtegaal_2019", "SYNERGY_Jeyaraman_2020", "SYNERGY_Menon_2022"):
        table = tmp_path / f"{name}.csv"
        table.write_bytes(gzip.decompress((shared / "data" / "screening" / f"{name}.csv.gz").read_bytes()))
        priors = ("--n-prior-included", "1", "--n-prior-excluded", "1", "--prior-seed", "0", "--seed", "0")
        theirs += measure_seconds(asreview, "simulate", str(table), *priors, "-o", str(tmp_path / f"{name}.asreview"))
        ours += measure_seconds(str(Path(sys.executable).with_name("review")), "screen", "simulate", str(table))
    sys.stderr.write(f"ASReview {theirs:.1f} s, this {ours:.1f} s, {theirs / ours:.1f} times\n")
    assert theirs / ours >= 10
