"""`review pool`: the planned analyses of a review, or the counts of a bare file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output
from review.cli.figure_file import Dpi
from review.cli.figure_file import FigureChoice
from review.cli.figure_file import FigureFile
from review.cli.figure_file import ForJournal
from review.cli.figure_file import Width
from review.cli.pool_figure import ForestChoice
from review.cli.pool_figure import save_planned
from review.cli.pool_file import Choice
from review.cli.pool_file import pool_file
from review.cli.pool_patients import describe_patients
from review.cli.pool_patients import group_patients
from review.cli.pool_patients import print_patients
from review.cli.pool_sensitivity import print_sensitivity

if TYPE_CHECKING:
    from review.pooling.measured import MeasuredResult
    from review.pooling.planned import PlannedResult
    from review.pooling.sensitivity import Sensitivity
    from review.protocol import Analysis
    from review.workspace import Review


def run(
    analyses: Annotated[
        list[str] | None,
        typer.Argument(
            help="Analyses of the protocol (default: all), or one file of counts.", metavar="[ANALYSIS|FILE]..."
        ),
    ] = None,
    measure: Annotated[str, typer.Option("--measure", help="With a file: PLO, PLN, PR, PAS or PFT.")] = "PLO",
    model: Annotated[str, typer.Option("--model", help="With a file: random or common.")] = "random",
    method: Annotated[
        str, typer.Option("--method", help="With a file: GLMM, BB, REML, ML, DL, PM, EB, SJ, HE or HS.")
    ] = "GLMM",
    test: Annotated[
        str, typer.Option("--test", help="With a file: z, knha or adhoc (GLMM and BB: profile, z, t).")
    ] = "",
    ci_study: Annotated[
        str, typer.Option("--ci-study", help="With a file: the interval of each study, and of the sum.")
    ] = "clopper-pearson",
    level: Annotated[float, typer.Option("--level", help="With a file: the level of all intervals.")] = 0.95,
    by: Annotated[
        str,
        typer.Option(
            "--by", help="Group: a column of the file; in a review, patients by a case field.", metavar="COLUMN|FIELD"
        ),
    ] = "",
    coverage: Annotated[
        bool, typer.Option("--coverage", help="With a file: each method's true coverage for these study sizes.")
    ] = False,
    sensitivity: Annotated[
        bool,
        typer.Option(
            "--sensitivity", help="Leave each study out, add one after the other, try other priors; small studies."
        ),
    ] = False,
    order: Annotated[
        str,
        typer.Option("--order", help="With --sensitivity: add studies by this column, such as year.", metavar="COLUMN"),
    ] = "",
    outcome: Annotated[
        str, typer.Option("--outcome", help="Pool this outcome over all sheets (or those of --studies) instead.")
    ] = "",
    studies: Annotated[str, typer.Option("--studies", help="With --outcome: these studies, separated by commas.")] = "",
    figure: FigureFile = None,
    kind: Annotated[
        str,
        typer.Option("--kind", help="With --figure: forest, leave-one-out, cumulative, funnel, multiverse or swimmer."),
    ] = "forest",
    layout: Annotated[str, typer.Option("--layout", help="With --figure: default, revman or jama.")] = "",
    sort: Annotated[
        str, typer.Option("--sort", help="With --figure: studies as given, by label, value, total or weight.")
    ] = "",
    width: Width = "",
    dpi: Dpi = 600,
    journal: ForJournal = "general",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Compute planned analyses: a row per study, and all together unless patients may be counted twice.

    With a file of counts (columns study,events,total and any moderators), no review is needed: review pool counts.csv

    Example: review pool A

    Example: review pool A --figure forest.eps --layout jama --width 2-columns
    """
    drawn = FigureChoice(figure, width, dpi, journal) if figure is not None else None
    plan = ForestChoice(kind, layout, sort)
    if analyses and len(analyses) == 1 and (Path(analyses[0]).suffix or Path(analyses[0]).is_file()):
        choice = Choice(measure, model, method, test or None, ci_study, level, by or None, sensitivity, order)
        pool_file(Path(analyses[0]), choice, coverage=coverage, as_json=as_json, quiet=quiet, drawn=drawn, plan=plan)
        return
    from review.reporting.measured import describe_measured
    from review.results import measure_analyses
    from review.results import pool_analyses

    review = options.open_project(project)
    chosen = [_plan(review, outcome, studies)] if outcome else _choose(review, analyses or [])
    results = pool_analyses(review, chosen)
    measured = measure_analyses(review, chosen)
    findings = [finding for result in results for finding in result.findings]
    findings += [finding for result in measured for finding in result.findings]
    if measured and (sensitivity or by):
        names = ", ".join(result.analysis.name for result in measured)
        output.tell(f"--sensitivity and --by are for analyses of one proportion; they leave out {names}", quiet=quiet)
    looks = {result.analysis.name: _examine(result, order) for result in results} if sensitivity else {}
    groups = {result.analysis.name: group_patients(result, by, review.protocol) for result in results} if by else {}
    findings += [finding for group in groups.values() for finding in group.table.findings]
    findings += [finding for look in looks.values() if look for finding in look.findings]
    if drawn is not None:
        findings += save_planned((*results, *measured), review.protocol, plan, drawn, quiet=quiet)
    if as_json:
        output.print_json(
            {
                "analyses": {
                    **{result.analysis.name: describe(result) for result in results},
                    **{result.analysis.name: describe_measured(result) for result in measured},
                },
                "patients": {name: describe_patients(group) for name, group in groups.items()},
                "sensitivity": {
                    name: look and look.to_json([row.study.label for row in result.rows])
                    for result in results
                    for name, look in looks.items()
                    if name == result.analysis.name
                },
                "findings": [finding.to_json() for finding in findings],
            }
        )
    else:
        _print_tables(results, measured)
        for name, group in groups.items():
            print_patients(name, group)
        for result in results:
            look = looks.get(result.analysis.name)
            if look:
                output.print_result(f"{result.analysis.name}, sensitivity")
                print_sensitivity(look, [row.study.label for row in result.rows], 0.95, order)
    output.tell_findings(findings, quiet=quiet)
    output.exit_by(findings)


