"""WordprocessingML in small pieces: runs, links, paragraphs. Text is escaped here and nowhere else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape
from xml.sax.saxutils import quoteattr

from review.reporting.xml_text import clean_text

Alignment = Literal["left", "right", "center"]

#: Twentieths of a point, Word's unit of length, in a point and in a centimetre.
TWIPS_PER_POINT = 20
TWIPS_PER_CM = 1440 / 2.54

LINK_COLOUR = "0B4F8A"


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of text looks; a `size` of None is that of its paragraph."""

    bold: bool = False
    italic: bool = False
    raised: bool = False
    size: float | None = None
    font: str = ""
    colour: str = ""
    underline: Literal["", "single", "dotted"] = ""


PLAIN = Look()


def quote_text(text: str) -> str:
    """Write text as the value of an attribute, with its quotes."""
    return quoteattr(clean_text(text))


def write_run(text: str, look: Look = PLAIN) -> str:
    """Write a run; ends of lines and tabs become Word's own."""
    if not text:
        return ""
    pieces = escape(clean_text(text)).replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    pieces = pieces.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:r>{_write_look(look)}<w:t xml:space="preserve">{pieces}</w:t></w:r>'


def write_local_link(content: str, key: str) -> str:
    """Make runs lead to the bookmark of a key of the same document."""
    return f'<w:hyperlink w:anchor="{name_bookmark(key)}" w:history="1">{content}</w:hyperlink>'


def write_web_link(content: str, relation: str) -> str:
    """Make runs lead to the address that a relation of the document's part holds."""
    return f'<w:hyperlink r:id="{relation}" w:history="1">{content}</w:hyperlink>'


def write_bookmark(content: str, key: str, number: int) -> str:
    """Set a bookmark around runs; `number` is unique in the document."""
    start = f'<w:bookmarkStart w:id="{number}" w:name="{name_bookmark(key)}"/>'
    return f'{start}{content}<w:bookmarkEnd w:id="{number}"/>'


def name_bookmark(key: str) -> str:
    """Name the bookmark of a key: Word allows 40 letters, digits and underscores."""
    return f"to_{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def write_paragraph(
    content: str,
    *,
    style: str = "",
    align: Alignment = "left",
    indent_cm: float = 0.0,
    hanging_cm: float = 0.0,
    before: float | None = None,
    after: float | None = None,
    keep_next: bool = False,
    shade: str = "",
    frame: str = "",
) -> str:
    """Write a paragraph of runs.

    Args:
        content: Runs, links, bookmarks.
        style: The id of a style of the document.
        align: How lines are set.
        indent_cm: How far the paragraph is set in.
        hanging_cm: How far its first line stands out of that.
        before: Points of space above; None leaves it to the style.
        after: Points of space below.
        keep_next: Never part it from the next paragraph.
        shade: Colour behind the text, six hexadecimal digits.
        frame: Colour of a frame around it.
    """
    # The schema fixes the order of these.
    parts = [
        f'<w:pStyle w:val="{style}"/>' if style else "",
        "<w:keepNext/>" if keep_next else "",
        _write_frame(frame) if frame else "",
        f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else "",
        _write_spacing(before, after),
        f'<w:ind w:left="{_twips(indent_cm)}" w:hanging="{_twips(hanging_cm)}"/>' if indent_cm or hanging_cm else "",
        f'<w:jc w:val="{align}"/>' if align != "left" else "",
    ]
    properties = "".join(parts)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{content}</w:p>"


def _twips(cm: float) -> int:
    return round(cm * TWIPS_PER_CM)


def _write_spacing(before: float | None, after: float | None) -> str:
    sides = [("before", before), ("after", after)]
    given = "".join(f' w:{side}="{round(points * TWIPS_PER_POINT)}"' for side, points in sides if points is not None)
    return f"<w:spacing{given}/>" if given else ""


def _write_frame(colour: str) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="{colour}"/>'
        for side in ("top", "left", "bottom", "right")
    )
    return f"<w:pBdr>{sides}</w:pBdr>"


def _write_look(look: Look) -> str:
    parts = [
        f'<w:rFonts w:ascii="{look.font}" w:hAnsi="{look.font}" w:cs="{look.font}"/>' if look.font else "",
        "<w:b/>" if look.bold else "",
        "<w:i/>" if look.italic else "",
        f'<w:color w:val="{look.colour}"/>' if look.colour else "",
        f'<w:sz w:val="{round(look.size * 2)}"/>' if look.size else "",
        f'<w:u w:val="{look.underline}" w:color="{LINK_COLOUR}"/>' if look.underline else "",
        '<w:vertAlign w:val="superscript"/>' if look.raised else "",
    ]
    properties = "".join(parts)
    return f"<w:rPr>{properties}</w:rPr>" if properties else ""
