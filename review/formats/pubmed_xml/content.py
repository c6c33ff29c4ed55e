"""Mixed content to plain text: markup dropped, formulas kept readable, abstracts in their sections."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from lxml import etree

from review.formats.markup import clean_text
from review.model import AbstractSection

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_MARKUP = re.compile(r"<[/A-Za-z]|&[#A-Za-z]")
#: Formula elements whose parts would read as another value when simply run together: R² is not R2.
_JOINED = {"msup": "^", "msub": "_", "mfrac": "/", "mover": "", "munder": "_"}
_ABSENT = frozenset(("not available", "[not available]", "in process citation", "[in process citation]", "unlabelled"))


def plain_text(text: str) -> str:
    """Clean text: white space as single spaces, letters in NFC, markup that was escaped into the text dropped.

    Gives what `clean_text` gives for all but MARC's mnemonics, and looks first whether there is anything to clean: most texts have
    nothing, and there are forty in a record.
    """
    if not text.isprintable() or "  " in text or text != text.strip():
        text = " ".join(text.split())
        if not text.isprintable():
            return clean_text(text)
    if ("<" in text or "&" in text) and _MARKUP.search(text):
        return clean_text(text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def read_text(element: Any) -> str:
    """Return all text inside an element as plain text."""
    if len(element):
        return plain_text("".join(_iter_text(element)))
    text: str = element.text or ""
    return text if text.isascii() and text.isalnum() else plain_text(text)


def _iter_text(element: Any) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        tag = child.tag
        if tag is etree.Entity:  # not declared anywhere, such as &alpha; of an old export
            yield html.unescape(child.text)
        elif isinstance(tag, str) and tag.endswith("}math"):
            yield _read_formula(child)
        else:
            yield from _iter_text(child)
        if child.tail:
            yield child.tail


def _read_formula(element: Any) -> str:
    """Return a formula on one line: `R^2`, `a/b`, `x_1`; parts of more than one sign stand in brackets."""
    name = element.tag.removeprefix(_MATHML) if isinstance(element.tag, str) else ""
    if name.startswith("annotation"):
        return ""
    parts = [_read_formula(child) for child in element]
    if name in _JOINED and len(parts) == 2:
        return f"{_bracket(parts[0])}{_JOINED[name]}{_bracket(parts[1])}"
    if name in {"msubsup", "munderover"} and len(parts) == 3:
        return f"{_bracket(parts[0])}_{_bracket(parts[1])}^{_bracket(parts[2])}"
    if name == "msqrt":
        return f"√{_bracket(''.join(parts) or (element.text or '').strip())}"
    return (element.text or "").strip() + "".join(parts)


def _bracket(text: str) -> str:
    return text if text.isalnum() or len(text) < 2 else f"({text})"


def read_title(element: Any) -> str:
    """Return a title; empty where it only says that there is none."""
    text = read_text(element)
    return "" if text.casefold().rstrip(".") in _ABSENT else text


def read_sections(element: Any) -> tuple[AbstractSection, ...]:
    """Return the parts of an Abstract or OtherAbstract in order, with their labels as printed."""
    sections = []
    for part in element:
        if part.tag == "AbstractText":
            label = part.get("Label", "")
            text = read_text(part)
            if text or label:
                sections.append(AbstractSection("" if label.casefold() in _ABSENT else plain_text(label), text))
    if not sections:  # text without AbstractText breaks the DTD, and yet is the abstract
        text = plain_text(element.text or "")
        return (AbstractSection("", text),) if text else ()
    return tuple(sections)


def join_sections(sections: tuple[AbstractSection, ...]) -> str:
    """Return an abstract on one line, labels before their parts, as MEDLINE text has it."""
    if len(sections) == 1 and not sections[0].label:
        return sections[0].text
    return " ".join(
        f"{section.label}: {section.text}" if section.label else section.text for section in sections if section.text
    )


def child_text(element: Any, tag: str) -> str:
    """Return the plain text of the first child with this tag, empty if there is none."""
    child = element.find(tag)
    return "" if child is None else read_text(child)


def collect(element: Any, tag: str, read: Callable[[Any], str] = read_text) -> tuple[str, ...]:
    """Return the texts of the children with this tag, each once, without empty ones."""
    return tuple(dict.fromkeys(text for child in element if child.tag == tag and (text := read(child))))
