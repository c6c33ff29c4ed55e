from __future__ import annotations

import csv
import io

import pytest

from review.cli import screen
from review.screening.log import COLUMNS
from review.web import sitting
from tests.builder import ADAMS
from tests.builder import BAKER
from tests.builder import CLARK
from tests.builder import PROTOCOL
from tests.builder import make_review

HEAD = ",".join(COLUMNS) + "\n"
CSV = "title,included\nA single case of calcinosis universalis under penicillamine,1\nWhat is known of gout in the tropics,0\n"


@pytest.fixture
def unread(tmp_path, monkeypatch):
    """A review that nobody has screened."""
    review = make_review(
        tmp_path / "review", logs={}, sheets={}, protocol=PROTOCOL.replace("screeners: 1", "screeners: 2")
    )
    monkeypatch.chdir(review.root)
    return review


def rows(review, who):
    text = (review.root / f"extraction/screening/{who}.csv").read_text("utf-8")
    return [
        (row["record"], row["decision"], row["reason"], row["note"], row["order"])
        for row in csv.DictReader(io.StringIO(text))
    ]


def test_the_verbs_below_screen():
    names = [command.name for command in screen.app.registered_commands]
    assert names == [verb for verb in screen.ORDER if verb in names]
    assert {"next", "import", "export", "agreement"} <= set(names)


def test_the_page_is_served_for_a_person(review_command, unread, monkeypatch):
    asked = []
    monkeypatch.setattr(
        sitting,
        "serve_screening",
        lambda layout, who, **options: (asked.append((layout.root, who, options)), options["announce"]("http://x")),
    )
    called = review_command(
        "screen",
        "--by",
        "ann",
        "--machine",
        "laptop",
        "--pdfs",
        "papers",
        "--rank",
        "presumed-1",
        "--no-browser",
        "--json",
    )
    assert (called.code, called.json) == (0, {"address": "http://x"})
    ((root, who, options),) = asked
    assert (root, who) == (unread.root, "ann")
    assert (options["machine"], options["model"], str(options["pdfs"]), options["opens_browser"]) == (
        "laptop",
        "presumed-1",
        "papers",
        False,
    )


@pytest.mark.parametrize("name", ["", "a/b", "consensus", "..", "ann@desk"])
def test_a_name_that_no_log_can_have_is_refused(review_command, unread, monkeypatch, name):
    monkeypatch.setenv("REVIEW_WHO", name or ".")
    called = review_command("screen", "--no-browser")
    assert called.code == 2
    assert "cannot name a screening log" in called.err


def test_a_log_without_a_column_is_refused_before_the_page_opens(review_command, made):
    called = review_command("screen", "--by", "ann", "--no-browser")
    assert called.code == 2
    assert "the header lacks shown, position, order; keep the file as ann@earlier.csv" in called.err


def test_next_lists_what_waits_for_a_person(review_command, unread):
    unread.write("extraction/screening/ann.csv", HEAD + f"2026-01-02T08:00:00Z,title-abstract,{ADAMS},include,,,,,\n")
    called = review_command("screen", "next", "--by", "ann", "--json")
    assert called.json["stage"] == "title-abstract"
    assert called.json["waiting"] == 2
    assert [record["id"] for record in called.json["records"]] == [BAKER, CLARK]
    called = review_command("screen", "next", "--by", "ben", "--most", "1")
    assert called.out == f"{ADAMS}  Penicillamine in two patients with calcinosis of the hands (2010)\n"
    assert "3 wait at title-abstract" in called.err
    assert review_command("screen", "next", "--by", "ben", "--stage", "lunch").code == 2


def test_import_writes_a_log_once(review_command, unread):
    unread.write("decisions.csv", CSV + "A title that no record has at all,1\n")
    called = review_command("screen", "import", "decisions.csv", "--by", "ann", "--dry-run")
    assert "ann: 2 decisions would be written, 0 were there already" in called.out
    assert "SCREEN-030" in called.err
    assert not (unread.root / "extraction/screening/ann.csv").exists()
    called = review_command("screen", "import", "decisions.csv", "--by", "ann", "--json")
    assert called.code == 0
    assert (called.json["read"], called.json["labelled"], called.json["written"]) == (3, 3, {"ann": 2})
    assert [finding["code"] for finding in called.json["findings"]] == ["SCREEN-030"]
    assert rows(unread, "ann") == [
        (BAKER, "include", "", "", "import decisions.csv"),
        (CLARK, "exclude", "", "", "import decisions.csv"),
    ]
    assert review_command("screen", "import", "decisions.csv", "--by", "ann", "--json").json["unchanged"] == {"ann": 2}
    assert len(rows(unread, "ann")) == 2
    assert "SCREEN-003" not in unread.codes()


