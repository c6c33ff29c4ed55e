"""The file of a manuscript: read, filled, and written so that nothing of a person is lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from review.errors import FormatError
from review.errors import LimitError
from review.errors import LockedError
from review.errors import StaleFileError
from review.files import decode_snapshot
from review.files import hash_bytes
from review.files import hash_file
from review.files import write_atomic
from review.files import write_new
from review.reporting.fill.filling import Filling
from review.reporting.fill.marked_text import MARKUPS
from review.reporting.fill.marked_text import fill_text
from review.reporting.fill.printed import Printed
from review.reporting.fill.word import fill_word

#: Largest manuscript that is read; pictures make Word files large.
LIMIT_BYTES = 256 * 1024 * 1024

WORD = (".docx", ".docm", ".dotx", ".dotm")


@dataclass(frozen=True, slots=True)
class FilledManuscript:
    """A manuscript as read from `path`, filled: `data` is what is to be written, the bytes read where nothing changed."""

    path: Path
    sha256: str
    data: bytes
    filling: Filling


def fill_manuscript(path: Path, shown_as: str, printed: Printed) -> FilledManuscript:
    """Read and fill a manuscript; nothing is written.

    Raises:
        FormatError: If the file cannot be read, or is of a kind that cannot be filled.
    """
    ending = path.suffix.lower()
    if ending not in (*WORD, *MARKUPS):
        known = " ".join((*WORD[:1], *MARKUPS))
        raise FormatError(
            shown_as, f"a file of the kind {ending or 'without ending'} cannot be filled", hint=f"known are {known}"
        )
    try:
        if path.stat().st_size > LIMIT_BYTES:
            raise LimitError(shown_as, "is larger than a manuscript can be", hint="is it the right file?")
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(shown_as, f"cannot be read ({error.strerror})") from error
    if ending in WORD:
        filled, filling = fill_word(data, shown_as, printed)
        return FilledManuscript(path, hash_bytes(data), filled, filling)
    snapshot = decode_snapshot(path, data)
    text, filling = fill_text(snapshot.text, MARKUPS[ending], shown_as, printed)
    if text != snapshot.text:
        encoding = "utf-8" if snapshot.is_guessed else snapshot.encoding
        data = text.replace("\n", snapshot.newline).encode(encoding)
    return FilledManuscript(path, snapshot.sha256, data, filling)


def write_manuscript(filled: FilledManuscript, target: Path, *, overwrite: bool = False) -> None:
    """Write a filled manuscript over the one that was read, or to another file.

    Raises:
        LockedError: If a program has the file open; it would write its own text over ours, or the other way round.
        StaleFileError: If the manuscript changed since it was read, and is to be written over.
        FileExistsError: If the other file is there, and is not to be written over.
    """
    lock = find_lock(target)
    if lock is not None:
        raise LockedError(target, f"a program that has it open (its mark is {lock.name})")
    if target.resolve() == filled.path.resolve():
        if not target.exists() or hash_file(target) != filled.sha256:
            raise StaleFileError(target)
        if hash_bytes(filled.data) != filled.sha256:
            write_atomic(target, filled.data)
    elif overwrite:
        write_atomic(target, filled.data)
    else:
        write_new(target, filled.data)


def find_lock(path: Path) -> Path | None:
    """Return the mark of a program that has the file open: Word's `~$` file or LibreOffice's `.~lock.`; None if there is none."""
    name = path.name
    # Word writes its mark over the first two letters of a long name, before a short one.
    marks = (f"~${name[2:]}", f"~${name[1:]}", f"~${name}", f".~lock.{name}#")
    return next((mark for name in marks if (mark := path.with_name(name)).exists()), None)
