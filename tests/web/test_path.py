"""The screener's whole path: two people screen two branches in the browser, the logs are merged, and the counts follow."""

from __future__ import annotations

import os
import subprocess

import pytest

from review.workspace import Layout
from review.workspace import open_review
from tests.web.folders import make_folder
from tests.web.folders import read_log
from tests.web.process import run_screen
from tests.web.test_page import expect_status
from tests.web.test_page import open_page
from tests.web.test_page import press

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def git(folder, *words):
    identity = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
        "-c",
        "init.defaultBranch=main",
        "-c",
        "commit.gpgsign=false",
    ]
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *identity, *words], cwd=folder, env=quiet, capture_output=True, check=True)


def screen(chromium, folder, who, keys, view="title-abstract"):
    with run_screen(folder, who) as (_, address):
        context = chromium.new_context()
        page = open_page(context, address)
        if view != "title-abstract":
            page.click(f"[data-view={view}]")
            page.wait_for_selector(f"[data-view={view}][aria-current=page]")
            page.wait_for_function("() => !document.querySelector('h1#title').textContent.startsWith('All titles')")
        for key in keys:
            press(page, key)
            expect_status(page, "Saved")
        context.close()
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", f"{who} screened")


def test_two_branches_are_screened_merged_and_counted(tmp_path, chromium, repository):
    ann, ben = tmp_path / "ann", tmp_path / "ben"
    make_folder(ann)
    (ann / ".gitattributes").write_text((repository / ".gitattributes").read_text())
    git(ann, "init", "-q")
    git(ann, "add", "-A")
    git(ann, "commit", "-qm", "start")
    git(tmp_path, "clone", "-q", str(ann), str(ben))
    screen(chromium, ann, "ann", "iieeie")
    screen(chromium, ben, "ben", "iieie1")
    # Ann goes on at home, in the same log, on another branch.
    git(ann, "checkout", "-qb", "home", "HEAD~1")
    screen(chromium, ann, "ann", "ii")
    git(ann, "checkout", "-q", "main")
    git(ann, "merge", "-q", "home", "-m", "home")
    git(ann, "pull", "-q", "--no-rebase", str(ben), "main")
    assert len(read_log(ann, "ann")) == 8
    assert len(read_log(ann, "ben")) == 6
    progress = open_review(Layout(ann)).progress
    assert (len(progress.conflicts), len(progress.sought), len(progress.excluded)) == (2, 2, 2)
    screen(chromium, ann, "chris", "ie", view="conflicts")
    screen(chromium, ann, "ann", "iie", view="retrieval")
    screen(chromium, ann, "ann", "i2", view="full-text")
    screen(chromium, ann, "ben", "i2", view="full-text")
    review = open_review(Layout(ann))
    progress = review.progress
    assert progress.conflicts == progress.unscreened == progress.undecided == ()
    assert (len(progress.excluded), len(progress.sought), len(progress.not_retrieved)) == (3, 3, 1)
    assert (len(progress.assessed), list(progress.rejected.values()), len(progress.included)) == (2, ["no-data"], 1)
    assert {finding.code for finding in review.findings if finding.code.startswith("SCREEN")} == {"SCREEN-020"}
