"""`review build`: everything into output/, the same bytes for the same inputs, with a manifest of what was made from what."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace

from review.cache import open_shelf
from review.errors import ReviewError
from review.files import hash_bytes
from review.findings import count_errors
from review.findings import sort_findings
from review.manifest import MANIFEST
from review.manifest import render_manifest
from review.pooling.measured import MeasuredResult
from review.pooling.planned import PlannedResult
from review.reporting.crate import CRATE
from review.reporting.crate import Deposit
from review.reporting.crate import Item
from review.reporting.crate import render_crate
from review.reporting.document import Document
from review.reporting.document import Figure
from review.reporting.document import list_keys
from review.reporting.document_html import render_page
from review.reporting.document_word import render_word
from review.reporting.figure import Drawing
from review.reporting.figure import Format
from review.reporting.figure import check_drawing
from review.reporting.fill.exports import render_macros
from review.reporting.fill.exports import render_variables
from review.reporting.fingerprint import render_forms
from review.reporting.gallery import FLOW
from review.reporting.gallery import KINDS
from review.reporting.gallery import choose_flow
from review.reporting.gallery import draw_figures
from review.reporting.listings import tabulate_runs
from review.reporting.listings import tabulate_studies
from review.reporting.measured import tabulate_measured
from review.reporting.pooled import tabulate_planned
from review.reporting.prisma_app import write_app_csv
from review.reporting.prisma_export import export_json
from review.reporting.prisma_export import render_mermaid
from review.reporting.prisma_nodes import FlowOptions
from review.reporting.prisma_table import tabulate_flow
from review.reporting.provenance import Holdings
from review.reporting.provenance import compose_provenance
from review.reporting.report import AnalysisPart
from review.reporting.report import Content
from review.reporting.report import compose_report
from review.reporting.sections.agreement import compose_agreement
from review.reporting.sections.appraisal import compose_appraisal
from review.reporting.sections.certainty import compose_certainty
from review.reporting.sections.characteristics import compose_characteristics
from review.reporting.sections.checklists import compose_checklists
from review.reporting.sections.material import Material
from review.reporting.sections.methods import compose_methods
from review.reporting.sections.results import tell_analysis
from review.reporting.sections.results import tell_flow
from review.reporting.sections.sensitivity import compose_sensitivity
from review.reporting.sections.tables import list_section_tables
from review.reporting.table import Table
from review.reporting.table import render_csv
from review.reporting.table_latex import render_latex
from review.reporting.table_markup import render_html
from review.reporting.table_markup import render_markdown
from review.reporting.workbook import render_workbook
from review.results import Results
from review.results import compute_results
from review.results import gather_evidence
from review.results import gather_material
from review.results import name_sources
from review.search.appendix import describe_history
from review.search.appendix import render_appendix
from review.workspace import Review
from review.workspace import hash_inputs

#: The endings of every figure.
FORMS: tuple[Format, ...] = ("svg", "pdf", "png")
_EMBEDDED: tuple[Format, ...] = ("svg", "png")

#: What the files are that every build writes, for those who find them in a repository.
PURPOSES: Mapping[str, str] = {
    "report.html": "The report, to read in a browser; every number is a link to what it is made of",
    "report.docx": "The report as a Word file",
    "tables.docx": "All tables as a Word file, to be edited",
    "tables.xlsx": "All tables as an Excel workbook",
    "values.json": "Every number that a manuscript may quote, under a stable key",
    "values.tex": "The same numbers as macros of LaTeX",
    "values.yml": "The same numbers as variables of Quarto",
    "findings.json": "What is wrong with the data, or may be",
    MANIFEST: "The hashes of what was made, of what it was made from, and the versions of the software",
    "prisma/prisma.json": "The numbers of the flow diagram with the ids behind each",
    "prisma/prisma.csv": "The numbers of the flow diagram for the PRISMA2020 app",
    "prisma/prisma.mmd": "The flow diagram for Mermaid",
    "prisma/prisma.md": "The flow diagram as a table",
    "search/appendix.md": "The search strategies as they were run, after PRISMA-S",
    "search/history.json": "The searches as data",
}


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: the files by path below output/, and what was found on the way."""

    files: dict[str, bytes]
    results: Results


