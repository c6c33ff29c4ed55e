"""`review pool --figure FILE`: the forest plot, or another figure, of one analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import cast

from review.cli.figure_file import FigureChoice
from review.cli.figure_file import save_figure

if TYPE_CHECKING:
    from review.findings import Finding
    from review.pooling.measured import MeasuredResult
    from review.pooling.planned import PlannedResult
    from review.pooling.pooled import PooledResult
    from review.protocol import Protocol
    from review.reporting.figure import Drawing
    from review.reporting.forest_rows import LayoutKey
    from review.reporting.forest_rows import SortKey


@dataclass(frozen=True, slots=True)
class ForestChoice:
    """Which figure is drawn, and how; an empty layout or order is that of the protocol."""

    kind: str = "forest"
    layout: str = ""
    sort: str = ""


def save_planned(
    results: Sequence[PlannedResult | MeasuredResult],
    protocol: Protocol,
    plan: ForestChoice,
    choice: FigureChoice,
    *,
    quiet: bool,
) -> list[Finding]:
    """Write one figure of one analysis; return what a journal or reader would object to.

    Raises:
        UsageError: If there is not one analysis, or its data do not give the figure.
    """
    from review.errors import UsageError
    from review.pooling.planned import PlannedResult
    from review.reporting.gallery import KINDS
    from review.reporting.gallery import draw_kind
    from review.reporting.measured_forest import draw_measured

    _check(plan)
    if plan.kind not in KINDS:
        raise UsageError(f"no figure is called {plan.kind!r}; expected {', '.join(KINDS)}")
    if len(results) != 1:
        names = ", ".join(result.analysis.name for result in results) or "none"
        raise UsageError(f"one analysis is drawn at a time; name it before --figure (here: {names})")
    (result,) = results

    def draw(width: float | None) -> Drawing:
        kind = next(each for each in KINDS if each == plan.kind)
        if isinstance(result, PlannedResult):
            drawing = draw_kind(result, kind, protocol, layout=_layout(plan), sort=_sort(plan), width=width)
        else:
            drawing = draw_measured(result, layout=_layout(plan), width=width) if kind == "forest" else None
        if drawing is None:
            raise UsageError(
                f"the data of {result.analysis.name} do not give the figure {plan.kind}: see docs/figures.md for what it needs"
            )
        return drawing

    return save_figure(draw, choice, quiet=quiet)


def save_pooled(
    result: PooledResult, plan: ForestChoice, choice: FigureChoice, interval: str, *, quiet: bool
) -> list[Finding]:
    """Write the forest plot of a table of counts; return what a journal or reader would object to.

    `interval` is the method of the studies' intervals.

    Raises:
        UsageError: If another figure is asked for: it needs a review.
    """
    from review.errors import UsageError
    from review.reporting.pooled_forest import draw_pooled

    _check(plan)
    if plan.kind != "forest":
        raise UsageError(f"of a file only the forest plot is drawn; {plan.kind} needs a planned analysis")
    return save_figure(
        lambda width: draw_pooled(
            result, layout=_layout(plan) or "default", sort=_sort(plan) or "given", interval=interval, width=width
        ),
        choice,
        quiet=quiet,
    )


def _check(plan: ForestChoice) -> None:
    from review.errors import UsageError
    from review.protocol import LAYOUTS
    from review.protocol import SORTS

    for option, value, allowed in (("--layout", plan.layout, LAYOUTS), ("--sort", plan.sort, SORTS)):
        if value and value not in allowed:
            raise UsageError(f"{option} is {value}; expected {', '.join(allowed)}")


def _layout(plan: ForestChoice) -> LayoutKey | None:
    return cast("LayoutKey", plan.layout) if plan.layout else None


def _sort(plan: ForestChoice) -> SortKey | None:
    return cast("SortKey", plan.sort) if plan.sort else None
