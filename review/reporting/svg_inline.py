"""A figure's SVG as a part of a page: ids of its own, links on what stands for a value, nothing that runs or loads."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from review.reporting.page import read_mark
from review.reporting.xml_text import clean_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

#: What figures are made of; anything else (scripts, styles for the whole page, metadata, foreign content) is left out.
_ELEMENTS = frozenset(
    {
        *("svg", "g", "a", "defs", "clipPath", "use", "title", "desc", "text", "tspan"),
        *("path", "rect", "circle", "ellipse", "line", "polygon", "polyline", "linearGradient", "stop"),
    }
)

#: Attributes of an SVG's root that belong to a file of its own.
_OF_FILES = ("version", "width", "height", "role")

#: What matplotlib sets for a whole file in a style sheet, which in a page would reach beyond the figure.
_STROKES = "stroke-linejoin:round;stroke-linecap:butt"

_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def inline_svg(svg: bytes, key: str, alt: str, link: Callable[[str], str]) -> str:
    """Give an SVG as the markup of an element of an HTML page.

    Args:
        svg: The file.
        key: Stands before every id, so that two figures of a page do not share one; itself without characters that an address escapes.
        alt: The text for those who cannot see the figure.
        link: The address of what a value is made of, by the value's key; empty where there is none.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(svg, parser)
    _clean(root)
    has_links = _link_values(root, link)
    _rename(root, key)
    root.set("style", f"width:{root.get('width', '100%')};{_STROKES}")
    for name in _OF_FILES:
        root.attrib.pop(name, "")
    for child in [child for child in root if child.tag in {f"{_SVG}title", f"{_SVG}desc"}]:
        root.remove(child)
    description = etree.Element(f"{_SVG}desc", id=f"{key}-alt")
    description.text = clean_text(alt)
    root.insert(0, description)
    # What has the role of an image hides its links from screen readers.
    root.set("role", "group" if has_links else "img")
    root.set("aria-labelledby", f"{key}-alt")
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode", with_tail=False)


def _clean(root: _Element) -> None:
    for element in list(root.iter()):
        name = str(element.tag).removeprefix(_SVG)
        parent = element.getparent()
        if name not in _ELEMENTS:
            if parent is not None:
                parent.remove(element)
            continue
        if name == "a":
            # Whatever address the file has is one from where the file lies, not from the page.
            element.tag = f"{_SVG}g"
            element.attrib.pop(_XLINK_HREF, "")
        for attribute in list(element.attrib):
            if str(attribute).lower().startswith("on"):
                del element.attrib[attribute]
        element.tail = (element.tail or "").strip() or None
        if name not in {"text", "tspan", "title", "desc"}:
            element.text = None


def _rename(root: _Element, key: str) -> None:
    for element in root.iter():
        if "id" in element.attrib:
            if _is_referred(element):
                element.set("id", f"{key}-{element.get('id')}")
            else:
                del element.attrib["id"]
        reference = element.attrib.pop(_XLINK_HREF, "")
        if str(reference).startswith("#"):
            element.set("href", f"#{key}-{str(reference)[1:]}")
        for name, value in element.attrib.items():
            if "url(" in str(value):
                element.set(name, _REFERENCE.sub(rf"url(#{key}-\1)", str(value)))


def _is_referred(element: _Element) -> bool:
    """Whether others may point at the element: matplotlib numbers every group, and the page does not need those names."""
    parent = element.getparent()
    return str(element.tag) == f"{_SVG}clipPath" or (parent is not None and str(parent.tag) == f"{_SVG}defs")


def _link_values(root: _Element, link: Callable[[str], str]) -> bool:
    from lxml import etree

    has_links = False
    for element in list(root.iter(f"{_SVG}g")):
        address = link(read_mark(str(element.get("id", ""))))
        parent = element.getparent()
        if not address or parent is None:
            continue
        anchor = etree.Element(f"{_SVG}a", href=address)
        parent.replace(element, anchor)
        anchor.append(element)
        has_links = True
    return has_links
