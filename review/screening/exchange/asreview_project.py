"""ASReview's project files: a ZIP with a database of the labels, and the references beside or inside it.

Version 3 keeps both in `results.db`; version 2 has `reviews/<id>/results.db` and the references in `data_store.db`.
"""

from __future__ import annotations

import contextlib
import io
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path

from review.errors import FormatError
from review.errors import LimitError
from review.findings import Origin
from review.identifiers import normal_doi
from review.model import Record
from review.model import RecordId
from review.model import Verdict
from review.screening.exchange.ballot import Ballot
from review.screening.exchange.ballot import Mark

_LIMIT_BYTES = 1 << 30

_LABELS: dict[object, Verdict] = {1: "include", 0: "exclude"}

_HINT = "export the labelled records from ASReview as CSV or RIS, and import that file"


def is_project(data: bytes) -> bool:
    """Whether these are the bytes of an ASReview project (or of another ZIP file)."""
    return data.startswith(b"PK\x03\x04")


def read_project(data: bytes, path: str) -> list[Ballot]:
    """Read the labelled references of a project.

    Raises:
        FormatError: If it is no project, or one of a version that keeps its labels otherwise.
        LimitError: If a database in it is larger than 1 GiB.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise FormatError(path, "is a ZIP file that cannot be read") from error
    with archive, tempfile.TemporaryDirectory() as folder:
        names = archive.namelist()
        if "project.json" not in names:
            raise FormatError(path, "is no ASReview project: it has no project.json")
        labels = [
            name
            for name in names
            if name == "results.db" or (name.startswith("reviews/") and name.endswith("/results.db"))
        ]
        store = "data_store.db" if "data_store.db" in names else ""
        if not labels:
            raise FormatError(path, "has no results.db: it is of an older version of ASReview", hint=_HINT)
        copied = {
            name: _extract(archive, name, Path(folder) / f"{number}.db", path)
            for number, name in enumerate([*labels, store])
            if name
        }
        try:
            return [
                ballot
                for name in labels
                for ballot in _read_database(copied[name], copied.get(store, copied[name]), path)
            ]
        except sqlite3.Error as error:
            raise FormatError(path, f"has a database that cannot be read ({error})", hint=_HINT) from error


def _extract(archive: zipfile.ZipFile, name: str, target: Path, path: str) -> Path:
    if archive.getinfo(name).file_size > _LIMIT_BYTES:
        raise LimitError(path, f"holds a database of more than {_LIMIT_BYTES >> 20:,} MiB")
    written = 0
    with archive.open(name) as source, target.open("wb") as stream:
        while piece := source.read(1 << 20):
            written += len(piece)
            if written > _LIMIT_BYTES:
                raise LimitError(path, f"holds a database of more than {_LIMIT_BYTES >> 20:,} MiB")
            stream.write(piece)
    return target


@contextlib.contextmanager
def _open(database: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        connection.row_factory = sqlite3.Row
        yield connection
    finally:
        connection.close()


def _read_database(labels: Path, store: Path, path: str) -> Iterator[Ballot]:
    with _open(store) as connection:
        references = {row["record_id"]: row for row in connection.execute("SELECT * FROM record")}
    with _open(labels) as connection:
        for row in connection.execute("SELECT * FROM results ORDER BY rowid"):
            columns = row.keys()
            if row["label"] is None:
                continue
            reference = references.get(row["record_id"])
            origin = Origin(path, key=f"record {row['record_id']}")
            record = _make_record(reference, path)
            verdict = _LABELS.get(row["label"])
            if verdict is None:
                yield Ballot(record, (), origin, f"ASReview's label is {row['label']!r}")
                continue
            note = row["note"] if "note" in columns else None
            time = row["time"] if "time" in columns else None
            yield Ballot(record, (Mark(verdict, note=str(note or ""), time=_write_time(time)),), origin)


def _make_record(row: sqlite3.Row | None, path: str) -> Record:
    if row is None:
        return Record(RecordId(f"import:{path}"), "")
    columns = row.keys()
    doi = normal_doi(str(row["doi"] or "")) if "doi" in columns else ""
    year = row["year"] if "year" in columns else None
    return Record(
        RecordId(f"doi:{doi}" if doi else f"asreview:{row['record_id']}"),
        str(row["title"] or ""),
        doi=doi,
        year=year if isinstance(year, int) else None,
    )


def _write_time(time: object) -> str:
    if isinstance(time, int | float) and 0 < time < 1e11:
        return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return str(time or "")
