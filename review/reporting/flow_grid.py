"""Where each box of the flow diagram stands: columns for lanes, rows for steps, heights from the wrapped text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from review.reporting.figure import MAX_HEIGHT_CM
from review.reporting.figure import POINTS_PER_CM
from review.reporting.page import LEADING
from review.reporting.prisma import Template
from review.reporting.prisma_nodes import Node
from review.reporting.typeface import measure_text
from review.reporting.typeface import wrap_text

MARGIN = 6.0
STAGE_WIDTH = 15.0
STAGES = ("identification", "screening", "included")

#: A column narrower than so many times the text's size would break most words.
_COLUMN_LEAST = 9.0

#: A first review without other sources has two columns and starts at 15.5 cm; the others take a full page of 19.05 cm.
_NARROW, _WIDE = 440.0, 540.0
#: For a journal's columns text is larger where there is room, so that footnotes are not below 8 points.
_LARGE_SIZES = (9.5, 9.0, 8.5)
_SIZES = (8.0, 7.5, 7.0, 6.5, 6.0)
_MAX_HEIGHT = MAX_HEIGHT_CM * POINTS_PER_CM

_NO_BREAK = "\u00a0"
_COUNT = re.compile(r"\(n = [0-9,]*\)$")

#: The columns a lane takes and their shares of the width: its own, and one for what leaves it.
_COLUMNS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "previous": (("previous", 0.85),),
    "main": (("main", 1.0), ("main-side", 1.05)),
    "other": (("other", 0.95), ("other-side", 1.05)),
}

#: The row of a box; what is not listed stands in the first.
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


@dataclass(frozen=True, slots=True)
class FlowCell:
    """A box with its wrapped lines (indent, text, key of the number), in points from the upper left corner of the page."""

    node: Node
    column: str
    row: int
    lines: tuple[tuple[float, str, str], ...]
    x: float
    y: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """The x of the middle."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class FlowGrid:
    """The whole arrangement; distances are shares of the text's size.

    `titles` gives for each lane the left edge, the width and the wrapped title; `stages` the upper and lower edge of each stage.
    """

    size: float
    width: float
    height: float
    headings: tuple[str, ...]
    titles: Mapping[str, tuple[float, float, tuple[str, ...]]]
    titles_top: float
    titles_height: float
    cells: tuple[FlowCell, ...]
    stages: Mapping[str, tuple[float, float]]
    footnotes: tuple[str, ...]
    footnotes_top: float

    @property
    def padding(self) -> float:
        """Between the edge of a box and its text."""
        return _padding(self.size)

    @property
    def small(self) -> float:
        """The size of footnotes."""
        return _small(self.size)


def arrange_flow(
    nodes: Sequence[Node],
    template: Template,
    title: str,
    notes: Sequence[str],
    *,
    is_draft: bool,
    width: float | None = None,
) -> FlowGrid:
    """Find the loosest arrangement that fits a page, else the tightest one; `width` is in points, None chooses it."""
    widths = (width,) if width else (_NARROW, _WIDE) if template.key == "new-v1" else (_WIDE,)
    sizes = (*_LARGE_SIZES, *_SIZES) if width else _SIZES
    trials = [(sizes[0], each) for each in widths] + [(size, widths[-1]) for size in sizes[1:]]
    for size, each in trials:
        grid = _arrange_at(nodes, template, title, notes, size, each, is_draft=is_draft)
        narrowest = min(cell.width for cell in grid.cells)
        if grid.height <= _MAX_HEIGHT and narrowest >= _COLUMN_LEAST * size:
            break
    return grid


def _padding(size: float) -> float:
    return size * 0.7


def _gap(size: float) -> float:
    return size * 2.0


def _small(size: float) -> float:
    return max(size * 0.86, 5.5)


