"""The PRISMA 2020 flow diagram, drawn in the official layout.

Stages are labelled at the left; each lane runs down its own column with what leaves it at the right; the lanes of previous studies and of
other methods are grey. Boxes are as high as their text, so that a list of thirty reasons fits as well as none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from review.model import Box
from review.reporting.figure import Drawing
from review.reporting.figure import fixed_settings
from review.reporting.page import LEADING
from review.reporting.page import Page
from review.reporting.palette import BLACK
from review.reporting.palette import GREY
from review.reporting.palette import PALE
from review.reporting.palette import VERMILION
from review.reporting.palette import WHITE
from review.reporting.prisma import ATTRIBUTION
from review.reporting.prisma import Template
from review.reporting.prisma import choose_template
from review.reporting.prisma import index_boxes
from review.reporting.prisma import is_unfinished
from review.reporting.prisma_nodes import DEFAULT_OPTIONS
from review.reporting.prisma_nodes import FlowOptions
from review.reporting.prisma_nodes import Node
from review.reporting.prisma_nodes import compose_nodes
from review.reporting.prisma_nodes import connect_nodes
from review.reporting.prisma_nodes import list_footnotes
from review.reporting.typeface import measure_text
from review.reporting.typeface import wrap_text

DRAFT_MARK = "DRAFT: decisions are missing or in conflict; not for publication"

_SIZE = 7.0
_SMALL = 6.0
_PADDING = 5.0
_GAP = 14.0
_MARGIN = 6.0
_STAGE_WIDTH = 15.0
_INDENT = 8.0
_HANG = 5.0

#: Width of the page in points: 15.5 cm for the two columns of a first review without other sources, else a full page (19.05 cm).
_NARROW = 440.0
_WIDE = 540.0

_STAGE_FILL = "#bcd9ef"
_TITLE_FILL = "#f7c948"
_NO_BREAK = "\u00a0"

_COUNT = re.compile(r"\(n = [0-9,]*\)$")

#: The columns a lane takes: its own, and one for what leaves it.
_COLUMNS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "previous": (("previous", 0.85),),
    "main": (("main", 1.0), ("main-side", 1.05)),
    "other": (("other", 0.95), ("other-side", 1.05)),
}

_ROWS: Mapping[str, int] = {
    "records_screened": 1,
    "records_excluded": 1,
    "dbr_sought_reports": 2,
    "dbr_notretrieved_reports": 2,
    "dbr_assessed": 3,
    "dbr_excluded": 3,
    "other_sought_reports": 2,
    "other_notretrieved_reports": 2,
    "other_assessed": 3,
    "other_excluded": 3,
}
_FIRST_INCLUDED_ROW = 4
_STAGES = ("identification", "screening", "included")


@dataclass(slots=True)
class _Cell:
    """A box with its wrapped text, on its place in the grid; the coordinates follow when all heights are known."""

    node: Node
    column: str
    row: int
    lines: list[tuple[float, str]]
    x: float
    width: float
    y: float = 0.0

    @property
    def height(self) -> float:
        return len(self.lines) * _SIZE * LEADING + 2 * _PADDING

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def draw_flow(
    boxes: Iterable[Box],
    *,
    template: Template | None = None,
    options: FlowOptions = DEFAULT_OPTIONS,
    draft: bool = False,
    title: str = "",
    links: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw the flow diagram.

    Args:
        boxes: The numbers; `template` None chooses one of the four official templates from them.
        template: A template to use whatever the numbers are.
        options: What to show beyond the official minimum.
        draft: Mark the diagram as a draft; one with records or reports that await a decision is always marked.
        title: A line above the diagram; journals want none.
        links: Addresses by the key of a number, for the first number of a box; SVG and PDF open them.
    """
    indexed = index_boxes(boxes)
    chosen = template or choose_template(indexed.values())
    nodes = compose_nodes(indexed.values(), chosen, options)
    is_draft = draft or is_unfinished(indexed.values())
    notes = [*(str(note) for note in list_footnotes(indexed.values(), options)), ATTRIBUTION]
    with fixed_settings():
        page = _draw(nodes, chosen, title, notes, links or {}, is_draft=is_draft)
    caption = "PRISMA 2020 flow diagram of the selection of studies."
    return Drawing(
        page.figure, f"{caption} Draft." if is_draft else caption, describe_nodes(nodes), "PRISMA 2020 flow diagram"
    )


