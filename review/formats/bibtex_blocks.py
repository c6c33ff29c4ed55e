"""BibTeX text to blocks, and blocks to their fields.

`split_blocks` cuts a file into its `@type{...}` blocks, one in memory at a time. `read_block` splits a block with bibtexparser, and by
simpler rules where that gives up or, a comma missing, takes the next field for a part of the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import NamedTuple

from review.errors import LimitError
from review.formats.tagged import Strays
from review.formats.text import MAX_ENTRY
from review.formats.text import Lines

_BLOCK = re.compile(r"@\s*([A-Za-z][\w-]*)\s*([{(])")
_RESTART = re.compile(
    r"^\s*@\s*(?:(?:string|preamble|comment)\s*[{(]|(?!comment|string|preamble)[A-Za-z]+\s*[{(]\s*[^\s,{}\"=]*\s*(?:,|$))",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?<!\\)[{}\")]")
_NAME_START = re.compile(r"^\s*([A-Za-z][\w:+./-]*(?: \d+)?)\s*=\s*")


class Block(NamedTuple):
    """One `@type{...}` of a file: its text and first line; `is_closed` is False where its closing brace is missing."""

    kind: str
    text: str
    line: int
    is_closed: bool


def split_blocks(lines: Lines, strays: Strays) -> Iterator[Block]:
    """Cut BibTeX text into blocks, one in memory at a time; a block that does not close ends where the next one begins."""
    kept: list[str] = []
    size = depth = start = 0
    kind = closing = ""
    in_quotes = False
    for text in lines:
        rest = text
        if kept and kind != "comment" and _RESTART.match(text):
            yield Block(kind, "\n".join(kept), start, is_closed=False)
            kept = []
        while True:
            if not kept:
                match = _BLOCK.search(rest) if "@" in rest else None
                if match is None or rest.lstrip().startswith("%"):
                    if not rest.lstrip().startswith("%"):
                        strays.add(rest, lines.number)
                    break
                strays.add(rest[: match.start()], lines.number)
                kind, closing = match.group(1).lower(), "}" if match.group(2) == "{" else ")"
                start, depth, size, in_quotes = lines.number, 0, 0, False
                rest = rest[match.start() :]
                at = match.end() - match.start()
            else:
                at = 0
            end, depth, in_quotes = _find_end(rest, at, depth, closing, in_quotes=in_quotes)
            kept.append(rest if end is None else rest[:end])
            size += len(rest) + 1
            if size > MAX_ENTRY:
                raise LimitError(
                    lines.path,
                    f"the entry that begins at line {start} is longer than {MAX_ENTRY:,} characters",
                    line=lines.number,
                    hint="its closing brace is missing, or the file is no BibTeX",
                )
            if end is None:
                break
            yield Block(kind, "\n".join(kept), start, is_closed=True)
            kept, rest = [], rest[end:]
            if not rest.strip(" \t})"):
                break
    if kept:
        yield Block(kind, "\n".join(kept), start, is_closed=False)


def _find_end(text: str, at: int, depth: int, closing: str, *, in_quotes: bool) -> tuple[int | None, int, bool]:
    """Look for the block's closing mark; returns its end (None: not in this text), the depth of braces, whether quotes are open."""
    for match in _MARK.finditer(text, at):
        mark = match.group()
        if mark == "{":
            depth += 1
        elif mark == "}" and depth > 0:
            depth -= 1
        elif mark == closing and depth == 0 and not in_quotes:
            return match.end(), 0, False
        elif mark == '"' and depth == 0 and closing == ")":
            in_quotes = not in_quotes
    return None, depth, in_quotes


def read_block(block: Block) -> tuple[str, list[tuple[str, str]], str]:
    """Split a block into key and raw fields with bibtexparser; by simpler rules where that gives up.

    Returns:
        The key, the fields in order (repeated ones too), and what was wrong with the block (empty for a sound one).
    """
    from bibtexparser.model import DuplicateFieldKeyBlock
    from bibtexparser.model import Entry
    from bibtexparser.splitter import Splitter

    if block.is_closed and block.kind != "string":
        library = Splitter(block.text).split()
        blocks = library.blocks
        if len(blocks) == 1:
            found = blocks[0]
            entry = found.ignore_error_block if isinstance(found, DuplicateFieldKeyBlock) else found
            if isinstance(entry, Entry) and all(_is_whole(field.value) for field in entry.fields):
                return entry.key, [(field.key, field.value) for field in entry.fields], ""
    key, fields = _read_leniently(block)
    if block.kind == "string":
        return key, fields, ""
    problem = "an unbalanced brace, or a comma is missing" if block.is_closed else "the closing brace is missing"
    return key, fields, f"{problem}; the entry was read as well as it goes"


