"""A document as a Word file: real headings, tables that can be edited, pictures with alternative text, links from numbers to what they are made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from collections.abc import Iterable

from review.reporting.column_width import share_width
from review.reporting.document import CHECKLIST_HEADINGS
from review.reporting.document import Block
from review.reporting.document import Checklist
from review.reporting.document import ChecklistRow
from review.reporting.document import Code
from review.reporting.document import Document
from review.reporting.document import Emphasis
from review.reporting.document import Figure
from review.reporting.document import Items
from review.reporting.document import Link
from review.reporting.document import Listing
from review.reporting.document import Node
from review.reporting.document import Number
from review.reporting.document import Outline
from review.reporting.document import Paragraph
from review.reporting.document import Run
from review.reporting.document import Section
from review.reporting.document import Strong
from review.reporting.document import Terms
from review.reporting.document import list_keys
from review.reporting.document import name_table
from review.reporting.document import name_value
from review.reporting.document import read_runs
from review.reporting.table import PORTRAIT_COLUMNS
from review.reporting.table import Table
from review.reporting.table import letter_note
from review.reporting.table_markup import clean_link
from review.reporting.word import WordFile
from review.reporting.word_markup import LINK_COLOUR
from review.reporting.word_markup import PLAIN
from review.reporting.word_markup import Look
from review.reporting.word_markup import write_bookmark
from review.reporting.word_markup import write_local_link
from review.reporting.word_markup import write_paragraph
from review.reporting.word_markup import write_run
from review.reporting.word_markup import write_web_link
from review.reporting.word_table import GridCell
from review.reporting.word_table import GridRow
from review.reporting.word_table import write_grid
from review.reporting.word_table import write_table

_DEEPEST_HEADING = 6
_NOTE_SIZE, _TABLE_SIZE, _LISTING_SIZE = 8.0, 9.0, 8.5
_MONOSPACE = "Courier New"
_STEP_CM, _HANGING_CM = 0.6, 0.4
_SOFT, _WARNING = "F4F4F2", "8A3B00"


def render_word(document: Document) -> bytes:
    """Write the Word file, on A4; a wide table gets a page on its side. Equal documents give equal bytes."""
    return _Writer(document).write()


class _Writer:
    """Writes the parts of a document one after the other."""

    def __init__(self, document: Document) -> None:
        self._content = document
        self._file = WordFile(document.title)
        self._keys = frozenset(list_keys(document))
        self._bookmarks = 0
        self._writers: dict[type, Callable[..., None]] = {
            Paragraph: self._write_paragraph,
            Items: self._write_items,
            Terms: self._write_terms,
            Listing: self._write_listing,
            Figure: self._write_figure,
            Checklist: self._write_checklist,
            Outline: lambda block: self._write_nodes(block.nodes, 0),
            Table: self._write_table,
        }

    def write(self) -> bytes:
        if self._content.title:
            self._file.add(write_paragraph(write_run(self._content.title), style="Title"))
        self._write_blocks(self._content.lead)
        if self._content.sections:
            self._write_contents(self._content.sections, 0)
        for section in self._content.sections:
            self._write_section(section, 1)
        if self._content.foot:
            self._file.add(write_paragraph(self._write_runs(self._content.foot, Look(size=_NOTE_SIZE)), before=12))
        return self._file.to_bytes()

    def _write_contents(self, sections: Iterable[Section], depth: int) -> None:
        for section in sections:
            link = write_local_link(write_run(section.title, Look(colour=LINK_COLOUR)), section.key)
            self._file.add(write_paragraph(link, indent_cm=_STEP_CM * depth, after=1))
            if depth == 0:
                self._write_contents(section.subsections, depth + 1)

    def _write_section(self, section: Section, level: int) -> None:
        self._file.turn_page(is_wide=False)
        heading = self._mark(write_run(section.title), section.key)
        self._file.add(write_paragraph(heading, style=f"Heading{min(level, _DEEPEST_HEADING)}", keep_next=True))
        self._write_blocks(section.blocks)
        for inner in section.subsections:
            self._write_section(inner, level + 1)

    def _write_blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            self._file.turn_page(is_wide=isinstance(block, Table) and len(block.columns) > PORTRAIT_COLUMNS)
            self._writers[type(block)](block)

    def _mark(self, content: str, key: str) -> str:
        if not key:
            return content
        self._bookmarks += 1
        return write_bookmark(content, key, self._bookmarks)

    def _write_runs(self, runs: Iterable[Run], look: Look = PLAIN) -> str:
        return "".join(self._write_run(run, look) for run in runs)

    def _write_run(self, run: Run, look: Look) -> str:
        if isinstance(run, str):
            return write_run(run, look)
        if isinstance(run, Number):
            return self._link_value(run.text, run.key, look)
        if isinstance(run, Link):
            return self._link(run, look)
        if isinstance(run, Code):
            return write_run(run.text, dataclasses.replace(look, font=_MONOSPACE))
        if isinstance(run, Emphasis):
            return write_run(run.text, dataclasses.replace(look, italic=True))
        assert isinstance(run, Strong)
        return write_run(run.text, dataclasses.replace(look, bold=True))

    def _link_value(self, text: str, key: str, look: Look) -> str:
        name = name_value(key)
        if name not in self._keys or not text:
            return write_run(text, look)
        return write_local_link(write_run(text, dataclasses.replace(look, underline="dotted")), name)

    def _link(self, link: Link, look: Look) -> str:
        shown = write_run(link.text, dataclasses.replace(look, colour=LINK_COLOUR, underline="single"))
        if link.target.startswith("#"):
            known = link.target[1:] in self._keys
            return write_local_link(shown, link.target[1:]) if known else write_run(link.text, look)
        address = clean_link(link.target)
        return write_web_link(shown, self._file.relate(address)) if address else write_run(link.text, look)

    def _write_paragraph(self, block: Paragraph) -> None:
        if block.kind == "warning":
            runs = self._write_runs(block.runs, Look(bold=True, colour=_WARNING))
            self._file.add(write_paragraph(runs, frame=_WARNING, indent_cm=0.2, after=8))
        else:
            look = Look(size=_NOTE_SIZE) if block.kind == "note" else PLAIN
            self._file.add(write_paragraph(self._write_runs(block.runs, look), after=6))

    def _write_items(self, block: Items) -> None:
        for place, item in enumerate(block.items, 1):
            self._write_item(self._write_runs(item), 0, f"{place}." if block.is_numbered else "•")

    def _write_item(self, content: str, depth: int, mark: str = "•", *, keep_next: bool = False) -> None:
        indent = _STEP_CM * (depth + 1)
        lead = write_run(f"{mark}\t")
        self._file.add(
            write_paragraph(lead + content, indent_cm=indent, hanging_cm=_HANGING_CM, after=2, keep_next=keep_next)
        )

    def _write_terms(self, block: Terms) -> None:
        for term in block.terms:
            self._file.add(write_paragraph(write_run(term.name, Look(bold=True)), after=0, keep_next=True))
            for text in term.texts:
                self._file.add(write_paragraph(self._write_runs(text), indent_cm=_STEP_CM, after=3))

    def _write_listing(self, block: Listing) -> None:
        look = Look(font=_MONOSPACE, size=_LISTING_SIZE)
        self._file.add(write_paragraph(write_run(block.text, look), shade=_SOFT, after=6))

    def _write_figure(self, figure: Figure) -> None:
        picture = self._file.write_picture(figure.png, figure.width_cm, figure.alt, figure.title)
        marked = self._mark(picture, figure.key)
        self._file.add(write_paragraph(marked, before=6, after=3, keep_next=bool(figure.caption)))
        if figure.caption:
            self._file.add(write_paragraph(write_run(figure.caption), style="Caption", after=10))

    def _write_table(self, table: Table) -> None:
        self._write_caption(table.caption, name_table(table.key))
        self._file.add(write_table(table, self._file.room_cm, self._link_value))
        for place, note in enumerate(table.footnotes):
            mark = write_run(letter_note(place), Look(size=_NOTE_SIZE, raised=True))
            self._file.add(write_paragraph(mark + write_run(f" {note}", Look(size=_NOTE_SIZE)), after=0))
        self._file.add(write_paragraph("", after=6))

    def _write_caption(self, caption: str, key: str) -> None:
        # A table without a caption keeps its bookmark, in a line of its own.
        self._file.add(
            write_paragraph(
                self._mark(write_run(caption, Look(bold=True)), key), style="Caption", before=6, after=3, keep_next=True
            )
        )

    def _write_checklist(self, block: Checklist) -> None:
        self._write_caption(block.caption, block.key)
        rows = [row for group in block.groups for row in group.rows]
        texts = [(row.number, row.label, row.state, read_runs(row.answer)) for row in rows]
        widths = share_width(
            [(title, *column) for title, *column in zip(CHECKLIST_HEADINGS, *texts, strict=True)], self._file.room_cm
        )
        bold = Look(bold=True, size=_TABLE_SIZE)
        lines = []
        for group in block.groups:
            if group.title:
                lines.append(GridRow((GridCell(write_run(group.title, bold)),)))
            lines += [self._make_checklist_row(row) for row in group.rows]
        header = GridRow(tuple(GridCell(write_run(title, bold)) for title in CHECKLIST_HEADINGS))
        self._file.add(write_grid(header, lines, widths))
        self._file.add(write_paragraph(write_run(block.source, Look(size=_NOTE_SIZE)), after=6))

    def _make_checklist_row(self, row: ChecklistRow) -> GridRow:
        look = Look(size=_TABLE_SIZE)
        texts = (write_run(text, look) for text in (row.number, row.label, row.state))
        return GridRow((*map(GridCell, texts), GridCell(self._write_runs(row.answer, look))))

    def _write_nodes(self, nodes: Iterable[Node], depth: int) -> None:
        for node in nodes:
            content = self._mark(self._write_runs(node.runs), node.key)
            self._write_item(content, depth, keep_next=bool(node.nodes))
            self._write_nodes(node.nodes, depth + 1)
