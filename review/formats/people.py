"""Names as sources print them to family and given names; groups are told from persons."""

from __future__ import annotations

import re

from review.formats.markup import clean_text
from review.model import Author

_GROUP = re.compile(
    r"\b(?:groups?|consortium|collaborat\w+|committee|society|association|organi[sz]ation|institutes?|university|"
    r"department|ministry|network|investigators|team|centers?|centres?|council|foundation|agency|task force|initiative|"
    r"federation|college|academy|programme?|project|board|panel|alliance|commission|office|inc|ltd|gmbh|corporation)\b",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"^(?:[^\W\d_]\.?-?){1,4}$")
_SUFFIX = re.compile(r"^(?:jr|sr|2nd|3rd|4th|ii|iii|iv)\.?$", re.IGNORECASE)
_PARTICLES = frozenset(
    ("van", "von", "der", "den", "de", "la", "le", "du", "del", "della", "di", "da", "dos", "ter", "el", "al")
)
_OTHERS = frozenset(
    ("et al", "et al.", "others", "and others", "anonymous", "[anonymous]", "anon", "none", "na", "n/a", "nan")
)
_GLUED = re.compile(r"(?<=[a-zà-ÿ’'])(?=[A-ZÀ-Þ][a-zà-ÿ’'.])|(?<=[\u3040-\u9fff])(?=[A-Z])")
_HAN = re.compile(r"[\u3040-\u9fff]")


def is_suffix(word: str) -> bool:
    """Whether the word is what follows a name: Jr, Sr, II, III, 2nd."""
    return bool(_SUFFIX.match(word))


def _is_initials(word: str) -> bool:
    return bool(_INITIALS.match(word)) and word.replace(".", "").replace("-", "").isupper()


def _from_words(words: list[str]) -> Author:
    """Read a name without a comma: `Liu R.`, `van Groen MM`, `Catarina Barata`."""
    if len(words) == 1:
        return Author(words[0])
    suffix = ""
    if len(words) > 2 and _SUFFIX.match(words[-1]):
        suffix, words = words[-1], words[:-1]
    at = len(words)
    while at > 1 and _is_initials(words[at - 1]):
        at -= 1
    if at < len(words) and not all(_is_initials(word) for word in words):
        family, given = words[:at], words[at:]
    else:
        at = len(words) - 1
        while at > 1 and words[at - 1].casefold() in _PARTICLES:
            at -= 1
        family, given = words[at:], words[:at]
    return Author(" ".join(family), " ".join([*given, suffix]).strip())


def parse_name(text: str, *, collective: bool = False) -> Author | None:
    """Read one name: `Family, Given`, `Family, Given, Jr`, `Family FI`, `Given Family`, or a group's name.

    A name that ends with a comma is a group's (EndNote's convention, which every writer here follows).

    Returns:
        None where the text is no name (`et al.`, `Anonymous`, nothing).
    """
    text = clean_text(text).strip(" ;")
    bare = text.rstrip(",").strip()
    if not bare or bare.casefold() in _OTHERS or not any(char.isalnum() for char in bare):
        return None
    if collective or text.endswith(","):
        return Author(bare, is_collective=collective or " " in bare)
    if "," in bare:
        family, _, given = bare.partition(",")
        family, given = family.strip(), given.strip()
        if not family:
            return parse_name(given)
        if _GROUP.search(bare) and len(given.split()) > 3:
            return Author(bare.replace(",", " "), is_collective=True)
        parts = [part.strip() for part in given.split(",") if part.strip()]
        if len(parts) > 1 and _SUFFIX.match(parts[0]):
            parts = [*parts[1:], parts[0]]
        return Author(family, ", ".join(parts), is_collective=not parts and " " in family)
    words = bare.split()
    latin = [word for word in words if not _HAN.search(word)]
    if len(latin) > 1:  # `Bo Yang 杨博`: the second form is the same name
        words = latin
    if len(words) > 1 and (_GROUP.search(bare) or len(words) > 6):
        return Author(bare, is_collective=True)
    return _from_words(words)


def split_names(text: str) -> list[str]:
    """Split a cell that holds all authors: by semicolons, ` and `, line ends; by commas only in lists of `Family FI`.

    Names glued without any mark (`Andy SmithTom Weber`, as Springer exports them) are split where a capital follows a small letter.
    """
    is_closed = text.rstrip().endswith(";")  # `da Silva Dias, João Carlos;` is one name
    text = text.strip().strip(";").strip()
    if not text:
        return []
    if is_closed and ";" not in text:
        return [text]
    for mark in (r"\s*;\s*", r"\s*\n\s*", r"\s*\|\|?\s*", r",?\s+and\s+(?=\S)"):
        parts = [part for part in re.split(mark, text) if part.strip()]
        if len(parts) > 1:
            return [piece for part in parts for piece in _split_commas(part, within=mark)]
    return _split_commas(text, within="")


def _split_commas(text: str, *, within: str) -> list[str]:
    """Split `Liu R., Adler D.G.` and `Wei Wu, Qiao Qiao`, but not `Smith, John`."""
    text = re.sub(r"^and\s+", "", text.strip())
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if within and "and" not in within:
        return [text]
    if len(parts) < 2:
        return _unglue(text)
    if len(parts) >= 2 and all(len(part.split()) > 1 for part in parts):
        if len(parts) == 2 and not _is_initials(parts[0].split()[-1]) and _is_initials(parts[1].split()[-1]):
            return [text]
        return parts
    if len(parts) > 3 and len(parts) % 2 == 0:  # Smith, J., Weber, T.
        pairs = list(zip(parts[0::2], parts[1::2], strict=True))
        if all(_is_initials(given.replace(" ", "")) or len(given.split()) <= 3 for _, given in pairs) and all(
            _is_initials(given.replace(" ", "")) for _, given in pairs
        ):
            return [f"{family}, {given}" for family, given in pairs]
    return [text]


def _unglue(text: str) -> list[str]:
    """Split `Andy SmithTom Weber`; `McDonald` and `DeSilva` stay whole."""
    if " " not in text:
        return [text]
    pieces: list[str] = []
    start = 0
    for match in _GLUED.finditer(text):
        at = match.start()
        word = text[text.rfind(" ", 0, at) + 1 : at]
        if word in {"Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Fitz", "O", "Da", "Del", "Des", "St"}:
            continue
        if " " in text[start:at].strip() and " " in text[at:]:
            pieces.append(text[start:at].strip())
            start = at
    return [*pieces, text[start:].strip()] if pieces else [text]


def parse_names(text: str) -> list[Author]:
    """Read a cell that holds all authors."""
    return [author for author in map(parse_name, split_names(text)) if author]