class UnfinishedError(ReviewError):
    """A final build is refused while findings at error level stand."""

    exit_code = 1


def build_outputs(review: Review) -> Built:
    """Make every output in memory, the manifest included; what was computed and rendered last time is taken from the cache."""
    with open_shelf(str(review.layout.root), forget=True):
        return _make_outputs(review)


def _make_outputs(review: Review) -> Built:
    results = compute_results(review)
    drawings = _draw_figures(review, results)
    told = [finding for path, drawing in drawings.items() for finding in check_drawing(drawing, f"output/{path}")]
    results = replace(results, findings=tuple(sort_findings([*results.findings, *told])))
    tables = _list_tables(review, results)
    files = dict(sorted(_render_all(review, results, drawings, tables)))
    names = {**PURPOSES, **_name_files(files, drawings, tables)}
    files[CRATE] = render_crate(_describe_deposit(review, results, files, names))
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
    studies = [study for study in review.studies.values() if study.evidence == "primary"]
    plates = draw_figures(
        results.boxes,
        results.planned,
        studies,
        review.protocol,
        is_draft=results.is_draft,
        measured=results.measured,
    )
    return {plate.path: plate.drawing for plate in plates}


def _render_all(
    review: Review, results: Results, drawings: Mapping[str, Drawing], tables: Sequence[Table]
) -> Iterator[tuple[str, bytes]]:
    figures = {}
    for path, drawing in drawings.items():
        # The report needs a picture for the browser and one for Word, whatever is written beside it.
        rendered = render_forms(drawing, dict.fromkeys((*FORMS, *_EMBEDDED)))
        figures[path] = _make_figure(path, drawing, rendered)
        for form in FORMS:
            yield f"{path}.{form}", rendered[form]
    yield from _render_flow(results, choose_flow(review.protocol), figures[FLOW])
    yield from _render_tables(tables)
    runs = [loaded.run for loaded in review.runs]
    yield "search/appendix.md", render_appendix(runs).encode()
    yield "search/history.json", _to_json(describe_history(runs))
    yield "values.json", _to_json({value.key: asdict(value) for value in results.values})
    yield "values.tex", render_macros(results.values).encode()
    yield "values.yml", render_variables(results.values).encode()
    yield "findings.json", _to_json([finding.to_json() for finding in results.findings])
    report = compose_report(_gather_content(review, results, figures, {table.key: table for table in tables}))
    yield "report.html", render_page(report)
    yield "report.docx", render_word(report)


def _make_figure(path: str, drawing: Drawing, rendered: Mapping[Format, bytes]) -> Figure:
    return Figure(
        key=f"figure-{path.rpartition('/')[2]}",
        caption=drawing.caption,
        alt=drawing.alt,
        svg=rendered["svg"],
        png=rendered["png"],
        width_cm=drawing.width_cm,
        title=drawing.title,
    )


def _render_flow(results: Results, options: FlowOptions, figure: Figure) -> Iterator[tuple[str, bytes]]:
    findings = [finding for finding in results.findings if finding.code.startswith("PRISMA")]
    yield "prisma/prisma.json", _to_json(export_json(results.boxes, findings))
    yield "prisma/prisma.csv", write_app_csv(results.boxes).encode()
    yield "prisma/prisma.mmd", render_mermaid(results.boxes, options=options).encode()
    table = tabulate_flow(results.boxes, options=options)
    yield "prisma/prisma.md", render_markdown(table).encode()
    yield "prisma/flow.docx", render_word(Document("PRISMA 2020 flow diagram", (figure, table)))


def _list_tables(review: Review, results: Results) -> list[Table]:
    """Make every table, in the order in which the report has them."""
    return [
        tabulate_runs(review.runs),
        tabulate_studies(review.studies.values()),
        *map(tabulate_planned, results.planned),
        *map(tabulate_measured, results.measured),
        *list_section_tables(gather_material(review, results)),
    ]


def _render_tables(tables: Sequence[Table]) -> Iterator[tuple[str, bytes]]:
    for table in tables:
        name = f"tables/{table.key}"
        yield f"{name}.csv", render_csv(table).encode()
        yield f"{name}.md", render_markdown(table).encode()
        yield f"{name}.html", render_html(table).encode()
        yield f"{name}.tex", render_latex(table).encode()
    yield "tables.docx", render_word(Document("Tables", tuple(tables)))
    yield "tables.xlsx", render_workbook(tables)


