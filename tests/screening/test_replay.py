"""A log's order can be computed again from the records, the decisions, the model and the seed."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from review.files import decode_snapshot
from review.model import Decision
from review.model import Record
from review.model import RecordId
from review.protocol import Protocol
from review.rows import parse_rows
from review.screening.live import LiveRanker
from review.screening.log import COLUMNS
from review.screening.log import parse_log
from review.screening.log import stand
from review.screening.models import MODELS
from review.screening.order import draw_calibration
from review.screening.order import name_order
from review.screening.replay import Shown
from review.screening.replay import join_places
from review.screening.replay import replay_log

NAME = MODELS[0].name
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def records():
    rng = np.random.default_rng(4)
    made = {}
    for n in range(90):
        own = [f"topic{k}" for k in rng.integers(0, 8, 4)] if n % 9 == 2 else []
        words = " ".join([*own, *(f"noise{k}" for k in rng.integers(0, 150, 15))])
        made[RecordId(f"pubmed:{n + 1}")] = Record(RecordId(f"pubmed:{n + 1}"), words)
    return made


def make_ranker(records, seed=1):
    return LiveRanker(
        tuple(records), records.__getitem__, {record: record for record in records}.get, MODELS[0], seed=seed
    )


def is_relevant(record):
    return int(record.split(":")[1]) % 9 == 3


def screen(records, *, lag, calibration=()):
    """Screen 60 records as the page does, with a ranking that is up to `lag` decisions behind."""
    rank, shown = make_ranker(records), []
    order = None
    for count in range(60):
        if count % (lag + 1) == 0:
            order = rank(stand(item.decision for item in shown))
        whole = list(dict.fromkeys((*calibration, *order, *records)))
        done = {item.decision.record for item in shown}
        record = next(one for one in whole if one not in done)
        verdict = "include" if is_relevant(record) else "exclude"
        time = (START + timedelta(seconds=count)).isoformat()
        name = "calibration seed=1" if record in calibration else name_order(order, record)
        shown.append(Shown(Decision("ann", time, "title-abstract", record, verdict), whole.index(record) + 1, name))
    return shown


def replay(shown, records, *, seed=1, calibration=()):
    known = {record: record for record in records}
    return replay_log(
        shown, make_ranker(records, seed), NAME, report_of=known.get, pool=tuple(records), first=calibration
    )


@pytest.mark.parametrize("lag", [0, 3])
def test_a_log_is_replayed(records, lag):
    shown = screen(records, lag=lag)
    result = replay(shown, records)
    assert result.same == tuple(shown)
    assert result.other == result.unranked == ()
    assert any(item.order.startswith("random") for item in shown)


def test_the_calibration_sample_comes_first_and_is_not_replayed(records):
    calibration = tuple(draw_calibration(tuple(records), 10, 1))
    shown = screen(records, lag=1, calibration=calibration)
    result = replay(shown, records, calibration=calibration)
    assert result.unranked == tuple(shown[:10])
    assert result.same == tuple(shown[10:])


def test_another_seed_or_other_records_show(records):
    shown = screen(records, lag=0)
    assert replay(shown, records, seed=2).other
    fewer = dict(list(records.items())[:85])
    assert replay(shown, fewer).other


def test_a_decision_changed_in_the_log_shows(records):
    shown = screen(records, lag=0)
    first = shown[5]
    verdict = "include" if first.decision.verdict == "exclude" else "exclude"
    old = first.decision
    changed = Decision(old.by, old.time, old.stage, old.record, verdict)
    assert replay([*shown[:5], Shown(changed, first.position, first.order), *shown[6:]], records).other


def test_places_are_read_from_the_log():
    text = (
        ",".join(COLUMNS)
        + "\n2026-01-05T09:00:00Z,title-abstract,pubmed:1,exclude,,,,3,presumed-1 seed=1\n"
        + "2026-01-05T09:01:00Z,title-abstract,pubmed:2,exclude,,,,,\n"
    )
    rows = parse_rows(decode_snapshot(Path("ann.csv"), text.encode()), "extraction/screening/ann.csv", COLUMNS[:4])
    decisions, findings = parse_log(rows, Protocol("A review"))
    assert not findings
    assert [(item.position, item.order) for item in join_places(rows, decisions)] == [(3, "presumed-1 seed=1"), (0, "")]