def _arrange_at(
    nodes: Sequence[Node],
    template: Template,
    title: str,
    notes: Sequence[str],
    size: float,
    width: float,
    *,
    is_draft: bool,
) -> FlowGrid:
    columns = _place_columns(template, width, size)
    inner = width - 2 * MARGIN
    headings = tuple(wrap_text(title, inner, size + 2, bold=True)) if title else ()
    titles: dict[str, tuple[float, float, tuple[str, ...]]] = {}
    for lane, text in template.lane_titles.items():
        left = columns[lane][0]
        last, own = columns.get(f"{lane}-side", columns[lane])
        span = last + own - left
        titles[lane] = (left, span, tuple(wrap_text(text, span - 2 * _padding(size), size, bold=True)))
    titles_height = max(len(lines) for _, _, lines in titles.values()) * size * LEADING + 2 * _padding(size)
    top = MARGIN + len(headings) * (size + 2) * LEADING + (size * 2 if is_draft else 0.0)
    cells, stages = _place_cells(nodes, columns, size, top + titles_height + _gap(size))
    footnotes = tuple(line for note in notes for line in wrap_text(note, inner, _small(size)))
    below = max(bottom for _, bottom in stages.values()) + _gap(size)
    height = below + len(footnotes) * _small(size) * LEADING + MARGIN
    return FlowGrid(size, width, height, headings, titles, top, titles_height, cells, stages, footnotes, below)


def _place_columns(template: Template, width: float, size: float) -> dict[str, tuple[float, float]]:
    """Share the width among the columns of the template: left edge and width of each."""
    wanted = [column for lane in _COLUMNS if lane in template.lane_titles for column in _COLUMNS[lane]]
    free = width - 2 * MARGIN - STAGE_WIDTH - _gap(size) * len(wanted)
    unit = free / sum(share for _, share in wanted)
    columns: dict[str, tuple[float, float]] = {}
    x = MARGIN + STAGE_WIDTH + _gap(size)
    for name, share in wanted:
        columns[name] = (x, unit * share)
        x += unit * share + _gap(size)
    return columns


def _place_cells(
    nodes: Sequence[Node], columns: Mapping[str, tuple[float, float]], size: float, top: float
) -> tuple[tuple[FlowCell, ...], dict[str, tuple[float, float]]]:
    """Stack the rows; each is as high as its highest box, and each stage high enough for its name at the side."""
    cells: list[FlowCell] = []
    stages: dict[str, tuple[float, float]] = {}
    y = top
    for stage in STAGES:
        start = bottom = y
        rows = _group_rows([node for node in nodes if node.stage == stage])
        for row, members in rows.items():
            placed = [_place_cell(node, row, columns, size, y) for node in members]
            cells += placed
            bottom = max(cell.bottom for cell in placed)
            y = bottom + _gap(size)
        name = measure_text(stage.capitalize(), size, bold=True) + 2 * _padding(size)
        stages[stage] = (start, max(bottom, start + name))
        y = stages[stage][1] + _gap(size)
    return tuple(cells), stages


def _group_rows(nodes: Sequence[Node]) -> dict[int, list[Node]]:
    rows: dict[int, list[Node]] = {}
    for place, node in enumerate(nodes):
        # What is included stands one below the other; the other stages have rows that the lanes share.
        row = _FIRST_INCLUDED_ROW + place if node.stage == "included" else _ROWS.get(node.key, 0)
        rows.setdefault(row, []).append(node)
    return dict(sorted(rows.items()))


def _place_cell(node: Node, row: int, columns: Mapping[str, tuple[float, float]], size: float, y: float) -> FlowCell:
    column = f"{node.lane}-side" if node.is_side else node.lane
    x, width = columns[column]
    lines = _wrap_node(node, width - 2 * _padding(size), size)
    height = len(lines) * size * LEADING + 2 * _padding(size)
    return FlowCell(node, column, row, lines, x, y, width, height)


def _wrap_node(node: Node, width: float, size: float) -> tuple[tuple[float, str, str], ...]:
    """Break the text of a box into lines with their indents; `(n = 12)` stays together."""
    wrapped: list[tuple[float, str, str]] = []
    hang = size * 0.7
    for line in node.lines:
        indent = size * 1.15 * line.depth
        text = _COUNT.sub(lambda count: count[0].replace(" ", _NO_BREAK), line.text)
        room = width - indent
        lines = [text] if measure_text(text, size) <= room else wrap_text(text, room - hang, size)
        # The second line of a reason stands in, so that each reason is seen to begin.
        wrapped += [
            (indent + (hang if index else 0.0), piece.replace(_NO_BREAK, " "), line.key)
            for index, piece in enumerate(lines)
        ]
    return tuple(wrapped)
