"""Word files with real, editable tables, the same bytes for the same content.

A DOCX is a zip of XML: python-docx writes it, then the parts are packed again in a fixed order with a fixed date, since the clock of the
machine would otherwise be in every file.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import unicodedata
import zipfile
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from review.reporting.table import Row
from review.reporting.table import Table
from review.reporting.table import letter_note

if TYPE_CHECKING:
    from docx.document import Document
    from docx.shared import Length

#: The earliest date that a zip can hold.
_EPOCH = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)

#: More columns than this need a page on its side.
_PORTRAIT_COLUMNS = 7

_SHORT_SIDE_CM, _LONG_SIDE_CM, _MARGIN_CM = 21.0, 29.7, 2.0

#: Room that a caption takes below a picture.
_CAPTION_CM = 2.5
_FONT = "Arial"

#: Mean width of a letter of the table's font, and what the borders of a cell take.
_LETTER_CM, _PADDING_CM = 0.19, 0.45

#: A table of so few rows is not broken over two pages.
_MOST_ROWS_TOGETHER = 20

#: A column is not made wider for longer texts than this.
_MOST_LETTERS = 40.0
_TEXT_SIZE, _TABLE_SIZE, _NOTE_SIZE = 10.0, 9.0, 8.0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with its printed width, the caption below it and the text for those who cannot see it."""

    png: bytes
    width_cm: float
    caption: str = ""
    alt: str = ""


Block = Heading | Paragraph | Picture | Table


def render_docx(blocks: Iterable[Block], *, title: str = "") -> bytes:
    """Write a Word file of headings, text, pictures and tables, on A4; a wide table gets a page on its side.

    Links of table cells are not written: they lead to other files.
    """
    import docx
    from docx.shared import Pt

    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(_TEXT_SIZE)
    _set_properties(document, title)
    content = [*([Heading(title, 0)] if title else []), *blocks]
    _turn_page(document.sections[0], is_wide=bool(content) and _is_wide(content[0]))
    for before, block in itertools.pairwise([None, *content]):
        if before is not None and _is_wide(before) != _is_wide(block):
            _turn_page(document.add_section(), is_wide=_is_wide(block))
        section = document.sections[-1]
        assert section.page_width is not None
        assert section.page_height is not None
        room = _Room(section.page_width.cm - 2 * _MARGIN_CM, section.page_height.cm - 2 * _MARGIN_CM)
        if isinstance(block, Heading):
            _add_heading(document, block)
        elif isinstance(block, Paragraph):
            document.add_paragraph(_clean(block.text))
        elif isinstance(block, Picture):
            _add_picture(document, block, room)
        elif isinstance(block, Table):
            _add_table(document, block, room.width_cm)
    buffer = io.BytesIO()
    document.save(buffer)
    return _pack_again(buffer.getvalue())


class _Room(NamedTuple):
    """The part of a page between its margins."""

    width_cm: float
    height_cm: float


def _is_wide(block: Block | None) -> bool:
    return isinstance(block, Table) and len(block.columns) > _PORTRAIT_COLUMNS


def _turn_page(section: Any, *, is_wide: bool) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    width, height = (_LONG_SIDE_CM, _SHORT_SIDE_CM) if is_wide else (_SHORT_SIDE_CM, _LONG_SIDE_CM)
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN_CM)


def _set_properties(document: Document, title: str) -> None:
    properties = document.core_properties
    properties.author = ""
    properties.last_modified_by = ""
    properties.comments = ""
    properties.title = _clean(title)
    properties.created = properties.modified = _EPOCH.replace(tzinfo=None)


def _add_heading(document: Document, heading: Heading) -> None:
    from docx.shared import RGBColor

    added = document.add_heading(_clean(heading.text), level=heading.level)
    for run in added.runs:
        run.font.name = _FONT
        run.font.color.rgb = RGBColor(0, 0, 0)


def _add_picture(document: Document, picture: Picture, room: _Room) -> None:
    from docx.shared import Cm

    shape = document.add_picture(io.BytesIO(picture.png))
    ratio = shape.height / shape.width
    width = min(picture.width_cm, room.width_cm, (room.height_cm - _CAPTION_CM) / ratio)
    shape.width, shape.height = Cm(width), Cm(width * ratio)
    document.paragraphs[-1].paragraph_format.keep_with_next = bool(picture.caption)
    # Word reads the alternative text from the drawing's own properties; python-docx names the drawing after a file.
    properties = shape._inline.docPr  # noqa: SLF001
    properties.set("descr", _clean(picture.alt))
    properties.set("name", "Figure")
    if picture.caption:
        _write_small(document, picture.caption)
        document.add_paragraph()


