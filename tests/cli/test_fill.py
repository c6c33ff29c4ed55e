"""`review fill`: what it prints, writes and refuses."""

from __future__ import annotations

import pytest

from tests.reporting.fill.manuscripts import make_word
from tests.reporting.fill.manuscripts import read_text
from tests.reporting.fill.manuscripts import run

TEXT = "2/3 (66.7%; 95% CI 9.4 to 99.2)"


@pytest.fixture
def paper(made, tmp_path):
    path = tmp_path / "paper.docx"
    path.write_bytes(make_word(f"<w:p>{run('In all {{pool.A.together}}, {{prisma.records_screened}}')}</w:p>"))
    return path


def test_a_manuscript_is_filled_beside_itself(review_command, paper):
    called = review_command("fill", paper)
    filled = paper.with_name("paper-filled.docx")
    assert (called.code, called.err) == (0, "")
    assert called.out.splitlines()[:2] == [
        f"body, paragraph 1: pool.A.together: {TEXT}",
        "body, paragraph 1: prisma.records_screened: 3",
    ]
    assert called.out.splitlines()[2].startswith(f"{filled}: 2 places, 2 changed; ")
    assert read_text(filled.read_bytes()) == f"In all {TEXT}, 3"
    assert "{{pool" in read_text(paper.read_bytes())
    again = review_command("fill", paper)
    assert (again.code, "is there already; say --overwrite" in again.err) == (2, True)
    assert review_command("fill", paper, "--overwrite", "--quiet").code == 0


def test_moved_values_are_told_and_filled(review_command, paper, made):
    review_command("fill", paper, "--in-place")
    assert review_command("fill", paper, "--check").code == 0
    before = paper.read_bytes()
    made.change("extraction/studies/baker-2012.yaml", "events: 1\n", "events: 0\n")
    checked = review_command("fill", paper, "--check")
    assert checked.code == 1
    assert f"FILL-003 error: body, paragraph 1: pool.A.together says {TEXT!r}; expected 1/3 (33.3%" in checked.err
    assert paper.read_bytes() == before
    filled = review_command("fill", paper, "--in-place")
    assert filled.code == 0
    assert filled.out.startswith(f"body, paragraph 1: pool.A.together: {TEXT} -> 1/3 (33.3%; ")


def test_an_unknown_key_stops_it(review_command, paper):
    paper.write_bytes(make_word(f"<w:p>{run('{{pool.A.together}} {{pool.A.togehter.percent}}')}</w:p>"))
    called = review_command("fill", paper, "--json")
    assert (called.code, called.json["output"]) == (1, None)
    assert [(finding["code"], finding["found"]) for finding in called.json["findings"]] == [
        ("FILL-001", "pool.A.togehter.percent")
    ]
    assert called.json["findings"][0]["expected"].startswith("pool.A.together.percent")
    assert not paper.with_name("paper-filled.docx").exists()


def test_json_tells_every_place_and_what_is_unused(review_command, paper, tmp_path):
    target = tmp_path / "out.docx"
    told = review_command("fill", paper, "--output", target, "--json").json
    assert (told["file"], told["output"], told["changed"]) == (str(paper), str(target), 2)
    assert told["places"][0] == {
        "key": "pool.A.together",
        "kind": "placeholder",
        "place": "body, paragraph 1",
        "old": "",
        "new": TEXT,
        "changed": True,
    }
    assert "prisma.new_studies" in told["unused"]
    assert "pool.A.together" not in told["unused"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--in-place", "--output", "x.docx"], "exclude each other"),
        (["--output", "{paper}"], "is the manuscript itself; say --in-place"),
    ],
)
def test_the_original_is_safe(review_command, paper, words, told):
    before = paper.read_bytes()
    called = review_command("fill", paper, *(word.format(paper=paper) for word in words))
    assert (called.code, told in called.err) == (2, True)
    assert paper.read_bytes() == before


def test_a_manuscript_that_is_open_is_told(review_command, paper):
    paper.with_name("~$paper.docx").touch()
    called = review_command("fill", paper, "--check")
    assert "is open in a program (~$paper.docx)" in called.err
    assert review_command("fill", paper, "--in-place").code == 2
    assert review_command("fill", paper).code == 0


def test_markdown_and_latex_are_filled_too(review_command, paper):
    for name, expected in (
        ("p.md", f"<!-- value: pool.A.together -->{TEXT}<!-- /value -->"),
        ("p.qmd", f"<!-- value: pool.A.together -->{TEXT}<!-- /value -->"),
        ("p.tex", "\\reviewtext{pool.A.together}{" + TEXT.replace("%", "\\%") + "}"),
    ):
        path = paper.with_name(name)
        path.write_text("{{pool.A.together}}", "utf-8")
        assert review_command("fill", path, "--in-place").code == 0
        assert path.read_text("utf-8") == expected
    paper.with_name("p.pdf").touch()
    assert review_command("fill", paper.with_name("p.pdf")).code == 2
