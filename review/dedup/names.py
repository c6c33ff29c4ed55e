"""Names of authors as sets of words, so that order, initials and punctuation do not matter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from review.dedup.text import fold
from review.dedup.text import is_blank
from review.dedup.text import split_words
from review.model import Author

_PARTICLES = frozenset({
    "de", "la", "van", "von", "der", "den", "di", "da", "del", "della", "du", "el", "al", "le", "dos", "das", "do", "ten", "ter",
    "zu", "zur", "af", "av", "bin", "ibn", "abu", "and", "et", "jr", "sr", "md", "phd", "st", "mc", "mac", "dr", "prof", "others",
})  # fmt: skip
#: A list that the reader left in one piece: `Adeli K.Lewis G. F.` or `White J.; Smith K.` or `A. Moe and B. Poe`.
_GLUED = re.compile(r"(?<=[A-Z]\.)(?=[A-Z][a-zà-ÿ'’-])|\s*;\s*|\s+and\s+|\s+&\s+")
#: Shorter names are alike by chance.
_LETTERS = 4
_ALIKE = 0.8
#: Initials before the next surname, or at the end: people in one piece, whatever the reader took them for.
_PEOPLE = re.compile(r"(?<=[A-Z]\.)(?=[A-Z][a-zà-ÿ'’-])|^[A-Z][\w'’-]+ (?:[A-Z]\.\s?){1,3}$")
_UMLAUTS = re.compile(r"(?<=[aou])e")
_GROUP = re.compile(
    r"\b(?:group|consortium|collaborat\w+|committee|investigators|network|society|association|organi[sz]ation|institute|"
    r"team|college|federation|department|ministry|agency|council|university|foundation|centre|center|commission|board|editors?)\b"
)


@dataclass(frozen=True, slots=True)
class Names:
    """The people of an author list: words of the first one's surname, of all surnames, and of every name."""

    first: frozenset[str]
    surnames: frozenset[str]
    words: frozenset[str]
    count: int

    @property
    def key(self) -> str:
        """The first author's longest surname word, empty where there is none; used to look up candidates."""
        return max(sorted(self.first), key=len, default="")


NO_NAMES = Names(frozenset(), frozenset(), frozenset(), 0)


def normalise_authors(authors: Iterable[Author]) -> Names:
    """Bring an author list to sets of folded name words; groups and words for "nobody" do not count."""
    first: frozenset[str] = frozenset()
    surnames: set[str] = set()
    words: set[str] = set()
    count = 0
    for author in authors:
        if is_blank(author.family) or (author.is_collective and not _PEOPLE.search(author.family)):
            continue
        if author.given:
            pieces = [(author.family, author.given)]
        else:
            pieces = [_split_name(piece) for piece in _GLUED.split(author.family)]
        for family, given in pieces:
            if _GROUP.search(family.casefold()):
                continue
            own = _name_words(family)
            if not own:
                continue
            count += 1
            first = first or own
            surnames |= own
            words |= own
            words |= _given_words(given)
    return Names(first, frozenset(surnames), frozenset(words), count)


def _split_name(name: str) -> tuple[str, str]:
    """Split a name that came in one piece into surname and given names."""
    if "," in name:
        family, _, given = name.partition(",")
        return family, given
    parts = name.split()
    # "Smith JA" and "Smith J. A." end in initials, "J. A. Smith" begins with them.
    tail = [
        part
        for part in parts[1:]
        if len(part.replace(".", "").replace("-", "")) <= 3 and part.replace(".", "").replace("-", "").isupper()
    ]
    if parts and tail and not _is_initials(parts[0]):
        return " ".join(part for part in parts if part not in tail), " ".join(tail)
    return (parts[-1], " ".join(parts[:-1])) if len(parts) > 1 and _is_initials(parts[0]) else (name, "")


def _is_initials(part: str) -> bool:
    bare = part.replace(".", "").replace("-", "")
    return len(bare) <= 2 and bare.isupper() and (len(bare) == 1 or "." in part)


def _name_words(name: str) -> frozenset[str]:
    if not name:
        return frozenset()
    words = split_words(fold(name))
    kept = [word for word in words if len(word) > 1 and word not in _PARTICLES and not word.isdigit()]
    if not kept and len("".join(words)) > 1 and words:
        kept = ["".join(words)]
    # A transcribed umlaut ("Mueller") and a dropped one ("Muller") meet.
    return frozenset(_UMLAUTS.sub("", word) for word in kept)


def _given_words(given: str) -> frozenset[str]:
    """Return given names written out: they may be surnames elsewhere, initials may not."""
    names = " ".join(part for part in given.split() if len(part) > 3 or not part.isupper())
    return frozenset(word for word in _name_words(names) if len(word) > 2)


def share_name(left: Iterable[str], right: Iterable[str]) -> bool:
    """Tell whether one name word of each side is the same but for a slip: a dropped or changed letter, a cut end."""
    longer = [name for name in right if len(name) >= _LETTERS]
    return any(
        a in b or b in a or Indel.normalized_similarity(a, b, score_cutoff=_ALIKE) > 0
        for a in left
        if len(a) >= _LETTERS
        for b in longer
    )
