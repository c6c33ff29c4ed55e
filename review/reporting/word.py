"""The package of a Word file: pages, styles, pictures; the same bytes for the same content.

python-docx brings the styles, the relations and the parts; the body is written as markup, since thousands of paragraphs take it seconds
one by one.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from typing import Any

from review.reporting.package import pack_again
from review.reporting.word_markup import TWIPS_PER_CM
from review.reporting.word_markup import quote_text
from review.reporting.xml_text import clean_text

if TYPE_CHECKING:
    from docx.document import Document

SHORT_SIDE_CM, LONG_SIDE_CM, MARGIN_CM = 21.0, 29.7, 2.0

#: Room that a caption takes below a picture.
_CAPTION_CM = 2.5
_FONT = "Arial"
_TEXT_SIZE, _CAPTION_SIZE = 10.0, 9.0
_EMU_PER_CM = 360_000

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in (
        ("w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
        ("r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
        ("wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
        ("a", "http://schemas.openxmlformats.org/drawingml/2006/main"),
        ("pic", "http://schemas.openxmlformats.org/drawingml/2006/picture"),
    )
)


class WordFile:
    """A Word file in the making, on A4: markup is added part by part, and turned into bytes once."""

    def __init__(self, title: str) -> None:
        import docx

        self._document: Document = docx.Document()
        self._parts: list[str] = []
        self._is_wide = False
        self._pictures = 0
        self._addresses: dict[str, str] = {}
        self._footer = _set_up(self._document, title)

    @property
    def room_cm(self) -> float:
        """The width between the margins of the page that is being written."""
        return (LONG_SIDE_CM if self._is_wide else SHORT_SIDE_CM) - 2 * MARGIN_CM

    def add(self, markup: str) -> None:
        """Add paragraphs or a table."""
        self._parts.append(markup)

    def turn_page(self, *, is_wide: bool) -> None:
        """Begin a new page on its side, or upright again; nothing happens where the page is so already."""
        if is_wide == self._is_wide:
            return
        if self._parts:
            self._parts.append(f"<w:p><w:pPr>{self._write_page()}</w:pPr></w:p>")
        self._is_wide = is_wide

    def write_picture(self, png: bytes, width_cm: float, alt: str, title: str) -> str:
        """Write the run of a picture, as large as it is printed or as the page has room for."""
        relation, image = self._document.part.get_or_add_image(io.BytesIO(png))
        self._pictures += 1
        ratio = image.px_height / image.px_width
        height_cm = (SHORT_SIDE_CM if self._is_wide else LONG_SIDE_CM) - 2 * MARGIN_CM
        width = min(width_cm, self.room_cm, (height_cm - _CAPTION_CM) / ratio)
        size = f'cx="{round(width * _EMU_PER_CM)}" cy="{round(width * ratio * _EMU_PER_CM)}"'
        name = f'id="{self._pictures}" name="Figure {self._pictures}"'
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
            f"<wp:docPr {name} descr={quote_text(alt)} title={quote_text(title)}/>"
            '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f"<pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/></pic:nvPicPr>"
            f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    def relate(self, address: str) -> str:
        """Return the id of the relation that holds a web address."""
        from docx.opc.constants import RELATIONSHIP_TYPE

        if address not in self._addresses:
            self._addresses[address] = self._document.part.relate_to(
                address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
        return self._addresses[address]

    def to_bytes(self) -> bytes:
        """Write the file."""
        from docx.oxml import parse_xml

        body = f"<w:body>{''.join(self._parts)}{self._write_page()}</w:body>"
        # The whole part at once: moving thousands of elements from tree to tree takes as long as all the rest.
        self._document.part._element = parse_xml(f"<w:document {_NAMESPACES}>{body}</w:document>")  # noqa: SLF001
        buffer = io.BytesIO()
        self._document.save(buffer)
        return pack_again(buffer.getvalue())

    def _write_page(self) -> str:
        sides = (LONG_SIDE_CM, SHORT_SIDE_CM) if self._is_wide else (SHORT_SIDE_CM, LONG_SIDE_CM)
        width, height, margin = (round(cm * TWIPS_PER_CM) for cm in (*sides, MARGIN_CM))
        turned = ' w:orient="landscape"' if self._is_wide else ""
        return (
            f'<w:sectPr><w:footerReference w:type="default" r:id="{self._footer}"/>'
            f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
            f'<w:pgMar w:top="{margin}" w:right="{margin}" w:bottom="{margin}" w:left="{margin}" '
            'w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
        )


def _set_up(document: Document, title: str) -> str:
    """Set properties, styles and the footer; return the id of the footer's relation."""
    from docx.enum.section import WD_HEADER_FOOTER
    from docx.oxml.ns import qn
    from docx.shared import Pt
    from docx.shared import RGBColor

    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = clean_text(title)
    for name in ("Normal", "Title", "Caption", *(f"Heading {level}" for level in range(1, 7))):
        style: Any = document.styles[name]
        _set_font(style)
        style.font.color.rgb = RGBColor(0, 0, 0)
    document.styles["Normal"].font.size = Pt(_TEXT_SIZE)
    document.styles["Caption"].font.size = Pt(_CAPTION_SIZE)
    document.styles["Caption"].font.bold = False
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    section = document.sections[0]
    _write_page_number(section.footer.paragraphs[0])
    reference = section._sectPr.get_footerReference(WD_HEADER_FOOTER.PRIMARY)  # noqa: SLF001 - no other way to its id
    assert reference is not None
    return str(reference.rId)


def _set_font(style: Any) -> None:
    """Name the font of a style; a font of the theme, which the template names, would go before it."""
    from docx.oxml.ns import qn

    style.font.name = _FONT
    fonts = style.element.rPr.rFonts
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)


def _write_page_number(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph._p.append(  # noqa: SLF001 - python-docx has no fields
        parse_xml(f'<w:fldSimple {_NAMESPACES} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )
