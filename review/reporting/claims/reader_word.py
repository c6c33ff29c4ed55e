r"""Word files to lines of text: what a reader sees once all tracked changes are accepted.

Body, tables, text boxes, footnotes and endnotes are read; deleted and hidden text, field codes, comments, headers and footers are not. One line is a paragraph, or a row of a
table with its cells apart.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from review.errors import FormatError
from review.reporting.claims.tables import CELL

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

#: Parts in the order in which they are read.
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_UNREAD = frozenset(("del", "moveFrom", "instrText", "delText", "delInstrText", "rPr", "pPr", "sdtPr", "tblPr", "trPr", "tcPr", "sectPr", "footnoteRef", "endnoteRef"))  # fmt: skip
_CHARACTERS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-", "softHyphen": ""}
_OFF = frozenset(("0", "false", "off", "none"))
#: A part that unpacks to more than this is not a manuscript.
_LARGEST = 200_000_000


def read_word(path: Path, shown_as: str) -> list[str]:
    """Read the paragraphs of a Word file.

    Raises:
        FormatError: If it is no whole Word file, or one with a password.
    """
    from lxml import etree

    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            roots = [_parse(archive, name, shown_as) for name in _PARTS if name in names]
    except (
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise FormatError(shown_as, "is not a whole Word file (.docx)", hint="save it again in Word, without a password") from error  # fmt: skip
    except _zip_errors() as error:
        raise FormatError(shown_as, "is not a whole Word file (.docx)", hint="save it again in Word") from error
    if not roots or "word/document.xml" not in names:
        raise FormatError(shown_as, "is not a Word file (.docx): it holds no document", hint="save it again in Word")
    return [line for root in roots for line in _list_lines(root)]


def _zip_errors() -> tuple[type[Exception], ...]:
    import lzma
    import zlib

    return (zlib.error, lzma.LZMAError, KeyError)


def _parse(archive: zipfile.ZipFile, name: str, shown_as: str) -> Element:
    from lxml import etree

    if archive.getinfo(name).file_size > _LARGEST:
        raise FormatError(
            shown_as, f"{name} in it is larger than {_LARGEST // 1_000_000} MB", hint="take the pictures out"
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    return etree.fromstring(archive.read(name), parser)


def _name(element: Element) -> str:
    """Return the name of an element of Word's own, whichever of its two namespaces; else the empty string."""
    tag = str(element.tag)
    return tag.removeprefix(_W if tag.startswith(_W) else _STRICT) if tag.startswith((_W, _STRICT)) else ""


def _list_lines(root: Element) -> Iterator[str]:
    """Yield the lines below an element: paragraphs, rows of tables, and the lines of the text boxes that a paragraph holds."""
    for child in root:
        name = _name(child)
        if name in _UNREAD or child.tag == _FALLBACK:
            continue
        if name == "p":
            boxes: list[Element] = []
            yield "".join(_list_texts(child, boxes)).strip(" ")
            for box in boxes:
                yield from _list_lines(box)
        elif name == "tr":
            yield _read_row(child)
        elif name == "footnote" and _attribute(child, "type"):
            continue
        else:
            yield from _list_lines(child)


def _read_row(row: Element) -> str:
    if any(_name(mark) == "del" for properties in row if _name(properties) == "trPr" for mark in properties):
        return ""
    cells = [element for element in row.iter() if _name(element) == "tc" and _row_of(element) is row]
    return CELL.join(" ".join(line for line in _list_lines(cell) if line) for cell in cells)


def _row_of(cell: Element) -> Element | None:
    return next((parent for parent in cell.iterancestors() if _name(parent) == "tr"), None)


def _list_texts(element: Element, boxes: list[Element]) -> Iterator[str]:
    for child in element:
        name = _name(child)
        if name in _UNREAD or child.tag == _FALLBACK:
            continue
        if name == "txbxContent":
            boxes.append(child)
        elif name == "r":
            yield from _read_run(child, boxes)
        elif name == "t" or child.tag == f"{_M}t":
            yield child.text or ""
        elif name in {"footnoteReference", "endnoteReference"}:
            yield "^"
        elif name in _CHARACTERS:
            yield _CHARACTERS[name]
        else:
            yield from _list_texts(child, boxes)


def _read_run(run: Element, boxes: list[Element]) -> Iterator[str]:
    """Yield the text of a run, nothing of a hidden one; a raised one is marked, so that 19 with a note 2 is not 192."""
    properties = next((child for child in run if _name(child) == "rPr"), None)
    is_raised = False
    for mark in properties if properties is not None else ():
        name, value = _name(mark), _attribute(mark, "val")
        if name in {"vanish", "webHidden"} and value not in _OFF:
            return
        is_raised |= name == "vertAlign" and value in {"superscript", "subscript"}
    text = "".join(_list_texts(run, boxes))
    yield f"^{text}" if is_raised and text.strip() else text


def _attribute(element: Element, name: str) -> str:
    return element.get(f"{_W}{name}") or element.get(f"{_STRICT}{name}") or ""
