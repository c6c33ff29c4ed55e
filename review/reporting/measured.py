"""Tables of planned analyses that are not of a single proportion: means, rates, times to an event and comparisons of arms."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator

from review.model import Value
from review.numerals import NOT_ESTIMABLE
from review.numerals import format_number
from review.pooling.measured import LEVEL
from review.pooling.measured import Figure
from review.pooling.measured import Measure
from review.pooling.measured import MeasuredResult
from review.pooling.measured import MeasuredRow
from review.reporting.pooled import ITERATED
from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Row
from review.reporting.table import RowKind
from review.reporting.table import Table
from review.reporting.table import make_row


def tabulate_measured(result: MeasuredResult) -> Table:
    """Make the table of an analysis: a row per study, all together and the model below; how it was made stands under it."""
    analysis, layout = result.analysis, result.layout
    notes: list[str] = []
    rows = [_make_row(row, result, notes) for row in result.rows]
    if result.together is not None:
        rows.append(_make_row(result.together, result, notes, "total"))
    if result.model is not None:
        rows.append(_make_row(result.model, result, notes, "total"))
    notes.append(f"{layout.method}{_tell_tau2(result)}.")
    first: tuple[int, ...] = (len(notes) - 1,)
    if analysis.note:
        notes.append(analysis.note)
        first = (*first, len(notes) - 1)
    refusal = " No result of all studies is given: patients may be counted twice." if result.is_refused else ""
    return Table(
        key=f"pooled-{analysis.name}",
        caption=f"{analysis.label}: {result.outcome.label.lower()}.{refusal}",
        columns=(
            Column("study", "Study"),
            *(Column(f"basis-{place}", title, "right") for place, title in enumerate(layout.basis, 1)),
            *(
                Column(measure.key, measure.title, "right", first if place == 0 else ())
                for place, measure in enumerate(layout.measures)
            ),
        ),
        rows=tuple(rows),
        footnotes=tuple(notes),
    )


def list_measured_values(measured: Iterable[MeasuredResult]) -> Iterator[Value]:
    """Yield every figure of the analyses with its key, `measured.<analysis>.<study, together or model>.<measure>`.

    `ids` are the patients behind it, or the studies where they are known only in total.
    """
    for result in measured:
        named = [(str(row.study.id), row) for row in result.rows if row.study is not None]
        named += [
            (name, row) for name, row in (("together", result.together), ("model", result.model)) if row is not None
        ]
        everyone = tuple(str(row.study.id) for row in result.rows if row.study is not None)
        for name, row in named:
            ids = tuple(str(case) for case in row.cases) or (everyone if row.study is None else (name,))
            for measure, figure in zip(result.layout.measures, row.figures, strict=True):
                if figure.value is not None:
                    low, high = figure.ci or (None, None)
                    yield Value(
                        key=f"measured.{result.analysis.name}.{name}.{measure.key}",
                        text=show_figure(figure, measure),
                        value=round(figure.value, ITERATED),
                        ci_low=None if low is None else round(low, ITERATED),
                        ci_high=None if high is None else round(high, ITERATED),
                        method=measure.title,
                        ids=ids,
                        level=None if low is None else LEVEL,
                    )


def describe_measured(result: MeasuredResult) -> dict[str, object]:
    """Return an analysis as JSON; what cannot be given is null."""

    def tell(row: MeasuredRow) -> dict[str, object]:
        return {
            "study": None if row.study is None else str(row.study.id),
            "basis": dict(zip(result.layout.basis, row.basis, strict=True)),
            "from_cases": row.is_from_cases,
            "definition": row.definition,
            "figures": {
                measure.key: {"estimate": figure.value, "ci": None if figure.ci is None else list(figure.ci)}
                for measure, figure in zip(result.layout.measures, row.figures, strict=True)
            },
        }

    return {
        "label": result.analysis.label,
        "outcome": result.analysis.outcome,
        "type": result.outcome.type,
        "refused": result.is_refused,
        "studies": [tell(row) for row in result.rows],
        "together": None if result.together is None else tell(result.together),
        "model": None if result.model is None else {**tell(result.model), "tau2": result.tau2},
        "method": result.layout.method,
        "note": result.analysis.note,
    }


def show_figure(figure: Figure, measure: Measure) -> str:
    """Write an estimate with its interval: `4.80 (3.66 to 5.94)`, a share in percent."""
    if figure.value is None:
        return NOT_ESTIMABLE
    by, sign = (100, "%") if measure.is_share else (1, "")
    text = f"{format_number(by * figure.value, measure.digits)}{sign}"
    if figure.ci is None:
        return text
    return f"{text} ({' to '.join(format_number(by * end, measure.digits) for end in figure.ci)})"


def _make_row(row: MeasuredRow, result: MeasuredResult, notes: list[str], kind: RowKind = "body") -> Row:
    marks = []
    told = [row.definition and f"Defined as: {row.definition}."]
    if row.study is not None:
        told.append("From single patients." if row.is_from_cases else "")
        told.append("Known only through another publication." if row.study.evidence == "secondary" else "")
    for note in filter(None, told):
        if note not in notes:
            notes.append(note)
        marks.append(notes.index(note))
    basis = [_make_cell(value) for value in row.basis]
    name = str(row.study.id) if row.study is not None else "together" if row is result.together else "model"
    prefix = f"measured.{result.analysis.name}.{name}"
    figures = [
        Cell(show_figure(figure, measure))
        if figure.value is None
        else Cell(show_figure(figure, measure), round(figure.value, ITERATED), key=f"{prefix}.{measure.key}")
        for measure, figure in zip(result.layout.measures, row.figures, strict=True)
    ]
    return make_row(Cell(row.label, notes=tuple(marks)), *basis, *figures, kind=kind)


def _make_cell(value: float | str) -> Cell:
    if isinstance(value, str):
        return Cell(value or "not applicable")
    text = format_number(value, 0 if isinstance(value, int) else 2)
    return Cell(text.rstrip("0").rstrip(".") if "." in text else text, round(value, ITERATED))


def _tell_tau2(result: MeasuredResult) -> str:
    if result.model is None or result.tau2 is None:
        return "; no model is given here"
    return f"; between-study variance {format_number(result.tau2, 3)}"
