"""Fixtures for tests that need the service: import those you use into the test module or its conftest.

from tests.emulator.fixtures import emulator
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator.corpus import Corpus
from tests.emulator.server import Emulator
from tests.emulator.synthesis import synthesise


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """A service over 300 made-up records of its own; REVIEW_EUTILS_URL points at it, no key is set."""
    with Emulator(Corpus(synthesise(300))) as running:
        monkeypatch.setenv("REVIEW_EUTILS_URL", running.url)
        monkeypatch.delenv("NCBI_API_KEY", raising=False)
        yield running


@pytest.fixture(scope="session")
def large_corpus() -> Corpus:
    """More than two windows of records that `synthetic` finds; do not change it."""
    return Corpus(synthesise(21_000, seed=7))


@pytest.fixture
def large_emulator(large_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """A service over `large_corpus`."""
    with Emulator(large_corpus) as running:
        monkeypatch.setenv("REVIEW_EUTILS_URL", running.url)
        monkeypatch.delenv("NCBI_API_KEY", raising=False)
        yield running
