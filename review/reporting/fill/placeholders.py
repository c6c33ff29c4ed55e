"""Placeholders in running text, `{{pool.A.together}}`: found though Word cut them into several runs, replaced by content controls."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from review.reporting.fill.controls import make_control
from review.reporting.fill.printed import Printed
from review.reporting.fill.runs import OBJECT
from review.reporting.fill.runs import Names
from review.reporting.fill.runs import Piece
from review.reporting.fill.runs import drop
from review.reporting.fill.runs import find_above
from review.reporting.fill.runs import is_empty
from review.reporting.fill.runs import list_pieces
from review.reporting.fill.runs import split_run

#: A key in double braces; `review:` may stand before it.
PLACEHOLDER = re.compile(rf"\{{\{{\s*(review:\s*)?([^\W_][^{{}}\n{OBJECT}]{{0,199}}?)\s*\}}\}}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder with its key, and the first and the last piece of text that it stands in, with offsets inside."""

    key: str
    first: Piece
    start: int
    last: Piece
    end: int


def names_value(match: re.Match[str], printed: Printed, *, families_only: bool = False) -> bool:
    """Whether a placeholder is ours: it says `review:`, begins as keys do, or at least looks like a key (words joined by dots)."""
    key = match.group(2)
    if match.group(1) or key.split(".")[0] in printed.families:
        return True
    return not families_only and "." in key and not re.search(r"\s", key)


def list_placeholders(paragraph: etree._Element, names: Names, printed: Printed) -> Iterator[Placeholder]:
    """Yield the placeholders of a paragraph, the last one first, so that replacing one leaves the others where they are."""
    pieces = list(list_pieces(paragraph, names))
    text = "".join(piece.text for piece in pieces)
    for match in reversed(list(PLACEHOLDER.finditer(text))):
        if names_value(match, printed):
            first, start = _locate(pieces, match.start())
            last, end = _locate(pieces, match.end() - 1)
            yield Placeholder(match.group(2), first, start, last, end + 1)


def find_obstacle(placeholder: Placeholder, names: Names) -> tuple[str, str]:
    """Return why a placeholder cannot be replaced, and what to do; two empty texts if it can."""
    first, last = placeholder.first.run, placeholder.last.run
    if first.getparent() is not last.getparent():
        return "it is cut by a link, a control or a tracked change", "type it again in one piece, or accept the change"
    between = list(first.itersiblings())
    if first is not last and any(
        names.strip(item) in {"ins", "del", "moveFrom", "moveTo"} for item in between[: between.index(last)]
    ):
        return "there is a tracked change in it", "accept or reject the change first"
    holder = find_above(first, "sdt", names)
    if holder is not None and holder.find(f"{names['sdtPr']}/{names['text']}") is not None:
        return "it stands in a content control for plain text", "put it outside of the control"
    return "", ""


def replace_placeholder(placeholder: Placeholder, text: str, number: int, names: Names) -> None:
    """Put a content control with the text into the place of a placeholder, in the look of its first letter."""
    first, last = placeholder.first.run, placeholder.last.run
    behind = split_run(last, placeholder.last.node, placeholder.end, names)
    inside = split_run(first, placeholder.first.node, placeholder.start, names)
    look = inside.find(names["rPr"])
    control = make_control(placeholder.key, text, look, number, names)
    first.addnext(control)
    for item in list(control.itersiblings()):
        if item is behind:
            break
        # Bookmarks and the marks of comments stay, runs go.
        if item.tag == names["r"]:
            drop(item)
    for run in (first, behind):
        if is_empty(run, names):
            drop(run)


def choose_number(seed: str, taken: set[int]) -> int:
    """Return a number for a content control that no other has, the same for the same document; it is then taken."""
    number = (zlib.crc32(seed.encode()) & 0x7FFFFFFF) or 1
    while number in taken:
        number = number % 0x7FFFFFFE + 1
    taken.add(number)
    return number


def _locate(pieces: list[Piece], offset: int) -> tuple[Piece, int]:
    for piece in pieces:
        if offset < len(piece.text):
            return piece, offset
        offset -= len(piece.text)
    raise IndexError(offset)
