"""CSV files that people keep: rows of text with their line, no type guessed.

Spreadsheets save byte order marks, CRLF and semicolons; all of them are read. A row that is cut or has another number of cells is
reported, not dropped.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from review.errors import FormatError
from review.files import Snapshot
from review.files import read_snapshot
from review.findings import Finding
from review.findings import Origin
from review.findings import find

#: Letters of the longest cell that is read: far above any note of a person; a quote that is never closed makes longer ones.
LONGEST_CELL = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column name (missing cells are empty) and the line where it starts."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one CSV file in file order, its columns, and what is wrong with it."""

    path: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    is_torn: bool = False


def read_rows(path: Path, shown_as: str, columns: tuple[str, ...]) -> Rows:
    """Read a CSV file whose header must have `columns`; see `parse_rows`. A file that cannot be read gives a finding."""
    try:
        snapshot = read_snapshot(path)
    except FormatError as error:
        finding = find("PROJECT-020", error.problem, Origin(shown_as, error.line), hint=error.hint)
        return Rows(shown_as, (), (), (finding,))
    return parse_rows(snapshot, shown_as, columns)


def parse_rows(snapshot: Snapshot, shown_as: str, columns: tuple[str, ...]) -> Rows:
    """Parse the text of a CSV file.

    Args:
        snapshot: The file as read.
        shown_as: How findings name the file.
        columns: The columns that must be there; more are allowed, the order is free.
    """
    findings: list[Finding] = []
    text = snapshot.text
    if snapshot.is_guessed:
        message = "the file is not UTF-8; it was read as Windows-1252"
        findings.append(find("PROJECT-018", message, Origin(shown_as, 1), hint="save it as UTF-8"))
    if not text.strip():
        finding = find("PROJECT-021", "the file is empty", Origin(shown_as, 1), expected=",".join(columns))
        return Rows(shown_as, (), (), (*findings, finding))
    is_torn = not text.endswith("\n")
    lines = text.count("\n") + is_torn
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    line = 1
    try:
        delimiter = _find_delimiter(text, columns)
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=False)
        for cells in reader:
            _check_length(cells)
            start, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = tuple(cell.strip() for cell in cells)
                missing = [column for column in columns if column not in header]
                if missing:
                    message = f"the header lacks {', '.join(missing)}"
                    findings.append(find("PROJECT-022", message, Origin(shown_as, start), expected=",".join(columns)))
                    return Rows(shown_as, header, (), tuple(findings))
                continue
            is_last_and_torn = is_torn and reader.line_num >= lines
            if len(cells) != len(header) and not is_last_and_torn:
                message = f"the row has {len(cells)} cells, the header {len(header)}"
                findings.append(
                    find("PROJECT-023", message, Origin(shown_as, start), hint="quote a cell that holds a comma")
                )
            rows.append(Row(start, dict(zip(header, cells, strict=False))))
    except csv.Error as error:
        findings.append(find("PROJECT-020", f"cannot be read as CSV ({error})", Origin(shown_as, line)))
    else:
        if rows and _is_open(text.split("\n")[rows[-1].line - 1 :], delimiter):
            swallowed = rows.pop()
            message = "a quote opens here and is never closed, so that the rows below it were read as one cell"
            findings.append(
                find("PROJECT-020", message, Origin(shown_as, swallowed.line), hint="close or remove the quote")
            )
    return Rows(shown_as, header, tuple(rows), tuple(findings), is_torn)


def _check_length(cells: list[str]) -> None:
    # The csv module has a limit of its own, which is one for the whole process and may have been raised.
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise csv.Error(f"a cell is longer than {LONGEST_CELL} letters")


def _is_open(lines: list[str], delimiter: str) -> bool:
    """Whether the last row ends inside quotes; a torn line that does is a line that was being written."""
    if len(lines) == 1:
        return False
    last = [*lines, "end"]
    *_, cells = csv.reader(io.StringIO("\n".join(last)), delimiter=delimiter)
    return cells != ["end"]


def render_row(cells: list[str] | tuple[str, ...]) -> str:
    """Render one CSV line, ended by a line feed."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(cells)
    return stream.getvalue()


def _find_delimiter(text: str, columns: tuple[str, ...]) -> str:
    first = text.lstrip().split("\n", 1)[0]
    counts = {mark: len(set(next(csv.reader([first], delimiter=mark))) & set(columns)) for mark in (",", ";", "\t")}
    return max(counts, key=lambda mark: counts[mark])
