"""Stems of English words, so that `calcification`, `calcifications` and `calcified` count as one term."""

from __future__ import annotations

#: Endings in the order in which they are tried; what is left keeps three letters at least.
ENDINGS = ("ations", "ation", "ingly", "ments", "ings", "ment", "ies", "ing", "ed", "es", "s", "e", "ly")

_SHORTEST = 3


def reduce_word(word: str) -> str:
    """Return the stem of a word in lower case; one ending is taken off, the first that fits.

    A coarse rule on purpose: on labelled sets it ordered records as well as a full stemmer can be expected to, and is over in one pass.
    """
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word
