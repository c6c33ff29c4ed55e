"""Bytes to lines of text: encodings, line ends, NULs, and the limits that keep a hostile file harmless.

UTF-8 (with or without a byte order mark), UTF-16 and UTF-32 are told by their own signs. Bytes that are no UTF-8 are read one by
one as Windows-1252, whose printable part is that of Latin-1, so that a file glued together from two encodings comes out right,
and a finding says how many bytes were guessed. Nothing is read twice and no more than one line is held.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO
from typing import Self

from review.errors import FormatError
from review.errors import LimitError
from review.findings import Finding
from review.findings import Origin
from review.findings import find

#: Characters of one line and of one entry, and fields of one entry. Real entries stay under 2 million characters and 30,000 fields
#: (papers of particle physics, with thousands of authors and their addresses).
MAX_LINE = 8 * 1024 * 1024
MAX_ENTRY = 8 * 1024 * 1024
MAX_FIELDS = 100_000

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPED = re.compile("[\udc80-\udcff]")
_WINDOWS_1252 = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or bytes([byte]).decode("latin-1")
    for byte in range(0x80, 0x100)
}


def detect_encoding(head: bytes) -> str:
    """Tell the encoding from a file's first bytes: a byte order mark, the zeros of UTF-16, else UTF-8.

    Args:
        head: At least the first 4 bytes of the file, better some thousand.

    Returns:
        A name of Python's codecs. `utf-8` may still hold bytes of another encoding: `Lines` takes care of them.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    sample = head[:4096]
    half = len(sample) // 2
    if half >= 8:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        if odd > 0.6 * half and even < 0.1 * half:
            return "utf-16-le"
        if even > 0.6 * half and odd < 0.1 * half:
            return "utf-16-be"
    return "utf-8"


def decode_head(head: bytes) -> str:
    """Decode a file's beginning for recognition only: a character cut at the end is dropped."""
    encoding = detect_encoding(head)
    text = codecs.getincrementaldecoder(encoding)(
        "surrogateescape" if encoding.startswith("utf-8") else "replace"
    ).decode(head)
    return text.translate(_WINDOWS_1252).replace("\0", "").replace("\ufeff", "")


class Lines:
    """The lines of a file without their ends (LF, CR LF and lone CR all end a line); iterate once, inside `with`.

    Attributes:
        path: The path as messages show it.
        number: The number of the line that was returned last, from 1; 0 before the first.
        encoding: The encoding in use; `windows-1252` or `latin-1` once bytes were met that are no UTF-8.
    """

    def __init__(self, stream: BinaryIO, path: str, *, max_line: int = MAX_LINE) -> None:
        self.path = path
        self.number = 0
        head = stream.read(4096)
        stream.seek(0)
        self.encoding = detect_encoding(head)
        self._max_line = max_line
        self._guessed = 0
        self._guessed_line = 0
        self._nuls = 0
        self._lost = 0
        errors = "surrogateescape" if self.encoding.startswith("utf-8") else "replace"
        self._reader = io.TextIOWrapper(stream, encoding=self.encoding, errors=errors, newline=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the stream without closing it, which is its owner's part."""
        if not self._reader.closed:
            self._reader.detach()

    def __iter__(self) -> Iterator[str]:
        read = self._reader.readline
        size = self._max_line + 1
        while True:
            try:
                line = read(size)
            except UnicodeError as error:
                raise FormatError(self.path, f"the text cannot be decoded as {self.encoding}: {error}") from error
            if not line:
                break
            self.number += 1
            if len(line) == size and not line.endswith("\n"):
                raise LimitError(
                    self.path,
                    f"a line is longer than {self._max_line:,} characters",
                    line=self.number,
                    hint="this is no bibliographic entry; look at the file, or export it again",
                )
            line = line.removesuffix("\n")
            yield line if line.isascii() and "\0" not in line else self._mend(line)

    def read_text(self, size: int) -> str:
        """Read up to `size` characters, line ends as LF, counting lines; empty at the end. Not to be mixed with iterating."""
        text = self._reader.read(size)
        self.number += text.count("\n")
        return text if text.isascii() and "\0" not in text else self._mend(text)

    def _mend(self, text: str) -> str:
        if "\0" in text:
            self._nuls += text.count("\0")
            text = text.replace("\0", "")
        escaped = _ESCAPED.findall(text)
        if escaped:
            self._guessed_line = self._guessed_line or self.number or 1
            self._guessed += len(escaped)
            if self.encoding != "windows-1252":
                self.encoding = "windows-1252" if any(char < "\udca0" for char in escaped) else "latin-1"
            text = text.translate(_WINDOWS_1252)
        if "\ufffd" in text and self.encoding.startswith(("utf-16", "utf-32")):
            self._lost += text.count("\ufffd")
        return text.replace("\ufeff", "")

    def findings(self) -> Iterator[Finding]:
        """What decoding had to guess or leave out; complete once all lines were read."""
        if self._guessed:
            yield find(
                "RECORD-001",
                f"{self._guessed} bytes are not UTF-8 and were read as {self.encoding}",
                Origin(self.path, self._guessed_line),
                found=self._guessed,
                hint="compare the accented letters of a few names with the source",
            )
        elif self.encoding in {"utf-16-le", "utf-16-be"}:
            yield find("RECORD-001", f"read as {self.encoding}, which the file does not say", Origin(self.path))
        if self._lost:
            yield find(
                "RECORD-001", f"{self._lost} characters could not be decoded as {self.encoding}", Origin(self.path)
            )
        if self._nuls:
            yield find("RECORD-002", f"{self._nuls} NUL characters were left out", Origin(self.path), found=self._nuls)
