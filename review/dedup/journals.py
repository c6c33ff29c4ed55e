"""Journal names: full, abbreviated, cut, with a place in brackets, or as an acronym."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from review.dedup.text import fold
from review.dedup.text import is_blank
from review.dedup.text import split_words

#: same: one journal. near: one name holds the other. missing: one side has none. different: two journals.
JournalLevel = Literal["same", "near", "missing", "different"]

_STOP = frozenset({
    "of", "the", "and", "for", "in", "on", "a", "an", "de", "la", "le", "les", "des", "du", "et", "der", "die", "das", "fur", "und", "el", "los", "y", "en",
    "e", "di", "da", "do", "dos", "del", "della", "delle", "van", "voor", "het", "og", "och", "to", "at", "i", "w", "na", "v",
})  # fmt: skip
_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_MEETING_OF = re.compile(r"(?<=\w\w)[.,;:]\s*conference(?: abstracts?| publication)?\b\s*:?", re.IGNORECASE)
_NOISE = re.compile(r"\b(?:official (?:journal|publication|organ) of .*|conference abstract.*|no\.? pagination.*)$")
#: A database's own name in the place of the journal, or words for none.
_NOT_A_JOURNAL = re.compile(
    r"\W*(?:deleted journal|no journal|journal not found|(?:the )?lens|wos|web of science(?: core collection)?|scopus|pubmed|medline|"
    r"embase|cinahl|psycinfo|dimensions|proquest|crossref|openalex|dblp|google scholar|cochrane library|central)\W*"
)
#: Catalogues of theses: the same thesis stands in each under its own number.
_THESES = re.compile(
    r"\bdissertations? abstracts?\b|\bdiss\.? abstr|\bdissertations? (?:and|&) theses\b|\bproquest dissertations?\b|\bmasters abstracts\b"
)
_CONFERENCE = re.compile(r"\b(?:proc\w*|conf\w*|symposi\w*|workshop\w*|congress\w*|meeting\w*|annual \w+ of)\b")
_REGISTER = re.compile(
    r"clinical ?trials ?\. ?gov|trialsearch|\bisrctn\b|\banzctr\b|\bictrp\b|\b(?:trials?|clinical) regist(?:er|ry)\b|clinicaltrialsregister|\bnct\d{8}\b"
)
_PREPRINT = re.compile(
    r"\b(?:arxiv|biorxiv|medrxiv|ssrn|preprints?|research ?square|chemrxiv|psyarxiv|osf|authorea|techrxiv|eartharxiv|essoar|socarxiv|peerj preprints|zenodo|egusphere|discussions?)\b"
)


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal's name as its telling words; `initials` of all words for acronyms."""

    words: tuple[str, ...]
    initials: str
    conference: bool
    preprint: bool
    register: bool = False
    thesis: bool = False


NO_JOURNAL = Journal((), "", conference=False, preprint=False)


@lru_cache(maxsize=50_000)
def split_meeting(text: str) -> tuple[str, ...]:
    """Split a journal's name from the congress whose abstracts it printed (`Blood. Conference: 54th Meeting`)."""
    parts = [part.strip() for part in _MEETING_OF.split(text, maxsplit=1)]
    return (parts[0], f"Conference {parts[1]}") if len(parts) == 2 and parts[1] else (parts[0],)


@lru_cache(maxsize=50_000)
def normalise_journal(text: str) -> Journal:
    """Bring a journal's name to its telling words."""
    folded = fold(text)
    if is_blank(folded) or _NOT_A_JOURNAL.fullmatch(folded):
        return NO_JOURNAL
    if _THESES.search(folded):
        return Journal(("dissertation",), "d", conference=False, preprint=False, thesis=True)
    bare = _NOISE.sub("", _BRACKET.sub(" ", folded)) or folded
    every = split_words(bare) or split_words(folded)
    words = tuple(word for word in every if word not in _STOP and not word.isdigit()) or tuple(every)
    return Journal(
        words,
        "".join(word[0] for word in words),
        conference=_CONFERENCE.search(folded) is not None,
        preprint=_PREPRINT.search(folded) is not None,
        register=_REGISTER.search(folded) is not None,
    )


@lru_cache(maxsize=200_000)
def compare_journals(left: Journal, right: Journal) -> JournalLevel:
    """Compare two names word by word, where a word may be cut short (`Rheum` for `Rheumatology`)."""
    if not left.words or not right.words:
        return "missing"
    if left.words == right.words:
        return "same"
    short, long = sorted((left.words, right.words), key=lambda words: (len(words), words))
    if (
        len(short) == 1
        and len(long) > 1
        and _is_acronym(short[0], left.initials if long is left.words else right.initials)
    ):
        return "same"
    if _names_itself(left, right) or _names_itself(right, left):
        return "near"
    found = _align(short, long)
    if found == len(short) == len(long):
        return "same"
    if found == len(short) and (len(short) > 1 or len(short[0]) >= 4 or len(long) <= 2):
        return "near"
    # A place, a former name or a series is added on either side: most of the telling words agree, in order.
    return "near" if len(short) >= 3 and found >= 0.75 * len(short) and found >= 3 else "different"


def _align(short: tuple[str, ...], long: tuple[str, ...]) -> int:
    """Count the words of the shorter name that the longer one has, in the same order."""
    found = 0
    start = 0
    for word in short:
        for place in range(start, len(long)):
            if _abbreviates(word, long[place]):
                found += 1
                start = place + 1
                break
    return found


@lru_cache(maxsize=100_000)
def _abbreviates(a: str, b: str) -> bool:
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if long.startswith(short):
        return True
    if len(short) < 3 or short[0] != long[0]:
        return False
    # Contractions: "natl", "dtsch".
    letters = iter(long)
    return all(letter in letters for letter in short) and len(short) <= 5


def _names_itself(acronym: Journal, other: Journal) -> bool:
    """Tell whether a word of one name is the acronym of the other (`ICIS: Transforming Society` of a conference)."""
    return any(len(word) >= 4 and other.initials.endswith(word) for word in acronym.words[:3])


def _is_acronym(word: str, initials: str) -> bool:
    return 2 < len(word) <= 7 and (word == initials or (len(word) >= 4 and initials.startswith(word)))
