"""Sentences of a prepared text: rules look inside one, so that numbers of two statements are never put together.

Splitting too often costs a claim that is missed; splitting too seldom may cost a false alarm. Sentences are bounded in length, so that the time of every rule is linear in
the text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: Set by readers where a block of a document ends (a paragraph of HTML, a row of a table); white space to every pattern.
BREAK = "\x1e"

#: A longer run without an end is no sentence; it is cut here.
_LONGEST = 1500

_ABBREVIATION = re.compile(
    r"(?:\b(?:vs|i\.e|e\.g|cf|ca|approx|al|fig|figs|tab|no|nos|dr|prof|st|resp|ref|refs|eq|incl|excl|viz|etc|max|min|mo|yr|wk|sect|vol|pp|p)|(?-i:\b[A-Z]))\.$",
    re.IGNORECASE,
)
_END = re.compile(
    r"""[.!?]["'”’)\]]{0,2}(?=\s+["'“(\[]?[A-Z0-9])|\n[ \t]*(?:\n\s*)?(?=\n)|\n(?=[ \t]*(?:[-*•|#]|\d{1,2}[.)])[ \t])|[\x1e\f]"""
)


class Sentence(NamedTuple):
    """A span of the prepared text; `paragraph` counts blocks from 0."""

    start: int
    end: int
    paragraph: int
    text: str


def split_sentences(text: str, *, lines: bool = False) -> list[Sentence]:
    """Split a text into sentences.

    Args:
        text: A prepared text.
        lines: Whether every line is a paragraph of its own, as in a Word file.
    """
    sentences: list[Sentence] = []
    start = paragraph = 0
    for position, is_block in _find_ends(text, lines=lines):
        if position <= start:
            paragraph += is_block
            continue
        _add(sentences, text, start, position, paragraph)
        start = position
        paragraph += is_block
    _add(sentences, text, start, len(text), paragraph)
    return sentences


def _find_ends(text: str, *, lines: bool) -> list[tuple[int, bool]]:
    ends: list[tuple[int, bool]] = []
    for match in _END.finditer(text):
        is_block = match.group()[0] in "\n\x1e\f"
        if not is_block and _ABBREVIATION.search(text, max(0, match.start() - 12), match.start() + 1):
            continue
        ends.append((match.end(), is_block))
    if lines:
        ends += [(place + 1, True) for place, character in enumerate(text) if character == "\n"]
        ends.sort()
    return ends


def _add(sentences: list[Sentence], text: str, start: int, end: int, paragraph: int) -> None:
    for cut in range(start, end, _LONGEST):
        part = text[cut : min(cut + _LONGEST, end)]
        if any(character.isdigit() for character in part) or part.strip():
            sentences.append(Sentence(cut, min(cut + _LONGEST, end), paragraph, part))
