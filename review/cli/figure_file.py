"""`--figure FILE`: one figure in the form, size and resolution that a journal asks for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import output

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.findings import Finding
    from review.reporting.figure import Drawing

FigureFile = Annotated[
    Path | None,
    typer.Option("--figure", help="Write the figure to this file: svg, pdf, png, tiff or eps.", metavar="FILE"),
]
Width = Annotated[
    str,
    typer.Option("--width", help="With --figure: 1-column, 2-columns, or centimetres.", metavar="WIDTH"),
]
Dpi = Annotated[int, typer.Option("--dpi", help="With --figure: dots per inch of png and tiff.", min=72, max=1200)]
ForJournal = Annotated[
    str, typer.Option("--journal", help="With --figure: whose sizes count: general, plos or elsevier.")
]


@dataclass(frozen=True, slots=True)
class FigureChoice:
    """Where a figure is written, and how it is to be printed."""

    path: Path
    width: str = ""
    dpi: int = 600
    journal: str = "general"


def save_figure(draw: Callable[[float | None], Drawing], choice: FigureChoice, *, quiet: bool) -> list[Finding]:
    """Draw a figure, write it, tell its measures; return what a journal or reader would object to.

    Args:
        draw: Draws it for a width in points, None for its own.
        choice: File, width, resolution and journal.
        quiet: Say nothing.

    Raises:
        UsageError: If the choice cannot be.
    """
    from review.errors import UsageError
    from review.files import write_atomic
    from review.reporting.figure import POINTS_PER_CM
    from review.reporting.figure import check_drawing
    from review.reporting.figure import render_figure
    from review.reporting.figure import resize_drawing
    from review.reporting.publication import JOURNALS
    from review.reporting.publication import check_publication
    from review.reporting.publication import choose_form
    from review.reporting.publication import describe_figure
    from review.reporting.publication import parse_width

    journal = JOURNALS.get(choice.journal)
    if journal is None:
        raise UsageError(f"no journal is called {choice.journal!r}; expected {', '.join(JOURNALS)}")
    form = choose_form(choice.path.name)
    width = parse_width(choice.width, journal)
    drawing = draw(None if width is None else width * POINTS_PER_CM)
    if width is not None:
        drawing = resize_drawing(drawing, width, largest_text=journal.text[1])
    try:
        data = render_figure(drawing, form, dpi=choice.dpi)
    except ValueError as error:
        raise UsageError(f"{choice.path}: {error}") from error
    write_atomic(choice.path, data)
    output.tell(f"{choice.path}: {describe_figure(drawing, form, choice.dpi, len(data))}", quiet=quiet)
    name = str(choice.path)
    missing = [finding for finding in check_drawing(drawing, name) if finding.code != "FIGURE-001"]
    return [*missing, *check_publication(drawing, form, choice.dpi, len(data), journal, name)]
