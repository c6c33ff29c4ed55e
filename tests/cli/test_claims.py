"""`review claims` as it is called: what it prints, and how it ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def outside(monkeypatch, tmp_path: Path) -> None:
    """The command runs outside of any review, unless a test makes one."""
    monkeypatch.chdir(tmp_path)


def test_a_right_manuscript_ends_clean_and_tells_what_was_looked_for(review_command, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("Calcinosis improved in 9/19 (47.4%).\n")
    called = review_command("claims", path)
    assert called.code == 0
    counts, found, others = called.out.splitlines()
    assert counts == "1 claim recognised: 1 verified, 0 wrong, 0 stale, 0 unverifiable"
    assert found == "found: proportions with counts 1"
    assert "P values of test statistics" in others


def test_a_wrong_claim_is_told_with_its_place(review_command, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("# Results\n\nImproved: 9/19 (46.4%).\n")
    called = review_command("claims", path)
    assert called.code == 1
    assert called.out.splitlines()[0] == f'{path}:3:11: CLAIM-001 wrong: "9/19 (46.4%"; expected 47.4% for 9/19'


def test_a_contradiction_names_both_places(review_command, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("Calcinosis improved under rituximab in 9/19 (47.4%).\n\nCalcinosis improved under rituximab in 8/19 (42.1%).\n")  # fmt: skip
    called = review_command("claims", path)
    assert called.code == 1
    assert called.out.splitlines()[0].endswith(f"expected 9 of 19, as stated before ({path}:1:40)")


def test_nothing_recognised_is_no_clean_bill(review_command, tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text("Nothing.")
    called = review_command("claims", path)
    assert called.code == 0
    assert called.out.splitlines()[:2] == [
        "0 claims recognised: 0 verified, 0 wrong, 0 stale, 0 unverifiable",
        "found: nothing of what is looked for",
    ]


def test_json_has_the_promised_keys(review_command, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("Improved: 9/19 (46.4%), 4 (50%). They printed 1/8 (13.5%) <!-- claim: ignore, a quote -->.\n")
    document = review_command("claims", path, "--json").json
    assert document["recognised"] == 3
    assert document["verified"] == 0
    (wrong,) = document["wrong"]
    assert {"file", "line", "column", "text", "code", "expected"} <= set(wrong)
    assert [item["text"] for item in document["unverifiable"]] == ["4 (50%"]
    assert [item["why"] for item in document["ignored"]] == ["a quote"]


def test_files_that_are_not_followed_are_told_on_stderr(review_command, tmp_path: Path) -> None:
    path = tmp_path / "draft.tex"
    path.write_text("\\input{results}\n")
    assert "line 1: results is named there and was not read" in review_command("claims", path).err
    assert review_command("claims", path, "--quiet").err == ""


def test_a_review_gives_its_values_and_its_whole_numbers(review_command, made, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("We screened 99 <!-- claim: prisma.records_screened -->.\n")
    called = review_command("claims", path)
    assert called.code == 1
    assert "CLAIM-006 stale" in called.out


def test_the_documented_example_prints_what_stands_there(review_command, tmp_path: Path, repository: Path) -> None:
    page = (repository / "docs" / "claims.md").read_text("utf-8")
    (text, printed) = re.search(r"```console\n\$ printf '(.*?)' > draft.md\n\$ review claims draft.md\n(.*?)```", page, re.DOTALL).groups()  # fmt: skip
    (tmp_path / "draft.md").write_text(text.replace("%%", "%").replace("\\n", "\n"))
    assert review_command("claims", "draft.md").out == printed
