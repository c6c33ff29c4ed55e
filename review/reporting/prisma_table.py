"""The flow diagram as a table, for Markdown, Word and readers who prefer numbers in rows."""

from __future__ import annotations

from collections.abc import Iterable

from review.model import Box
from review.numerals import format_count
from review.reporting.prisma import Template
from review.reporting.prisma import choose_template
from review.reporting.prisma import describe_key
from review.reporting.prisma import index_boxes
from review.reporting.prisma_nodes import DEFAULT_OPTIONS
from review.reporting.prisma_nodes import FlowOptions
from review.reporting.prisma_nodes import Node
from review.reporting.prisma_nodes import compose_nodes
from review.reporting.prisma_nodes import list_footnotes
from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Row
from review.reporting.table import Table
from review.reporting.table import make_group
from review.reporting.table import make_row

_COLUMNS = (Column("item", "Item"), Column("unit", "Unit"), Column("n", "n", "right"))


def tabulate_flow(
    boxes: Iterable[Box], template: Template | None = None, options: FlowOptions = DEFAULT_OPTIONS
) -> Table:
    """List every number of the diagram under its lane and stage, with its unit and its parts below it."""
    indexed = index_boxes(boxes)
    chosen = template or choose_template(indexed.values())
    rows: list[Row] = []
    heading = ""
    for node in compose_nodes(indexed.values(), chosen, options):
        place = _name_place(node, chosen)
        if place != heading:
            rows.append(make_group(place))
            heading = place
        for key in node.keys:
            rows += _list_number(key, indexed.get(key), chosen, options)
    notes = tuple(str(note) for note in list_footnotes(indexed.values(), options))
    return Table("prisma", "PRISMA 2020 flow of records, reports and studies.", _COLUMNS, tuple(rows), notes)


def _name_place(node: Node, template: Template) -> str:
    if node.stage == "included":
        return "Included"
    title = template.lane_titles[node.lane]
    return title if node.lane == "previous" else f"{title}: {node.stage}"


def _list_number(key: str, box: Box | None, template: Template, options: FlowOptions) -> list[Row]:
    words = describe_key(key, template)
    if box is None:
        return [make_row(words, "", Cell("not counted"))]
    value = f"prisma.{key}"
    rows = [make_row(words, box.unit, Cell(format_count(box.n), box.n, key=value))]
    shows_parts = {
        "records_excluded": options.screening_reasons,
        "database_results": options.details,
        "register_results": options.details,
    }
    if shows_parts.get(key, True):
        rows += [
            make_row(line.label, box.unit, Cell(format_count(line.n), line.n, key=f"{value}.{place}"), depth=1)
            for place, line in enumerate(box.lines, 1)
        ]
    return rows
