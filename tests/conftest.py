"""Fixtures that every test may use; the shared data folder beside the repository is optional."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from review.build import Built
    from review.workspace import Review

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("REVIEW_SHARED", REPOSITORY.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real records and golden values; a stranger's clone does not have it."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"needs the shared data folder ({SHARED}), which this clone does not have")
    return SHARED


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository, which is a review folder itself."""
    return REPOSITORY


@pytest.fixture(scope="session")
def example() -> Review:
    """The worked example, opened."""
    from review.workspace import Layout
    from review.workspace import open_review

    return open_review(Layout(REPOSITORY))


@pytest.fixture(scope="session")
def built_example(example: Review) -> Built:
    """The worked example's outputs, made in memory once: drawing them takes seconds."""
    from review.build import build_outputs

    return build_outputs(example)
