"""The report: one HTML file that opens from disk, with everything a reader needs and nothing from elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from review import __version__
from review.findings import Finding
from review.findings import count_errors
from review.protocol import Protocol
from review.reporting.figure import Drawing
from review.reporting.table import Table
from review.reporting.table_markup import render_html
from review.search.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that was rendered already: its SVG with caption and the text for those who cannot see it."""

    svg: bytes
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class AnalysisPart:
    """An analysis in the report: its table, and its plot unless there is nothing to draw.

    `multiverse` draws what other defensible choices would have given and `range` says it in a sentence, where there are any.
    """

    name: str
    label: str
    table: Table
    figure: Figure | None
    multiverse: Figure | None = None
    range: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What the report says."""

    protocol: Protocol
    is_draft: bool
    flow: Figure
    studies: Table
    analyses: Sequence[AnalysisPart]
    runs: Table
    strategies: Sequence[Strategy]
    excluded: Table
    findings: Sequence[Finding]


def render_report(report: Report) -> bytes:
    """Render the report. Text of records and people is escaped; the page may not load or run anything."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("review.reporting"), autoescape=True, undefined=jinja2.StrictUndefined
    )

    def show(table: Table) -> Markup | str:
        return Markup(render_html(table)) if table.rows else ""  # noqa: S704 (the renderer escapes every cell)

    html = environment.get_template("report.html.j2").render(
        protocol=report.protocol,
        is_draft=report.is_draft,
        errors=count_errors(report.findings),
        flow=_embed(report.flow),
        studies=show(report.studies),
        analyses=[
            {
                "name": part.name,
                "label": part.label,
                "table": show(part.table),
                "figure": _embed(part.figure) if part.figure else None,
                "multiverse": _embed(part.multiverse) if part.multiverse else None,
                "range": part.range,
            }
            for part in report.analyses
        ],
        runs=show(report.runs),
        strategies=report.strategies,
        excluded=show(report.excluded),
        findings=[str(finding) for finding in report.findings],
        version=__version__,
    )
    return html.encode()


def _embed(figure: Figure) -> dict[str, str]:
    return {
        "data": base64.b64encode(figure.svg).decode(),
        "alt": figure.drawing.alt,
        "caption": figure.drawing.caption,
    }