RAYYAN = """title,notes
What is known of gout in the tropics,"RAYYAN-INCLUSION: {""Ann B.""=>""Included"",""Ben""=>""Excluded""} | RAYYAN-EXCLUSION-REASONS: no calcinosis"
"""


def test_import_gives_each_person_of_the_file_a_log(review_command, unread):
    unread.write("rayyan.csv", RAYYAN)
    assert review_command("screen", "import", "rayyan.csv", "--json").json["written"] == {"ann-b": 1, "ben": 1}
    assert rows(unread, "ben") == [(CLARK, "exclude", "wrong-population", "", "import rayyan.csv")]
    called = review_command("screen", "import", "rayyan.csv", "--by", "screener-1")
    assert (called.code, "choose one with --only" in called.err) == (2, True)
    assert review_command("screen", "import", "rayyan.csv", "--by", "screener-1", "--only", "Ben", "--json").json[
        "written"
    ] == {"screener-1": 1}


@pytest.mark.parametrize("words", [("--stage", "lunch"), ("--decision", "perhaps")])
def test_import_knows_only_its_own_words(review_command, unread, words):
    unread.write("decisions.csv", CSV)
    assert review_command("screen", "import", "decisions.csv", *words).code == 2


def test_export_is_read_back_by_import(review_command, made):
    called = review_command("screen", "export", "--output", "out.csv")
    assert (called.code, called.out) == (0, "")
    exported = list(csv.DictReader(io.StringIO((made.root / "extraction/studies/out.csv").read_text("utf-8-sig"))))
    assert [(row["record"], row["included"], row["by"]) for row in exported] == [
        (ADAMS, "1", "ann"),
        (BAKER, "1", "ann"),
        (CLARK, "0", "ann"),
    ]
    assert review_command("screen", "import", "out.csv", "--json").json["unchanged"] == {"ann": 3}
    ris = review_command("screen", "export", "--by", "ann", "--stage", "full-text", "--format", "ris").out
    assert ris.count("ASReview_relevant") == 2
    assert ris.count("ASReview_not_seen") == 1


def test_export_of_what_there_is_not_is_refused(review_command, made):
    assert review_command("screen", "export", "--by", "nobody").code == 2
    assert review_command("screen", "export", "--format", "xlsx").code == 2
    assert review_command("screen", "export", "--stage", "lunch").code == 2


def test_agreement_is_shown_with_its_counts(review_command, unread):
    for who, verdicts in (("ann", ("include", "include", "exclude")), ("ben", ("include", "exclude", "exclude"))):
        votes = zip((ADAMS, BAKER, CLARK), verdicts, ("calibration seed=1", "file", "file"), strict=True)
        lines = [
            f"2026-01-02T08:00:00Z,title-abstract,{record},{verdict},,,,,{order}\n" for record, verdict, order in votes
        ]
        unread.write(f"extraction/screening/{who}.csv", HEAD + "".join(lines))
    called = review_command("screen", "agreement", "--json")
    assert [(pair["sample"], pair["n"], pair["table"]) for pair in called.json] == [
        ("calibration", 1, [[1, 0], [0, 0]]),
        ("rest", 2, [[0, 1], [0, 1]]),
        ("all", 3, [[1, 1], [0, 1]]),
    ]
    assert called.json[0]["kappa"] is None
    assert called.json[2]["kappa"]["estimate"] == pytest.approx(0.4)
    text = review_command("screen", "agreement").out
    assert "title-abstract: ann and ben, all (3 records)" in text
    assert "kappa 0.400 (95% CI" in text
    assert "kappa not defined" in text
    assert f"they differ on {BAKER}" in text


def test_agreement_needs_two_people(review_command, made):
    called = review_command("screen", "agreement")
    assert (called.out, "No two people" in called.err) == ("", True)
