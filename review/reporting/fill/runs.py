"""Text inside the XML of Word: which elements hold it, how it is read, and how it is replaced with its formatting kept.

Source: ECMA-376, part 1, 17.3 (runs), 17.13.5 (tracked changes), 17.16 (fields), 17.5.2 (content controls).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

#: Characters that XML cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

#: Stands for anything in a run that is not text, such as a picture or a footnote's mark.
OBJECT = "\ufffc"

_TEXTS = {"t": "", "tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_TRACKED = ("ins", "del", "moveFrom", "moveTo")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of Word's elements in the namespace of one part (transitional and strict files differ)."""

    namespace: str

    def __getitem__(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}"

    def strip(self, element: etree._Element) -> str:
        """Return an element's name without its namespace; empty for another namespace, comments and instructions."""
        tag = element.tag
        return tag.removeprefix(f"{{{self.namespace}}}") if isinstance(tag, str) and tag.startswith(self[""]) else ""


@dataclass(frozen=True, slots=True)
class Piece:
    """An element of a run with the text that it stands for."""

    node: etree._Element
    text: str

    @property
    def run(self) -> etree._Element:
        """The run that holds it."""
        parent = self.node.getparent()
        assert parent is not None
        return parent


def list_pieces(top: etree._Element, names: Names) -> Iterator[Piece]:
    """Yield what the runs below an element hold, in order; not what is deleted by a tracked change, nor the paragraphs of a text box."""
    for child in top:
        name = names.strip(child)
        if name == "r":
            for node in child:
                inner = names.strip(node)
                if inner == "t":
                    yield Piece(node, node.text or "")
                elif inner in _TEXTS:
                    yield Piece(node, _TEXTS[inner])
                elif inner != "rPr":
                    yield Piece(node, OBJECT)
        elif name not in {"p", "del", "moveFrom", "pPr", "sdtPr"}:
            yield from list_pieces(child, names)


def read_text(pieces: Iterable[Piece]) -> str:
    """Return the text of pieces, without objects."""
    return "".join(piece.text for piece in pieces if piece.text != OBJECT)


def replace_text(pieces: Sequence[Piece], text: str, names: Names) -> bool:
    """Put a text into the place of pieces, in the first one's run; objects stay. Return whether there was a place."""
    texts = [piece for piece in pieces if piece.text != OBJECT]
    if not texts:
        return False
    first = texts[0]
    first.node.addprevious(make_text(text, names))
    for piece in texts:
        run = piece.run
        run.remove(piece.node)
        if all(names.strip(node) == "rPr" for node in run):
            drop(run)
    return True


def make_run(text: str, look: etree._Element | None, names: Names) -> etree._Element:
    """Make a run; `look` is the formatting (`w:rPr`) to copy."""
    run = etree.Element(names["r"])
    if look is not None:
        run.append(copy.deepcopy(look))
    run.append(make_text(text, names))
    return run


def make_text(text: str, names: Names) -> etree._Element:
    """Make the text element of a run; what XML cannot hold is left out."""
    node = etree.Element(names["t"])
    node.text = clean_text(text)
    if node.text != node.text.strip():
        node.set(_SPACE, "preserve")
    return node


def clean_text(text: str) -> str:
    """Return a text on one line, without characters that XML cannot hold."""
    return _FORBIDDEN.sub("", " ".join(text.split("\n")))


def split_run(run: etree._Element, node: etree._Element, offset: int, names: Names) -> etree._Element:
    """Split a run inside one of its texts; what is behind the offset goes to a new run of the same look behind it."""
    behind = etree.Element(names["r"], {str(name): str(value) for name, value in run.attrib.items()})
    look = run.find(names["rPr"])
    if look is not None:
        behind.append(copy.deepcopy(look))
    following = list(node.itersiblings())
    if names.strip(node) == "t":
        text = node.text or ""
        behind.append(make_text(text[offset:], names))
        node.text = text[:offset]
        node.set(_SPACE, "preserve")
    elif offset == 0:
        following.insert(0, node)
    for item in following:
        behind.append(item)
    run.addnext(behind)
    return behind


def drop(element: etree._Element) -> None:
    """Remove an element from its parent."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def is_empty(run: etree._Element, names: Names) -> bool:
    """Whether a run holds nothing but its look and empty texts."""
    return all(names.strip(node) == "rPr" or (names.strip(node) == "t" and not node.text) for node in run)


def find_above(element: etree._Element, name: str, names: Names) -> etree._Element | None:
    """Return the nearest element of that name that holds this one."""
    return next(element.iterancestors(names[name]), None)


def stands_among_runs(element: etree._Element, names: Names) -> bool:
    """Whether an element is inside a paragraph rather than around one."""
    kinds = {"p", "tc", "tr", "tbl", "body", "txbxContent", "hdr", "ftr", "footnote", "endnote", "comment"}
    return next((name for item in element.iterancestors() if (name := names.strip(item)) in kinds), "") == "p"


def has_tracked(element: etree._Element, names: Names) -> bool:
    """Whether there is a tracked change below an element."""
    return next(element.iter(*(names[name] for name in _TRACKED)), None) is not None


def is_deleted(element: etree._Element, names: Names) -> bool:
    """Whether a tracked change took the element away."""
    return next(element.iterancestors(names["del"], names["moveFrom"]), None) is not None


def is_copy(element: etree._Element) -> bool:
    """Whether an element is in the copy of a text box that is kept for old versions of Word."""
    return next(element.iterancestors(_FALLBACK), None) is not None
