"""`review build`: everything into output/, the same bytes for the same inputs, with a manifest of what was made from what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from typing import Literal

from review.errors import ReviewError
from review.findings import count_errors
from review.findings import sort_findings
from review.manifest import MANIFEST
from review.manifest import render_manifest
from review.pooling.planned import PlannedResult
from review.reporting.figure import Drawing
from review.reporting.figure import check_drawing
from review.reporting.figure import render_figure
from review.reporting.flow import draw_flow
from review.reporting.listings import tabulate_excluded
from review.reporting.listings import tabulate_runs
from review.reporting.listings import tabulate_studies
from review.reporting.pooled import draw_multiverse
from review.reporting.pooled import draw_planned
from review.reporting.pooled import tabulate_planned
from review.reporting.prisma_app import write_app_csv
from review.reporting.prisma_export import export_json
from review.reporting.prisma_export import render_mermaid
from review.reporting.prisma_nodes import FlowOptions
from review.reporting.prisma_table import tabulate_flow
from review.reporting.report import AnalysisPart
from review.reporting.report import Figure
from review.reporting.report import Report
from review.reporting.report import render_report
from review.reporting.table import Table
from review.reporting.table import render_csv
from review.reporting.table_markup import render_html
from review.reporting.table_markup import render_markdown
from review.reporting.word import render_docx
from review.results import Results
from review.results import compute_results
from review.search.appendix import describe_history
from review.search.appendix import render_appendix
from review.workspace import Review

#: The flow diagram's path below output/ without the ending, and the endings of every figure.
FLOW = "prisma/flow"
FORMS: tuple[Literal["svg", "pdf", "png"], ...] = ("svg", "pdf", "png")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: the files by path below output/, and what was found on the way."""

    files: dict[str, bytes]
    results: Results


class UnfinishedError(ReviewError):
    """A final build is refused while findings at error level stand."""

    exit_code = 1


def build_outputs(review: Review) -> Built:
    """Make every output in memory, the manifest included."""
    results = compute_results(review)
    figures = _draw_figures(review, results)
    told = [finding for path, drawing in figures.items() for finding in check_drawing(drawing, f"output/{path}")]
    results = replace(results, findings=tuple(sort_findings([*results.findings, *told])))
    files = dict(sorted(_render_all(review, results, figures)))
    files[MANIFEST] = render_manifest(review.layout, files, is_draft=results.is_draft)
    return Built(files, results)


def refuse_unfinished(results: Results) -> None:
    """Refuse a final build while a number would be wrong.

    Raises:
        UnfinishedError: If a finding at error level stands, or the review is unfinished.
    """
    errors = count_errors(results.findings)
    if errors:
        raise UnfinishedError(f"{errors} findings at error level stand: `review check` lists them; nothing was written")
    if results.is_draft:
        raise UnfinishedError(
            "records or reports still wait for a decision: `review status` tells which; nothing was written"
        )


def _draw_figures(review: Review, results: Results) -> dict[str, Drawing]:
    """Draw every figure once, by its path below output/ without the ending."""
    note = review.protocol.flow_note
    options = FlowOptions(footnotes=(note,) if note else ())
    figures = {FLOW: draw_flow(results.boxes, options=options, draft=results.is_draft)}
    for result in results.planned:
        if result.rows:
            figures[f"figures/forest-{result.analysis.name}"] = draw_planned(result)
        multiverse = draw_multiverse(result)
        if multiverse is not None:
            figures[f"figures/multiverse-{result.analysis.name}"] = multiverse
    return figures


def _render_all(review: Review, results: Results, figures: dict[str, Drawing]) -> Iterator[tuple[str, bytes]]:
    for path, drawing in figures.items():
        for form in FORMS:
            yield f"{path}.{form}", render_figure(drawing, form)
    yield from _render_flow(results)
    for result in results.planned:
        yield from _render_planned(result)
    for table in (*_list_tables(review), tabulate_runs(review.runs)):
        yield f"tables/{table.key}.csv", render_csv(table).encode()
    runs = [loaded.run for loaded in review.runs]
    yield "search/appendix.md", render_appendix(runs).encode()
    yield "search/history.json", _to_json(describe_history(runs))
    yield "values.json", _to_json({value.key: asdict(value) for value in results.values})
    yield "findings.json", _to_json([finding.to_json() for finding in results.findings])
    yield "report.html", _render_report(review, results, figures)


def _render_flow(results: Results) -> Iterator[tuple[str, bytes]]:
    findings = [finding for finding in results.findings if finding.code.startswith("PRISMA")]
    yield "prisma/prisma.json", _to_json(export_json(results.boxes, findings))
    yield "prisma/prisma.csv", write_app_csv(results.boxes).encode()
    yield "prisma/prisma.mmd", render_mermaid(results.boxes).encode()
    yield "prisma/prisma.md", render_markdown(tabulate_flow(results.boxes)).encode()


def _render_planned(result: PlannedResult) -> Iterator[tuple[str, bytes]]:
    table = tabulate_planned(result)
    name = f"tables/{table.key}"
    yield f"{name}.csv", render_csv(table).encode()
    yield f"{name}.md", render_markdown(table).encode()
    yield f"{name}.html", render_html(table).encode()
    yield f"{name}.docx", render_docx([table])


def _list_tables(review: Review) -> tuple[Table, Table]:
    studies = tabulate_studies(review.studies.values(), review.protocol)
    return studies, tabulate_excluded(review.progress.rejected, review.references, review.protocol)


def _render_report(review: Review, results: Results, figures: dict[str, Drawing]) -> bytes:
    studies, excluded = _list_tables(review)
    embedded = {path: Figure(render_figure(drawing, "svg"), drawing) for path, drawing in figures.items()}
    parts = [
        AnalysisPart(
            result.analysis.name,
            result.analysis.label,
            tabulate_planned(result),
            embedded.get(f"figures/forest-{result.analysis.name}"),
            embedded.get(f"figures/multiverse-{result.analysis.name}"),
            result.multiverse.tell() if result.multiverse else "",
        )
        for result in results.planned
    ]
    return render_report(
        Report(
            protocol=review.protocol,
            is_draft=results.is_draft,
            flow=embedded[FLOW],
            studies=studies,
            analyses=parts,
            runs=tabulate_runs(review.runs),
            strategies=review.strategies,
            excluded=excluded,
            findings=results.findings,
        )
    )


def _to_json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