def describe_nodes(nodes: Iterable[Node]) -> str:
    """Tell the diagram in words, box by box, for those who cannot see it."""
    told = ("; ".join(line.text.rstrip(":") for line in node.lines) for node in nodes)
    return "Flow diagram. " + ". ".join(told) + "."


def _draw(
    nodes: Sequence[Node],
    template: Template,
    title: str,
    notes: Sequence[str],
    links: Mapping[str, str],
    *,
    is_draft: bool,
) -> Page:
    width = _NARROW if template.key == "new-v1" else _WIDE
    columns = _place_columns(template, width)
    cells = _place_cells(nodes, columns)
    inner = width - 2 * _MARGIN
    headings = wrap_text(title, inner, _SIZE + 2, bold=True) if title else []
    titles = {
        lane: wrap_text(text, _span(columns, lane)[1] - 2 * _PADDING, _SIZE, bold=True)
        for lane, text in template.lane_titles.items()
    }
    title_height = max(map(len, titles.values())) * _SIZE * LEADING + 2 * _PADDING
    top = _MARGIN + len(headings) * (_SIZE + 2) * LEADING + (_SIZE * LEADING + 6 if is_draft else 0)
    rows = _place_rows(cells, top + title_height + _GAP)
    below = max(bottom for _, bottom in rows.values()) + _GAP
    footnotes = [line for note in notes for line in wrap_text(note, inner, _SMALL)]
    page = Page(width, below + len(footnotes) * _SMALL * LEADING + _MARGIN)
    y = page.lines(width / 2, _MARGIN, headings, size=_SIZE + 2, align="center", bold=True)
    if is_draft:
        page.text(width / 2, y + _SIZE, DRAFT_MARK, size=_SIZE, align="center", bold=True, colour=VERMILION)
    for lane, lines in titles.items():
        left, span = _span(columns, lane)
        fill = _TITLE_FILL if lane == "main" else PALE
        page.rectangle(left, top, span, title_height, fill=fill, edge=GREY, radius=4)
        start = top + (title_height - len(lines) * _SIZE * LEADING) / 2
        page.lines(left + span / 2, start, lines, size=_SIZE, align="center", bold=True)
    _draw_stages(page, cells, rows)
    by_key = {cell.node.key: cell for cell in cells}
    for start_key, end_key in connect_nodes(nodes):
        page.arrow(_route(by_key[start_key], by_key[end_key]), colour=BLACK)
    for cell in cells:
        _draw_cell(page, cell, links.get(cell.node.key, ""))
    page.lines(_MARGIN, below, footnotes, size=_SMALL, colour=GREY)
    return page


def _place_columns(template: Template, width: float) -> dict[str, tuple[float, float]]:
    """Share the width among the columns of the template: left edge and width of each."""
    lanes = [lane for lane in ("previous", "main", "other") if lane in template.lane_titles]
    wanted = [column for lane in lanes for column in _COLUMNS[lane]]
    free = width - 2 * _MARGIN - _STAGE_WIDTH - _GAP * len(wanted)
    unit = free / sum(share for _, share in wanted)
    columns: dict[str, tuple[float, float]] = {}
    x = _MARGIN + _STAGE_WIDTH + _GAP
    for name, share in wanted:
        columns[name] = (x, unit * share)
        x += unit * share + _GAP
    return columns


def _span(columns: Mapping[str, tuple[float, float]], lane: str) -> tuple[float, float]:
    left = columns[lane][0]
    last, width = columns.get(f"{lane}-side", columns[lane])
    return left, last + width - left


