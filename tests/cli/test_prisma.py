"""`review prisma`: the flow diagram as a file, and what is behind its numbers."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from review.cli.prisma_explain import explain_box
from review.reporting.prisma import UNITS
from tests.builder import ADAMS
from tests.builder import BAKER
from tests.reporting.flows import make_new_review
from tests.reporting.flows import make_updated_review
from tests.reporting.updates import LATER
from tests.reporting.updates import make_update


def test_the_whole_update_is_drawn_from_the_command_line(tmp_path, review_command):
    made = make_update(tmp_path / "review")
    target = tmp_path / "flow.svg"
    called = review_command("prisma", "--project", made.root, "--figure", target, "--quiet")
    assert (called.code, called.err) == (0, "")
    drawing = " ".join(re.findall(r">([^<>]+)</text>", target.read_text()))
    for words in ("Previous studies", "New reports of previously included", "no longer included", "Okoro 2019"):
        assert words in drawing
    told = review_command("prisma", "--project", made.root, "--json").json
    assert told["template"] == "updated-v1"
    assert told["boxes"]["added_reports"]["ids"] == [LATER]
    assert told["boxes"]["withdrawn_studies"]["ids"] == ["Evans 2005"]
    called = review_command("prisma", "--project", made.root, "--explain", "previous_studies")
    assert called.out == ""
    assert "as reported by Okoro 2019" in called.err
    assert told["boxes"]["duplicates"]["ids"] == [f"{BAKER}@other-library"]
    assert ADAMS not in told["boxes"]["records_screened"]["ids"]


@pytest.mark.parametrize("boxes", [make_new_review(), make_updated_review()], ids=["new", "updated"])
def test_every_number_of_every_template_can_be_asked_for(made, capsys, boxes):
    review = made.open()
    for key, unit in UNITS.items():
        explain_box(key, review, tuple(boxes.values()), as_json=False, quiet=False)
        out, err = capsys.readouterr()
        if key in boxes:
            assert out.splitlines() == list(boxes[key].ids)
            assert err == f"{key}: {boxes[key].n} {unit}\n"
        else:
            assert (out, err) == ("", f"{key}: this review has no such {unit}; the diagram leaves the line out\n")


def test_a_part_of_a_number_can_be_asked_for(review_command, made):
    called = review_command("prisma", "--explain", "database_results.1")
    assert len(called.out.splitlines()) == 4
    assert called.err == "database_results.1 (library): 4 records\n"
    wrong = review_command("prisma", "--explain", "database_results.2")
    assert (wrong.code, wrong.out) == (2, "")
    assert "database_results has 1 parts; there is no part 2" in wrong.err


def test_a_diagram_is_written_as_a_journal_asks(review_command, made, tmp_path):
    called = review_command(
        "prisma", "--figure", tmp_path / "Fig1.tif", "--width", "2-columns", "--dpi", "300", "--journal", "plos"
    )
    assert called.code == 0
    assert "Fig1.tif: 19.1 x " in called.err
    image = Image.open(io.BytesIO((tmp_path / "Fig1.tif").read_bytes()))
    assert (image.size[0], image.mode, image.info["compression"]) == (2250, "RGB", "tiff_lzw")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("--figure", "flow.docm"),
            "no figure can be written in this form; expected .svg, .pdf, .png, .tiff, .tif, .eps",
        ),
        (("--figure", "flow.png", "--width", "wide"), "expected 1-column, 2-columns, or centimetres from 3 to 40"),
        (("--figure", "flow.png", "--journal", "nature"), "expected general, plos, elsevier"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(review_command, made, words, told):
    called = review_command("prisma", *words)
    assert (called.code, called.out) == (2, "")
    assert told in called.err
