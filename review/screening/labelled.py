"""Labelled records in a CSV file: those of a finished review, with which an order of screening can be tried out."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

from review.errors import FormatError
from review.errors import LimitError
from review.files import decode_snapshot
from review.files import read_snapshot
from review.findings import Finding
from review.rows import Row
from review.rows import Rows
from review.rows import parse_rows
from review.screening.terms import Text

#: The columns that must be there; `record_id` may be, else records are named by their row, from 1.
COLUMNS = ("title", "abstract", "label_included")

#: Columns whose parts, between semicolons, count as whole terms.
HEADINGS = ("mesh", "publication_types")

#: Largest file, unpacked: some 200,000 records with abstracts.
LIMIT_BYTES = 400 * 1024 * 1024

_BROKEN, _EMPTY = "PROJECT-020", "PROJECT-021"

_LABELS = {"1": True, "1.0": True, "0": False, "0.0": False}


@dataclass(frozen=True, slots=True)
class LabelledRecord:
    """One record: its id, its text, whether the review included it, and the line where it starts."""

    id: str
    text: Text
    is_relevant: bool
    line: int


def read_labelled(path: Path) -> tuple[tuple[LabelledRecord, ...], tuple[Finding, ...]]:
    """Read labelled records from a CSV file, which may be packed by gzip; findings tell what was guessed.

    Raises:
        FormatError: If the file cannot be read, a column is missing, a label is neither 0 nor 1, an id occurs twice, or the records are all
            relevant or all irrelevant, so that there is nothing to simulate.
        LimitError: If the file is too large.
    """
    is_packed = path.suffix == ".gz"
    snapshot = decode_snapshot(path, _unpack(path)) if is_packed else read_snapshot(path, limit=LIMIT_BYTES)
    return parse_labelled(path, parse_rows(snapshot, str(path), COLUMNS))


def parse_labelled(path: Path, rows: Rows) -> tuple[tuple[LabelledRecord, ...], tuple[Finding, ...]]:
    """Make labelled records of the rows of a file; see `read_labelled` for the errors."""
    # A row that is never closed also has too few cells; the first says what to mend.
    fatal = sorted(
        (f for f in rows.findings if f.level == "error" or f.code == _EMPTY), key=lambda f: f.code != _BROKEN
    )
    if fatal:
        line = fatal[0].origin.line if fatal[0].origin else None
        hint = fatal[0].hint or (f"expected the columns {fatal[0].expected}" if fatal[0].expected else "")
        raise FormatError(path, fatal[0].message, line=line, hint=hint)
    records: list[LabelledRecord] = []
    lines: dict[str, int] = {}
    for number, row in enumerate(rows.rows, start=1):
        record = _read_record(path, row, number, has_id="record_id" in rows.columns)
        if record.id in lines:
            problem = f"the record_id {record.id!r} occurs again; it is first on line {lines[record.id]}"
            raise FormatError(path, problem, line=row.line, hint="give every record an id of its own")
        lines[record.id] = row.line
        records.append(record)
    relevant = sum(record.is_relevant for record in records)
    if not relevant or relevant == len(records):
        which = "no record is labelled 1" if not relevant else "every record is labelled 1"
        hint = "a simulation needs records of both labels, as a finished review has them"
        raise FormatError(path, f"{which} (of {len(records)})", hint=hint)
    return tuple(records), rows.findings


def _read_record(path: Path, row: Row, number: int, *, has_id: bool) -> LabelledRecord:
    label = row["label_included"].strip()
    if label not in _LABELS:
        problem = f"label_included is {label!r}; expected 0 or 1"
        raise FormatError(path, problem, line=row.line, hint="leave out records without a decision")
    identifier = row["record_id"].strip() if has_id else str(number)
    if not identifier:
        raise FormatError(path, "record_id is blank", line=row.line, hint="give every record an id, or none the column")
    words = f"{row['title']} {row['abstract']}"
    headings = tuple(part.strip() for column in HEADINGS for part in row[column].split(";") if part.strip())
    return LabelledRecord(identifier, Text(words, headings), _LABELS[label], row.line)


def _unpack(path: Path) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        data = unpacker.decompress(path.read_bytes(), LIMIT_BYTES + 1)
    except OSError as error:
        raise FormatError(path, f"cannot be read ({error.strerror})") from error
    except zlib.error as error:
        raise FormatError(path, "is not whole gzip data", hint="unpack it by hand to see what is left of it") from error
    if len(data) > LIMIT_BYTES:
        raise LimitError(path, f"is more than {LIMIT_BYTES / 1e6:.0f} MB unpacked", hint="is it the right file?")
    if not unpacker.eof:
        raise FormatError(path, "is cut: the gzip data does not end", hint="copy or download it again")
    return data
