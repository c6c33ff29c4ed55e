"""Entries of tagged text (RIS, MEDLINE, ISI, refer, Ovid): tags with their values in file order, with lines.

What the tagged formats share is here: an entry is a list of (tag, value) in the order of the file, because order ties an address
to its author; a value keeps its line breaks, because some lists stand on lines of their own. How entries are told apart differs,
and stays with each format.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import NamedTuple

from review.errors import LimitError
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.formats.text import MAX_ENTRY
from review.formats.text import MAX_FIELDS


class Field(NamedTuple):
    """One tag of an entry; the lines of its value are joined by line feeds."""

    tag: str
    value: str
    line: int


class Entry(NamedTuple):
    """One entry: the line it begins at, its fields in file order, whether its end was marked as the format asks."""

    line: int
    fields: tuple[Field, ...]
    is_ended: bool = True

    def values(self, *tags: str) -> list[str]:
        """The values of these tags, by the order of the tags given, then of the file; blank ones left out."""
        return [field.value for tag in tags for field in self.fields if field.tag == tag and field.value.strip()]

    def first(self, *tags: str) -> str:
        """The first value of the first of these tags that has one; empty if none has."""
        return next(iter(self.values(*tags)), "")

    def in_order(self, *tags: str) -> list[str]:
        """The values of these tags in file order."""
        return [field.value for field in self.fields if field.tag in tags and field.value.strip()]


@dataclass
class EntryBuilder:
    """Collects the lines of one entry after another, and refuses one that does not end."""

    path: str
    limit: int = MAX_ENTRY
    most: int = MAX_FIELDS
    line: int = 0
    _fields: list[tuple[str, list[str], int]] = field(default_factory=list)
    _size: int = 0

    def __bool__(self) -> bool:
        return bool(self._fields)

    def has(self, *tags: str) -> bool:
        """Whether the entry at hand has one of these tags."""
        return any(name in tags for name, _, _ in self._fields)

    @property
    def last_tag(self) -> str:
        """The tag that a wrapped line would belong to."""
        return self._fields[-1][0] if self._fields else ""

    def add(self, tag: str, value: str, line: int) -> None:
        """Begin a field."""
        if not self._fields:
            self.line = line
        self._grow(value, line)
        if len(self._fields) >= self.most:
            raise LimitError(
                self.path,
                f"the entry that begins at line {self.line} has more than {self.most:,} fields",
                line=line,
                hint="its end is missing, or the file is not what its name says",
            )
        self._fields.append((tag, [value.strip()], line))

    def extend(self, text: str, line: int) -> None:
        """Add a wrapped line to the last field."""
        self._grow(text, line)
        self._fields[-1][1].append(text.strip())

    def _grow(self, text: str, line: int) -> None:
        self._size += len(text) + 1
        if self._size > self.limit:
            raise LimitError(
                self.path,
                f"the entry that begins at line {self.line} is longer than {self.limit:,} characters",
                line=line,
                hint="its end is missing, or the file is not what its name says",
            )

    def take(self, *, is_ended: bool = True) -> Entry:
        """Return the entry and begin anew."""
        fields = tuple(Field(tag, "\n".join(lines).strip(), line) for tag, lines, line in self._fields)
        entry = Entry(self.line, fields, is_ended)
        self._fields, self._size = [], 0
        return entry


@dataclass
class Strays:
    """Lines that stand outside every entry: counted, the first one remembered, told once."""

    path: str
    count: int = 0
    line: int = 0
    text: str = ""

    def add(self, text: str, line: int) -> None:
        """Note a line that is not empty."""
        if text.strip():
            self.count += 1
            if self.count == 1:
                self.line, self.text = line, text.strip()[:80]

    def findings(self) -> Iterator[Finding]:
        """The one finding on them, if there were any."""
        if self.count:
            yield find(
                "RECORD-003",
                f"{self.count} lines stand outside the entries and were passed over",
                Origin(self.path, self.line),
                found=self.text,
            )
