"""Deduplication beside bib-dedupe on the same set in the same run, and how time grows with the number of records.

`REVIEW_BIB_DEDUPE` names a Python that has bib-dedupe; both run in processes of their own, and the wall clock is compared,
because bib-dedupe spreads over all cores and this does not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from review.dedup.grouping import group_records
from review.model import Record
from tests.dedup.growth import grow
from tests.dedup.labelled import NAMES
from tests.dedup.labelled import read_labelled

pytestmark = [pytest.mark.benchmark, pytest.mark.shared]

_PEER = """
import json, sys, time
import pandas as pd
from bib_dedupe.bib_dedupe import prep, block, match, cluster
frame = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
frame = frame.rename(columns={"record_id": "ID", "entrytype": "ENTRYTYPE"}).drop(columns=["source"])
frame.loc[frame.ENTRYTYPE == "", "ENTRYTYPE"] = "article"
started = time.perf_counter()
cluster(match(block(prep(frame))))
print(json.dumps(time.perf_counter() - started))
"""


@pytest.fixture(scope="module")
def peer() -> str:
    python = os.environ.get("REVIEW_BIB_DEDUPE", "")
    if not python:
        pytest.skip("REVIEW_BIB_DEDUPE does not name a Python with bib-dedupe")
    return python


@pytest.mark.parametrize("name", ["ldd_haematology", "asysd_diabetes", "cs_stage"])
def test_ten_times_as_fast_as_bib_dedupe(shared: Path, peer: str, name: str) -> None:
    table = shared / "data" / "dedup" / name / "records.csv.gz"
    theirs = json.loads(subprocess.check_output([peer, "-c", _PEER, str(table)], text=True).splitlines()[-1])
    records = read_labelled(shared, name).records
    started = time.perf_counter()
    group_records(records)
    ours = time.perf_counter() - started
    sys.stderr.write(f"{name}: bib-dedupe {theirs:.2f} s, this {ours:.2f} s, {theirs / ours:.0f} times\n")
    assert theirs / ours >= 10


def test_time_grows_little_more_than_the_number_of_records(shared: Path) -> None:
    base: list[Record] = []
    for name in NAMES:
        if name != "mis_baseline":
            base += [record.evolve(id=f"{name}-{record.id}") for record in read_labelled(shared, name).records]
    times = []
    for copies in (1, 2):
        records = list(grow(base, copies * len(base)))
        started = time.process_time()
        group_records(records)
        times.append(time.process_time() - started)
    sys.stderr.write(f"{len(base)} records {times[0]:.1f} s CPU, {2 * len(base)} records {times[1]:.1f} s\n")
    assert times[1] / times[0] <= 2.4
