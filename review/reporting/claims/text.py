"""A copy of a manuscript's text that rules can read, with the way back to the original characters.

Only what cannot change a number is normalised: widths of spaces and digits, dashes, a middle dot between digits, the comma between thousands,
words for percent. Every character of the copy remembers where it came from.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_MIDDLE_DOT = re.compile(r"(?<=\d)[·∙⋅](?=\d)")
_RUN = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_PER_CENT = re.compile(r"(?<=[\d\s])per\s?cent\b", re.IGNORECASE)


@dataclass(frozen=True)
class Manuscript:
    """A text to be checked.

    `text` is what rules read; `offsets[i]` is the position in `raw` of its i-th character. `starts` are the positions in `raw` where lines
    begin. `unit` is what a line number counts: line, or paragraph in a Word file. `remarks` say what of the file was not read.
    """

    file: str
    raw: str
    text: str
    offsets: Sequence[int]
    starts: Sequence[int]
    unit: str = "line"
    remarks: tuple[str, ...] = ()

    def place(self, position: int) -> tuple[int, int]:
        """Return line and column, from 1, of a position in `text`."""
        origin = self.offsets[min(position, len(self.offsets) - 1)] if self.offsets else 0
        line = bisect_right(self.starts, origin)
        return line, origin - self.starts[line - 1] + 1

    def quote(self, start: int, end: int) -> str:
        """Return the original characters of a span of `text`, on one line."""
        if not self.offsets or start >= end:
            return ""
        last = self.offsets[end - 1]
        if self.raw[last] == "&":
            # An entity stands for its character; the whole of it is quoted.
            last = max(last, self.raw.find(";", last, last + 10))
        return " ".join(self.raw[self.offsets[start] : last + 1].split())


def prepare(
    raw: str, file: str, *, unit: str = "line", source: str | None = None, remarks: Sequence[str] = ()
) -> Manuscript:
    """Make the readable copy of a text.

    Args:
        raw: The text, with markup blanked.
        file: The name to print.
        unit: What a line number counts.
        source: The text of the file, as long as `raw`, for the places of lines and for quotes; None where they are one.
        remarks: What of the file was not read.
    """
    source = raw if source is None else source
    pieces: list[str] = []
    offsets: list[int] = []
    for match in _RUN.finditer(raw):
        run = match.group()
        if run.isascii():
            pieces.append(run)
            offsets += range(match.start(), match.end())
            continue
        for position, character in enumerate(run, match.start()):
            if character in _INVISIBLE:
                continue
            part = _normalise(character)
            pieces.append(part)
            offsets += [position] * len(part)
    text = "".join(pieces)
    text, offsets = _replace(_MIDDLE_DOT, ".", text, offsets)
    text, offsets = _replace(_PER_CENT, "%", text, offsets)
    text, offsets = _drop_commas(text, offsets)
    starts = [0, *(place + 1 for place, character in enumerate(source) if character == "\n")]
    return Manuscript(file, source, text, offsets, starts, unit, tuple(remarks))


def _normalise(character: str) -> str:
    if character.isascii():
        return character
    # A superscript is a mark or an exponent, never a digit of the number before it.
    if unicodedata.decomposition(character).startswith("<super>"):
        return "^"
    if character in "½⅓¼⅔¾":
        return character
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", character)).translate(_DASHES)


def _replace(pattern: re.Pattern[str], by: str, text: str, offsets: list[int]) -> tuple[str, list[int]]:
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for match in pattern.finditer(text):
        pieces += [text[last : match.start()], by]
        places += offsets[last : match.start()]
        # A shorter word keeps its first place, and the last one for its last character, so that quotes stay whole.
        places += [offsets[match.end() - 1]] * len(by)
        last = match.end()
    if not pieces:
        return text, offsets
    return "".join([*pieces, text[last:]]), [*places, *offsets[last:]]


def _drop_commas(text: str, offsets: list[int]) -> tuple[str, list[int]]:
    dropped = {
        match.start() + place
        for match in _THOUSANDS.finditer(text)
        for place, character in enumerate(match.group())
        if character == ","
    }
    if not dropped:
        return text, offsets
    kept = [place for place in range(len(text)) if place not in dropped]
    return "".join(text[place] for place in kept), [offsets[place] for place in kept]