def _place_cells(nodes: Sequence[Node], columns: Mapping[str, tuple[float, float]]) -> list[_Cell]:
    cells: list[_Cell] = []
    row = _FIRST_INCLUDED_ROW
    for node in nodes:
        column = f"{node.lane}-side" if node.is_side else node.lane
        x, width = columns[column]
        place = _ROWS.get(node.key, 0)
        if node.stage == "included":
            place, row = row, row + 1
        cells.append(_Cell(node, column, place, _wrap_node(node, width), x, width))
    return cells


def _wrap_node(node: Node, width: float) -> list[tuple[float, str]]:
    """Break the text of a box into lines with their indents; `(n = 12)` stays together."""
    wrapped: list[tuple[float, str]] = []
    for line in node.lines:
        indent = _INDENT * line.depth
        text = _COUNT.sub(lambda count: count[0].replace(" ", _NO_BREAK), line.text)
        room = width - 2 * _PADDING - indent
        lines = [text] if measure_text(text, _SIZE) <= room else wrap_text(text, room - _HANG, _SIZE)
        # The second line of a reason stands in, so that each reason is seen to begin.
        wrapped += [(indent + (_HANG if index else 0.0), line) for index, line in enumerate(lines)]
    return [(indent, line.replace(_NO_BREAK, " ")) for indent, line in wrapped]


def _place_rows(cells: Sequence[_Cell], top: float) -> dict[int, tuple[float, float]]:
    """Stack the rows; each is as high as its highest box, and each stage high enough for its name at the side."""
    rows: dict[int, tuple[float, float]] = {}
    y = top
    for stage in _STAGES:
        start = y
        own = sorted({cell.row for cell in cells if cell.node.stage == stage})
        for row in own:
            members = [cell for cell in cells if cell.row == row]
            height = max(cell.height for cell in members)
            if row == own[-1]:
                name = measure_text(stage.capitalize(), _SIZE, bold=True) + 2 * _PADDING
                height = max(height, start + name - y)
            for cell in members:
                cell.y = y
            rows[row] = (y, y + height)
            y += height + _GAP
    return rows


def _draw_stages(page: Page, cells: Sequence[_Cell], rows: Mapping[int, tuple[float, float]]) -> None:
    for stage in _STAGES:
        own = sorted({cell.row for cell in cells if cell.node.stage == stage})
        top, bottom = rows[own[0]][0], rows[own[-1]][1]
        page.rectangle(_MARGIN, top, _STAGE_WIDTH, bottom - top, fill=_STAGE_FILL, edge=GREY, radius=4)
        page.text(
            _MARGIN + _STAGE_WIDTH / 2, (top + bottom) / 2, stage.capitalize(), size=_SIZE, bold=True, rotation=90
        )


def _route(start: _Cell, end: _Cell) -> list[tuple[float, float]]:
    """Lead an arrow: aside within a row, straight down a column, else down and across into the side of the box."""
    if start.row == end.row:
        y = start.y + min(start.height, end.height) / 2
        return [(start.x + start.width, y), (end.x, y)]
    if start.column == end.column:
        return [(start.middle, start.bottom), (start.middle, end.y)]
    y = end.y + end.height / 2
    edge = end.x + end.width if start.x > end.x else end.x
    return [(start.middle, start.bottom), (start.middle, y), (edge, y)]


def _draw_cell(page: Page, cell: _Cell, link: str) -> None:
    fill = WHITE if cell.node.lane == "main" else PALE
    page.rectangle(cell.x, cell.y, cell.width, cell.height, fill=fill, key=f"box-{cell.node.key}", link=link)
    for index, (indent, text) in enumerate(cell.lines):
        top = cell.y + _PADDING + index * _SIZE * LEADING
        page.lines(cell.x + _PADDING + indent, top, [text], size=_SIZE, link=link)
