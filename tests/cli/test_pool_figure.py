"""`review pool --figure`: forest plots and other figures as files."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

COUNTS = "study,events,total,region\nSmith 2001,3,12,Europe\nJones 2003,7,20,Europe\nNg 2008,0,9,Asia\nTanaka 2010,11,31,Asia\n"


def read_words(path):
    return re.findall(r">([^<>]+)</text>", path.read_text("utf-8"))


def test_the_forest_plot_of_an_analysis_in_the_layout_asked_for(review_command, made, tmp_path):
    target = tmp_path / "forest.svg"
    called = review_command("pool", "A", "--figure", target, "--layout", "jama", "--sort", "total")
    assert called.code == 0
    assert "All together" in called.out
    assert f"{target}: " in called.err
    words = read_words(target)
    assert "Source" in words
    assert [word for word in words if word in {"Adams 2010", "Baker 2012"}] == ["Adams 2010", "Baker 2012"]


def test_a_bare_file_is_drawn_without_a_review(review_command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "counts.csv").write_text(COUNTS)
    called = review_command(
        "pool",
        "counts.csv",
        "--by",
        "region",
        "--method",
        "REML",
        "--figure",
        "Fig1.tif",
        "--width",
        "1-column",
        "--dpi",
        "300",
        "--journal",
        "plos",
    )
    assert called.code == 0
    assert re.search(r"Fig1\.tif: 13\.2 x [0-9.]+ cm, text 8\.0 pt, 300 dpi, [0-9]+ kB", called.err)
    image = Image.open(io.BytesIO((tmp_path / "Fig1.tif").read_bytes()))
    assert image.size[0] == int(13.2 / 2.54 * 300)
    called = review_command("pool", "counts.csv", "--figure", "forest.eps", "--json")
    assert called.json["k"] == 4
    assert (tmp_path / "forest.eps").read_bytes().startswith(b"%!PS-Adobe-3.0 EPSF-3.0")


def test_what_a_journal_does_not_take_is_told(review_command, made, tmp_path):
    called = review_command("pool", "A", "--figure", tmp_path / "f.png", "--journal", "plos")
    assert called.code == 0
    assert "FIGURE-004 warning" in called.err
    assert "expected eps, tiff" in called.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("A", "--kind", "pie"), "no figure is called 'pie'; expected forest, leave-one-out, cumulative"),
        (("A", "--kind", "funnel"), "the data of A do not give the figure funnel: see docs/figures.md"),
        (("A", "--layout", "bmj"), "--layout is bmj; expected default, revman, jama"),
        (("A", "--sort", "colour"), "--sort is colour; expected given, label, value, total, weight"),
        (("A", "--width", "80cm"), "the width is 80cm; expected 1-column, 2-columns, or centimetres from 3 to 40"),
        (
            ("counts.csv", "--kind", "funnel"),
            "of a file only the forest plot is drawn; funnel needs a planned analysis",
        ),
    ],
)
def test_a_figure_that_cannot_be_is_refused_and_nothing_is_written(
    review_command, made, tmp_path, monkeypatch, words, told
):
    monkeypatch.chdir(made.root)
    (made.root / "counts.csv").write_text(COUNTS)
    called = review_command("pool", *words, "--figure", tmp_path / "figure.svg")
    assert called.code == 2
    assert told in called.err
    assert not (tmp_path / "figure.svg").exists()


def test_one_analysis_is_drawn_at_a_time(review_command, made, tmp_path):
    made.write(
        "protocol.yaml",
        (made.root / "protocol.yaml").read_text()
        + "  B:\n    label: One\n    outcome: response\n    studies: [adams-2010]\n",
    )
    called = review_command("pool", "--figure", tmp_path / "figure.svg")
    assert called.code == 2
    assert "one analysis is drawn at a time; name it before --figure (here: A, B)" in called.err


def test_of_other_measures_only_the_forest_plot_is_drawn(review_command, made, tmp_path):
    protocol = (made.root / "protocol.yaml").read_text()
    outcome = "outcomes:\n  size:\n    label: Size\n    type: continuous\n    unit: mm\n"
    analysis = "  M:\n    label: Size\n    outcome: size\n    studies: [adams-2010]\n"
    made.write("protocol.yaml", protocol.replace("outcomes:\n", outcome) + analysis)
    called = review_command("pool", "M", "--figure", tmp_path / "mean.svg", "--kind", "funnel")
    assert called.code == 2
    assert "the data of M do not give the figure funnel" in called.err
