"""The table of a forest plot: the same groups, studies and pooled results, so that the two cannot differ."""

from __future__ import annotations

from collections.abc import Sequence

from review.model import Estimate
from review.reporting.forest_rows import LAYOUTS
from review.reporting.forest_rows import ForestGroup
from review.reporting.forest_rows import Layout
from review.reporting.forest_rows import LayoutKey
from review.reporting.forest_rows import SortKey
from review.reporting.forest_rows import Summary
from review.reporting.forest_rows import format_cells
from review.reporting.forest_rows import format_heterogeneity
from review.reporting.forest_rows import format_interval_ends
from review.reporting.forest_rows import format_level
from review.reporting.forest_rows import name_method
from review.reporting.forest_rows import sort_rows
from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Row
from review.reporting.table import RowKind
from review.reporting.table import Table
from review.reporting.table import make_group
from review.reporting.table import make_row


def tabulate_estimates(
    key: str,
    caption: str,
    groups: Sequence[ForestGroup],
    summaries: Sequence[Summary] = (),
    *,
    layout: LayoutKey = "default",
    sort: SortKey = "given",
    notes: Sequence[str] = (),
    digits: int = 1,
) -> Table:
    """List studies and pooled results with counts, percentages, intervals and weights; arguments as of `draw_forest`.

    The interval methods, prediction intervals and heterogeneity stand in the footnotes. A column of weights appears only where some row
    has one.

    Raises:
        ValueError: If there is no study.
    """
    studies = [row for group in groups for row in group.rows]
    if not studies:
        raise ValueError("a table of estimates needs at least one study")
    writer = _Writer(LAYOUTS[layout], digits, has_weights=any(row.weight is not None for row in studies))
    rows: list[Row] = []
    for group in groups:
        if group.title:
            rows.append(make_group(group.title))
        depth = 1 if group.title else 0
        rows += [writer.write(row, "body", depth) for row in sort_rows(group.rows, sort)]
        if group.summary:
            rows.append(writer.write_summary(group.summary, depth))
    rows += [writer.write_summary(summary, 0) for summary in summaries]
    methods = ", ".join(dict.fromkeys(name_method(row.method) for row in studies))
    first = f"{format_level(studies[0].level)}% confidence intervals of the studies: {methods}."
    footnotes = (first, *writer.footnotes, *notes)
    columns = (
        Column("study", "Study"),
        Column("events", "Events", "right"),
        Column("total", "Total", "right"),
        Column("estimate", f"% ({format_level(studies[0].level)}% CI)", "right", (0,)),
        *((Column("weight", "Weight", "right"),) if writer.has_weights else ()),
    )
    return Table(key, caption, columns, tuple(rows), footnotes)


class _Writer:
    """Writes rows and collects the footnotes of the summaries; the first footnote is the table's own."""

    def __init__(self, layout: Layout, digits: int, *, has_weights: bool) -> None:
        self.layout = layout
        self.digits = digits
        self.has_weights = has_weights
        self.footnotes: list[str] = []

    def write(self, estimate: Estimate, kind: RowKind, depth: int, notes: tuple[int, ...] = ()) -> Row:
        cells = format_cells(estimate, self.layout, self.digits)
        values: list[Cell | str | int] = [
            Cell(estimate.label, notes=notes),
            estimate.events,
            estimate.total,
            Cell(cells["estimate"], estimate.value),
            *([Cell(cells["weight"], estimate.weight)] if self.has_weights else []),
        ]
        return make_row(*values, kind=kind, depth=depth)

    def write_summary(self, summary: Summary, depth: int) -> Row:
        parts = [f"{name_method(summary.estimate.method)}."]
        if summary.prediction:
            level = format_level(summary.estimate.level)
            ends = format_interval_ends(*summary.prediction, self.layout, self.digits).strip("()[]")
            parts.append(f"{level}% prediction interval {ends}.")
        if summary.heterogeneity:
            parts.append(f"{format_heterogeneity(summary.heterogeneity, self.layout)}.")
        text = " ".join(parts)
        if text not in self.footnotes:
            self.footnotes.append(text)
        return self.write(summary.estimate, "total", depth, (self.footnotes.index(text) + 1,))
