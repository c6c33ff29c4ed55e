"""A forest plot as lines of text and marks: what stands where, before anything is drawn."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Literal

from review.model import Estimate
from review.numerals import NOT_ESTIMABLE
from review.numerals import format_count
from review.numerals import format_number
from review.numerals import format_percent
from review.reporting.palette import BLACK
from review.reporting.palette import BLUE
from review.reporting.palette import GREY
from review.reporting.table import Align

#: Usual spellings, where they differ from the name with a capital letter.
_METHOD_NAMES = {
    "midp": "mid-P",
    "wilson-cc": "Wilson with continuity correction",
    "jeffreys-bcd": "Jeffreys after Brown, Cai and DasGupta",
    "arcsine": "arcsine",
    "arcsine-anscombe": "arcsine after Anscombe",
    "logit": "logit",
    "likelihood": "profile likelihood",
    "profile likelihood": "profile likelihood",
}

LayoutKey = Literal["default", "revman", "jama"]
SortKey = Literal["given", "label", "value", "total", "weight"]


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """How far the studies differ: Cochran's Q with its degrees of freedom and P, I2 in percent (0..100), tau2 on the measure's scale.

    None where a model does not give a number. `test` names the statistic, where it is not Cochran's.
    """

    q: float | None = None
    df: int | None = None
    p: float | None = None
    i2: float | None = None
    tau2: float | None = None
    test: str = "Q"


@dataclass(frozen=True, slots=True)
class Summary:
    """A pooled result, drawn as a diamond: the estimate (its label says the model), the prediction interval, the heterogeneity."""

    estimate: Estimate
    prediction: tuple[float, float] | None = None
    heterogeneity: Heterogeneity | None = None


@dataclass(frozen=True, slots=True)
class ForestGroup:
    """Studies under a common heading, with their own summary or none."""

    rows: tuple[Estimate, ...]
    title: str = ""
    summary: Summary | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a journal prints a forest plot: the columns left and right of the plot, its words and colours."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    headings: Mapping[str, str]
    square: str
    diamond: str
    interval_form: str
    weight_unit: str = "%"
    is_jama: bool = False


#: RevMan sets everything left of the plot, JAMA says Source, gives no tau2 and no leading zero of P.
LAYOUTS: Mapping[LayoutKey, Layout] = {
    "default": Layout(
        left=("label", "events", "total"),
        right=("estimate", "weight"),
        headings={
            "label": "Study",
            "events": "Events",
            "total": "Total",
            "estimate": "% ({level}% CI)",
            "weight": "Weight",
        },
        square=BLUE,
        diamond=BLACK,
        interval_form="({low} to {high})",
    ),
    "revman": Layout(
        left=("label", "events", "total", "weight", "estimate"),
        right=(),
        headings={
            "label": "Study or Subgroup",
            "events": "Events",
            "total": "Total",
            "estimate": "Proportion, % [{level}% CI]",
            "weight": "Weight",
        },
        square=BLUE,
        diamond=BLACK,
        interval_form="[{low}, {high}]",
    ),
    "jama": Layout(
        left=("label", "counts", "estimate"),
        right=("weight",),
        headings={"label": "Source", "counts": "No./Total", "estimate": "% ({level}% CI)", "weight": "Weight, %"},
        square=GREY,
        diamond=BLACK,
        interval_form="({low}-{high})",
        weight_unit="",
        is_jama=True,
    ),
}

ALIGNMENTS: Mapping[str, Align] = {
    "label": "left",
    "events": "right",
    "total": "right",
    "counts": "right",
    "estimate": "right",
    "weight": "right",
}

#: In a narrow column events and total share one column, and the weight is told by the square alone.
_NARROW_COLUMNS = ("label", "counts", "estimate")

_NO_WEIGHT = "–"


@dataclass(frozen=True, slots=True)
class ForestLine:
    """One line of the plot: its texts by column, and what is marked on the axis.

    A study is marked by a square, a summary by a diamond, a prediction interval (`interval`) by a bar; a group's title and a note are text
    alone and run over all columns. `value` is the key of the value that the line prints, empty where there is none.
    """

    kind: Literal["study", "group", "summary", "prediction", "note"]
    cells: Mapping[str, str]
    estimate: Estimate | None = None
    interval: tuple[float, float] | None = None
    depth: int = 0
    value: str = ""

    @property
    def is_bold(self) -> bool:
        """Whether its text stands out."""
        return self.kind in {"group", "summary"}


def narrow_layout(layout: Layout) -> Layout:
    """Return a layout's form for one column of a journal: fewer columns, those right of the plot stay there."""
    headings = {"counts": "n/N", **layout.headings}
    headings["label"] = headings["label"].partition(" ")[0]
    headings["estimate"] = headings["estimate"].removeprefix("Proportion, ")
    right = tuple(key for key in layout.right if key in _NARROW_COLUMNS)
    left = tuple(key for key in _NARROW_COLUMNS if key not in right)
    return replace(layout, left=left, right=right, headings=headings)


