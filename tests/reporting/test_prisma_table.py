"""The flow as a table says the same as the diagram."""

from __future__ import annotations

from review.reporting.prisma_nodes import FlowOptions
from review.reporting.prisma_table import tabulate_flow
from review.reporting.table_markup import render_markdown
from tests.reporting.flows import make_new_review
from tests.reporting.flows import make_updated_review


def test_every_number_stands_under_its_lane_and_stage() -> None:
    table = tabulate_flow(make_updated_review().values())
    groups = [row.cells[0].text for row in table.rows if row.kind == "group"]
    assert groups == [
        "Previous studies",
        "Identification of new studies via databases and registers: identification",
        "Identification of new studies via databases and registers: screening",
        "Identification of new studies via other methods: identification",
        "Identification of new studies via other methods: screening",
        "Included",
    ]
    body = {
        row.cells[0].text: (row.cells[1].text, row.cells[2].value, row.depth)
        for row in table.rows
        if row.kind == "body"
    }
    assert body["Databases"] == ("records", 110, 0)
    assert body["PubMed"] == ("records", 70, 1)
    assert body["Total studies included in review"] == ("studies", 8, 0)


def test_parts_are_shown_on_wish_and_gaps_are_told() -> None:
    text = render_markdown(tabulate_flow(make_new_review().values(), options=FlowOptions(details=False)))
    assert "PubMed" not in text
    assert "| &emsp;No calcinosis | reports | 4 |" in text
    assert "| Records screened |  | not counted |" in render_markdown(tabulate_flow([]))
