"""Tables of planned analyses; their figures are in `review.reporting.planned_figures`."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from review.model import Estimate
from review.numerals import format_interval
from review.numerals import format_number
from review.numerals import format_percent
from review.pooling.planned import PlannedResult
from review.pooling.planned import StudyRow
from review.pooling.pooled import PooledResult
from review.reporting.forest_rows import name_method
from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Row
from review.reporting.table import RowKind
from review.reporting.table import Table
from review.reporting.table import make_row

#: Decimals of figures found by iteration: the next ones are noise that differs between machines.
ITERATED = 8


def tabulate_planned(result: PlannedResult) -> Table:
    """Make the pooled table of an analysis: a row per study, all together below, each interval in its own column."""
    analysis = result.analysis
    notes: list[str] = []
    keys = key_estimates(result)
    rows = [_make_study_row(row, notes, keys) for row in result.rows]
    if result.together:
        notes.append("Sum of the patients above; the interval assumes one common proportion behind all studies.")
        label = Cell("All together", notes=(len(notes) - 1,))
        rows.append(_make_row(label, result.together, keys, kind="total"))
    if result.model is not None:
        notes.append(describe_model(result.model))
        rows.append(
            _make_model_row(result.model, len(notes) - 1, len(analysis.intervals), f"pool.{analysis.name}.model")
        )
    marks: tuple[int, ...] = ()
    if analysis.note:
        notes.append(analysis.note)
        marks = (len(notes) - 1,)
    outcome = result.outcome.label if result.outcome else analysis.outcome
    return Table(
        key=f"pooled-{analysis.name}",
        caption=f"{analysis.label}: {outcome.lower()}." + (f" {describe_refusal(result)}" if result.is_refused else ""),
        columns=(
            Column("study", "Study"),
            Column("events", "Events/patients", "right", marks),
            Column("percent", "%", "right"),
            *(
                Column(method, f"{_name_level(result)} CI, {name_method(method)}", "right")
                for method in analysis.intervals
            ),
        ),
        rows=tuple(rows),
        footnotes=tuple(notes),
    )


def key_estimates(result: PlannedResult) -> dict[Estimate, str]:
    """Give the key in `values.json` of each estimate of an analysis; the first interval has no name behind it."""
    prefix = f"pool.{result.analysis.name}"
    named = [(f"{prefix}.{row.study.id}", row.estimates) for row in result.rows]
    return {
        estimate: key if place == 0 else f"{key}.{estimate.method}"
        for key, estimates in (*named, (f"{prefix}.together", result.together))
        for place, estimate in enumerate(estimates)
    }


def describe_refusal(result: PlannedResult) -> str:
    """Say why an analysis has no sum, naming the studies that may share patients."""
    pairs = [" and ".join(finding.ids) for finding in result.findings if finding.code == "POOL-001"]
    return f"No sum is given: patients may be counted twice ({'; '.join(pairs)})." if pairs else ""


def describe_model(model: PooledResult) -> str:
    """Say in plain words what the model is, where its interval comes from, and what it warns of."""
    if model.estimate is None:
        says = "it has no estimate here, and no proportion is excluded"
    elif model.ci_method == "counts added up":
        says = "it has no estimate of its own here, and the sum stands in for it"
    else:
        says = f"the proportion is that of the median study; interval by {model.ci_method}, not by the column's method"
    parts = [f"Random-intercept logistic model; {says}"]
    parts += [f"{finding.message[:1].upper()}{finding.message[1:]} ({finding.code})" for finding in model.findings]
    return ". ".join(parts) + "."


def _make_model_row(model: PooledResult, note: int, intervals: int, key: str) -> Row:
    percent = (
        Cell("not estimable")
        if model.estimate is None
        else Cell(format_number(100 * model.estimate, 1), round(model.estimate, ITERATED), key=key)
    )
    limits = (
        Cell("not estimable")
        if model.ci is None
        else Cell(_form_limits(*model.ci, model.level), notes=(note,), key=key)
    )
    others = ["not applicable"] * (intervals - 1)
    return make_row(
        Cell("Random-intercept model", notes=(note,)),
        Cell(f"{model.events}/{model.total}", key=key),
        percent,
        limits,
        *others,
    )


def _make_study_row(row: StudyRow, notes: list[str], keys: Mapping[Estimate, str]) -> Row:
    marks = []
    for note in (
        row.tally.definition and f"Defined as: {row.tally.definition}.",
        _describe_unknown(row),
        _describe_evidence(row),
    ):
        if note:
            if note not in notes:
                notes.append(note)
            marks.append(notes.index(note))
    return _make_row(Cell(row.study.label, notes=tuple(marks)), row.estimates, keys)


def _make_row(label: Cell, estimates: Sequence[Estimate], keys: Mapping[Estimate, str], kind: RowKind = "body") -> Row:
    first = estimates[0]
    intervals = [
        Cell(_form_limits(estimate.ci_low, estimate.ci_high, estimate.level), key=keys[estimate])
        for estimate in estimates
    ]
    counts = Cell(f"{first.events}/{first.total}", key=keys[first])
    percent = Cell(format_percent(first.events, first.total).removesuffix("%"), first.value, key=keys[first])
    return make_row(label, counts, percent, *intervals, kind=kind)


def _form_limits(low: float, high: float, level: float) -> str:
    return format_interval(low, high, level=level).split("CI ")[1]


def _describe_unknown(row: StudyRow) -> str:
    unknown = len(row.tally.unknown)
    return f"{unknown} further patient{'s' if unknown > 1 else ''} without a known outcome." if unknown else ""


def _describe_evidence(row: StudyRow) -> str:
    return "Known only in total, through another publication." if row.study.evidence == "secondary" else ""


def _name_level(result: PlannedResult) -> str:
    level = result.rows[0].estimates[0].level if result.rows else 0.95
    return f"{level * 100:g}%"
