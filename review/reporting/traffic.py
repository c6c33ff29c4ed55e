"""Traffic lights: the appraisal of each study, item by item.

Judgements are told by a sign inside each disc as well as by its colour, so that the figure reads in grey and with any colour vision. Items have
numbers above the columns and their words below, so that long items never collide.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from itertools import pairwise
from typing import NamedTuple

from review.reporting.appraisal import AppraisalItem
from review.reporting.appraisal import AppraisedStudy
from review.reporting.figure import MAX_HEIGHT_CM
from review.reporting.figure import MAX_WIDTH_CM
from review.reporting.figure import POINTS_PER_CM
from review.reporting.figure import Drawing
from review.reporting.figure import fixed_settings
from review.reporting.page import CAP_HEIGHT
from review.reporting.page import LEADING
from review.reporting.page import Page
from review.reporting.palette import BLACK
from review.reporting.palette import BLUE
from review.reporting.palette import GREY
from review.reporting.palette import ORANGE
from review.reporting.palette import PALE
from review.reporting.palette import VERMILION
from review.reporting.palette import WHITE
from review.reporting.palette import YELLOW
from review.reporting.typeface import measure_text
from review.reporting.typeface import wrap_text

_MARGIN = 6.0
_LABEL_LEAST = 90.0
_COLUMN_LEAST = 17.0
_MAX_WIDTH = MAX_WIDTH_CM * POINTS_PER_CM
_MAX_HEIGHT = MAX_HEIGHT_CM * POINTS_PER_CM
_DENSITIES = ((8.0, 2.0), (8.0, 1.6), (7.5, 1.5), (7.0, 1.4), (6.5, 1.35), (6.0, 1.3))


class Light(NamedTuple):
    """How a judgement looks: its sign, the colour of the disc, and of the sign."""

    sign: str
    fill: str
    ink: str = BLACK


#: Judgements of the usual tools: JBI and Murad (yes, no, unclear, not applicable; overall include or low concern to exclude or high
#: concern), RoB 2 and ROBINS (low to critical). An item that nobody judged is told apart from one that was judged unclear.
LIGHTS: Mapping[str, Light] = {
    "yes": Light("+", BLUE, WHITE),
    "no": Light("–", VERMILION, WHITE),
    "unclear": Light("?", YELLOW),
    "not applicable": Light("/", PALE),
    "low": Light("+", BLUE, WHITE),
    "some concerns": Light("~", YELLOW),
    "moderate": Light("~", YELLOW),
    "serious": Light("–", ORANGE),
    "high": Light("–", VERMILION, WHITE),
    "critical": Light("×", VERMILION, WHITE),
    "no information": Light("?", PALE),
    "not reported": Light("?", PALE),
    "include": Light("+", BLUE, WHITE),
    "seek further information": Light("?", YELLOW),
    "exclude": Light("–", VERMILION, WHITE),
    "low concern": Light("+", BLUE, WHITE),
    "some concern": Light("~", YELLOW),
    "high concern": Light("–", VERMILION, WHITE),
    "not judged": Light("", WHITE),
}


def draw_traffic_lights(
    studies: Sequence[AppraisedStudy], items: Sequence[AppraisalItem], *, tool: str = ""
) -> Drawing:
    """Draw a grid of studies by items with a legend of the items and of the judgements used.

    Raises:
        ValueError: If there is no study or item, or a judgement has no light.
    """
    if not studies or not items:
        raise ValueError("traffic lights need at least one study and one item")
    used = list(
        dict.fromkeys(study.judgements[item.key] for study in studies for item in items if item.key in study.judgements)
    )
    unknown = sorted(set(used) - set(LIGHTS))
    if unknown:
        raise ValueError(f"no light for the judgement {unknown[0]!r}; expected one of {', '.join(LIGHTS)}")
    shown = [judgement for judgement in LIGHTS if judgement in used]
    with fixed_settings():
        for size, share in _DENSITIES:
            grid = _arrange(studies, items, shown, size, size * share)
            if grid.height <= _MAX_HEIGHT:
                break
        page = _draw(studies, items, shown, grid)
    caption = f"Appraisal of the included studies{f' with {tool}' if tool else ''}, item by item."
    return Drawing(page.figure, caption, _describe(studies, items), "Appraisal")


@dataclass(frozen=True, slots=True)
class _Grid:
    size: float
    pitch: float
    label_width: float
    columns: tuple[float, ...]
    width: float
    height: float
    labels: tuple[tuple[str, ...], ...]
    heights: tuple[float, ...]
    legend: tuple[tuple[str, str], ...]


def _arrange(
    studies: Sequence[AppraisedStudy], items: Sequence[AppraisalItem], shown: Sequence[str], size: float, pitch: float
) -> _Grid:
    columns = tuple(max(_COLUMN_LEAST, measure_text(item.mark, size, bold=True) + 6) for item in items)
    widest = max(measure_text(text, size, bold=True) for text in ("Study", *(study.label for study in studies)))
    label_width = min(widest, max(_LABEL_LEAST, _MAX_WIDTH - 2 * _MARGIN - 8 - sum(columns)))
    labels = tuple(tuple(wrap_text(study.label, label_width, size)) for study in studies)
    heights = tuple(pitch + (len(lines) - 1) * size * LEADING for lines in labels)
    body = label_width + 8 + sum(columns)
    width = max(body, 300.0)
    marks = max(measure_text(item.mark, size, bold=True) for item in items) + 6
    legend = tuple(
        (item.mark if index == 0 else "", line)
        for item in items
        for index, line in enumerate(wrap_text(item.text, width - marks, size))
    )
    rows = _wrap_key(shown, width, size)
    height = (
        _MARGIN + size * 1.8 + sum(heights) + 8 + len(legend) * size * LEADING + 6 + len(rows) * size * 1.7 + _MARGIN
    )
    return _Grid(size, pitch, label_width, columns, width + 2 * _MARGIN, height, labels, heights, legend)


def _wrap_key(shown: Sequence[str], width: float, size: float) -> list[list[str]]:
    """Share the judgements of the legend among lines."""
    rows: list[list[str]] = [[]]
    used = 0.0
    for judgement in shown:
        need = _key_width(judgement, size)
        if rows[-1] and used + need > width:
            rows.append([])
            used = 0.0
        rows[-1].append(judgement)
        used += need
    return rows


def _key_width(judgement: str, size: float) -> float:
    return size * 1.5 + measure_text(judgement, size) + 12


def _draw(studies: Sequence[AppraisedStudy], items: Sequence[AppraisalItem], shown: Sequence[str], grid: _Grid) -> Page:
    page = Page(grid.width, grid.height)
    size = grid.size
    left = _MARGIN + grid.label_width + 8
    edges = list(accumulate(grid.columns, initial=left))
    centres = [(before + after) / 2 for before, after in pairwise(edges)]
    page.text(_MARGIN, _MARGIN + size, "Study", size=size, bold=True)
    for x, item in zip(centres, items, strict=True):
        page.text(x, _MARGIN + size, item.mark, size=size, bold=True, align="center")
    y = _MARGIN + size * 1.8
    edge = edges[-1]
    page.line([(_MARGIN, y), (edge, y)])
    for study, lines, height in zip(studies, grid.labels, grid.heights, strict=True):
        page.lines_around(_MARGIN, y + height / 2, lines, size=size)
        for x, item in zip(centres, items, strict=True):
            if item.key in study.judgements:
                _draw_light(page, x, y + height / 2, LIGHTS[study.judgements[item.key]], grid)
        y += height
        page.line([(_MARGIN, y), (edge, y)], colour=PALE, width=0.5)
    y += 8
    marks = max(measure_text(item.mark, size, bold=True) for item in items) + 6
    for mark, line in grid.legend:
        page.text(_MARGIN, y + size * (CAP_HEIGHT + 0.12), mark, size=size, bold=True)
        y = page.lines(_MARGIN + marks, y, [line], size=size)
    y += 6
    for row in _wrap_key(shown, grid.width - 2 * _MARGIN, size):
        x = _MARGIN
        for judgement in row:
            _draw_light(page, x + size * 0.65, y + size * 0.8, LIGHTS[judgement], grid)
            page.text(x + size * 1.5, y + size * 0.8 + size * CAP_HEIGHT / 2, judgement, size=size)
            x += _key_width(judgement, size)
        y += size * 1.7
    return page


def _draw_light(page: Page, x: float, y: float, light: Light, grid: _Grid) -> None:
    size = grid.size
    page.circle(x, y, min(size * 0.62, grid.pitch * 0.43), fill=light.fill, edge=GREY, line_width=0.4)
    # Signs sit in the middle of the line of letters, not on it.
    page.text(x, y + size * CAP_HEIGHT / 2, light.sign, size=size, align="center", bold=True, colour=light.ink)


def _describe(studies: Sequence[AppraisedStudy], items: Sequence[AppraisalItem]) -> str:
    told = (
        f"{study.label}: " + ", ".join(f"{item.mark} {study.judgements.get(item.key, 'not judged')}" for item in items)
        for study in studies
    )
    return f"Appraisal. {'; '.join(told)}."
