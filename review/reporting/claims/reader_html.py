"""HTML to readable text of the same length: tags, scripts and what is hidden are blanked, so that places stay those of the file.

Reads tags by hand, not by patterns: every character is looked at a bounded number of times, whatever is left open.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from review.reporting.claims.sentences import BREAK
from review.reporting.claims.tables import CELL

#: Set where characters of a file say nothing: dropped when the text is prepared, so that words and numbers stay joined.
FILLER = "\u200b"

_SKIPPED = frozenset(("script", "style", "svg", "head", "template", "noscript", "textarea", "select", "button", "annotation", "del", "iframe", "object", "canvas", "audio", "video"))  # fmt: skip
_INLINE = frozenset(("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "time", "tt", "u", "var", "wbr"))  # fmt: skip
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"))  # fmt: skip
_OPTIONAL_END = frozenset(("p", "li", "dt", "dd", "tr", "td", "th", "option"))
_RAW = frozenset(("script", "style", "textarea"))
_SPACED = frozenset(("br", "img", "input"))
_NAME = re.compile(r"/?[a-zA-Z][a-zA-Z0-9:-]{0,40}")
_HIDDEN = re.compile(
    r"""\shidden(?=[\s=/>]|$)|style\s*=\s*["']?[^"'>]{0,400}?(?:display\s*:\s*none|visibility\s*:\s*hidden)""",
    re.IGNORECASE,
)
_CLAIM = re.compile(r"<!--\s*(?:claim\b|/?value\b)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: A tag is not longer than this; quotes are minded within.
_LONGEST_TAG = 5000


class Tag(NamedTuple):
    """A tag or a comment: its span, its name in lower case (empty for comments), whether it closes, whether it hides."""

    start: int
    end: int
    name: str
    closes: bool = False
    hides: bool = False


def blank_html(text: str, *, is_page: bool = True) -> str:
    """Return the text with markup blanked and entities replaced, in the same length.

    Args:
        text: HTML, or Markdown that holds some.
        is_page: Whether block tags end sentences; in Markdown lines do.
    """
    pieces: list[str] = []
    position, depth, skipped, in_table = 0, 0, "", 0
    for tag in _find_tags(text):
        between = text[position : tag.start]
        pieces.append(_blank(between) if skipped else _read_text(between, joined=bool(in_table)))
        position = tag.end
        source = text[tag.start : tag.end]
        if skipped in _OPTIONAL_END and tag.name == skipped and not tag.closes:
            # `<p hidden>` without its end: the next paragraph ends it.
            skipped = ""
        if skipped:
            if tag.name == skipped and not (source.endswith("/>") and not tag.closes):
                depth += -1 if tag.closes else 1
            if depth == 0:
                skipped = ""
            pieces.append(_blank(source))
            continue
        if (
            (tag.name in _SKIPPED or tag.hides)
            and not tag.closes
            and tag.name not in _VOID
            and not source.endswith("/>")
        ):
            skipped, depth = tag.name, 1
            pieces.append(_blank(source))
            continue
        if tag.name == "table" and is_page:
            in_table = max(in_table + (-1 if tag.closes else 1), 0)
        pieces.append(_replace(tag, source, is_page=is_page))
    rest = text[position:]
    pieces.append(_blank(rest) if skipped else _read_text(rest, joined=bool(in_table)))
    return "".join(pieces)


def _find_tags(text: str) -> Iterator[Tag]:
    position = 0
    no_comment_end = False
    while (start := text.find("<", position)) >= 0:
        if text.startswith("<!--", start):
            end = -1 if no_comment_end else text.find("-->", start + 4)
            no_comment_end = end < 0
            position = start + 4 if end < 0 else end + 3
            if end >= 0 and not _CLAIM.match(text, start):
                yield Tag(start, position, "")
            continue
        name = _NAME.match(text, start + 1)
        if name is None and text[start + 1 : start + 2] not in {"!", "?"}:
            position = start + 1
            continue
        end = _find_end(text, name.end() if name else start + 2)
        if end < 0:
            return
        position = end
        if name is None:
            yield Tag(start, end, "")
            continue
        word = name.group().lower()
        tag = Tag(start, end, word.lstrip("/"), word[0] == "/", bool(_HIDDEN.search(text, name.end(), end)))
        yield tag
        if tag.name in _RAW and not tag.closes:
            closing = re.compile(rf"</{tag.name}", re.IGNORECASE).search(text, end)
            position = closing.start() if closing else len(text)


def _find_end(text: str, position: int) -> int:
    """Return where the tag ends, -1 if nowhere; a quote that is not closed within a tag's length is no quote."""
    limit = position + _LONGEST_TAG
    place = position
    while place < min(limit, len(text)):
        character = text[place]
        if character == ">":
            return place + 1
        if character in "\"'":
            closing = text.find(character, place + 1, limit)
            if closing < 0:
                break
            place = closing
        place += 1
    found = text.find(">", position, limit)
    return found + 1 if found >= 0 else (-1 if text.find(">", position) < 0 else position)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", FILLER, text)


def _read_text(text: str, *, joined: bool) -> str:
    """Replace entities by their character; inside a table the ends of lines say nothing."""
    text = _ENTITY.sub(lambda match: html.unescape(match.group())[:1].ljust(len(match.group()), FILLER), text)
    return text.replace("\n", " ") if joined else text


def _replace(tag: Tag, source: str, *, is_page: bool) -> str:
    """Return what a tag means for the text, in its length: nothing, a space, a raised mark, a cell, the end of a block."""
    if tag.name in _INLINE or not tag.name:
        mark = ""
    elif tag.name in {"sup", "sub"}:
        # A raised digit is a mark or an exponent, so that 19 with a note 2 is not 192.
        mark = "" if tag.closes else "^"
    elif tag.name in _SPACED or not is_page:
        mark = " "
    elif tag.name in {"td", "th"}:
        mark = "" if tag.closes else CELL
    else:
        mark = BREAK
    filled = _blank(source)
    return mark + filled[len(mark) :] if filled[: len(mark)] != "\n" else filled
