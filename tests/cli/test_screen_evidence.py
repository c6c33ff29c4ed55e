"""`review screen evidence` and `review screen replay` on a review screened as the page does it."""

from __future__ import annotations

import json

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from review.cli import screen_evidence
from review.cli import screen_replay
from review.errors import UsageError
from review.model import Decision
from review.screening.live import LiveRanker
from review.screening.log import COLUMNS
from review.screening.logfile import open_log
from review.screening.models import MODELS
from review.screening.order import name_order
from review.web.library import read_library
from review.workspace import Layout
from tests.web.folders import make_folder
from tests.web.folders import name_record

STAGE = "title-abstract"


def make_titles(size):
    rng = np.random.default_rng(6)
    for number in range(size):
        own = " ".join(f"topic{n}" for n in rng.integers(0, 8, 4)) if number % 8 == 1 else ""
        yield f"Report{number} {own} {' '.join(f'noise{n}' for n in rng.integers(0, 200, 12))}"


@pytest.fixture(scope="module")
def screened(tmp_path_factory):
    """A review of 80 reports, 50 of them read by Ann in ranked order."""
    root = tmp_path_factory.mktemp("review")
    make_folder(root, screening="screening:\n  screeners: 1\n", titles=make_titles(80))
    layout = Layout(root)
    library = read_library(layout)
    criteria = " ".join(text for _, texts in library.protocol.eligibility for text in texts)
    rank = LiveRanker(library.reports, library.show, library.report_of.get, MODELS[0], criteria=criteria, seed=1)
    votes: list[Decision] = []
    with open_log(layout.screening / "ann.csv", COLUMNS, "test") as log:
        for count in range(50):
            if count % 3 == 0:  # the ranking is up to two decisions behind
                order = rank(votes)
                places = list(dict.fromkeys((*order, *library.reports)))
            done = {vote.record for vote in votes}
            report = next(one for one in places if one not in done)
            verdict = "include" if int(report.rpartition(".")[2]) % 8 == 1 else "exclude"
            told = {"position": str(places.index(report) + 1), "order": name_order(order, report)}
            moment = log.append({"stage": STAGE, "record": report, "decision": verdict, **told})
            votes.append(Decision("ann", moment, STAGE, report, verdict))
    return root


def call(verb, *words):
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(verb.run)
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_the_figures_are_shown(screened):
    result = call(screen_evidence, "--by", "ann", "--project", screened)
    assert "50 of 80 records are read" in result.stdout
    assert "p = " in result.stdout
    assert "30 unread records are not excluded" in result.stdout
    assert "For the methods: " in result.stdout
    assert "stop" not in result.stdout


def test_a_sample_is_drawn_then_followed(screened):
    first = json.loads(call(screen_evidence, "--by", "ann", "--sample", 10, "--json", "--project", screened).stdout)
    assert len(first["sample_to_read"]) == 10
    assert first["sample"] is None
    words = ("--by", "ann", "--sample", 10, "--at", first["sampled_at"], "--project", screened)
    assert json.loads(call(screen_evidence, *words, "--json").stdout)["sample_to_read"] == first["sample_to_read"]
    log = screened / "extraction/screening/ann.csv"
    before = log.read_text()
    try:
        with log.open("a") as stream:
            for number, report in enumerate(first["sample_to_read"]):
                stream.write(f"2099-01-01T00:00:{number:02}Z,{STAGE},{report},exclude,,,,,\n")
        followed = json.loads(call(screen_evidence, *words, "--json").stdout)
    finally:
        log.write_text(before)
    assert followed["sample_to_read"] == []
    assert followed["sample"] == {"unread": 30, "drawn": 10, "relevant": 0, "missed_bound": 6, "level": 0.95}
    assert followed["read"] == 60
    assert "10 were drawn at random and read" in followed["methods"]


def test_before_anybody_has_read_anything(tmp_path):
    make_folder(tmp_path)
    result = call(screen_evidence, "--by", "ann", "--project", tmp_path)
    assert "0 of 6 records are read" in result.stdout
    assert "nothing can be said about recall" in result.stdout


@pytest.mark.parametrize("at", ["yesterday", "2026-01-01T00:00:00"])
def test_a_time_must_be_whole(screened, at):
    with pytest.raises(UsageError, match="with its zone"):
        call(screen_evidence, "--by", "ann", "--sample", 5, "--at", at, "--project", screened)


def test_the_order_of_the_log_is_replayed(screened):
    result = json.loads(call(screen_replay, "--by", "ann", "--json", "--quiet", "--project", screened).stdout)
    assert result["elsewhere"] == []
    assert (result["same"], result["unranked"]) == (50, 0)


def test_a_log_that_was_changed_shows(screened):
    log = screened / "extraction/screening/ann.csv"
    before = log.read_text()
    rows = before.splitlines()
    place = next(n for n, row in enumerate(rows) if n > 10 and ",include," in row)
    try:
        log.write_text(
            "\n".join([*rows[:place], rows[place].replace(",include,", ",exclude,"), *rows[place + 1 :]]) + "\n"
        )
        result = call(screen_replay, "--by", "ann", "--quiet", "--project", screened)
    finally:
        log.write_text(before)
    assert ", 0 elsewhere" not in result.stdout
    assert "ann.csv:" in result.stdout
    assert name_record(0).partition("/")[0] in result.stdout
