from __future__ import annotations

import pytest

from review.catalogue import CATALOGUE

BAKER_PATH = "extraction/studies/baker-2012.yaml"


@pytest.fixture
def wrong(made):
    """Two findings at error level and a warning."""
    made.change(BAKER_PATH, "    total: 1\n    source: paper\n", "    total: 0\n")
    return made


def test_a_review_without_findings(review_command, made):
    called = review_command("check")
    assert (called.code, called.out, called.err) == (0, "", "0 errors, 0 warnings, 0 notes\n")
    assert review_command("check", "--json").json == []


def test_every_finding_is_listed_with_file_and_line(review_command, wrong):
    called = review_command("check")
    assert called.code == 1
    lines = called.out.splitlines()
    assert f"{BAKER_PATH}:10: EXTRACT-021 error: events 1 > total 0 (counts[0]); expected 0..0" in lines
    levels = [next(level for level in ("error", "warning", "note") if f" {level}: " in line) for line in lines]
    assert levels == sorted(levels, key=("error", "warning", "note").index)
    assert called.err == f"{levels.count('error')} errors, {levels.count('warning')} warnings, 0 notes\n"
    assert review_command("check", "--quiet").err == ""


def test_json_has_the_promised_keys(review_command, wrong):
    called = review_command("check", "--json")
    assert called.code == 1
    promised = {"code", "level", "message", "path", "line", "found", "expected", "hint"}
    assert all(promised <= set(finding) for finding in called.json)
    first = next(finding for finding in called.json if finding["code"] == "EXTRACT-021")
    assert (first["code"], first["path"], first["line"], first["expected"]) == ("EXTRACT-021", BAKER_PATH, 10, "0..0")


@pytest.mark.parametrize(
    ("wanted", "codes", "exit_code"),
    [
        (["EXTRACT-021"], {"EXTRACT-021"}, 1),
        (["extract"], {"EXTRACT-021", "EXTRACT-017"}, 1),
        (["pool", "EXTRACT-017"], {"POOL-003", "EXTRACT-017"}, 0),
        (["SCREEN"], set(), 0),
    ],
)
def test_codes_and_areas_choose_findings(review_command, wrong, wanted, codes, exit_code):
    called = review_command("check", *wanted, "--json")
    assert ({finding["code"] for finding in called.json}, called.code) == (codes, exit_code)


def test_an_unknown_code_is_told_with_the_areas(review_command, made):
    called = review_command("check", "EXTRAKT")
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith("review: there is no finding code or area EXTRAKT; areas: ")
    assert "EXTRACT" in called.err


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_can_be_explained_without_a_review(review_command, tmp_path, monkeypatch, code):
    monkeypatch.chdir(tmp_path)
    called = review_command("check", "--explain", code.lower())
    entry = CATALOGUE[code]
    assert (called.code, called.err) == (0, "")
    assert called.out == f"{code} ({entry.level}): {entry.title}\n\n{entry.meaning}\n\nWhat to do: {entry.mend}\n"


def test_a_code_that_does_not_exist_cannot_be_explained(review_command):
    called = review_command("check", "--explain", "EXTRACT-999")
    assert (called.code, called.out) == (2, "")
    assert "there is no finding code EXTRACT-999" in called.err
