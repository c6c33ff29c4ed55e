"""Whether a passage stands in a text, letter by letter and digit by digit.

Only what printing changes is evened out: white space, ligatures, quotation marks, the shape of dashes, and hyphens between letters (`calci-` `nosis`
at a line's end). Digits, decimal points, signs and comparison operators must be the same; `0.5 mg` is not in `10.5 mg`, nor `5` in `-5`, `<5` or `5%`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_LIGATURES = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\u00ad": "",
        "\u200b": "",
        "\ufeff": "",
        "\u2060": "",
    }
)
_SHAPES = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–−", "-"),
        "≤": "<=",
        "≥": ">=",
        "⩽": "<=",
        "⩾": ">=",
        "∼": "~",
        "·": ".",
    }
)
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\s*(?=[^\W\d_])")
_AROUND_SIGN = re.compile(r"\s*([<>=±~%/()\[\]]+)\s*")
_SPACE = re.compile(r"\s+")
_GAP = re.compile(r"\s*(?:\[\s*(?:\.{3}|…)\s*\]|\.{3,}|…)\s*")

#: What may not stand before a passage that begins with a digit, and not after one that ends with a digit.
_BEFORE_DIGIT = re.compile(r"(?:\d|\d[.,]|[-<>±~]|<=|>=)$")
_AFTER_DIGIT = re.compile(r"\d|[.,]\d|%|-\d|±")

#: Letters around the nearest passage that a finding shows.
_SHOWN = 160


class Nearest(NamedTuple):
    """The passage of a text that is most like a quote; `score` is 0..100."""

    text: str
    score: float


def even_out(text: str) -> str:
    """Return a text with everything evened out that printing changes."""
    plain = unicodedata.normalize("NFC", text).translate(_LIGATURES).translate(_SHAPES)
    plain = _SPACE.sub(" ", _HYPHEN.sub("", plain))
    return _AROUND_SIGN.sub(r"\1", plain).strip()


def holds_quote(evened: str, quote: str) -> bool:
    """Whether an evened text holds a quote; where the quote has gaps (`...`), its parts must follow each other."""
    place = 0
    parts = [part for part in map(even_out, _GAP.split(quote)) if part]
    for part in parts:
        place = _find(evened, part, place)
        if place < 0:
            return False
        place += len(part)
    return bool(parts)


def find_nearest(text: str, quote: str) -> Nearest:
    """Return the passage that is most like a quote, as the text has it but on one line, cut at words."""
    from rapidfuzz.fuzz import partial_ratio_alignment

    line, wanted = " ".join(text.split()), " ".join(quote.split())
    found = partial_ratio_alignment(wanted, line)
    if found is None or not line:
        return Nearest("", 0.0)
    low, high = (found.dest_start, found.dest_end) if len(wanted) <= len(line) else (0, len(line))
    low = line.rfind(" ", 0, low + 1) + 1
    high = min(end if (end := line.find(" ", high)) >= 0 else len(line), low + max(_SHOWN, len(wanted)))
    return Nearest(line[low:high], found.score)


def _find(text: str, part: str, start: int) -> int:
    """Return where a part stands whole, not inside of a longer word or number; -1 if nowhere."""
    place = text.find(part, start)
    while place >= 0:
        if _is_whole(text, part, place):
            return place
        place = text.find(part, place + 1)
    return -1


def _is_whole(text: str, part: str, place: int) -> bool:
    before, after = text[max(0, place - 2) : place], text[place + len(part) : place + len(part) + 2]
    if part[0].isalnum() and before and before[-1].isalpha():
        return False
    if part[-1].isalnum() and after and after[0].isalpha():
        return False
    if part[0].isdigit() and _BEFORE_DIGIT.search(before):
        return False
    if part[0] == "." and before and before[-1].isdigit():
        return False
    if part[-1].isdigit() and _AFTER_DIGIT.match(after):
        return False
    return not (part[-1] in "<>" and after.startswith("="))
