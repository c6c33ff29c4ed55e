"""The flow diagram is drawn in the official layout, and no text of it is cut or overlapping."""

from __future__ import annotations

import pytest
from lxml import etree

from review.model import Box
from review.model import BoxLine
from review.reporting.figure import check_drawing
from review.reporting.figure import render_svg
from review.reporting.flow import DRAFT_MARK
from review.reporting.flow import draw_flow
from review.reporting.prisma import TEMPLATES
from review.reporting.prisma_nodes import FlowOptions
from tests.reporting.flows import make_new_review
from tests.reporting.flows import make_reported
from tests.reporting.flows import make_updated_review
from tests.reporting.layout import find_faults
from tests.reporting.layout import read_texts

LABELS = (
    "No calcinosis",
    "Review or editorial without original patients, or with patients printed elsewhere already",
    "Donaudampfschifffahrtsgesellschaftskapitänspatentverlängerung",
    "Без кальциноза",
    "غير متوفر",
    'Wrong "drug" & <dose> $x_1$',
)


def with_reasons(boxes: dict[str, Box], count: int) -> dict[str, Box]:
    lines = tuple(BoxLine(LABELS[number % len(LABELS)], number * 97) for number in range(count))
    total = sum(line.n for line in lines)
    changed = {
        key: Box(key, total, "reports", lines=lines, reported=True)
        for key in ("dbr_excluded", "other_excluded")
        if key in boxes
    }
    return boxes | changed


@pytest.mark.parametrize("reasons", [0, 1, 30])
@pytest.mark.parametrize("boxes", [make_new_review(), make_updated_review()], ids=["new", "updated"])
def test_text_fits_whatever_its_length(boxes: dict[str, Box], reasons: int) -> None:
    assert find_faults(draw_flow(with_reasons(boxes, reasons).values(), title="A title of the flow diagram " * 4)) == []


def test_a_long_list_of_reasons_still_fits_a_page() -> None:
    drawing = draw_flow(with_reasons(make_new_review(), 30).values())
    assert check_drawing(drawing) == []


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.key)
def test_every_template_is_drawn_even_without_numbers(template: object) -> None:
    drawing = draw_flow([], template=template)  # type: ignore[arg-type]
    assert find_faults(drawing) == []
    assert drawing.width_cm <= 19.05 + 0.01


def test_the_words_and_numbers_are_in_the_drawing() -> None:
    drawing = draw_flow(make_updated_review().values(), options=FlowOptions(footnotes=("One note.",)))
    shown = [text for text, _ in read_texts(drawing)]
    for expected in ("Identification", "Screening", "Included", "Previous studies", "PubMed (n = 70)", "One note."):
        assert expected in " ".join(shown)
    assert DRAFT_MARK not in shown
    assert drawing.alt.startswith("Flow diagram. Studies included in previous version of review (n = 3); ")
    assert "PRISMA 2020" in drawing.caption


@pytest.mark.parametrize(
    ("boxes", "draft"),
    [(make_new_review(), True), (make_new_review() | make_reported(dbr_waiting=2), False)],
    ids=["asked", "waiting"],
)
def test_a_draft_is_marked(boxes: dict[str, Box], draft: bool) -> None:
    drawing = draw_flow(boxes.values(), draft=draft)
    assert DRAFT_MARK in [text for text, _ in read_texts(drawing)]
    assert drawing.caption.endswith("Draft.")


def test_boxes_have_ids_and_links_in_the_svg() -> None:
    drawing = draw_flow(make_new_review().values(), links={"records_screened": "report.html#records_screened"})
    root = etree.fromstring(render_svg(drawing))
    assert root.xpath("//*[@id='box-records_screened']")
    assert b'xlink:href="report.html#records_screened"' in etree.tostring(root)


def test_what_leaves_the_flow_stands_right_of_it_on_the_same_height() -> None:
    places = dict(read_texts(draw_flow(make_new_review().values())))
    screened, excluded = places["Records screened (n = 100)"], places["Records excluded (n = 88)"]
    assert screened.x1 < excluded.x0
    assert screened.y0 == pytest.approx(excluded.y0, abs=1)
    assert places["Studies included in review (n = 4)"].y1 < screened.y0
