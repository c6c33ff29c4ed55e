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


def _split_objects(lines: Lines) -> Iterator[tuple[int, str]]:
    """Cut the text into its outermost objects by counting braces outside strings, each character seen once."""
    parts: list[str] = []
    size = depth = start = 0
    line = 1
    in_string = False
    pending = ""
    while True:
        chunk = lines.read_text(_CHUNK)
        if not chunk:
            break
        text = pending + chunk
        pending = ""
        if text.endswith("\\"):
            text, pending = text[:-1], "\\"
        begin = 0
        counted = 0
        for match in _MARK.finditer(text):
            mark = match.group()
            if in_string:
                in_string = mark != '"'
            elif mark == '"':
                in_string = depth > 0
            elif mark in "{[":
                if mark == "[" and depth == 0:
                    continue
                if depth == 0:
                    line += text.count("\n", counted, match.start())
                    counted = begin = match.start()
                    start = line
                depth += 1
                if depth > _MAX_DEPTH:
                    raise LimitError(lines.path, f"an object is nested deeper than {_MAX_DEPTH} levels", line=start)
            elif mark in "}]" and depth > 0:
                depth -= 1
                if depth == 0:
                    yield start, "".join([*parts, text[begin : match.end()]])
                    parts, size = [], 0
                    begin = match.end()
        if depth > 0:
            parts.append(text[begin:])
            size += len(text) - begin
            if size > MAX_ENTRY:
                raise LimitError(lines.path, f"an object is longer than {MAX_ENTRY:,} characters", line=start)
        line += text.count("\n", counted)
    if depth > 0:
        yield start, "".join(parts) + pending
