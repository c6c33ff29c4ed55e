"""The command as a user calls it, in this process."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

import pytest

from review.cli.main import main
from tests.builder import MadeReview
from tests.builder import make_review


@dataclass(frozen=True)
class Called:
    """What a call gave."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def review_command(monkeypatch, capsys):
    """Run `review` with these words; gives exit code, stdout and stderr."""

    def call(*words: object) -> Called:
        monkeypatch.setattr(sys, "argv", ["review", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Called(int(ended.value.code or 0), printed.out, printed.err)

    return call


@pytest.fixture
def made(tmp_path, monkeypatch) -> MadeReview:
    """A small review; the current folder is inside it."""
    review = make_review(tmp_path / "review")
    monkeypatch.chdir(review.root / "extraction" / "studies")
    return review