def _add_table(document: Document, table: Table, room_cm: float) -> None:
    from docx.shared import Pt

    if table.caption:
        caption = document.add_paragraph()
        run = caption.add_run(_clean(table.caption))
        run.bold = True
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_after = Pt(3)
    widths = _share_width(table, room_cm)
    grid = document.add_table(rows=1, cols=len(table.columns))
    grid.autofit = False
    _set_borders(grid)
    header = grid.rows[0]
    _repeat_header(header)
    for place, (cell, column) in enumerate(zip(header.cells, table.columns, strict=True)):
        grid.columns[place].width = cell.width = widths[place]
        _write(cell, column.title, column.notes, align=column.align, bold=True)
        _underline(cell)
    for row in table.rows:
        _add_row(grid, row, table, widths)
    if len(table.rows) <= _MOST_ROWS_TOGETHER:
        _keep_rows_together(grid)
    for place, note in enumerate(table.footnotes):
        _write_small(document, note, mark=letter_note(place))
    document.add_paragraph()


def _add_row(grid: Any, row: Row, table: Table, widths: Sequence[Length]) -> None:
    from docx.shared import Pt

    added = grid.add_row()
    _keep_together(added)
    cells = added.cells
    for cell, width in zip(cells, widths, strict=True):
        cell.width = width
    if row.kind == "group":
        merged = cells[0].merge(cells[-1])
        _write(merged, row.cells[0].text, row.cells[0].notes, bold=True)
        return
    for target, own, column in zip(cells, row.cells, table.columns, strict=True):
        _write(target, own.text, own.notes, align=column.align, bold=row.kind == "total")
    if row.depth:
        cells[0].paragraphs[0].paragraph_format.left_indent = Pt(10 * row.depth)


def _write(target: Any, text: str, notes: Sequence[int] = (), *, align: str = "left", bold: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = target.paragraphs[0]
    paragraph.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
    }[align]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    run = paragraph.add_run(_clean(text))
    run.bold = bold
    run.font.size = Pt(_TABLE_SIZE)
    if notes:
        mark = paragraph.add_run(",".join(letter_note(note) for note in notes))
        mark.font.superscript = True
        mark.font.size = Pt(_TABLE_SIZE)


def _write_small(document: Document, text: str, *, mark: str = "") -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    if mark:
        raised = paragraph.add_run(mark)
        raised.font.superscript = True
        raised.font.size = Pt(_NOTE_SIZE)
    run = paragraph.add_run(f" {_clean(text)}" if mark else _clean(text))
    run.font.size = Pt(_NOTE_SIZE)


def _set_borders(grid: Any) -> None:
    """Rule the table as journals do: a line above and below it."""
    from docx.oxml import OxmlElement

    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom"):
        borders.append(_make_line(f"w:{side}"))
    grid._tbl.tblPr.append(borders)  # noqa: SLF001 - python-docx has no call for borders


def _underline(cell: Any) -> None:
    from docx.oxml import OxmlElement

    borders = OxmlElement("w:tcBorders")
    borders.append(_make_line("w:bottom"))
    cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001


def _make_line(tag: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    line = OxmlElement(tag)
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    return line


def _repeat_header(row: Any) -> None:
    """Print the header again on every page that the table runs over."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001


def _keep_together(row: Any) -> None:
    """Never break a row over two pages."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001


def _keep_rows_together(grid: Any) -> None:
    for row in list(grid.rows)[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _share_width(table: Table, room_cm: float) -> list[Length]:
    """Give each column room by its longest text, so that nobody has to drag borders; long texts wrap, words do not."""
    from docx.shared import Cm

    texts = [_list_texts(table, place) for place in range(len(table.columns))]
    words = [max((_count_width(word) for text in column for word in text.split()), default=0.0) for column in texts]
    needs = [_PADDING_CM + _LETTER_CM * min(word, _MOST_LETTERS) for word in words]
    wishes = [_LETTER_CM * min(max(map(_count_width, column)), _MOST_LETTERS) for column in texts]
    left = max(room_cm - sum(needs), 0.0)
    extra = [max(wish - need, 0.05) for wish, need in zip(wishes, needs, strict=True)]
    widths = [need + left * more / sum(extra) for need, more in zip(needs, extra, strict=True)]
    return [Cm(width * room_cm / sum(widths)) for width in widths]


def _list_texts(table: Table, place: int) -> list[str]:
    return [table.columns[place].title, *(row.cells[place].text for row in table.rows if row.kind != "group")]


def _count_width(text: str) -> float:
    return float(sum(2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1 for character in text))


def _clean(text: str) -> str:
    # XML has no control characters; python-docx would refuse the whole text.
    return "".join(
        character if character in "\t\n" or unicodedata.category(character) not in {"Cc", "Cs"} else " "
        for character in text
    )


def _pack_again(data: bytes) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(data))
    buffer = io.BytesIO()
    with source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        # The list of types comes first in a DOCX; the rest by name.
        for name in sorted(source.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            entry = zipfile.ZipInfo(name, _EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            # The system that made the file is part of the bytes.
            entry.create_system = 3
            target.writestr(entry, source.read(name))
    return buffer.getvalue()
