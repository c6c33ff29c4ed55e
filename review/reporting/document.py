"""The report as data: sections of paragraphs, tables, figures and lists. How it looks is the matter of its renderers.

One document is written as an HTML page (`document_html`) and as a Word file (`document_word`), so that they cannot say different things. A
number that the review computed is a `Number` with the key of `values.json`; it leads to the place that tells what it is made of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from typing import NamedTuple

from review.reporting.table import Table


class Number(NamedTuple):
    """A number in running text: the key of a value, and the text to print for it."""

    key: str
    text: str


class Strong(NamedTuple):
    """Words that stand out."""

    text: str


class Emphasis(NamedTuple):
    """Words in italics: a journal's name, a term."""

    text: str


class Code(NamedTuple):
    """A command, a file's name, an id: text that is copied letter by letter."""

    text: str


class Link(NamedTuple):
    """Words that lead somewhere: `target` is `#` and a key of the document (`list_keys`), or a web address."""

    text: str
    target: str


#: A piece of running text; plain words are a str.
Run = str | Number | Strong | Emphasis | Code | Link

#: Running text in pieces, printed one after the other without anything between them.
Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. A `note` is set smaller (a source, a licence), a `warning` stands in a frame (a draft)."""

    runs: Runs
    kind: Literal["text", "note", "warning"] = "text"


@dataclass(frozen=True, slots=True)
class Items:
    """A list; each item is running text."""

    items: tuple[Runs, ...]
    is_numbered: bool = False


class Term(NamedTuple):
    """A term and what is said of it, one paragraph each."""

    name: str
    texts: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """A list of terms: the parts of a question, the facts of a search."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Text that keeps its lines, such as a search strategy exactly as it was run."""

    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in its rendered forms. `key` is unique in the document; `width_cm` is the printed width.

    Elements of the SVG that stand for a value carry its key (`review.reporting.page.Page.text`), so that a page can link them.
    """

    key: str
    caption: str
    alt: str
    svg: bytes
    png: bytes
    width_cm: float
    title: str = ""


#: `answered`: the document answers the item, where its text says. `partly`: people must add to it. `open`: nothing answers it
#: yet. `not applicable`: the review did nothing that the item asks for.
ChecklistState = Literal["answered", "partly", "open", "not applicable"]


#: The columns of a checklist.
CHECKLIST_HEADINGS = ("Item", "Topic", "State", "Where it is answered")


class ChecklistRow(NamedTuple):
    """One item of a reporting checklist: its number, its label, the state, and where or how it is answered."""

    number: str
    label: str
    state: ChecklistState
    answer: Runs = ()


class ChecklistGroup(NamedTuple):
    """The items under one heading of a checklist."""

    title: str
    rows: tuple[ChecklistRow, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """A reporting checklist, filled in as far as the review's files allow; `source` names the statement it is from."""

    key: str
    caption: str
    groups: tuple[ChecklistGroup, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One entry of an outline; `key` is an anchor of its own where it has one. `is_folded` hides what is below until it is asked for."""

    runs: Runs
    nodes: tuple[Node, ...] = ()
    key: str = ""
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A list within lists: what a number rests on, and what that rests on in turn."""

    nodes: tuple[Node, ...]


Block = Paragraph | Items | Terms | Listing | Figure | Checklist | Outline | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document under a heading; `key` is its anchor, unique in the document, in lower-case words with hyphens.

    The blocks come first, the subsections after them.
    """

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    subsections: tuple[Section, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read below the heading."""
        return not self.blocks and all(section.is_empty for section in self.subsections)


@dataclass(frozen=True, slots=True)
class Document:
    """A title, what stands before the first section (the draft banner), the sections, a last line.

    Raises:
        ValueError: If two sections, tables or figures have one key: a programming error.
    """

    title: str
    lead: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    foot: Runs = ()

    def __post_init__(self) -> None:
        repeated = [key for key, times in Counter(list_keys(self)).items() if times > 1]
        if repeated:
            raise ValueError(f"keys of more than one part of the document: {', '.join(repeated)}")


def write_paragraph(*runs: Run, kind: Literal["text", "note", "warning"] = "text") -> Paragraph:
    """Make a paragraph of pieces of text."""
    return Paragraph(runs, kind)


def join_runs(parts: Iterable[Runs | Run], separator: str = ", ", last: str = " and ") -> Runs:
    """Join pieces of text as a sentence lists them: `a, b and c`."""
    pieces = [_list_runs(part) for part in parts]
    joined: list[Run] = []
    for place, piece in enumerate(pieces):
        if place:
            joined.append(last if place == len(pieces) - 1 else separator)
        joined += piece
    return tuple(joined)


def read_runs(runs: Iterable[Run]) -> str:
    """Give the bare words of running text."""
    return "".join(run if isinstance(run, str) else run.text for run in runs)


def name_value(key: str) -> str:
    """Give the key of the place that tells what a value is made of: the anchor of the value in the document."""
    return f"value-{key}"


def name_table(key: str) -> str:
    """Give the key of the place of a table: tables have names of their own, which sections may have too."""
    return f"table-{key}"


def make_anchor(key: str) -> str:
    """Give the anchor of a key, which needs no escape in an address; two keys never share one.

    Letters, digits, dots, hyphens and underscores are kept; any other character becomes its code point between tildes.
    """
    return re.sub(r"[^A-Za-z0-9._-]", lambda found: f"~{ord(found[0]):x}~", key)


def list_sections(document: Document) -> Iterator[tuple[Section, int]]:
    """Yield every section with its depth, 1 for those of the document itself, in the order of reading."""

    def walk(sections: Iterable[Section], depth: int) -> Iterator[tuple[Section, int]]:
        for section in sections:
            yield section, depth
            yield from walk(section.subsections, depth + 1)

    return walk(document.sections, 1)


def list_blocks(document: Document) -> Iterator[Block]:
    """Yield every block, in the order of reading."""
    yield from document.lead
    for section, _ in list_sections(document):
        yield from section.blocks


def list_keys(document: Document) -> list[str]:
    """List every key that can be linked to: of sections, tables, figures, checklists and outlines' nodes."""
    keys = [section.key for section, _ in list_sections(document)]
    for block in list_blocks(document):
        if isinstance(block, Table):
            keys.append(name_table(block.key))
        elif isinstance(block, Figure | Checklist):
            keys.append(block.key)
        elif isinstance(block, Outline):
            keys += _list_node_keys(block.nodes)
    return keys


def _list_node_keys(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if node.key:
            yield node.key
        yield from _list_node_keys(node.nodes)


def _list_runs(part: Runs | Run) -> Runs:
    if isinstance(part, str | Number | Strong | Emphasis | Code | Link):
        return (part,)
    return part
