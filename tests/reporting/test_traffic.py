"""Traffic lights tell each judgement by a sign as well as a colour."""

from __future__ import annotations

import pytest

from review.reporting.appraisal import AppraisalItem
from review.reporting.appraisal import AppraisedStudy
from review.reporting.figure import check_drawing
from review.reporting.traffic import LIGHTS
from review.reporting.traffic import draw_traffic_lights
from tests.reporting.estimates import LONG
from tests.reporting.layout import find_faults
from tests.reporting.layout import read_texts

ITEMS = tuple(
    AppraisalItem(f"q{place}", str(place), f"Question {place} " + "with many words " * place) for place in range(1, 9)
)
ANSWERS = ("yes", "no", "unclear", "not applicable")


def make_studies(count: int, labels: tuple[str, ...] = LONG) -> list[AppraisedStudy]:
    return [
        AppraisedStudy(
            f"{labels[place % len(labels)]} {1980 + place}",
            {item.key: ANSWERS[(place + number) % 4] for number, item in enumerate(ITEMS)},
        )
        for place in range(count)
    ]


@pytest.mark.parametrize("count", [1, 5, 45])
def test_text_fits(count: int) -> None:
    assert find_faults(draw_traffic_lights(make_studies(count), ITEMS)) == []


def test_forty_five_studies_fit_a_page() -> None:
    assert check_drawing(draw_traffic_lights(make_studies(45, ("Smith", "García-López")), ITEMS)) == []


def test_signs_and_words_are_shown() -> None:
    study = AppraisedStudy("Smith 2014", {"q1": "yes", "q2": "unclear"})
    drawing = draw_traffic_lights([study], ITEMS[:3], tool="Murad 2018")
    shown = [text for text, _ in read_texts(drawing)]
    # Each sign once in the grid and once in the legend; the third item was not judged.
    assert [shown.count(sign) for sign in ("+", "?", "–")] == [2, 2, 0]
    assert drawing.caption == "Appraisal of the included studies with Murad 2018, item by item."
    assert drawing.alt == "Appraisal. Smith 2014: 1 yes, 2 unclear, 3 not judged."


def test_judgements_are_told_apart_without_colour() -> None:
    for tool in (
        ANSWERS,
        ("low", "some concerns", "high", "no information"),
        ("low", "moderate", "serious", "critical", "no information"),
    ):
        looks = {LIGHTS[answer].sign for answer in tool}
        assert len(looks) == len(tool)


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one study"):
        draw_traffic_lights([], ITEMS)
    with pytest.raises(ValueError, match="no light for the judgement 'maybe'"):
        draw_traffic_lights([AppraisedStudy("A", {"q1": "maybe"})], ITEMS)
