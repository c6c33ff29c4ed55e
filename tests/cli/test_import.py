from __future__ import annotations

import json

import pytest

from tests.builder import RIS
from tests.builder import make_review


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "embase export.ris"
    path.write_bytes(RIS.replace("10.5555/", "10.5556/").replace("\n", "\r\n").encode("utf-8-sig"))
    return path


def test_a_file_becomes_a_run_byte_for_byte(review_command, made, export):
    called = review_command(
        "import",
        export,
        "--source",
        "embase",
        "--date",
        "2026-01-05",
        "--hits",
        "4",
        "--platform",
        "Embase (Ovid)",
        "--json",
    )
    assert called.code == 0
    (run,) = called.json["runs"]
    assert (run["source"], run["hits"], run["retrieved"], run["missing"], run["refused"]) == ("embase", 4, 4, [], [])
    folder = made.root / "queries" / "runs" / run["run"]
    document = json.loads((folder / "run.json").read_text())
    assert (folder / document["payload"][0]["file"]).read_bytes() == export.read_bytes()
    assert (document["kind"], document["platform"], document["started"][:10]) == (
        "import",
        "Embase (Ovid)",
        "2026-01-05",
    )
    assert review_command("status", "--json").json["records"] == 8


@pytest.mark.parametrize(("hits", "codes"), [("9", ["RUN-011"]), ("2", ["RUN-011"]), ("4", [])])
def test_another_number_of_entries_than_hits_is_told(review_command, made, export, hits, codes):
    called = review_command("import", export, "--source", "embase", "--hits", hits, "--json")
    (run,) = called.json["runs"]
    assert called.code == 0
    assert [finding["code"] for finding in run["findings"]] == codes
    assert all("4 records" in finding["message"] for finding in run["findings"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--source", "embase", "--lane", "library"], "there is no lane 'library'"),
        (["--source", "embase", "--date", "yesterday"], "yesterday"),
    ],
)
def test_bad_usage_writes_nothing(review_command, made, export, words, told):
    before = made.hash_files()
    called = review_command("import", export, *words)
    assert called.code == 2
    assert told in called.err
    assert made.hash_files() == before


def test_a_file_that_holds_no_records_is_refused_or_told(review_command, made, tmp_path):
    before = made.hash_files()
    path = tmp_path / "letter.txt"
    path.write_text("Dear colleague,\nplease find the list attached.\n")
    called = review_command("import", path, "--source", "embase")
    assert called.code in (1, 2)
    assert "letter.txt" in called.err
    assert made.hash_files() == before


def test_a_first_import_makes_an_empty_review_one_with_records(review_command, tmp_path, export):
    made = make_review(tmp_path / "new", ris=None, logs={}, sheets={})
    called = review_command("import", export, "--source", "embase", "--project", made.root)
    assert called.code == 0
    assert "4 entries read, 4 kept, 0 refused (ris)" in called.out
    assert "3 new references; 3 in all" in called.out
