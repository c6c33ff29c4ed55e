"""The PRISMA 2020 flow diagram, drawn in the official layout.

Stages are labelled at the left; each lane runs down its own column with what leaves it at the right; the lanes of previous studies and of
other methods are grey. Boxes are as high as their text, so that a list of thirty reasons fits as well as none.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping

from review.model import Box
from review.reporting.figure import Drawing
from review.reporting.figure import fixed_settings
from review.reporting.flow_grid import MARGIN
from review.reporting.flow_grid import STAGE_WIDTH
from review.reporting.flow_grid import FlowCell
from review.reporting.flow_grid import FlowGrid
from review.reporting.flow_grid import arrange_flow
from review.reporting.page import LEADING
from review.reporting.page import Page
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

DRAFT_MARK = "DRAFT: decisions are missing or in conflict; not for publication"

_STAGE_FILL = "#bcd9ef"
_TITLE_FILL = "#f7c948"


def draw_flow(
    boxes: Iterable[Box],
    *,
    template: Template | None = None,
    options: FlowOptions = DEFAULT_OPTIONS,
    draft: bool = False,
    title: str = "",
    links: Mapping[str, str] | None = None,
    width: float | None = None,
) -> Drawing:
    """Draw the flow diagram.

    Args:
        boxes: The numbers; `template` None chooses one of the four official templates from them.
        template: A template to use whatever the numbers are.
        options: What to show beyond the official minimum.
        draft: Mark the diagram as a draft; one with records or reports that await a decision is always marked.
        title: A line above the diagram; journals want none.
        links: Addresses by the key of a number, for the first number of a box; SVG and PDF open them.
        width: Points that the diagram takes; None chooses a width in which it fits a page.
    """
    indexed = index_boxes(boxes)
    chosen = template or choose_template(indexed.values())
    nodes = compose_nodes(indexed.values(), chosen, options)
    is_draft = draft or is_unfinished(indexed.values())
    notes = [*(str(note) for note in list_footnotes(indexed.values(), options)), ATTRIBUTION]
    with fixed_settings():
        grid = arrange_flow(nodes, chosen, title, notes, is_draft=is_draft, width=width)
        page = _draw(grid, connect_nodes(nodes), links or {}, is_draft=is_draft)
    caption = "PRISMA 2020 flow diagram of the selection of studies."
    return Drawing(
        page.figure, f"{caption} Draft." if is_draft else caption, describe_nodes(nodes), "PRISMA 2020 flow diagram"
    )


def describe_nodes(nodes: Iterable[Node]) -> str:
    """Tell the diagram in words, box by box, for those who cannot see it."""
    told = ("; ".join(line.text.rstrip(":") for line in node.lines) for node in nodes)
    return "Flow diagram. " + ". ".join(told) + "."


def _draw(grid: FlowGrid, arrows: Iterable[tuple[str, str]], links: Mapping[str, str], *, is_draft: bool) -> Page:
    page = Page(grid.width, grid.height)
    size = grid.size
    y = page.lines(grid.width / 2, MARGIN, grid.headings, size=size + 2, align="center", bold=True)
    if is_draft:
        page.text(grid.width / 2, y + size, DRAFT_MARK, size=size, align="center", bold=True, colour=VERMILION)
    for lane, (left, width, lines) in grid.titles.items():
        fill = _TITLE_FILL if lane == "main" else PALE
        page.rectangle(left, grid.titles_top, width, grid.titles_height, fill=fill, edge=GREY, radius=4)
        top = grid.titles_top + (grid.titles_height - len(lines) * size * LEADING) / 2
        page.lines(left + width / 2, top, lines, size=size, align="center", bold=True)
    for stage, (top, bottom) in grid.stages.items():
        page.rectangle(MARGIN, top, STAGE_WIDTH, bottom - top, fill=_STAGE_FILL, edge=GREY, radius=4)
        page.text(MARGIN + STAGE_WIDTH / 2, (top + bottom) / 2, stage.capitalize(), size=size, bold=True, rotation=90)
    by_key = {cell.node.key: cell for cell in grid.cells}
    for start, end in arrows:
        page.arrow(_route(by_key[start], by_key[end]))
    for cell in grid.cells:
        _draw_cell(page, cell, grid, links.get(cell.node.key, ""))
    page.lines(MARGIN, grid.footnotes_top, grid.footnotes, size=grid.small, colour=GREY)
    return page


def _route(start: FlowCell, end: FlowCell) -> list[tuple[float, float]]:
    """Lead an arrow: aside within a row, straight down a column, else down and across into the side of the box."""
    if start.row == end.row:
        y = start.y + min(start.height, end.height) / 2
        return [(start.x + start.width, y), (end.x, y)]
    if start.column == end.column:
        return [(start.middle, start.bottom), (start.middle, end.y)]
    y = end.y + end.height / 2
    edge = end.x + end.width if start.x > end.x else end.x
    return [(start.middle, start.bottom), (start.middle, y), (edge, y)]


def _draw_cell(page: Page, cell: FlowCell, grid: FlowGrid, link: str) -> None:
    fill = WHITE if cell.node.lane == "main" else PALE
    page.rectangle(cell.x, cell.y, cell.width, cell.height, fill=fill, key=f"box-{cell.node.key}", link=link)
    for index, (indent, text, key) in enumerate(cell.lines):
        top = cell.y + grid.padding + index * grid.size * LEADING
        page.lines(
            cell.x + grid.padding + indent, top, [text], size=grid.size, link=link, value=f"prisma.{key}" if key else ""
        )
