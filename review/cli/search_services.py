"""Asking one service after the other: progress on a terminal, and failures that are told and do not stop the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import TypeVar

import typer

from review.cli import output

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from review.errors import SourceError
    from review.findings import Finding
    from review.search.sources.contract import Page

R = TypeVar("R")


class Bar:
    """Progress on a terminal, remarks everywhere; quiet, neither."""

    def __init__(self, *, advance: Callable[[Page], None], remark: Callable[[str], None]) -> None:
        self.advance = advance
        self.remark = remark


class Round:
    """Services that are asked in turn; `runs` are the JSON entries of all, in order, those that failed among them."""

    def __init__(self, *, quiet: bool) -> None:
        self.runs: list[dict[str, object]] = []
        self._failures: list[SourceError] = []
        self._quiet = quiet

    def ask(self, source: str, do: Callable[[Bar], R], *, shown_as: str = "") -> R | None:
        """Ask one service; None if it failed for good, which is told and noted.

        Args:
            source: Its name in the entry of a failure.
            do: Asks, with the bar to report to.
            shown_as: Its name beside the bar.
        """
        from review.errors import SourceError

        try:
            with show_progress(shown_as or source, quiet=self._quiet) as bar:
                return do(bar)
        except SourceError as error:
            self._failures.append(error)
            self.runs.append(describe_failure(source, error))
            output.tell(f"review: {error}")
            return None

    def finish(self, findings: Sequence[Finding]) -> None:
        """Tell the findings, and end with the code of the first failure, else by the findings."""
        output.tell_findings(list(findings), quiet=self._quiet)
        if self._failures:
            raise typer.Exit(self._failures[0].exit_code)
        output.exit_by(list(findings))


@contextmanager
def show_progress(source: str, *, quiet: bool) -> Iterator[Bar]:
    """Show how many records of a search are at hand, if someone sits at the terminal."""
    import sys

    if quiet or not sys.stderr.isatty():
        yield Bar(advance=lambda _: None, remark=lambda text: output.tell(text, quiet=quiet))
        return
    from rich.console import Console
    from rich.progress import BarColumn
    from rich.progress import MofNCompleteColumn
    from rich.progress import Progress
    from rich.progress import TextColumn
    from rich.progress import TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(source, total=None)
        yield Bar(
            advance=lambda page: progress.update(task, completed=page.received, total=page.wanted),
            remark=lambda text: progress.console.print(text, markup=False),
        )


def describe_failure(source: str, error: SourceError) -> dict[str, object]:
    """Return the JSON entry of a search that failed: no count stands where none was answered."""
    return {
        "source": source,
        "run": None,
        "hits": None,
        "retrieved": None,
        "new": None,
        "missing": [],
        "translation": "",
        "lines": [],
        "findings": [],
        "error": str(error),
    }
