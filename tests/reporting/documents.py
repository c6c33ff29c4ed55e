"""A document with one of everything, and text that would break what is not escaped."""

from __future__ import annotations

from review.reporting.document import Checklist
from review.reporting.document import ChecklistGroup
from review.reporting.document import ChecklistRow
from review.reporting.document import Code
from review.reporting.document import Document
from review.reporting.document import Emphasis
from review.reporting.document import Figure
from review.reporting.document import Items
from review.reporting.document import Link
from review.reporting.document import Listing
from review.reporting.document import Node
from review.reporting.document import Number
from review.reporting.document import Outline
from review.reporting.document import Section
from review.reporting.document import Strong
from review.reporting.document import Term
from review.reporting.document import Terms
from review.reporting.document import name_value
from review.reporting.document import write_paragraph
from review.reporting.figure import render_png
from review.reporting.figure import render_svg
from review.reporting.flow import draw_flow
from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_group
from review.reporting.table import make_row
from tests.reporting.flows import make_new_review

HOSTILE = "<script>alert('x')</script>\"& ]]> \x00\ud800\uffff =1+1"

KEY = "prisma.records_screened"


def make_figure(key: str = "figure-flow") -> Figure:
    drawing = draw_flow(make_new_review().values())
    return Figure(key, HOSTILE, HOSTILE, render_svg(drawing), render_png(drawing, dpi=72), drawing.width_cm, HOSTILE)


def make_document() -> Document:
    columns = (Column("study", "Study"), Column("n", HOSTILE, "right", (0,)))
    rows = (
        make_group(HOSTILE),
        make_row(Cell(HOSTILE, link="javascript:alert(1)"), Cell("80", 80, key=KEY, notes=(0,)), depth=1),
        make_row("All", Cell("9", 9, key="no.such.value"), kind="total"),
    )
    table = Table("table-a", HOSTILE, columns, rows, (HOSTILE,))
    wide = Table("wide", "Wide", tuple(Column(f"c{n}", f"Column {n}") for n in range(9)), (make_row(*["x"] * 9),))
    checklist = Checklist(
        "checklist",
        "Checklist",
        (ChecklistGroup("Title", (ChecklistRow("1", HOSTILE, "answered", (Link("here", "#results"),)),)),),
        "Its source",
    )
    text = (
        "Screened ",
        Number(KEY, "80"),
        " and ",
        Number("no.such.value", "9"),
        Strong(HOSTILE),
        Emphasis("BMJ"),
        Code("review check"),
        Link("nowhere", "#nowhere"),
        Link("page", "https://example.org/a?b=<c>"),
        Link("bad", "javascript:alert(1)"),
        Link("odd", "#odd key/é"),
    )
    node = Node((HOSTILE,), (Node((Number(KEY, "80"),)),), name_value(KEY), is_folded=True)
    return Document(
        HOSTILE,
        (write_paragraph(HOSTILE, kind="warning"),),
        (
            Section(
                "results",
                HOSTILE,
                (
                    write_paragraph(*text),
                    write_paragraph("Small.", kind="note"),
                    Items((("one",), (HOSTILE,)), is_numbered=True),
                    Terms((Term(HOSTILE, ((HOSTILE,), ("two",))),)),
                    Listing(f"#1 a\n  #2 b\n{HOSTILE}"),
                    table,
                    make_figure(),
                    make_figure("figure-again"),
                    checklist,
                    wide,
                ),
                (Section("odd key/é", "Odd", (write_paragraph("x"),)),),
            ),
            Section("sources", "Sources", (Outline((node, Node(("plain",), (Node(("below",)),)))),)),
        ),
        ("Made by ", Code("review")),
    )
