"""Text as sources print it to plain text: HTML and its entities, MARC mnemonics, doubled encodings, composed letters.

`clean_text` is idempotent: what was cleaned once comes out unchanged, which is what makes a round trip through any format exact.
"""

from __future__ import annotations

import html
import re
import unicodedata

_TAG = re.compile(
    r"</?(?:[a-z][a-z0-9]{0,9}:)?(?:i|b|u|p|br|a|em|strong|sub|sup|inf|div|span|font|italic|bold|roman|sc|small|big|tt|"
    r"h[1-6]|li|ul|ol|dl|dt|dd|hr|pre|sec|title|label|list|list-item|underline|named-content|monospace|abstract|"
    r"blockquote|strike|style|html|body|table|tbody|tr|td|th|img|q|cite|code|ins|del|mml:[a-z]{1,12}|math|mi|mo|mn|mrow|"
    r"msub|msup|msubsup|mfrac|msqrt|mtext|mspace|mover|munder|mfenced|semantics|inline-formula|tex-math|alternatives)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"</?(?:[a-z]{1,9}:)?(?:p|br|div|h[1-6]|li|ul|ol|sec|title|tr|td|hr)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff\ufffe\uffff]|[\ud800-\udfff]")

#: MARC's mnemonics for marks that stand before their letter, as `{acute}e`, and for letters.
_MARC_MARKS = {
    "acute": "\u0301", "grave": "\u0300", "circ": "\u0302", "tilde": "\u0303", "uml": "\u0308", "macr": "\u0304",
    "breve": "\u0306", "dot": "\u0307", "ring": "\u030a", "caron": "\u030c", "hachek": "\u030c", "cedil": "\u0327",
    "ogon": "\u0328", "dblac": "\u030b", "dotb": "\u0323",
}  # fmt: skip
_MARC_LETTERS = {
    "AElig": "Æ", "aelig": "æ", "OElig": "Œ", "oelig": "œ", "Ostrok": "Ø", "ostrok": "ø", "Lstrok": "Ł", "lstrok": "ł",
    "Dstrok": "Đ", "dstrok": "đ", "THORN": "Þ", "thorn": "þ", "eth": "ð", "inodot": "ı", "szlig": "ß", "deg": "°",
    "plusmn": "±", "copy": "©", "reg": "®", "lcub": "{", "rcub": "}", "dollar": "$", "pound": "£", "middot": "·",
}  # fmt: skip
_MARC = re.compile(r"\{(" + "|".join([*_MARC_MARKS, *_MARC_LETTERS]) + r")\}([A-Za-z]?)")

#: UTF-8 that someone read as Windows-1252 and wrote as UTF-8 again: a lead byte's letter and its continuation letters.
_CONTINUATION = "".join(re.escape(bytes([byte]).decode("cp1252", "ignore") or chr(byte)) for byte in range(0x80, 0xC0))
_DOUBLED = re.compile(f"[Â-ß][{_CONTINUATION}]|[à-ï][{_CONTINUATION}]{{2}}|[ð-ô][{_CONTINUATION}]{{3}}")


def _expand_marc(match: re.Match[str]) -> str:
    name, letter = match.groups()
    if name in _MARC_MARKS:
        return unicodedata.normalize("NFC", letter + _MARC_MARKS[name]) if letter else match.group()
    return _MARC_LETTERS[name] + letter


def _drop_tag(match: re.Match[str]) -> str:
    return " " if _BLOCK_TAG.match(match.group()) else ""


def _undouble(match: re.Match[str]) -> str:
    raw = b"".join(char.encode("cp1252", "ignore") or bytes([ord(char)]) for char in match.group())
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return match.group()


def is_doubled(text: str) -> bool:
    """Whether the text holds letters that are UTF-8 read as Windows-1252 (`Ã©` for `é`, `â‰¥` for `≥`)."""
    return not text.isascii() and any(_undouble(match) != match.group() for match in _DOUBLED.finditer(text))


def undouble_text(text: str) -> str:
    """Undo UTF-8 read as Windows-1252, sequence by sequence; everything else stays."""
    return _DOUBLED.sub(_undouble, text)


def clean_text(text: str) -> str:
    """Return plain text on one line in NFC: tags dropped, entities resolved, white space as single spaces.

    Only tags that bibliographic sources use are dropped, so that `p<0.05 and n>3` stays.
    """
    if "<" in text or "&" in text or "{" in text:
        for _ in range(4):  # entities may be escaped more than once: `&amp;lt;i&amp;gt;`
            before = text
            text = _MARC.sub(_expand_marc, text) if "{" in text else text
            text = _TAG.sub(_drop_tag, text) if "<" in text else text
            text = _ENTITY.sub(lambda match: html.unescape(match.group()), text) if "&" in text else text
            if text == before:
                break
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = " ".join(text.split())
    return " ".join(_CONTROL.sub("", text).split()) if _CONTROL.search(text) else text