def _gather_content(
    review: Review, results: Results, figures: Mapping[str, Figure], tables: Mapping[str, Table]
) -> Content:
    runs = [loaded.run for loaded in review.runs]
    evidence = gather_evidence(review, results)
    holdings = Holdings(evidence, results.boxes, tuple(review.studies.values()), runs, name_sources(review))
    material = gather_material(review, results)
    shown = {figure.key: figure for figure in figures.values()}
    described = [tables[key] for key in ("characteristics", "patients", "treatments", "summaries") if key in tables]
    content = Content(
        protocol=review.protocol,
        is_draft=results.is_draft,
        values=results.values,
        findings=results.findings,
        flow=figures[FLOW],
        flow_blocks=(tell_flow(material), tabulate_flow(results.boxes, options=choose_flow(review.protocol))),
        searches=runs,
        runs=tables["runs"],
        strategies=review.strategies,
        studies=tables["studies"],
        excluded=tables["excluded"],
        close_calls=tables.get("close-calls"),
        analyses=[
            *(_make_part(result, material, figures, tables) for result in results.planned),
            *(_make_measured_part(result, figures, tables) for result in results.measured),
        ],
        sources=compose_provenance(holdings),
        methods=compose_methods(material),
        agreement=compose_agreement(material),
        characteristics=compose_characteristics(material, described),
        appraisal=compose_appraisal(material.included, review.protocol, shown, tables),
        certainty=compose_certainty(material.analyses, review.ratings, tables),
    )
    return replace(content, checklists=compose_checklists(material, frozenset(list_keys(compose_report(content)))))


def _make_part(
    result: PlannedResult, material: Material, figures: Mapping[str, Figure], tables: Mapping[str, Table]
) -> AnalysisPart:
    name = result.analysis.name
    outcome = result.outcome.label if result.outcome else result.analysis.outcome
    paths = [f"figures/{kind}-{name}" for kind in KINDS]
    return AnalysisPart(
        name=name,
        label=f"{result.analysis.label}: {outcome.lower()}",
        table=tables[f"pooled-{name}"],
        figures=tuple(figures[path] for path in paths if path in figures),
        blocks=compose_sensitivity(result, material, tables),
        lead=tell_analysis(result, material),
    )


def _make_measured_part(
    result: MeasuredResult, figures: Mapping[str, Figure], tables: Mapping[str, Table]
) -> AnalysisPart:
    name = result.analysis.name
    label = f"{result.analysis.label}: {result.outcome.label.lower()}"
    path = f"figures/forest-{name}"
    shown = (figures[path],) if path in figures else ()
    return AnalysisPart(name=name, label=label, table=tables[f"pooled-{name}"], figures=shown)


def _name_files(files: Iterable[str], drawings: Mapping[str, Drawing], tables: Iterable[Table]) -> dict[str, str]:
    """Say what each figure and table is, by the paths of its forms."""
    captions = {path: drawing.caption for path, drawing in drawings.items()}
    captions |= {f"tables/{table.key}": table.caption for table in tables}
    return {path: captions[stem] for path in files if (stem := path.rpartition(".")[0]) in captions}


def _describe_deposit(
    review: Review, results: Results, files: Mapping[str, bytes], names: Mapping[str, str]
) -> Deposit:
    items = [Item(path, len(data), hash_bytes(data), names.get(path, "")) for path, data in files.items()]
    dates = [loaded.run.started[:10] for loaded in review.runs] + [vote.time[:10] for vote in review.votes]
    state = " This is a draft: the review is unfinished, or a number may be wrong." if results.is_draft else ""
    return Deposit(
        title=review.protocol.title,
        description=f"What was made of a systematic review: {review.protocol.question or review.protocol.title}{state}",
        items=[*items, Item(MANIFEST, name=names.get(MANIFEST, ""))],
        inputs=hash_inputs(review.layout),
        date=max(dates, default=""),
        contact=review.protocol.contact,
    )


def _to_json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
