"""Folded text: what two spellings of the same words share."""

from __future__ import annotations

import html
import re
import unicodedata

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "π": "pi", "σ": "sigma", "ς": "sigma", "τ": "tau", "φ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega",
}  # fmt: skip
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h", "‐": "-"} | _GREEK
)
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘`´ʼ′", ""))
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
_WORD = re.compile(r"[^\W_]+")
_BLANK = re.compile(
    r"\W*(?:n/?a|n\.a\.|nan|none|null|nil|unknown|anonymous|anon|not available|not applicable|not given|no data)\W*",
    re.IGNORECASE,
)


def fold(text: str) -> str:
    """Return text in lower case without accents, entities or tags; Greek letters become their names.

    Letters that databases drop or replace become their common form: `Größe` and `Grosse` both give `grosse`.
    """
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    text = text.casefold()
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text)
    return "".join(char for char in text if not unicodedata.combining(char)).translate(_LETTERS)


def split_words(folded: str) -> list[str]:
    """Return the words of folded text; an apostrophe does not end a word."""
    return _WORD.findall(folded.translate(_APOSTROPHES))


def is_blank(text: str) -> bool:
    """Tell whether a field says nothing: empty, or a word that stands for empty (`NA`, `unknown`)."""
    return not text or (len(text) < 24 and _BLANK.fullmatch(text) is not None) or not text.strip()
