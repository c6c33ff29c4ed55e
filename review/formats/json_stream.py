"""The objects of a JSON file one after another: an array of any length in the memory of one object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from review.errors import LimitError
from review.formats.text import MAX_ENTRY
from review.formats.text import Lines

_CHUNK = 262_144
_MAX_DEPTH = 100
_MARK = re.compile(r'[{}\[\]"]|\\.|\\$', re.DOTALL)


def iterate_objects(lines: Lines) -> Iterator[tuple[int, dict[str, object] | None]]:
    """Yield line and object for each object of the outermost array (or the array inside one outer object, or a single object).

    None stands for an object that is no JSON.

    Raises:
        LimitError: If an object is nested deeper than 100 levels, or does not end.
    """
    for line, text in _split_objects(lines):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            yield line, None
            continue
        if isinstance(value, dict):
            inner = value.get("items", value.get("records", value.get("references")))
            if isinstance(inner, list) and "title" not in value:
                yield from ((line, item if isinstance(item, dict) else None) for item in inner)
            else:
                yield line, value


class _Cutter:
    """Cuts text that comes in pieces into outermost objects, by counting brackets outside strings; each character is seen once."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._parts: list[str] = []
        self._size = 0
        self._depth = 0
        self._in_string = False
        self._line = 1
        self.start = 1

    def feed(self, text: str) -> Iterator[tuple[int, str]]:
        """Take the next piece; yields line and text of each object that ends in it."""
        begin = counted = 0
        for match in _MARK.finditer(text):
            mark = match.group()
            if self._in_string:
                self._in_string = mark != '"'
            elif mark == '"':
                self._in_string = self._depth > 0
            elif mark == "{" or (mark == "[" and self._depth):
                if not self._depth:
                    self._line += text.count("\n", counted, match.start())
                    counted = begin = match.start()
                    self.start = self._line
                self._open()
            elif mark in "}]" and self._depth:
                self._depth -= 1
                if not self._depth:
                    yield self.start, "".join([*self._parts, text[begin : match.end()]])
                    self._parts, self._size, begin = [], 0, match.end()
        if self._depth:
            self._keep(text[begin:])
        self._line += text.count("\n", counted)

    def rest(self) -> str:
        """The beginning of an object that did not end; empty if there is none."""
        return "".join(self._parts) if self._depth else ""

    def _open(self) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise LimitError(self._path, f"an object is nested deeper than {_MAX_DEPTH} levels", line=self.start)

    def _keep(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)
        if self._size > MAX_ENTRY:
            raise LimitError(self._path, f"an object is longer than {MAX_ENTRY:,} characters", line=self.start)


def _split_objects(lines: Lines) -> Iterator[tuple[int, str]]:
    cutter = _Cutter(lines.path)
    pending = ""
    while chunk := lines.read_text(_CHUNK):
        text = pending + chunk
        # A backslash at the end belongs to the character that comes with the next piece.
        odd = (len(text) - len(text.rstrip("\\"))) % 2
        pending = "\\" if odd else ""
        yield from cutter.feed(text[:-1] if odd else text)
    rest = cutter.rest()
    if rest:
        yield cutter.start, rest + pending