def _is_whole(raw: str) -> bool:
    """Whether a value is closed where it ends; where a comma is missing, bibtexparser takes the next field for a part of it."""
    for piece in _split_parts(raw):
        if piece.startswith("{"):
            depth = 0
            for match in re.finditer(r"(?<!\\)[{}]", piece):
                depth += 1 if match.group() == "{" else -1
                if depth == 0 and match.end() < len(piece):
                    return False
        elif piece.startswith('"'):
            if not piece.endswith('"'):
                return False
        elif "=" in piece or "\n" in piece:
            return False
    return True


def _read_leniently(block: Block) -> tuple[str, list[tuple[str, str]]]:
    """Split a broken block: a field begins at a line that starts with `name =`, or after a comma outside braces."""
    match = _BLOCK.match(block.text)
    body = block.text[match.end() :] if match else block.text
    if block.is_closed:
        body = body[:-1]
    head, comma, tail = body.partition(",")
    if block.kind == "string" or "=" in head:
        head, tail = "", body
    elif not comma:
        head, tail = body.strip(), ""
    fields: list[tuple[str, list[str]]] = []
    for piece in _split_pieces(tail):
        start = _NAME_START.match(piece)
        if start:
            fields.append((start.group(1), [piece[start.end() :]]))
        elif fields:
            fields[-1][1].append(piece)
    return head.strip(), [(name, _close(",".join(parts))) for name, parts in fields]


def _split_pieces(text: str) -> Iterator[str]:
    """Cut at commas outside braces and quotes; and, since one of these may be broken, before every line like `name = {`."""
    depth = start = 0
    quoted = False
    line_start = re.compile(r"\n(?=\s*[A-Za-z][\w-]*\s*=\s*[{\"\w])")
    for match in re.finditer(r"(?<!\\)[{}\",]|\n", text):
        mark = match.group()
        if mark == "\n":
            if line_start.match(text, match.start()):
                yield text[start : match.start()].rstrip().rstrip(",")
                start, depth, quoted = match.end(), 0, False
        elif mark == "{":
            depth += 1
        elif mark == "}":
            depth = max(0, depth - 1)
        elif mark == '"' and depth == 0:
            quoted = not quoted
        elif mark == "," and depth == 0 and not quoted:
            yield text[start : match.start()]
            start = match.end()
    yield text[start:]


def _close(raw: str) -> str:
    """Make a value whole again whose closing mark went missing."""
    raw = raw.strip().rstrip(",").strip()
    opens, closes = len(re.findall(r"(?<!\\)\{", raw)), len(re.findall(r"(?<!\\)\}", raw))
    if raw.startswith("{"):
        return raw + "}" * max(0, opens - closes)
    if raw.startswith('"') and (len(raw) == 1 or not raw.endswith('"')):
        return f'{raw}"'
    return raw


def evaluate_value(raw: str, strings: Mapping[str, str]) -> tuple[str, list[str]]:
    """Join a value's parts (`{...}`, `"..."`, numbers, names of strings, with `#` between); also names that are not defined."""
    raw = raw.strip()
    parts: list[str] = []
    unknown: list[str] = []
    for piece in _split_parts(raw):
        if len(piece) > 1 and (piece[0], piece[-1]) in {("{", "}"), ('"', '"')}:
            parts.append(piece[1:-1])
        elif piece.isdigit() or not piece:
            parts.append(piece)
        elif piece.casefold() in strings:
            parts.append(strings[piece.casefold()])
        else:
            if re.fullmatch(r"[A-Za-z][\w:.-]*", piece):
                unknown.append(piece)
            parts.append(piece)
    return "".join(parts), unknown


def _split_parts(raw: str) -> list[str]:
    if "#" not in raw:
        return [raw]
    parts: list[str] = []
    depth = start = 0
    quoted = False
    for match in re.finditer(r"(?<!\\)[{}\"#]", raw):
        mark = match.group()
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth = max(0, depth - 1)
        elif mark == '"' and depth == 0:
            quoted = not quoted
        elif mark == "#" and depth == 0 and not quoted:
            parts.append(raw[start : match.start()].strip())
            start = match.end()
    return [*parts, raw[start:].strip()]
