"""How verbs print: results to stdout, everything else to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path

import typer

from review.findings import Finding
from review.findings import count_errors
from review.findings import sort_findings


def format_json(value: object) -> bytes:
    """Write a value as JSON with an indent, all scripts as they are."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def print_json(value: object) -> None:
    """Print a value as JSON."""
    sys.stdout.write(format_json(value).decode())


def print_result(text: str = "") -> None:
    """Print a line of the result."""
    typer.echo(text)


def tell(text: str, *, quiet: bool = False) -> None:
    """Print a remark to stderr."""
    if not quiet:
        typer.echo(text, err=True)


def print_columns(rows: Sequence[Sequence[str]], *, right: Iterable[int] = ()) -> None:
    """Print rows in aligned columns; `right` are the positions of the columns that end flush."""
    from rich.cells import cell_len

    if not rows:
        return
    flush = set(right)
    widths = [max(cell_len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = []
        for place, cell in enumerate(row):
            gap = " " * (widths[place] - cell_len(cell))
            cells.append(gap + cell if place in flush else cell + gap)
        typer.echo("  ".join(cells).rstrip())


def make_announcer(*, as_json: bool, quiet: bool) -> Callable[[str], None]:
    """Return what prints the address of a page once it is served."""

    def announce(address: str) -> None:
        if as_json:
            print_json({"address": address})
        else:
            print_result(address)
        tell("Open this address in a browser; Ctrl-C ends.", quiet=quiet)

    return announce


def tell_findings(findings: Iterable[Finding], *, quiet: bool = False, most: int = 20) -> None:
    """Print findings to stderr, the worst first."""
    if quiet:
        return
    ordered = sort_findings(findings)
    for finding in ordered[:most]:
        typer.echo(str(finding), err=True)
    if len(ordered) > most:
        typer.echo(f"... and {len(ordered) - most} more: `review check` lists them", err=True)


def exit_by(findings: Iterable[Finding]) -> None:
    """End with exit code 1 if there is a finding at error level."""
    if count_errors(findings):
        raise typer.Exit(1)


def write_result(path: Path | None, data: bytes) -> None:
    """Write a result to a file, or to stdout where none is named."""
    from review.files import write_atomic

    if path is None or str(path) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write_atomic(path, data)
