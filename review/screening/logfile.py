"""Appending to a log: every row is on disk before it counts as written, and no row is ever changed.

A row is one line, so that `git merge` with `merge=union` keeps the rows of two branches whole. Its time is later than that of the row before
it, if need be by a millisecond, so that rows keep their order wherever they are merged.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import unicodedata
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

from review.errors import FormatError
from review.screening.holder import hold_file

_DELIMITERS = (",", ";", "\t")

_STEP = timedelta(milliseconds=1)


def read_clock() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


def flatten(text: str) -> str:
    """Return the text as one line without control characters and halves of letters: a row of a log is one line of UTF-8."""
    spaced = "".join(" " if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} else letter for letter in text)
    return " ".join(spaced.split())


class LogFile:
    """An open log. Use `open_log`, which holds its lock."""

    def __init__(self, path: Path, columns: Sequence[str], clock: Callable[[], datetime] = read_clock) -> None:
        self.path = path
        self._clock = clock
        data = path.read_bytes() if path.exists() else b""
        header = _read_header(path, data, columns)
        self._columns, self._delimiter = header or (tuple(columns), ",")
        self._latest = _find_latest(data, self._columns, self._delimiter)
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        try:
            if header is None:
                self._write(self._render(self._columns))
                _sync_folder(path.parent)
            else:
                self._write(_end_torn_line(data))
        except BaseException:
            self.close()
            raise

    def append(self, cells: Mapping[str, str]) -> str:
        """Write a row and return its time once it is on disk.

        Args:
            cells: The row by column, without its time; line breaks become spaces.

        Raises:
            OSError: If it cannot be written (the disk is full, the file is gone); then the log is as it was before.
        """
        time = max(self._clock(), self._latest + _STEP)
        stamp = time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        row = {**{name: flatten(cell) for name, cell in cells.items()}, "time": stamp}
        unknown = row.keys() - set(self._columns)
        if unknown:
            message = f"the log has no column {', '.join(sorted(unknown))}"
            raise KeyError(message)
        self._check_place()
        self._write(self._render([row.get(name, "") for name in self._columns]))
        self._latest = time
        return stamp

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _render(self, cells: Sequence[str]) -> bytes:
        stream = io.StringIO()
        csv.writer(stream, delimiter=self._delimiter, lineterminator="\n").writerow(cells)
        return stream.getvalue().encode()

    def _check_place(self) -> None:
        """Refuse to write into a file that was removed or replaced (by a checkout, say): nobody would find the row."""
        if not self.path.exists() or not os.path.samestat(self.path.stat(), os.fstat(self._descriptor)):
            raise FileNotFoundError(0, "was removed or replaced while it was open; start again", str(self.path))

    def _write(self, data: bytes) -> None:
        if not data:
            return
        size = os.fstat(self._descriptor).st_size
        try:
            done = 0
            while done < len(data):
                done += os.write(self._descriptor, data[done:])
            os.fsync(self._descriptor)
        except OSError:
            # Half a row was never told to be saved; without it the log is as it was.
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, size)
            raise


@contextmanager
def open_log(
    path: Path,
    columns: Sequence[str],
    purpose: str,
    *,
    wait: bool = False,
    clock: Callable[[], datetime] = read_clock,
) -> Iterator[LogFile]:
    """Open a log for appending and hold it until the end; a log that does not exist yet is begun with its header.

    Args:
        path: The log.
        columns: Its columns in the order in which a new log is written; all of them must be there in an old one.
        purpose: What the process does (`review screen`), for others who find the log held.
        wait: Wait until another process has let go of it.
        clock: Gives the time now.

    Raises:
        LockedError: If another process holds the log and `wait` is False.
        FormatError: If the file is not a log with these columns, or not UTF-8.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with hold_file(path, purpose, wait=wait):
        log = LogFile(path, columns, clock)
        try:
            yield log
        finally:
            log.close()


def _read_header(path: Path, data: bytes, columns: Sequence[str]) -> tuple[tuple[str, ...], str] | None:
    """Return columns and delimiter of a log that has begun, None for one that has not."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(path, "is not UTF-8", line=line, hint="save it as UTF-8, then screen on") from error
    if not text.strip():
        return None
    first = text.split("\n", 1)[0]
    headers = [tuple(cell.strip() for cell in next(csv.reader([first], delimiter=mark))) for mark in _DELIMITERS]
    header, delimiter = max(zip(headers, _DELIMITERS, strict=True), key=lambda pair: len(set(pair[0]) & set(columns)))
    missing = [column for column in columns if column not in header]
    if missing:
        raise FormatError(
            path,
            f"the header lacks {', '.join(missing)}",
            line=1,
            hint=f"keep the file as {path.stem}@earlier.csv (its rows count on), and a new log is begun",
        )
    return header, delimiter


def _find_latest(data: bytes, columns: Sequence[str], delimiter: str) -> datetime:
    latest = datetime.min.replace(tzinfo=UTC)
    place = columns.index("time")
    for line in data.decode("utf-8-sig").splitlines():
        with contextlib.suppress(ValueError, IndexError, csv.Error):
            cells = next(csv.reader([line], delimiter=delimiter), [])
            moment = datetime.fromisoformat(cells[place])
            if moment.tzinfo is not None:
                latest = max(latest, moment)
    return latest


def _end_torn_line(data: bytes) -> bytes:
    """Return what ends a last line that a power cut tore, so that the next row begins on a line of its own."""
    if not data or data.endswith(b"\n"):
        return b""
    torn = data[data.rfind(b"\n") + 1 :]
    return b'"\n' if torn.count(b'"') % 2 else b"\n"


def _sync_folder(folder: Path) -> None:
    # Makes the new file itself survive a power cut; some systems cannot open folders, where it is not needed.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
