from __future__ import annotations

import pytest

from review import build
from review.extraction.sheet import parse_sheet
from review.marked import read_marked
from review.scaffold.folder import FILES
from review.workspace import Layout
from review.workspace import open_review


@pytest.fixture
def demo(tmp_path, review_command):
    assert review_command("init", tmp_path / "demo").code == 0
    return tmp_path / "demo"


def test_a_new_folder_has_what_a_review_needs(tmp_path, review_command):
    called = review_command("init", tmp_path / "demo", "--json")
    assert called.json == {"folder": str(tmp_path / "demo"), "made": list(FILES), "kept": []}
    assert all((tmp_path / "demo" / name).is_file() for name in FILES)


def test_a_new_folder_builds_at_once_and_says_what_to_do_next(demo, review_command, monkeypatch):
    monkeypatch.setattr(build, "FORMS", ())
    status = review_command("status", "--project", demo)
    assert status.code == 0
    assert status.err.splitlines()[-1].startswith("Next: ")
    built = review_command("build", "--project", demo, "--json")
    assert (built.code, built.json["draft"]) == (0, True)
    assert [finding["code"] for finding in built.json["findings"] if finding["level"] != "note"] == []
    assert "PROJECT-007" in [finding["code"] for finding in built.json["findings"]]


def test_the_example_sheet_fits_the_protocol(demo):
    review = open_review(Layout(demo))
    study, findings = parse_sheet(
        read_marked(demo / "extraction" / "example-sheet.yaml", "example-sheet.yaml"), review.protocol
    )
    assert study is not None
    assert [str(finding) for finding in findings if finding.level == "error"] == []


def test_a_review_is_never_overwritten(demo, review_command):
    (demo / "protocol.yaml").write_text("mine")
    called = review_command("init", demo)
    assert called.code == 2
    assert "is a review already (it has a protocol.yaml); nothing was written" in called.err
    assert (demo / "protocol.yaml").read_text() == "mine"


def test_files_that_are_there_stay(demo, review_command):
    (demo / "protocol.yaml").unlink()
    (demo / "queries" / "pubmed.yaml").write_text("mine")
    called = review_command("init", demo)
    assert called.code == 0
    assert "queries/pubmed.yaml was there already and stays as it is" in called.err
    assert (demo / "queries" / "pubmed.yaml").read_text() == "mine"
    assert (demo / "protocol.yaml").is_file()


def test_a_name_that_a_file_has_is_refused(tmp_path, review_command):
    (tmp_path / "demo").write_text("mine")
    called = review_command("init", tmp_path / "demo")
    assert (called.code, (tmp_path / "demo").read_text()) == (2, "mine")
    assert "is a file; name a folder that is new or empty" in called.err