def describe(result: PlannedResult) -> dict[str, object]:
    """Return an analysis as JSON: rows with one interval per method, all together (null where it is not given)."""
    return {
        "label": result.analysis.label,
        "outcome": result.analysis.outcome,
        "refused": result.is_refused,
        "studies": [
            {
                "study": str(row.study.id),
                "events": row.tally.events,
                "total": row.tally.total,
                "estimate": row.estimates[0].value,
                "ci": {estimate.method: [estimate.ci_low, estimate.ci_high] for estimate in row.estimates},
                "definition": row.tally.definition,
                "cases": list(row.tally.cases),
            }
            for row in result.rows
        ],
        "together": {
            "events": result.together[0].events,
            "total": result.together[0].total,
            "estimate": result.together[0].value,
            "ci": {estimate.method: [estimate.ci_low, estimate.ci_high] for estimate in result.together},
        }
        if result.together
        else None,
        "model": result.model.to_json() if result.model else None,
        "note": result.analysis.note,
    }


def _examine(result: PlannedResult, order: str) -> Sensitivity | None:
    """Look at an analysis again; None where no sum is given."""
    from review.pooling.sensitivity import examine_sensitivity

    return examine_sensitivity(result.counts, result.model, order=order) if result.model else None


def _choose(review: Review, names: list[str]) -> list[Analysis]:
    from review.errors import UsageError

    known = {analysis.name: analysis for analysis in review.protocol.analyses}
    unknown = [name for name in names if name not in known]
    if unknown:
        planned = ", ".join(known) or "none; plan one under analyses: in protocol.yaml"
        raise UsageError(f"there is no analysis {', '.join(unknown)}; planned are {planned}")
    return [known[name] for name in names] or list(known.values())


def _plan(review: Review, outcome: str, studies: str) -> Analysis:
    from review.errors import UsageError
    from review.findings import Origin
    from review.model import StudyId
    from review.protocol import Analysis

    if review.protocol.outcome(outcome) is None:
        known = ", ".join(item.name for item in review.protocol.outcomes) or "none"
        raise UsageError(f"there is no outcome {outcome!r}; the protocol has {known}")
    names = tuple(StudyId(name.strip()) for name in studies.split(",") if name.strip()) or tuple(review.studies)
    return Analysis(
        name=outcome,
        label="All sheets" if not studies else "Chosen sheets",
        outcome=outcome,
        studies=names,
        together=True,
        intervals=("clopper-pearson", "wilson"),
        note="",
        origin=Origin("protocol.yaml"),
    )


def _print_tables(results: tuple[PlannedResult, ...], measured: tuple[MeasuredResult, ...]) -> None:
    from review.reporting.measured import tabulate_measured
    from review.reporting.pooled import tabulate_planned
    from review.reporting.table import letter_note

    tables = [(result.analysis.name, tabulate_planned(result)) for result in results]
    tables += [(result.analysis.name, tabulate_measured(result)) for result in measured]
    for number, (name, table) in enumerate(tables):
        if number:
            output.print_result()
        output.print_result(f"{name}. {table.caption}")
        rows = [[_mark(column.title, column.notes) for column in table.columns]]
        rows += [[_mark(cell.text, cell.notes) for cell in row.cells] for row in table.rows]
        output.print_columns(rows, right=range(1, len(table.columns)))
        for place, note in enumerate(table.footnotes):
            output.print_result(f"[{letter_note(place)}] {note}")
    if not tables:
        output.tell("The protocol plans no analysis: add one under analyses: in protocol.yaml.")


def _mark(text: str, notes: tuple[int, ...]) -> str:
    from review.reporting.table import letter_note

    return text + "".join(f" [{letter_note(note)}]" for note in notes)
