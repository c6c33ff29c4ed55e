from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

#: Where Debian and others put Chromium.
CHROMIUM = Path(os.environ.get("REVIEW_CHROMIUM", "/usr/bin/chromium"))

_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def miss(what: str) -> None:
    """Skip on a stranger's machine; where everything must be tested, what is missing is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A headless Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        miss("needs Playwright (pip install playwright)")
    if not CHROMIUM.exists():
        miss(f"needs Chromium at {CHROMIUM} (or REVIEW_CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def context(chromium):
    """A browser's profile of its own, with a desktop's window."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(45_000)
    yield context
    context.close()