def compose_lines(
    groups: Sequence[ForestGroup], summaries: Sequence[Summary], layout: Layout, *, sort: SortKey, digits: int
) -> list[ForestLine]:
    """List the lines of a forest plot from top to bottom; percentages print `digits` decimals."""
    lines: list[ForestLine] = []
    for group in groups:
        if group.title:
            lines.append(ForestLine("group", {"label": group.title}))
        depth = 1 if group.title else 0
        lines += [
            ForestLine("study", format_cells(row, layout, digits), row, depth=depth)
            for row in sort_rows(group.rows, sort)
        ]
        if group.summary:
            lines += _compose_summary(group.summary, layout, digits, depth)
    for summary in summaries:
        lines += _compose_summary(summary, layout, digits, 0)
    return lines


def sort_rows(rows: Iterable[Estimate], sort: SortKey) -> list[Estimate]:
    """Sort studies: as given, by label, or by the largest value, total or weight first; equals keep their order.

    Where no study has a weight, as in models of the counts, the total stands in for it.
    """
    given = list(rows)
    if sort == "weight" and all(row.weight is None for row in given):
        sort = "total"
    keys: Mapping[SortKey, Callable[[Estimate], object]] = {
        "label": lambda row: row.label.casefold(),
        "value": lambda row: -row.value,
        "total": lambda row: -row.total,
        "weight": lambda row: -(row.weight or 0.0),
    }
    return given if sort == "given" else sorted(given, key=keys[sort])  # type: ignore[arg-type]


def format_cells(estimate: Estimate, layout: Layout, digits: int) -> dict[str, str]:
    """Write the texts of one estimate for every column that a layout may have."""
    if estimate.total > 0 and estimate.value * estimate.total == estimate.events:
        value = format_percent(estimate.events, estimate.total, digits).removesuffix("%")
    else:
        value = format_number(100 * estimate.value, digits)
    interval = format_interval_ends(estimate.ci_low, estimate.ci_high, layout, digits)
    weight = _NO_WEIGHT if estimate.weight is None else format_number(100 * estimate.weight, 1) + layout.weight_unit
    return {
        "label": estimate.label,
        "events": format_count(estimate.events),
        "total": format_count(estimate.total),
        "counts": f"{format_count(estimate.events)}/{format_count(estimate.total)}",
        "estimate": f"{value} {interval}",
        "weight": weight,
    }


def format_heterogeneity(heterogeneity: Heterogeneity, layout: Layout) -> str:
    """Write the numbers that are there on one line: `Heterogeneity: I² = 12%; τ² = 0.04; Q = 3.41, df = 3 (P = 0.33)`."""
    parts: list[str] = []
    if heterogeneity.i2 is not None:
        parts.append(f"I² = {format_number(heterogeneity.i2, 0)}%")
    if heterogeneity.tau2 is not None and not layout.is_jama:
        parts.append(f"τ² = {format_number(heterogeneity.tau2, 3)}")
    if heterogeneity.q is not None:
        degrees = "" if heterogeneity.df is None else f", df = {heterogeneity.df}"
        chance = "" if heterogeneity.p is None else f" ({format_p(heterogeneity.p, layout)})"
        parts.append(f"{heterogeneity.test} = {format_number(heterogeneity.q, 2)}{degrees}{chance}")
    return f"Heterogeneity: {'; '.join(parts) or NOT_ESTIMABLE}"


def format_p(p: float, layout: Layout) -> str:
    """Write a P value: two decimals, three below 0.01, never 0 or 1; JAMA prints no zero before the point."""
    if p < 0.001:
        text = "< 0.001"
    elif p > 0.99:
        text = "> 0.99"
    else:
        text = f"= {format_number(p, 3 if p < 0.01 else 2)}"
    return f"P {text.replace(' 0.', ' .') if layout.is_jama else text}"


def iterate_estimates(groups: Iterable[ForestGroup], summaries: Iterable[Summary]) -> Iterator[Estimate]:
    """Yield every estimate of a plot, studies and summaries."""
    for group in groups:
        yield from group.rows
        if group.summary:
            yield group.summary.estimate
    for summary in summaries:
        yield summary.estimate


def _compose_summary(summary: Summary, layout: Layout, digits: int, depth: int) -> Iterator[ForestLine]:
    # The weight of a summary is that of its studies together; a model that has none leaves the place empty.
    cells = format_cells(summary.estimate, layout, digits)
    if summary.estimate.weight is None:
        cells["weight"] = ""
    yield ForestLine("summary", cells, summary.estimate, depth=depth)
    if summary.prediction:
        label = f"{format_level(summary.estimate.level)}% prediction interval"
        ends = format_interval_ends(*summary.prediction, layout, digits)
        cells = {"label": label, "estimate": ends}
        yield ForestLine("prediction", cells, interval=summary.prediction, depth=depth)
    if summary.heterogeneity:
        yield ForestLine("note", {"label": format_heterogeneity(summary.heterogeneity, layout)}, depth=depth)


def format_interval_ends(low: float, high: float, layout: Layout, digits: int) -> str:
    """Write the ends of an interval in percent in a layout's brackets: `(24.4 to 71.1)`."""
    ends = (format_number(100 * end, digits) for end in (low, high))
    return layout.interval_form.format(**dict(zip(("low", "high"), ends, strict=True)))


def format_level(level: float) -> str:
    """Write a confidence level as a percentage without needless decimals: 95, 97.5."""
    return format_number(100 * level, 1).removesuffix(".0")


def name_method(method: str) -> str:
    """Give an interval's method its usual spelling."""
    return _METHOD_NAMES.get(method) or (method.title() if method.islower() else method)
