"""Reading and writing files so that nothing of a person is lost.

Every write is atomic: a temporary file beside the target is filled, flushed to disk and renamed over it. A write that
replaces a person's file demands the hash of what was read and refuses if the file has changed since.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from review.errors import FormatError
from review.errors import LimitError
from review.errors import StaleFileError

#: Largest file of a person's own text (YAML, CSV logs) that is read whole: far above any real one.
TEXT_LIMIT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A text file as it was read: its text with line feeds only, and what is needed to write it back unharmed.

    `encoding` is `utf-8`, `utf-8-sig` (a byte order mark), `utf-16` or `cp1252` (a file that is not UTF-8: accented
    letters were saved by a spreadsheet; `is_guessed` says so).
    """

    path: Path
    text: str
    sha256: str
    newline: str
    encoding: str
    is_guessed: bool = False


def hash_bytes(data: bytes) -> str:
    """Return the SHA-256 of the bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces, so that size does not matter."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_snapshot(path: Path, *, limit: int = TEXT_LIMIT_BYTES) -> Snapshot:
    """Read a person's text file.

    Raises:
        LimitError: If the file is larger than `limit` bytes.
        FormatError: If it is not text (NUL bytes), or cannot be opened.
    """
    try:
        size = path.stat().st_size
        if size > limit:
            raise LimitError(
                path,
                f"{size / 1e6:.0f} MB is more than the {limit / 1e6:.0f} MB that a file of this kind may have",
                hint="is it the right file?",
            )
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(path, f"cannot be read ({error.strerror})") from error
    return decode_snapshot(path, data)


def decode_snapshot(path: Path, data: bytes) -> Snapshot:
    """Turn the bytes of a text file into a snapshot; see `read_snapshot` for the errors."""
    encoding, is_guessed = "utf-8", False
    if data.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise FormatError(path, f"is not whole {encoding.upper()} text", hint="save it as UTF-8") from error
        encoding, is_guessed = "cp1252", True
        text = data.decode(encoding, errors="replace")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise FormatError(path, "holds NUL bytes, so it is not text", line=line)
    newline = "\r\n" if "\r\n" in text else "\n"
    return Snapshot(
        path, text.replace("\r\n", "\n").replace("\r", "\n"), hash_bytes(data), newline, encoding, is_guessed
    )


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file so that readers see either the old or the new content, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_read_umask())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not exist yet.

    Raises:
        FileExistsError: If it does; it is left as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(0o666 & ~_read_umask())
        # A hard link fails where the name is taken, unlike a rename: two processes cannot both win.
        os.link(part, path)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)


def write_over(snapshot: Snapshot, text: str) -> Snapshot:
    """Replace a person's file, keeping its line ends and encoding.

    Raises:
        StaleFileError: If the file changed since `snapshot` was read; nothing is written.
    """
    if not snapshot.path.exists() or hash_file(snapshot.path) != snapshot.sha256:
        raise StaleFileError(snapshot.path)
    encoding = "utf-8" if snapshot.is_guessed else snapshot.encoding
    data = text.replace("\n", snapshot.newline).encode(encoding)
    write_atomic(snapshot.path, data)
    return decode_snapshot(snapshot.path, data)


def _read_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    # Makes the rename itself survive a power cut; some systems cannot open folders, where it is not needed.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
