from __future__ import annotations

import pytest

from review import build


@pytest.fixture(autouse=True)
def _draw_once(monkeypatch):
    """The report holds each figure; drawing them again as files takes time and adds nothing here."""
    monkeypatch.setattr(build, "FORMS", ())


def test_a_build_says_what_it_wrote_and_a_second_one_writes_nothing(review_command, made):
    first = review_command("build", "--json")
    assert (first.code, first.err) == (0, "")
    assert first.json["written"] == first.json["files"]
    assert (first.json["removed"], first.json["draft"], first.json["findings"]) == ([], False, [])
    assert all((made.layout.output / path).is_file() for path in first.json["files"])
    second = review_command("build", "--json")
    assert second.json["written"] == []
    called = review_command("build")
    assert called.out.splitlines() == [
        f"{len(first.json['files'])} files in {made.layout.output.resolve()}: 0 written, 0 removed",
        f"open {made.layout.output.resolve() / 'report.html'}",
    ]


def test_a_draft_says_so_and_ends_with_1(review_command, made):
    made.change("extraction/studies/baker-2012.yaml", "    events: 1\n", "    events: 5\n")
    called = review_command("build")
    assert called.code == 1
    assert "(draft)" in called.out
    assert "EXTRACT-021 error: events 5 > total 1" in called.err
    assert review_command("build", "--quiet").err == ""
    assert made.layout.output.is_dir()


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        ("extraction/studies/baker-2012.yaml", "    events: 1\n", "    events: 5\n", "findings at error level stand"),
        ("extraction/screening/ann.csv", "full-text,doi:10.5555/baker.2012,include", "full-text,doi:10.5555/baker.2012,unsure", "still wait for a decision"),
    ],
)  # fmt: skip
def test_a_final_build_is_refused_while_something_is_wrong_or_waits(review_command, made, path, old, new, words):
    made.change(path, old, new)
    if "unsure" in new:
        made.remove("extraction/studies/baker-2012.yaml")
        made.change("protocol.yaml", "adams-2010, baker-2012", "adams-2010")
    called = review_command("build", "--final")
    assert called.code == 1
    assert words in called.err
    assert "nothing was written" in called.err
    assert not made.layout.output.exists()


def test_a_final_build_of_a_finished_review(review_command, made):
    assert review_command("build", "--final").code == 0


def test_check_tells_what_is_stale_and_writes_nothing(review_command, made):
    called = review_command("build", "--check", "--json")
    assert called.code == 1
    assert "values.json" in called.json["differing"]
    assert not made.layout.output.exists()
    review_command("build")
    assert review_command("build", "--check").err == "output/ is up to date\n"
    (made.layout.output / "values.json").write_text("{}")
    called = review_command("build", "--check")
    assert (called.code, called.out) == (1, "output/values.json is not what a build would write\n")
